"""Ranges of versions as Cargo reads them."""

import re

from bylaw.versions.semver import Bound, BoundedRange, comparison, partial

_LONGEST = 1000
_PART = re.compile(r"\s*(?P<sign>\^|~|>=|<=|>|<|=)?\s*(?P<version>\S+)\s*\Z")


def parse(text: str) -> BoundedRange | None:
    """Parse a requirement: comparisons between commas, `^` where there is no operator."""
    if len(text) > _LONGEST:
        return None
    bounds: list[Bound] = []
    for part in text.split(","):
        match = _PART.match(part)
        version = partial(match["version"]) if match else None
        if match is None or version is None or "x" in match["version"].lower().split("-")[0]:
            return None
        sign = match["sign"] or ("" if "*" in match["version"] else "^")
        bounds += comparison("" if sign == "=" else sign, version)
    return BoundedRange((tuple(bounds),), strict=True)
