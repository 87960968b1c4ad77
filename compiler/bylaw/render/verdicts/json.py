"""Verdicts as JSON, and the model from which its schema is published."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bylaw.check.evidence import Approval
from bylaw.check.verdict import (
    Excuse,
    Fix,
    Judgement,
    Outcome,
    Set,
    Step,
    Verdicts,
    Violation,
)
from bylaw.facts import model
from bylaw.ir import Kind, Strength, Waiver
from bylaw.render.json import (
    DiagnosticRecord,
    Place,
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
    sentence_of,
    status_of,
    waiver_of,
)
from bylaw.risk import Tier


class _Output(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Placed(_Output):
    """Something that was found, where: lines and columns (code points) from 1, ends exclusive."""

    path: str | None = Field(description="Relative to the root; null where it is no file.")
    line: int | None = Field(description="Null where it is the whole file.")
    column: int | None
    end_line: int | None
    end_column: int | None


class StepRecord(_Placed):
    """A further place that explains a violation, such as one import of a chain."""

    message: str


class FixRecord(_Output):
    """An edit that removes a violation: the text of the place becomes `text`."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    imports: tuple[str, ...] = Field(description="Import lines that the new text needs.")


class EdgeRecord(_Output):
    """An import: who imports, and what."""

    importer: str
    imported: str


class _OfConstraint(_Placed):
    """What was found of one constraint, and where that is decided."""

    constraint: str = Field(description="The full id: decision, `/`, id.")
    decision: str
    severity: Strength = Field(description="`error` of a MUST, `warning` of a SHOULD.")
    by: Set = Field(description="Whose constraints say so: the tree's own, or the base branch's.")
    sentence: str
    adr: Place = Field(description="Where the sentence stands.")


class ViolationRecord(_OfConstraint):
    """One violation."""

    message: str = Field(description="What is there, and the sentence that it violates.")
    detail: str = Field(description="What is there: a clause without lines or layout.")
    note: str | None = Field(description="What else is there, and may change.")
    fingerprint: str = Field(description="Of constraint, path and detail; lines do not matter.")
    alternative: str | None = Field(description="What to use instead.")
    because: str | None = Field(description="The reason that the decision gives.")
    operand: str | None = Field(description="The operand that is violated, as it is written.")
    found: str | None = Field(description="What was found of the operand.")
    edge: EdgeRecord | None
    steps: tuple[StepRecord, ...]
    fix: FixRecord | None
    waiver: str | None = Field(description="The list item that would waive it, with blanks.")


class NotEvaluatedRecord(_OfConstraint):
    """Why a constraint, or a constraint on one file, has no verdict."""

    reason: str
    help: str | None


class WaiverRecord(_Output):
    """The waiver that excuses a violation."""

    adr: Place
    until: date
    approved_by: tuple[str, ...]
    ticket: str | None
    because: str


class ExcusedRecord(ViolationRecord):
    """A violation that does not count, and why."""

    excuse: Excuse
    waived_by: WaiverRecord | None
    excuse_note: str | None = Field(description="Such as the reason that a comment gives.")


class ConstraintRecord(_Output):
    """One constraint and what has come of it."""

    constraint: str = Field(description="The full id: decision, `/`, id.")
    decision: str
    title: str = Field(description="The decision's.")
    outcome: Outcome
    severity: Strength
    by: Set
    kind: Kind
    shape: str
    sentence: str
    adr: Place
    alternative: str | None
    because: str | None
    for_new_code: bool
    files: int | None = Field(description="How many it speaks of; null where it speaks of none.")
    violations: int
    not_evaluated: int
    excused: int


class RiskRecord(_Output):
    """How risky the change under check is, and what the configuration asks for because of that."""

    tier: Tier
    because: tuple[str, ...] = Field(description="Ids of constraints, and globs, that say so.")
    required: int | None = Field(description="Approvals that a change of this tier needs.")
    approvals: int | None = Field(description="How many it has; null where that is not known.")


class ApprovalRecord(_Output):
    """Somebody's last word on the change."""

    by: str
    teams: tuple[str, ...]
    commit: str | None = Field(description="What they saw; null where it is the newest.")
    time: str | None
    policy: str | None = Field(description="The policy version under which they approved.")
    source: str | None
    void: str | None = Field(description="Why it does not count, whatever a constraint asks.")


class CheckSummary(_Output):
    """What was checked, and how it ended, in numbers."""

    status: int = Field(description="The exit status.")
    strict: bool
    as_of: date | None
    subject: Literal["tree", "paths", "index", "change"]
    paths: tuple[str, ...]
    base: str | None = Field(description="The commit that what is new is measured from.")
    files: int
    decisions: int
    constraints: int
    holds: int
    violated: int
    not_evaluated: int
    violations: int
    errors: int
    warnings: int
    excused: dict[Excuse, int]
    inactive: tuple[str, ...] = Field(description="Constraints outside their days.")
    policy: str | None = Field(description="The policy version: a digest of what is in force.")


class CheckOutput(_Output):
    """The output of `bylaw check --format json`."""

    schema_version: Literal[1] = 1
    summary: CheckSummary
    violations: tuple[ViolationRecord, ...]
    not_evaluated: tuple[NotEvaluatedRecord, ...]
    constraints: tuple[ConstraintRecord, ...]
    excused: tuple[ExcusedRecord, ...]
    diagnostics: tuple[DiagnosticRecord, ...]
    risk: RiskRecord | None = Field(description="Null where no change was checked.")
    approvals: tuple[ApprovalRecord, ...] | None = Field(description="Null where none were read.")


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
            for record in _violations(judgement, judgement.violations)
        ),
        not_evaluated=tuple(
            record for judgement in judgements for record in _not_evaluated(judgement)
        ),
        constraints=tuple(_constraint(verdicts, judgement) for judgement in judgements),
        excused=tuple(record for judgement in judgements for record in _excused(judgement)),
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


def _of_constraint(judgement: Judgement) -> dict[str, Any]:
    return {
        "constraint": well_formed(judgement.scoped.full_id),
        "decision": well_formed(judgement.decision),
        "severity": judgement.scoped.constraint.severity,
        "by": judgement.by,
        "sentence": well_formed(sentence_of(judgement)),
        "adr": place_record(judgement.scoped.constraint.span),
    }


def _because(judgement: Judgement) -> dict[str, Any]:
    constraint = judgement.scoped.constraint
    return {
        "alternative": well_formed(constraint.alternative.text) if constraint.alternative else None,
        "because": well_formed(constraint.because),
    }


def _violations(judgement: Judgement, violations: Iterable[Violation]) -> Iterator[dict[str, Any]]:
    # What is the same of all violations of a constraint is made once.
    common = _of_constraint(judgement) | _because(judgement)
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


def _not_evaluated(judgement: Judgement) -> Iterator[NotEvaluatedRecord]:
    common = _of_constraint(judgement)
    for finding in judgement.not_evaluated:
        yield NotEvaluatedRecord(
            **_placed(finding.path, finding.place),
            **common,
            reason=well_formed(finding.reason),
            help=well_formed(finding.help),
        )


def _excused(judgement: Judgement) -> Iterator[ExcusedRecord]:
    records = _violations(judgement, (each.violation for each in judgement.excused))
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


def _constraint(verdicts: Verdicts, judgement: Judgement) -> ConstraintRecord:
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
        **_because(judgement),
        for_new_code=constraint.for_new_code,
        files=judgement.files,
        violations=len(judgement.violations),
        not_evaluated=len(judgement.not_evaluated),
        excused=len(judgement.excused),
    )
