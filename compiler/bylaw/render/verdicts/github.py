"""Verdicts as annotations of a GitHub Actions run."""

from collections.abc import Iterator

from bylaw.check.verdict import Judgement, NotEvaluated, Verdicts, Violation
from bylaw.diagnostics import Severity
from bylaw.render.github import annotation
from bylaw.render.github import github as diagnostic_annotations
from bylaw.render.verdicts import DEFAULT, Lines, Setting
from bylaw.render.verdicts.phrases import (
    excused_summary,
    instead_of,
    message_of,
    name_of,
    page_of,
    sentence_of,
    severity_of,
    summary_of,
)


def github(verdicts: Verdicts, lines: Lines, setting: Setting = DEFAULT) -> str:  # noqa: ARG001 - a Render
    """Return a workflow command for each violation, and for all that was not evaluated.

    GitHub shows the first ten of each level, so what fails the run comes first.
    """
    rows = [*diagnostic_annotations(verdicts.diagnostics, setting.style.show)]
    judgements = sorted(verdicts.judgements, key=lambda each: severity_of(each) != Severity.ERROR)
    for judgement in judgements:
        rows += (_violation(judgement, each, setting) for each in judgement.violations)
    for judgement in judgements:
        rows += (_not_evaluated(judgement, each, setting) for each in judgement.not_evaluated)
    closing = [summary_of(verdicts), excused_summary(verdicts)]
    rows.append(annotation(Severity.NOTE, "bylaw", "\n".join(line for line in closing if line)))
    return "\n".join(rows)


def _violation(judgement: Judgement, violation: Violation, setting: Setting) -> str:
    body = [message_of(judgement, violation)]
    for step in violation.steps:
        at = f"{step.path}:{step.place.line}" if step.place else step.path
        body.append(f"{at}: {step.message}")
    body += _advice(judgement, setting)
    severity = Severity.ERROR if setting.strict else severity_of(judgement)
    return _at(severity, judgement, "\n".join(body), violation, setting)


def _not_evaluated(judgement: Judgement, finding: NotEvaluated, setting: Setting) -> str:
    body = [f"not evaluated: {finding.reason}: {sentence_of(judgement)}"]
    if finding.help:
        body.append(f"help: {finding.help}")
    body.append(_decided(judgement, setting))
    return _at(Severity.WARNING, judgement, "\n".join(body), finding, setting)


def _at(
    severity: Severity,
    judgement: Judgement,
    body: str,
    finding: Violation | NotEvaluated,
    setting: Setting,
) -> str:
    """Return an annotation of the finding's place, or of the sentence where it has none."""
    show = setting.style.show
    if finding.path is not None:
        # A whole file is annotated at its first line: GitHub shows no other place of it.
        place = finding.place or (1, 1, 1, 1)
        return annotation(severity, name_of(judgement), body, show(finding.path), place)
    span = judgement.scoped.constraint.span
    place = (span.line, span.column, span.end_line, span.end_column)
    return annotation(severity, name_of(judgement), body, show(span.path), place)


def _advice(judgement: Judgement, setting: Setting) -> Iterator[str]:
    if instead := instead_of(judgement):
        yield f"help: {instead}"
    yield _decided(judgement, setting)


def _decided(judgement: Judgement, setting: Setting) -> str:
    page = page_of(judgement, setting)
    return f"decided at {judgement.scoped.constraint.span}" + (f": {page}" if page else "")
