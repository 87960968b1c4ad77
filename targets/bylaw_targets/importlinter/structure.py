"""`be layered`, `be independent` and `form import cycles`: the shape of the import graph."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bylaw.ir import (
    Acyclic,
    CodeSubject,
    ConstraintNode,
    Independent,
    Layer,
    Layered,
    LayersSubject,
    ModulesSubject,
)
from bylaw_targets.importlinter.contract import Contract, Translation, roots_of
from bylaw_targets.importlinter.graph import Graph
from bylaw_targets.importlinter.toml import Value


@dataclass(frozen=True, slots=True)
class _Row:
    """One layer in one container: the modules there, and whether they may know each other."""

    modules: tuple[str, ...]
    free: bool


def translate_layered(node: Layered, judged: set[str], graph: Graph) -> Translation:
    """Translate `be layered`, repeated in each package that `within` names."""
    if not isinstance(node.subject, LayersSubject):
        return Translation.refused("its layers are no list of modules")
    layers = node.subject.layers
    repeated: dict[str, list[_Row]] = {}
    for container in _containers(node, graph):
        rows = [_row(layer, container, graph) for layer in layers]
        if any(row is None for row in rows):
            return Translation.refused("its layers mix siblings that may know each other")
        known = [row for row in rows if row is not None]
        if fault := _clash([m for row in known for m in row.modules]):
            return Translation.refused(fault)
        filled = [row for row in known if row.modules]
        if len(filled) > 1 or any(len(row.modules) > 1 and not row.free for row in filled):
            repeated[container] = known
    if not repeated:
        return Translation.refused("fewer than two of its layers are modules that it sees")
    lost = [
        layer.modules[0].text
        for index, layer in enumerate(layers)
        if not any(rows[index].modules for rows in repeated.values())
    ]
    listed = [m for rows in repeated.values() for row in rows for m in row.modules]
    return Translation(
        _contracts(node.subject, repeated),
        misses=tuple(f"no module is named `{name}`" for name in lost),
        ignored=tuple(_unjudged(listed, judged, graph)),
    )


def _contracts(subject: LayersSubject, repeated: dict[str, list[_Row]]) -> tuple[Contract, ...]:
    """Return one contract for all containers, or one each where patterns name their layers."""
    patterns = any("*" in module.text for layer in subject.layers for module in layer.modules)
    if "" in repeated or patterns:
        return tuple(_layers(rows) for rows in repeated.values())
    containers = tuple(repeated)
    present = {m for rows in repeated.values() for row in rows for m in row.modules}
    layers = []
    for layer in subject.layers:
        tails = [module.text for module in layer.modules]
        owners = {tail: [c for c in containers if f"{c}.{tail}" in present] for tail in tails}
        # import-linter calls a layer that some containers lack optional, in parentheses.
        named = [t if owners[t] == list(containers) else f"({t})" for t in tails if owners[t]]
        if named:
            layers.append((" : " if layer.free else " | ").join(named))
    options: tuple[tuple[str, Value], ...] = (("layers", tuple(layers)), ("containers", containers))
    return (Contract("layers", options, roots_of(containers)),)


def _containers(node: Layered, graph: Graph) -> list[str]:
    """Return the packages in which the layers repeat; `""` where they are named in full."""
    if not node.within:
        return [""]
    return sorted({m for module in node.within for m in graph.match(module.text)})


def _row(layer: Layer, container: str, graph: Graph) -> _Row | None:
    """Return a layer's modules in a container; None where they cannot be one row."""
    prefix = f"{container}." if container else ""
    modules: list[str] = []
    several = False
    for module in layer.modules:
        found = graph.match(prefix + module.text)
        several = several or len(found) > 1
        modules += found
    # Modules that one pattern names are one layer, within which every import is allowed.
    if several and len(layer.modules) > 1 and not layer.free:
        return None
    return _Row(tuple(dict.fromkeys(modules)), free=layer.free or several)


def _layers(rows: list[_Row]) -> Contract:
    layers = tuple((" : " if row.free else " | ").join(row.modules) for row in rows if row.modules)
    named = tuple(module for row in rows for module in row.modules)
    return Contract("layers", (("layers", layers),), roots_of(named))


def translate_independent(node: Independent, judged: set[str], graph: Graph) -> Translation:
    """Translate `be independent`."""
    if not isinstance(node.subject, LayersSubject):
        return Translation.refused("its subject is no list of modules")
    patterns = [module.text for layer in node.subject.layers for module in layer.modules]
    found = {pattern: graph.match(pattern) for pattern in patterns}
    modules = tuple(sorted({m for some in found.values() for m in some}))
    if fault := _clash(modules):
        return Translation.refused(fault)
    if len(modules) < 2:
        return Translation.refused("fewer than two of its modules are modules that it sees")
    return Translation(
        (Contract("independence", (("modules", modules),), roots_of(modules)),),
        misses=tuple(f"no module is named `{p}`" for p, some in found.items() if not some),
        ignored=tuple(_unjudged(modules, judged, graph)),
    )


def translate_acyclic(node: Acyclic, judged: set[str], graph: Graph) -> Translation:
    """Translate `MUST NOT form import cycles`, which import-linter knows between siblings only."""
    tops = _tops(node, graph)
    if not tops:
        return Translation.refused("its scope is no whole package")
    tops = tuple(t for t in tops if not any(t.startswith(f"{other}.") for other in tops))
    ancestors = tuple(t for t in tops if len(graph.below(t)) > 1)
    if not ancestors:
        return Translation.refused("none of its packages has two modules")
    depth = max(module.count(".") - top.count(".") for top in tops for module in graph.below(top))
    misses = ["cycles through a package's own `__init__.py` are not seen"]
    if len(tops) > 1:
        misses.append("cycles between the packages that it names are not seen")
    options: list[tuple[str, Value]] = [("ancestors", ancestors), ("depth", str(depth))]
    contract = Contract("acyclic_siblings", tuple(options), roots_of(ancestors))
    over = ("cycles between packages count even where no modules form one",) if depth > 1 else ()
    inside = {m for top in ancestors for m in graph.tree(top)}
    outside = graph.cover(inside - judged).names
    ignored = [
        edge for name in outside for top in ancestors for edge in ((name, top), *(((top, name)),))
    ]
    return Translation((contract,), tuple(misses), over, ignored=tuple(ignored))


def _tops(node: ConstraintNode, graph: Graph) -> tuple[str, ...]:
    """Return the packages that an acyclic scope is made of, none where it is no such thing."""
    subject = node.subject
    if isinstance(subject, ModulesSubject):
        return tuple(sorted({m for o in subject.modules for m in graph.match(o.text)}))
    if isinstance(subject, CodeSubject) and not subject.globs:
        return tuple(sorted(graph.roots))
    return ()


def _clash(modules: Iterable[str]) -> str | None:
    """Say which module is twice in a list or lies in another, which import-linter refuses."""
    seen: list[str] = []
    for module in modules:
        for other in seen:
            if module == other:
                return f"`{module}` is named twice"
            if module.startswith(f"{other}.") or other.startswith(f"{module}."):
                inner, outer = sorted((module, other), key=len, reverse=True)
                return f"`{inner}` lies in `{outer}`, and import-linter refuses a list of both"
        seen.append(module)
    return None


def _unjudged(modules: Iterable[str], judged: set[str], graph: Graph) -> Iterator[tuple[str, str]]:
    """Yield the imports by modules of a list that are outside the constraint's area."""
    listed = {m for module in modules for m in graph.tree(module)}
    for name in graph.cover(listed - judged).names:
        for root in sorted(graph.roots):
            yield name, root
