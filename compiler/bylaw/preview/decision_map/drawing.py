"""A sheet of the graph as a drawing: boxes with their words, arrows with theirs, all placed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import east_asian_width

from bylaw.ir import Meaning
from bylaw.preview.decision_map.graph import DecisionGraph, Node, Tie
from bylaw.preview.decision_map.layout import (
    GAP_X,
    HEIGHT,
    WIDTH,
    Arrangement,
    Point,
    Route,
    arrange,
)
from bylaw.preview.decision_map.sheets import Sheet

STANDINGS: Mapping[Meaning, tuple[str, str]] = {
    "in-force": ("●", "in force"),
    "proposed": ("◌", "proposed"),
    "retired": ("–", "retired"),
    "none": ("?", "no status"),
    "unclear": ("?", "unclear status"),
}
"""The sign and the words for how a decision stands."""

_MARGIN = 10.0
_TITLE_WIDTH, _LABEL_WIDTH, _NAME_WIDTH = 25.0, 25.0, 15.0
"""In average characters of each size of type."""
_LABEL_HEIGHT = 14.0
_CHARACTER = 5.9
_ALONG = (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78)
"""Where on its way between two layers a label may stand, the best first."""
_SHORT = re.compile(r"[^\W\d_]{0,8}[-_ ]?\d{1,8}(?![^\W_])")


class Box(NamedTuple):
    """A decision in the drawing."""

    node: Node
    key: str
    x: float
    y: float
    name: str
    title: tuple[str, ...]
    sign: str
    standing: str


class Arrow(NamedTuple):
    """A tie in the drawing: a path from its source to its target, and where its label stands."""

    tie: Tie
    ends: str
    path: str
    label: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """All that the picture of a sheet needs."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    width: float
    height: float
    box_width: float = WIDTH
    box_height: float = HEIGHT


def draw(graph: DecisionGraph, sheet: Sheet) -> Drawing:
    """Draw a sheet; the same sheet is drawn the same."""
    index = {path: number for number, path in enumerate(sheet.paths)}
    lines = [_older_first(index[tie.source], index[tie.target]) for tie in sheet.ties]
    placed = arrange(len(index), lines)
    labels = _Labels()
    return Drawing(
        tuple(_box(graph.nodes[path], index[path], placed) for path in sheet.paths),
        tuple(
            _arrow(tie, index, route, labels)
            for tie, route in zip(sheet.ties, placed.routes, strict=True)
        ),
        placed.width + 2 * _MARGIN,
        placed.height + 2 * _MARGIN,
    )


def short_name(node: Node) -> str:
    """Return a decision's number as its id writes it, else the id."""
    found = _SHORT.match(node.id)
    return found[0] if found and node.number is not None else node.id


def _older_first(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _box(node: Node, number: int, placed: Arrangement) -> Box:
    corner = placed.boxes[number]
    sign, standing = STANDINGS[node.state]
    return Box(
        node,
        f"n{number}",
        corner.x + _MARGIN,
        corner.y + _MARGIN,
        _cut(short_name(node), _NAME_WIDTH),
        _wrap(node.title),
        sign,
        standing,
    )


def _arrow(tie: Tie, index: Mapping[str, int], route: Route, labels: "_Labels") -> Arrow:
    source, target = index[tie.source], index[tie.target]
    label = _cut(tie.label.replace("`", ""), _LABEL_WIDTH)
    spot = labels.place(route, _width(label) * _CHARACTER + 6)
    points = route if source < target else tuple(reversed(route))
    return Arrow(
        tie,
        f"n{source} n{target}",
        _curve(points),
        label,
        round(spot.x + _MARGIN, 1),
        round(spot.y + _MARGIN, 1),
    )


def _curve(points: Sequence[Point]) -> str:
    """Return an SVG path: a curve between two layers, a straight line through one."""
    first = points[0]
    parts = [f"M{_number(first.x + _MARGIN)} {_number(first.y + _MARGIN)}"]
    for position in range(0, len(points) - 1, 2):
        one, other = points[position], points[position + 1]
        if position:
            parts.append(f"L{_number(one.x + _MARGIN)} {_number(one.y + _MARGIN)}")
        middle = _number((one.x + other.x) / 2 + _MARGIN)
        parts.append(
            f"C{middle} {_number(one.y + _MARGIN)} {middle} {_number(other.y + _MARGIN)} "
            f"{_number(other.x + _MARGIN)} {_number(other.y + _MARGIN)}"
        )
    return " ".join(parts)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


class _Labels:
    """Where labels stand: on their line, between two layers, and not over another if it can be."""

    def __init__(self) -> None:
        self._taken: list[tuple[float, float, float]] = []

    def place(self, route: Route, width: float) -> Point:
        """Return the middle of a label of this width on a line."""
        best, least = Point(0, 0), float("inf")
        stretches = [(route[n], route[n + 1]) for n in range(0, len(route), 2)]
        # In the middle of a long line a label is nearest to both of its ends.
        stretches.sort(key=lambda pair: abs(pair[0].x + pair[1].x - route[0].x - route[-1].x))
        for one, other in stretches:
            for along in _ALONG:
                spot = _on_curve(one, other, along, width)
                overlap = sum(self._overlap(spot, width, taken) for taken in self._taken)
                if overlap < least:
                    best, least = spot, overlap
                if not overlap:
                    break
            if not least:
                break
        self._taken.append((best.x, best.y, width))
        return best

    def _overlap(self, spot: Point, width: float, taken: tuple[float, float, float]) -> float:
        x, y, other = taken
        across = (width + other) / 2 - abs(spot.x - x)
        down = _LABEL_HEIGHT - abs(spot.y - y)
        return across * down if across > 0 and down > 0 else 0.0


def _on_curve(one: Point, other: Point, along: float, width: float) -> Point:
    """Return a point of a curve between two layers, so far in that a label stays between them."""
    rest = 1 - along
    middle = (one.x + other.x) / 2
    x = rest**3 * one.x + 3 * rest * along * middle + along**3 * other.x
    y = (rest**3 + 3 * rest**2 * along) * one.y + (3 * rest * along**2 + along**3) * other.y
    room = max(0.0, (GAP_X - width) / 2)
    return Point(min(max(x, middle - room), middle + room), y)


# --- words -------------------------------------------------------------------------------------


def _wrap(text: str) -> tuple[str, ...]:
    """Return a title in at most two lines."""
    words = text.split() or [""]
    first = words.pop(0)
    while words and _width(f"{first} {words[0]}") <= _TITLE_WIDTH:
        first = f"{first} {words.pop(0)}"
    lines = [_cut(first, _TITLE_WIDTH)]
    if words:
        lines.append(_cut(" ".join(words), _TITLE_WIDTH))
    return tuple(lines)


def _cut(text: str, most: float) -> str:
    """Return a text that is no wider than so many average characters."""
    if _width(text) <= most:
        return text
    width, kept = 1.0, ""
    for char in text:
        width += _width(char)
        if width > most:
            break
        kept += char
    return f"{kept.rstrip()}…"


def _width(text: str) -> float:
    """Return how wide a text is, in average characters of a system font."""
    return sum(_char_width(char) for char in text)


def _char_width(char: str) -> float:
    if east_asian_width(char) in "WF":
        return 2.0
    if char in "iljtfrI.,:;'|!()[] -":
        return 0.62
    return 1.45 if char in "mwMW@%" else 1.25 if char.isupper() else 1.05
