"""Judges of what an agent changes and spends: the change shows the one, the record the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from bylaw.check.areas import judged_area
from bylaw.check.change import Change
from bylaw.check.evidence import Evidence, area_test
from bylaw.check.finding import Finding, Violation
from bylaw.check.judges.base import TreeJudge
from bylaw.check.judges.bound import is_bound, record_of, worked_in
from bylaw.check.judges.changes import change_of
from bylaw.check.judges.phrases import either, quoted
from bylaw.globs import matcher
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.ir import AgentChange, AgentLimit
    from bylaw.record.history import Record
    from bylaw.scoped import ScopedConstraint


# --- where -------------------------------------------------------------------------------------


def _change(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    if not is_bound(scoped, evidence):
        return
    constraint = cast("AgentChange", scoped.constraint)
    globs = [glob.text for glob in constraint.globs]
    is_named = matcher(globs)
    for path in worked_in(scoped, evidence):
        if constraint.modal == "must-only":
            if not is_named(path):
                detail = f"an agent changes it outside {either(globs)}"
                yield Violation(scoped.full_id, path, detail, operand=globs[0], found=path)
            continue
        for glob in globs:
            if matcher((glob,))(path):
                detail = f"an agent changes it in {quoted(glob)}"
                yield Violation(scoped.full_id, path, detail, operand=glob, found=path)


# --- how much ----------------------------------------------------------------------------------

_SPENT = {"tokens": "tokens", "minutes": "minutes", "USD": "usd"}


def _limit(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    if not is_bound(scoped, evidence):
        return
    constraint = cast("AgentLimit", scoped.constraint)
    limit, unit = constraint.count, constraint.unit
    if unit in {"files", "lines"}:
        count = _changed(scoped, evidence, unit)
        if count > limit:
            detail = f"an agent changes more than {limit} {unit}"
            yield Violation(scoped.full_id, None, detail, note=f"it changes {_number(count)}")
        return
    if judged_area(scoped, evidence).include and not worked_in(scoped, evidence):
        return
    record = record_of(evidence)
    if unit == "failed attempts":
        yield from _attempts(scoped, record, limit)
        return
    spent = _spent(record, unit, limit)
    if spent > limit:
        detail = f"an agent spends more than {limit} {unit}"
        yield Violation(scoped.full_id, None, detail, note=f"it has spent {_number(spent)}")


def _changed(scoped: ScopedConstraint, evidence: Evidence, unit: str) -> float:
    """Return how many files or lines were changed, by the change or else by the record."""
    if evidence.change is None and evidence.record is not None:
        if unit == "files":
            return len(worked_in(scoped, evidence))
        area = judged_area(scoped, evidence)
        lines = record_of(evidence).lines
        if lines is not None and not (area.include or area.within or area.exclude):
            return lines
    change = change_of(evidence)
    is_in_area = area_test(judged_area(scoped, evidence))
    if unit == "files":
        return sum(map(is_in_area, _files(change)))
    return sum(number for path, number in change.counts.items() if is_in_area(path))


def _files(change: Change) -> set[str]:
    """Return the files that a change touches; one that was renamed is one."""
    return {*change.added, *change.modified, *change.deleted, *change.renamed}


def _spent(record: Record, unit: str, limit: int) -> float:
    spent = record.spent(_SPENT[unit])
    if spent is not None:
        return spent
    if unit == "minutes":
        # Nobody can have worked for longer than it lasted.
        elapsed = [session.elapsed for session in record.sessions]
        if elapsed and None not in elapsed and (total := sum(filter(None, elapsed))) <= limit:
            return total
    raise UnevaluableError(
        f"the record does not say how many {unit} were spent",
        help="let whoever runs the agent record it, as an event `spent`",
    )


def _attempts(scoped: ScopedConstraint, record: Record, limit: int) -> Iterator[Finding]:
    """Find that work went on after so many failed attempts: a change, or one more that failed."""
    failed = 0
    for deed in record.deeds("check", "attempt", "write", "create", "remove"):
        is_attempt = deed.sort in ("check", "attempt")
        if failed >= limit and (deed.failed or not is_attempt):
            detail = f"an agent goes on after {limit} failed attempts"
            yield Violation(scoped.full_id, None, detail, note=_went_on(record, limit))
            return
        failed += bool(is_attempt and deed.failed)


def _went_on(record: Record, limit: int) -> str:
    count = record.failed_attempts
    return f"{count} have failed" if count > limit else "it has changed files since"


def _number(amount: float) -> str:
    return f"{amount:,.2f}".rstrip("0").rstrip(".").replace(",", "")


CHANGE = TreeJudge(_change)
LIMIT = TreeJudge(_limit)
