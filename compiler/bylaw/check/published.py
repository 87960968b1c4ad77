"""A constraint set read back: the nodes that a build has published, with no decision in sight.

The places of a node's parts are not published; each stands where its statement does. What a set
says of scopes is not read: constraints are scoped anew, in the tree that they are to be judged in.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import ValidationError

from bylaw import ir
from bylaw.check.rules import Rules
from bylaw.config import Config
from bylaw.diagnostics import Code, Report, Severity, Span
from bylaw.globs import check
from bylaw.modules import read_tree
from bylaw.passes.expired_waiver import report_expired
from bylaw.scope import ScopeContext, ScopedDecision, scope_decision
from bylaw.tree import Tree

NO_CONSTRAINT_SET = Code("BL518", "no-constraint-set", Severity.ERROR)
OTHER_VERSION = Code("BL519", "constraint-set-version", Severity.ERROR)
BAD_CONSTRAINT_SET = Code("BL520", "bad-constraint-set", Severity.ERROR)
TAMPERED_SET = Code("BL521", "tampered-constraint-set", Severity.ERROR)

FORMAT = "bylaw/constraint-set"
VERSION = 1

_TAGS = ("shape", "noun", "sort", "excepts")

# What the compiler adds to a constraint's node in the set.
_ADDED = frozenset(
    {"decision", "scope", "languages", "proposed", "waivers", "permissions", "fidelity"}
)
_MOST_FAULTS = 20


class _BadSetError(Exception):
    """Something in the set is not as its schema says; `place` is a path into the JSON."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(reason)
        self.place = place
        self.reason = reason


@dataclass(frozen=True)
class PublishedSet:
    """The decisions of a set, their constraints with what excepts them, and the set's layout."""

    decisions: tuple[ir.Decision, ...]
    proposed: frozenset[str]
    source_roots: tuple[str, ...]
    tests: tuple[str, ...]
    digest: str


def read_set(data: bytes, path: str, manifest: bytes | None, report: Report) -> PublishedSet | None:
    """Read a constraint set; what is wrong with it is reported, and then it is None.

    `manifest` is the file that the same build has written beside it, where there is one.
    """
    document = _load(data, path, report)
    if document is None:
        return None
    if not _is_as_built(data, path, manifest, report):
        return None
    faults: list[_BadSetError] = []
    found = _read_decisions(document, faults)
    layout = document.get("layout", {})
    roots, tests = (_strings(layout, name, faults) for name in ("source_roots", "tests"))
    for fault in faults[:_MOST_FAULTS]:
        report.add(
            BAD_CONSTRAINT_SET,
            f"`{path}` is no constraint set as a build writes it",
            note=f"`{fault.place}`: {fault.reason}",
            help="build it again; nobody is to edit it",
        )
    if faults:
        return None
    proposed = frozenset(
        str(entry["id"]) for entry in document["decisions"] if entry.get("proposed")
    )
    return PublishedSet(tuple(found), proposed, roots, tests, sha256(data).hexdigest())


def scope_set(
    published: PublishedSet,
    path: str,
    config: Config,
    files: tuple[str, ...],
    as_of: date,
    *,
    include_proposed: bool = False,
) -> Rules:
    """Scope a set in a tree, by that tree's configuration; where it says nothing, by the set's."""
    report = Report()
    roots = config.source_roots or published.source_roots
    tests = config.tests or published.tests
    layout = read_tree(files, roots)
    context = ScopeContext(layout, Tree(files), as_of, tests, published.proposed)
    decisions: list[ScopedDecision] = []
    for decision in published.decisions:
        if decision.path in published.proposed and not include_proposed:
            continue
        decisions.append(scope_decision(decision, context, report))
        for statement in decision.statements:
            if isinstance(statement, ir.Waiver) and statement.until < as_of:
                report_expired(statement, as_of, report)
    settled = config.model_copy(update={"source_roots": roots, "tests": tests})
    digests = {path: published.digest}
    return Rules(tuple(decisions), settled, as_of, layout, tests, digests, tuple(report))


# --- the file ----------------------------------------------------------------------------------


def _load(data: bytes, path: str, report: Report) -> dict[str, Any] | None:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        report.add(
            NO_CONSTRAINT_SET,
            f"`{path}` is no constraint set",
            help="name the `constraints.json` that `bylaw build` has written",
        )
        return None
    version = document.get("schema_version")
    if version != VERSION or isinstance(version, bool):
        report.add(
            OTHER_VERSION,
            f"`{path}` is of version `{version}`, and this bylaw reads version `{VERSION}`",
            help="build and check with the same bylaw",
        )
        return None
    return document


def _is_as_built(data: bytes, path: str, manifest: bytes | None, report: Report) -> bool:
    """Tell whether the file is the one that the manifest beside it names; None names nothing."""
    if manifest is None:
        return True
    name = path.rpartition("/")[2]
    try:
        outputs = json.loads(manifest)["outputs"]
        said = next((o["sha256"] for o in outputs if o["path"] == name), None)
    except (ValueError, TypeError, KeyError, RecursionError):
        return True
    if said is None or said == sha256(data).hexdigest():
        return True
    report.add(
        TAMPERED_SET,
        f"`{path}` is not the file that its build has written",
        note="the manifest beside it names another digest",
        help="build it again; nobody is to edit it",
    )
    return False


def _strings(layout: Any, name: str, faults: list[_BadSetError]) -> tuple[str, ...]:
    found = layout.get(name, []) if isinstance(layout, dict) else None
    if isinstance(found, list) and all(isinstance(each, str) for each in found):
        return tuple(found)
    faults.append(_BadSetError(f"layout.{name}", "a list of strings belongs here"))
    return ()


# --- nodes -------------------------------------------------------------------------------------


def _read_decisions(document: Mapping[str, Any], faults: list[_BadSetError]) -> list[ir.Decision]:
    """Return the decisions with their statements; each fault is noted and its entry left out."""
    statements: dict[str, list[ir.Statement]] = {}
    seen: set[str] = set()
    for place, entry in _entries(document, "constraints", faults):
        try:
            identity, found = _constraint(entry, place)
        except _BadSetError as fault:
            faults.append(fault)
            continue
        if str(entry["id"]) in seen:
            faults.append(_BadSetError(f"{place}.id", f"`{entry['id']}` stands there twice"))
        seen.add(str(entry["id"]))
        statements.setdefault(identity, []).extend(found)
    decisions = []
    for place, entry in _entries(document, "decisions", faults):
        try:
            decisions.append(_decision(entry, statements.pop(str(entry.get("id")), []), place))
        except (ValidationError, KeyError) as error:
            faults.append(_BadSetError(place, _reason(error)))
    faults += [_BadSetError("decisions", f"`{name}` is missing") for name in sorted(statements)]
    return decisions


def _entries(
    document: Mapping[str, Any], name: str, faults: list[_BadSetError]
) -> Iterator[tuple[str, dict[str, Any]]]:
    found = document.get(name)
    if not isinstance(found, list):
        faults.append(_BadSetError(name, "a list belongs here"))
        return
    for number, entry in enumerate(found):
        if isinstance(entry, dict):
            yield f"{name}[{number}]", entry
        else:
            faults.append(_BadSetError(f"{name}[{number}]", "an object belongs here"))


def _decision(entry: dict[str, Any], statements: list[ir.Statement], place: str) -> ir.Decision:
    del place
    status = ir.Status(raw=entry["status_raw"], meaning=entry["status"])
    made = ir.Decision(
        path=entry["path"],
        id=entry["id"],
        number=entry["number"],
        title=entry["title"],
        status=status,
        digest=entry["sha256"],
    )
    # Validating nodes again would make the schema of every shape that there is.
    return made.model_copy(update={"statements": tuple(statements)})


def _constraint(entry: dict[str, Any], place: str) -> tuple[str, list[ir.Statement]]:
    """Return a constraint's decision, its node, and the waivers and permissions that it names."""
    decision, full_id = entry.get("decision"), entry.get("id")
    if not isinstance(decision, str) or not isinstance(full_id, str):
        raise _BadSetError(place, "`id` and `decision` belong here")
    owner, _, identity = full_id.rpartition("/")
    if owner != decision or not identity:
        raise _BadSetError(f"{place}.id", f"`{full_id}` is no constraint of `{decision}`")
    span = _span(entry.get("provenance"), f"{place}.provenance")
    shown = {k: v for k, v in entry.items() if k not in _ADDED and k != "provenance"}
    constraint = _node(_class_of(shown, place), {**shown, "id": identity}, span, place)
    found: list[ir.Statement] = [constraint]
    for name, cls in (("waivers", ir.Waiver), ("permissions", ir.Permission)):
        listed = entry.get(name, [])
        if not isinstance(listed, list):
            raise _BadSetError(f"{place}.{name}", "a list belongs here")
        for number, item in enumerate(listed):
            there = f"{place}.{name}[{number}]"
            if not isinstance(item, dict):
                raise _BadSetError(there, "an object belongs here")
            stands = _span(item.get("place"), f"{there}.place")
            rest = {key: value for key, value in item.items() if key != "place"}
            found.append(_node(cls, rest, stands, there))
    return decision, found


def _class_of(entry: Mapping[str, Any], place: str) -> type[ir.Node]:
    for cls in get_args(get_args(ir.Constraint)[0]):
        if entry.get("shape") in get_args(cls.model_fields["shape"].annotation):
            found: type[ir.Node] = cls
            return found
    raise _BadSetError(f"{place}.shape", f"no constraint has the shape `{entry.get('shape')}`")


def _span(value: Any, place: str) -> Span:
    if not isinstance(value, dict) or not isinstance(value.get("path"), str):
        raise _BadSetError(place, "a place belongs here")
    line = _number(value, "line", 1, place)
    column = _number(value, "column", 1, place)
    offset = _number(value, "offset", 0, place)
    return Span(
        value["path"],
        line,
        column,
        offset,
        _number(value, "end_line", line, place),
        _number(value, "end_column", column, place),
        _number(value, "end_offset", offset, place),
    )


def _number(value: Mapping[str, Any], name: str, otherwise: int, place: str) -> int:
    number = value.get(name, otherwise)
    if isinstance(number, int) and not isinstance(number, bool) and number >= 0:
        return number
    raise _BadSetError(f"{place}.{name}", "a whole number belongs here")


def _node(cls: type[ir.Node], value: dict[str, Any], span: Span, place: str) -> Any:
    """Return a node of its plain form; every place in it is `span`."""
    try:
        node = cls.model_validate(_placed(cls, value, span))
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise _BadSetError(f"{place}.{where}", _reason(error)) from None
    except RecursionError:
        raise _BadSetError(place, "it is nested too deep") from None
    for part in _parts(node):
        if fault := _operand_fault(part):
            raise _BadSetError(place, fault)
    return node


def _reason(error: ValidationError | KeyError) -> str:
    if isinstance(error, KeyError):
        return f"`{error.args[0]}` belongs here"
    text = str(error.errors(include_url=False)[0]["msg"])
    return text[:1].lower() + text[1:]


def _placed(annotation: Any, value: Any, span: Span) -> Any:
    """Put `span` wherever a node of the type has a place, and undo what publishing renames."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _placed(get_args(annotation)[0], value, span)
    if origin is tuple:
        if not isinstance(value, list):
            return value
        return tuple(_placed(get_args(annotation)[0], each, span) for each in value)
    if origin is Union or type(annotation).__name__ == "UnionType":
        chosen = _choose(get_args(annotation), value)
        return value if chosen is None else _placed(chosen, value, span)
    if not (isinstance(annotation, type) and issubclass(annotation, ir.Node)):
        return value
    if not isinstance(value, dict):
        return value
    fields = annotation.model_fields
    placed: dict[str, Any] = {}
    for key, each in value.items():
        name = f"{key}_" if f"{key}_" in fields else key
        # An unknown key is left for pydantic to refuse.
        placed[name] = _placed(fields[name].annotation, each, span) if name in fields else each
    for name, field in fields.items():
        if field.annotation is Span:
            placed[name] = span
    return placed


def _choose(options: tuple[Any, ...], value: Any) -> Any:
    """Return the member of a union that a plain node is of, by its tag."""
    nodes = [o for o in options if isinstance(o, type) and issubclass(o, ir.Node)]
    nested = [o for o in options if get_origin(o) in (Annotated, Union, tuple)]
    if not isinstance(value, dict):
        return nested[0] if nested and value is not None else None
    for node in nodes:
        for tag in _TAGS:
            field = node.model_fields.get(tag)
            if field is not None and get_origin(field.annotation) is Literal:
                if value.get(tag) in get_args(field.annotation):
                    return node
                break
        else:
            return node
    return nested[0] if nested else None


def _parts(node: ir.Node) -> Iterator[ir.Node]:
    """Yield a node and all below it."""
    pending: list[Any] = [node]
    while pending:
        each = pending.pop()
        if isinstance(each, ir.Node):
            yield each
            pending += each.__dict__.values()
        elif isinstance(each, tuple):
            pending += each


def _operand_fault(node: ir.Node) -> str | None:
    """Return what is wrong with an operand that the compiler would have refused."""
    if isinstance(node, ir.Glob) and (fault := check(node.text)):
        return f"`{node.text}` is no glob: {fault}"
    is_regex = isinstance(node, ir.Regex) or (isinstance(node, ir.Name) and node.form == "regex")
    if is_regex:
        import re2  # noqa: PLC0415 - slow to import, and few sets hold a regex

        options = re2.Options()
        options.log_errors = False
        try:
            re2.compile(node.text, options)  # type: ignore[attr-defined] # both have a text
        except re2.error:
            return f"`{node.text}` is no regular expression"  # type: ignore[attr-defined]
    return None
