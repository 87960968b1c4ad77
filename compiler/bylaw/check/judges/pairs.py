"""Judges of pairs: what changes together, and what exists together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, cast

from bylaw.check.areas import judged_area
from bylaw.check.evidence import Evidence
from bylaw.check.finding import Finding, NotEvaluated, Violation
from bylaw.check.judges.base import TreeJudge
from bylaw.check.judges.changes import change_of, touched_in
from bylaw.check.judges.phrases import either
from bylaw.check.templates import Counterparts, Reading, counterparts, filled, readings
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.ir import Pair, Template, TemplatesSubject
    from bylaw.scoped import ScopedConstraint


def _change_with(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    touched = touched_in(scoped, evidence)
    if touched:
        yield from _paired(scoped, touched, change_of(evidence).touched, "changes without")


def _exist_with(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    files = evidence.files(judged_area(scoped, evidence))
    yield from _paired(scoped, files, evidence.tree.files, "exists without")


def _paired(
    scoped: ScopedConstraint, firsts: Iterable[str], seconds: Iterable[str], word: str
) -> Iterator[Finding]:
    """Yield a violation for each path of the first part that has no partner in the second."""
    constraint = cast("Pair", scoped.constraint)
    subject = cast("TemplatesSubject", constraint.subject)
    paths = tuple(seconds)
    known = [counterparts(template, paths) for template in constraint.counterparts]
    for path in firsts:
        try:
            found = [r for template in subject.templates for r in readings(template, path)]
        except UnevaluableError as error:
            yield NotEvaluated(scoped.full_id, error.reason, path)
            continue
        if not found:
            # The captures that occur twice stand for two texts in it.
            continue
        lacking = [
            template
            for template, partners in zip(constraint.counterparts, known, strict=True)
            if not _has_partner(found, partners)
        ]
        if constraint.quantifier == "any" and len(lacking) < len(constraint.counterparts):
            continue
        groups = [lacking] if constraint.quantifier == "any" else [[one] for one in lacking]
        for group in groups:
            detail = f"{word} {either(_told(group, found[0]))}"
            yield Violation(scoped.full_id, path, detail, operand=group[0].text)


def _has_partner(found: Sequence[Reading], partners: Counterparts) -> bool:
    return any(partners.holds(dict(reading)) for reading in found)


def _told(templates: Sequence[Template], reading: Reading) -> Iterator[str]:
    for template in templates:
        yield filled(template, dict(reading))


CHANGE_WITH = TreeJudge(_change_with)
EXIST_WITH = TreeJudge(_exist_with)
