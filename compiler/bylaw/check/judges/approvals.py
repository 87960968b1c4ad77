"""The judge of approvals: who has approved of what a change does to the files that are guarded."""

from collections.abc import Iterator, Sequence

from bylaw.check.change import Change
from bylaw.check.evidence import Approval, Evidence
from bylaw.check.judges.base import TreeJudge
from bylaw.check.judges.changes import change_of, touched_in
from bylaw.check.judges.phrases import either
from bylaw.check.verdict import Finding, Violation
from bylaw.ir import Approve
from bylaw.scope import ScopedConstraint
from bylaw.snapshot import Snapshot
from bylaw.unevaluable import UnevaluableError


def _approve(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    constraint = scoped.constraint
    if not isinstance(constraint, Approve):
        raise TypeError(constraint.shape)
    touched = touched_in(scoped, evidence)
    if not touched:
        return
    approvers = [approver.text for approver in constraint.approvers]
    if evidence.approvals is None:
        raise UnevaluableError(
            f"it needs an approval by {_asked(constraint, approvers)}",
            help="hand in who has approved of the change: `--approvals`",
        )
    change = change_of(evidence)
    others = [a for a in evidence.approvals if not _is_author(a.by, change)]
    counted, unknown = _that_saw(touched, others, change, evidence.tree)
    groups = [[one] for one in approvers] if constraint.quantifier == "all" else [approvers]
    lacking = [group for group in groups if _count(group, counted) < constraint.count]
    if not lacking:
        return
    if unknown and all(_count(g, [*counted, *unknown]) >= constraint.count for g in lacking):
        commit = unknown[0].commit or ""
        raise UnevaluableError(
            f"the commit `{commit[:10]}` that was approved is not in this repository",
            help="fetch the history that the approval speaks of",
        )
    for path in touched:
        for group in lacking:
            count = _count(group, counted)
            yield Violation(
                scoped.full_id,
                path,
                f"changes without an approval by {_asked(constraint, group)}",
                operand=group[0],
                note=f"{count} of {constraint.count} are there" if count else None,
            )


def _asked(constraint: Approve, approvers: Sequence[str]) -> str:
    if constraint.count > 1:
        return f"{constraint.count} of {either(approvers)}"
    return either(approvers)


# --- whose approval counts ---------------------------------------------------------------------


def _count(approvers: Sequence[str], approvals: Sequence[Approval]) -> int:
    """Count the people among approvals who are one of the approvers, or of a team that is."""
    wanted = {_identity(approver) for approver in approvers}
    return len(
        {
            _identity(approval.by)
            for approval in approvals
            if wanted & {_identity(name) for name in (approval.by, *approval.teams)}
        }
    )


def _identity(name: str) -> str:
    return name.strip().removeprefix("@").casefold()


def _is_author(by: str, change: Change) -> bool:
    """Tell whether somebody wrote a commit of the change; in doubt they did."""
    identity = _identity(by)
    return any(identity in _names(commit.author) for commit in change.commits)


def _names(author: str) -> set[str]:
    """Return what `Name <address>` may be known as: name, address, and the part before its `@`.

    An address that a forge gives out holds a number and a plus before the account's name.
    """
    name, _, rest = author.rpartition(" <")
    address = rest.removesuffix(">")
    account = address.partition("@")[0]
    found = {name, address, account, account.partition("+")[2]}
    return {_identity(text) for text in found if text.strip()}


def _that_saw(
    touched: Sequence[str], approvals: Sequence[Approval], change: Change, tree: Snapshot
) -> tuple[list[Approval], list[Approval]]:
    """Return the approvals of this very content, and those whose commit is not known."""
    counted: list[Approval] = []
    unknown: list[Approval] = []
    verdicts: dict[str, bool | None] = {}
    gone = frozenset((*change.deleted, *change.renamed.values()))
    for approval in approvals:
        commit = approval.commit
        if commit is None:
            counted.append(approval)
            continue
        if commit not in verdicts:
            seen = change.tree_at(commit) if change.tree_at is not None else None
            verdicts[commit] = None if seen is None else _is_same(touched, seen, tree, gone)
        if verdicts[commit] is None:
            unknown.append(approval)
        elif verdicts[commit]:
            counted.append(approval)
    return counted, unknown


def _is_same(paths: Sequence[str], seen: Snapshot, now: Snapshot, gone: frozenset[str]) -> bool:
    """Tell whether two trees hold the same; of links and submodules nobody can say so."""
    for path in paths:
        content = _content(path, now)
        if content != _content(path, seen) or (content is None and path not in gone):
            return False
    return True


def _content(path: str, tree: Snapshot) -> bytes | None:
    """Return a file's bytes, None where it is not there; git may have changed the line ends."""
    try:
        return tree.read(path).replace(b"\r\n", b"\n")
    except UnevaluableError:
        return None


APPROVE = TreeJudge(_approve)
