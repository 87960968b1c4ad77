"""Exact answers on globs and areas: inclusion, and overlap with a witness.

A question is a search for a path that every positive glob matches and no negative one. It goes
segment by segment through the product of the globs' automata, shortest paths first, so its first
find is the shortest witness and finding nothing is a proof. Where the product grows beyond a
bound, which only wilfully tangled globs reach, nothing is claimed: no overlap, no inclusion, not
empty.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from bylaw.area import Area
from bylaw.globs.dialect import (
    Alternative,
    alternatives,
    is_literal,
)
from bylaw.globs.matching import matcher
from bylaw.globs.segments import UndecidedError, atoms, readable, sample, segment_matches

# Joint states of a search; see the module's docstring.
_MAX_STATES = 8192

_EVERYTHING: tuple[str, ...] = ("**",)

Place = tuple[int, int]
"""An alternative's index within its group, and how many of its segments are read."""

Read = tuple[frozenset[str], frozenset[str], str]
"""A segment of a path: the patterns it was held against, those it matches, and its name."""

Places = frozenset[Place]
Group = tuple[Alternative, ...]


def included(inner: Sequence[str] | Area, outer: Sequence[str] | Area) -> bool:
    """Tell whether every path of `inner` is one of `outer`; False where that is not proven.

    A sequence of globs is their union, an empty one no path at all.
    """
    try:
        return not any(True for _ in _differences(_area(inner), _area(outer)))
    except UndecidedError:
        return False


def overlap(one: Sequence[str] | Area, other: Sequence[str] | Area) -> str | None:
    """Return a path of both, as short and readable as one can be, or None where there is none."""
    try:
        return _overlap(_area(one), _area(other))
    except UndecidedError:
        return None


def is_empty(area: Area) -> bool:
    """Tell whether no path can be in an area; False where that is not proven."""
    try:
        return _overlap(area, _Known(_EVERYTHING)) is None
    except UndecidedError:
        return False


# --- areas -------------------------------------------------------------------------------------


class _Known:
    """An area whose empty `include` is empty, unlike an `Area`'s."""

    __slots__ = ("exclude", "include", "within")

    def __init__(
        self,
        include: tuple[str, ...],
        within: tuple[str, ...] = _EVERYTHING,
        exclude: tuple[str, ...] = (),
    ) -> None:
        self.include = include
        self.within = within
        self.exclude = exclude


def _area(value: Sequence[str] | Area | _Known) -> _Known:
    if isinstance(value, _Known):
        return value
    if isinstance(value, Area):
        return _Known(value.include or _EVERYTHING, value.within or _EVERYTHING, value.exclude)
    return _Known(tuple(value))


def _overlap(one: Area | _Known, other: Area | _Known) -> str | None:
    first, second = _area(one), _area(other)
    negatives = first.exclude + second.exclude
    for positives in _products(first.include, first.within, second.include, second.within):
        witness = find(positives, negatives)
        if witness is not None:
            return witness
    return None


def _differences(inner: _Known, outer: _Known) -> Iterator[str]:
    """Yield paths of `inner` that are not in `outer`."""
    for positives in _products(inner.include, inner.within):
        for covering in (outer.include, outer.within):
            if covering is not _EVERYTHING:
                witness = find(positives, inner.exclude + covering)
                if witness is not None:
                    yield witness
        for excluded in outer.exclude:
            witness = find((*positives, excluded), inner.exclude)
            if witness is not None:
                yield witness


def _products(*unions: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield each choice of one glob per union whose plain beginnings agree; `**` is left out."""
    if not unions:
        yield ()
        return
    for rest in _products(*unions[1:]):
        for glob in unions[0]:
            if glob == "**":
                yield rest
            elif all(compatible(glob, other) for other in rest):
                yield (glob, *rest)


@lru_cache(maxsize=65536)
def compatible(one: str, other: str) -> bool:
    """Tell whether two globs could overlap, by their plain beginnings: quick, and True in doubt."""
    return any(
        _agree(first, second) for first in alternatives(one) for second in alternatives(other)
    )


def _agree(one: Alternative, other: Alternative) -> bool:
    for first, second in zip(one, other, strict=False):
        if first is None or second is None:
            return True
        if first != second and not _may_meet(first, second):
            return False
    return True


@lru_cache(maxsize=65536)
def _may_meet(first: str, second: str) -> bool:
    """Tell whether two segments' patterns could match one name: False only where they cannot."""
    if is_literal(first):
        return segment_matches(second, first)
    return not is_literal(second) or segment_matches(first, second)


def path_matches(alternative: Alternative, path: str) -> bool:
    """Tell whether an alternative matches a path: for a few paths, where compiling is dear."""
    group: Group = (alternative,)
    places = _settle(group, {(0, 0)})
    for name in path.split("/"):
        matched = frozenset(
            s
            for s in (alternative[p] for _, p in places if p < len(alternative))
            if s is not None and segment_matches(s, name)
        )
        places = _settle(group, _advance(group, places, matched))
    return (0, len(alternative)) in places


# --- the search --------------------------------------------------------------------------------


@lru_cache(maxsize=131072)
def find(positives: tuple[str, ...], negatives: tuple[str, ...]) -> str | None:
    """Return the shortest path that all `positives` match and no `negatives`, or None.

    Raises `UndecidedError` where the search would be too long.
    """
    relevant = tuple(n for n in dict.fromkeys(negatives) if all(_near(n, p) for p in positives))
    if any(n == "**" or n in positives for n in relevant):
        return None
    groups = [alternatives(p) for p in positives] or [alternatives("**")]
    if not relevant and len(groups) == 1:
        return min((_sample(a) for a in groups[0]), key=lambda path: path.count("/"))
    if relevant:
        # Mostly the first path that comes to mind is not forbidden, which saves the joint search.
        witness = find(positives, ())
        if witness is None or not matcher(relevant)(witness):
            return witness
    forbidden = tuple(dict.fromkeys(a for n in relevant for a in alternatives(n)))
    return _search([*groups, forbidden])


def _sample(alternative: Alternative) -> str:
    """Return the shortest path that an alternative matches."""
    return "/".join(sample(segment) for segment in alternative if segment is not None)


def _near(negative: str, positive: str) -> bool:
    return negative.startswith("**") or negative == positive or compatible(negative, positive)


def _search(groups: list[Group]) -> str | None:
    """Search breadth first; the last group is the forbidden one."""
    start = tuple(_settle(g, {(i, 0) for i in range(len(g))}) for g in groups)
    seen = {start}
    frontier: list[tuple[tuple[Places, ...], tuple[Read, ...]]] = [(start, ())]
    while frontier:
        following = []
        for state, path in frontier:
            wanted = _wanted(groups, state)
            for matched, name in atoms(wanted):
                step = tuple(
                    _settle(g, _advance(g, s, matched)) for g, s in zip(groups, state, strict=True)
                )
                if step in seen or _hopeless(groups, step):
                    continue
                if _accepted(groups, step):
                    return "/".join(readable(*read) for read in (*path, (wanted, matched, name)))
                seen.add(step)
                following.append((step, (*path, (wanted, matched, name))))
            if len(seen) > _MAX_STATES:
                raise UndecidedError
        frontier = following
    return None


def _wanted(groups: list[Group], state: tuple[Places, ...]) -> frozenset[str]:
    """Return the segment patterns that the next name is held against."""
    found: set[str] = set()
    for group, places in zip(groups, state, strict=True):
        for index, position in places:
            if position < len(group[index]):
                segment = group[index][position]
                if segment is not None and segment != "*":
                    found.add(segment)
    return frozenset(found)


def _advance(group: Group, places: Places, matched: frozenset[str]) -> set[Place]:
    found: set[Place] = set()
    for index, position in places:
        if position == len(group[index]):
            continue
        segment = group[index][position]
        if segment is None:
            found.add((index, position))
        elif segment == "*" or segment in matched:
            found.add((index, position + 1))
    return found


def _settle(group: Group, places: set[Place]) -> Places:
    """Let `**` be nothing, and drop the places before an active `**`, which it makes irrelevant."""
    floors: dict[int, int] = {}
    for index, position in list(places):
        if position < len(group[index]) and group[index][position] is None:
            places.add((index, position + 1))
            floors[index] = max(position, floors.get(index, 0))
    if not floors:
        return frozenset(places)
    return frozenset((i, p) for i, p in places if p >= floors.get(i, 0))


def _hopeless(groups: list[Group], state: tuple[Places, ...]) -> bool:
    """Tell whether nothing below can be found: a positive is lost, or all is forbidden."""
    if not all(state[:-1]):
        return True
    forbidden = groups[-1]
    return any(
        position == len(forbidden[index]) - 1 and forbidden[index][position] is None
        for index, position in state[-1]
    )


def _accepted(groups: list[Group], state: tuple[Places, ...]) -> bool:
    *needed, last = (
        any(position == len(group[index]) for index, position in places)
        for group, places in zip(groups, state, strict=True)
    )
    return all(needed) and not last
