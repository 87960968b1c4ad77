"""Words that stand in every file where a pattern occurs, so that others need not be read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bylaw.area import TreeFacts
from bylaw.modules import is_own

if TYPE_CHECKING:
    from bylaw.ir import Pattern


def word_of(pattern: Pattern) -> bytes | None:
    """Return a word that stands in every file with a name that the pattern means, or None."""
    return word_in(pattern.name.rpartition(".")[2])


def word_in(segment: str) -> bytes | None:
    """Return the longest plain part of a name with `*`, None where there is none."""
    longest = max(segment.split("*"), key=len)
    return longest.encode() if longest else None


def bound_names(patterns: Iterable[Pattern], layout: TreeFacts) -> frozenset[bytes]:
    """Return names one of which stands in every Python file that has bound a pattern's first name.

    None where a file need not say it: after any receiver, or where a relative import says less.
    """
    firsts: set[str] = set()
    for pattern in patterns:
        first, dot, _ = pattern.name.partition(".")
        if pattern.any_receiver or not dot or not first.isidentifier() or is_own(first, layout):
            return frozenset()
        firsts.add(first)
    return frozenset(first.encode() for first in firsts)


def are_whole(patterns: Iterable[Pattern]) -> bool:
    """Tell whether the words of all patterns are whole names, and not parts of them."""
    return not any("*" in pattern.name.rpartition(".")[2] for pattern in patterns)


def words_of(patterns: Iterable[Pattern]) -> frozenset[bytes] | None:
    """Return words one of which stands in every file where any of the patterns occurs."""
    found = [word_of(pattern) for pattern in patterns]
    return None if None in found else frozenset(w for w in found if w is not None)
