"""The judges of `be layered` and `be independent`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from bylaw.check.evidence import Evidence
from bylaw.check.finding import Finding, NotEvaluated, Violation
from bylaw.check.importgraph import Chains, FileImports, python_imports
from bylaw.check.judges.asked import quoted
from bylaw.check.judges.base import TreeJudge
from bylaw.check.judges.case import (
    Case,
    area_files,
    case_of,
    find_twice,
    spoken,
    steps,
    unread_files,
)
from bylaw.modules import find_modules
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw import ir
    from bylaw.scoped import ScopedConstraint


@dataclass(frozen=True, slots=True)
class _Home:
    """Where a module of a list stands: its layer, and within it those that may know each other."""

    layer: int
    group: int
    module: str


def _layered(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    lists, missing = _layers(scoped, evidence)
    yield from _judge_lists(scoped, evidence, lists)
    for name in missing:
        yield NotEvaluated(scoped.full_id, f"no module is the layer {quoted(name)}")


def _independent(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    homes, missing = _siblings(scoped, evidence)
    yield from _judge_lists(scoped, evidence, [homes])
    for pattern in missing:
        yield NotEvaluated(scoped.full_id, f"no module is {quoted(pattern)}")


def places_of(scoped: ScopedConstraint, evidence: Evidence) -> list[dict[str, tuple[int, int]]]:
    """Return the layer and the group of each file of the listed modules, list by list.

    A file must know none of a lower layer number, and of its own layer only those of its group.
    """
    if scoped.constraint.shape == "layered":
        lists = _layers(scoped, evidence)[0]
    else:
        lists = [_siblings(scoped, evidence)[0]]
    files = evidence.once(python_imports)
    return [
        {path: (home.layer, home.group) for path, home in _owners(files, homes).items()}
        for homes in lists
    ]


def _layers(scoped: ScopedConstraint, evidence: Evidence) -> tuple[list[list[_Home]], list[str]]:
    """Return each list of layers, and the layers that no module is."""
    node = scoped.constraint
    if node.shape != "layered" or node.subject.noun != "layers":
        raise TypeError(node.shape)
    layout = evidence.layout
    containers: Sequence[str] = [""]
    if node.within:
        found = {m for module in node.within for m in find_modules(module.text, layout)}
        containers = sorted(found)
        if not containers:
            raise UnevaluableError(f"no package is {quoted(node.within[0].text)}")
    missing = {module.text for layer in node.subject.layers for module in layer.modules}
    lists: list[list[_Home]] = []
    for container in containers:
        homes: list[_Home] = []
        for number, layer in enumerate(node.subject.layers):
            for group, module in enumerate(layer.modules):
                name = f"{container}.{module.text}" if container else module.text
                modules = find_modules(name, layout)
                if modules:
                    missing.discard(module.text)
                homes += [_Home(number, 0 if layer.free else group, m) for m in modules]
        _check_once(homes)
        lists.append(homes)
    return lists, sorted(missing)


def _check_once(homes: Iterable[_Home]) -> None:
    seen: dict[str, _Home] = {}
    for home in homes:
        other = seen.setdefault(home.module, home)
        if (other.layer, other.group) != (home.layer, home.group):
            raise UnevaluableError(f"{quoted(home.module)} is in the list twice")


def _siblings(scoped: ScopedConstraint, evidence: Evidence) -> tuple[list[_Home], list[str]]:
    """Return the modules that must not know each other, and the patterns that no module is."""
    subject = cast("ir.LayersSubject", scoped.constraint.subject)
    patterns = [module.text for layer in subject.layers for module in layer.modules]
    modules = {p: find_modules(p, evidence.layout) for p in patterns}
    listed = sorted({m for some in modules.values() for m in some})
    if len(listed) < 2:
        raise UnevaluableError("fewer than two modules are named, so nothing can depend on another")
    homes = [_Home(0, number, module) for number, module in enumerate(listed)]
    return homes, sorted(p for p, some in modules.items() if not some)


def _judge_lists(
    scoped: ScopedConstraint, evidence: Evidence, lists: Sequence[Sequence[_Home]]
) -> Iterator[Finding]:
    if spoken(scoped) != "python":
        raise UnevaluableError("only Python has modules that can be listed")
    files = evidence.once(python_imports)
    area = area_files(scoped, evidence)
    for homes in lists:
        owners = _owners(files, homes)
        case = case_of(scoped, evidence, files, (path for path in area if path in owners))

        def find(case: Case, owners: Mapping[str, _Home] = owners) -> list[Violation]:
            return list(_illegal(case, owners))

        found = find_twice(case, find)
        yield from found
        yield from unread_files(case, found)


def _owners(files: FileImports, homes: Sequence[_Home]) -> dict[str, _Home]:
    """Return the files of the listed modules; one that lies in several is of the deepest."""
    by_module = {home.module: home for home in homes}
    found: dict[str, _Home] = {}
    for path, name in files.names.items():
        module = name
        while module:
            if module in by_module:
                found[path] = by_module[module]
                break
            module = module.rpartition(".")[0]
    return found


def _is_illegal(one: _Home, layer: int, group: int) -> bool:
    """Tell whether a module may not know those of another layer, or of its own one's group."""
    return layer < one.layer or (layer == one.layer and group != one.group)


def _illegal(case: Case, owners: Mapping[str, _Home]) -> Iterator[Violation]:
    """Yield each import of a judged file that leads to a module which it may not know.

    It leads there at once, or by a chain through modules that are not in the list.
    """
    outside = Chains(case.edges, frozenset(owners))
    importers = [path for path in sorted(case.judged) if case.edges[path]]
    for layer, group in sorted({(home.layer, home.group) for home in owners.values()}):
        concerned = [path for path in importers if _is_illegal(owners[path], layer, group)]
        if not concerned:
            continue
        goal = {p for p, home in owners.items() if (home.layer, home.group) == (layer, group)}
        last: dict[str, str] = {}
        for path, targets in case.edges.items():
            hit = min((t for t in targets if t in goal), default=None)
            if hit is not None:
                last[path] = hit
        reach = outside.to(last)
        for path in concerned:
            for target in sorted(case.edges[path]):
                if target in goal:
                    yield _way(case, owners, [path, target])
                elif target in reach.files:
                    chain = reach.chain(target)
                    yield _way(case, owners, [path, *chain, last[chain[-1]]])


def _way(case: Case, owners: Mapping[str, _Home], chain: Sequence[str]) -> Violation:
    links = case.links(chain)
    importer, goal = owners[chain[0]], owners[chain[-1]]
    names = case.files.names
    what = quoted(goal.module)
    if case.scoped.constraint.shape == "layered":
        what = f"the {'higher layer' if goal.layer < importer.layer else 'sibling'} {what}"
    if len(links) == 1:
        of = f" of {what}" if names[chain[-1]] != goal.module else f", {what}"
        plain = quoted(names[chain[-1]]) == what
        detail = f"imports {quoted(names[chain[-1]])}{'' if plain else of}"
    else:
        detail = f"reaches {what} through {quoted(names[chain[1]])}"
    first = links[0][1]
    return Violation(
        case.full_id,
        chain[0],
        detail,
        first.source.place,
        operand=goal.module,
        found=names[chain[-1]],
        edge=case.hidden_edge(links) or (names[chain[0]], first.shown),
        steps=steps(links) if len(links) > 1 else (),
    )


LAYERED = TreeJudge(_layered)
INDEPENDENT = TreeJudge(_independent)
