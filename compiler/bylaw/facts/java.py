"""Facts of Java."""

import re
from functools import cache
from typing import TYPE_CHECKING

from bylaw.facts.grammar import grammar
from bylaw.facts.java_steps import STEPS
from bylaw.facts.java_walk import Walk
from bylaw.facts.model import FileFacts
from bylaw.facts.source import Source, too_large, too_slow
from bylaw.facts.walk import Step, by_number

if TYPE_CHECKING:
    from tree_sitter import Language


def extract(data: bytes, ending: str) -> FileFacts:  # noqa: ARG001 - Java has one ending
    """Return the facts of a file."""
    refused = too_large(data)
    if refused is not None:
        return refused
    if _is_too_deep(data):
        return too_slow()
    language, steps = _grammar()
    walk = Walk(Source(data, language), steps)
    walk.run()
    return walk.draft.finish(walk.imported())


_DEEPEST = 500
_BRACKETS = re.compile(rb"[<>;{}]")


def _is_too_deep(data: bytes) -> bool:
    """Tell whether so many types are open at once that the grammar cannot be given up on in time.

    It takes each of them for a comparison, too, and what that costs grows with their square.
    """
    if data.count(b"<") <= _DEEPEST:
        return False
    depth = 0
    for found in _BRACKETS.finditer(data):
        sign = found[0]
        depth = depth + 1 if sign == b"<" else max(0, depth - 1) if sign == b">" else 0
        if depth > _DEEPEST:
            return True
    return False


@cache
def _grammar() -> "tuple[Language, dict[int, Step]]":
    from tree_sitter import Language  # noqa: PLC0415 - the checker starts without it

    language = Language(grammar("tree_sitter_java"))
    return language, by_number(STEPS, language)
