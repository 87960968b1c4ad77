"""The form of `contract.json`: what an orchestrator may and must do with agents here.

The target `agents` writes it; these models are what its JSON Schema is made from.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Severity = Literal["error", "warning"]
Disposition = Literal["abort", "warn", "wait"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ContractScope(_Record):
    """Globs: in any of `include`, in any of `within` if there are some, in none of `exclude`.

    Without `include` it is the whole repository.
    """

    include: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class CheckedRecord(_Record):
    """Which machine has a verdict on a constraint."""

    check: str | None = Field(
        description="What `bylaw check` has to be given: empty where nothing, null where no check "
        "has a verdict."
    )
    exactly: tuple[str, ...] = Field(description="Engines that find what violates it.")
    partly: tuple[str, ...] = Field(description="Engines that find some of it, or too much.")
    unchecked: bool = Field(description="Whether no machine has a verdict, so that people must.")


class WaivedRecord(_Record):
    """Places at which violations are let pass up to a day."""

    until: str = Field(description="The last day, as in `2026-12-31`.")
    places: tuple[str, ...] = Field(description="Globs, and import edges as in `a.b -> c`.")
    ticket: str


class ContractConstraint(_Record):
    """One constraint in force, quoted from its decision."""

    id: str
    severity: Severity
    kind: str
    shape: str
    modal: str
    sentence: str
    instead: str | None = Field(None, description="What to do, where the sentence does not say it.")
    because: str | None = None
    withheld: Literal[True] | None = Field(
        None, description="Free text was left out, because it addresses its reader."
    )
    permitted: tuple[str | None, ...] | None = Field(
        None, description="Permissions that make exceptions; null where the text is withheld."
    )
    waived: tuple[WaivedRecord, ...] | None = Field(
        None, description="Debts that are let pass for a while, and are no examples."
    )
    scope: ContractScope
    checked: CheckedRecord
    path: str
    line: int


class BoundRecord(_Record):
    """A sentence about work: its id, its weight, and whom it binds where; no classes mean all."""

    id: str
    severity: Severity
    classes: tuple[str, ...]
    scope: ContractScope


class CheckRecord(BoundRecord):
    """Commands to run, or never to run, and when."""

    when: Literal["always", "before-finishing", "check-fails", "ci", "done"]
    commands: tuple[str, ...]
    all: bool = Field(description="Whether all of the commands are meant, or any one of them.")
    forbidden: bool


class ReadRecord(BoundRecord):
    """Files to read before others are changed."""

    files: tuple[str, ...]
    all: bool
    before: tuple[str, ...]


class BudgetRecord(BoundRecord):
    """What a task may use up."""

    unit: Literal["files", "lines", "tokens", "minutes", "USD", "failed attempts"]
    at_most: int


class AutonomyRecord(BoundRecord):
    """How much agents decide by themselves."""

    level: Literal["assisted", "supervised", "autonomous", "ase"]


class ApprovalRecord(BoundRecord):
    """Who has to approve of a change."""

    approvers: tuple[str, ...]
    count: int
    all: bool


class PartRecord(_Record):
    """Files that a sentence gives to a class of agents, or takes from it."""

    globs: tuple[str, ...]
    id: str
    severity: Severity
    scope: ContractScope


class ClassRecord(_Record):
    """What agents of one class may change; a change keeps every entry of `only`."""

    name: str | None = Field(description="Null for agents of no class that a sentence names.")
    only: tuple[PartRecord, ...]
    forbidden: tuple[PartRecord, ...]
    owns: tuple[PartRecord, ...] = Field(description="What no other class may change.")
    collaborates: tuple[PartRecord, ...] = Field(description="What needs an approval.")
    defers: tuple[str, ...] = Field(description="What is left to people.")


class ClaimsRecord(_Record):
    """What a task claims before it starts, and what becomes of a path that it has not claimed."""

    kinds: tuple[Literal["create", "edit", "read", "commands"], ...]
    unclaimed: Literal["reject"]


class Contract(_Record):
    """The contract of a repository with the agents that work in it."""

    format: Literal["bylaw/contract"]
    schema_version: Literal[1]
    classes: tuple[ClassRecord, ...]
    constraints: tuple[ContractConstraint, ...]
    checks: tuple[CheckRecord, ...]
    reads: tuple[ReadRecord, ...]
    budgets: tuple[BudgetRecord, ...]
    autonomy: tuple[AutonomyRecord, ...]
    approvals: tuple[ApprovalRecord, ...]
    claims: ClaimsRecord
    dispositions: dict[str, Disposition] = Field(
        description="What becomes of a verdict; `wait` is for a person."
    )
