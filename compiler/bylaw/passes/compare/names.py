"""Names as regular languages: whether a name can satisfy two demands at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bylaw.globs.dialect import expand_braces, segment_regex
from bylaw.ir import Name
from bylaw.passes.compare.positions import Builder, TooLargeError, alphabet_of, parse

_STYLES = {
    "snake_case": "[a-z][a-z0-9]*(_[a-z0-9]+)*",
    "PascalCase": "[A-Z][A-Za-z0-9]*",
    "camelCase": "[a-z][A-Za-z0-9]*",
    "kebab-case": "[a-z][a-z0-9]*(-[a-z0-9]+)*",
    "UPPER_CASE": "[A-Z][A-Z0-9]*(_[A-Z0-9]+)*",
}

_MAX_LENGTH = 400
_MAX_SETS = 4096
"""Sets of states that are looked at; beyond, a question stays open."""

_FLAGS = re.compile(r"\(\?[a-zA-Z-]+[:)](?<!\(\?:)")


def disjoint(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether no text fully matches an expression of each; False where that is not proven."""
    machines = _machines(tuple(one), tuple(other))
    return machines is not None and not _meet(*machines)


def included(inner: Sequence[str], outer: Sequence[str]) -> bool:
    """Tell whether what fully matches one of `inner` does one of `outer`; False if not proven."""
    if set(inner) <= set(outer):
        return True
    machines = _machines(tuple(inner), tuple(outer))
    return machines is not None and _includes(*machines)


def expression(name: Name) -> str:
    """Return the regular expression that a name must fully match."""
    if name.form == "regex":
        return name.text
    if name.form == "style":
        style = _STYLES.get(name.text)
        # A style judges what stands before the first dot, without underscores at its ends.
        return f"_*({style})_*(\\.[^/]*)?" if style else re.escape(name.text)
    return "|".join(f"({segment_regex(text)})" for text in expand_braces(name.text))


@dataclass(frozen=True)
class _Machine:
    """The states after each state, and which characters (bits) lead into each; -1 is the start."""

    sets: list[int]
    after: dict[int, tuple[int, ...]]
    final: frozenset[int]


@lru_cache(maxsize=1024)
def _machines(
    one: tuple[str, ...], other: tuple[str, ...]
) -> tuple[_Machine, _Machine, int] | None:
    """Make both machines over one alphabet, of so many characters."""
    joined = ["|".join(f"(?:{e})" for e in expressions) for expressions in (one, other)]
    if any(len(text) > _MAX_LENGTH or _FLAGS.search(text) for text in joined):
        return None
    try:
        trees = [parse(text) for text in joined]
        alphabet = alphabet_of(*trees)
        first, second = (_machine(tree, alphabet) for tree in trees)
    except (re.error, OverflowError, RecursionError, TooLargeError):
        return None
    return first, second, len(alphabet)


def _machine(tree: Any, alphabet: str) -> _Machine:
    builder = Builder(alphabet, exact=True)
    whole = builder.sequence(list(tree))
    after: dict[int, set[int]] = {-1: set(whole.first)}
    for source, target in builder.edges:
        after.setdefault(source, set()).add(target)
    final = frozenset(whole.last) | (frozenset((-1,)) if whole.empty else frozenset())
    return _Machine(builder.sets, {s: tuple(sorted(t)) for s, t in after.items()}, final)


def _meet(one: _Machine, other: _Machine, _: int) -> bool:
    """Tell whether some text leads both machines to an end."""
    seen = {(-1, -1)}
    frontier = [(-1, -1)]
    while frontier:
        mine, theirs = frontier.pop()
        if mine in one.final and theirs in other.final:
            return True
        for a in one.after.get(mine, ()):
            for b in other.after.get(theirs, ()):
                if one.sets[a] & other.sets[b] and (a, b) not in seen:
                    seen.add((a, b))
                    frontier.append((a, b))
    return False


def _includes(inner: _Machine, outer: _Machine, size: int) -> bool:
    """Tell whether whatever leads `inner` to an end leads `outer` to one; False if not proven."""
    start = (-1, frozenset((-1,)))
    seen = {start}
    frontier = [start]
    while frontier:
        state, states = frontier.pop()
        if state in inner.final and not states & outer.final:
            return False
        reached = {b for s in states for b in outer.after.get(s, ())}
        for a in inner.after.get(state, ()):
            for bit in range(size):
                if not inner.sets[a] >> bit & 1:
                    continue
                step = (a, frozenset(b for b in reached if outer.sets[b] >> bit & 1))
                if step not in seen:
                    seen.add(step)
                    frontier.append(step)
        if len(seen) > _MAX_SETS:
            return False
    return True
