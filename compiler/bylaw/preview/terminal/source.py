"""The source of an ADR with carets under its statements, and where each has gone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.text import Text

from bylaw.preview.model import Output, Preview, StatementView
from bylaw.preview.terminal.rows import SIGNS, STYLES, Part, pieces, row, wrapped

_AROUND = 2
"""Lines that are shown around a statement where others are left out."""

_LEAST_FOLDED = 8
"""Lines without statements, in a row, that are left out."""

_MOST_ROWS = 8
"""Rows of one line of the source."""

References = Mapping[str, int]
"""By statement, the number that stands for it on both sides."""


def references_of(preview: Preview, outputs: Iterable[Output]) -> References:
    """Return a number for each statement that one of these outputs has lines of."""
    marked = {mark.statement for output in outputs for mark in output.marks}
    views = [v for v in preview.statements if v.statement != "note" and v.key in marked]
    return {key: number for number, key in enumerate(dict.fromkeys(v.key for v in views), 1)}


def source_rows(
    preview: Preview, outputs: Sequence[Output], references: References, width: int
) -> Iterator[Text]:
    """Yield the source, its statements underlined, each with the lines of `outputs` it is in."""
    lines = preview.text.removesuffix("\n").split("\n")
    views: dict[int, list[StatementView]] = {}
    for view in preview.statements:
        views.setdefault(view.span.line, []).append(view)
    margin = len(str(len(lines)))
    under: list[StatementView] = []
    folded = 0
    kept = _kept(preview, len(lines))
    for number, line in enumerate(lines, 1):
        if number not in kept:
            folded += 1
            continue
        if folded:
            yield row((f"{' ' * margin} ", "plain"), (f"… {folded} lines", "dim"))
            folded = 0
        under += views.get(number, [])
        yield from _line(number, line, under, margin, width)
        ended = [view for view in under if _last(view) <= number]
        for view in ended:
            yield from _fate(view, outputs, references, margin, width)
        under = [view for view in under if view not in ended]
    if folded:
        yield row((f"{' ' * margin} ", "plain"), (f"… {folded} lines", "dim"))


def _last(view: StatementView) -> int:
    """Return the last line of a statement's first sentence."""
    span = view.span
    return span.end_line - (span.end_column == 1 and span.end_line > span.line)


def _kept(preview: Preview, count: int) -> set[int]:
    """Return the numbers of the lines that are shown; all where few would be left out."""
    kept = set(range(1, _AROUND + 2))
    for view in preview.statements:
        kept.update(range(view.span.line - _AROUND, _last(view) + _AROUND + 1))
    gap: list[int] = []
    for number in range(1, count + 2):
        if number in kept or number > count:
            kept.update(gap if len(gap) < _LEAST_FOLDED else ())
            gap = []
        else:
            gap.append(number)
    return kept


def _line(
    number: int, line: str, under: Sequence[StatementView], margin: int, width: int
) -> Iterator[Text]:
    """Yield the rows of one line, each with its carets."""
    view = under[-1] if under else None
    sign, style = (SIGNS[view.state], view.state) if view else ("|", "gutter")
    for index, piece in enumerate(pieces(line, width - margin - 3, _MOST_ROWS)):
        label = "" if index else str(number)
        front = ((f"{label:>{margin}} ", "gutter"), (f"{sign} ", style))
        yield row(*front, (piece.shown.rstrip(), "plain"))
        if view is not None:
            start = view.span.column - 1 if number == view.span.line else _indent(line)
            end = view.span.end_column - 1 if number == view.span.end_line else len(line.rstrip())
            first, last = piece.range(start, end)
            if last > first:
                marks = f"{' ' * first}{'^' * (last - first)}"
                yield row((f"{' ' * margin} | ", "gutter"), (marks, style))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _fate(
    view: StatementView,
    outputs: Sequence[Output],
    references: References,
    margin: int,
    width: int,
) -> Iterator[Text]:
    """Yield how a statement fares, why, and the lines that it has become."""
    number = references.get(view.key)
    named = f"[{number}] " if number else ""
    front: tuple[Part, ...] = ((f"{' ' * margin} = ", "gutter"), (named, "link"))
    indent: tuple[Part, ...] = ((f"{' ' * (margin + 3 + len(named))}", "plain"),)
    room = width - margin - 3 - len(named)
    word = f"{view.state}: {view.why}" if view.why else view.state
    if view.refers:
        word += f" to {view.refers}" if view.state == "applied" else f" ({view.refers})"
    for index, text in enumerate(wrapped(word, room, front, indent)):
        if not index:
            start = sum(len(part) for part, _ in front)
            text.stylize(STYLES[view.state], start, start + len(view.state))
        yield text
    if places := ", ".join(_places(view, outputs)):
        yield from wrapped(places, room, indent, indent, "dim")


def _places(view: StatementView, outputs: Sequence[Output]) -> Iterator[str]:
    """Yield where the lines of a statement stand, a path with its lines each."""
    for output in outputs:
        ranges = [
            f"{m.first}" if m.first == m.last else f"{m.first}-{m.last}"
            for m in output.marks
            if m.statement == view.key
        ]
        if ranges:
            yield f"{output.path}:{','.join(ranges)}"
