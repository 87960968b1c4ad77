"""From what was found to a judgement: what decisions, comments, base and baseline let pass."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bylaw.check.areas import judged_files
from bylaw.check.baseline import Baseline, Entry, entry_of
from bylaw.check.evidence import Evidence
from bylaw.check.excuse import Permissions, waiver_of
from bylaw.check.new import Novelty
from bylaw.check.suppress import Suppressions
from bylaw.check.verdict import Excused, Finding, Judgement, NotEvaluated, Set, Violation
from bylaw.ir import Waiver
from bylaw.scoped import ScopedConstraint

NO_BASE = "it counts only in new code, and there is no base"
NO_BASE_HELP = "name a revision with `--base`, or `main-branch` in the configuration"

# The subjects whose places are no files of the tree.
_WITHOUT_FILES = frozenset({"branches", "commits", "ci", "command"})


@dataclass
class Leave:
    """What one constraint set lets pass, and what of that was needed.

    `novelty` is None where there is no base; with `all_new` every constraint counts in new code
    only. `within` tells which paths were asked about; None where all were.
    """

    suppressions: Suppressions
    baseline: Baseline | None = None
    novelty: Novelty | None = None
    all_new: bool = False
    within: Callable[[str], bool] | None = None
    used_waivers: dict[str, list[Waiver]] = field(default_factory=dict)
    seen: "Counter[Entry]" = field(default_factory=Counter)
    """How often each violation that a baseline may hold was found."""

    def asked(self, path: str | None) -> bool:
        """Tell whether somebody asked about a violation's place."""
        return self.within is None or (path is not None and self.within(path))


def settle(
    scoped: ScopedConstraint,
    findings: Sequence[Finding],
    leave: Leave,
    evidence: Evidence,
    by: Set = "own",
) -> Judgement:
    """Judge one constraint by what was found and what is let pass."""
    violations = [f for f in findings if isinstance(f, Violation) and leave.asked(f.path)]
    unjudged = [
        f
        for f in findings
        if isinstance(f, NotEvaluated) and (f.path is None or leave.asked(f.path))
    ]
    excused, rest = _excuse(scoped, violations, leave, evidence)
    counts_new = leave.all_new or scoped.constraint.for_new_code
    if counts_new and leave.novelty is not None:
        known: list[Finding] = [*violations, *unjudged]
        old, left_out = leave.novelty.old(scoped, known)
        excused += [Excused(v, "old") for v in rest if _is_in(v, old)]
        new = [v for v in rest if not _is_in(v, old)]
        # What the base has counts first against the baseline, so that growth shows.
        leave.seen.update(entry_of(v) for v in rest if _is_in(v, old))
        rest = new
        unjudged = [f for f in unjudged if f not in left_out]
    elif scoped.constraint.for_new_code and rest:
        unjudged += [_unknown_age(scoped, path) for path in sorted({v.path or "" for v in rest})]
        rest = []
    rest = _take_baseline(rest, excused, leave)
    return Judgement(
        scoped,
        scoped.full_id.rpartition("/")[0],
        tuple(rest),
        tuple(unjudged),
        tuple(sorted(excused, key=lambda each: each.violation.sort_key)),
        _count_files(scoped, leave, evidence),
        by,
    )


def _is_in(violation: Violation, others: Sequence[Violation]) -> bool:
    return any(violation is other for other in others)


def _unknown_age(scoped: ScopedConstraint, path: str) -> NotEvaluated:
    return NotEvaluated(scoped.full_id, NO_BASE, path or None, None, NO_BASE_HELP)


def _excuse(
    scoped: ScopedConstraint, violations: Sequence[Violation], leave: Leave, evidence: Evidence
) -> tuple[list[Excused], list[Violation]]:
    """Return what decisions and comments let pass, and the rest."""
    permitted = Permissions(scoped, violations, evidence) if scoped.permissions else None
    excused: list[Excused] = []
    rest: list[Violation] = []
    for violation in violations:
        permission = permitted(violation) if permitted is not None else None
        if permission is not None:
            excused.append(Excused(violation, "permitted", note=permission.sentence))
        elif (waiver := waiver_of(violation, scoped)) is not None:
            leave.used_waivers.setdefault(scoped.full_id, []).append(waiver)
            excused.append(Excused(violation, "waived", waiver, waiver.ticket))
        elif (comment := leave.suppressions.excuse(violation)) is not None:
            note = f"line {comment.line}: {comment.reason}"
            excused.append(Excused(violation, "suppressed", note=note))
        else:
            rest.append(violation)
    return excused, rest


def _take_baseline(
    violations: Sequence[Violation], excused: list[Excused], leave: Leave
) -> list[Violation]:
    """Excuse so many violations as the baseline still has room for; return the rest."""
    counts = leave.baseline.counts if leave.baseline is not None else {}
    rest: list[Violation] = []
    for violation in violations:
        entry = entry_of(violation)
        leave.seen[entry] += 1
        if leave.seen[entry] <= counts.get(entry, 0):
            excused.append(Excused(violation, "baseline"))
        else:
            rest.append(violation)
    return rest


def _count_files(scoped: ScopedConstraint, leave: Leave, evidence: Evidence) -> int | None:
    if scoped.constraint.subject.noun in _WITHOUT_FILES:
        return None
    files = judged_files(scoped, evidence)
    return len(files) if leave.within is None else sum(map(leave.within, files))
