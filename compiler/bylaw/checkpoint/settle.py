"""Settling what an agent has really done: the whole change of its session, by every decision.

Before a tool runs, its call shows what it would do, more or less. Afterwards the tree shows it.
"""

import contextlib
import os
import shutil
import subprocess
from binascii import crc32
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bylaw.check.request import Request
from bylaw.check.run import check_repository
from bylaw.check.verdict import Judgement
from bylaw.checkpoint.agents import OF_NO_CLASS
from bylaw.checkpoint.judge import Found
from bylaw.checkpoint.whole import config_of, entry_of
from bylaw.diagnostics import Diagnostic, Severity
from bylaw.git import command, environment, run_git, without_filters
from bylaw.moments import AFTER, BEFORE
from bylaw.record.history import Record

_AUTHOR = {
    "GIT_AUTHOR_NAME": "bylaw",
    "GIT_AUTHOR_EMAIL": "bylaw@localhost",
    "GIT_COMMITTER_NAME": "bylaw",
    "GIT_COMMITTER_EMAIL": "bylaw@localhost",
}


NO_BASE = (
    "what was there before the session is not known, because git cannot tell it: what commands "
    "have left is not judged here"
)

_STRANGE_CLASS = "BL538"

_WEAKENED = ("BL511", "BL523", "BL524")
"""The codes that say of a change that it makes its own rules weaker."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What the session's change violates, and what is wrong with the decisions.

    `usable` is false where nothing could be judged, for the reasons in `faults`. `weakened` says
    what of the decisions themselves the session has made weaker.
    """

    found: tuple[Found, ...] = ()
    faults: tuple[str, ...] = ()
    usable: bool = True
    weakened: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """What tells one set of violations from another."""
        return _digest(v.fingerprint for each in self.found for v in each.violations)

    @property
    def whole(self) -> str:
        """What tells all that is to be said of it from anything else."""
        open_ = (f"{e.entry.full_id} {path} {why}" for e in self.found for path, why in e.unjudged)
        return _digest([self.digest, *open_, *self.faults, *self.weakened])


def _digest(said: Iterable[str]) -> str:
    lines = sorted(said)
    return f"{crc32(' '.join(lines).encode('utf-8', 'surrogatepass')):08x}{len(lines)}"


def snapshot(root: str, folder: str) -> str | None:
    """Return a commit of the working tree as it is now, None where git cannot make one.

    The user's index, branches and files stay as they are; the commit hangs on none.
    """
    index = os.path.join(folder, f"index.{os.getpid()}")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        git = _Git(root, index)
        _copy_index(git, index)
        # What cannot be read, or is a repository of its own, is left out; the rest is what counts.
        git.run("add", "--all", "--ignore-errors", "--", ".")
        tree = git.run("write-tree")
        if tree is None:
            return None
        parent, _, when = (git.run("log", "-1", "--format=%H %ct", "HEAD", "--") or "").partition(
            " "
        )
        parents = ("-p", parent) if parent else ()
        # The day of HEAD: what is in force must not hang on when the session started.
        dates = f"@{when or '0'} +0000"
        git.environment |= {"GIT_AUTHOR_DATE": dates, "GIT_COMMITTER_DATE": dates}
        return git.run("commit-tree", tree, *parents, "-m", "where a session started")
    except OSError:
        return None
    finally:
        for path in (index, f"{index}.lock"):
            if os.path.exists(path):
                os.unlink(path)


class _Git:
    """Git on one repository with an index of our own."""

    def __init__(self, root: str, index: str) -> None:
        self.root = root
        settings = (*without_filters(root), ("core.safecrlf", "false"), ("gc.auto", "0"))
        self.environment = environment(root, settings) | _AUTHOR | {"GIT_INDEX_FILE": index}

    def run(self, *words: str) -> str | None:
        """Return what a command prints, None where it fails."""
        done = subprocess.run(
            command(self.root, *words),
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env=self.environment,
            check=False,
        )
        return None if done.returncode else done.stdout.decode("utf-8", "replace").strip()


def _copy_index(git: _Git, index: str) -> None:
    """Start from the user's index: what it knows of unchanged files need not be read again."""
    named = git.environment.pop("GIT_INDEX_FILE")
    found = git.run("rev-parse", "--git-path", "index")
    git.environment["GIT_INDEX_FILE"] = named
    if found:
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(os.path.join(git.root, found), index)


def look(root: str) -> dict[str, str] | None:
    """Return what differs from HEAD, by path its time and size, and HEAD itself as the path `""`.

    None where git cannot tell.
    """
    done = run_git(root, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames")
    if done is None or done.returncode:
        return None
    commit = run_git(root, "rev-parse", "--verify", "--quiet", "HEAD")
    top = run_git(root, "rev-parse", "--show-prefix")
    prefix = top.stdout.rstrip(b"\n") if top is not None else b""
    seen = {"": commit.stdout.decode("ascii", "replace").strip() if commit is not None else ""}
    for entry in done.stdout.split(b"\0"):
        path = entry[3:]
        if not path.startswith(prefix) or not path:
            continue
        name = os.fsdecode(path.removeprefix(prefix))
        try:
            status = os.lstat(os.path.join(root, name))
        except (OSError, ValueError):
            seen[name] = "-"
        else:
            seen[name] = f"{status.st_mtime_ns} {status.st_ctime_ns} {status.st_size}"
    return seen


def changed_between(before: dict[str, str], after: dict[str, str]) -> tuple[list[str], list[str]]:
    """Return the paths that were written and those that were removed between two looks."""
    moved = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    if "" in moved:
        # A commit has taken over what differed; nothing of that was written by it.
        moved &= after.keys()
    written = [path for path in moved if path and after.get(path, "") != "-"]
    return sorted(written), sorted(path for path in moved if path and after.get(path) == "-")


def settle(
    root: str, base: str | None, agent: str | None, record: Record, *, final: bool
) -> Settled:
    """Judge all that has changed since a session started.

    What only several files together keep is judged at the end (`final`): until then one of them
    may be still to come. Without a base nothing can be told apart from what was there before.
    """
    if base is None:
        return Settled((), (NO_BASE,), usable=False)
    request = Request(
        base=base,
        diff=base,
        agent=agent or OF_NO_CLASS,
        record=record,
        sorts=BEFORE | AFTER if final else BEFORE,
    )
    run = check_repository(Path(root), config_of(root), request)
    # That no sentence knows the class of an agent that has none is no news.
    said = [d for d in run.verdicts.diagnostics if agent is not None or d.code != _STRANGE_CLASS]
    errors = tuple(_line(each) for each in said if each.severity is Severity.ERROR)
    if not run.usable:
        return Settled((), errors or (NO_BASE,), usable=False)
    change = run.side.evidence.change if run.side is not None else None
    touched = frozenset(change.touched if change is not None else ())
    found = [_found(judgement, touched, final) for judgement in run.verdicts.judgements]
    weakened = tuple(_line(each) for each in said if each.code in _WEAKENED)
    return Settled(tuple(f for f in found if f.violations or f.unjudged), errors, True, weakened)


def _line(said: Diagnostic) -> str:
    place = f"{said.span}: " if said.span else ""
    return f"{place}{said.code}: {said.message}"


def _found(judgement: Judgement, touched: frozenset[str], final: bool) -> Found:
    """Return what is to be said of a judgement: at the end also what no path stands for."""
    unjudged = [
        (each.path, each.reason)
        for each in judgement.not_evaluated
        if each.path in touched or (final and each.path is None)
    ]
    return Found(entry_of(judgement), judgement.violations, unjudged)
