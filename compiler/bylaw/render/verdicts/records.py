"""What the JSON report of a check is made of: the models whose schema is published."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bylaw.check.verdict import Excuse, Outcome, Set
from bylaw.ir import Kind, Strength
from bylaw.render.json import DiagnosticRecord, Place
from bylaw.risk import Tier


class _Output(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Placed(_Output):
    """Something that was found, where: lines and columns (code points) from 1, ends exclusive."""

    path: str | None = Field(description="Relative to the root; null where it is no file.")
    line: int | None = Field(description="Null where it is the whole file.")
    column: int | None
    end_line: int | None
    end_column: int | None


class StepRecord(_Placed):
    """A further place that explains a violation, such as one import of a chain."""

    message: str


class FixRecord(_Output):
    """An edit that removes a violation: the text of the place becomes `text`."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    imports: tuple[str, ...] = Field(description="Import lines that the new text needs.")


class EdgeRecord(_Output):
    """An import: who imports, and what."""

    importer: str
    imported: str


class _OfConstraint(_Placed):
    """What was found of one constraint, and where that is decided."""

    constraint: str = Field(description="The full id: decision, `/`, id.")
    decision: str
    severity: Strength = Field(description="`error` of a MUST, `warning` of a SHOULD.")
    by: Set = Field(description="Whose constraints say so: the tree's own, or the base branch's.")
    sentence: str
    adr: Place = Field(description="Where the sentence stands.")
    url: str | None = Field(
        default=None, description="Its page on the static site, where the configuration names one."
    )


class ViolationRecord(_OfConstraint):
    """One violation."""

    message: str = Field(description="What is there, and the sentence that it violates.")
    detail: str = Field(description="What is there: a clause without lines or layout.")
    note: str | None = Field(description="What else is there, and may change.")
    fingerprint: str = Field(description="Of constraint, path and detail; lines do not matter.")
    alternative: str | None = Field(description="What to use instead.")
    because: str | None = Field(description="The reason that the decision gives.")
    operand: str | None = Field(description="The operand that is violated, as it is written.")
    found: str | None = Field(description="What was found of the operand.")
    edge: EdgeRecord | None
    steps: tuple[StepRecord, ...]
    fix: FixRecord | None
    waiver: str | None = Field(description="The list item that would waive it, with blanks.")


class NotEvaluatedRecord(_OfConstraint):
    """Why a constraint, or a constraint on one file, has no verdict."""

    reason: str
    help: str | None


class WaiverRecord(_Output):
    """The waiver that excuses a violation."""

    adr: Place
    until: date
    approved_by: tuple[str, ...]
    ticket: str | None
    because: str


class ExcusedRecord(ViolationRecord):
    """A violation that does not count, and why."""

    excuse: Excuse
    waived_by: WaiverRecord | None
    excuse_note: str | None = Field(description="Such as the reason that a comment gives.")


class ConstraintRecord(_Output):
    """One constraint and what has come of it."""

    constraint: str = Field(description="The full id: decision, `/`, id.")
    decision: str
    title: str = Field(description="The decision's.")
    outcome: Outcome
    severity: Strength
    by: Set
    kind: Kind
    shape: str
    sentence: str
    adr: Place
    url: str | None = Field(default=None, description="Its page on the static site.")
    alternative: str | None
    because: str | None
    for_new_code: bool
    files: int | None = Field(description="How many it speaks of; null where it speaks of none.")
    violations: int
    not_evaluated: int
    excused: int


class RiskRecord(_Output):
    """How risky the change under check is, and what the configuration asks for because of that."""

    tier: Tier
    because: tuple[str, ...] = Field(description="Ids of constraints, and globs, that say so.")
    required: int | None = Field(description="Approvals that a change of this tier needs.")
    approvals: int | None = Field(description="How many it has; null where that is not known.")


class ApprovalRecord(_Output):
    """Somebody's last word on the change."""

    by: str
    teams: tuple[str, ...]
    commit: str | None = Field(description="What they saw; null where it is the newest.")
    time: str | None
    policy: str | None = Field(description="The policy version under which they approved.")
    source: str | None
    void: str | None = Field(description="Why it does not count, whatever a constraint asks.")


class CheckSummary(_Output):
    """What was checked, and how it ended, in numbers."""

    status: int = Field(description="The exit status.")
    strict: bool
    as_of: date | None
    subject: Literal["tree", "paths", "index", "change"]
    paths: tuple[str, ...]
    base: str | None = Field(description="The commit that what is new is measured from.")
    files: int
    decisions: int
    constraints: int
    holds: int
    violated: int
    not_evaluated: int
    violations: int
    errors: int
    warnings: int
    excused: dict[Excuse, int]
    inactive: tuple[str, ...] = Field(description="Constraints outside their days.")
    policy: str | None = Field(description="The policy version: a digest of what is in force.")


class CheckOutput(_Output):
    """The output of `bylaw check --format json`."""

    schema_version: Literal[1] = 1
    summary: CheckSummary
    violations: tuple[ViolationRecord, ...]
    not_evaluated: tuple[NotEvaluatedRecord, ...]
    constraints: tuple[ConstraintRecord, ...]
    excused: tuple[ExcusedRecord, ...]
    diagnostics: tuple[DiagnosticRecord, ...]
    risk: RiskRecord | None = Field(description="Null where no change was checked.")
    approvals: tuple[ApprovalRecord, ...] | None = Field(description="Null where none were read.")
