"""What one path segment can be: the automata of single segments, explored jointly.

Segments are small and few, so their joint behaviour is worked out character by character once and
kept; the search over whole paths (`bylaw.globs.decide`) then goes segment by segment.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from bylaw.globs.dialect import ANY, Ranges, Star, Token, is_literal, tokens

# Joint states of the segments' automata. Real globs need some dozens; a question that needs more
# is not answered, because telling unions of wildcards apart can take exponential time.
_MAX_STATES = 4096

_READABLE = (
    "xyzabcdefghijklmnopqrstuvwABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.~+=,@#%!&()[]{}^$*?'\"<>|:;` "
)

Atom = tuple[frozenset[str], str]
"""The patterns that match a segment (of those asked for, and no others), and such a segment."""


class UndecidedError(Exception):
    """The question needs more states than an answer is worth."""


@lru_cache(maxsize=65536)
def atoms(patterns: frozenset[str]) -> tuple[Atom, ...]:
    """Return every combination of the patterns that some segment matches, with that segment.

    `"*"` must not be asked for, as it matches every segment. The order is fixed.
    """
    literals = sorted(p for p in patterns if is_literal(p))
    wild = sorted(patterns.difference(literals))
    found: dict[frozenset[str], str] = {}
    for literal in literals:
        matching = [pattern for pattern in wild if segment_matches(pattern, literal)]
        found[frozenset([literal, *matching])] = literal
    if not wild:
        found[frozenset()] = _fresh(literals)
    else:
        found.update(_explore(wild, literals))
    return tuple(sorted(found.items(), key=lambda item: (-len(item[0]), item[1])))


@lru_cache(maxsize=8192)
def readable(patterns: frozenset[str], matched: frozenset[str], name: str) -> str:
    """Return a name of the same kind that a person would give a file, such as `x.py`, not `.py`.

    `matched` and `name` are one of the atoms of `patterns`.
    """
    for pattern in sorted(matched):
        proposal = sample(pattern)
        if proposal not in (".", "..") and matched == frozenset(
            p for p in patterns if segment_matches(p, proposal)
        ):
            return proposal
    return name


def same_names(all_of: Iterable[str], any_of: Iterable[str]) -> bool:
    """Tell whether the names that all of the first match are those that any of the second does."""
    both, either = tuple(all_of), tuple(any_of)
    asked = frozenset((*both, *either)) - {"*"}
    return all(
        all(p == "*" or p in matched for p in both) == any(p == "*" or p in matched for p in either)
        for matched, _ in atoms(asked)
    )


def _fresh(taken: Iterable[str]) -> str:
    names = frozenset(taken)
    candidates = ("x", "y", "z", *(f"x{number}" for number in range(1, len(names) + 2)))
    return next(name for name in candidates if name not in names)


# --- one pattern -------------------------------------------------------------------------------

Positions = tuple[int, ...]


def _closure(pattern: tuple[Token, ...], positions: Iterable[int]) -> Positions:
    """Follow the empty moves, and drop what a later active star makes irrelevant.

    Whatever matches from before an active star also matches from the star, which can take all
    that would be read on the way to it.
    """
    found = set(positions)
    for position in sorted(found):
        step = position
        while step < len(pattern) and isinstance(pattern[step], Star):
            found.add(step + 1)
            step += 1
    stars = [p for p in found if p < len(pattern) and isinstance(pattern[p], Star)]
    floor = max(stars, default=0)
    return tuple(sorted(p for p in found if p >= floor))


@lru_cache(maxsize=65536)
def _start(pattern: tuple[Token, ...]) -> Positions:
    return _closure(pattern, (0,))


@lru_cache(maxsize=65536)
def _step(pattern: tuple[Token, ...], positions: Positions, point: int) -> Positions:
    found: list[int] = []
    for position in positions:
        if position == len(pattern):
            continue
        token = pattern[position]
        if isinstance(token, Star):
            found.append(position)
        elif any(low <= point <= high for low, high in token):
            found.append(position + 1)
    return _closure(pattern, found)


@lru_cache(maxsize=65536)
def segment_matches(pattern: str, name: str) -> bool:
    """Tell whether one segment's pattern matches a name."""
    parsed = tokens(pattern)
    positions = _start(parsed)
    for char in name:
        positions = _step(parsed, positions, ord(char))
        if not positions:
            return False
    return len(parsed) in positions


# --- several patterns --------------------------------------------------------------------------


def _explore(wild: list[str], literals: list[str]) -> Iterator[Atom]:
    """Walk the product of the patterns' automata, avoiding the literals, shortest names first."""
    parsed = [tokens(pattern) for pattern in wild]
    taken = frozenset(literals)
    prefixes = frozenset(name[:end] for name in literals for end in range(len(name) + 1))
    start = tuple(_start(pattern) for pattern in parsed)
    # The third part is the name read so far while it may still become a literal, else None.
    seen = {(start, "" if "" in prefixes else None)}
    frontier = [(start, "" if "" in prefixes else None, "")]
    yielded: set[frozenset[str]] = set()
    while frontier:
        following = []
        for state, head, name in frontier:
            if name and (head is None or head not in taken):
                matched = frozenset(
                    w for w, p, s in zip(wild, parsed, state, strict=True) if len(p) in s
                )
                if matched not in yielded:
                    yielded.add(matched)
                    yield matched, name
            for point in _points(parsed, state, head, prefixes):
                step = tuple(_step(p, s, point) for p, s in zip(parsed, state, strict=True))
                grown = name + chr(point)
                next_head = grown if head is not None and grown in prefixes else None
                if (step, next_head) not in seen:
                    seen.add((step, next_head))
                    following.append((step, next_head, grown))
            if len(seen) > _MAX_STATES:
                raise UndecidedError
        frontier = following


def _points(
    parsed: list[tuple[Token, ...]],
    state: tuple[Positions, ...],
    head: str | None,
    prefixes: frozenset[str],
) -> list[int]:
    """Return one character for each class that the state tells apart."""
    sets: set[Ranges] = set()
    for pattern, positions in zip(parsed, state, strict=True):
        for position in positions:
            if position < len(pattern):
                token = pattern[position]
                if not isinstance(token, Star):
                    sets.add(token)
    if head is not None:
        size = len(head) + 1
        ends = {p[-1] for p in prefixes if len(p) == size and p.startswith(head)}
        sets.update(((ord(char), ord(char)),) for char in ends)
    sets.discard(ANY)
    return _representatives(frozenset(sets))


@lru_cache(maxsize=4096)
def _representatives(sets: frozenset[Ranges]) -> list[int]:
    """Return a readable character of every non-empty combination of the sets, `/` never."""
    ordered = sorted(sets)
    found: dict[tuple[bool, ...], int] = {}
    bounds = {point for ranges in ordered for low, high in ranges for point in (low, high + 1)}
    candidates = [ord(char) for char in _READABLE]
    candidates += sorted(p for p in bounds if 0x20 <= p <= 0x10FFFF and not 0xD800 <= p <= 0xDFFF)
    candidates += [0xA1, 0xE000, 0x1]
    for point in candidates:
        if point != 0x2F:
            key = tuple(any(lo <= point <= hi for lo, hi in ranges) for ranges in ordered)
            found.setdefault(key, point)
    return list(found.values())


@lru_cache(maxsize=65536)
def sample(pattern: str) -> str:
    """Return a readable name that one segment's pattern matches."""
    if "[" not in pattern:
        return pattern.replace("*", "x").replace("?", "x")
    return "".join(_sample(token) for token in tokens(pattern))


def _sample(token: Token) -> str:
    if isinstance(token, Star):
        return "x"
    if len(token) == 1 and token[0][0] == token[0][1]:
        return chr(token[0][0])
    for char in _READABLE:
        if any(low <= ord(char) <= high for low, high in token):
            return char
    return chr(next(low for low, _ in token if low >= 0x20))
