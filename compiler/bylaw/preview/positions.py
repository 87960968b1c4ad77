"""Places in a text as browsers and editors count them: lines from zero, in UTF-16 code units."""

from collections.abc import Sequence

from bylaw.diagnostics import Span

Position = tuple[int, int]
"""A line and a character of it, both from zero, in UTF-16 code units."""


def places(span: Span, lines: Sequence[str]) -> tuple[Position, Position]:
    """Return where a span begins and ends, given the lines that it counts."""
    return (
        _position(span.line, span.column, lines),
        _position(span.end_line, span.end_column, lines),
    )


def _position(line: int, column: int, lines: Sequence[str]) -> Position:
    text = lines[line - 1] if line <= len(lines) else ""
    return line - 1, units(text[: column - 1])


def units(text: str) -> int:
    """Return how many UTF-16 code units a text has."""
    return len(text) if text.isascii() else len(text) + sum(each > "\uffff" for each in text)


def points(line: str, character: int) -> int:
    """Return the code points of a line before a character that counts UTF-16 code units.

    One in the middle of a pair counts as before it; one behind the line as its end.
    """
    if line.isascii():
        return min(max(character, 0), len(line))
    seen = 0
    for index, each in enumerate(line):
        seen += 2 if each > "\uffff" else 1
        if seen > character:
            return index
    return len(line)
