"""Approvals, read from where they were recorded: a file, or what a job of a forge has at hand.

A file in the repository counts as the base has it. What the change itself brings, edits or takes
away is the change's word for itself, whether it is committed or not. A file that git ignores, or
that lies elsewhere, is whoever's who has started the check.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from bylaw.check.approval.forges import REVIEWS, read_github, read_gitlab
from bylaw.check.approval.record import read_record
from bylaw.check.approval.weigh import People, weigh
from bylaw.check.change import Change
from bylaw.check.evidence import Approval
from bylaw.check.people import ApprovalFaultError, Told
from bylaw.check.rules import Rules, version_of_rules
from bylaw.diagnostics import Code, Report, Severity
from bylaw.git import ignored_by, run_git

BAD_APPROVALS = Code("BL924", "bad-approvals", Severity.ERROR)
OWN_APPROVALS = Code("BL530", "own-approvals", Severity.WARNING)
OTHER_POLICY = Code("BL531", "approval-of-other-policy", Severity.WARNING)

_MOST_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """Where approvals are read: a `file`, as it was named and where it lies, or a forge.

    `environment` are the variables that a forge's job has.
    """

    kind: Literal["file", "github", "gitlab"]
    name: str = ""
    path: Path = Path()
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The approvals, None where none could be read, and why there may be more."""

    approvals: tuple[Approval, ...] | None = None
    open: tuple[str, str | None] | None = None


def gather(
    root: Path, source: Source | None, change: Change | None, sets: Sequence[Rules], report: Report
) -> Gathered | None:
    """Read and weigh the approvals of a change; None where what was named is not of its form.

    `sets` are the change's own rules and the base's. Who is one and the same person either may
    say: it can only cost approvals.
    """
    if source is None:
        return Gathered()
    try:
        told = _tell(root, source, change, report)
    except ApprovalFaultError as fault:
        report.add(BAD_APPROVALS, fault.message, help=fault.help)
        return None
    gap = (told.gap, told.help) if told.gap is not None else None
    if told.entries is None:
        return Gathered(None, gap)
    # A change of nobody's yet is of whoever has the working tree.
    if change is not None and not change.commits and source.kind == "file":
        told = Told(told.entries, told.gap, told.help, _identity(root), told.teams, told.grouped)
    people = People(entry for each in sets for entry in each.config.approvals.people)
    approvals = weigh(told, _approvers(sets), people, datetime.now(UTC))
    _report_policies(approvals, version_of_rules(sets[0]), report)
    return Gathered(approvals, gap)


def _approvers(sets: Sequence[Rules]) -> list[str]:
    """Return the names that sentences ask for."""
    found = {
        approver.text
        for each in sets
        for scoped in each.active
        if scoped.constraint.shape == "approve"
        for approver in scoped.constraint.approvers
    }
    return sorted(found)


def _tell(root: Path, source: Source, change: Change | None, report: Report) -> Told:
    if source.kind == "file":
        data = _read(root, source.name, source.path, change, report)
        return Told(read_record(data or b"", source.name))

    def read(variable: str) -> bytes | None:
        name = source.environment.get(variable)
        if not name:
            return None
        data = _read(root, name, Path(name).absolute(), change, report)
        if data is None:
            raise ApprovalFaultError(
                f"`{name}`, which `{variable}` names, cannot be read", "fetch it before the check"
            )
        # Reviews that only the change has brought are none; an empty file is a failed fetch.
        own = not data and variable == REVIEWS and _bytes(Path(name).absolute())
        return b"[]" if own else data

    tell = read_github if source.kind == "github" else read_gitlab
    return tell(source.environment, read)


def _identity(root: Path) -> tuple[str, ...]:
    done = run_git(str(root), "var", "GIT_AUTHOR_IDENT")
    if done is None or done.returncode:
        return ()
    # `Name <address> seconds zone`
    return (done.stdout.decode("utf-8", "replace").rpartition(">")[0] + ">",)


def _report_policies(approvals: Sequence[Approval], policy: str, report: Report) -> None:
    for approval in approvals:
        if approval.void is None and approval.policy not in (None, policy):
            report.add(
                OTHER_POLICY,
                f"`{approval.by}` has approved when other decisions were in force",
                note=f"policy {approval.policy} then, and {policy} now",
                help="ask whether the approval still holds; it counts",
            )


# --- what the change cannot have written --------------------------------------------------------


def _read(root: Path, name: str, path: Path, change: Change | None, report: Report) -> bytes | None:
    """Return the bytes that count of a file, None where there is none."""
    here = _bytes(path)
    within = path_in_tree(root, path, change)
    if within is None or change is None:
        return here
    before = _at_base(root, within, change)
    if before == here:
        return here
    rewritten = before is not None and (here is None or not here.startswith(before))
    report.add(
        OWN_APPROVALS,
        f"`{name}` is part of the change under check, and counts as it was at the base",
        note="the change has rewritten it, and not added to it" if rewritten else None,
        help="hand in a file that lies outside of the tree, or that git ignores",
    )
    return before if before is not None else b""


def _bytes(path: Path) -> bytes | None:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ApprovalFaultError(f"`{path.name}` is too large to be read", "start a new one")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise ApprovalFaultError(
            f"`{path.name}` cannot be read: {reason}", "name a file that can be read"
        ) from None


def path_in_tree(root: Path, path: Path, change: Change | None = None) -> str | None:
    """Return a file's path in the repository's tree; None where it is none that a change brings.

    A link counts where it lies, and where it leads. What the base holds is of the tree even where
    the change has it ignored, and so is what only the change has ignored.
    """
    done = run_git(str(root), "rev-parse", "--show-toplevel")
    if done is None or done.returncode:
        return None
    top = os.path.realpath(os.fsdecode(done.stdout.rstrip(b"\n")))
    spelt = os.path.join(os.path.realpath(path.parent), path.name)
    for each in (spelt, os.path.realpath(path)):
        inside = os.path.relpath(each, top)
        if inside == ".git" or inside.startswith((".git/", "../")):
            continue
        if not _is_ignored(top, inside, change):
            return inside
    return None


def _is_ignored(top: str, path: str, change: Change | None) -> bool:
    """Tell whether git ignores a file, and did so before the change."""
    # What is ignored no commit brings, unless it is tracked all the same.
    listed = ("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", path)
    found = run_git(top, *listed)
    if found is None or os.fsencode(path) not in found.stdout.split(b"\0"):
        return False
    if change is None:
        return True
    if _at_base(Path(top), path, change) is not None:
        return False
    source, pattern = ignored_by(top, path) or ("", b"")
    if os.path.basename(source) != ".gitignore" or os.path.isabs(source):
        # A user's own list is no part of any change.
        return True
    before = _at_base(Path(top), os.path.normpath(source), change) or b""
    return pattern in (line.rstrip() for line in before.splitlines())


def _at_base(root: Path, path: str, change: Change) -> bytes | None:
    if change.base_commit is None:
        return None
    done = run_git(str(root), "cat-file", "blob", f"{change.base_commit}:{path}")
    return done.stdout if done is not None and not done.returncode else None
