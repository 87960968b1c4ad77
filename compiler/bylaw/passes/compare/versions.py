"""Sets of versions: which versions two ranges of requirements have in common."""

from packaging.version import InvalidVersion, Version

from bylaw.versions.pep440 import candidates, specifier_set


def admits_all(specifier: str) -> bool:
    """Tell whether a range leaves no version out."""
    return specifier.strip() in ("", "*")


def shared_version(one: str, other: str) -> str | None:
    """Return a version that both ranges admit; None where there is none or it is not known."""
    first, second = specifier_set(one), specifier_set(other)
    if first is None or second is None:
        return None
    for version in candidates(first, second):
        if first.contains(version, prereleases=True) and second.contains(version, prereleases=True):
            return version
    return None


def disjoint(one: str, other: str) -> bool:
    """Tell whether no version is in both ranges; False where a range is not understood."""
    if admits_all(one) or admits_all(other):
        return False
    if specifier_set(one) is None or specifier_set(other) is None:
        return False
    return shared_version(one, other) is None


def included(inner: str, outer: str) -> bool:
    """Tell whether every version of `inner` is one of `outer`; False where that is not known."""
    if admits_all(outer) or inner == outer:
        return True
    first, second = specifier_set(inner), specifier_set(outer)
    if first is None or second is None:
        return False
    found = [v for v in candidates(first, second) if first.contains(v, prereleases=True)]
    return all(second.contains(version, prereleases=True) for version in found)


def order(one: str, other: str) -> int | None:
    """Compare two versions or numbers: negative, zero, positive, or None where they are neither."""
    try:
        first, second = Version(one), Version(other)
    except InvalidVersion:
        return None
    return (first > second) - (first < second)
