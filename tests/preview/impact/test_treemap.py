"""The treemap's laws: areas as the weights, nothing outside, nothing over another."""

from hypothesis import example, given
from hypothesis import strategies as st

from bylaw.preview.impact.treemap import Box, treemap

_WEIGHTS = st.lists(st.integers(0, 10_000), max_size=48)
_SIDE = st.integers(1, 1500)


def _crosses(one: Box, other: Box) -> bool:
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y < other.y + other.height and other.y < one.y + one.height


@given(_WEIGHTS, _SIDE, _SIDE)
@example([1] * 48, 1, 1)
@example([10_000, 1, 1, 1], 360, 420)
def test_boxes_fill_the_whole_and_none_lies_over_another(
    weights: list[int], width: int, height: int
) -> None:
    boxes = treemap(weights, width, height)
    assert len(boxes) == len(weights)
    for number, box in enumerate(boxes):
        assert min(box) >= 0
        assert box.x + box.width <= width
        assert box.y + box.height <= height
        assert not any(_crosses(box, other) for other in boxes[:number])
    filled = sum(box.width * box.height for box in boxes)
    assert filled == (width * height if any(weights) else 0)


@given(_WEIGHTS, _SIDE, _SIDE)
def test_an_area_is_as_its_weight_but_for_the_rounding_of_its_edges(
    weights: list[int], width: int, height: int
) -> None:
    total = sum(weights)
    for weight, box in zip(weights, treemap(weights, width, height), strict=True):
        if not weight:
            assert box == Box(0, 0, 0, 0)
            continue
        area = width * height * weight / total
        # Each of its four edges is off by half a unit at most: so much less, so much more.
        least = max(0, box.width - 1) * max(0, box.height - 1)
        most = (box.width + 1) * (box.height + 1)
        assert least - 1e-6 <= area <= most + 1e-6


@given(_WEIGHTS, _SIDE, _SIDE)
def test_the_same_weights_give_the_same_boxes(weights: list[int], width: int, height: int) -> None:
    assert treemap(weights, width, height) == treemap(tuple(weights), width, height)


def test_boxes_are_near_to_squares_where_weights_are_alike() -> None:
    for box in treemap([5] * 40, 1200, 420):
        assert 0.5 <= box.width / box.height <= 2


def test_edges_are_rounded_to_the_nearest_unit() -> None:
    assert treemap([2, 1], 100, 10) == (Box(0, 0, 67, 10), Box(67, 0, 33, 10))
    assert treemap([0, 1, 3], 10, 41) == (Box(0, 0, 0, 0), Box(0, 31, 10, 10), Box(0, 0, 10, 31))
