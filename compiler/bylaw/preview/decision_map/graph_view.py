"""The view of the graph: one sheet with its relations in words, and the decisions without any."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bylaw.preview.decision_map.drawing import Drawing, draw
from bylaw.preview.decision_map.focus import Focus
from bylaw.preview.decision_map.graph import KINDS, DecisionGraph, Kind, Loose, Node, Tie
from bylaw.preview.decision_map.sheets import Sheets, cut

WINDOW = 200
"""Decisions without relations, and relations that lead nowhere, of one page."""


class Row(NamedTuple):
    """A tie in words."""

    tie: Tie
    ends: str
    source: Node
    target: Node


class Elsewhere(NamedTuple):
    """A decision of this sheet that stands on others too, with their numbers from one."""

    node: Node
    sheets: tuple[int, ...]
    more: int


@dataclass(frozen=True)
class GraphView:
    """A page of the graph: a sheet, or, without a `drawing`, a list of decisions or relations.

    Sheets count from one. `start` is that of the list's window; `listed` and `loose` hold it, and
    of the sheet's page the first of each.
    """

    sheet: int
    sheets: int
    focus: str
    drawing: Drawing | None
    rows: tuple[Row, ...]
    elsewhere: tuple[Elsewhere, ...]
    kinds: tuple[tuple[Kind, str, int], ...]
    part: str
    start: int
    listed: tuple[Node, ...]
    alone: int
    loose: tuple[tuple[Node, Loose], ...]
    loose_count: int
    decisions: int
    window: int
    missing: str = ""
    """What was asked for and is not there."""


@dataclass
class GraphPages:
    """The pages of one graph."""

    graph: DecisionGraph
    sheets: Sheets = field(init=False)

    def __post_init__(self) -> None:
        self.sheets = cut(self.graph)
        self._alone = {node.path: number for number, node in enumerate(self.graph.alone)}

    def view(self, focus: Focus, node: Node | None = None) -> GraphView:
        """Return the page that a focus asks for; `node` is the decision that its name means."""
        missing = focus.name if focus.name and node is None else ""
        if node is not None and node.path in self._alone:
            focus = self.home(node)
        if focus.part in {"alone", "loose"}:
            return self._list(focus, node)
        number = self.sheets.by_path[node.path][0] if node is not None else focus.start - 1
        return self._sheet(number if 0 <= number < len(self.sheets.sheets) else 0, node, missing)

    def home(self, node: Node) -> Focus:
        """Return the page on which a decision stands."""
        if node.path in self._alone:
            return Focus("alone", self._alone[node.path] // WINDOW * WINDOW)
        number = self.sheets.by_path[node.path][0]
        return Focus("sheet", number + 1) if number else Focus()

    # --- one page ------------------------------------------------------------------------------

    def _sheet(self, number: int, node: Node | None, missing: str) -> GraphView:
        sheets, nodes = self.sheets.sheets, self.graph.nodes
        drawing: Drawing | None = None
        rows: tuple[Row, ...] = ()
        elsewhere: tuple[Elsewhere, ...] = ()
        if sheets:
            sheet = sheets[number]
            drawing = draw(self.graph, sheet)
            rows = tuple(
                Row(arrow.tie, arrow.ends, nodes[arrow.tie.source], nodes[arrow.tie.target])
                for arrow in drawing.arrows
            )
            if node is not None:
                rows = tuple(sorted(rows, key=lambda row: node not in {row.source, row.target}))
            elsewhere = tuple(self._elsewhere(sheet.paths, number))
        return self._page(
            number, drawing, rows, elsewhere, Focus(), node.path if node else "", missing
        )

    def _list(self, focus: Focus, node: Node | None) -> GraphView:
        return self._page(0, None, (), (), focus, node.path if node else "", "")

    def _page(  # noqa: PLR0917 - the parts of a page, each once
        self,
        number: int,
        drawing: Drawing | None,
        rows: tuple[Row, ...],
        elsewhere: tuple[Elsewhere, ...],
        focus: Focus,
        path: str,
        missing: str,
    ) -> GraphView:
        graph = self.graph
        alone_from = focus.start if focus.part == "alone" else 0
        loose_from = focus.start if focus.part == "loose" else 0
        loose = graph.loose[loose_from : loose_from + WINDOW]
        return GraphView(
            number + 1,
            len(self.sheets.sheets),
            path,
            drawing,
            rows,
            elsewhere,
            _kinds(graph.ties),
            focus.part,
            focus.start,
            graph.alone[alone_from : alone_from + WINDOW],
            len(graph.alone),
            tuple((graph.nodes[each.path], each) for each in loose),
            len(graph.loose),
            len(graph.nodes),
            WINDOW,
            missing,
        )

    def _elsewhere(self, paths: Sequence[str], number: int) -> Iterator[Elsewhere]:
        for path in paths:
            others = [each for each in self.sheets.by_path[path] if each != number]
            if others:
                shown = tuple(each + 1 for each in sorted(others)[:12])
                yield Elsewhere(self.graph.nodes[path], shown, len(others) - len(shown))


def _kinds(ties: Sequence[Tie]) -> tuple[tuple[Kind, str, int], ...]:
    counts = dict.fromkeys(KINDS, 0)
    for tie in ties:
        counts[tie.kind] += 1
    return tuple((kind, KINDS[kind], count) for kind, count in counts.items() if count)
