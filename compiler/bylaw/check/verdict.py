"""What the checker says: violations, what could not be evaluated, and each constraint's outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from bylaw.check.finding import Finding, Fix, NotEvaluated, Step, Violation

if TYPE_CHECKING:
    from datetime import date

    from bylaw.check.evidence import Approval
    from bylaw.diagnostics import Diagnostic
    from bylaw.ir import Waiver
    from bylaw.risk import ChangeRisk
    from bylaw.scoped import ScopedConstraint

__all__ = [
    "DecisionRef",
    "Excused",
    "Finding",
    "Fix",
    "Judgement",
    "NotEvaluated",
    "Step",
    "Subject",
    "Verdicts",
    "Violation",
]

Outcome = Literal["holds", "violated", "not-evaluated"]

Set = Literal["own", "base"]
"""Which constraint set a violation was found by: that of the tree, or that of the base branch."""


Excuse = Literal["waived", "permitted", "baseline", "suppressed", "old"]
"""Why a violation does not count; `old` is one that the base has, too."""


@dataclass(frozen=True, slots=True)
class Excused:
    """A violation that does not count, why, and by what (a waiver's ticket, a comment's line)."""

    violation: Violation
    excuse: Excuse
    waiver: Waiver | None = None
    note: str | None = None


@dataclass(frozen=True)
class Judgement:
    """One constraint's outcome.

    `files` counts the files that its area holds; None where it speaks of no files. Under the
    base's set (`by`) stands a constraint that the tree's own set has no more, or says otherwise.
    """

    scoped: ScopedConstraint
    decision: str
    violations: tuple[Violation, ...] = ()
    not_evaluated: tuple[NotEvaluated, ...] = ()
    excused: tuple[Excused, ...] = ()
    files: int | None = None
    by: Set = "own"

    @property
    def outcome(self) -> Outcome:
        """Violated where anything is, else not evaluated where anything is not, else it holds."""
        if self.violations:
            return "violated"
        return "not-evaluated" if self.not_evaluated else "holds"

    @property
    def failing(self) -> bool:
        """Whether it is a violated MUST."""
        return bool(self.violations) and self.scoped.constraint.severity == "error"


@dataclass(frozen=True, slots=True)
class DecisionRef:
    """What a report says of a decision."""

    id: str
    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What was checked: the `tree`, `paths` of it, the `index`, or a `change` since a commit.

    `base` is the commit that the change, or what is new, is measured from.
    """

    what: Literal["tree", "paths", "index", "change"] = "tree"
    paths: tuple[str, ...] = ()
    base: str | None = None
    files: int = 0


@dataclass(frozen=True)
class Verdicts:
    """The outcome of one run: every active constraint in the order of decisions and sentences.

    `decisions` are by id. `inactive` are the ids of constraints outside their days; `diagnostics`
    are the compiler's and the checker's (BL5xx). `policy` is the policy version, `risk` that of the
    change under check, and `approvals` those that were read; None where there is none.
    """

    judgements: tuple[Judgement, ...]
    decisions: Mapping[str, DecisionRef] = field(default_factory=dict)
    as_of: date | None = None
    subject: Subject = field(default_factory=Subject)
    inactive: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    policy: str | None = None
    risk: ChangeRisk | None = None
    approvals: tuple[Approval, ...] | None = None

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """All violations that count."""
        return tuple(v for j in self.judgements for v in j.violations)

    def status(self, *, strict: bool = False) -> int:
        """Return the exit status: 1 for a violated MUST, 3 where something was not evaluated.

        With `strict` a violated SHOULD counts like a MUST.
        """
        if any(j.failing or (strict and j.violations) for j in self.judgements):
            return 1
        return 3 if any(j.not_evaluated for j in self.judgements) else 0
