"""Sets of versions: which versions two ranges of requirements have in common."""

from collections.abc import Iterator
from functools import lru_cache

from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet
from packaging.version import InvalidVersion, Version


@lru_cache(maxsize=4096)
def _parsed(specifier: str) -> SpecifierSet | None:
    try:
        return SpecifierSet(specifier)
    except InvalidSpecifier:
        return None


def admits_all(specifier: str) -> bool:
    """Tell whether a range leaves no version out."""
    return specifier.strip() in ("", "*")


def shared_version(one: str, other: str) -> str | None:
    """Return a version that both ranges admit; None where there is none or it is not known."""
    first, second = _parsed(one), _parsed(other)
    if first is None or second is None:
        return None
    for version in _candidates(first, second):
        if first.contains(version, prereleases=True) and second.contains(version, prereleases=True):
            return version
    return None


def disjoint(one: str, other: str) -> bool:
    """Tell whether no version is in both ranges; False where a range is not understood."""
    if admits_all(one) or admits_all(other):
        return False
    if _parsed(one) is None or _parsed(other) is None:
        return False
    return shared_version(one, other) is None


def included(inner: str, outer: str) -> bool:
    """Tell whether every version of `inner` is one of `outer`; False where that is not known."""
    if admits_all(outer) or inner == outer:
        return True
    first, second = _parsed(inner), _parsed(outer)
    if first is None or second is None:
        return False
    found = [v for v in _candidates(first, second) if first.contains(v, prereleases=True)]
    return all(second.contains(version, prereleases=True) for version in found)


def order(one: str, other: str) -> int | None:
    """Compare two versions or numbers: negative, zero, positive, or None where they are neither."""
    try:
        first, second = Version(one), Version(other)
    except InvalidVersion:
        return None
    return (first > second) - (first < second)


def _candidates(*ranges: SpecifierSet) -> Iterator[str]:
    """Yield one version of each stretch that the bounds of the ranges cut the versions into.

    Between two neighbouring bounds all versions are alike, so the bounds, what follows directly
    on each, and one version below them all stand for every version.
    """
    bounds: dict[str, None] = {}
    width = 1
    for specifier in sorted((s for r in ranges for s in r), key=str):
        for bound in _bounds(specifier):
            bounds[bound] = None
            width = max(width, bound.count(".") + 1)
    yield from ("0", "0.dev0")
    for bound in bounds:
        yield bound
        try:
            version = Version(bound)
        except InvalidVersion:
            continue
        yield from _followers(version, width)


def _followers(version: Version, width: int) -> Iterator[str]:
    epoch = f"{version.epoch}!" if version.epoch else ""
    release = list(version.release)
    padded = release + [0] * (width + 1 - len(release))
    yield epoch + ".".join(map(str, [*padded[:-1], padded[-1] + 1]))
    yield epoch + ".".join(map(str, [*release[:-1], release[-1] + 1]))
    base = epoch + ".".join(map(str, release))
    if version.pre is not None:
        yield f"{base}{version.pre[0]}{version.pre[1] + 1}"
        yield base
    yield f"{base}.post{(version.post or 0) + 1}"
    yield f"{base}.dev0"


def _bounds(specifier: Specifier) -> Iterator[str]:
    version = specifier.version
    if not version.endswith(".*") and specifier.operator != "~=":
        yield version
        return
    release = version.removesuffix(".*")
    yield release
    # The first version above: `==1.4.*` ends before 1.5, and so does `~=1.4.2`.
    try:
        parts = list(Version(release).release)
    except InvalidVersion:
        return
    if specifier.operator == "~=":
        parts = parts[:-1]
    if parts:
        yield ".".join(map(str, [*parts[:-1], parts[-1] + 1]))
