"""Metadata in tables: rows of name and value, or one row below a header."""

from bylaw.adr.inline_text import plain_text
from bylaw.adr.markdown import Document
from bylaw.adr.names import FIELD_NAMES
from bylaw.adr.record import PREFIX, Field, Line, field_name


def read_table(document: Document, index: int, quoted: bool, fields: list[Field]) -> int:
    """Read a table as rows of name and value, or as one row below a header; return its end."""
    tokens = document.tokens
    rows: list[list[Line]] = []
    while tokens[index].type != "table_close":
        token = tokens[index]
        if token.type == "tr_open" and token.map is not None:
            rows.append(_cells(document.source.lines[token.map[0]], token.map[0]))
        index += 1
    header = [field_name(plain_text(cell.text)) for cell in rows[0]] if rows else []
    known = [name in FIELD_NAMES for name in header]
    # `| Status | Accepted |` over `| Date | … |` is two rows of name and value.
    below = field_name(plain_text(rows[1][0].text)) if len(rows) == 2 and rows[1] else ""
    if len(rows) == 2 and sum(known) >= 2 and below not in FIELD_NAMES:
        for name, cell in zip(header, rows[1], strict=False):
            if name in FIELD_NAMES:
                fields.append(_cell_field(name, cell, "table column"))
        return index
    for row in rows:
        if len(row) >= 2:
            name = field_name(plain_text(row[0].text))
            if name in FIELD_NAMES:
                place = "quoted table" if quoted else "table row"
                fields.append(_cell_field(name, row[1], place))
    return index


def _cell_field(name: str, cell: Line, place: str) -> Field:
    return Field(
        name, cell.text, place, cell.line, cell.column, cell.line, cell.column + len(cell.text)
    )


def _cells(raw: str, number: int) -> list[Line]:
    """Split a table row at its unescaped bars."""
    match = PREFIX.match(raw)
    start = match.end() if match else 0
    end = len(raw.rstrip())
    if raw.startswith("|", start):
        start += 1
    if raw.endswith("|", start, end) and not raw.endswith("\\|", start, end):
        end -= 1
    cells = []
    position = start
    for index in range(start, end + 1):
        if index == end or (raw[index] == "|" and raw[index - 1] != "\\"):
            text = raw[position:index]
            stripped = text.strip()
            lead = len(text) - len(text.lstrip()) if stripped else 0
            cells.append(Line(stripped, number, position + lead))
            position = index + 1
    return cells
