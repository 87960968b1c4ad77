"""Ranges of versions as npm reads them."""

import re

from bylaw.versions.semver import Bound, BoundedRange, comparison, partial

_LONGEST = 1000
_HYPHEN = re.compile(r"(\S+)\s+-\s+(\S+)\Z")
_PART = re.compile(r"(?P<sign>\^|~>?|>=|<=|>|<|=)?\s*(?P<version>[^\s<>=~^]+)(?:\s+|\Z)")


def parse(text: str) -> BoundedRange | None:
    """Parse a range; None where it is a tag, an address or no range."""
    if len(text) > _LONGEST:
        return None
    found = [_conjunction(part.strip()) for part in text.split("||")]
    known = tuple(part for part in found if part is not None)
    return BoundedRange(known, strict=True) if len(known) == len(found) else None


def _conjunction(text: str) -> tuple[Bound, ...] | None:
    hyphen = _HYPHEN.match(text)
    if hyphen is not None:
        low, high = partial(hyphen[1]), partial(hyphen[2])
        if low is None or high is None:
            return None
        return (*comparison(">=", low), *comparison("<=", high))
    bounds: list[Bound] = []
    position = 0
    while position < len(text):
        match = _PART.match(text, position)
        version = partial(match["version"]) if match else None
        if match is None or version is None:
            return None
        sign = (match["sign"] or "").replace("~>", "~")
        bounds += comparison("" if sign == "=" else sign, version)
        position = match.end()
    return tuple(bounds)
