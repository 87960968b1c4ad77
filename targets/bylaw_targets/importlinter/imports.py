"""`import X`: whole packages that may not be imported, as pairs of sets of modules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bylaw.ir import (
    CodeSubject,
    ExceptOperands,
    FilesOperand,
    Import,
    ModulesSubject,
    Node,
    Permission,
)
from bylaw.places import area_of
from bylaw.scope import TreeFacts
from bylaw_targets.importlinter.contract import Contract, Translation, forbidden, protected
from bylaw_targets.importlinter.graph import Graph

Pair = tuple[set[str], set[str]]
"""Modules that import, and modules that they must not import."""


@dataclass(slots=True)
class Operands:
    """What operands name: modules of the repository, packages from outside, and what neither is."""

    inside: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    missed: list[str] = field(default_factory=list)


def translate_import(node: Import, importers: set[str], graph: Graph) -> Translation:
    """Translate `MUST NOT import`, `MUST only import` and `Only … MAY import`."""
    if node.modal == "must":
        return Translation.refused("import-linter cannot demand an import")
    if node.reach == "module-level":
        return Translation.refused("import-linter also counts imports inside functions")
    operands = resolve(node.operands, graph)
    if node.modal == "must-only":
        return _only(node, importers, operands, graph)
    _leave_out(operands, node, graph)
    if not operands.inside and not operands.outside:
        return Translation.refused("; ".join(operands.missed) or "its operands name no module")
    if node.modal == "only-may":
        return _one_door(node, importers, operands, graph)
    contracts = _forbid(
        _pairs(importers, operands.inside), importers, operands.outside, node, graph
    )
    if not contracts:
        return Translation.refused("its subject and its operands are the same modules")
    return Translation(contracts, misses=tuple(operands.missed))


def resolve(operands: Iterable[Node], graph: Graph) -> Operands:
    """Look up operands in the graph."""
    found = Operands()
    for operand in operands:
        if isinstance(operand, FilesOperand):
            globs = tuple(glob.text for glob in operand.globs)
            inside = graph.within(globs)
            if not inside:
                found.missed.append(f"no module of a Python package lies in `{globs[0]}`")
            found.inside |= inside
        else:
            _resolve_name(str(getattr(operand, "text", "")), graph, found)
    return found


def _resolve_name(text: str, graph: Graph, found: Operands) -> None:
    segments = text.split(".")
    if "*" in segments[0] or segments[0] in graph.roots:
        inside = graph.trees((text,))
        if not inside:
            found.missed.append(f"`{text}` names no module that import-linter sees")
        found.inside |= inside
    elif not all(segment.isidentifier() for segment in segments):
        found.missed.append(f"`{text}` is no Python module")
    elif len(segments) > 1:
        found.missed.append(
            f"import-linter sees `{segments[0]}` as a whole and cannot tell `{text}` from it"
        )
    else:
        found.outside.add(text)


def _leave_out(operands: Operands, node: Import, graph: Graph) -> None:
    """Take excepted operands out; what cannot be told from them goes with them."""
    for exception in node.exceptions:
        if not isinstance(exception, ExceptOperands):
            continue
        for operand in exception.operands:
            if isinstance(operand, FilesOperand):
                operands.inside -= graph.within(g.text for g in operand.globs)
                continue
            first = operand.text.partition(".")[0]
            if first in operands.outside:
                operands.outside.discard(first)
                if operand.text != first:
                    operands.missed.append(
                        f"import-linter cannot forbid `{first}` without `{operand.text}`"
                    )
            elif excepted := graph.trees((operand.text,)):
                operands.inside -= excepted
            else:
                _leave_out_name(operands, operand.text, graph)


def _leave_out_name(operands: Operands, text: str, graph: Graph) -> None:
    """Take out the module that a name stands in, as an import of the name is one of it."""
    parent = text.rpartition(".")[0]
    while parent and parent not in graph.modules:
        parent = parent.rpartition(".")[0]
    if parent in operands.inside:
        operands.inside.discard(parent)
        operands.missed.append(f"import-linter cannot forbid `{parent}` without `{text}`")


def _pairs(importers: set[str], imported: set[str]) -> list[Pair]:
    """Return all pairs but those with both ends in the overlap, which are never judged.

    import-linter skips any pair of names that overlap, without a word, so they must not.
    """
    overlap = importers & imported
    return [(importers - overlap, imported), (overlap, imported - overlap)]


def _forbid(
    pairs: Sequence[Pair], importers: set[str], outside: Iterable[str], node: Import, graph: Graph
) -> tuple[Contract, ...]:
    """Return the contracts that forbid the pairs, and the packages from outside."""
    wanted: dict[tuple[tuple[str, ...], bool], list[str]] = {}

    def add(sources: Iterable[str], targets: Iterable[str], *, as_packages: bool) -> None:
        some, others = tuple(sorted(sources)), list(targets)
        if some and others:
            wanted.setdefault((some, as_packages), []).extend(others)

    outside = tuple(outside)
    if outside:
        source = graph.cover(importers)
        add(source.trees, outside, as_packages=True)
        add(source.alone, outside, as_packages=False)
    for one, other in pairs:
        source, target = graph.cover(one), graph.cover(other)
        add(source.trees, target.trees, as_packages=True)
        add(source.alone, other, as_packages=False)
        add(one - set(source.alone), target.alone, as_packages=False)
    indirect = node.reach == "indirect"
    return tuple(
        forbidden(sources, tuple(sorted(set(targets))), as_packages=as_packages, indirect=indirect)
        for (sources, as_packages), targets in wanted.items()
    )


def _one_door(node: Import, importers: set[str], operands: Operands, graph: Graph) -> Translation:
    """Translate `Only … MAY import`; `importers` are all that may not."""
    judged = importers - operands.inside
    target = graph.cover(operands.inside)
    allowed = graph.cover((graph.modules - importers) | operands.inside)
    contracts: list[Contract] = []
    ignored: list[tuple[str, str]] = []
    pairs: list[Pair] = []
    # To name those who may makes short contracts, which bind modules that are yet to be written.
    # A protected contract knows no chains, no package without what is below it, and no package
    # from outside that nothing imports.
    short = node.reach == "direct" and not allowed.alone
    if operands.inside and judged and short and not target.alone:
        contracts += protected(target.trees, allowed.trees, graph.roots)
    elif operands.inside:
        pairs.append((judged, operands.inside))
    outside = sorted(operands.outside)
    if outside and importers and short:
        roots = tuple(sorted({module.partition(".")[0] for module in importers}))
        contracts.append(forbidden(roots, tuple(outside), as_packages=True, indirect=False))
        doors = graph.cover(graph.modules - importers).trees
        ignored = [(door, package) for door in doors for package in outside]
        outside = []
    contracts += _forbid(pairs, importers, outside, node, graph)
    if not contracts:
        return Translation.refused("its subject and its operands are the same modules")
    return Translation(tuple(contracts), misses=tuple(operands.missed), ignored=tuple(ignored))


def _only(node: Import, importers: set[str], operands: Operands, graph: Graph) -> Translation:
    """Translate `MUST only import`, of which only the repository's own part can be said."""
    excepted = Operands()
    for exception in node.exceptions:
        if isinstance(exception, ExceptOperands):
            excepted = resolve(exception.operands, graph)
    own = importers | _subject(node.subject, graph)
    rest = graph.modules - operands.inside - excepted.inside - own
    contracts = _forbid([(importers, set(rest))], importers, (), node, graph)
    if not contracts:
        return Translation.refused("import-linter cannot name the packages that it does not list")
    missed = "packages from outside the repository are not judged"
    return Translation(contracts, misses=(missed,))


def _subject(subject: Node, graph: Graph) -> set[str]:
    """Return the modules that a subject names, before exceptions."""
    if isinstance(subject, ModulesSubject):
        return graph.trees(module.text for module in subject.modules)
    if isinstance(subject, CodeSubject) and subject.globs:
        return graph.within(glob.text for glob in subject.globs)
    return set(graph.modules) if isinstance(subject, CodeSubject) else set()


def permitted_edges(
    permission: Permission, facts: TreeFacts, graph: Graph
) -> list[tuple[str, str]]:
    """Return the imports that a permission allows, as names of what imports and is imported."""
    grant = permission.grant
    if not isinstance(grant, Import):
        return []
    importers = graph.cover(graph.area(area_of(grant, facts))[0])
    operands = resolve(grant.operands, graph)
    _leave_out(operands, grant, graph)
    imported = [*graph.cover(operands.inside).names, *sorted(operands.outside)]
    return [(one, other) for one in importers.names for other in imported]
