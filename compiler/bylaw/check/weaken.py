"""Rules that a change has weakened: the base's set judges the tree, too, and what it adds is said.

A pull request that drops a rule, or excepts itself from one, is judged by the rule as the base
branch has it. Whoever owns the decisions says with `--trust` that the new rules are to count.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bylaw.area import Area
from bylaw.check.engine import find
from bylaw.check.evidence import Evidence
from bylaw.check.rules import Rules
from bylaw.check.settle import Leave, settle
from bylaw.check.verdict import Finding, Judgement, Violation
from bylaw.config import Config
from bylaw.diagnostics import Code, Report, Severity, Span
from bylaw.globs import included
from bylaw.globs.segments import UndecidedError
from bylaw.ir import Constraint, Node
from bylaw.places import area_of
from bylaw.scope import ScopedConstraint

WEAKENED_CONSTRAINT = Code("BL511", "weakened-constraint", Severity.WARNING)
WEAKENED_CONFIGURATION = Code("BL523", "weakened-configuration", Severity.WARNING)
GROWN_BASELINE = Code("BL524", "grown-baseline", Severity.WARNING)

_TRUST = "whoever owns the decision may let it count, with `--trust`"

# What a constraint says does not hang on these.
_WORDS = frozenset(
    {"span", "id", "id_span", "named", "statement", "sentence", "prose", "because", "examples"}
    | {"alternative", "modal_span", "pattern_span", "severity"}
)

# What of the configuration decides which violations are found and count.
_KEYS = ("adrs", "source_roots", "tests", "suppressions", "baseline", "output", "default_status")


@dataclass(frozen=True)
class Side:
    """A constraint set, what it was judged on, and what it lets pass."""

    rules: Rules
    evidence: Evidence
    leave: Leave


def judge_by_base(
    own: Side,
    base: Side,
    findings: Mapping[str, Sequence[Finding]],
    judgements: Sequence[Judgement],
    report: Report,
) -> list[Judgement]:
    """Judge the tree by the base's set; return what its constraints find and the tree's own do not.

    `findings` and `judgements` are those by the tree's own set. What was weakened is reported.
    """
    alike = _judged_alike(own, base)
    raw = dict(findings)
    changed = [s for s in base.rules.active if not (alike and _same(own, s))]
    raw |= find(changed, base.evidence, only=base.leave.within)
    covered = _covered(judgements)
    unclear = {(n.constraint, n.path) for j in judgements for n in j.not_evaluated}
    restated = {_meaning(s) for s in own.rules.active} if alike else set()
    found: list[Judgement] = []
    for scoped in base.rules.active:
        judged = settle(scoped, raw[scoped.full_id], base.leave, base.evidence, by="base")
        hidden = tuple(v for v in judged.violations if not covered(v, scoped.constraint.severity))
        unjudged = tuple(n for n in judged.not_evaluated if (n.constraint, n.path) not in unclear)
        if _is_restated(scoped, own, restated):
            hidden = unjudged = ()
        if hidden or unjudged:
            # What is let pass, the tree's own set has said where it says it, too.
            found.append(replace(judged, violations=hidden, not_evaluated=unjudged, excused=()))
        _report_weaknesses(scoped, own, base, bool(hidden), restated, report)
    _report_ground(own, base, report)
    return found


def _judged_alike(own: Side, base: Side) -> bool:
    """Tell whether both sets are judged on the same files, modules and tests."""
    mine, theirs = own.evidence, base.evidence
    return (
        mine.layout == theirs.layout
        and mine.tests == theirs.tests
        and mine.tree.files == theirs.tree.files
    )


def _same(own: Side, scoped: ScopedConstraint) -> bool:
    mine = own.rules.by_id.get(scoped.full_id)
    return mine is not None and _meaning(mine) == _meaning(scoped)


def _is_restated(scoped: ScopedConstraint, own: Side, restated: set[object]) -> bool:
    """Tell whether a constraint that is gone stands under another id, word for word."""
    return scoped.full_id not in own.rules.by_id and _meaning(scoped) in restated


def _covered(judgements: Sequence[Judgement]) -> Any:
    """Return what tells whether the tree's own set reports a violation, as gravely."""
    weights = {"warning": 0, "error": 1}
    known: dict[object, int] = {}
    for judgement in judgements:
        weight = weights[judgement.scoped.constraint.severity]
        for violation in judgement.violations:
            for key in (violation.fingerprint, _place_of(violation)):
                known[key] = max(weight, known.get(key, 0))

    def covered(violation: Violation, severity: str) -> bool:
        keys = (violation.fingerprint, _place_of(violation))
        return any(known.get(key, -1) >= weights[severity] for key in keys)

    return covered


def _place_of(violation: Violation) -> object:
    """Return where a violation of a constraint is: a stricter rule says it in other words."""
    return violation.constraint, violation.path, violation.place


def _meaning(value: Any) -> object:
    """Return all that decides what a constraint finds, as something to compare and to look up."""
    if isinstance(value, ScopedConstraint):
        return _meaning(value.constraint)
    if isinstance(value, Node):
        parts = value.__dict__.items()
        plain = tuple(
            (name, _meaning(each))
            for name, each in parts
            if name not in _WORDS and not isinstance(each, Span)
        )
        return type(value).__name__, plain
    if isinstance(value, tuple):
        return tuple(_meaning(each) for each in value)
    return value


# --- what was weakened -------------------------------------------------------------------------


def _report_weaknesses(  # noqa: PLR0917 - both sides, and what is said
    scoped: ScopedConstraint,
    own: Side,
    base: Side,
    hides: bool,
    restated: set[object],
    report: Report,
) -> None:
    mine = own.rules.by_id.get(scoped.full_id)
    if mine is None and _is_restated(scoped, own, restated):
        return
    named = list(_weaknesses(scoped, mine, own, base))
    if not named and hides and mine is not None and _meaning(mine) != _meaning(scoped):
        named = ["it says something else"]
    if not named:
        return
    report.add(
        WEAKENED_CONSTRAINT,
        f"`{scoped.full_id}` is weaker than at the base: {'; '.join(named)}",
        mine.constraint.span if mine is not None else None,
        help=_TRUST,
    )


def _weaknesses(
    scoped: ScopedConstraint, mine: ScopedConstraint | None, own: Side, base: Side
) -> Iterator[str]:
    if mine is None:
        gone = scoped.full_id in own.rules.inactive
        yield "it is not in force on this day" if gone else "it is dropped"
        return
    before, now = scoped.constraint, mine.constraint
    if before.severity == "error" and now.severity == "warning":
        yield f"`{_modal(before)}` became `{_modal(now)}`"
    if now.for_new_code and not before.for_new_code:
        yield "it counts in new code only"
    if (before.from_, before.until) != (now.from_, now.until):
        yield "its days were changed"
    yield from _narrower(before, now, own, base)
    yield from _fewer_operands(before, now)
    known = {waiver.sentence for waiver in scoped.waivers}
    for waiver in mine.waivers:
        if waiver.sentence not in known:
            yield f"a waiver was added at {waiver.span.path}:{waiver.span.line}"
    granted = {permission.sentence for permission in scoped.permissions}
    for permission in mine.permissions:
        if permission.sentence not in granted:
            yield f"a permission was added at {permission.span.path}:{permission.span.line}"


def _modal(constraint: Constraint) -> str:
    word = "SHOULD" if constraint.severity == "warning" else "MUST"
    return {"must-not": f"{word} NOT", "must-only": f"{word} only"}.get(constraint.modal, word)


def _narrower(before: Constraint, now: Constraint, own: Side, base: Side) -> Iterator[str]:
    known = {_meaning(exception) for exception in before.exceptions}
    if any(_meaning(exception) not in known for exception in now.exceptions):
        yield "an exception was added"
    elif _meaning(before.subject) != _meaning(now.subject) or _meaning(before.lead_in) != _meaning(
        now.lead_in
    ):
        old = area_of(before, base.evidence.layout, base.evidence.tests)
        new = area_of(now, own.evidence.layout, own.evidence.tests)
        if not _holds(new, old):
            yield "its scope is narrower"
        elif _meaning(before.subject) != _meaning(now.subject) and old == new:
            yield "its subject was changed"


def _holds(outer: Area, inner: Area) -> bool:
    try:
        return included(inner, outer)
    except UndecidedError:
        return False


def _fewer_operands(before: Constraint, now: Constraint) -> Iterator[str]:
    from bylaw.passes.compare.operands import operands, text  # noqa: PLC0415 - seldom needed

    if before.shape != now.shape or before.modal != now.modal:
        yield "it says something else"
        return
    was, is_now = (tuple(text(o) for o in operands(c)) for c in (before, now))
    if before.modal == "must-only":
        was, is_now = is_now, was
    missing = [each for each in was if each not in is_now]
    if missing and before.modal == "must-only":
        yield f"it admits `{'`, `'.join(missing)}` now"
    elif missing:
        yield f"it does not name `{'`, `'.join(missing)}` any more"


def _report_ground(own: Side, base: Side, report: Report) -> None:
    """Report what beside the decisions was changed, so that less is found or less counts."""
    mine, theirs = own.rules.config, base.rules.config
    for key in _KEYS:
        if getattr(mine, key) != getattr(theirs, key):
            name = key.replace("_", "-")
            report.add(
                WEAKENED_CONFIGURATION,
                f"`{name}` in the configuration is not what it is at the base",
                note=f"`{_shown(theirs, key)}` became `{_shown(mine, key)}`",
                help=_TRUST,
            )
    grown = _grown(own, base)
    if grown:
        word = "violation" if grown == 1 else "violations"
        path = own.leave.baseline.path if own.leave.baseline is not None else ""
        report.add(
            GROWN_BASELINE,
            f"`{path}` has grown since the base, by {grown} {word}",
            help="mend what is new, or let those who own the decisions agree, with `--trust`",
        )


def _shown(config: Config, key: str) -> str:
    value = getattr(config, key)
    if isinstance(value, tuple):
        return ", ".join(value) or "nothing"
    return str(value).lower() if isinstance(value, bool) else str(value or "nothing")


def _grown(own: Side, base: Side) -> int:
    """Count the violations that were added to the baseline for constraints that the base has.

    Where a file was renamed its entries were, too, so paths do not count.
    """
    sums: dict[tuple[str, str], int] = {}
    for side, sign in ((own, 1), (base, -1)):
        counts = side.leave.baseline.counts if side.leave.baseline is not None else {}
        for entry, number in counts.items():
            if entry.constraint in base.rules.by_id:
                key = entry.constraint, entry.detail
                sums[key] = sums.get(key, 0) + sign * number
    return sum(number for number in sums.values() if number > 0)
