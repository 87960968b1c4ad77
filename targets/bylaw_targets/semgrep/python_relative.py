"""Relative imports in Python: which ones name a module depends on how deep the file lies."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bylaw.area import Area, TreeFacts
from bylaw_targets.semgrep.ask import Ask, is_internal
from bylaw_targets.semgrep.languages import PYTHON
from bylaw_targets.semgrep.places import at_depth, emptied


@dataclass(frozen=True, slots=True)
class Level:
    """A relative import of so many dots in files so deep that it starts from one package.

    `rests` are the wanted names below that package, `spared` the excepted; None is all of them.
    """

    dots: int
    area: Area
    rests: tuple[str, ...] | None
    spared: tuple[str, ...] | None


def levels(ask: Ask, facts: TreeFacts) -> Iterator[Level]:
    """Yield each level at which an import of the ask can be relative."""
    homes = ask.own if ask.only else tuple(n for n in ask.names if is_internal(n, facts))
    for base in dict.fromkeys(b for home in homes for b in _bases(home)):
        rests = below(ask.names, base)
        spared = below(ask.excepts, base)
        if rests == () and not ask.only:
            continue
        for folders in _depths(base, facts.modules):
            for root in facts.source_roots or ("",):
                start = (*root.split("/"), *base) if root else base
                area = at_depth(ask.area, start, folders, PYTHON.endings)
                if area is not None and not emptied(area):
                    yield Level(folders + 1, area, rests, spared)


def _bases(home: str) -> Iterator[tuple[str, ...]]:
    segments = tuple(home.split("."))
    for end in range(1, len(segments) + 1):
        if segments[end - 1] == "**":
            return
        yield segments[:end]


@lru_cache(maxsize=4096)
def _depths(base: tuple[str, ...], modules: frozenset[str]) -> tuple[int, ...]:
    """Return how many folders below a package Python files can lie, by the tree's modules."""
    found: set[int] = set()
    length = len(base)
    for name in modules:
        segments = name.split(".")
        # A module is a file in its parent's folder, or a package, which is a folder itself.
        if len(segments) >= length and all(
            wanted in (segment, "*") for wanted, segment in zip(base, segments, strict=False)
        ):
            found.update({len(segments) - length, max(len(segments) - length - 1, 0)})
    return tuple(sorted(found))


def below(names: tuple[str, ...], base: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return what follows `base` in the names that start with it; None where one is all of it."""
    found: dict[str, None] = {}
    for name in names:
        for rest in _rests(tuple(name.split(".")), base):
            if not rest or rest == ("**",):
                return None
            found[".".join(rest)] = None
    return tuple(found)


def _rests(name: tuple[str, ...], base: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if not base or not name:
        yield name
    elif name[0] == "**":
        yield name
        yield from _rests(name[1:], base)
    elif name[0] in ("*", base[0]) or base[0] == "*":
        yield from _rests(name[1:], base[1:])
