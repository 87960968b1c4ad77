"""One constraint on the import graph: what it judges, and what its waivers hide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from bylaw.check.evidence import Evidence
from bylaw.check.finding import Finding, NotEvaluated, Step, Violation
from bylaw.check.importgraph import READERS, Edges, FileImports, edges_of, reachable, whole_edges
from bylaw.check.judges.asked import quoted
from bylaw.check.resolve import Imported, edge_matches
from bylaw.facts.model import Where
from bylaw.languages import held_languages, language_of
from bylaw.places import area_of

if TYPE_CHECKING:
    from bylaw.ir import Language
    from bylaw.scoped import ScopedConstraint


@dataclass(frozen=True)
class Case:
    """One constraint on one graph: the files that it judges, and the imports that count."""

    scoped: ScopedConstraint
    evidence: Evidence
    files: FileImports
    edges: Edges
    judged: frozenset[str]
    hidden: Callable[[str, Imported], bool] | None = None
    """Which imports a waiver hides, where there is one."""

    @property
    def full_id(self) -> str:
        """The constraint's full id."""
        return self.scoped.full_id

    def without_hidden(self) -> Case | None:
        """Return the case as the waived edges leave it; None where there are none."""
        hidden = self.hidden
        if hidden is None:
            return None
        runtime = skipped(self.scoped)
        edges = edges_of(
            self.files,
            lambda path, imported: (
                not imported.source.where & runtime and not hidden(path, imported)
            ),
        )
        return replace(self, edges=edges, hidden=None)

    def first(self, importer: str, imported: str) -> Imported:
        """Return the first import of one file by another."""
        return self.edges[importer][imported][0]

    def hidden_edge(self, links: Iterable[tuple[str, Imported]]) -> tuple[str, str] | None:
        """Return the first link that a waiver hides."""
        for path, imported in links:
            if self.hidden is not None and self.hidden(path, imported):
                return self.files.names[path], imported.shown
        return None

    def links(self, chain: Sequence[str]) -> list[tuple[str, Imported]]:
        """Return the imports that a chain of files is made of."""
        return [(a, self.first(a, b)) for a, b in pairwise(chain)]


def skipped(scoped: ScopedConstraint) -> int:
    """Return where imports do not count."""
    exceptions = scoped.constraint.exceptions
    runtime = any(e.excepts == "type-checking" for e in exceptions)
    return Where.TYPE_CHECKING if runtime else Where.NOWHERE


def case_of(
    scoped: ScopedConstraint, evidence: Evidence, files: FileImports, judged: Iterable[str]
) -> Case:
    """Return the case of a constraint on the files of some languages."""
    edges = whole_edges(evidence, files, runtime=bool(skipped(scoped)))
    named = [edge for waiver in scoped.waivers for edge in waiver.edges]

    def hidden(path: str, imported: Imported) -> bool:
        ends = (files.names[path], imported.shown)
        return any(edge_matches(edge, ends) for edge in named)

    inside = frozenset(path for path in judged if path in files.imports)
    return Case(scoped, evidence, files, edges, inside, hidden if named else None)


def cases_of(scoped: ScopedConstraint, evidence: Evidence) -> tuple[list[Case], list[Language]]:
    """Return a constraint's cases, one for each graph, and the languages that have none."""
    meant = spoken(scoped)
    judged: dict[Callable[[Evidence], FileImports], list[str]] = {}
    others: set[Language] = set()
    for path in area_files(scoped, evidence):
        languages = (language_of(path), *held_languages(path))
        language = next((one for one in languages if one and meant in (None, one)), None)
        if language is None:
            continue
        reader = READERS.get(language)
        if reader is None:
            others.add(language)
        else:
            judged.setdefault(reader, []).append(path)
    cases = [case_of(scoped, evidence, evidence.once(r), paths) for r, paths in judged.items()]
    return cases, sorted(others)


def area_files(scoped: ScopedConstraint, evidence: Evidence) -> tuple[str, ...]:
    """Return the files of a constraint's area, in any language."""
    tests = evidence.tests or scoped.tests
    return evidence.files(area_of(scoped.constraint, evidence.layout, tests))


def spoken(scoped: ScopedConstraint) -> Language | None:
    """Return the language that a constraint speaks of; None where it is any."""
    subject = scoped.constraint.subject
    named: Language | None = getattr(subject, "language", None)
    return named or ("python" if subject.noun in ("modules", "layers") else None)


def steps(links: Iterable[tuple[str, Imported]]) -> tuple[Step, ...]:
    """Return what explains a chain of imports."""
    return tuple(
        Step(path, imported.source.place, f"imports {quoted(imported.shown)}")
        for path, imported in links
    )


def unread_files(case: Case, found: Iterable[Finding]) -> Iterator[NotEvaluated]:
    """Yield the files on which chains from the judged files may go on unseen."""
    if not case.files.unread:
        return
    said = {finding.path for finding in found if isinstance(finding, Violation)}
    for path in sorted(reachable(case.edges, case.judged) & case.files.unread.keys()):
        if path not in said:
            reason, place = case.files.unread[path]
            yield NotEvaluated(case.full_id, reason, path, place)


def find_twice(case: Case, find: Callable[[Case], list[Violation]]) -> list[Violation]:
    """Find what the waived edges leave, and after it what they hide, marked with such an edge.

    A waiver of an edge hides the chains that need it, and no chain that does without.
    """
    rest = case.without_hidden()
    if rest is None:
        return find(case)
    hidden = [v for v in find(case) if v.edge is not None and is_waived_edge(case, v.edge)]
    return [*find(rest), *hidden]


def is_waived_edge(case: Case, edge: tuple[str, str]) -> bool:
    """Tell whether a waiver of the case's constraint names an import."""
    named = [one for waiver in case.scoped.waivers for one in waiver.edges]
    return any(edge_matches(one, edge) for one in named)
