"""From a key's path to what a document has there, and to where it has nothing."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from bylaw.keys.model import Document, Entry, Node, Opaque, Span, Table
from bylaw.keys.model import Sequence as List

_MOST_STEPS = 1_000_000
"""A search that looks at more than this is led in circles by aliases."""

_SEGMENT = re.compile(r'"(?P<quoted>[^"]+)"|\[\]|\*\*|[^."\[\]]+')


class Step(NamedTuple):
    """One part of a key's path: a name, or one of the wildcards `*`, `[]` and `**`."""

    name: str
    wild: bool = False


class Found(NamedTuple):
    """A value that a path leads to: the path as it stands in the document, and its key's place."""

    path: str
    span: Span
    value: Node


class Missing(NamedTuple):
    """Where a path leads to nothing: below the thing at `span`, or, with None, the document."""

    path: str
    span: Span


class Unknown(NamedTuple):
    """Where a path leads through a value that is no literal."""

    path: str
    span: Span


class Answer(NamedTuple):
    """All that a path leads to in one document, in the order of the file."""

    found: tuple[Found, ...]
    missing: tuple[Missing, ...]
    unknown: tuple[Unknown, ...]


class TooManyError(Exception):
    """The document has more values than a search can look at."""


@lru_cache(maxsize=4096)
def steps_of(text: str) -> tuple[Step, ...]:
    """Return the steps of a key as written; a quoted segment is never a wildcard."""
    return tuple(
        Step(match["quoted"]) if match["quoted"] else Step(match[0], match[0] in {"*", "**", "[]"})
        for match in _SEGMENT.finditer(text)
    )


def find(document: Document, text: str) -> Answer:
    """Follow a key's path through a document.

    Below the last wildcard the path has to lead on from each thing that the wildcard found;
    `**` finds any depth, so that one place below it is enough. Raises TooManyError.
    """
    return _Search().run(document.root, steps_of(text))


def _once(found: Sequence[Found]) -> tuple[Found, ...]:
    """Return each place once, by the first path to it: aliases lead to one place on many."""
    # By place, and not by value: aliases make values that take for ever to compare.
    known = {one.span or one.path: one for one in reversed(found)}
    return tuple(reversed(known.values()))


class _State(NamedTuple):
    node: Node
    span: Span
    path: tuple[str, ...]


class _Search:
    def __init__(self) -> None:
        self.left = _MOST_STEPS
        self.unknown: dict[Unknown, None] = {}

    def run(self, root: Node, steps: tuple[Step, ...]) -> Answer:
        last = max(
            (i for i, step in enumerate(steps) if step.wild and step.name != "**"), default=-1
        )
        anchors = self._follow(_State(root, None, ()), steps[: last + 1], None)
        rest = steps[last + 1 :]
        found: list[Found] = []
        missing: dict[Missing, None] = {}
        for anchor in anchors:
            gaps: list[_State] = []
            unknown = len(self.unknown)
            ends = list(self._follow(anchor, rest, gaps))
            found += [Found(written(end.path), end.span, end.node) for end in ends]
            deep = any(step.wild for step in rest)
            if deep and not ends and len(self.unknown) == unknown:
                gaps = [anchor]
            elif deep:
                gaps = []
            names = tuple(step.name for step in rest)
            for gap in gaps:
                missing[Missing(written((*anchor.path, *names)), gap.span)] = None
        return Answer(_once(found), tuple(missing), tuple(self.unknown))

    def _follow(
        self, start: _State, steps: Sequence[Step], gaps: list[_State] | None
    ) -> Iterator[_State]:
        """Yield where steps lead to; note in `gaps` the branches that end before."""
        # Depth first, in the order of the file, without recursion.
        stack: list[tuple[_State, int, _State]] = [(start, 0, start)]
        while stack:
            self.left -= 1
            if self.left < 0:
                raise TooManyError
            state, index, branch = stack.pop()
            if index == len(steps):
                yield state
                continue
            step = steps[index]
            if step.wild and step.name == "**":
                below = [(child, index, branch) for child in self._children(state)]
                stack += [*reversed(below), (state, index + 1, branch)]
                continue
            if isinstance(state.node, Opaque):
                self._note_unknown(state, steps[index:])
                continue
            after = list(self._after(state, steps, index))
            if self._may_have_more(state, step, after):
                self._note_unknown(state, steps[index:])
            elif not after and gaps is not None:
                gaps.append(branch)
            several = len(after) > 1
            stack += [(child, to, child if several else branch) for child, to in reversed(after)]

    def _children(self, state: _State) -> Iterator[_State]:
        node = state.node
        if isinstance(node, Table):
            for entry in node.entries:
                yield _below(state, entry)
        elif isinstance(node, List):
            for item in node.items:
                yield _State(item, item.span or state.span, (*state.path, "[]"))

    def _after(
        self, state: _State, steps: Sequence[Step], index: int
    ) -> Iterator[tuple[_State, int]]:
        """Yield what one step leads to, and the step that is next there."""
        node, step = state.node, steps[index]
        if step.wild and step.name == "[]":
            if isinstance(node, List):
                for child in self._children(state):
                    yield child, index + 1
            elif isinstance(node, Table) and node.block:
                yield state._replace(path=(*state.path, "[]")), index + 1
            return
        if not isinstance(node, Table):
            return
        if step.wild:
            for child in self._children(state):
                yield child, index + 1
            return
        yield from ((_below(state, e), index + 1) for e in node.entries if e.key == step.name)
        if node.dotted:
            yield from self._joined(state, node, steps, index)

    def _joined(
        self, state: _State, node: Table, steps: Sequence[Step], index: int
    ) -> Iterator[tuple[_State, int]]:
        """Yield what several steps lead to at once, where keys hold dots: `[a.b]` of INI."""
        name = steps[index].name
        for stop in range(index + 1, len(steps)):
            if steps[stop].wild:
                return
            name = f"{name}.{steps[stop].name}"
            yield from ((_below(state, e), stop + 1) for e in node.entries if e.key == name)

    @staticmethod
    def _may_have_more(state: _State, step: Step, after: Sequence[object]) -> bool:
        """Tell whether what a step asks for may be there without being seen."""
        if not isinstance(state.node, Table | List) or not state.node.open:
            return False
        return not after or (step.wild and bool(state.path))

    def _note_unknown(self, state: _State, steps: Sequence[Step]) -> None:
        node = state.node
        if isinstance(node, Opaque) and node.code:
            return
        path = written((*state.path, *(step.name for step in steps)))
        self.unknown[Unknown(path, state.span)] = None


def _below(state: _State, entry: Entry) -> _State:
    return _State(entry.value, entry.span or state.span, (*state.path, entry.key))


def written(path: Sequence[str]) -> str:
    """Return a path as a key is written: `a."b.c"[].d`."""
    text = ""
    for part in path:
        if part == "[]":
            text += part
        else:
            bare = part and not any(char in '."[]*` \t\n' for char in part)
            text += ("." if text else "") + (part if bare else f'"{part}"')
    return text
