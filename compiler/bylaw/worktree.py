"""The tree under check: the files that git tracks or would add, or all files where git is not."""

import os
import stat
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from bylaw.diagnostics import Code, Report, Severity
from bylaw.git import run_git

GIT_REFUSES = Code("BL306", "tree-without-git", Severity.WARNING)
UNNAMEABLE = Code("BL307", "unnameable-file", Severity.WARNING)

_MAIN_BRANCHES = ("remotes/origin/main", "heads/main", "remotes/origin/master", "heads/master")

_SYMLINK = b"120000"
_SUBMODULE = b"160000"


def list_files(root: str | Path, report: Report) -> tuple[str, ...]:
    """Return the tree's files below `root` as sorted paths with `/`.

    Symbolic links, submodules, nested repositories and files deleted from the working tree are
    left out. Names that are not UTF-8 cannot be named by a glob and are reported.
    """
    found = _git_files(os.fsencode(root), report)
    return nameable(_walk(os.fsencode(root)) if found is None else found, report)


def nameable(names: Iterable[bytes], report: Report) -> tuple[str, ...]:
    """Return the names that are UTF-8, sorted, and report the others."""
    files: list[str] = []
    odd: list[bytes] = []
    for name in names:
        try:
            files.append(name.decode("utf-8"))
        except UnicodeDecodeError:
            odd.append(name)
    for name in sorted(odd):
        shown = name.decode("utf-8", errors="backslashreplace")
        report.add(
            UNNAMEABLE,
            f"the name of `{shown}` is not UTF-8, so no constraint covers the file",
            help="rename the file",
        )
    files.sort()
    return tuple(files)


def head_commit_date(root: str | Path) -> date | None:
    """Return the day, UTC, on which HEAD was committed, or None where there is no commit."""
    return commit_date(root, "HEAD")


def commit_date(root: str | Path, commit: str) -> date | None:
    """Return the day, UTC, on which a commit was made, or None where there is none."""
    done = run_git(os.fsencode(root), "log", "-1", "--format=%ct", commit, "--")
    if done is None or done.returncode:
        return None
    seconds = done.stdout.strip()
    return datetime.fromtimestamp(int(seconds), UTC).date() if seconds.isdigit() else None


def main_branch(root: str | Path) -> str | None:
    """Return the ref of the main branch: the remote's default, else `main`, else `master`."""
    names = ("remotes/origin/HEAD", *_MAIN_BRANCHES)
    refs = [f"refs/{name}" for name in names]
    done = run_git(os.fsencode(root), "for-each-ref", "--format=%(refname)", *refs)
    if done is None or done.returncode:
        return None
    present = done.stdout.decode("utf-8", errors="surrogateescape").split()
    return next((ref for ref in refs if ref in present), None)


def main_branch_name(root: str | Path) -> str | None:
    """Return the name of the main branch, as in `main`, or None where there is none."""
    ref = main_branch(root)
    if ref is not None and ref.endswith("/HEAD"):
        done = run_git(os.fsencode(root), "symbolic-ref", ref)
        ref = None if done is None or done.returncode else os.fsdecode(done.stdout.strip())
    if ref is None:
        return None
    return ref.removeprefix("refs/heads/").removeprefix("refs/remotes/origin/")


def _git_files(root: bytes, report: Report) -> list[bytes] | None:
    """Return what git lists and the disk holds, or None where a plain walk is needed."""
    done = run_git(root, "ls-files", "-z", "--stage", "--others", "--exclude-standard")
    if done is None:
        if os.path.lexists(os.path.join(root, b".git")):
            report.add(
                GIT_REFUSES,
                "git cannot be started, so ignored files are taken for part of the tree",
                help="install git",
            )
        return None
    if done.returncode:
        reason = done.stderr.decode("utf-8", errors="replace").strip().partition("\n")[0]
        if "not a git repository" not in reason:
            report.add(
                GIT_REFUSES,
                "git does not list the tree, so ignored files are taken for part of it",
                note=reason.removeprefix("fatal: "),
                help="make the folder safe for git, or build outside the bare repository",
            )
        return None
    return list(_regular(root, done.stdout))


def _regular(root: bytes, listing: bytes) -> Iterator[bytes]:
    """Yield the paths of a listing that are regular files on disk, each once."""
    previous = b""
    prefix = os.path.join(root, b"")
    lstat = os.lstat
    for entry in listing.split(b"\0"):
        # `mode object stage<TAB>path` for what is tracked, the bare path for what would be added.
        # A path can hold a tab, but an untracked one does not look like a tracked entry.
        path = entry
        if entry[6:7] == b" " and b"\t" in entry and entry[:6].isdigit():
            if entry.startswith((_SYMLINK, _SUBMODULE)):
                continue
            path = entry.partition(b"\t")[2]
        # A conflict lists a path at up to three stages; a nested repository ends in a slash.
        if not path or path == previous or path.endswith(b"/"):
            continue
        previous = path
        try:
            mode = lstat(prefix + path).st_mode
        except OSError:
            continue
        if stat.S_ISREG(mode):
            yield path


def _walk(root: bytes) -> Iterator[bytes]:
    """Yield every regular file below a folder but what is in `.git`; links are not followed."""
    pending = [b""]
    while pending:
        folder = pending.pop()
        try:
            entries = list(os.scandir(os.path.join(root, folder)))
        except OSError:
            continue
        for entry in entries:
            if entry.name == b".git":
                continue
            path = folder + entry.name
            if entry.is_dir(follow_symlinks=False):
                pending.append(path + b"/")
            elif entry.is_file(follow_symlinks=False):
                yield path
