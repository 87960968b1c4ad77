"""The judge of approvals: who has approved of what a change does to the files that are guarded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bylaw.check.change import Change
from bylaw.check.evidence import Approval, Evidence
from bylaw.check.finding import Finding, Violation
from bylaw.check.judges.base import TreeJudge
from bylaw.check.judges.changes import change_of, touched_in
from bylaw.check.judges.phrases import either, quoted
from bylaw.check.people import identity_of, names_of
from bylaw.unevaluable import UnevaluableError
from bylaw.visible import shorten, visible

if TYPE_CHECKING:
    from bylaw.ir import Approve
    from bylaw.scoped import ScopedConstraint

_STALE = "is of a commit in which these files were others"
_BY_AUTHOR = "is by an author of the change"
_BY_BOT = "is by a bot"

_MOST_REASONS = 3
_NAME_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Weighed:
    """Approvals that count, such as may count, and such as do not, each with why."""

    counted: list[Approval]
    open: list[tuple[Approval, str]]
    void: list[tuple[Approval, str]]


def _approve(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    constraint = scoped.constraint
    if constraint.shape != "approve":
        raise TypeError(constraint.shape)
    touched = touched_in(scoped, evidence)
    if not touched:
        return
    approvers = [approver.text for approver in constraint.approvers]
    if evidence.approvals is None:
        gap, advice = evidence.approvals_open or (None, None)
        raise UnevaluableError(
            f"it needs an approval by {_asked(constraint, approvers)}"
            + (f", and {gap}" if gap else ""),
            help=advice or "hand in who has approved of the change: `--approvals`",
        )
    weighed = weigh_for(touched, evidence.approvals, change_of(evidence))
    groups = [[one] for one in approvers] if constraint.quantifier == "all" else [approvers]
    lacking = [group for group in groups if _count(group, weighed.counted) < constraint.count]
    if not lacking:
        return
    _refuse_where_open(lacking, constraint.count, weighed, evidence)
    for path in touched:
        for group in lacking:
            yield Violation(
                scoped.full_id,
                path,
                f"changes without an approval by {_asked(constraint, group)}",
                operand=group[0],
                note=_note(group, constraint.count, weighed),
            )


def _asked(constraint: Approve, approvers: Sequence[str]) -> str:
    if constraint.count > 1:
        return f"{constraint.count} of {either(approvers)}"
    return either(approvers)


def _refuse_where_open(
    lacking: Sequence[Sequence[str]], needed: int, weighed: Weighed, evidence: Evidence
) -> None:
    """Raise UnevaluableError where what nobody has told could be what is missing."""
    if evidence.approvals_open is not None:
        gap, advice = evidence.approvals_open
        raise UnevaluableError(gap, help=advice)
    possible = [*weighed.counted, *(approval for approval, _ in weighed.open)]
    if not all(_count(group, possible, doubtful=True) >= needed for group in lacking):
        return
    for approval, reason in weighed.open:
        if any(_is_one(approval, group, doubtful=True) for group in lacking):
            raise UnevaluableError(reason, help="fetch the history that the approval speaks of")
    unplaced = [a for a in weighed.counted if any(_may_be(a, group) for group in lacking)]
    team = next(name for group in lacking for a in unplaced for name in a.maybe if name in group)
    raise UnevaluableError(
        f"nobody says who is of {quoted(team)}, and {_name(unplaced[0].by)} has approved",
        help="hand in the members of the team",
    )


def _note(group: Sequence[str], needed: int, weighed: Weighed) -> str | None:
    """Say how many are there, and why others do not count."""
    count = _count(group, weighed.counted)
    parts = [f"{count} of {needed} are there"] if count else []
    void = [
        f"the approval of {_name(approval.by)} {reason}"
        for approval, reason in weighed.void
        if _is_one(approval, group, doubtful=True, bots=True)
    ]
    parts += void[:_MOST_REASONS]
    return "; ".join(parts) or None


def _name(by: str) -> str:
    return quoted(shorten(visible(by).replace("`", "'"), _NAME_CHARACTERS))


# --- whose approval counts ---------------------------------------------------------------------


def _count(
    approvers: Sequence[str], approvals: Sequence[Approval], *, doubtful: bool = False
) -> int:
    """Count the people among approvals who are one of the approvers, or of a team that is."""
    return count_people(a for a in approvals if _is_one(a, approvers, doubtful=doubtful))


def count_people(approvals: Iterable[Approval]) -> int:
    """Count the people who have approved; two that may be one person are one."""
    people: list[frozenset[str]] = []
    for approval in approvals:
        names = _names(approval)
        same = [each for each in people if each & names]
        people = [each for each in people if not each & names]
        people.append(names.union(*same))
    return len(people)


def _is_one(
    approval: Approval, approvers: Sequence[str], *, doubtful: bool = False, bots: bool = False
) -> bool:
    """Tell whether an approval is by one of the approvers; a bot only where it is named itself."""
    wanted = {identity_of(approver) for approver in approvers}
    if identity_of(approval.by) in wanted:
        return True
    if approval.bot and not bots:
        return False
    return bool(wanted & {identity_of(team) for team in approval.teams}) or (
        doubtful and _may_be(approval, approvers)
    )


def _may_be(approval: Approval, approvers: Sequence[str]) -> bool:
    return not approval.bot and any(name in approvers for name in approval.maybe)


def _names(approval: Approval) -> frozenset[str]:
    return names_of(approval.by).union(approval.also)


def weigh_for(touched: Sequence[str], approvals: Sequence[Approval], change: Change) -> Weighed:
    """Tell approvals of this very content by others than its authors from all that are not."""
    found = Weighed([], [], [])
    guarded = frozenset(touched)
    for approval in without_authors(approvals, change):
        commit = approval.commit
        if approval.void is not None:
            found.void.append((approval, approval.void))
        elif commit is None:
            found.counted.append(approval)
        else:
            since = change.touched_since(commit) if change.touched_since is not None else None
            if since is None:
                reason = f"the commit `{commit[:10]}` that was approved is not in this repository"
                found.open.append((approval, reason))
            elif since.isdisjoint(guarded):
                found.counted.append(approval)
            else:
                found.void.append((approval, _STALE))
    found.void.extend((a, _BY_BOT) for a in found.counted if a.bot)
    return found


def without_authors(approvals: Iterable[Approval], change: Change) -> Iterator[Approval]:
    """Yield approvals; one by somebody who wrote a commit of the change says that it is void."""
    authors = frozenset[str]().union(
        *(
            names_of(name)
            for each in change.commits
            for name in (each.author, each.committer, *each.co_authors)
        )
    )
    for approval in approvals:
        own = approval.void is None and bool(_names(approval) & authors)
        yield approval._replace(void=_BY_AUTHOR) if own else approval


APPROVE = TreeJudge(_approve)
