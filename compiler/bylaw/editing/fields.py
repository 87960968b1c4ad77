"""Completion in an ADR's metadata: words of status, and the decisions that it refers to."""

import re
from collections.abc import Iterator
from posixpath import dirname, relpath

from bylaw.adr.markdown import parse_blocks
from bylaw.adr.names import RELATION_NAMES, STATUS_NAMES
from bylaw.adr.record import PREFIX, field_name, section_name
from bylaw.adr.status import MEANINGS
from bylaw.editing.linked import Linked
from bylaw.editing.model import Completion
from bylaw.editing.operands import MOST
from bylaw.program import Header
from bylaw.source import Source

_NAMES = STATUS_NAMES | frozenset(RELATION_NAMES)
_USUAL = ("accepted", "proposed", "draft", "rejected", "deprecated", "superseded")
_FIELD = re.compile(r"(?P<name>[*_]{0,2}[A-Za-z][\w ()-]{0,40}[*_]{0,2}):[*_]{0,2}[ \t]*")
_RELATES = re.compile(
    r"\b(?:superseded|replaced|amended|deprecated|extended)\s+by:?\s+"
    r"|\b(?:supersedes|replaces|amends|extends|depends on|relates to|see)\s+",
    re.IGNORECASE,
)
_VALUE = re.compile(r"[^,;\[]*\Z")


def in_field(linked: Linked, source: Source, line: int, column: int) -> Iterator[Completion]:
    """Yield what may stand at a caret in the front matter, a field or a section of metadata."""
    if not 0 <= line < len(source.lines):
        return
    before = source.lines[line][:column]
    prefix = PREFIX.match(before)
    start = prefix.end() if prefix is not None else 0
    front, name = _surroundings(source, line)
    field = _FIELD.match(before, start)
    if field is not None and (named := field_name(field["name"])) in STATUS_NAMES | {
        *RELATION_NAMES
    }:
        name, start = named, field.end()
    elif front:
        name = _above(source, line) if before[:1] in {" ", "-"} else ""
    if not name:
        return
    relating = list(_RELATES.finditer(before, start))
    if name in RELATION_NAMES or relating:
        start = max(start, relating[-1].end()) if relating else start
        yield from _decisions(linked, source, line, column, start, front=front)
    elif name in STATUS_NAMES:
        yield from _statuses(before, line, column, start, front=front)


def _surroundings(source: Source, line: int) -> tuple[bool, str]:
    """Tell whether a line is in the front matter, and which section of metadata it is in."""
    document = parse_blocks(source)
    front = document.front_matter
    if front is not None and front.line <= line < front.end_line:
        return True, ""
    name = ""
    for heading in document.headings:
        if heading.line >= line:
            break
        name = section_name(heading)
    return False, name if name in _NAMES else ""


def _above(source: Source, line: int) -> str:
    """Return the key that a line of a YAML list belongs to."""
    for number in range(line - 1, 0, -1):
        text = source.lines[number]
        if text[:1] not in {" ", "-", ""}:
            field = _FIELD.match(text)
            return field_name(field["name"]) if field is not None else ""
    return ""


def _statuses(
    before: str, line: int, column: int, start: int, *, front: bool
) -> Iterator[Completion]:
    typed = before[start:].casefold()
    words = [" ".join(phrase) for phrase in MEANINGS]
    for word in dict.fromkeys((*_USUAL, *sorted(words))):
        if not word.startswith(typed):
            continue
        meaning = MEANINGS[tuple(word.split())]
        if word not in _USUAL and (not typed or meaning == "unclear"):
            continue
        text = word if front else word.capitalize()
        yield Completion(text, text, (line, start), (line, column), "status", meaning)


def _decisions(
    linked: Linked, source: Source, line: int, column: int, start: int, *, front: bool
) -> Iterator[Completion]:
    """Yield the other decisions, those found by what is typed of number, id or title."""
    before = source.lines[line][:column]
    value = _VALUE.search(before, start)
    begin = value.start() if value is not None else start
    begin += len(before[begin:]) - len(before[begin:].lstrip())
    if begin and before[begin - 1] == "[" and not front:
        begin -= 1
    typed = before[begin:].lstrip("[").casefold()
    count = 0
    for unit in linked.program.units:
        header = unit.header
        if header.path == source.path or not _is_meant(header, typed):
            continue
        shown = f"{header.number}. {header.title}" if header.number is not None else header.title
        title = shown.replace("[", "(").replace("]", ")")
        address = relpath(header.path, dirname(source.path) or ".").replace(" ", "%20")
        text = header.id if front else f"[{title}]({address})"
        yield Completion(
            shown, text, (line, begin), (line, column), "decision", str(header.status_raw or "")
        )
        count += 1
        if count >= MOST:
            return


def _is_meant(header: Header, typed: str) -> bool:
    if not typed:
        return True
    number = re.fullmatch(r"(?:adr)?[-_ #]*0*(\d+)", typed)
    return (
        header.id.casefold().startswith(typed)
        or typed in header.title.casefold()
        or (number is not None and str(header.number or "").startswith(number[1]))
    )
