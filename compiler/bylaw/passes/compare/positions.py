"""Position automata of regular expressions (Glushkov): a state per character set, as written."""

import re
from collections import Counter
from dataclasses import dataclass

# The parser's public name, `sre_parse`, warns when imported.
from re import _constants as ops
from re import _parser
from typing import Any

_MAX_STATES = 400
_MAX_EDGES = 200_000
_MAX_COPIES = 6
"""Finite repetitions are written out up to here; beyond, a range of counts is a loop."""

_MANY = 10

_CATEGORIES = {
    ops.CATEGORY_DIGIT: "0123456789",
    ops.CATEGORY_SPACE: " \t\n\f\r",
    ops.CATEGORY_WORD: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_",
}
_NEGATED = {
    ops.CATEGORY_NOT_DIGIT: ops.CATEGORY_DIGIT,
    ops.CATEGORY_NOT_SPACE: ops.CATEGORY_SPACE,
    ops.CATEGORY_NOT_WORD: ops.CATEGORY_WORD,
}


# The first of each stretch of characters that the categories and a line end tell apart.
_POINTS = (
    0,
    0x9,
    0xA,
    0xB,
    0xC,
    0xD,
    0xE,
    0x20,
    0x21,
    0x30,
    0x3A,
    0x41,
    0x5B,
    0x5F,
    0x60,
    0x61,
    0x7B,
)


def parse(expression: str) -> Any:
    """Return the parse tree of an expression; raises `re.error` where Python cannot read it."""
    return _parser.parse(expression)


class TooLargeError(Exception):
    """The expression has more states, or needs more steps, than an answer is worth."""


@dataclass(frozen=True, slots=True)
class Part:
    """A sub-expression: the states it can begin and end with, and whether it can be nothing."""

    first: tuple[int, ...] = ()
    last: tuple[int, ...] = ()
    empty: bool = True


class Builder:
    """Makes the states and edges of an expression."""

    def __init__(self, alphabet: str, *, exact: bool = False) -> None:
        self.alphabet = alphabet
        self.exact = exact
        self.sets: list[int] = []
        self.edges: Counter[tuple[int, int]] = Counter()

    def sequence(self, nodes: list[Any]) -> Part:
        """Build a part for nodes one after the other."""
        whole = Part()
        for node in nodes:
            whole = self._join(whole, self._node(*node))
        return whole

    def _join(self, one: Part, other: Part) -> Part:
        self._connect(one.last, other.first)
        return Part(
            one.first + other.first if one.empty else one.first,
            one.last + other.last if other.empty else other.last,
            one.empty and other.empty,
        )

    def _connect(self, sources: tuple[int, ...], targets: tuple[int, ...]) -> None:
        if len(sources) * len(targets) > _MAX_EDGES:
            raise TooLargeError
        self.edges.update((source, target) for source in sources for target in targets)

    def _node(self, kind: Any, value: Any) -> Part:
        if kind in (ops.LITERAL, ops.NOT_LITERAL, ops.ANY, ops.IN):
            return self._state(self._members(kind, value))
        if kind is ops.SUBPATTERN:
            return self.sequence(list(value[-1]))
        if kind is ops.BRANCH:
            return self._branch([self.sequence(list(option)) for option in value[1]])
        if kind in (ops.MAX_REPEAT, ops.MIN_REPEAT):
            low, high, body = value
            return self._repeat(low, high, list(body))
        if kind is ops.AT and not self.exact:
            return Part()
        # Look-around, references and possessive forms are not part of the language's dialect.
        raise re.error("not RE2")

    def _state(self, members: int) -> Part:
        if len(self.sets) >= _MAX_STATES:
            raise TooLargeError
        self.sets.append(members)
        state = (len(self.sets) - 1,)
        return Part(state, state, empty=False)

    def _branch(self, options: list[Part]) -> Part:
        return Part(
            tuple(state for option in options for state in option.first),
            tuple(state for option in options for state in option.last),
            any(option.empty for option in options),
        )

    def _repeat(self, low: int, high: Any, body: list[Any]) -> Part:
        if self.exact:
            return self._repeat_exactly(low, high, body)
        endless = high is ops.MAXREPEAT or (high > _MAX_COPIES and high != low)
        if low == high and low >= _MANY and _varies(body):
            # `(.*a){12}` is not exponential by the letter, only to the twelfth power.
            endless = True
        copies = min(low, 3 if endless else _MAX_COPIES)
        whole = Part()
        for _ in range(copies - 1 if endless and copies else copies):
            whole = self._join(whole, self.sequence(body))
        if endless:
            loop = self.sequence(body)
            self._connect(loop.last, loop.first)
            return self._join(whole, loop if copies else Part(loop.first, loop.last))
        return self._join(whole, self._optional(min(high, _MAX_COPIES) - copies, body))

    def _repeat_exactly(self, low: int, high: Any, body: list[Any]) -> Part:
        if low > _MAX_STATES or (high is not ops.MAXREPEAT and high > _MAX_STATES):
            raise TooLargeError
        whole = Part()
        for _ in range(low):
            whole = self._join(whole, self.sequence(body))
        if high is not ops.MAXREPEAT:
            return self._join(whole, self._optional(high - low, body))
        loop = self.sequence(body)
        self._connect(loop.last, loop.first)
        return self._join(whole, Part(loop.first, loop.last))

    def _optional(self, count: int, body: list[Any]) -> Part:
        whole = Part()
        for _ in range(count):
            inner = self._join(self.sequence(body), whole)
            whole = Part(inner.first, inner.last)
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


def alphabet_of(*trees: Any) -> str:
    """Return the first of each stretch of characters that the expressions tell apart."""
    points = set(_POINTS)
    stack = [*trees]
    while stack:
        for kind, value in stack.pop():
            if kind in (ops.LITERAL, ops.NOT_LITERAL):
                points.update((value, min(value + 1, 0x10FFFF)))
            elif kind is ops.IN:
                stack.append(value)
            elif kind is ops.RANGE:
                points.update((value[0], min(value[1] + 1, 0x10FFFF)))
            elif kind is ops.SUBPATTERN:
                stack.append(value[-1])
            elif kind is ops.BRANCH:
                stack.extend(value[1])
            elif kind in (ops.MAX_REPEAT, ops.MIN_REPEAT):
                stack.append(value[2])
    return "".join(map(chr, sorted(points)))
