"""The judge of `form import cycles`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bylaw.check.evidence import Evidence
from bylaw.check.finding import Finding, NotEvaluated, Violation
from bylaw.check.importgraph import Chains, cycles
from bylaw.check.judges.asked import quoted
from bylaw.check.judges.base import TreeJudge
from bylaw.check.judges.case import Case, cases_of, find_twice, steps, unread_files
from bylaw.languages import language_title

if TYPE_CHECKING:
    from bylaw.scoped import ScopedConstraint

_SHOWN = 5
"""So many modules of a cycle are named; the others are counted."""


def _acyclic(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    cases, others = cases_of(scoped, evidence)
    for case in cases:
        found = find_twice(case, lambda one: list(_circles(one)))
        yield from found
        inside = {path: case.edges[path] for path in case.judged}
        yield from unread_files(replace(case, edges=inside), found)
    for other in others:
        yield NotEvaluated(
            scoped.full_id, f"chains of imports are not followed in {language_title(other)}"
        )


def _circles(case: Case) -> Iterator[Violation]:
    for component in cycles(case.edges, case.judged):
        names = case.files.names
        ordered = sorted(component, key=lambda path: (names[path], path))
        first = ordered[0]
        links = case.links(_shortest_cycle(case, component, first))
        others = [quoted(names[path]) for path in ordered[1:]]
        shown = ", ".join(others[:_SHOWN])
        if len(others) > _SHOWN:
            shown += f" and {len(others) - _SHOWN} more"
        yield Violation(
            case.full_id,
            first,
            f"forms an import cycle with {shown}",
            found=names[ordered[1]],
            edge=_cut(case, component) or (names[first], links[0][1].shown),
            steps=steps(links),
        )


def _shortest_cycle(case: Case, component: Sequence[str], first: str) -> list[str]:
    inside = frozenset(component)
    edges = {
        path: {target: some for target, some in case.edges[path].items() if target in inside}
        for path in component
    }
    reach = Chains(edges, frozenset({first})).to(p for p in component if first in edges[p])
    start = min(
        (target for target in edges[first] if target in reach.files),
        key=lambda target: (len(reach.chain(target)), target),
    )
    return [first, *reach.chain(start), first]


def _cut(case: Case, component: Sequence[str]) -> tuple[str, str] | None:
    """Return an edge of a component that a waiver hides, if there is one."""
    inside = frozenset(component)
    for path in component:
        for target, imports in sorted(case.edges[path].items()):
            if target in inside and (edge := case.hidden_edge((path, i) for i in imports)):
                return edge
    return None


ACYCLIC = TreeJudge(_acyclic)
