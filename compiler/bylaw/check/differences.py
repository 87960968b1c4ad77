"""How git is asked what differs, and reading what `git diff --raw --numstat -z` says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bylaw.languages import language_of
from bylaw.snapshot import Snapshot
from bylaw.unevaluable import UnevaluableError

DIFF = (
    "--raw",
    "--numstat",
    "-z",
    "--no-abbrev",
    "--find-renames=50%",
    "-l1000",
    "--diff-algorithm=myers",
    "--relative",
    "--ignore-submodules=dirty",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
)
"""How trees are compared, whatever a user has set up; no option names a program."""


HUNKS = ("--text", "--unified=0", *DIFF[DIFF.index("--find-renames=50%") :])
"""How the lines of one file are compared that git would not count."""

_HUNK = re.compile(rb"^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@", re.MULTILINE)
_HEAD_BYTES = 8000
"""Within so many git looks for the NUL that makes a file binary."""


@dataclass
class Differences:
    """Paths that differ, by what has happened to them, and how many lines of each.

    `uncounted` are those of which git has counted none, because they, or an attribute, say that
    they are binary.
    """

    added: list[str] = field(default_factory=list)
    modified: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    uncounted: list[str] = field(default_factory=list)

    def sort(self) -> None:
        """Sort the paths, each once."""
        for paths in (self.added, self.modified, self.deleted):
            paths[:] = sorted(set(paths))


def read_differences(output: bytes) -> Differences:
    """Return the differences that git lists: all entries of `--raw`, then those of `--numstat`."""
    found = Differences()
    fields = iter(output.split(b"\0"))
    for head in fields:
        if head.startswith(b":"):
            _read_raw(head, fields, found)
        elif head:
            _read_count(head, fields, found)
    return found


def _read_raw(head: bytes, fields: Iterator[bytes], found: Differences) -> None:
    """Read `:mode mode object object status`, and its path, or two of them."""
    _, _, before, after, status = head.split(b" ")
    path = _text(next(fields))
    if status[:1] in b"RC":
        old, path = path, _text(next(fields))
        if status.startswith(b"C"):
            found.added.append(path)
            return
        found.renamed[path] = old
        if before != after and status != b"R100":
            found.modified.append(path)
    elif status == b"A":
        found.added.append(path)
    elif status == b"D":
        found.deleted.append(path)
    else:
        # Modified, of another type, or with a merge that is not finished.
        found.modified.append(path)


def _read_count(head: bytes, fields: Iterator[bytes], found: Differences) -> None:
    """Read `added TAB deleted TAB path`; with an empty path, old and new follow."""
    added, deleted, path = head.split(b"\t", 2)
    if not path:
        next(fields)
        path = next(fields)
    # A binary file has dashes for numbers.
    lines = sum(int(number) for number in (added, deleted) if number.isdigit())
    found.counts[_text(path)] = lines
    if added == b"-":
        found.uncounted.append(_text(path))


def _text(path: bytes) -> str:
    return path.decode("utf-8", "backslashreplace")


def count_lines(patch: bytes) -> int:
    """Return how many lines a patch without context adds and deletes."""
    counts = (count for hunk in _HUNK.findall(patch) for count in hunk)
    return sum(int(count) if count else 1 for count in counts)


def is_text(path: str, before: Snapshot, after: Snapshot) -> bool:
    """Tell whether a file has lines, whatever an attribute says of it; code with a NUL has."""
    if language_of(path) is not None:
        return True
    for side in (before, after):
        try:
            if b"\0" in side.read(path)[:_HEAD_BYTES]:
                return False
        except UnevaluableError:
            continue
    return True
