"""What a compact set was made from, and whether that is still what lies on disk.

Of the decisions and the configuration the content counts, of the tree its list of names, of the
commit that is checked out its id, because its day decides what is in force. Nothing is asked of
git: a time stamp that has not moved says enough, and where it has, what it stands for is read.
"""

import os
from binascii import crc32

_RACY_NANOSECONDS = 50_000_000
"""What was changed so shortly before it was looked at may change again under the same stamp."""

_BLOCK = 1 << 20

TYPE_CHECKING = False  # `typing` takes longer to import than the stamps take to compare
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    Stamp: TypeAlias = tuple[str, int, int, int]
    """A path, its time in nanoseconds, its size, and a checksum of what it holds."""

    Stamps: TypeAlias = tuple[tuple[Stamp, ...], tuple[Stamp, ...], str, int]
    """Those of files, those of folders, the commit, and when they were taken."""


def take(root: str, files: "Iterable[str]", folders: "Iterable[str]", now: int) -> "Stamps":
    """Stamp files and folders below `root`; `now` is a time of before they were read."""
    return (
        tuple(_of_file(root, path) for path in files),
        tuple(_of_folder(root, path) for path in folders),
        head(root),
        now,
    )


def hold(root: str, stamps: "Stamps") -> bool:
    """Tell whether all that was stamped is what it was."""
    files, folders, commit, taken = stamps
    certain = taken - _RACY_NANOSECONDS
    for stamp in files:
        path, time, size, _ = stamp
        try:
            status = os.stat(f"{root}/{path}")
        except OSError:
            found = (0, -1)
        else:
            found = (changed_at(status), status.st_size)
        moved = found != (time, size) or time >= certain
        if moved and (found[1] != size or _of_file(root, path)[3] != stamp[3]):
            return False
    for stamp in folders:
        path, time, _, _ = stamp
        try:
            last = changed_at(os.stat(f"{root}/{path}"))
        except OSError:
            return False
        if (last != time or time >= certain) and _of_folder(root, path)[3] != stamp[3]:
            return False
    return head(root) == commit


def changed_at(status: "os.stat_result") -> int:
    """Return when a file was last changed, in nanoseconds, as nobody but the system can set it."""
    # Elsewhere that is the time of its creation.
    return status.st_ctime_ns if os.name == "posix" else status.st_mtime_ns


def _of_file(root: str, path: str) -> "Stamp":
    """Stamp a file; one that is not there has no size."""
    try:
        with open(f"{root}/{path}", "rb") as stream:
            status = os.fstat(stream.fileno())
            checksum = 0
            while block := stream.read(_BLOCK):
                checksum = crc32(block, checksum)
    except OSError:
        return path, 0, -1, 0
    return path, changed_at(status), status.st_size, checksum


def _of_folder(root: str, path: str) -> "Stamp":
    """Stamp a folder's list of names, and which of them are folders or links."""
    folder = f"{root}/{path}"
    try:
        time = changed_at(os.stat(folder))
        names = sorted(
            f"{each.name}\0{each.is_symlink():d}{each.is_dir(follow_symlinks=False):d}"
            for each in os.scandir(folder)
            if each.name != ".git" and not (not path and each.name == ".bylaw")
        )
    except OSError:
        return path, 0, -1, 0
    data = "\n".join(names).encode("utf-8", "surrogateescape")
    return path, time, len(names), crc32(data)


# --- the commit --------------------------------------------------------------------------------


def head(root: str) -> str:
    """Return the id of the commit that is checked out, empty where there is none."""
    from bylaw.record.store import git_folder

    git = git_folder(root)
    if git is None:
        return ""
    said = _text(f"{git}/HEAD")
    if not said.startswith("ref:"):
        return said
    name = said[4:].strip()
    common = os.path.normpath(os.path.join(git, _text(f"{git}/commondir") or "."))
    for folder in (git, common):
        if found := _text(f"{folder}/{name}"):
            return found
    for line in _text(f"{common}/packed-refs").splitlines():
        commit, _, ref = line.partition(" ")
        if ref == name:
            return commit
    # A repository whose references are kept in tables: these change with every commit.
    try:
        return f"{name} {os.stat(f'{common}/reftable/tables.list').st_mtime_ns}"
    except OSError:
        return name


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return stream.read().strip()
    except OSError:
        return ""
