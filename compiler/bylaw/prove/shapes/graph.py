"""Programs for the shape of the import graph: layers, independence, cycles."""

from collections.abc import Iterator
from itertools import pairwise

from bylaw import ir
from bylaw.area import Area
from bylaw.modules import find_modules, module_of, paths_of
from bylaw.prove.case import NO_LINES, Draft
from bylaw.prove.places import Places
from bylaw.prove.shapes.stage import Stage


def _file(module: str, stage: Stage) -> str | None:
    """Return the path of a fresh module in a package, or of the module where it is a file."""
    include, exclude = paths_of((module,), stage.layout)
    area = stage.scoped.area
    limits = Area(include, area.within, (*exclude, *area.exclude))
    return Places(limits, stage.places.tests, set(stage.files)).inside(".py")


def _edge(
    title: str, stage: Stage, importer: str, imported: str, *, violates: bool
) -> Iterator[Draft]:
    path, target = _file(importer, stage), _file(imported, stage)
    name = module_of(target, stage.layout) if target else None
    if path is not None and target is not None and name is not None and path != target:
        lines = frozenset((1,)) if violates else NO_LINES
        yield Draft(title, f"import {name}\n", lines, path, {target: ""})
        if violates:
            late = f"def late():\n    import {name}\n\n    return {name}\n"
            yield Draft(f"{title}, in a function", late, frozenset((2,)), path, {target: ""})


def layered(stage: Stage) -> Iterator[Draft]:
    """Import upwards, downwards, and between siblings."""
    constraint = stage.a(ir.Layered)
    subject = constraint.subject
    if not isinstance(subject, ir.LayersSubject):
        return
    for container in _containers(constraint, stage):
        rows = [
            [_within(container, m.text, stage) for m in layer.modules] for layer in subject.layers
        ]
        known = [
            (layer, [m for m in row if m]) for layer, row in zip(subject.layers, rows, strict=True)
        ]
        known = [(layer, row) for layer, row in known if row]
        for (_, upper), (_, lower) in pairwise(known):
            yield from _edge("imports a higher layer", stage, lower[0], upper[0], violates=True)
            yield from _edge("imports a lower layer", stage, upper[0], lower[0], violates=False)
        if len(known) > 2:
            top, bottom = known[0][1][0], known[-1][1][0]
            yield from _edge("skips a layer", stage, top, bottom, violates=False)
            yield from _edge("imports the highest layer", stage, bottom, top, violates=True)
        for layer, row in known:
            if len(row) > 1:
                title = "imports a sibling"
                yield from _edge(title, stage, row[0], row[1], violates=not layer.free)
        return


def _containers(constraint: ir.Layered, stage: Stage) -> list[str]:
    if not constraint.within:
        return [""]
    return [m for module in constraint.within for m in find_modules(module.text, stage.layout)]


def _within(container: str, name: str, stage: Stage) -> str | None:
    full = f"{container}.{name}" if container else name
    return next(iter(find_modules(full, stage.layout)), None)


def independent(stage: Stage) -> Iterator[Draft]:
    """Import one of the modules from another."""
    subject = stage.constraint.subject
    if not isinstance(subject, ir.LayersSubject):
        return
    found = [
        name
        for layer in subject.layers
        for module in layer.modules
        for name in find_modules(module.text, stage.layout)
    ]
    apart = [m for m in dict.fromkeys(found) if not m.rpartition(".")[2].startswith("__")]
    if len(apart) < 2:
        return
    yield from _edge("imports another of them", stage, apart[0], apart[1], violates=True)
    yield from _edge("imports another of them back", stage, apart[1], apart[0], violates=True)
    path = _file(apart[0], stage)
    if path is not None:
        yield Draft("imports none of them", "import os\n", NO_LINES, path)


def acyclic(stage: Stage) -> Iterator[Draft]:
    """Let two modules import each other, or one the other."""
    places = Places(stage.scoped.area, stage.places.tests, set(stage.files))
    first, second = places.inside(".py"), places.inside(".py")
    if first is None or second is None or first == second:
        return
    names = [module_of(path, stage.layout) for path in (first, second)]
    if None in names:
        return
    back = f"import {names[0]}\n"
    text = f"import {names[1]}\n"
    yield Draft("imports what imports it", text, frozenset((1,)), first, {second: back})
    late = f"def late():\n    import {names[1]}\n"
    yield Draft(
        "imports what imports it, in a function", late, frozenset((2,)), first, {second: back}
    )
    yield Draft("imports what does not import it", text, NO_LINES, first, {second: ""})
    yield Draft("imports what names it in a comment", text, NO_LINES, first, {second: f"# {back}"})
