"""The metadata of an ADR as named fields, whatever form the author gave it.

One extractor per form (front matter, bullets, plain and bold lines, attributes, tables, sections),
and one type of result. Only the record's own metadata is read: the front matter, the blocks between
the title and the first section, sections named for metadata, and sections named for one field. An
option or a table row called "Status" further down is somebody else's.
"""

import re
from collections.abc import Iterator

from markdown_it.token import Token

from bylaw.adr.front_matter import read_front_matter
from bylaw.adr.markdown import Document, Heading
from bylaw.adr.names import (
    DATE_NAMES,
    FIELD_NAMES,
    METADATA_SECTIONS,
    PEOPLE_NAMES,
    PLAIN_SECTIONS,
    RELATION_NAMES,
    STATUS_NAMES,
)
from bylaw.adr.record import Field, Line, Record, cut_line, field_name, section_name
from bylaw.adr.tables import read_table
from bylaw.diagnostics import Report
from bylaw.source import Source

_ALSO_TITLES = DATE_NAMES | PEOPLE_NAMES | frozenset(RELATION_NAMES)


def read_record(document: Document) -> Record:
    """Read the fields of a file, once, from every place where its own metadata can stand."""
    if document.record is None:
        document.record = _read_record(document)
    record: Record = document.record
    return record


def _read_record(document: Document) -> Record:
    report = Report()
    fields: list[Field] = []
    broken = False
    if document.front_matter is not None:
        entries = read_front_matter(document.source, document.front_matter, report)
        broken = entries is None
        fields.extend(
            Field(
                field_name(entry.key),
                entry.text,
                "front matter",
                entry.line,
                entry.column,
                entry.end_line,
                entry.end_column,
                items=entry.items,
            )
            for entry in entries or ()
        )
    title = _find_title(document)
    lines: list[Line] = []
    for start, stop in _zones(document, title):
        _read_blocks(document, start, stop, fields, lines)
    fields.extend(_section_fields(document, title))
    return Record(title, tuple(fields), tuple(lines), broken, tuple(report))


def _find_title(document: Document) -> Heading | None:
    """Return the first heading of level 1, else the first heading, unless it names a section."""
    headings = [h for h in document.headings if _split_field(h.text) is None]
    tops = [heading for heading in headings if heading.level == 1]
    if len(tops) == 1 and tops[0] is headings[0] and _is_numbered(tops[0]):
        # `# 10. Proposed` names no section where it stands above all of them.
        return tops[0]
    for heading in headings:
        if heading.level == 1 and not _names_section(heading):
            return heading
    if headings and headings[0].level > 1 and not _names_section(headings[0]):
        return headings[0]
    return None


def _is_numbered(heading: Heading) -> bool:
    """Tell whether a number stands before words that name a day, people or a relation."""
    name = section_name(heading)
    return name in _ALSO_TITLES and name != field_name(heading.text)


def _names_section(heading: Heading) -> bool:
    name = section_name(heading)
    return name in FIELD_NAMES or name in PLAIN_SECTIONS


def _zones(document: Document, title: Heading | None) -> Iterator[tuple[int, int]]:
    """Yield the ranges of tokens that hold metadata: before the first section, and `Metadata`."""
    end = len(document.tokens)
    for heading in document.headings:
        is_title = title is not None and heading.index <= title.index
        if not is_title and _split_field(heading.text) is None:
            end = heading.index
            break
    yield 0, end
    for heading in document.headings:
        if heading.index >= end and section_name(heading) in METADATA_SECTIONS:
            yield heading.index + 3, heading.end


def _read_blocks(
    document: Document, start: int, stop: int, fields: list[Field], lines: list[Line]
) -> None:
    """Read every line of the paragraphs, list items and tables in a range of tokens."""
    tokens = document.tokens
    quotes = 0
    in_list = 0
    index = start
    while index < stop:
        token = tokens[index]
        kind = token.type
        if kind == "inline":
            sort = "quote" if quotes else "item" if in_list else "text"
            _read_inline(document, token, sort, fields, lines)
        elif kind == "table_open":
            index = read_table(document, index, quotes > 0, fields)
        elif kind == "blockquote_open":
            quotes += 1
        elif kind == "blockquote_close":
            quotes -= 1
        elif kind == "list_item_open":
            in_list += 1
        elif kind == "list_item_close":
            in_list -= 1
        index += 1


def _read_inline(
    document: Document, token: Token, kind: str, fields: list[Field], lines: list[Line]
) -> None:
    if token.map is None:
        return
    open_field: Field | None = None
    rest: list[Line] = []
    for number in range(token.map[0], token.map[1]):
        line = cut_line(document.source.lines[number], number, kind)
        found = None if kind == "quote" else _line_field(line, kind == "item")
        if found is None:
            (rest if open_field else lines).append(line)
            continue
        if open_field is not None:
            fields.append(_with_rest(open_field, rest))
        open_field, rest = found, []
    if open_field is not None:
        fields.append(_with_rest(open_field, rest))


def _with_rest(field: Field, rest: list[Line]) -> Field:
    if not rest:
        return field
    return Field(
        field.name,
        field.value,
        field.place,
        field.line,
        field.column,
        field.end_line,
        field.end_column,
        tuple(rest),
    )


def _split_field(text: str) -> tuple[str, int] | None:
    """Return the name and the value's position if a line is a known name, `:` and a value."""
    colon = text.find(":", 1)
    if not 0 < colon <= 40:
        return None
    name = field_name(text[:colon])
    if name not in FIELD_NAMES:
        return None
    position = colon + 1
    while position < len(text) and text[position] in " \t*_\u00a0":
        # `**Status:** **Accepted**`: what closes the name goes, what opens the value may go too.
        position += 1
    return name, position


def _line_field(line: Line, in_list: bool) -> Field | None:
    found = _split_field(line.text)
    if found is None:
        return None
    name, position = found
    head = line.text
    if head.startswith(":"):
        place = "attribute"
    else:
        bold = head.startswith(("**", "__"))
        place = ("bold " if bold else "") + ("bullet" if in_list else "line")
    value = head[position:].strip(" \t*_\u00a0") if "*" in head or "_" in head else head[position:]
    value = value.strip()
    column = line.column + position
    return Field(name, value, place, line.line, column, line.line, column + len(value))


def _section_fields(document: Document, title: Heading | None) -> Iterator[Field]:
    """Yield a field for each section that is named for one, such as `## Status`."""
    for heading in _own_headings(document, title):
        name = section_name(heading)
        if name in FIELD_NAMES:
            yield _section_field(document, heading, name)
            continue
        inline = _split_field(heading.text) if ":" in heading.text else None
        if inline is not None and heading.text[inline[1] :].strip():
            yield _heading_field(document.source, heading, inline[0])


def _own_headings(document: Document, title: Heading | None) -> list[Heading]:
    """Return the headings that are the record's own, and not part of an option or a section.

    Such a one stands directly below the title, or beside one for the decision or the context.
    """
    above: list[Heading] = []
    parents: list[tuple[Heading, int]] = []
    deciding: set[tuple[int, int]] = set()
    for heading in document.headings:
        while above and above[-1].level >= heading.level:
            above.pop()
        over = [h for h in above if h is not title and h.level > 1]
        parent = over[-1].index if over else -1
        parents.append((heading, parent))
        if section_name(heading).startswith(("decision", "context")):
            deciding.add((parent, heading.level))
        above.append(heading)
    return [
        heading
        for heading, parent in parents
        if heading is not title and (parent < 0 or (parent, heading.level) in deciding)
    ]


def _heading_field(source: Source, heading: Heading, name: str) -> Field:
    """Read `## Status: Accepted`."""
    raw = source.lines[heading.line].rstrip()
    colon = raw.find(":")
    value = raw[colon + 1 :].rstrip("# ").strip(" \t*_")
    column = raw.find(value, colon + 1) if value else len(raw)
    return Field(name, value, "section", heading.line, column, heading.line, column + len(value))


def _section_field(document: Document, heading: Heading, name: str) -> Field:
    lines = section_lines(document, heading)
    body = [line for line in lines if line.kind != "quote" and line.text]
    if not body:
        # Guidance of a template stands in quotes; a word or two in one may be the value.
        body = [line for line in lines if line.text and len(line.text.split()) <= 4][:1]
    if name in STATUS_NAMES:
        body = _ticked(document.source, body)
    if not body:
        place = cut_line(document.source.lines[heading.line], heading.line)
        end = place.column + len(place.text)
        return Field(name, "", "section", heading.line, place.column, heading.line, end)
    first = body[0]
    end = first.column + len(first.text)
    return Field(
        name, first.text, "section", first.line, first.column, first.line, end, tuple(body[1:])
    )


def _ticked(source: Source, body: list[Line]) -> list[Line]:
    """Of a list of check boxes keep what is ticked."""
    boxes = [re.match(r"\s*[-*+]\s+\[([ xX])\]", source.lines[line.line]) for line in body]
    if not any(boxes):
        return body
    return [line for line, box in zip(body, boxes, strict=True) if box and box[1] != " "]


def section_lines(document: Document, heading: Heading) -> list[Line]:
    """Return the lines of a section's own blocks, up to its first subheading."""
    lines: list[Line] = []
    quotes = 0
    in_list = 0
    for index in range(heading.index + 3, heading.end):
        token = document.tokens[index]
        kind = token.type
        if kind == "heading_open" and token.level == 0:
            break
        if kind == "blockquote_open":
            quotes += 1
        elif kind == "blockquote_close":
            quotes -= 1
        elif kind == "list_item_open":
            in_list += 1
        elif kind == "list_item_close":
            in_list -= 1
        elif kind in {"inline", "code_block", "fence"} and token.map is not None:
            first, last = token.map
            if kind == "fence":
                first, last = first + 1, max(first + 1, last - 1)
            sort = "quote" if quotes else "item" if in_list else "text"
            if kind != "inline":
                sort = "code"
            lines.extend(
                cut_line(document.source.lines[number], number, sort)
                for number in range(first, last)
            )
    return lines
