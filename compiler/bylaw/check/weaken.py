"""Rules that a change has weakened: the base's set judges the tree, too, and what it adds is said.

A pull request that drops a rule, or excepts itself from one, is judged by the rule as the base
branch has it. Whoever owns the decisions says with `--trust` that the new rules are to count.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bylaw.area import Area
from bylaw.check.engine import find
from bylaw.check.evidence import Evidence
from bylaw.check.rules import Rules
from bylaw.check.settle import Leave, settle
from bylaw.check.verdict import Finding, Judgement, Violation
from bylaw.config import Config, covers
from bylaw.diagnostics import Code, Report, Severity, Span
from bylaw.globs import included
from bylaw.globs.segments import UndecidedError
from bylaw.ir import Constraint, Node
from bylaw.places import area_of
from bylaw.scoped import ScopedConstraint

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
_KEYS = (
    *("adrs", "source_roots", "tests", "suppressions", "baseline", "output", "default_status"),
    *("allow", "strict", "main_branch"),
)

# None of these ends in more being let pass.
_HARMLESS = frozenset({("strict", True), ("suppressions", False), ("baseline", None)})

_ID = re.compile(r"\[[^\]]*\]")


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
    renamed = _renamed(own, base) if alike else {}
    covered = _covered(judgements, renamed)
    unclear = {
        (renamed.get(n.constraint, n.constraint), n.path)
        for j in judgements
        for n in j.not_evaluated
    }
    found: list[Judgement] = []
    for scoped in base.rules.active:
        judged = settle(scoped, raw[scoped.full_id], base.leave, base.evidence, by="base")
        hidden = tuple(v for v in judged.violations if not covered(v, scoped.constraint.severity))
        unjudged = tuple(n for n in judged.not_evaluated if (n.constraint, n.path) not in unclear)
        if hidden or unjudged:
            # What is let pass, the tree's own set has said where it says it, too.
            found.append(replace(judged, violations=hidden, not_evaluated=unjudged, excused=()))
        mine = _heir(scoped, own, renamed)
        _report_weaknesses(scoped, mine, own, base, bool(hidden), report)
    _report_ground(own, base, renamed, report)
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
    return mine is not None and meaning(mine) == meaning(scoped)


def _renamed(own: Side, base: Side) -> dict[str, str]:
    """Return, by its new id, the old one of each constraint that now stands under another.

    What it says must be the same; how gravely, and what it lets pass, is for others to compare.
    """
    fresh: dict[object, list[ScopedConstraint]] = {}
    for scoped in own.rules.active:
        if scoped.full_id not in base.rules.by_id:
            fresh.setdefault(meaning(scoped), []).append(scoped)
    found: dict[str, str] = {}
    for scoped in base.rules.active:
        if scoped.full_id in own.rules.by_id:
            continue
        heirs = [s for s in fresh.get(meaning(scoped), ()) if s.full_id not in found]
        if heirs:
            # The gravest: one that is weaker beside it takes nothing away.
            heir = min(heirs, key=lambda s: s.constraint.severity != "error")
            found[heir.full_id] = scoped.full_id
    return found


def _heir(
    scoped: ScopedConstraint, own: Side, renamed: Mapping[str, str]
) -> ScopedConstraint | None:
    """Return what the tree's own set has of a constraint of the base, under whatever id."""
    new = next((new for new, old in renamed.items() if old == scoped.full_id), scoped.full_id)
    return own.rules.by_id.get(new)


def _covered(judgements: Sequence[Judgement], renamed: Mapping[str, str]) -> Any:
    """Return what tells whether the tree's own set reports a violation, as gravely."""
    weights = {"warning": 0, "error": 1}
    known: dict[object, int] = {}
    for judgement in judgements:
        weight = weights[judgement.scoped.constraint.severity]
        for each in judgement.violations:
            violation = each._replace(constraint=renamed.get(each.constraint, each.constraint))
            for key in (violation.fingerprint, _place_of(violation)):
                known[key] = max(weight, known.get(key, 0))

    def covered(violation: Violation, severity: str) -> bool:
        keys = (violation.fingerprint, _place_of(violation))
        return any(known.get(key, -1) >= weights[severity] for key in keys)

    return covered


def _place_of(violation: Violation) -> object:
    """Return where a violation of a constraint is: a stricter rule says it in other words."""
    return violation.constraint, violation.path, violation.place


def meaning(value: Any) -> object:
    """Return all that decides what a constraint finds, as something to compare and to look up."""
    if isinstance(value, ScopedConstraint):
        return meaning(value.constraint)
    if isinstance(value, Node):
        parts = value.__dict__.items()
        plain = tuple(
            (name, meaning(each))
            for name, each in parts
            if name not in _WORDS and not isinstance(each, Span)
        )
        return type(value).__name__, plain
    if isinstance(value, tuple):
        return tuple(meaning(each) for each in value)
    return value


# --- what was weakened -------------------------------------------------------------------------


def _report_weaknesses(  # noqa: PLR0917 - both constraints, both sides, and what is said
    scoped: ScopedConstraint,
    mine: ScopedConstraint | None,
    own: Side,
    base: Side,
    hides: bool,
    report: Report,
) -> None:
    named = list(_weaknesses(scoped, mine, own, base))
    if not named and hides and mine is not None and meaning(mine) != meaning(scoped):
        named = ["it says something else"]
    if not named:
        return
    note = None
    if mine is None:
        span = scoped.constraint.span
        note = f"it stood at {span.path}:{span.line}"
    elif mine.full_id != scoped.full_id:
        note = f"it is `{mine.full_id}` now"
    report.add(
        WEAKENED_CONSTRAINT,
        f"`{scoped.full_id}` is weaker than at the base: {'; '.join(named)}",
        mine.constraint.span if mine is not None else None,
        note=note,
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
    known = {_without_ids(waiver.sentence) for waiver in scoped.waivers}
    for waiver in mine.waivers:
        if _without_ids(waiver.sentence) not in known:
            yield f"a waiver was added at {waiver.span.path}:{waiver.span.line}"
    granted = {_without_ids(permission.sentence) for permission in scoped.permissions}
    for permission in mine.permissions:
        if _without_ids(permission.sentence) not in granted:
            yield f"a permission was added at {permission.span.path}:{permission.span.line}"


def _without_ids(sentence: str) -> str:
    """Return what a sentence says, whatever the ids are that it names."""
    return _ID.sub("[]", sentence)


def _modal(constraint: Constraint) -> str:
    word = "SHOULD" if constraint.severity == "warning" else "MUST"
    return {"must-not": f"{word} NOT", "must-only": f"{word} only"}.get(constraint.modal, word)


def _narrower(before: Constraint, now: Constraint, own: Side, base: Side) -> Iterator[str]:
    known = {meaning(exception) for exception in before.exceptions}
    if any(meaning(exception) not in known for exception in now.exceptions):
        yield "an exception was added"
    elif meaning(before.subject) != meaning(now.subject) or meaning(before.lead_in) != meaning(
        now.lead_in
    ):
        old = area_of(before, base.evidence.layout, base.evidence.tests)
        new = area_of(now, own.evidence.layout, own.evidence.tests)
        if not _holds(new, old):
            yield "its scope is narrower"
        elif meaning(before.subject) != meaning(now.subject) and old == new:
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


def settled(mine: Config, theirs: Config) -> Config:
    """Return a configuration that is no more lenient than the base's as to what a run reports."""
    allow = tuple(e for e in mine.allow if any(covers(known, e) for known in theirs.allow))
    return mine.model_copy(update={"allow": allow, "strict": mine.strict or theirs.strict})


def _report_ground(own: Side, base: Side, renamed: Mapping[str, str], report: Report) -> None:
    """Report what beside the decisions was changed, so that less is found or less counts."""
    mine, theirs = own.rules.config, base.rules.config
    for key in _KEYS if base.rules.active else ():
        if getattr(mine, key) != getattr(theirs, key) and not _is_harmless(mine, theirs, key):
            name = key.replace("_", "-")
            report.add(
                WEAKENED_CONFIGURATION,
                f"`{name}` in the configuration is not what it is at the base",
                note=f"`{_shown(theirs, key)}` became `{_shown(mine, key)}`",
                help=_TRUST,
            )
    grown = _grown(own, base, renamed)
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


def _is_harmless(mine: Config, theirs: Config, key: str) -> bool:
    if key == "allow":
        return settled(mine, theirs).allow == mine.allow
    return (key, getattr(mine, key)) in _HARMLESS


def _grown(own: Side, base: Side, renamed: Mapping[str, str]) -> int:
    """Count the violations that were added to the baseline for constraints that the base has.

    Where a file was renamed its entries were, too, so paths do not count.
    """
    sums: dict[tuple[str, str], int] = {}
    for side, sign in ((own, 1), (base, -1)):
        counts = side.leave.baseline.counts if side.leave.baseline is not None else {}
        for entry, number in counts.items():
            constraint = renamed.get(entry.constraint, entry.constraint)
            if constraint in base.rules.by_id:
                key = constraint, entry.detail
                sums[key] = sums.get(key, 0) + sign * number
    return sum(number for number in sums.values() if number > 0)
