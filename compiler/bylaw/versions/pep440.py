"""Ranges of versions of Python packages (PEP 440), and those of Poetry's that PEP 440 can say."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet
from packaging.version import InvalidVersion, Version

_POETRY = re.compile(
    r"(?P<sign>\^|~=|~|===|==|!=|>=|<=|>|<|=)?\s*(?P<version>v?[0-9][\w.*+!-]*|\*)\s*,?\s*"
)
_EQUAL = frozenset({"==", "==="})
_LONGEST = 1000
"""A longer text is no range that a person wrote."""


@dataclass(frozen=True)
class PythonRange:
    """A union of PEP 440 specifier sets; pre-releases count as versions."""

    alternatives: tuple[SpecifierSet, ...]

    def admits(self, version: Version | str) -> bool:
        """Tell whether a version is in the range."""
        return any(some.contains(version, prereleases=True) for some in self.alternatives)

    def candidates(self, others: Sequence[Any]) -> Iterable[str]:
        """Return one version of each stretch that the ranges' bounds make."""
        ranges = [*self.alternatives]
        for other in others:
            ranges += other.alternatives
        return candidates(*ranges)

    @property
    def single(self) -> bool:
        """Whether it is `==` or `===` and one version without a wildcard."""
        fixed = {
            next((s.version for s in some if s.operator in _EQUAL and s.version[-2:] != ".*"), None)
            for some in self.alternatives
        }
        return len(fixed) == 1 and None not in fixed


@lru_cache(maxsize=4096)
def specifier_set(text: str) -> SpecifierSet | None:
    """Parse a specifier set; None where it is none."""
    try:
        return SpecifierSet("" if text.strip() == "*" else text)
    except InvalidSpecifier:
        return None


def parse(text: str) -> PythonRange | None:
    """Parse specifier sets between `||`; None where one of them is none."""
    if len(text) > _LONGEST:
        return None
    sets = [specifier_set(part) for part in text.split("||")]
    known = tuple(some for some in sets if some is not None)
    return PythonRange(known) if len(known) == len(sets) else None


def candidates(*ranges: SpecifierSet) -> Iterator[str]:
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
    yield from (base, f"{base}.dev0", f"{base}a0", f"{base}.post0", f"{base}.post0.dev0")
    stem = base
    if version.pre is not None:
        letter, count = version.pre
        stem = f"{base}{letter}{count}"
        yield from (f"{base}{letter}{count + 1}.dev0", f"{stem}.dev0", stem, f"{stem}.post0.dev0")
    if version.post is not None:
        yield f"{stem}.post{version.post + 1}.dev0"
        stem = f"{stem}.post{version.post}"
        yield from (f"{stem}.dev0", stem)
    if version.dev is not None:
        yield f"{stem}.dev{version.dev + 1}"


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


# --- Poetry ------------------------------------------------------------------------------------


def from_poetry(text: str) -> str:
    """Return a constraint of Poetry's in the words of PEP 440, alternatives between `||`.

    What is no such constraint comes back as it is.
    """
    if len(text) > _LONGEST:
        return text
    found = [_conjunction(part.strip()) for part in re.split(r"\s*\|\|?\s*", text.strip())]
    known = [part for part in found if part is not None]
    return "||".join(known) if len(known) == len(found) else text


def _conjunction(text: str) -> str | None:
    if text in {"", "*"}:
        return ""
    parts: list[str] = []
    position = 0
    while position < len(text):
        match = _POETRY.match(text, position)
        if match is None:
            return None
        position = match.end()
        parts.append(_comparison(match["sign"] or "", match["version"]))
    return ",".join(part for part in parts if part)


def _comparison(sign: str, version: str) -> str:
    if version == "*":
        return ""
    try:
        release = list(Version(version.removesuffix(".*")).release)
    except InvalidVersion:
        return f"{sign or '=='}{version}"
    if sign == "^":
        fixed = next((i for i, part in enumerate(release) if part), len(release) - 1)
        return f">={version},<{_raised(release, fixed)}"
    if sign == "~":
        return f">={version},<{_raised(release, min(1, len(release) - 1))}"
    return f"{'==' if sign in {'', '='} else sign}{version}"


def _raised(release: Sequence[int], index: int) -> str:
    return ".".join(map(str, [*release[:index], release[index] + 1]))
