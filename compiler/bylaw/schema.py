"""The published JSON Schemas (draft 2020-12) of what bylaw reads and writes.

They are made from the models, so that they cannot say something else. In the constraint set a node
stands without the places of its parts and without fields at their default; the schema of a node is
changed in the same way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Annotated, Any, Literal, Union, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, create_model

from bylaw import ir

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One schema: what it describes, and how it is made."""

    summary: str
    build: Callable[[], Schema]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


# --- the constraint set ------------------------------------------------------------------------


class GlobRecord(_Record):
    """A glob of the language, and the regular expression that matches the same paths."""

    glob: str
    regex: str = Field(description="Anchored; Python, RE2, Go, PCRE and ECMAScript read it alike.")


class ScopeRecord(_Record):
    """Files in any of `include`, in any of `within` if there are some, in none of `exclude`.

    Without `include` it is the whole repository.
    """

    include: tuple[GlobRecord, ...] = ()
    within: tuple[GlobRecord, ...] = ()
    exclude: tuple[GlobRecord, ...] = ()


class FidelityRecord(_Record):
    """How truly a target says what a constraint means, and which way it errs."""

    level: Literal["exact", "approximate", "unsupported"]
    reason: str | None = None
    errs: Literal["misses", "over-reports", "both"] | None = None
    rules: tuple[str, ...] = Field((), description="Names in the target's own output.")


class PlaceRecord(_Record):
    """Where a statement stands: lines and columns from 1, offsets in bytes, ends exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    offset: int
    end_offset: int


class ProvenanceRecord(PlaceRecord):
    """Where a statement stands, and in which content of that file."""

    sha256: str = Field(description="Of the decision's file.", pattern="^[0-9a-f]{64}$")


class _WaiverRecord(ir.Waiver):
    """A waiver in force."""

    place: PlaceRecord


class _PermissionRecord(ir.Permission):
    """A permission in force."""

    place: PlaceRecord


class _GuidanceRecord(ir.Guidance):
    """Guidance, which no machine checks."""

    decision: str
    provenance: ProvenanceRecord


class LayoutRecord(_Record):
    """What the configuration says of the tree; what it leaves to be found is not there."""

    source_roots: tuple[str, ...] = Field((), description="Where the names of modules start.")
    tests: tuple[str, ...] = Field((), description="Globs of the files that count as tests.")


class SetDecision(_Record):
    """A decision that binds, or with `proposed` would."""

    id: str
    path: str
    number: int | None
    title: str
    status: ir.Meaning
    status_raw: str | None
    proposed: bool = False
    dates: tuple[ir.DatedEvent, ...] = ()
    people: tuple[ir.Person, ...] = ()
    relations: tuple[ir.Relation, ...] = ()
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


def _constraint_set() -> Schema:
    extra: dict[str, Any] = {
        "decision": (str, Field(description="The decision's id.")),
        "scope": (ScopeRecord, ...),
        "languages": (tuple[ir.Language, ...], ()),
        "proposed": (bool, False),
        "waivers": (tuple[_WaiverRecord, ...], ()),
        "permissions": (tuple[_PermissionRecord, ...], ()),
        "fidelity": (dict[str, FidelityRecord], Field(description="By target.")),
        "provenance": (ProvenanceRecord, ...),
    }
    union, discriminator = get_args(ir.Constraint)
    records = [
        create_model(f"{node.__name__}Constraint", __base__=node, __doc__=node.__doc__, **extra)
        for node in get_args(union)
    ]
    constraint: Any = Annotated[Union[tuple(records)], discriminator]  # noqa: UP007 - a computed union
    fields: dict[str, Any] = {
        "format": (Literal["bylaw/constraint-set"], ...),
        "schema_version": (Literal[1], ...),
        "layout": (LayoutRecord, LayoutRecord()),
        "decisions": (tuple[SetDecision, ...], ...),
        "constraints": (tuple[constraint, ...], ...),
        "guidance": (tuple[_GuidanceRecord, ...], ...),
    }
    summary = "The constraints that bind a repository."
    model = create_model("ConstraintSet", __base__=_Record, __doc__=summary, **fields)
    return _published(_without_places(model.model_json_schema()))


def _without_places(schema: Schema) -> Schema:
    """Change the schemas of nodes as `bylaw_targets.json` changes the nodes."""
    definitions = schema["$defs"]
    for definition in definitions.values():
        if "properties" not in definition:
            continue
        kept = {
            name.rstrip("_"): each
            for name, each in definition["properties"].items()
            if name != "statement" and not _is_span(each)
        }
        definition["properties"] = kept
        definition["required"] = [name for name, each in kept.items() if not _left_out(each)]
    definitions.pop("Span", None)
    return schema


def _left_out(field: Schema) -> bool:
    """Tell whether a field is left out at its default; 1 is no True here."""
    default = field.get("default", 1)
    return default == [] or any(default is value for value in (None, False, True))


def _is_span(schema: Schema) -> bool:
    places = [schema, *schema.get("anyOf", ())]
    return any(each.get("$ref") == "#/$defs/Span" for each in places)


# --- the manifest ------------------------------------------------------------------------------


class ItemRecord(_Record):
    """A list item of a binding section, and its one disposition."""

    line: int
    id: str | None = None
    statement: Literal["constraint", "permission", "waiver", "note", "guidance", "rejected"]
    disposition: Literal["enforced", "advisory", "applied", "inactive", "note", "rejected"]
    by: dict[str, Literal["exact", "approximate"]] = Field(
        default_factory=dict, description="The engines that enforce it, and how truly."
    )
    why: str | None = Field(
        None, description="Why it is inactive: its decision's state, or `date`."
    )
    codes: tuple[str, ...] = Field((), description="The diagnostics that rejected it.")


class InputRecord(_Record):
    """A file that was read as an ADR, or seen not to be one."""

    path: str
    sha256: str
    disposition: ir.Disposition
    id: str | None = None
    state: ir.Meaning | None = None
    superseded_by: str | None = None
    items: tuple[ItemRecord, ...] = ()


class OutputRecord(_Record):
    """An artifact; from `until` on, the same input gives other bytes.

    One with a `place` lies outside of the output folder, as a file of its own or as a region
    between marks, and its path starts at the repository's root; its digest is that of the bytes
    without the marks.
    """

    path: str
    place: Literal["file", "region"] | None = None
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    bytes: int
    until: str | None = None


class AccountingRecord(_Record):
    """Counts of list items; `dispositions` and `statements` each add up to `read`."""

    read: int
    dispositions: dict[str, int]
    statements: dict[str, int]
    targets: dict[str, dict[str, int]]


class Manifest(_Record):
    """What a build read, what it wrote, and what became of every list item."""

    format: Literal["bylaw/manifest"]
    schema_version: Literal[1]
    compiler: str
    next_change: str | None
    accounting: AccountingRecord
    files: dict[str, int]
    inputs: tuple[InputRecord, ...]
    outputs: tuple[OutputRecord, ...]


# --- approvals ---------------------------------------------------------------------------------


class ApprovalsHead(_Record):
    """The first line of a file of approvals."""

    format: Literal["bylaw/approvals"]
    version: Literal[1]


class ApprovalLine(_Record):
    """One thing that somebody has said of a commit. Lines are added and never changed."""

    decision: Literal["approve", "request-changes", "dismiss"] = "approve"
    by: str = Field(description="An account, `@ann`, or an address.")
    of: str | None = Field(None, description="Whose word is dismissed; else that of `by`.")
    teams: tuple[str, ...] = Field((), description="Teams that they are of, as `@shop/dba`.")
    time: datetime | None = Field(None, description="With an offset from UTC.")
    commit: str | None = Field(
        None,
        pattern="^[0-9a-f]{4,64}$",
        description="What they saw; the newest where it is absent.",
    )
    policy: str | None = Field(
        None, pattern="^[0-9a-f]{32}$", description="The policy version at that time."
    )
    source: str | None = Field(None, description="What has recorded it.")
    note: str | None = None


# --- the table ---------------------------------------------------------------------------------


def _published(schema: Schema) -> Schema:
    """Name the dialect, and keep what every constraint has in one place each."""
    definitions = schema.get("$defs", {})
    for definition in [*definitions.values()]:
        properties = definition.get("properties", {})
        if "shape" not in properties or "subject" not in properties:
            continue
        definitions["Subject"] = properties["subject"]
        properties["subject"] = {"$ref": "#/$defs/Subject"}
        definitions["Exception"] = properties["exceptions"]["items"]
        properties["exceptions"]["items"] = {"$ref": "#/$defs/Exception"}
    return {"$schema": DIALECT, **schema}


def _own(module: str) -> Callable[[], Schema]:
    """Return what has a module make its own schema; one schema needs not all models."""

    def build() -> Schema:
        found: Schema = import_module(module).schema()
        return found

    return build


def _printed(module: str, name: str) -> Callable[[], Schema]:
    """Return what makes the schema of the model of an output."""

    def build() -> Schema:
        model = getattr(import_module(module), name)
        return _published(model.model_json_schema(mode="serialization"))

    return build


def _manifest() -> Schema:
    return _published(Manifest.model_json_schema())


def _decision() -> Schema:
    return _published(TypeAdapter(ir.Decision).json_schema())


def _tool_call() -> Schema:
    from bylaw.checkpoint.hosts.schema import TOOL_CALL  # noqa: PLC0415 - as above

    return {"$schema": DIALECT, **TOOL_CALL}


def _tool_answer() -> Schema:
    from bylaw.checkpoint.hosts.schema import TOOL_ANSWER  # noqa: PLC0415 - as above

    return {"$schema": DIALECT, **TOOL_ANSWER}


def _approvals() -> Schema:
    line: Any = ApprovalsHead | ApprovalLine
    return _published(
        {
            **TypeAdapter(line).json_schema(),
            "title": "Approvals",
            "description": "A line of a file of approvals, which is JSON Lines.",
        }
    )


def _contract() -> Schema:
    from bylaw.contract import Contract  # noqa: PLC0415 - as above

    return _published(Contract.model_json_schema())


SCHEMAS: dict[str, Entry] = {
    "config": Entry("the configuration, `bylaw.toml`", _own("bylaw.config")),
    "constraint-set": Entry("the artifact `constraints.json`", _constraint_set),
    "contract": Entry("the artifact `contract.json`", _contract),
    "manifest": Entry("the artifact `manifest.json`", _manifest),
    "ir": Entry("one decision as the compiler holds it, with every place", _decision),
    "diagnostics": Entry(
        "what `--format json` prints of diagnostics",
        _printed("bylaw.render.json", "DiagnosticsOutput"),
    ),
    "list": Entry(
        "what `bylaw list --format json` prints", _printed("bylaw.render.listing", "ListOutput")
    ),
    "describe": Entry(
        "what `bylaw describe --format json` prints",
        _printed("bylaw.render.listing", "DescribeOutput"),
    ),
    "check-report": Entry(
        "what `bylaw check --format json` prints",
        _printed("bylaw.render.verdicts.records", "CheckOutput"),
    ),
    "approvals": Entry("a line of the file that `bylaw approve` writes", _approvals),
    "doctor": Entry(
        "what `bylaw doctor --format json` prints", _printed("bylaw.render.doctor", "DoctorOutput")
    ),
    "tool-call": Entry("a tool call that `bylaw hook json` reads", _tool_call),
    "tool-answer": Entry("what `bylaw hook json` prints", _tool_answer),
    "prove-report": Entry(
        "what `bylaw prove --format json` prints",
        _printed("bylaw.render.proofs.json", "ProveOutput"),
    ),
    "record": Entry("one line of the record of an agent's session", _own("bylaw.record.schema")),
    "claims": Entry(
        "the claims of a task, as `bylaw claims` reads them", _own("bylaw.claims.model")
    ),
    "claims-report": Entry(
        "what `bylaw claims … --format json` prints",
        _printed("bylaw.render.claims", "ClaimsOutput"),
    ),
    "workflow": Entry("the artifact `workflow.yaml`", _own("bylaw_targets.workflow")),
}
"""By name."""
