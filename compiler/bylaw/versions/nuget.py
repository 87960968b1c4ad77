"""Ranges of versions as NuGet reads them."""

from bylaw.versions import semver
from bylaw.versions.interval import intervals
from bylaw.versions.semver import Bound, BoundedRange, Partial, SemVersion

_WIDTH = 4


def parse(text: str) -> BoundedRange | None:
    """Parse a version, which is what NuGet picks, `1.2.*`, or intervals such as `[1.0,2.0)`."""
    bare = text.strip()
    if bare[:1] in {"[", "("}:
        found = intervals(bare, _version)
        return None if found is None else BoundedRange(found, width=_WIDTH)
    if "*" in bare:
        return _floating(bare)
    version = _version(bare)
    return None if version is None else BoundedRange(((Bound("==", version),),), width=_WIDTH)


def _floating(text: str) -> BoundedRange | None:
    numbers, _, pre = text.partition("-")
    if numbers and not numbers.endswith("*") and pre == "*":
        low = _version(numbers)
        if low is None:
            return None
        low = SemVersion(low.numbers, semver.LOWEST)
        bounds = (Bound(">=", low), Bound("<=", SemVersion(low.numbers)))
        return BoundedRange((bounds,), width=_WIDTH)
    version = semver.partial(numbers, _WIDTH)
    if version is None:
        return None
    return BoundedRange((semver.comparison("", version),), width=_WIDTH)


def wanted(specifier: str) -> BoundedRange | None:
    """Return the range of a sentence's requirement; `==1.2` is the version 1.2.0.0."""
    return semver.wanted(specifier, _WIDTH)


def _version(text: str) -> SemVersion | None:
    return semver.parse(text, _WIDTH)


__all__ = ["Partial", "parse", "wanted"]
