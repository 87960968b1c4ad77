"""What came of claims: for people, and as JSON with a published model."""

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bylaw.claims.check import Need
from bylaw.claims.model import Verb
from bylaw.claims.run import Outcome
from bylaw.diagnostics import Severity
from bylaw.render.characters import safe
from bylaw.render.json import DiagnosticRecord, diagnostic_record, well_formed
from bylaw.render.text import count
from bylaw.sentence import in_full


class _Output(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NeedRecord(_Output):
    """Something that a sentence asks for, and of which claims."""

    what: str
    constraint: str = Field(description="The constraint's full id.")
    sentence: str
    paths: tuple[str, ...]


class SettledRecord(_Output):
    """A path that the diff holds, and the claim that holds it; null where none does."""

    path: str
    done: Literal["created", "edited", "deleted"]
    claim: str | None
    verb: Verb | None = Field(description="What the claim is for.")


class ClaimsOutput(_Output):
    """The output of `bylaw claims check` and `bylaw claims settle` with `--format json`."""

    schema_version: Literal[1] = 1
    accepted: bool
    status: int = Field(description="The exit status.")
    task: str | None
    agent: str | None = Field(description="The class of the agent.")
    autonomy: str | None = Field(description="The level at which the agent works.")
    sha256: str | None = Field(description="Of the file of claims.")
    approvals: tuple[NeedRecord, ...]
    limits: tuple[NeedRecord, ...]
    base: str | None = Field(description="The commit that the work is settled from.")
    settled: tuple[SettledRecord, ...] | None = Field(
        description="Every path of the diff; null where claims were only checked."
    )
    diagnostics: tuple[DiagnosticRecord, ...]


def claims_output(outcome: Outcome, status: int) -> ClaimsOutput:
    """Return an outcome as the model that is printed."""
    sheet = outcome.sheet
    settled = None
    if outcome.settled is not None:
        settled = tuple(
            SettledRecord(
                path=well_formed(each.path),
                done=each.done,
                claim=each.claim and each.claim.text,
                verb=each.claim and each.claim.verb,
            )
            for each in outcome.settled
        )
    return ClaimsOutput(
        accepted=outcome.accepted,
        status=status,
        task=sheet.claims.task if sheet else None,
        agent=well_formed(outcome.agent),
        autonomy=outcome.level,
        sha256=sheet.digest if sheet else None,
        approvals=tuple(map(_need, outcome.terms.approvals)),
        limits=tuple(map(_need, outcome.terms.limits)),
        base=outcome.base,
        settled=settled,
        diagnostics=tuple(map(diagnostic_record, outcome.diagnostics)),
    )


def _need(need: Need) -> NeedRecord:
    constraint = need.scoped.constraint
    return NeedRecord(
        what=need.what,
        constraint=need.scoped.full_id,
        sentence=in_full(constraint),
        paths=need.paths,
    )


def claims_lines(outcome: Outcome) -> Iterator[str]:
    """Yield what is said of accepted or refused claims, below the diagnostics."""
    sheet = outcome.sheet
    if sheet is None:
        return
    for title, needs in (("needs", outcome.terms.approvals), ("within", outcome.terms.limits)):
        for need in needs:
            word = "approval by " if title == "needs" else ""
            where = _some(need.paths)
            yield f"{title}: {word}{safe(need.what)} for {where} ({safe(need.scoped.full_id)})"
    errors = sum(each.severity is Severity.ERROR for each in outcome.diagnostics)
    warnings = sum(each.severity is Severity.WARNING for each in outcome.diagnostics)
    said = ", ".join(
        count(number, noun) for number, noun in ((errors, "error"), (warnings, "warning")) if number
    )
    who = f" of class `{safe(outcome.agent)}`" if outcome.agent else ""
    what = "claims"
    if outcome.settled is not None:
        what = f"{count(len(outcome.settled), 'path')} settled by the claims"
    verdict = "accepted" if outcome.accepted else "refused"
    if outcome.accepted and not outcome.known:
        verdict = "accepted, as far as is known"
    yield f"{what} of `{safe(sheet.claims.task)}`{who}: {verdict}{said and f' ({said})'}"
    yield f"sha256 of the claims: {sheet.digest}"


def _some(paths: tuple[str, ...]) -> str:
    shown = ", ".join(f"`{safe(path)}`" for path in paths[:3])
    return shown if len(paths) < 4 else f"{shown} and {len(paths) - 3} more"
