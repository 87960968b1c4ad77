"""What people have written in a `CODEOWNERS` file, held against the lines that are ours."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from bylaw.diagnostics import Code, Diagnostic, Report, Severity, Span
from bylaw.globs import overlap
from bylaw.owners.patterns import to_globs
from bylaw.regions import BrokenRegionError, find
from bylaw.source import Source

OVERRIDDEN_OWNERS = Code("BL441", "overridden-owners", Severity.WARNING)
CLEARED_OWNERS = Code("BL442", "cleared-owners", Severity.WARNING)

NAME = "CODEOWNERS"

PLACES = {
    "github": (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"),
    "gitlab": ("CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"),
}
"""Where a forge looks for the file; the first that is there is the only one that it reads."""

_MOST = 20
"""So many lines of one file are reported."""

_FIELDS = re.compile(r"(?:\\.|[^\s\\])+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line that somebody has written: its number from 0, pattern, globs and owners."""

    number: int
    pattern: str
    globs: tuple[str, ...]
    owners: tuple[str, ...]


def report_clashes(path: str, data: bytes, content: bytes, report: Report) -> None:
    """Report the lines that take owners from ours, and those that ours take theirs from.

    `data` is the file as it is, `content` what will stand in our region.
    """
    source = Source(path, data)
    try:
        region = find(data)
    except BrokenRegionError:
        return
    start, end = (region.start, region.end) if region else (len(data), len(data))
    before = list(_entries(data[:start].decode("utf-8", "replace"), 0))
    first = data[:end].count(b"\n")
    after = list(_entries(data[end:].decode("utf-8", "replace"), first))
    ours = list(_entries(content.decode("utf-8", "replace"), 0))
    bare = [entry for entry in ours if not entry.owners]
    below = (_overridden(source, entry, ours) for entry in after)
    above = (_cleared(source, entry, bare) for entry in before)
    for found in (below, above):
        report.extend(islice(filter(None, found), _MOST))


def _overridden(source: Source, entry: Entry, ours: Sequence[Entry]) -> Diagnostic | None:
    """Return what is wrong with a line below the region; it may well ask fewer people."""
    owners = {owner.casefold() for owner in entry.owners}
    for line in ours:
        if not line.owners or (owners and owners <= {o.casefold() for o in line.owners}):
            continue
        witness = overlap(entry.globs, line.globs)
        if witness is not None:
            named = ", ".join(f"`{owner}`" for owner in line.owners)
            return Diagnostic(
                OVERRIDDEN_OWNERS.number,
                OVERRIDDEN_OWNERS.severity,
                f"`{entry.pattern}` takes files from the owners that the decisions name",
                _span(source, entry),
                note=f"the last match counts, and `{witness}` has to be approved by {named}",
                help="move the line above the region, or change the decision",
            )
    return None


def _cleared(source: Source, entry: Entry, bare: Sequence[Entry]) -> Diagnostic | None:
    for line in bare if entry.owners else ():
        witness = overlap(entry.globs, line.globs)
        if witness is not None:
            return Diagnostic(
                CLEARED_OWNERS.number,
                CLEARED_OWNERS.severity,
                f"an exception of the decisions takes files from the owners of `{entry.pattern}`",
                _span(source, entry),
                note=f"`{line.pattern}` below has no owner, and matches `{witness}`, too",
                help="write a line for those files below the region",
            )
    return None


def _span(source: Source, entry: Entry) -> Span:
    length = len(source.lines[entry.number])
    return source.span(entry.number, 0, entry.number, length)


def _entries(text: str, first: int) -> Iterator[Entry]:
    for offset, line in enumerate(text.split("\n")):
        fields = _FIELDS.findall(line)
        words = []
        for field in fields:
            if field.startswith("#"):
                break
            words.append(field)
        if not words or words[0].startswith(("[", "^[")):
            continue
        globs = to_globs(words[0])
        if globs:
            yield Entry(first + offset, words[0], globs, tuple(words[1:]))
