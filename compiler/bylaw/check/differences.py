"""Reading what `git diff --raw --numstat -z` says."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Differences:
    """Paths that differ, by what has happened to them, and how many lines of each."""

    added: list[str] = field(default_factory=list)
    modified: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

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


def _text(path: bytes) -> str:
    return path.decode("utf-8", "backslashreplace")
