"""Ranges of versions: what a registry makes of a text, and how two ranges lie to each other."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Literal, Protocol

Registry = Literal["pypi", "npm", "go", "crates", "maven", "nuget"]


class Range(Protocol):
    """A set of versions of one registry; only ranges of the same registry are compared."""

    def admits(self, version: Any) -> bool:
        """Tell whether a version is in the range."""

    def candidates(self, others: "Sequence[Range]") -> Iterable[Any]:
        """Return one version of each stretch that the bounds of ranges cut the versions into."""

    @property
    def single(self) -> bool:
        """Whether the range says that it is one version, and which."""


def within(inner: Range, outer: Range) -> bool:
    """Tell whether every version of `inner` is one of `outer`."""
    return all(outer.admits(v) for v in inner.candidates([outer]) if inner.admits(v))


def meets(one: Range, other: Range) -> bool:
    """Tell whether some version is in both ranges."""
    return any(other.admits(v) for v in one.candidates([other]) if one.admits(v))


@lru_cache(maxsize=16384)
def declared(registry: Registry, text: str) -> Range | None:
    """Return the range that a manifest's text admits; None where it names none.

    Alternatives stand between `||`, in `pypi`, too, where no manifest writes them so.
    """
    from bylaw.versions import cargo, maven, npm, nuget, pep440, semver  # noqa: PLC0415 - rarely needed

    match registry:
        case "pypi":
            return pep440.parse(text)
        case "npm":
            return npm.parse(text)
        case "crates":
            return cargo.parse(text)
        case "go":
            return semver.exactly(text)
        case "maven":
            return maven.parse(text)
        case "nuget":
            return nuget.parse(text)


@lru_cache(maxsize=4096)
def wanted(registry: Registry, specifier: str) -> Range | None:
    """Return the range of a sentence's requirement (`>=4.2,<6`, `^1.2`); None where it is none."""
    from bylaw.versions import maven, nuget, pep440, semver  # noqa: PLC0415 - rarely needed

    match registry:
        case "pypi":
            return pep440.parse(pep440.from_poetry(specifier))
        case "maven":
            return maven.wanted(specifier)
        case "nuget":
            return nuget.wanted(specifier)
    return semver.wanted(specifier)
