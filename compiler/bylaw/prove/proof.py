"""What proving comes to: whether each engine speaks truly of each constraint, and what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bylaw.check.verdict import DecisionRef
from bylaw.diagnostics import Code, Diagnostic, Severity
from bylaw.facts.model import Place
from bylaw.prove.case import Case
from bylaw.scope import ScopedConstraint

Status = Literal[
    "proved",
    "silent",
    "false-alarm",
    "disagrees",
    "vacuous",
    "failed",
    "not-run",
    "not-evaluated",
    "no-example",
    "approximate",
    "unsupported",
]
"""What an engine is worth for a constraint.

`approximate` and `unsupported` are what its artifact says of itself, so that it is not asked.
"""

FAILING: tuple[Status, ...] = ("silent", "false-alarm", "disagrees", "vacuous", "failed")
"""From bad to less bad."""

EVALUATOR = "evaluator"

SILENT = Code("BL540", "silent-rule", Severity.ERROR)
FALSE_ALARM = Code("BL541", "false-alarm", Severity.ERROR)
VACUOUS = Code("BL542", "vacuous-rule", Severity.ERROR)
DISAGREEMENT = Code("BL543", "engines-disagree", Severity.ERROR)
ENGINE_FAILED = Code("BL544", "engine-failed", Severity.ERROR)
ABSENT_ENGINE = Code("BL545", "absent-engine", Severity.WARNING)

CODES: Mapping[Status, Code] = {
    "silent": SILENT,
    "false-alarm": FALSE_ALARM,
    "vacuous": VACUOUS,
    "disagrees": DISAGREEMENT,
    "failed": ENGINE_FAILED,
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One engine on one constraint: how it stands, why, and in how many cases it was asked."""

    status: Status
    reason: str | None = None
    violates: int = 0
    complies: int = 0


@dataclass(frozen=True)
class Fault:
    """One way in which an engine does not say what it should.

    `said` are the lines that each engine has reported in the case's file, 0 for the file; None
    for an engine that could not say.
    """

    status: Status
    constraint: str
    engine: str
    message: str
    case: Case | None = None
    said: Mapping[str, Sequence[int] | None] = field(default_factory=dict)
    help: str | None = None

    @property
    def code(self) -> Code:
        """The diagnostic's code."""
        return CODES[self.status]


@dataclass(frozen=True)
class Proof:
    """One constraint: its cases, and what each engine made of them."""

    scoped: ScopedConstraint
    decision: str
    cells: Mapping[str, Cell]
    cases: Sequence[Case] = ()


@dataclass(frozen=True)
class Proofs:
    """One run. `engines` are the columns: titles by target, the evaluator first."""

    proofs: Sequence[Proof] = ()
    faults: Sequence[Fault] = ()
    engines: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[str, DecisionRef] = field(default_factory=dict)
    as_of: date | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    comparison: "Comparison | None" = None

    def status(self) -> int:
        """Return the exit status: 1 for a fault, 3 where an engine could not be asked."""
        if self.faults or any(each.severity == "error" for each in self.diagnostics):
            return 1
        compared = self.comparison.status() if self.comparison is not None else 0
        cells = {cell.status for proof in self.proofs for cell in proof.cells.values()}
        return compared or (3 if cells & {"not-run", "not-evaluated"} else 0)


# --- on a real tree ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """A line that only one of two engines reports.

    `only` says who: the evaluator, or the engine. An `announced` one is of the kind that the
    artifact says of itself.
    """

    constraint: str
    engine: str
    only: Literal["evaluator", "engine"]
    path: str
    place: Place | None
    announced: bool
    why: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """One engine against the evaluator on one constraint: lines that both, and only one, report."""

    constraint: str
    engine: str
    both: int = 0
    evaluator_only: int = 0
    engine_only: int = 0
    announced: int = 0
    level: str = "exact"
    fault: str | None = None


@dataclass(frozen=True)
class Comparison:
    """All engines on one tree. `unread` counts files that an engine did not look at."""

    folder: str
    files: int
    compared: Sequence[Compared] = ()
    differences: Sequence[Difference] = ()
    unread: Mapping[str, int] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    not_evaluated: int = 0

    def status(self) -> int:
        """Return 1 for a difference that nobody has announced, 3 where not all was compared."""
        if any(not each.announced for each in self.differences):
            return 1
        if any(each.fault for each in self.compared):
            return 1
        return 3 if self.absent or self.not_evaluated or not self.files else 0
