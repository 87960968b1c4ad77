"""From scoped constraints and evidence to findings: every judge, file by file or at once."""

from collections.abc import Iterable, Sequence

from bylaw.area import Area
from bylaw.check.evidence import Evidence
from bylaw.check.judges import FileJudge, judge_of
from bylaw.check.verdict import Finding, NotEvaluated, UnevaluableError, Violation
from bylaw.places import area_of
from bylaw.scope import ScopedConstraint


def judged_area(scoped: ScopedConstraint, evidence: Evidence) -> Area:
    """Return the area that a constraint is judged in.

    Waived and permitted places are in it: what is found there is excused afterwards, and said.
    """
    return area_of(scoped.constraint, evidence.layout, evidence.tests or scoped.tests)


def find(constraints: Sequence[ScopedConstraint], evidence: Evidence) -> dict[str, list[Finding]]:
    """Judge every constraint; return what was found of each, by full id, sorted by place."""
    return {scoped.full_id: list(_find(scoped, evidence)) for scoped in constraints}


def _find(scoped: ScopedConstraint, evidence: Evidence) -> Iterable[Finding]:
    judge = judge_of(scoped.constraint)
    if not isinstance(judge, FileJudge):
        try:
            yield from judge.judge(scoped, evidence)
        except UnevaluableError as error:
            yield NotEvaluated(scoped.full_id, error.reason, None, error.place, error.help)
        return
    for path in evidence.files(judged_area(scoped, evidence)):
        try:
            yield from judge.judge(scoped, evidence.view(path))
        except UnevaluableError as error:
            yield NotEvaluated(scoped.full_id, error.reason, path, error.place, error.help)


def violations(findings: Iterable[Finding]) -> list[Violation]:
    """Return the violations among findings."""
    return [finding for finding in findings if isinstance(finding, Violation)]
