"""The compact set: a repository's constraints in force, as a tool call's check reads them.

It lies in the user's cache folder, is made from the decisions like any other artifact, and is
read only while everything it was made from is unchanged (`bylaw.checkpoint.stamps`).
"""

import marshal
import os
import sys
from binascii import crc32
from bisect import bisect_left

from bylaw import __version__
from bylaw.cache_folder import cache_folder, folder_name
from bylaw.checkpoint import stamps

TYPE_CHECKING = False  # `typing` takes longer to import than the set takes to read
if TYPE_CHECKING:
    from typing import Any

FORMAT = 3
_NAME = "checkpoint.bin"
_MARK = b"bylaw compact set\n"
_SUM_BYTES = 4


class Entry:
    """One constraint.

    `node` is packed (see `bylaw.checkpoint.nodes`); `place` is the decision's file and the line.
    `words` are what a file must hold for a violation, as `bylaw.checkpoint.sieve` reads them,
    None where any file can; of a limit, its number and unit; of commands, whether they must be
    run, and their words. `waits` says that somebody else has a word in it (a waiver, a
    permission), so that the whole checker must judge before anything is denied. `globs` are the
    area's: where it lies, what is left out.
    """

    __slots__ = (
        "alternative",
        "because",
        "full_id",
        "globs",
        "languages",
        "line",
        "node",
        "path",
        "sentence",
        "severity",
        "sort",
        "tests",
        "title",
        "waits",
        "words",
    )

    def __init__(self, *values: "Any") -> None:
        for name, value in zip(self.__slots__, values, strict=True):
            setattr(self, name, value)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Every field that is in `__slots__`."""

    def packed(self) -> "tuple[Any, ...]":
        """Return the values, in the order of `__slots__`."""
        return tuple(getattr(self, name) for name in self.__slots__)


class Compact:
    """The set as it is read: constraints by number, and of which of them each file is.

    `files` are the tree's, sorted; `groups` are the distinct sets of numbers, `group_of` says by
    the file's index which is its own. `graph` are the imports, `layout` what of the tree decides
    what names mean, `modules` the files of each module, all packed; `faults` are the errors in the
    decisions, as lines.
    """

    __slots__ = (
        "entries",
        "faults",
        "files",
        "graph",
        "group_of",
        "groups",
        "layout",
        "modules",
        "policy",
        "settings",
        "stamps",
    )

    def __init__(self, *values: "Any") -> None:
        for name, value in zip(self.__slots__, values, strict=True):
            setattr(self, name, value)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Every field that is in `__slots__`."""

    def numbers(self, path: str) -> "tuple[int, ...] | None":
        """Return the constraints that a file of the tree is judged by; None of any other path."""
        index = bisect_left(self.files, path)
        if index == len(self.files) or self.files[index] != path:
            return None
        found: tuple[int, ...] = self.groups[self.group_of[index]]
        return found

    def has(self, path: str) -> bool:
        """Tell whether a path is a file of the tree."""
        return self.numbers(path) is not None

    def has_folder(self, path: str) -> bool:
        """Tell whether files of the tree lie below a path."""
        below = f"{path}/"
        index = bisect_left(self.files, below)
        return index < len(self.files) and self.files[index].startswith(below)


def path_of(root: str) -> "str | None":
    """Return where the set of a repository is kept; None where there is no cache folder."""
    base = cache_folder()
    return None if base is None else os.path.join(base, folder_name(root), _NAME)


def read(root: str) -> Compact | None:
    """Return the set that is kept, None where there is none or it is out of date."""
    path = path_of(root)
    if path is None:
        return None
    try:
        with open(path, "rb") as stream:
            data = stream.read()
    except OSError:
        return None
    start = len(_MARK) + _SUM_BYTES
    content = memoryview(data)[start:]
    sealed = crc32(content).to_bytes(_SUM_BYTES, "big")
    if not data.startswith(_MARK) or data[len(_MARK) : start] != sealed:
        return None
    try:
        # Only this program writes there, and the checksum has just been looked at.
        maker, values = marshal.loads(content)  # noqa: S302
        if maker != _maker():
            return None
        set_ = Compact(*values)
    except (ValueError, EOFError, TypeError):
        return None
    return set_ if stamps.hold(root, set_.stamps) else None


def write(root: str, set_: Compact) -> None:
    """Keep a set for the calls to come; where that is not possible, each makes its own."""
    path = path_of(root)
    if path is None:
        return
    values = tuple(getattr(set_, name) for name in set_.__slots__)
    content = marshal.dumps((_maker(), values))
    data = _MARK + crc32(content).to_bytes(_SUM_BYTES, "big") + content
    part = f"{path}.{os.getpid()}.part"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(part, "wb") as stream:
            stream.write(data)
        os.replace(part, path)
    except OSError:
        try:
            os.unlink(part)
        except OSError:
            return


def _maker() -> str:
    """Return what tells one compiler from another: its version, and the time of its files."""
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    newest = 0
    for folder in ("", "/check", "/check/judges", "/checkpoint", "/facts"):
        for each in os.scandir(here + folder):
            if each.name.endswith(".py"):
                newest = max(newest, each.stat().st_mtime_ns)
    return f"{FORMAT} {__version__} {sys.version} {newest}"
