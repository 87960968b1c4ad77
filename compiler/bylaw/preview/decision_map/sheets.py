"""The graph in sheets: parts that are drawn at once, so that no drawing has ten thousand boxes.

Every tie stands on exactly one sheet, with both of its ends; a decision with many ties stands on
several. Groups of connected decisions come largest first and stay whole where they fit.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bylaw.preview.decision_map.graph import Age, DecisionGraph, Tie

MOST_NODES = 40
MOST_TIES = 80


@dataclass(frozen=True, slots=True)
class Sheet:
    """Decisions, the oldest first, and ties between them."""

    paths: tuple[str, ...]
    ties: tuple[Tie, ...]


@dataclass(frozen=True)
class Sheets:
    """All sheets of a graph."""

    sheets: tuple[Sheet, ...]

    @cached_property
    def by_path(self) -> Mapping[str, tuple[int, ...]]:
        """The sheets that a decision stands on, that with the most of its ties first."""
        counts: dict[str, dict[int, int]] = {}
        for number, sheet in enumerate(self.sheets):
            for tie in sheet.ties:
                for path in (tie.source, tie.target):
                    mine = counts.setdefault(path, {})
                    mine[number] = mine.get(number, 0) + 1
        return {
            path: tuple(sorted(mine, key=lambda number: (-mine[number], number)))
            for path, mine in counts.items()
        }


def cut(graph: DecisionGraph) -> Sheets:
    """Cut a graph into sheets, the same for the same graph."""
    ages = {path: node.age for path, node in graph.nodes.items()}
    done: list[Sheet] = []
    pen = _Pen()
    for group in _groups(graph):
        if not pen.takes(group):
            done += pen.flush(ages)
        if pen.takes(group):
            for tie in group:
                pen.add(tie)
            continue
        for tie in _walk(group, ages):
            if not pen.takes((tie,)):
                done += pen.flush(ages)
            pen.add(tie)
        done += pen.flush(ages)
    return Sheets((*done, *pen.flush(ages)))


@dataclass
class _Pen:
    """The sheet that is being filled."""

    paths: set[str] = field(default_factory=set)
    ties: list[Tie] = field(default_factory=list)

    def takes(self, ties: Sequence[Tie]) -> bool:
        if len(self.ties) + len(ties) > MOST_TIES:
            return False
        more = {path for tie in ties for path in (tie.source, tie.target)}
        return len(self.paths | more) <= MOST_NODES

    def add(self, tie: Tie) -> None:
        self.paths |= {tie.source, tie.target}
        self.ties.append(tie)

    def flush(self, ages: Mapping[str, Age]) -> list[Sheet]:
        if not self.ties:
            return []
        paths = tuple(sorted(self.paths, key=ages.__getitem__))
        sheet = Sheet(paths, tuple(self.ties))
        self.paths, self.ties = set(), []
        return [sheet]


def _groups(graph: DecisionGraph) -> list[list[Tie]]:
    """Return the ties of each group of connected decisions, the largest first."""
    roots: dict[str, str] = {}

    def root(path: str) -> str:
        while (parent := roots.setdefault(path, path)) != path:
            roots[path] = roots[parent]
            path = parent
        return path

    for tie in graph.ties:
        one, other = sorted((root(tie.source), root(tie.target)))
        roots[other] = one
    groups: dict[str, list[Tie]] = {}
    for tie in graph.ties:
        groups.setdefault(root(tie.source), []).append(tie)

    def order(ties: list[Tie]) -> tuple[int, Age]:
        paths = {path for tie in ties for path in (tie.source, tie.target)}
        return -len(paths), min(graph.nodes[path].age for path in paths)

    return sorted(groups.values(), key=order)


def _walk(group: Sequence[Tie], ages: Mapping[str, Age]) -> list[Tie]:
    """Return ties in an order in which neighbours stand close: breadth first from the busiest."""
    at: dict[str, list[Tie]] = {}
    for tie in group:
        at.setdefault(tie.source, []).append(tie)
        at.setdefault(tie.target, []).append(tie)

    def busy(path: str) -> tuple[int, Age]:
        return -len(at[path]), ages[path]

    found: dict[Tie, None] = {}
    seen: set[str] = set()
    for start in sorted(at, key=busy):
        queue = deque([start])
        while queue:
            path = queue.popleft()
            if path in seen:
                continue
            seen.add(path)
            for tie in at[path]:
                found[tie] = None
                queue.append(tie.target if tie.source == path else tie.source)
    return list(found)
