"""The repository's imports and what they decide, frozen for the checks of tool calls."""

import marshal
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from bylaw.check.areas import judged_files
from bylaw.check.evidence import Evidence
from bylaw.check.importgraph import python_imports, script_imports, whole_edges
from bylaw.check.judges import sort_of
from bylaw.check.judges.asked import asked_of
from bylaw.check.judges.layers import places_of
from bylaw.checkpoint.graph import stem_of, words_of
from bylaw.checkpoint.stamps import changed_at
from bylaw.moments import ON_THE_TREE
from bylaw.scoped import ScopedConstraint
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.checkpoint.graph import Rule


def pack_graph(root: str, constraints: Iterable[ScopedConstraint], evidence: Evidence) -> bytes:
    """Return the graph that `bylaw.checkpoint.graph` reads; empty where no constraint needs it."""
    wanted = [s for s in constraints if sort_of(s.constraint) in ON_THE_TREE]
    if not wanted:
        return b""
    # Read before the files are: what is written meanwhile is read again.
    stamps = {path: _stamp(root, path) for path in evidence.tree.files}
    imports: dict[str, tuple[str, ...]] = {}
    importers: dict[str, list[str]] = {}
    waiting: set[str] = set()
    for files in (evidence.once(python_imports), evidence.once(script_imports)):
        for path, targets in whole_edges(evidence, files, runtime=False).items():
            imports[path] = tuple(sorted(targets))
            for target in imports[path]:
                importers.setdefault(target, []).append(path)
        for imported in (each for some in files.imports.values() for each in some):
            name = words_of(imported.name)
            if not any(stem_of(path) == name[-1:] for path in imported.paths):
                waiting.update(name)
    rules = {scoped.full_id: _rule(scoped, evidence) for scoped in wanted}
    return marshal.dumps(
        (
            {path: stamps[path] for path in imports},
            {path: targets for path, targets in imports.items() if targets},
            {path: tuple(some) for path, some in importers.items()},
            rules,
            tuple(sorted(waiting)),
        )
    )


def _stamp(root: str, path: str) -> tuple[int, int]:
    try:
        status = os.stat(f"{root}/{path}")
    except OSError:
        return 0, -1
    return changed_at(status), status.st_size


def _rule(scoped: ScopedConstraint, evidence: Evidence) -> "Rule":
    """Return what `bylaw.checkpoint.graph` asks of one constraint."""
    node, sort = scoped.constraint, sort_of(scoped.constraint)
    places: list[dict[str, tuple[int, int]]] = []
    if sort in {"layered", "independent"}:
        try:
            places = places_of(scoped, evidence)
        except UnevaluableError:
            sort = "unevaluable"
    operands = tuple(
        operand.text if operand.sort == "module" else ""
        for operand in getattr(node, "operands", ())
    )
    return sort, judged_files(scoped, evidence), places, operands, _hits(scoped, evidence)


def _hits(scoped: ScopedConstraint, evidence: Evidence) -> tuple[str, ...] | None:
    """Return the files that import an operand, None where everything else is one."""
    if scoped.constraint.modal == "must-only":
        return None
    asked = asked_of(scoped, evidence)
    return tuple(
        path
        for files in (evidence.once(python_imports), evidence.once(script_imports))
        for path, imports in files.imports.items()
        if any(operand.names(each) for operand in asked.operands for each in imports)
    )
