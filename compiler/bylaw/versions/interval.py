"""Ranges in brackets: `[1.0,2.0)`, `(,1.0]`, `[1.0]`, several between commas."""

import re
from collections.abc import Callable
from typing import Any

from bylaw.versions.semver import Bound

_INTERVAL = re.compile(
    r"\s*(?P<open>[\[(])\s*(?P<low>[^,\[\]()]*?)\s*(?:(?P<comma>,)\s*(?P<high>[^,\[\]()]*?)\s*)?"
    r"(?P<close>[\])])\s*(?:,|\Z)"
)
_MOST = 64


def intervals(
    text: str, version: Callable[[str], Any | None]
) -> tuple[tuple[Bound, ...], ...] | None:
    """Parse intervals to alternatives of bounds; None where the text is none."""
    found: list[tuple[Bound, ...]] = []
    position = 0
    while position < len(text) and len(found) < _MOST:
        match = _INTERVAL.match(text, position)
        if match is None:
            return None
        position = match.end()
        bounds: list[Bound] = []
        for part, sign in (
            (match["low"], ">=" if match["open"] == "[" else ">"),
            (match["high"], "<=" if match["close"] == "]" else "<"),
        ):
            if not part:
                continue
            parsed = version(part)
            if parsed is None:
                return None
            bounds.append(Bound(sign, parsed))
        if match["comma"] is None:
            if len(bounds) != 1 or (match["open"], match["close"]) != ("[", "]"):
                return None
            bounds = [Bound("==", bounds[0].version)]
        found.append(tuple(bounds))
    return tuple(found) if position >= len(text) and found else None
