"""Lines of a file with carets under the places that a diagnostic speaks of."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from bylaw.diagnostics import Diagnostic, Span
from bylaw.render.characters import cells, expand, safe


class Page(Protocol):
    """A file as it is shown: its lines, of which there is at least one."""

    @property
    def lines(self) -> Sequence[str]:
        """The lines without their ends."""


Read = Callable[[str], Page | None]
"""Returns a file of the repository by its path, or None where it cannot be read."""

Paint = Callable[[str, str], str]
"""Colours a text: takes it and the name of its part (`error`, `gutter`, `label` …)."""

_MOST_LINES = 6
"""A place with more lines than this is shown by its first and its last."""

_LEAST_WIDTH = 24
"""Cells of a line that are shown on however narrow a terminal."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A zero-based range in one line, to be underlined."""

    start: int
    end: int
    primary: bool
    note: str | None


def snippet(
    diagnostic: Diagnostic, read: Read, paint: Paint, width: int, show: Callable[[str], str]
) -> Iterator[str]:
    """Yield the rows that show where a diagnostic is, its labels included.

    `show` makes a path of the repository one that the reader can open; `width` is in cells.
    """
    span = diagnostic.span
    if span is None:
        if diagnostic.note:
            yield f"{paint('note', 'note')}: {safe(diagnostic.note)}"
        return
    places = [(span, diagnostic.note, True)]
    places += [(label.span, label.message, False) for label in diagnostic.labels]
    margin = len(str(max(place.end_line for place, _, _ in places)))
    for path in dict.fromkeys(place.path for place, _, _ in places):
        here = [place for place in places if place[0].path == path]
        arrow = "-->" if path == span.path else ":::"
        first = here[0][0]
        at = f"{safe(show(path))}:{first.line}:{first.column}"
        yield f"{' ' * margin}{paint(arrow, 'gutter')} {at}"
        source = read(path)
        if source is None:
            for _, note, _ in here:
                if note:
                    yield f"{' ' * margin} {paint('=', 'gutter')} {safe(note)}"
            continue
        yield from _rows(source, here, partial(_paint_mark, paint, diagnostic), margin, width)


def _rows(
    source: Page,
    places: list[tuple[Span, str | None, bool]],
    paint: Paint,
    margin: int,
    width: int,
) -> Iterator[str]:
    """Yield the lines of one file, each followed by its marks."""
    marks: dict[int, list[_Mark]] = {}
    for span, note, primary in places:
        for line, mark in _split(source, span, note, primary):
            marks.setdefault(line, []).append(mark)
    empty = f"{' ' * margin} {paint('|', 'gutter')}"
    yield empty
    before: int | None = None
    for line in sorted(marks):
        if before is not None and line > before + 1:
            yield paint("...", "gutter")
        before = line
        here = sorted(marks[line], key=lambda mark: (not mark.primary, mark.start))
        window = _Window(source.lines[line], here, max(_LEAST_WIDTH, width - margin - 3))
        number = paint(f"{line + 1:>{margin}} |", "gutter")
        yield f"{number} {window.text}".rstrip()
        for mark in here:
            start, length = window.place(mark)
            rule = paint(("^" if mark.primary else "-") * length, _part(mark))
            note = f" {paint(safe(mark.note), _part(mark))}" if mark.note else ""
            yield f"{empty} {' ' * start}{rule}{note}"


def _paint_mark(paint: Paint, diagnostic: Diagnostic, text: str, part: str) -> str:
    """Colour a row's parts; carets have the colour of the severity."""
    return paint(text, str(diagnostic.severity) if part == "caret" else part)


def _part(mark: _Mark) -> str:
    return "caret" if mark.primary else "label"


def _split(
    source: Page, span: Span, note: str | None, primary: bool
) -> Iterator[tuple[int, _Mark]]:
    """Yield a mark for each line of a span that is shown; the note stands at the last."""
    last_line = len(source.lines) - 1
    first, last = min(span.line - 1, last_line), min(span.end_line - 1, last_line)
    if last > first and span.end_column == 1:
        last -= 1
        end = len(source.lines[last])
    else:
        end = span.end_column - 1
    for line in range(first, last + 1):
        if last - first >= _MOST_LINES and first + 1 < line < last:
            continue
        text = source.lines[line]
        start = span.column - 1 if line == first else len(text) - len(text.lstrip())
        stop = end if line == last else len(text.rstrip())
        if stop > start or line in {first, last}:
            yield line, _Mark(start, stop, primary, note if line == last else None)


class _Window:
    """The part of a line that is shown: all of it, or so much that its first mark is seen."""

    def __init__(self, line: str, marks: list[_Mark], width: int) -> None:
        self._line = line
        self._from, until = self._bounds(marks[0], width)
        left = "…" if self._from else ""
        right = "…" if until < len(line) else ""
        self._left = len(left)
        self._until = until
        self.text = left + expand(line[self._from : until]) + right

    def _bounds(self, mark: _Mark, width: int) -> tuple[int, int]:
        """Return the code points between which the line is shown."""
        line = self._line
        if len(line) <= 4 * width and cells(expand(line)) <= width:
            return 0, len(line)
        begin = 0
        end = min(mark.end, mark.start + width // 2)
        if end > width or cells(expand(line[:end])) > width * 3 // 4:
            begin = max(0, mark.start - width // 3)
            while begin < mark.start and cells(expand(line[begin : mark.start])) > width // 3:
                begin += 1
        room = width - 2
        stop = min(len(line), begin + room)
        while stop > begin + 1 and cells(expand(line[begin:stop])) > room:
            stop -= 1
        return begin, stop

    def place(self, mark: _Mark) -> tuple[int, int]:
        """Return the cell in which a mark starts and how many it takes, at least one."""
        start = min(max(mark.start, self._from), self._until)
        end = min(max(mark.end, start), self._until)
        before = cells(expand(self._line[self._from : start]))
        whole = cells(expand(self._line[self._from : end]))
        return self._left + before, max(1, whole - before)
