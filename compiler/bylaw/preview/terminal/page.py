"""One ADR on a terminal: its source, what is wrong with it, what it becomes, what it breaks."""

from collections.abc import Iterator

from rich.text import Text

from bylaw.preview.impact.model import Impact
from bylaw.preview.model import Preview
from bylaw.preview.tabs import Tab, tabs_of
from bylaw.preview.terminal.artifacts import shown, tab_rows
from bylaw.preview.terminal.effect import impact_rows
from bylaw.preview.terminal.rows import LEAST_WIDTH, pieces, row, wrapped
from bylaw.preview.terminal.source import references_of, source_rows
from bylaw.preview.workspace import Linked
from bylaw.render.text import Style, abridged, diagnostic_lines

_NO_DECISION = {
    "template": "It is a template, so nothing is compiled from it.",
    "index": "It is an index of decisions, so nothing is compiled from it.",
    "log": "It is a log of several decisions, and those are not compiled.",
    "other-format": "It is in a format that is listed and not compiled.",
    "unreadable": "It cannot be read, so nothing is compiled from it.",
}


def page(
    linked: Linked, preview: Preview, impact: Impact | None, style: Style, target: str | None = None
) -> Iterator[Text]:
    """Yield the rows of one ADR; with `target` all lines of that one, and of no other."""
    width = max(LEAST_WIDTH, style.width)
    decision, standing = preview.decision, preview.standing
    title = decision.title if decision is not None else preview.path
    yield from wrapped(title, width, (), (), "title")
    state = standing.state if standing is not None else preview.disposition
    where = f"{style.show(preview.path)} · {state.replace('-', ' ')}"
    if standing is not None and standing.reason:
        where += f", {standing.reason}"
    yield from wrapped(where, width, (), (), "dim")
    yield row()
    if decision is None:
        yield from wrapped(_NO_DECISION.get(preview.disposition, ""), width, (), ())
        yield row()
    tabs = _tabs(preview, target)
    outputs = [output for tab in tabs for output in shown(tab, asked=tab.name == target)]
    references = references_of(preview, outputs)
    if preview.text:
        yield from source_rows(preview, outputs, references, width)
    yield from _diagnostics(linked, preview, style, width)
    for tab in tabs:
        yield row()
        yield from tab_rows(tab, references, width, asked=tab.name == target)
    if impact is not None:
        yield row()
        head = "impact today "
        yield row((head, "title"), ("─" * (width - len(head)), "dim"))
        yield from impact_rows(impact, width)


def _tabs(preview: Preview, target: str | None) -> list[Tab]:
    """Return the targets that are shown: the one asked for, or those that a build writes."""
    tabs = tabs_of(preview)
    if target is not None:
        return [tab for tab in tabs if tab.name == target]
    return [tab for tab in tabs if tab.configured and not tab.is_ir]


def _diagnostics(linked: Linked, preview: Preview, style: Style, width: int) -> Iterator[Text]:
    found, rest = abridged(preview.diagnostics)
    for diagnostic in found:
        yield row()
        for line in diagnostic_lines(diagnostic, linked.source, style):
            yield from _folded(Text.from_ansi(line), width)
    if rest:
        yield row((rest, "dim"))


def _folded(text: Text, width: int) -> Iterator[Text]:
    """Yield the rows of a text that is coloured already."""
    starts = [piece.start for piece in pieces(text.plain, width, _MOST_ROWS)]
    if len(starts) == 1:
        yield text
    else:
        yield from text.divide(starts[1:])


_MOST_ROWS = 40
"""Rows of one line of a diagnostic."""
