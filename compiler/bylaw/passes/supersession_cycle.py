"""Decisions that supersede each other in a circle."""

from bylaw.diagnostics import Code, Label, Report, Severity, Span
from bylaw.passes.compare.where import relation_span, start_of
from bylaw.program import Program

SUPERSESSION_CYCLE = Code("BL212", "supersession-cycle", Severity.ERROR)


def supersession_cycle(program: Program, report: Report) -> None:
    """Report each circle once, at the first path in it."""
    edges = _edges(program)
    done: set[str] = set()
    for start in sorted(edges):
        if start in done:
            continue
        cycle = _shortest_cycle(start, edges)
        if cycle is None:
            continue
        done.update(cycle)
        names = [program.by_path[path].header.id for path in [*cycle, cycle[0]]]
        steps = list(zip(cycle, [*cycle[1:], cycle[0]], strict=True))
        first, *others = [_step_span(program, newer, older) for newer, older in steps]
        report.add(
            SUPERSESSION_CYCLE,
            "decisions supersede each other in a circle",
            first,
            note=" supersedes ".join(f"`{name}`" for name in names),
            labels=[Label(span, "and here") for span in others],
            help="take back one of these relations; none of the decisions can be in force",
        )


def _edges(program: Program) -> dict[str, list[str]]:
    """Return whom each decision supersedes, by its own word or by the other's."""
    found: dict[str, set[str]] = {}
    for path, relations in program.relations.items():
        for relation in relations:
            target = relation.target
            if target is None or relation.partial or target not in program.by_path:
                continue
            if relation.kind == "supersedes":
                found.setdefault(path, set()).add(target)
            elif relation.kind == "superseded-by":
                found.setdefault(target, set()).add(path)
    return {path: sorted(targets) for path, targets in found.items()}


def _shortest_cycle(start: str, edges: dict[str, list[str]]) -> list[str] | None:
    """Return the shortest way from a decision back to itself."""
    came: dict[str, str] = {}
    frontier = [start]
    while frontier:
        following = []
        for path in frontier:
            for target in edges.get(path, ()):
                if target == start:
                    return _way(start, path, came)
                if target not in came:
                    came[target] = path
                    following.append(target)
        frontier = following
    return None


def _way(start: str, last: str, came: dict[str, str]) -> list[str]:
    way = [last]
    while way[-1] != start:
        way.append(came[way[-1]])
    return way[::-1]


def _step_span(program: Program, newer: str, older: str) -> Span:
    return (
        relation_span(program, newer, "supersedes", older)
        or relation_span(program, older, "superseded-by", newer)
        or start_of(newer)
    )
