"""The judge of `import … directly or indirectly`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from bylaw.check.evidence import Evidence, FileView
from bylaw.check.finding import Finding, NotEvaluated, Violation
from bylaw.check.importgraph import Chains, Reach
from bylaw.check.judges.asked import Asked, Member, Operand, asked_of, quoted
from bylaw.check.judges.base import TreeJudge
from bylaw.check.judges.case import (
    Case,
    cases_of,
    find_twice,
    is_waived_edge,
    steps,
    unread_files,
)
from bylaw.check.resolve import Imported, edge_matches
from bylaw.languages import language_title

if TYPE_CHECKING:
    from bylaw.scoped import ScopedConstraint


def _indirect(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    cases, others = cases_of(scoped, evidence)
    for case in cases:
        find = _reaching_others if scoped.constraint.modal == "must-only" else _reaching
        found = find_twice(case, find)
        yield from found
        yield from unread_files(case, found)
    for other in others:
        yield NotEvaluated(
            scoped.full_id, f"chains of imports are not followed in {language_title(other)}"
        )


def _reaching(case: Case) -> list[Violation]:
    """Find the judged files that reach an operand."""
    asked = asked_of(case.scoped, case.evidence)
    chains = Chains(case.edges)
    found: list[Violation] = []
    for operand in asked.operands:
        hits = _hits(case, asked, operand)
        if not hits:
            continue
        for members, importers in _groups(case, asked, operand).items():
            last = {
                path: first
                for path, imports in hits.items()
                if (first := _outside(imports, members)) is not None
            }
            reach = chains.to(last)
            reaching = [path for path in importers if path in reach.files]
            found += [_reached(case, reach, path, operand, last) for path in reaching]
    return found


def _hits(case: Case, asked: Asked, operand: Operand) -> dict[str, list[Imported]]:
    """Return the imports of an operand that count, by the files of the whole graph."""
    found: dict[str, list[Imported]] = {}
    hidden = case.scoped.waivers and case.hidden is None
    named = [edge for waiver in case.scoped.waivers for edge in waiver.edges] if hidden else []
    for path, imports in case.files.imports.items():
        for imported in imports:
            if operand.names(imported) and asked.counts(imported):
                ends = (case.files.names[path], imported.shown)
                if not any(edge_matches(edge, ends) for edge in named):
                    found.setdefault(path, []).append(imported)
    return found


def _groups(case: Case, asked: Asked, operand: Operand) -> dict[tuple[Member, ...], list[str]]:
    """Group the judged files by what of the operand they may import: the members they overlap."""
    found: dict[tuple[Member, ...], list[str]] = {}
    for path in sorted(case.judged):
        view = FileView(path, case.evidence)
        if not operand.holds(view):
            found.setdefault((), []).append(path)
        elif asked.modal != "only-may":
            mine = tuple(member for member in asked.members if member.holds(view))
            found.setdefault(mine, []).append(path)
    return found


def _outside(imports: Sequence[Imported], members: tuple[Member, ...]) -> Imported | None:
    """Return the first import that does not stay within every one of the members, if any."""
    for imported in imports:
        if not members or not all(member.means(imported) for member in members):
            return imported
    return None


def _reached(
    case: Case, reach: Reach, path: str, operand: Operand, last: Mapping[str, Imported]
) -> Violation:
    chain = reach.chain(path)
    links = [*case.links(chain), (chain[-1], last[chain[-1]])]
    what = f"code in {quoted(operand.text)}" if operand.files else quoted(operand.text)
    first = links[0][1]
    return Violation(
        case.full_id,
        path,
        f"reaches {what}",
        first.source.place,
        operand=operand.text,
        found=links[-1][1].shown,
        edge=case.hidden_edge(links) or (case.files.names[path], first.shown),
        steps=steps(links) if len(links) > 1 else (),
    )


def _reaching_others(case: Case) -> list[Violation]:
    """Find what judged files reach, through what they may import, that they may not."""
    asked = asked_of(case.scoped, case.evidence)
    found: list[Violation] = []
    for start in sorted(case.judged):
        parents: dict[str, str] = {}
        seen, pending = {start}, [start]
        told: set[str] = set()
        for path in pending:
            for imported in case.files.imports[path]:
                if not asked.counts(imported) or _is_waived(case, path, imported):
                    continue
                if not asked.allows(imported):
                    what = case.files.names.get(imported.paths[0]) if imported.exists else None
                    what = what or imported.shown
                    if what not in told:
                        told.add(what)
                        links = [*case.links(_climb(start, path, parents)), (path, imported)]
                        found.append(_stray(case, links, what))
                    continue
                for target in imported.paths if imported.exists else ():
                    if target in case.files.imports and target not in seen:
                        seen.add(target)
                        parents[target] = path
                        pending.append(target)
    return found


def _is_waived(case: Case, path: str, imported: Imported) -> bool:
    """Tell whether a waiver's edge is left out of this case, as the first of two."""
    if case.hidden is not None or not case.scoped.waivers:
        return False
    return is_waived_edge(case, (case.files.names[path], imported.shown))


def _climb(start: str, end: str, parents: Mapping[str, str]) -> list[str]:
    chain = [end]
    while chain[-1] != start:
        chain.append(parents[chain[-1]])
    return chain[::-1]


def _stray(case: Case, links: Sequence[tuple[str, Imported]], what: str) -> Violation:
    start = links[0][0]
    return Violation(
        case.full_id,
        start,
        f"reaches {quoted(what)}",
        links[0][1].source.place,
        found=what,
        edge=case.hidden_edge(links) or (case.files.names[start], links[0][1].shown),
        steps=steps(links) if len(links) > 1 else (),
    )


INDIRECT = TreeJudge(_indirect)
