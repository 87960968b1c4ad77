"""Sets of repository paths that are cut from others: what places have in common."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from bylaw.globs.decide import compatible, find
from bylaw.globs.segments import UndecidedError
from bylaw.ir import Language

ENDINGS: dict[Language, str] = {
    "python": "**/*.{py,pyi}",
    "typescript": "**/*.{ts,tsx,mts,cts}",
    "javascript": "**/*.{js,jsx,mjs,cjs}",
    "go": "**/*.go",
    "java": "**/*.java",
    "kotlin": "**/*.{kt,kts}",
    "rust": "**/*.rs",
    "csharp": "**/*.cs",
    "ruby": "**/*.rb",
    "php": "**/*.php",
}
"""The files of each language."""

_MAX_CHOICES = 256
"""Combinations of globs that are tried; beyond, a question stays open."""


@dataclass(frozen=True, slots=True)
class Region:
    """The paths that one glob of each union matches and no glob of `exclude`.

    No unions are the whole repository; an empty union is no path at all.
    """

    unions: tuple[tuple[str, ...], ...] = ()
    exclude: tuple[str, ...] = ()

    def __and__(self, other: "Region") -> "Region":
        unions = tuple(dict.fromkeys(self.unions + other.unions))
        return Region(unions, tuple(dict.fromkeys(self.exclude + other.exclude)))

    def within(self, globs: Sequence[str]) -> "Region":
        """Return what of the region the globs match."""
        return self & Region((tuple(globs),))

    def without(self, globs: Sequence[str]) -> "Region":
        """Return what of the region the globs do not match."""
        return self & Region((), tuple(globs))


EVERYTHING = Region()


def witness(region: Region) -> str | None:
    """Return a path of the region, or None where there is none or none can be found.

    It is the least deep of those that the first few choices of globs give.
    """
    try:
        if not _is_small(region):
            return _first(region)
        found = [find(choice, region.exclude) for choice in _choices(region.unions)]
    except UndecidedError:
        return None
    return min((p for p in found if p is not None), key=_depth, default=None)


def _is_small(region: Region) -> bool:
    return sum(1 for _ in islice(_choices(region.unions), 17)) <= 16


def _depth(path: str) -> tuple[int, int, str]:
    return path.count("/"), len(path), path


def contains(outer: Region, inner: Region) -> bool:
    """Tell whether every path of `inner` is one of `outer`; False where that is not proven."""
    try:
        if any(_first(inner.without(union)) is not None for union in outer.unions):
            return False
        return all(_first(inner.within((glob,))) is None for glob in outer.exclude)
    except UndecidedError:
        return False


def is_empty(region: Region) -> bool:
    """Tell whether no path can be in the region; False where that is not proven."""
    try:
        return _first(region) is None
    except UndecidedError:
        return False


def _first(region: Region) -> str | None:
    choices = list(islice(_choices(region.unions), _MAX_CHOICES + 1))
    if len(choices) > _MAX_CHOICES:
        raise UndecidedError
    for positives in choices:
        found = find(positives, region.exclude)
        if found is not None:
            return found
    return None


def _choices(unions: tuple[tuple[str, ...], ...]) -> Iterator[tuple[str, ...]]:
    """Yield each choice of one glob per union whose plain beginnings agree."""
    if not unions:
        yield ()
        return
    for rest in _choices(unions[1:]):
        for glob in unions[0]:
            if glob in rest:
                yield rest
            elif all(compatible(glob, other) for other in rest):
                yield (glob, *rest)


def file_glob(path: str) -> str:
    """Return a glob for the file at a plain path alone; the path itself means all below it too."""
    if not path or any(char in path for char in "*?[{") or not path[-1].isalnum():
        return path
    return f"{path[:-1]}[{path[-1]}]"
