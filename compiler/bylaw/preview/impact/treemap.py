"""A squarified treemap in whole numbers: the same rectangles for the same weights, everywhere.

The rows are those of Bruls, Huizing and van Wijk, "Squarified Treemaps" (2000). All is laid out in
fractions, and every edge is rounded once, so that neighbours share it: nothing overlaps, and
nothing is left between them.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle in whole units of the view box; one without a width or height is not seen."""

    x: int
    y: int
    width: int
    height: int


class _Space(NamedTuple):
    """What is still to be filled."""

    x: Fraction
    y: Fraction
    width: Fraction
    height: Fraction


def treemap(weights: Sequence[int], width: int, height: int) -> tuple[Box, ...]:
    """Return a rectangle for each weight, in the order given; weights must not be negative.

    Areas are as the weights, as far as edges at whole numbers can be: no edge is off by more than
    half a unit.
    """
    total = sum(weights)
    boxes = [Box(0, 0, 0, 0)] * len(weights)
    if total <= 0 or width <= 0 or height <= 0:
        return tuple(boxes)
    order = sorted((n for n, weight in enumerate(weights) if weight), key=lambda n: -weights[n])
    scale = Fraction(width * height, total)
    areas = [weights[n] * scale for n in order]
    space = _Space(Fraction(0), Fraction(0), Fraction(width), Fraction(height))
    start = 0
    while start < len(order):
        end = _row_end(areas, start, min(space.width, space.height))
        row = areas[start:end]
        for index, box in zip(order[start:end], _row(row, space), strict=True):
            boxes[index] = box
        space = _rest(sum(row, Fraction(0)), space)
        start = end
    return tuple(boxes)


def _row_end(areas: Sequence[Fraction], start: int, side: Fraction) -> int:
    """Return where a row ends: before the rectangle that would make the worst of it worse."""
    end, total = start + 1, areas[start]
    worst = _worst(areas[start], areas[start], total, side)
    while end < len(areas):
        more = total + areas[end]
        next_worst = _worst(areas[start], areas[end], more, side)
        if next_worst > worst:
            break
        worst, total, end = next_worst, more, end + 1
    return end


def _worst(largest: Fraction, smallest: Fraction, total: Fraction, side: Fraction) -> Fraction:
    """Return the worst ratio of sides in a row along `side`; the areas are in falling order."""
    square = side * side
    return max(square * largest / (total * total), total * total / (square * smallest))


def _row(areas: Sequence[Fraction], space: _Space) -> list[Box]:
    """Return the rectangles of a row along the shorter side of the space, at its start."""
    upright = space.width >= space.height
    side = space.height if upright else space.width
    thickness = sum(areas, Fraction(0)) / side
    boxes, at = [], Fraction(0)
    for area in areas:
        length = area / thickness
        if upright:
            boxes.append(_rounded(space.x, space.y + at, thickness, length))
        else:
            boxes.append(_rounded(space.x + at, space.y, length, thickness))
        at += length
    return boxes


def _rest(area: Fraction, space: _Space) -> _Space:
    if space.width >= space.height:
        taken = area / space.height
        return space._replace(x=space.x + taken, width=space.width - taken)
    taken = area / space.width
    return space._replace(y=space.y + taken, height=space.height - taken)


def _rounded(x: Fraction, y: Fraction, width: Fraction, height: Fraction) -> Box:
    left, top = _round(x), _round(y)
    return Box(left, top, _round(x + width) - left, _round(y + height) - top)


def _round(value: Fraction) -> int:
    """Round half up: two edges at one place stay at one place."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)
