"""What an ADR becomes: in each target its own lines, with the numbers of their statements."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.text import Text

from bylaw.preview.model import Output
from bylaw.preview.tabs import Tab, Verdict
from bylaw.preview.terminal.rows import STYLES, Part, pieces, row, wrapped
from bylaw.preview.terminal.source import References
from bylaw.render.characters import safe

_MOST_LINES = 14
"""Lines of one statement in a file that are shown unless its target is asked for."""

_MOST_ROWS, _ALL_ROWS = 3, 200
"""Rows of one line, and of one where its target is asked for."""


def shown(tab: Tab, *, asked: bool) -> Sequence[Output]:
    """Return the files of a target that are shown: all of one that is asked for."""
    if asked or tab.name != "agents":
        return tab.files
    return tab.files[:1]


def tab_rows(tab: Tab, references: References, width: int, *, asked: bool) -> Iterator[Text]:
    """Yield what one target says, and how truly; whole where somebody has asked for it."""
    off = "" if tab.configured else " (not configured: no build writes it)"
    title = f"{safe(tab.name)}{off} "
    yield row((title, "title"), ("─" * max(0, width - len(title)), "dim"))
    if tab.summary:
        yield row((tab.summary, "dim"))
    for verdict in tab.verdicts:
        if verdict.level != "exact" or verdict.reason:
            yield from _verdict(verdict, tab, width)
    files = shown(tab, asked=asked)
    for output in files:
        yield row()
        yield row((safe(output.path), "path"))
        yield from _lines(output, references, width, asked=asked)
    if left := len(tab.files) - len(files):
        yield row()
        yield row((f"… and {left} more files, with `--target {tab.name}`", "dim"))


def _verdict(verdict: Verdict, tab: Tab, width: int) -> Iterator[Text]:
    words = {"exact": "exactly", "approximate": "roughly"}
    head = f"  {words.get(verdict.level, f'not in {tab.name}')} "
    said = f"{', '.join(verdict.ids)}"
    reasons = [part for part in (verdict.errs, verdict.reason) if part]
    if reasons:
        link = " because " if verdict.level == "unsupported" else ": "
        said += link + ": ".join(reasons)
    indent: tuple[Part, ...] = ((" " * 4, "plain"),)
    style = {"exact": "enforced", "approximate": "approximate"}.get(verdict.level, "dim")
    for number, line in enumerate(wrapped(head + said, width - 4, (), indent)):
        if not number:
            line.stylize(STYLES[style], 0, len(head))
        yield line


def _lines(output: Output, references: References, width: int, *, asked: bool) -> Iterator[Text]:
    """Yield the lines of statements, each stretch behind the numbers of its statements."""
    lines = output.text.removesuffix("\n").split("\n")
    about: dict[int, list[int]] = {}
    others: set[int] = set()
    for mark in output.marks:
        for number in range(mark.first, mark.last + 1):
            if mark.statement in references:
                about.setdefault(number, []).append(references[mark.statement])
            else:
                others.add(number)
    numbers = sorted({*about, *others})
    margin = len(str(numbers[-1])) if numbers else 1
    labels = {n: "".join(f"[{each}]" for each in sorted(set(about.get(n, ())))) for n in numbers}
    column = min(12, max((len(label) for label in labels.values()), default=0))
    before = 0
    for label, stretch in groupby(numbers, key=lambda number: labels[number]):
        some = list(stretch)
        if before and some[0] > before + 1:
            yield row((f"{' ' * (column + margin)}  ...", "gutter"))
        before = some[-1]
        most = len(some) if asked or len(some) <= _MOST_LINES + 2 else _MOST_LINES
        for index, number in enumerate(some[:most]):
            front = _front("" if index else label, number, column, margin)
            yield from _rows(lines[number - 1], front, width, asked=asked)
        if len(some) > most:
            left = f"… {len(some) - most} more lines, with `--target {output.target}`"
            yield row((f"{' ' * (column + margin)}  | ", "gutter"), (left, "dim"))


def _front(label: str, number: int, column: int, margin: int) -> tuple[Part, ...]:
    return (
        (f"{label:<{column}}", "link"),
        (f" {number:>{margin}} | ", "gutter"),
    )


def _rows(line: str, front: tuple[Part, ...], width: int, *, asked: bool) -> Iterator[Text]:
    taken = sum(len(text) for text, _ in front)
    most = _ALL_ROWS if asked else _MOST_ROWS
    for index, piece in enumerate(pieces(line, width - taken, most)):
        start = ((f"{' ' * (taken - 3)} | ", "gutter"),) if index else front
        yield row(*start, (piece.shown.rstrip(), "plain"))
