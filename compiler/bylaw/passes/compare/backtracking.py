"""Whether a regular expression is exponentially ambiguous, decided on its position automaton.

A backtracking engine tries every way to match. Their number grows exponentially with the text
exactly where some state can be left and reached again by two different ways that read the same
text. The automaton here has a state per character set of the expression (Glushkov); two ways
between the same states, as through the nested loops of `(a+)+`, are two edges.
"""

import re
from collections import Counter
from dataclasses import dataclass

# Typeshed knows the parser under its old name only, which warns when imported.
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_MAX_LENGTH = 2000
_MAX_STATES = 400
_MAX_STEPS = 200_000
_MAX_COPIES = 6
"""Finite repetitions are written out up to here; beyond, a range of counts is a loop."""

_MANY = 10

_CATEGORIES = {
    ops.CATEGORY_DIGIT: "0123456789",
    ops.CATEGORY_SPACE: " \t\n\r\f\v",
    ops.CATEGORY_WORD: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_",
}
_NEGATED = {
    ops.CATEGORY_NOT_DIGIT: ops.CATEGORY_DIGIT,
    ops.CATEGORY_NOT_SPACE: ops.CATEGORY_SPACE,
    ops.CATEGORY_NOT_WORD: ops.CATEGORY_WORD,
}


class _TooLargeError(Exception):
    """The expression has more states, or needs more steps, than an answer is worth."""


def explodes(expression: str, *, searched: bool = False) -> bool:
    """Tell whether matching can take exponential time; False where that is not known.

    `searched` expressions need not match to the end of a text, so that a repetition at their own
    end never fails and never goes back.
    """
    if len(expression) > _MAX_LENGTH:
        return False
    try:
        tree = parser.parse(expression)
        builder = _Builder(tree)
        whole = builder.sequence(list(tree))
        return _is_ambiguous(builder, frozenset(whole.last) if searched else frozenset())
    except (re.error, OverflowError, RecursionError, _TooLargeError):
        # What Python cannot read (`\pL`, `[[:alpha:]]`) only RE2 engines run anyway.
        return False


@dataclass(frozen=True, slots=True)
class _Part:
    """A sub-expression: the states it can begin and end with, and whether it can be nothing."""

    first: tuple[int, ...] = ()
    last: tuple[int, ...] = ()
    empty: bool = True


class _Builder:
    """Makes the states and edges of an expression."""

    def __init__(self, tree: Any) -> None:
        self.alphabet = _alphabet(tree)
        self.sets: list[int] = []
        self.edges: Counter[tuple[int, int]] = Counter()

    def sequence(self, nodes: list[Any]) -> _Part:
        """Build a part for nodes one after the other."""
        whole = _Part()
        for node in nodes:
            whole = self._join(whole, self._node(*node))
        return whole

    def _join(self, one: _Part, other: _Part) -> _Part:
        self._connect(one.last, other.first)
        return _Part(
            one.first + other.first if one.empty else one.first,
            one.last + other.last if other.empty else other.last,
            one.empty and other.empty,
        )

    def _connect(self, sources: tuple[int, ...], targets: tuple[int, ...]) -> None:
        if len(sources) * len(targets) > _MAX_STEPS:
            raise _TooLargeError
        self.edges.update((source, target) for source in sources for target in targets)

    def _node(self, kind: Any, value: Any) -> _Part:
        if kind in (ops.LITERAL, ops.NOT_LITERAL, ops.ANY, ops.IN):
            return self._state(self._members(kind, value))
        if kind is ops.SUBPATTERN:
            return self.sequence(list(value[-1]))
        if kind is ops.BRANCH:
            return self._branch([self.sequence(list(option)) for option in value[1]])
        if kind in (ops.MAX_REPEAT, ops.MIN_REPEAT):
            low, high, body = value
            return self._repeat(low, high, list(body))
        if kind is ops.AT:
            return _Part()
        # Look-around, references and possessive forms are not part of the language's dialect.
        raise re.error("not RE2")

    def _state(self, members: int) -> _Part:
        if len(self.sets) >= _MAX_STATES:
            raise _TooLargeError
        self.sets.append(members)
        state = (len(self.sets) - 1,)
        return _Part(state, state, empty=False)

    def _branch(self, options: list[_Part]) -> _Part:
        return _Part(
            tuple(state for option in options for state in option.first),
            tuple(state for option in options for state in option.last),
            any(option.empty for option in options),
        )

    def _repeat(self, low: int, high: Any, body: list[Any]) -> _Part:
        endless = high is ops.MAXREPEAT or (high > _MAX_COPIES and high != low)
        if low == high and low >= _MANY and _varies(body):
            # `(.*a){12}` is not exponential by the letter, only to the twelfth power.
            endless = True
        copies = min(low, 3 if endless else _MAX_COPIES)
        whole = _Part()
        for _ in range(copies - 1 if endless and copies else copies):
            whole = self._join(whole, self.sequence(body))
        if endless:
            loop = self.sequence(body)
            self._connect(loop.last, loop.first)
            return self._join(whole, loop if copies else _Part(loop.first, loop.last))
        return self._join(whole, self._optional(min(high, _MAX_COPIES) - copies, body))

    def _optional(self, count: int, body: list[Any]) -> _Part:
        whole = _Part()
        for _ in range(count):
            inner = self._join(self.sequence(body), whole)
            whole = _Part(inner.first, inner.last)
        return whole

    def _members(self, kind: Any, value: Any) -> int:
        """Return the characters of a set as bits over the alphabet."""
        if kind is ops.IN:
            negated = value[0][0] is ops.NEGATE
            bits = 0
            for member in value[1:] if negated else value:
                bits |= self._member(*member)
            return ~bits & self._all if negated else bits
        if kind is ops.ANY:
            return self._all & ~self._where(lambda char: char == "\n")
        bits = self._where(lambda char: ord(char) == value)
        return ~bits & self._all if kind is ops.NOT_LITERAL else bits

    def _member(self, kind: Any, value: Any) -> int:
        if kind is ops.RANGE:
            return self._where(lambda char: value[0] <= ord(char) <= value[1])
        if kind is ops.CATEGORY:
            if value in _NEGATED:
                return self._all & ~self._member(ops.CATEGORY, _NEGATED[value])
            return self._where(lambda char: char in _CATEGORIES[value])
        return self._where(lambda char: ord(char) == value)

    @property
    def _all(self) -> int:
        return (1 << len(self.alphabet)) - 1

    def _where(self, holds: Any) -> int:
        return sum(1 << index for index, char in enumerate(self.alphabet) if holds(char))


def _varies(body: list[Any]) -> bool:
    """Tell whether a repetition stands in the body."""
    stack = [body]
    while stack:
        for kind, value in stack.pop():
            if kind in (ops.MAX_REPEAT, ops.MIN_REPEAT):
                if value[0] != value[1]:
                    return True
                stack.append(list(value[2]))
            elif kind is ops.SUBPATTERN:
                stack.append(list(value[-1]))
            elif kind is ops.BRANCH:
                stack.extend(list(option) for option in value[1])
    return False


def _alphabet(tree: Any) -> str:
    """Return one character of each kind that the expression tells apart."""
    points = {ord(char) for char in "0a A_Zz9\n!é"}
    stack = [tree]
    while stack:
        for kind, value in stack.pop():
            if kind in (ops.LITERAL, ops.NOT_LITERAL):
                points.add(value)
            elif kind is ops.IN:
                stack.append(value)
            elif kind is ops.RANGE:
                points.update(value)
                points.update(min(point + 1, 0x10FFFF) for point in value)
            elif kind is ops.SUBPATTERN:
                stack.append(value[-1])
            elif kind is ops.BRANCH:
                stack.extend(value[1])
            elif kind in (ops.MAX_REPEAT, ops.MIN_REPEAT):
                stack.append(value[2])
    points.update(range(0x30, 0x3A))
    return "".join(map(chr, sorted(points)))


# --- ambiguity ---------------------------------------------------------------------------------


def _is_ambiguous(builder: _Builder, harmless: frozenset[int]) -> bool:
    after: dict[int, list[int]] = {}
    for source, target in builder.edges:
        after.setdefault(source, []).append(target)
    for component in _components(len(builder.sets), after):
        # Where the whole may end, a searching engine stops at its first way.
        if component & harmless:
            continue
        inside = {s: [t for t in after.get(s, ()) if t in component] for s in component}
        if not any(inside.values()):
            continue
        if any(builder.edges[s, t] > 1 for s in component for t in inside[s]):
            return True
        if _two_ways(builder.sets, inside):
            return True
    return False


def _two_ways(sets: list[int], inside: dict[int, list[int]]) -> bool:
    """Tell whether two different ways through a component read one text and meet again."""
    forward: dict[tuple[int, int], set[tuple[int, int]]] = {}
    frontier = [(state, state) for state in inside]
    seen = set(frontier)
    steps = 0
    while frontier:
        pair = frontier.pop()
        for one in inside[pair[0]]:
            for other in inside[pair[1]]:
                steps += 1
                if sets[one] & sets[other]:
                    following = (one, other)
                    forward.setdefault(following, set()).add(pair)
                    if following not in seen:
                        seen.add(following)
                        frontier.append(following)
        if steps > _MAX_STEPS:
            raise _TooLargeError
    # Backwards from where both ways are in one state: what is reached has met itself again.
    back = [(state, state) for state in inside]
    met = set(back)
    while back:
        for previous in forward.get(back.pop(), ()):
            if previous not in met:
                met.add(previous)
                back.append(previous)
    return any(one != other for one, other in met & seen)


def _components(count: int, after: dict[int, list[int]]) -> list[frozenset[int]]:
    """Return the sets of states that can all reach each other (Kosaraju, without recursion)."""
    before: dict[int, list[int]] = {}
    for source, targets in after.items():
        for target in targets:
            before.setdefault(target, []).append(source)
    order: list[int] = []
    visited: set[int] = set()
    for start in range(count):
        stack = [(start, iter(after.get(start, ())))] if start not in visited else []
        visited.add(start)
        while stack:
            following = next((t for t in stack[-1][1] if t not in visited), None)
            if following is None:
                order.append(stack.pop()[0])
            else:
                visited.add(following)
                stack.append((following, iter(after.get(following, ()))))
    found: list[frozenset[int]] = []
    placed: set[int] = set()
    for start in reversed(order):
        if start in placed:
            continue
        component = {start}
        pending = [start]
        while pending:
            for source in before.get(pending.pop(), ()):
                if source not in placed and source not in component:
                    component.add(source)
                    pending.append(source)
        placed |= component
        found.append(frozenset(component))
    return found
