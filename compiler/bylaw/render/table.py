"""Columns for people: aligned by cells, and trimmed to the width there is."""

import textwrap
from collections.abc import Iterator, Sequence

from bylaw.render.characters import cells, expand, safe

GAP = 2
"""Cells between columns."""


_WIDEST = 100
"""Cells beyond which prose is hard to read."""

_NARROWEST = 30
"""Cells of prose on however narrow a terminal."""


def labelled(label: str, text: str, width: int, margin: int) -> Iterator[str]:
    """Yield a text with its name on the left, wrapped under itself."""
    room = max(_NARROWEST, min(_WIDEST, width) - margin)
    lines = textwrap.wrap(safe(text), room, break_on_hyphens=False)
    for index, line in enumerate(lines or [""]):
        yield f"{'' if index else label:<{margin}}{line}".rstrip()


def fit(text: str, width: int) -> str:
    """Return one safe line of at most `width` cells, with an ellipsis where it was longer."""
    shown = expand(text.replace("\n", " "))
    if cells(shown) <= width:
        return shown
    shown = shown[:width]
    while cells(shown) > width - 1:
        shown = shown[:-1]
    return shown + "…"


def pad(text: str, width: int) -> str:
    """Return a safe line filled up with spaces."""
    return text + " " * max(0, width - cells(text))


def columns(rows: Sequence[Sequence[str]], width: int, indent: int = 0) -> Iterator[str]:
    """Yield rows in columns; the last column is trimmed to what is left of `width` cells."""
    rows = [[expand(cell) for cell in row] for row in rows]
    if not rows:
        return
    widths = [max(cells(row[i]) for row in rows) for i in range(len(rows[0]) - 1)]
    left = max(16, width - indent - sum(widths) - GAP * len(widths))
    for row in rows:
        line = "".join(pad(cell, w + GAP) for cell, w in zip(row, widths, strict=False))
        yield (" " * indent + line + fit(row[-1], left)).rstrip()
