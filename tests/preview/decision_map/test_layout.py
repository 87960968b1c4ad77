"""Laws of the drawing: they hold for whatever hangs together however."""

import re
from itertools import combinations, pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bylaw.preview.decision_map.drawing import draw
from bylaw.preview.decision_map.graph import KINDS, DecisionGraph, Node, Tie
from bylaw.preview.decision_map.layout import HEIGHT, WIDTH, Arrangement, arrange
from bylaw.preview.decision_map.sheets import MOST_NODES, MOST_TIES, cut

Lines = list[tuple[int, int]]


@st.composite
def shapes(draw_: st.DrawFn) -> tuple[int, Lines]:
    """Draw a number of boxes and lines between them, older to younger, several alike among them."""
    count = draw_(st.integers(1, 16))
    if count == 1:
        return 1, []
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    pairs = pairs.filter(lambda pair: pair[0] != pair[1])
    lines = draw_(st.lists(pairs.map(lambda pair: (min(pair), max(pair))), max_size=40))
    return count, lines


STAR = (30, [(0, other) for other in range(1, 30)])
CHAIN = (12, [(one, one + 1) for one in range(11)])
LADDER = (10, [(one, other) for one, other in combinations(range(10), 2)])


def overlap(placed: Arrangement, one: int, other: int) -> bool:
    a, b = placed.boxes[one], placed.boxes[other]
    return abs(a.x - b.x) < WIDTH and abs(a.y - b.y) < HEIGHT


@settings(max_examples=80, deadline=None)
@given(shapes())
@example(STAR)
@example(CHAIN)
@example(LADDER)
def test_boxes_never_overlap_and_lie_inside(shape: tuple[int, Lines]) -> None:
    count, lines = shape
    placed = arrange(count, lines)
    assert not [pair for pair in combinations(range(count), 2) if overlap(placed, *pair)]
    for corner in placed.boxes:
        assert corner.x >= 0
        assert corner.y >= -0.1
        assert corner.x + WIDTH <= placed.width + 0.1
        assert corner.y + HEIGHT <= placed.height + 0.1


@settings(max_examples=80, deadline=None)
@given(shapes())
@example(STAR)
@example(LADDER)
def test_lines_meet_their_boxes_and_lead_from_older_to_younger(shape: tuple[int, Lines]) -> None:
    count, lines = shape
    placed = arrange(count, lines)
    for (one, other), route in zip(lines, placed.routes, strict=True):
        older, younger = placed.boxes[one], placed.boxes[other]
        assert route[0].x == older.x + WIDTH
        assert older.y <= route[0].y <= older.y + HEIGHT
        assert route[-1].x == younger.x
        assert younger.y <= route[-1].y <= younger.y + HEIGHT
        assert len(route) % 2 == 0
        xs = [point.x for point in route]
        assert xs == sorted(xs), "the oldest stand left"


@settings(max_examples=80, deadline=None)
@given(shapes())
@example(STAR)
@example(LADDER)
def test_no_line_runs_through_a_box(shape: tuple[int, Lines]) -> None:
    count, lines = shape
    placed = arrange(count, lines)
    for (one, other), route in zip(lines, placed.routes, strict=True):
        # Between two layers there are no boxes; through a layer a line is straight.
        for enter, leave in zip(route[1:-1:2], route[2:-1:2], strict=True):
            assert enter.y == leave.y
            for number, corner in enumerate(placed.boxes):
                if number in {one, other} or corner.x >= leave.x or corner.x + WIDTH <= enter.x:
                    continue
                assert not corner.y < enter.y < corner.y + HEIGHT


@settings(max_examples=60, deadline=None)
@given(shapes(), st.randoms(use_true_random=False))
def test_the_order_of_lines_means_nothing(shape: tuple[int, Lines], random: object) -> None:
    count, lines = shape
    distinct = sorted(set(lines))
    mixed = list(distinct)
    random.shuffle(mixed)  # type: ignore[attr-defined] # a Random
    first, second = arrange(count, distinct), arrange(count, mixed)
    assert first.boxes == second.boxes
    assert dict(zip(distinct, first.routes, strict=True)) == dict(
        zip(mixed, second.routes, strict=True)
    )


def test_lines_that_need_not_cross_do_not() -> None:
    placed = arrange(6, [(0, 5), (1, 4), (2, 3)])
    order = sorted(range(3), key=lambda box: placed.boxes[box].y)
    assert [5 - box for box in order] == sorted(range(3, 6), key=lambda b: placed.boxes[b].y)
    crossed = arrange(5, [(0, 4), (1, 3), (0, 2), (1, 2)])
    ys = [corner.y for corner in crossed.boxes]
    assert (ys[0] < ys[1]) == (ys[4] < ys[3]), "one piece, swept until nothing crosses"


def test_what_can_stand_straight_does() -> None:
    placed = arrange(12, CHAIN[1])
    assert {corner.y for corner in placed.boxes} == {0.0}
    assert all(route[0].y == route[-1].y for route in placed.routes)
    hub, *leaves = (corner.y for corner in arrange(4, [(0, 1), (0, 2), (0, 3)]).boxes)
    assert hub == sorted(leaves)[1], "a box stands amid its neighbours"
    forked = arrange(7, [(0, 1), (0, 2), (0, 3), (1, 4), (2, 5), (3, 6)])
    assert sum(route[0].y == route[-1].y for route in forked.routes[3:]) == 3
    assert forked.height < 4 * HEIGHT, "boxes stand no further apart than they must"


# --- graphs ------------------------------------------------------------------------------------


def node(number: int) -> Node:
    return Node(f"docs/{number:04}.md", f"{number:04}-d", f"{number:04}-d", number, "T", "in-force")


@st.composite
def graphs(draw_: st.DrawFn) -> DecisionGraph:
    """Draw a graph, of which half are larger than a sheet."""
    count = draw_(st.integers(2, 140))
    wanted = draw_(st.integers(0, 260))
    random = draw_(st.randoms(use_true_random=False))
    nodes = {each.path: each for each in map(node, range(count))}
    paths, kinds = list(nodes), list(KINDS)
    found = set()
    for _ in range(wanted):
        source, target = random.sample(paths, 2)
        found.add((random.choice(kinds), source, target))
    return DecisionGraph(nodes, tuple(Tie(*each) for each in sorted(found)))


@settings(max_examples=30, deadline=None)
@given(graphs())
def test_each_relation_stands_on_one_sheet_with_both_ends(graph: DecisionGraph) -> None:
    sheets = cut(graph)
    assert sorted(map(repr, graph.ties)) == sorted(
        repr(tie) for sheet in sheets.sheets for tie in sheet.ties
    )
    for sheet in sheets.sheets:
        assert len(sheet.paths) <= MOST_NODES
        assert 0 < len(sheet.ties) <= MOST_TIES
        assert {path for tie in sheet.ties for path in (tie.source, tie.target)} == set(sheet.paths)
    tied = graph.nodes.keys() - {each.path for each in graph.alone}
    assert sheets.by_path.keys() == tied


@settings(max_examples=12, deadline=None)
@given(graphs())
def test_arrows_begin_at_their_source_and_end_at_their_target(graph: DecisionGraph) -> None:
    for sheet in cut(graph).sheets:
        drawing = draw(graph, sheet)
        boxes = {box.node.path: box for box in drawing.boxes}
        for arrow in drawing.arrows:
            numbers = [float(text) for text in re.findall(r"-?[0-9.]+", arrow.path)]
            for path, (x, y) in (
                (arrow.tie.source, numbers[:2]),
                (arrow.tie.target, numbers[-2:]),
            ):
                box = boxes[path]
                assert x in {box.x, box.x + drawing.box_width}
                assert box.y <= y <= box.y + drawing.box_height
            ends = arrow.ends.split()
            assert ends == [boxes[arrow.tie.source].key, boxes[arrow.tie.target].key]
        assert drawing == draw(graph, sheet)


def test_labels_of_a_fan_do_not_cover_each_other() -> None:
    nodes = {each.path: each for each in map(node, range(30))}
    paths = list(nodes)
    graph = DecisionGraph(nodes, tuple(Tie("supersedes", path, paths[0]) for path in paths[1:]))
    spots = sorted((a.y, a.x) for a in draw(graph, cut(graph).sheets[0]).arrows)
    assert min(b[0] - a[0] for a, b in pairwise(spots)) >= 12


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("", ("",)),
        ("Money is exact", ("Money is exact",)),
        ("W" * 200, 1),
        ("Ein Titel aus mehreren Worten, der weit über zwei Zeilen geht und dann endet", 2),
        ("決定" * 40, 1),
    ],
)
def test_titles_fit_their_boxes(title: str, lines: tuple[str, ...] | int) -> None:
    one, other = node(0), Node("b", "b", "b", None, title, "proposed")
    graph = DecisionGraph({one.path: one, "b": other}, (Tie("amends", "b", one.path),))
    box = draw(graph, cut(graph).sheets[0]).boxes[-1]
    if isinstance(lines, int):
        assert len(box.title) == lines
        assert box.title[-1].endswith("…")
        assert all(len(line) <= 34 for line in box.title)
    else:
        assert box.title == lines
