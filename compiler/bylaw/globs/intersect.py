"""The intersection of two globs, written as globs and proven to be it."""

import re

from bylaw.globs.decide import find, included
from bylaw.globs.dialect import Alternative, alternatives, is_literal, literal_prefix, tokens
from bylaw.globs.segments import UndecidedError, segment_matches

_STAR_THEN_ANY = re.compile(r"(^|/)\*/\*\*/")


def intersect(one: str, other: str) -> tuple[str, ...] | None:
    """Return globs that together mean what both globs do, or None where no few globs can.

    An empty tuple is the empty intersection.
    """
    if one == other or included((one,), (other,)):
        return (one,)
    if included((other,), (one,)):
        return (other,)
    try:
        if find((one, other), ()) is None:
            return ()
        found = _joint(one, other)
        if found is None or find((one, other), found) is not None:
            return None
    except UndecidedError:
        return None
    if not (included(found, (one,)) and included(found, (other,))):
        return None
    return _shortest(found, one, other)


def _shortest(found: tuple[str, ...], one: str, other: str) -> tuple[str, ...]:
    """Join ``a/*/**/b`` and ``a/b`` to ``a/**/b``, and drop what others include."""
    joined = [_STAR_THEN_ANY.sub(r"\1**/", glob, count=1) for glob in found]
    proposals = dict.fromkeys(
        j if j != g and included((j,), (one,)) and included((j,), (other,)) else g
        for j, g in zip(joined, found, strict=True)
    )
    kept = list(proposals)
    for glob in proposals:
        if included((glob,), tuple(other for other in kept if other != glob)):
            kept.remove(glob)
    return tuple(kept)


def _joint(one: str, other: str) -> tuple[str, ...] | None:
    """Propose globs for an intersection; the caller proves them."""
    found: dict[str, None] = {}
    for first in alternatives(one):
        for second in alternatives(other):
            if len(first) + len(second) > 16:
                return None
            proposals = _weave(first, second, 64)
            if proposals is None:
                return None
            found.update(dict.fromkeys(_text(proposal) for proposal in proposals))
    return tuple(sorted(found))


def _weave(one: Alternative, other: Alternative, budget: int) -> set[Alternative] | None:
    """Return the alternatives that are in both; None where there are more than `budget`."""
    if not one or not other:
        rest = one or other
        return {()} if all(segment is None for segment in rest) else set()
    found: set[Alternative] = set()
    moves: list[tuple[tuple[str | None, ...], Alternative, Alternative]] = []
    first, second = one[0], other[0]
    if first is None and second is None:
        moves = [((None,), one[1:], other), ((None,), one, other[1:])]
    elif first is None:
        moves = [((), one[1:], other), ((second,), one, other[1:])]
    elif second is None:
        moves = [((), one, other[1:]), ((first,), one[1:], other)]
    else:
        names = meet(first, second)
        if names is None:
            return None
        moves = [((name,), one[1:], other[1:]) for name in names]
    for head, left, right in moves:
        tails = _weave(left, right, budget)
        if tails is None:
            return None
        found.update(_squeeze(head + tail) for tail in tails)
        if len(found) > budget:
            return None
    return found


def _squeeze(alternative: Alternative) -> Alternative:
    if alternative[:2] == (None, None):
        return alternative[1:]
    return alternative


def meet(first: str, second: str) -> tuple[str, ...] | None:
    """Return patterns for what two segments' patterns have in common, where easily told."""
    if second in (first, "*"):
        return (first,)
    if first == "*":
        return (second,)
    if is_literal(first) or is_literal(second):
        literal, pattern = (first, second) if is_literal(first) else (second, first)
        return (literal,) if segment_matches(pattern, literal) else ()
    parts = [pattern.split("*") for pattern in (first, second)]
    if any(len(part) != 2 or not is_literal("".join(part)) for part in parts):
        return None
    heads, tails = zip(*parts, strict=True)
    head, tail = max(heads, key=len), max(tails, key=len)
    if not head.startswith(min(heads, key=len)) or not tail.endswith(min(tails, key=len)):
        return ()
    found = [f"{head}*{tail}"]
    for size in range(1, min(len(head), len(tail)) + 1):
        name = head + tail[size:]
        if head.endswith(tail[:size]) and all(segment_matches(p, name) for p in (first, second)):
            found.append(name)
    return tuple(found)


def _text(alternative: Alternative) -> str:
    """Write an alternative as a glob; the inverse of `alternatives`."""
    prefix, tail = literal_prefix(alternative)
    if tail == (None,):
        return prefix
    if alternative[-1] is None and alternative[-2:-1] == ("*",):
        return "/".join(["**" if s is None else s for s in (*alternative[:-2], None)])
    text = "/".join("**" if segment is None else segment for segment in alternative)
    # Plain to the end, it would also mean what lies below; a bracket says that it does not.
    if not tail and tokens(text):
        return f"{text[:-1]}[{text[-1]}]"
    return text
