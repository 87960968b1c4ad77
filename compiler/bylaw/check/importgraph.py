"""The repository's own import graph: which file imports which, and by what chains.

It is made of our own facts of the tree under check and handed to grimp, which searches it. Nodes
are files, not modules: two folders may each hold a module of one name, and TypeScript has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from bylaw.check.evidence import Evidence, FileView
from bylaw.check.resolve import Imported, importer_name, imports_of
from bylaw.facts.model import Place, Where
from bylaw.languages import held_languages, language_of
from bylaw.parallel import fork_map
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from grimp import ImportGraph

    from bylaw.ir import Language

_LEAST = 60
"""Files below which starting processes costs more than it saves."""

_GOAL = "goal"

Edges = Mapping[str, Mapping[str, Sequence[Imported]]]
"""By importing file, then by imported file: the imports that lead there, in the text's order."""

Unread = tuple[str, Place | None]
"""Why a file's imports are not all known, and where."""


@dataclass(frozen=True)
class FileImports:
    """What the files of some languages import.

    `names` are how edges name the files; `unread` those whose imports are not all known.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    imports: Mapping[str, tuple[Imported, ...]] = field(default_factory=dict)
    unread: Mapping[str, Unread] = field(default_factory=dict)


def python_imports(evidence: Evidence) -> FileImports:
    """Read the imports of a tree's Python; ask for it with `evidence.once`."""
    return _read(evidence, frozenset({"python"}))


def script_imports(evidence: Evidence) -> FileImports:
    """Read the imports of a tree's TypeScript and JavaScript; ask for it with `evidence.once`."""
    return _read(evidence, frozenset({"typescript", "javascript"}))


READERS: Mapping[Language, Callable[[Evidence], FileImports]] = {
    "python": python_imports,
    "typescript": script_imports,
    "javascript": script_imports,
}
"""The languages in which chains of imports are followed."""

_FileResult = tuple[str, str, tuple[Imported, ...], Unread | None]


def _read(evidence: Evidence, languages: frozenset[Language]) -> FileImports:
    paths = [
        path
        for path in evidence.tree.files
        if language_of(path) in languages or not languages.isdisjoint(held_languages(path))
    ]
    done: list[_FileResult] = []
    for chunk in fork_map(partial(_read_files, evidence=evidence), paths, _LEAST):
        done += chunk
    done.sort(key=lambda result: result[0])
    return FileImports(
        {path: name for path, name, _, _ in done},
        {path: imports for path, _, imports, _ in done},
        {path: unread for path, _, _, unread in done if unread is not None},
    )


def _read_files(paths: Sequence[str], evidence: Evidence) -> list[_FileResult]:
    found = [_read_file(path, evidence) for path in paths]
    evidence.flush()
    return found


def _read_file(path: str, evidence: Evidence) -> _FileResult:
    # A view of its own, so that a tree's facts need not fit into memory.
    view = FileView(path, evidence)
    unread: Unread | None = None
    try:
        imports = imports_of(view)
    except UnevaluableError as error:
        return path, path, (), (error.reason, error.place)
    if view.facts.faults:
        unread = (view.facts.faults[0].reason, view.facts.faults[0].place)
    else:
        unknown = next((imported for imported in imports if imported.unknown), None)
        if unknown is not None:
            unread = (str(unknown.unknown), unknown.source.place)
    return path, importer_name(view), imports, unread


# --- edges -------------------------------------------------------------------------------------


def edges_of(files: FileImports, counts: Callable[[str, Imported], bool]) -> Edges:
    """Return the edges between files by the imports that count."""
    found: dict[str, dict[str, list[Imported]]] = {}
    for path, imports in files.imports.items():
        below = found[path] = {}
        for imported in imports:
            if imported.exists and counts(path, imported):
                for target in imported.paths:
                    if target != path and target in files.imports:
                        below.setdefault(target, []).append(imported)
    return found


def whole_edges(evidence: Evidence, files: FileImports, *, runtime: bool) -> Edges:
    """Return all edges, or, with `runtime`, those not under `TYPE_CHECKING`; made once."""
    known = evidence.once(_whole)
    key = (id(files), runtime)
    if key not in known:
        skipped = Where.TYPE_CHECKING if runtime else Where.NOWHERE
        known[key] = edges_of(files, lambda _, imported: not imported.source.where & skipped)
    return known[key]


def _whole(_: Evidence) -> dict[tuple[int, bool], Edges]:
    return {}


def reachable(edges: Edges, start: Iterable[str]) -> set[str]:
    """Return the files that are imported from some, directly or indirectly, and these."""
    seen = set(start)
    pending = list(seen)
    while pending:
        for target in edges.get(pending.pop(), ()):
            if target not in seen:
                seen.add(target)
                pending.append(target)
    return seen


# --- searching ---------------------------------------------------------------------------------


class Chains:
    """Searches chains of imports among the files of a graph, without some of them."""

    def __init__(self, edges: Edges, without: frozenset[str] = frozenset()) -> None:
        from grimp import ImportGraph  # noqa: PLC0415 - slow to import, and few constraints need it

        # Names without dots, for to grimp these would say which file lies in which.
        self._nodes = {path: str(number) for number, path in enumerate(sorted(edges))}
        self._paths = {node: path for path, node in self._nodes.items()}
        self._edges = edges
        self._without = without
        self._graph = ImportGraph()
        for path, node in self._nodes.items():
            if path not in without:
                self._graph.add_module(node)
        for path in self._nodes:
            if path not in without:
                for target in edges[path]:
                    if target not in without:
                        self._graph.add_import(
                            importer=self._nodes[path], imported=self._nodes[target]
                        )

    def to(self, last: Iterable[str]) -> Reach:
        """Return what reaches the goal that the files `last` lead to."""
        graph = deepcopy(self._graph)
        graph.add_module(_GOAL)
        for path in last:
            if path not in self._without:
                graph.add_import(importer=self._nodes[path], imported=_GOAL)
        return Reach(graph, self._nodes, self._paths, self._edges)


class Reach:
    """The files from which a goal is reached, and the chains by which it is."""

    def __init__(
        self,
        graph: ImportGraph,
        nodes: Mapping[str, str],
        paths: Mapping[str, str],
        edges: Edges,
    ) -> None:
        self._graph = graph
        self._nodes = nodes
        self._edges = edges
        self._lengths: dict[str, int] = {}
        self.files = frozenset(paths[node] for node in graph.find_downstream_modules(_GOAL))

    def chain(self, path: str) -> tuple[str, ...]:
        """Return the shortest chain from a file that reaches the goal; of several the first."""
        found = [path]
        left = self._length(path)
        while left > 1:
            left -= 1
            # What the files are called decides, so that no other change of the tree does.
            found.append(
                min(
                    target
                    for target in self._edges[found[-1]]
                    if target in self.files and self._length(target) == left
                )
            )
        return tuple(found)

    def _length(self, path: str) -> int:
        known = self._lengths.get(path)
        if known is None:
            chain = self._graph.find_shortest_chain(self._nodes[path], _GOAL) or ()
            known = self._lengths[path] = len(chain) - 1
        return known


def cycles(edges: Edges, inside: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """Yield the strongly connected components of more than one file, each sorted.

    After Tarjan, "Depth-first search and linear graph algorithms" (1972), without recursion.
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in sorted(inside):
        if root in index:
            continue
        work: list[tuple[str, Iterator[str]]] = []
        _enter(root, edges, inside, index, low, stack, on_stack, work)
        while work:
            node, targets = work[-1]
            target = next(targets, None)
            if target is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    start = stack.index(node)
                    component = tuple(sorted(stack[start:]))
                    del stack[start:]
                    on_stack.difference_update(component)
                    if len(component) > 1:
                        yield component
            elif target not in index:
                _enter(target, edges, inside, index, low, stack, on_stack, work)
            elif target in on_stack:
                low[node] = min(low[node], index[target])


def _enter(  # noqa: PLR0917 - the state of one search
    node: str,
    edges: Edges,
    inside: frozenset[str],
    index: dict[str, int],
    low: dict[str, int],
    stack: list[str],
    on_stack: set[str],
    work: list[tuple[str, Iterator[str]]],
) -> None:
    index[node] = low[node] = len(index)
    stack.append(node)
    on_stack.add(node)
    work.append((node, iter(sorted(t for t in edges.get(node, ()) if t in inside))))
