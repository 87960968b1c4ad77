"""Verdicts as JSON."""

from collections.abc import Iterable, Iterator
from typing import Any

from bylaw.check.evidence import Approval
from bylaw.check.verdict import (
    Fix,
    Judgement,
    Step,
    Verdicts,
    Violation,
)
from bylaw.facts import model
from bylaw.ir import Waiver
from bylaw.render.json import (
    diagnostic_record,
    dump,
    place_record,
    well_formed,
)
from bylaw.render.verdicts import DEFAULT, Lines, Setting
from bylaw.render.verdicts.phrases import (
    EXCUSES,
    counts_of,
    decision_of,
    message_of,
    page_of,
    sentence_of,
    status_of,
    waiver_of,
)
from bylaw.render.verdicts.records import (
    ApprovalRecord,
    CheckOutput,
    CheckSummary,
    ConstraintRecord,
    EdgeRecord,
    ExcusedRecord,
    FixRecord,
    NotEvaluatedRecord,
    RiskRecord,
    StepRecord,
    ViolationRecord,
    WaiverRecord,
)


def json(verdicts: Verdicts, lines: Lines, setting: Setting = DEFAULT) -> str:  # noqa: ARG001 - a Render
    """Return everything that is known of a run; paths are those of the tree."""
    return dump(check_output(verdicts, setting))


def check_output(verdicts: Verdicts, setting: Setting = DEFAULT) -> CheckOutput:
    """Return a run as the model that is printed."""
    judgements = verdicts.judgements
    return CheckOutput(
        summary=_summary(verdicts, setting),
        violations=tuple(
            ViolationRecord(**record)
            for judgement in judgements
            for record in _violations(judgement, judgement.violations, setting)
        ),
        not_evaluated=tuple(
            record for judgement in judgements for record in _not_evaluated(judgement, setting)
        ),
        constraints=tuple(_constraint(verdicts, each, setting) for each in judgements),
        excused=tuple(record for each in judgements for record in _excused(each, setting)),
        diagnostics=tuple(diagnostic_record(each) for each in verdicts.diagnostics),
        risk=_risk(verdicts),
        approvals=None
        if verdicts.approvals is None
        else tuple(_approval(each) for each in verdicts.approvals),
    )


def _risk(verdicts: Verdicts) -> RiskRecord | None:
    risk = verdicts.risk
    if risk is None:
        return None
    because = well_formed(risk.because)
    return RiskRecord(
        tier=risk.tier, because=because, required=risk.required, approvals=risk.approvals
    )


def _approval(approval: Approval) -> ApprovalRecord:
    return ApprovalRecord(
        by=well_formed(approval.by),
        teams=well_formed(approval.teams),
        commit=well_formed(approval.commit),
        time=approval.time,
        policy=approval.policy,
        source=well_formed(approval.source),
        void=approval.void,
    )


def _summary(verdicts: Verdicts, setting: Setting) -> CheckSummary:
    counts = counts_of(verdicts)
    subject = verdicts.subject
    return CheckSummary(
        status=status_of(verdicts, setting),
        strict=setting.strict,
        as_of=verdicts.as_of,
        subject=subject.what,
        paths=well_formed(subject.paths),
        base=subject.base,
        files=subject.files,
        decisions=counts.decisions,
        constraints=counts.constraints,
        holds=counts.holds,
        violated=counts.violated,
        not_evaluated=counts.not_evaluated,
        violations=counts.violations,
        errors=counts.errors,
        warnings=counts.warnings,
        excused={excuse: counts.excused[excuse] for excuse in EXCUSES},
        inactive=well_formed(verdicts.inactive),
        policy=verdicts.policy,
    )


def _placed(path: str | None, place: model.Place | None) -> dict[str, Any]:
    numbers = place or (None, None, None, None)
    return {
        "path": well_formed(path),
        **dict(zip(("line", "column", "end_line", "end_column"), numbers, strict=True)),
    }


def _of_constraint(judgement: Judgement, setting: Setting) -> dict[str, Any]:
    return {
        "constraint": well_formed(judgement.scoped.full_id),
        "decision": well_formed(judgement.decision),
        "severity": judgement.scoped.constraint.severity,
        "by": judgement.by,
        "sentence": well_formed(sentence_of(judgement)),
        "adr": place_record(judgement.scoped.constraint.span),
        "url": page_of(judgement, setting),
    }


def _because(judgement: Judgement) -> dict[str, Any]:
    constraint = judgement.scoped.constraint
    return {
        "alternative": well_formed(constraint.alternative.text) if constraint.alternative else None,
        "because": well_formed(constraint.because),
    }


def _violations(
    judgement: Judgement, violations: Iterable[Violation], setting: Setting
) -> Iterator[dict[str, Any]]:
    # What is the same of all violations of a constraint is made once.
    common = _of_constraint(judgement, setting) | _because(judgement)
    for violation in violations:
        edge = violation.edge
        yield {
            **_placed(violation.path, violation.place),
            **common,
            "message": well_formed(message_of(judgement, violation)),
            "detail": well_formed(violation.detail),
            "note": well_formed(violation.note),
            "fingerprint": violation.fingerprint,
            "operand": well_formed(violation.operand),
            "found": well_formed(violation.found),
            "edge": EdgeRecord(importer=well_formed(edge[0]), imported=well_formed(edge[1]))
            if edge
            else None,
            "steps": tuple(_step(step) for step in violation.steps),
            "fix": _fix(violation.fix) if violation.fix else None,
            "waiver": well_formed(waiver_of(judgement, [violation])),
        }


def _step(step: Step) -> StepRecord:
    return StepRecord(**_placed(step.path, step.place), message=well_formed(step.message))


def _fix(fix: Fix) -> FixRecord:
    return FixRecord(
        **fix.place._asdict(), text=well_formed(fix.text), imports=well_formed(fix.imports)
    )


def _not_evaluated(judgement: Judgement, setting: Setting) -> Iterator[NotEvaluatedRecord]:
    common = _of_constraint(judgement, setting)
    for finding in judgement.not_evaluated:
        yield NotEvaluatedRecord(
            **_placed(finding.path, finding.place),
            **common,
            reason=well_formed(finding.reason),
            help=well_formed(finding.help),
        )


def _excused(judgement: Judgement, setting: Setting) -> Iterator[ExcusedRecord]:
    records = _violations(judgement, (each.violation for each in judgement.excused), setting)
    for excused, record in zip(judgement.excused, records, strict=True):
        yield ExcusedRecord(
            **(record | {"waiver": None}),
            excuse=excused.excuse,
            waived_by=_waiver(excused.waiver) if excused.waiver else None,
            excuse_note=well_formed(excused.note),
        )


def _waiver(waiver: Waiver) -> WaiverRecord:
    return WaiverRecord(
        adr=place_record(waiver.span),
        until=waiver.until,
        approved_by=well_formed(waiver.approved_by),
        ticket=well_formed(waiver.ticket),
        because=well_formed(waiver.because),
    )


def _constraint(verdicts: Verdicts, judgement: Judgement, setting: Setting) -> ConstraintRecord:
    constraint = judgement.scoped.constraint
    return ConstraintRecord(
        constraint=well_formed(judgement.scoped.full_id),
        decision=well_formed(judgement.decision),
        title=well_formed(decision_of(verdicts, judgement).title),
        outcome=judgement.outcome,
        severity=constraint.severity,
        by=judgement.by,
        kind=constraint.kind,
        shape=constraint.shape,
        sentence=well_formed(sentence_of(judgement)),
        adr=place_record(constraint.span),
        url=page_of(judgement, setting),
        **_because(judgement),
        for_new_code=constraint.for_new_code,
        files=judgement.files,
        violations=len(judgement.violations),
        not_evaluated=len(judgement.not_evaluated),
        excused=len(judgement.excused),
    )
