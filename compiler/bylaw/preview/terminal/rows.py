"""Rows of a terminal: safe text, wrapped by cells, with marks that share their columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rich.text import Text

from bylaw.preview.model import State
from bylaw.render.characters import TAB, cells, safe

SIGNS: dict[State, str] = {
    "enforced": "●",
    "approximate": "◐",
    "checked": "○",
    "conditional": "◇",
    "advisory": "¶",
    "applied": "↷",
    "inactive": "–",
    "note": "·",
    "rejected": "×",
}
"""The sign of each state, as on the page; its word is always there, too."""

STYLES: dict[str, str] = {
    "enforced": "bold green",
    "approximate": "bold yellow",
    "checked": "bold cyan",
    "conditional": "bold magenta",
    "advisory": "bold blue",
    "applied": "bold magenta",
    "inactive": "dim",
    "note": "dim",
    "rejected": "bold red",
    "gutter": "bold blue",
    "title": "bold",
    "dim": "dim",
    "path": "bold",
    "error": "bold red",
    "warning": "bold yellow",
    "link": "bold cyan",
    "plain": "",
}

LEAST_WIDTH = 40
"""Cells that are assumed on however narrow a terminal."""

_MOST_WRAPPED = 60
"""Rows of one message."""

Part: TypeAlias = tuple[str, str]
"""A text and the name of its style."""


def row(*parts: Part) -> Text:
    """Return one row of styled parts."""
    return Text.assemble(*((text, STYLES[style]) for text, style in parts), end="")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line that fits one row: its text as shown, and the cell of each code point.

    `start` is the code point that it begins with; `columns` has one entry more than code points.
    """

    start: int
    shown: str
    columns: tuple[int, ...]

    def range(self, start: int, end: int) -> tuple[int, int]:
        """Return the cells that some code points of the line take in this row."""
        last = len(self.columns) - 1
        first, stop = (min(max(at - self.start, 0), last) for at in (start, end))
        return self.columns[first], self.columns[stop]


def pieces(line: str, width: int, most: int) -> Iterator[Piece]:
    """Yield the rows that a line takes, at most so many, the last one cut where there are more.

    A row ends at a space where one is near its end.
    """
    start = 0
    for number in range(most):
        piece, following = _piece(line, start, width)
        if number == most - 1 and following < len(line):
            cut, _ = _piece(line, start, width - 1)
            yield Piece(start, f"{cut.shown}…", (*cut.columns, cut.columns[-1] + 1))
            return
        yield piece
        if following >= len(line):
            return
        start = following


def _piece(line: str, start: int, width: int) -> tuple[Piece, int]:
    """Return the row that begins at a code point, and where the next one does."""
    shown: list[str] = []
    columns = [0]
    at, space = start, None
    while at < len(line):
        text = _shown(line, at, columns[-1])
        column = columns[-1] + cells(text)
        if column > width and at > start:
            break
        if line[at] == " ":
            space = at + 1
        shown.append(text)
        columns.append(column)
        at += 1
    if at < len(line) and space is not None and columns[space - start] > width // 2:
        at = space
    count = at - start
    return Piece(start, "".join(shown[:count]), tuple(columns[: count + 1])), at


def _shown(line: str, at: int, column: int) -> str:
    """Return one code point as it is shown in a cell of its row."""
    character = line[at]
    if character == "\t":
        return " " * (TAB - column % TAB)
    before = line[at - 1] if at else ""
    # What joins letters is shown as it is behind one that it can join.
    return safe(before + character)[len(safe(before)) :]


def wrapped(
    text: str, width: int, first: Sequence[Part], rest: Sequence[Part], style: str = "plain"
) -> Iterator[Text]:
    """Yield rows of a text behind what stands in front of the first one, and of the others."""
    for number, piece in enumerate(pieces(text, max(width, 1), _MOST_WRAPPED)):
        yield row(*(rest if number else first), (piece.shown.rstrip(), style))
