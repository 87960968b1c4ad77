"""The modules that import-linter will see, known before it runs.

One contract that names a module the graph does not have stops import-linter's whole run, and
several other faults pass silently; so every name is settled here first. The graph's rules are those
of grimp's module finder: below a package with an `__init__.py`, a folder without one is not
entered; above one, such folders are namespaces; a single file is no root.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from bylaw.globs import matcher
from bylaw.scope import Area, TreeFacts

_WILDCARD = re.compile(r"[*?\[{]")


@dataclass(frozen=True, slots=True)
class Cover:
    """A set of modules in few names: those with all below them, and those alone."""

    trees: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Both, sorted."""
        return tuple(sorted(self.trees + self.alone))


class Graph:
    """The repository's Python modules as import-linter's graph will hold them.

    `modules` are those with a file, `namespaces` the folders above them without one, `unseen` the
    modules of the repository that the graph leaves out.
    """

    def __init__(self, facts: TreeFacts) -> None:
        files = {name.removesuffix(".__init__"): name for name in facts.sources}
        seen = {m for m in files if _reached(m, facts.sources)}
        homes: dict[str, list[str]] = {}
        for top in facts.tops:
            folder, _, name = top.rpartition("/")
            homes.setdefault(name.partition(".")[0], []).append(f"{folder}/" if folder else "")
        self.modules = frozenset(seen)
        self.unseen = frozenset(files) - self.modules
        self.namespaces = frozenset(p for m in seen for p in _parents(m)) - self.modules
        self.roots = frozenset(_first(m) for m in seen)
        self._paths = {
            module: [f"{home}{name.replace('.', '/')}.py" for home in homes.get(_first(module), ())]
            for module, name in files.items()
        }
        self._sorted = sorted((path, m) for m in files for path in self._paths[m])
        self._places: dict[Area, tuple[frozenset[str], tuple[str, ...]]] = {}
        self._below: dict[str, list[str]] = {}
        for module in sorted(self.modules):
            for parent in _parents(module):
                self._below.setdefault(parent, []).append(module)

    def below(self, module: str) -> list[str]:
        """Return the modules strictly below one, sorted."""
        return self._below.get(module, [])

    def tree(self, module: str) -> set[str]:
        """Return a module that has a file, and all below it."""
        return {module, *self.below(module)} & self.modules

    def has(self, module: str) -> bool:
        """Tell whether the graph knows a module or a namespace of that name."""
        return module in self.modules or module in self.namespaces

    def match(self, pattern: str) -> list[str]:
        """Return the modules and namespaces that a pattern names, without those below, sorted."""
        if "*" not in pattern:
            return [pattern] if self.has(pattern) else []
        test = _pattern(pattern)
        return sorted(m for m in self.modules | self.namespaces if test(m))

    def trees(self, patterns: Iterable[str]) -> set[str]:
        """Return the modules that patterns name, with all below them."""
        return {m for pattern in patterns for top in self.match(pattern) for m in self.tree(top)}

    def within(self, globs: Iterable[str]) -> set[str]:
        """Return the modules whose file any of these globs matches."""
        named = tuple(globs)
        return set(self.area(Area(named))[0]) if named else set()

    def area(self, area: Area) -> tuple[frozenset[str], tuple[str, ...]]:
        """Return the modules whose file is in an area, and those outside the graph, sorted."""
        found = self._places.get(area)
        if found is None:
            found = self._places[area] = self._area(area)
        return found

    def _area(self, area: Area) -> tuple[frozenset[str], tuple[str, ...]]:
        test = _area_test(area)
        found = {module for path, module in self._candidates(area) if test(path)}
        return frozenset(found & self.modules), tuple(sorted(found & self.unseen))

    def _candidates(self, area: Area) -> Iterator[tuple[str, str]]:
        """Yield the files that begin as one of the area's globs does, with their modules."""
        starts = {_WILDCARD.split(glob, maxsplit=1)[0] for glob in area.include or ("",)}
        for start in starts:
            index = bisect_left(self._sorted, (start,))
            while index < len(self._sorted) and self._sorted[index][0].startswith(start):
                yield self._sorted[index]
                index += 1

    def cover(self, members: Iterable[str]) -> Cover:
        """Return the fewest names for a set of modules."""
        wanted = set(members)
        if not wanted:
            return Cover()
        trees: list[str] = []
        alone: list[str] = []
        counts = Counter(p for m in wanted for p in (m, *_parents(m)))
        covered: set[str] = set()
        for top in sorted(counts):
            if any(parent in covered for parent in _parents(top)):
                continue
            if counts[top] == len(self.below(top)) + (top in self.modules):
                covered.add(top)
                trees.append(top)
            elif top in wanted:
                alone.append(top)
        return Cover(tuple(trees), tuple(alone))


@lru_cache(maxsize=8)
def graph_of(facts: TreeFacts) -> Graph:
    """Return the graph of a tree; facts are compared by content, so that it is built once."""
    return Graph(facts)


def _area_test(area: Area) -> Callable[[str], bool]:
    """Return a test for the paths of an area."""
    include = matcher(area.include) if area.include else None
    within = matcher(area.within) if area.within else None
    exclude = matcher(area.exclude) if area.exclude else None

    def test(path: str) -> bool:
        return (
            (include is None or include(path))
            and (within is None or within(path))
            and not (exclude is not None and exclude(path))
        )

    return test


def _first(module: str) -> str:
    return module.partition(".")[0]


@lru_cache(maxsize=65536)
def _parents(module: str) -> tuple[str, ...]:
    """Return the dotted names above a module, nearest last."""
    parts = module.split(".")
    return tuple(".".join(parts[:count]) for count in range(1, len(parts)))


def _reached(module: str, sources: frozenset[str]) -> bool:
    """Tell whether grimp's finder gets to a module from its root package."""
    in_package = f"{module}.__init__" in sources
    root = _first(module)
    if root in sources and f"{root}.__init__" not in sources:
        return False
    folders = (*_parents(module), module) if in_package else _parents(module)
    below_package = False
    for folder in folders:
        if not folder.rpartition(".")[2].isidentifier():
            return False
        if f"{folder}.__init__" in sources:
            below_package = True
        elif below_package:
            return False
    return True


@lru_cache(maxsize=4096)
def _pattern(pattern: str) -> Callable[[str], bool]:
    """Compile a module pattern: `*` is one segment, `**` any number of them."""
    out = ""
    for index, segment in enumerate(pattern.split(".")):
        dot = r"\." if index else ""
        if segment == "**":
            out += r"(?:\.[^.]+)*" if index else r"(?:[^.]+(?:\.[^.]+)*)?"
        else:
            out += dot + ("[^.]+" if segment == "*" else re.escape(segment))
    match = re.compile(out).fullmatch
    return lambda name: match(name) is not None
