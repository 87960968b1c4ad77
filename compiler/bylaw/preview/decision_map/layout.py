"""Boxes and lines in layers, the oldest left: a function of numbers, with no notion of decisions.

After Sugiyama: layers by the longest path, as few crossings as some sweeps by barycentre find,
then places that are as straight as the order in each layer allows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

WIDTH, HEIGHT = 208.0, 64.0
"""Of a box."""
GAP_X, GAP_Y = 168.0, 20.0
"""Between layers, which is where labels stand, and between the boxes of one."""
_LANE = 18.0
"""What a line takes that runs through a layer."""
_SWEEPS = 12
_SHELF = 1100.0
"""Pieces stand beside each other up to this width."""


class Point(NamedTuple):
    """A place; y grows downwards."""

    x: float
    y: float


Route = tuple[Point, ...]
"""From the right side of the older box to the left side of the younger, in pairs: each stretch
between two layers, then through a layer."""


@dataclass(frozen=True)
class Arrangement:
    """The left upper corner of each box, the course of each line, and the size of the whole."""

    boxes: tuple[Point, ...]
    routes: tuple[Route, ...]
    width: float
    height: float


def arrange(count: int, lines: Sequence[tuple[int, int]]) -> Arrangement:
    """Place boxes 0 … count - 1, the oldest first, and lines from an older to a younger one.

    The same boxes and lines give the same arrangement, whatever order the lines come in.
    """
    order = sorted(range(len(lines)), key=lambda line: (lines[line], line))
    pieces = _pieces(count, lines)
    boxes: list[Point] = [Point(0, 0)] * count
    routes: list[Route] = [()] * len(lines)
    x = y = width = shelf = 0.0
    for piece in pieces:
        mine = [line for line in order if lines[line][0] in piece]
        placed = _Piece(sorted(piece), [lines[line] for line in mine])
        if x and x + placed.width > _SHELF:
            x, y, shelf = 0.0, y + shelf + GAP_Y * 2, 0.0
        for box, corner in placed.boxes.items():
            boxes[box] = Point(corner.x + x, corner.y + y)
        for line, route in zip(mine, placed.routes, strict=True):
            routes[line] = tuple(Point(p.x + x, p.y + y) for p in route)
        width, shelf = max(width, x + placed.width), max(shelf, placed.height)
        x += placed.width + GAP_X / 2
    return Arrangement(tuple(boxes), tuple(routes), width, y + shelf)


def _pieces(count: int, lines: Sequence[tuple[int, int]]) -> list[set[int]]:
    """Return the connected boxes, the largest piece first."""
    group = [{box} for box in range(count)]
    for one, other in lines:
        if group[one] is not group[other]:
            small, large = sorted((group[one], group[other]), key=len)
            large |= small
            for box in small:
                group[box] = large
    distinct = {id(each): each for each in group}.values()
    return sorted(distinct, key=lambda piece: (-len(piece), min(piece)))


class _Piece:
    """A connected piece: its cells are boxes, and one for each layer that a line runs through."""

    def __init__(self, members: list[int], lines: list[tuple[int, int]]) -> None:
        self._members = members
        layers = _layers(members, lines)
        self._columns: list[list[int]] = [[] for _ in range(max(layers.values()) + 1)]
        for box in members:
            self._columns[layers[box]].append(box)
        self._chains: list[list[int]] = []
        self._edges: list[list[tuple[int, int]]] = [[] for _ in self._columns]
        cell = max(members) + 1
        for one, other in lines:
            chain = [one]
            for layer in range(layers[one] + 1, layers[other]):
                self._columns[layer].append(cell)
                chain.append(cell)
                cell += 1
            chain.append(other)
            for offset, pair in enumerate(pairwise(chain)):
                self._edges[layers[one] + offset].append(pair)
            self._chains.append(chain)
        self._heights = dict.fromkeys(members, HEIGHT)
        self._columns = _least_crossings(self._columns, self._edges)
        self._y = self._places()
        self._layer = {c: n for n, column in enumerate(self._columns) for c in column}
        self.width = len(self._columns) * (WIDTH + GAP_X) - GAP_X
        self.height = max(self._y[c] + self._height(c) / 2 for c in self._y)
        self.boxes = {
            box: Point(layers[box] * (WIDTH + GAP_X), self._y[box] - HEIGHT / 2) for box in members
        }
        self.routes = self._routes()

    def _height(self, cell: int) -> float:
        return self._heights.get(cell, _LANE)

    # --- places --------------------------------------------------------------------------------

    def _places(self) -> dict[int, float]:
        """Return the middle of each cell, near those of its neighbours, none over another."""
        before: dict[int, list[int]] = {}
        after: dict[int, list[int]] = {}
        for edges in self._edges:
            for one, other in edges:
                before.setdefault(other, []).append(one)
                after.setdefault(one, []).append(other)
        y: dict[int, float] = {}
        for column in self._columns:
            y.update(zip(column, self._spread(column, [0.0] * len(column)), strict=True))
        forwards = list(range(len(self._columns)))
        for sweep in range(_SWEEPS):
            near = before if sweep % 2 == 0 else after
            for number in forwards if sweep % 2 == 0 else reversed(forwards):
                column = self._columns[number]
                wanted = [
                    sum(y[n] for n in near[cell]) / len(near[cell]) if cell in near else y[cell]
                    for cell in column
                ]
                y.update(zip(column, self._spread(column, wanted), strict=True))
        top = min(y[cell] - self._height(cell) / 2 for cell in y)
        return {cell: round(place - top, 1) for cell, place in y.items()}

    def _spread(self, column: list[int], wanted: list[float]) -> list[float]:
        """Return the places nearest to those wanted in which cells keep their order and distance.

        What is wanted less each cell's least offset must not fall: pools of those that would are
        put at their mean.
        """
        offsets, offset = [], 0.0
        for number, cell in enumerate(column):
            if number:
                offset += (self._height(column[number - 1]) + self._height(cell)) / 2 + GAP_Y
            offsets.append(offset)
        pools: list[tuple[float, int]] = []
        for place, offset in zip(wanted, offsets, strict=True):
            total, size = place - offset, 1
            while pools and pools[-1][0] / pools[-1][1] > total / size:
                more, count = pools.pop()
                total, size = total + more, size + count
            pools.append((total, size))
        flat = [total / size for total, size in pools for _ in range(size)]
        return [place + offset for place, offset in zip(flat, offsets, strict=True)]

    # --- lines ---------------------------------------------------------------------------------

    def _routes(self) -> list[Route]:
        starts = self._ports(0)
        ends = self._ports(-1)
        found = []
        for number, chain in enumerate(self._chains):
            left = self._layer[chain[0]] * (WIDTH + GAP_X)
            points = [Point(left + WIDTH, starts[number])]
            for cell in chain[1:-1]:
                left += WIDTH + GAP_X
                points += [Point(left, self._y[cell]), Point(left + WIDTH, self._y[cell])]
            points.append(Point(left + WIDTH + GAP_X, ends[number]))
            found.append(tuple(points))
        return found

    def _ports(self, end: int) -> dict[int, float]:
        """Return where each line leaves the box at one of its ends: in the order of its way."""
        at: dict[int, list[int]] = {}
        for number, chain in enumerate(self._chains):
            at.setdefault(chain[end], []).append(number)
        found = {}
        for box, numbers in at.items():
            inner = 1 if end == 0 else -2
            numbers.sort(key=lambda number: (self._y[self._chains[number][inner]], number))
            step = min(14.0, (HEIGHT - 12) / max(1, len(numbers) - 1))
            first = self._y[box] - step * (len(numbers) - 1) / 2
            for place, number in enumerate(numbers):
                found[number] = round(first + place * step, 1)
        return found


# --- layers ------------------------------------------------------------------------------------


def _layers(members: list[int], lines: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Return each box's layer: behind all that are older, close to the first that is younger."""
    layer = dict.fromkeys(members, 0)
    has_older = {other for _, other in lines}
    by_start = sorted(lines)
    for one, other in by_start:
        layer[other] = max(layer[other], layer[one] + 1)
    nearest: dict[int, int] = {}
    for one, other in lines:
        nearest[one] = min(nearest.get(one, layer[other]), layer[other])
    for box, first in nearest.items():
        if box not in has_older:
            layer[box] = first - 1
    least = min(layer.values())
    return {box: number - least for box, number in layer.items()}


def _least_crossings(
    columns: list[list[int]], edges: list[list[tuple[int, int]]]
) -> list[list[int]]:
    """Return the order in each layer with the fewest crossings that some sweeps have found."""
    best, fewest = columns, _crossings(columns, edges)
    current = columns
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        current = _sweep(current, edges, forwards=sweep % 2 == 0)
        crossings = _crossings(current, edges)
        if crossings < fewest:
            best, fewest = current, crossings
    return best


def _sweep(
    columns: list[list[int]], edges: list[list[tuple[int, int]]], *, forwards: bool
) -> list[list[int]]:
    result = [list(column) for column in columns]
    numbers = range(1, len(columns)) if forwards else range(len(columns) - 2, -1, -1)
    for number in numbers:
        fixed = result[number - 1 if forwards else number + 1]
        place = {cell: index for index, cell in enumerate(fixed)}
        near: dict[int, list[int]] = {}
        for one, other in edges[number - 1 if forwards else number]:
            moving, still = (other, one) if forwards else (one, other)
            near.setdefault(moving, []).append(place[still])
        own = {cell: index for index, cell in enumerate(result[number])}
        centre = {
            cell: sum(near[cell]) / len(near[cell]) if cell in near else float(own[cell])
            for cell in own
        }
        result[number].sort(key=lambda cell: (centre[cell], own[cell]))
    return result


def _crossings(columns: list[list[int]], edges: list[list[tuple[int, int]]]) -> int:
    total = 0
    for number, pairs in enumerate(edges):
        if not pairs:
            continue
        left = {cell: index for index, cell in enumerate(columns[number])}
        right = {cell: index for index, cell in enumerate(columns[number + 1])}
        ends = sorted((left[one], right[other]) for one, other in pairs)
        for index, (_, end) in enumerate(ends):
            total += sum(other > end for _, other in ends[:index])
    return total
