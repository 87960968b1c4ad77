"""What the checker says: violations, what could not be evaluated, and each constraint's outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from bylaw.facts.model import Place

if TYPE_CHECKING:
    from datetime import date

    from bylaw.diagnostics import Diagnostic
    from bylaw.ir import Waiver
    from bylaw.scoped import ScopedConstraint

Outcome = Literal["holds", "violated", "not-evaluated"]

Set = Literal["own", "base"]
"""Which constraint set a violation was found by: that of the tree, or that of the base branch."""


@dataclass(frozen=True, slots=True)
class Step:
    """A further place that explains a violation, such as one import of a chain."""

    path: str
    place: Place | None
    message: str


@dataclass(frozen=True, slots=True)
class Fix:
    """An edit that removes a violation: the text at `place` of its file becomes `text`.

    `imports` are the import lines that the new text needs.
    """

    place: Place
    text: str
    imports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Violation:
    """One violation of one constraint.

    `path` is None where the place is no file of the tree (a branch, a commit, the project).
    `detail` is one lower-case clause that says what is there, the user's text in backticks; it is
    part of the fingerprint, so it holds no line and no layout. What may change while the violation
    stays the same (a count, a version found) is in `note`, a clause of its own. `operand` is the
    text of the constraint's operand that is violated, `found` what was found of it
    (`sqlalchemy.orm` of `sqlalchemy`): permissions go by both. `edge` is the importer and the
    imported module.
    """

    constraint: str
    path: str | None
    detail: str
    place: Place | None = None
    operand: str | None = None
    found: str | None = None
    edge: tuple[str, str] | None = None
    steps: tuple[Step, ...] = ()
    fix: Fix | None = None
    note: str | None = None

    @property
    def fingerprint(self) -> str:
        """A digest of constraint, path and detail: the same wherever the lines have moved."""
        from hashlib import sha256  # noqa: PLC0415 - it loads OpenSSL, and few violations are told apart

        text = "\0".join((self.constraint, self.path or "", self.detail))
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    @property
    def sort_key(self) -> tuple[str, str, Place, str]:
        """Order by constraint, then by place."""
        place = self.place or Place(0, 0, 0, 0)
        return self.constraint, self.path or "", place, self.detail


@dataclass(frozen=True, slots=True)
class NotEvaluated:
    """Why a constraint, or (with `path`) a constraint on one file, has no verdict.

    `reason` is one lower-case clause. It never hides a violation that was found elsewhere.
    """

    constraint: str
    reason: str
    path: str | None = None
    place: Place | None = None
    help: str | None = None


Finding: TypeAlias = Violation | NotEvaluated


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
    are the compiler's and the checker's (BL5xx).
    """

    judgements: tuple[Judgement, ...]
    decisions: Mapping[str, DecisionRef] = field(default_factory=dict)
    as_of: date | None = None
    subject: Subject = field(default_factory=Subject)
    inactive: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

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
