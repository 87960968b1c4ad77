"""What git knows of a change: its base, its files and commits, and the trees at both ends."""

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache, partial
from pathlib import Path
from subprocess import CompletedProcess

from bylaw.check.change import Change, Commit
from bylaw.check.differences import (
    DIFF,
    HUNKS,
    Differences,
    count_lines,
    is_text,
    read_differences,
)
from bylaw.check.objects import CommitTree, GitTree, IndexTree, commit_tree, index_tree
from bylaw.diagnostics import Code, Report, Severity
from bylaw.git import run_git, without_filters
from bylaw.snapshot import MemoryTree, Snapshot, WorkingTree
from bylaw.unevaluable import UnevaluableError
from bylaw.worktree import main_branch

__all__ = [
    "CommitTree",
    "GitTree",
    "IndexTree",
    "change_since",
    "commit_tree",
    "current_branch",
    "find_base",
    "index_tree",
    "resolve_commit",
]

NO_BASE = Code("BL500", "no-base", Severity.WARNING)
UNKNOWN_REVISION = Code("BL501", "unknown-revision", Severity.ERROR)
SHALLOW_CLONE = Code("BL502", "shallow-clone", Severity.ERROR)
NO_COMMON_HISTORY = Code("BL503", "no-common-history", Severity.ERROR)
AMBIGUOUS_REVISION = Code("BL505", "ambiguous-revision", Severity.ERROR)
NO_COMPARISON = Code("BL504", "no-comparison", Severity.ERROR)

_FETCH_ALL = "fetch all of it: `fetch-depth: 0` for `actions/checkout`, or `git fetch --unshallow`"

_CO_AUTHOR = re.compile(r"^co-authored-by:[ \t]*([^\n]*\S)", re.I | re.M)


def current_branch(root: Path) -> str | None:
    """Return the name of the branch that is checked out; None where it is none."""
    done = run_git(str(root), "symbolic-ref", "--quiet", "--short", "HEAD")
    if done is None or done.returncode:
        return None
    return done.stdout.decode("utf-8", "backslashreplace").rstrip("\n") or None


def resolve_commit(root: Path, revision: str, report: Report) -> str | None:
    """Return the id of the commit that a revision names; where it names none, report that.

    Before the first commit `HEAD` is the empty tree.
    """
    found = _commit(root, revision)
    if found is not None:
        return None if _is_ambiguous(root, revision, report) else found
    if not _is_repository(root):
        _report_no_repository(
            report, UNKNOWN_REVISION, "check in a git repository, or without naming a base"
        )
    elif revision == "HEAD":
        return _empty_tree(root)
    elif _is_shallow(root):
        report.add(
            SHALLOW_CLONE, f"`{revision}` is not in this shallow clone", None, help=_FETCH_ALL
        )
    else:
        report.add(
            UNKNOWN_REVISION,
            f"`{revision}` names no commit of this repository",
            None,
            help="name a branch, a tag or a commit, as `git log` lists them, or fetch it first",
        )
    return None


def find_base(
    root: Path, report: Report, given: str | None = None, main: str | None = None
) -> str | None:
    """Return what a change is measured from, and report where there is nothing.

    That is the commit that `given` names, else the one where HEAD and the main branch parted:
    `main` of the configuration, on the remote before the local one, or git's default. Before the
    first commit it is the empty tree, so that everything is new.
    """
    if given is not None:
        return resolve_commit(root, given, report)
    if not _is_repository(root):
        _report_no_repository(
            report, NO_BASE, "only in a git repository can what judges a change be evaluated"
        )
        return None
    if _commit(root, "HEAD") is None:
        return _empty_tree(root)
    branch = _main(root, main)
    if branch is None:
        _report_no_main(root, main, report)
        return None
    done = run_git(str(root), "merge-base", "HEAD", branch)
    found = done.stdout.split() if done is not None else []
    if found:
        return found[0].decode("ascii")
    name = branch.removeprefix("refs/").removeprefix("remotes/").removeprefix("heads/")
    if _is_shallow(root):
        report.add(
            SHALLOW_CLONE,
            f"this clone is too shallow to tell where `{name}` and the change parted",
            None,
            help=_FETCH_ALL,
        )
    else:
        report.add(
            NO_COMMON_HISTORY,
            f"`{name}` and the commit that is checked out have no history in common",
            None,
            help="name what to compare with: `--base`, or `main-branch` in the configuration",
        )
    return None


def change_since(
    root: Path, base: str, tree: Snapshot, report: Report, branch: str | None = None
) -> Change | None:
    """Return what differs between `base` and the tree under check; None where git cannot say.

    `base` is from `find_base` or `resolve_commit`; `tree` a working tree, the index or a commit's
    tree. `branch` is the current branch, where the caller knows better than git.
    """
    before = commit_tree(root, base, report)
    if before is None:
        _report_failure(root, base, b"", report)
        return None
    found = _differences(root, base, tree, report)
    if found is None:
        return None
    for path in found.uncounted:
        if is_text(path, before, tree):
            names = (path, found.renamed.get(path, path))
            done = _diff(root, base, tree, *HUNKS, names=names)
            found.counts[path] = count_lines(done.stdout) if done is not None else 0
    if isinstance(tree, WorkingTree):
        _add_untracked(root, before, tree, found)
        _add_unwatched(root, before, tree, found)
    found.sort()
    head = tree.commit if isinstance(tree, CommitTree) else "HEAD"
    is_commit = _commit(root, base) is not None
    return Change(
        base=before if is_commit else MemoryTree(),
        base_commit=base if is_commit else None,
        added=tuple(found.added),
        modified=tuple(found.modified),
        deleted=tuple(found.deleted),
        renamed=dict(sorted(found.renamed.items())),
        lines=sum(found.counts.values()),
        commits=_commits(root, base, head) if is_commit else (),
        branch=branch if branch is not None else current_branch(root),
        counts=dict(sorted(found.counts.items())),
        touched_since=lru_cache(maxsize=64)(partial(_touched_since, root, tree)),
    )


def _differences(root: Path, base: str, tree: Snapshot, report: Report) -> Differences | None:
    done = _diff(root, base, tree, *DIFF)
    if done is None or done.returncode:
        _report_failure(root, base, done.stderr if done else b"", report)
        return None
    return read_differences(done.stdout)


def _diff(
    root: Path, base: str, tree: Snapshot, *options: str, names: Sequence[str] = ()
) -> CompletedProcess[bytes] | None:
    sides = [base]
    settings: tuple[tuple[str, str], ...] = ()
    if isinstance(tree, IndexTree):
        sides = ["--cached", base]
    elif isinstance(tree, CommitTree):
        sides = [base, tree.commit]
    else:
        settings = without_filters(str(root))
    return run_git(str(root), "diff", *options, *sides, "--", *names, settings=settings)


# --- what the working tree holds beyond what git compares --------------------------------------


def _add_untracked(root: Path, before: GitTree, tree: WorkingTree, found: Differences) -> None:
    """Count files as added that git would add; one that has moved there unchanged is renamed."""
    done = run_git(str(root), "ls-files", "-z", "--others", "--exclude-standard")
    if done is None or done.returncode:
        return
    here = frozenset(tree.files)
    gone: dict[str, list[str]] = {}
    for path in sorted(found.deleted, reverse=True):
        if path in before.entries:
            gone.setdefault(before.entries[path], []).append(path)
    for name in sorted(done.stdout.split(b"\0")):
        path = name.decode("utf-8", "backslashreplace")
        if not name or path not in here:
            continue
        try:
            data = tree.read(path)
        except UnevaluableError:
            data = b""
        former = gone.get(_object_name(data, gone)) if gone else None
        if former:
            old = former.pop()
            found.deleted.remove(old)
            found.renamed[path] = old
            found.counts.pop(old, None)
        else:
            found.added.append(path)
            found.counts[path] = data.count(b"\n") + (not data.endswith(b"\n") and data != b"")


def _object_name(data: bytes, like: dict[str, list[str]]) -> str:
    """Return the name of the object that holds `data`, by the digest that the repository uses."""
    digest = hashlib.sha256 if len(next(iter(like))) == 64 else hashlib.sha1
    return digest(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _add_unwatched(root: Path, before: GitTree, tree: WorkingTree, found: Differences) -> None:
    """Compare files that git has been told not to look at: `assume-unchanged`, `skip-worktree`."""
    done = run_git(str(root), "ls-files", "-v", "-z")
    if done is None or done.returncode:
        return
    here = frozenset(tree.files)
    known = {*found.added, *found.modified, *found.renamed}
    for entry in done.stdout.split(b"\0"):
        if not entry or (entry[:1].isupper() and entry[:1] != b"S"):
            continue
        path = entry[2:].decode("utf-8", "backslashreplace")
        if path in known or path not in before.entries or path not in here:
            continue
        try:
            old, new = before.read(path), tree.read(path)
        except UnevaluableError:
            continue
        # Git may check files out with other line ends than it keeps.
        if old.replace(b"\r\n", b"\n") != new.replace(b"\r\n", b"\n"):
            found.modified.append(path)


# --- commits -----------------------------------------------------------------------------------


def _commits(root: Path, base: str, head: str) -> tuple[Commit, ...]:
    """Return the commits since the base, oldest first."""
    done = run_git(
        str(root),
        "log",
        "-z",
        "--reverse",
        "--topo-order",
        "--no-show-signature",
        "--no-color",
        "--format=%H%x00%P%x00%an <%ae>%x00%cn <%ce>%x00%B",
        f"{base}..{head}",
        "--",
    )
    if done is None or done.returncode:
        return ()
    fields = done.stdout.decode("utf-8", "replace").split("\0")
    return tuple(
        Commit(
            name,
            author,
            body.lstrip("\n").partition("\n")[0].rstrip(),
            " " in parents,
            tuple(_CO_AUTHOR.findall(body)),
            committer,
        )
        for name, parents, author, committer, body in zip(*(iter(fields),) * 5, strict=False)
    )


def _commit(root: Path, revision: str) -> str | None:
    # What starts with a dash would be an option.
    if revision.startswith("-") or "\0" in revision or not revision:
        return None
    done = run_git(str(root), "rev-parse", "--verify", "--quiet", revision + "^{commit}")
    if done is None or done.returncode:
        return None
    return done.stdout.decode("ascii", "replace").strip() or None


def _is_repository(root: Path) -> bool:
    done = run_git(str(root), "rev-parse", "--git-dir")
    return done is not None and not done.returncode


def _report_no_repository(report: Report, code: Code, advice: str) -> None:
    report.add(
        code,
        "there is no base to compare with, because this is no git repository",
        None,
        help=advice,
    )


def _is_ambiguous(root: Path, revision: str, report: Report) -> bool:
    """Tell, and report, whether a tag and a branch of one name lead to different commits.

    Git would take the tag, or a local branch named like one of the remote: whoever may push a tag
    could choose what a change is measured from.
    """
    names = [f"refs/{kind}/{revision}" for kind in ("tags", "heads", "remotes")]
    form = "--format=%(refname) %(objectname) %(*objectname)"
    done = run_git(str(root), "for-each-ref", form, *names)
    if done is None or done.returncode:
        return False
    lines = (line.split() for line in done.stdout.decode("utf-8", "replace").splitlines())
    found = {line[0]: line[-1] for line in lines if line and line[0] in names}
    if len(set(found.values())) < 2:
        return False
    last = [name for name in names if name in found][-1]
    report.add(
        AMBIGUOUS_REVISION,
        f"`{revision}` names more than one commit: {' and '.join(f'`{name}`' for name in found)}",
        None,
        help=f"write the one that is meant in full, as in `{last}`",
    )
    return True


def _touched_since(root: Path, tree: Snapshot, commit: str) -> frozenset[str] | None:
    found = _commit(root, commit)
    since = change_since(root, found, tree, Report()) if found is not None else None
    return frozenset(since.touched) if since is not None else None


def _empty_tree(root: Path) -> str | None:
    done = run_git(str(root), "hash-object", "-t", "tree", "--stdin")
    return done.stdout.decode("ascii").strip() if done is not None else None


def _main(root: Path, configured: str | None) -> str | None:
    if configured is None:
        return main_branch(root)
    names = (f"refs/remotes/origin/{configured}", f"refs/heads/{configured}", configured)
    return next((name for name in names if _commit(root, name) is not None), None)


def _is_shallow(root: Path) -> bool:
    done = run_git(str(root), "rev-parse", "--is-shallow-repository")
    return done is not None and done.stdout.strip() == b"true"


def _report_no_main(root: Path, configured: str | None, report: Report) -> None:
    if _is_shallow(root):
        name = f"`{configured}`" if configured else "the main branch"
        report.add(SHALLOW_CLONE, f"{name} is not in this shallow clone", None, help=_FETCH_ALL)
    elif configured is not None:
        report.add(
            UNKNOWN_REVISION,
            f"`{configured}` names no branch of this repository",
            None,
            help="correct `main-branch` in the configuration, or fetch the branch",
        )
    else:
        report.add(
            NO_BASE,
            "there is no base to compare with, because git knows no main branch",
            None,
            help="name it as `main-branch` in the configuration, or say `--base`",
        )


def _report_failure(root: Path, base: str, output: bytes, report: Report) -> None:
    reason = output.decode("utf-8", "replace").strip().partition("\n")[0].removeprefix("fatal: ")
    done = run_git(
        str(root), "config", "--get-regexp", r"^(extensions|remote\..*)\.(partialclone|promisor)"
    )
    partial = done is not None and bool(done.stdout.strip())
    report.add(
        NO_COMPARISON,
        f"git cannot compare the tree with `{base[:12]}`",
        None,
        note=reason or None,
        help="this clone leaves file contents out: clone without `--filter`"
        if partial
        else "see that `git diff` works here: the repository may be broken or not be trusted",
    )
