"""A decision that is about to be written: its file's name by the custom of the others."""

import re
import unicodedata
from dataclasses import dataclass

from bylaw.preview.workspace import Linked
from bylaw.program import Header

_DEFAULT_FOLDER = "docs/adr"
_DEFAULT_WIDTH = 4
_LONGEST_NAME = 60
"""Characters of a title that go into a file's name."""

_TEXT = """\
# {heading}

Date: {day}

## Status

Proposed

## Context

What makes a decision necessary, and what was considered.

## Decision

What we do.

## Constraints

<!--
One item for each sentence that a machine is to check, as in:

- [no-orm] Modules in `shop.domain` MUST NOT import `sqlalchemy`.
-->

-{space}

## Consequences

What becomes easier, and what harder.
"""


@dataclass(frozen=True, slots=True)
class Blank:
    """A file that does not exist yet, and a text to begin with."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class _Custom:
    """How the newest decision is named: `docs/adr/0041-x.md` has a folder, a width and `-`."""

    folder: str
    before: str
    width: int
    between: str
    numbered_title: bool


def blank(linked: Linked, title: str = "") -> Blank:
    """Return a decision to begin with: named as the others are, with the next number."""
    headers = [unit.header for unit in linked.program.units]
    numbered = [header for header in headers if header.number is not None]
    newest = max(numbered, key=lambda header: (header.number, header.path), default=None)
    custom = _custom(linked, newest)
    title = " ".join(title.split()) or "New decision"
    number = (newest.number or 0) + 1 if newest is not None else 1
    taken = {header.path for header in headers} | set(linked.files)
    while (path := _path(custom, number, title)) in taken:
        number += 1
    heading = f"{number}. {title}" if custom.numbered_title else title
    return Blank(path, _TEXT.format(heading=heading, day=linked.program.as_of, space=" "))


def _custom(linked: Linked, newest: Header | None) -> _Custom:
    """Return how files are named here, by the decision with the highest number."""
    if newest is not None:
        folder, _, name = newest.path.rpartition("/")
        found = re.match(r"(\D*?)(\d+)([-_. ]*)", name)
        if found and int(found[2]) == newest.number:
            heading = _heading(linked, newest)
            return _Custom(
                folder,
                found[1],
                len(found[2]),
                found[3] or "-",
                re.match(rf"0*{newest.number}\b", heading) is not None,
            )
    return _Custom(_folder(linked, newest), "", _DEFAULT_WIDTH, "-", True)


def _heading(linked: Linked, header: Header) -> str:
    """Return the words of a decision's first heading: its title has lost the number."""
    source = linked.source(header.path)
    found = re.search(r"^#\s+(.*)$", source.text, re.MULTILINE) if source is not None else None
    return found[1] if found else ""


def _folder(linked: Linked, newest: Header | None) -> str:
    """Return the folder in which decisions lie, or are to."""
    units = linked.program.units
    known = newest or (units[-1].header if units else None)
    if known is not None:
        return known.path.rpartition("/")[0]
    plain = (str(glob).rstrip("/*") for glob in linked.config.adrs)
    return next((each for each in plain if not re.search(r"[*?\[{]", each)), _DEFAULT_FOLDER)


def _path(custom: _Custom, number: int, title: str) -> str:
    name = f"{custom.before}{number:0{custom.width}}{custom.between}{slug(title)}.md"
    return f"{custom.folder}/{name}" if custom.folder else name


def slug(title: str) -> str:
    """Return a title as a file's name: small Latin letters and digits, with `-` between words."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain)
    return "-".join(words)[:_LONGEST_NAME].strip("-") or "decision"
