"""Module patterns: dotted names with `*` for one segment and `**` for any number.

A pattern means the modules it matches and all below them. JavaScript packages with their subpaths
(`@acme/ui`, `node:fs`) follow the same law with `/` for the dot.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from bylaw.globs.decide import find
from bylaw.globs.matching import matcher
from bylaw.globs.segments import UndecidedError

_SEGMENT = re.compile(r"[^\s.\\/\[\]{}?*<>|,;()\"']+")


def check_module(pattern: str) -> str | None:
    """Return what is wrong with a module pattern, as a clause, or None."""
    if not pattern:
        return "it is empty"
    if len(pattern) > 1024:
        return "it is longer than 1024 characters"
    segments = _segments(pattern)
    if len(segments) > 64:
        return "it has more than 64 segments"
    for segment in segments:
        if segment in ("*", "**"):
            continue
        if not segment:
            return "it has an empty segment"
        if "*" in segment:
            return "`*` stands for a whole segment of a module's name"
        if _SEGMENT.fullmatch(segment) is None:
            return f"`{segment}` is no segment of a module's name"
    return None


def module_matches(pattern: str, module: str) -> bool:
    """Tell whether a module is one that the pattern means, or lies below one."""
    return matcher((_glob(pattern),))(_slashes(module))


def modules_included(inner: Sequence[str], outer: Sequence[str]) -> bool:
    """Tell whether the modules of `inner` are all among those of `outer`."""
    covering = tuple(_glob(pattern) for pattern in outer)
    try:
        return all(find((_glob(pattern),), covering) is None for pattern in inner)
    except UndecidedError:
        return False


def modules_overlap(
    one: Sequence[str], other: Sequence[str], exclude: Sequence[str] = ()
) -> str | None:
    """Return a module of both that is none of `exclude`, or None where there is none."""
    negatives = tuple(_glob(pattern) for pattern in exclude)
    for first in one:
        for second in other:
            try:
                found = find((_glob(first), _glob(second)), negatives)
            except UndecidedError:
                continue
            if found is not None:
                return found if "/" in first or "/" in second else found.replace("/", ".")
    return None


def _segments(pattern: str) -> list[str]:
    # A package of JavaScript can hold dots: `lodash.debounce` has a `.`, `@acme/x.y` both.
    return pattern.split("/") if "/" in pattern else pattern.split(".")


def _slashes(module: str) -> str:
    return module if "/" in module else module.replace(".", "/")


@lru_cache(maxsize=65536)
def _glob(pattern: str) -> str:
    """Return the glob over `/`-separated names that means what the pattern means."""
    segments = _segments(pattern)
    while segments and segments[-1] == "**":
        segments.pop()
    if not segments:
        return "**"
    text = "/".join(segments)
    return f"{{{text},{text}/**}}" if "*" in text else text
