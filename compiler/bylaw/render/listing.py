"""Decisions and their constraints as they are listed, for people and as JSON."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bylaw.ir import ConstraintNode, Disposition, Kind, Meaning, Modal, Strength
from bylaw.program import Program, Unit
from bylaw.render.json import well_formed


class _Output(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DecisionRecord(_Output):
    """A decision and how it stands."""

    path: str = Field(description="Relative to the folder of the configuration, with `/`.")
    id: str
    number: int | None
    title: str
    status: Meaning
    status_raw: str | None = Field(description="As the author wrote it.")
    reason: str | None = Field(description="Why it is not in force, where its own status is not.")
    superseded_by: str | None = Field(description="The path of its successor.")
    constraints: int = Field(description="How many constraints it states.")


class ConstraintRecord(_Output):
    """A constraint; `id` is the full one that artifacts and waivers use."""

    id: str
    decision: str
    kind: Kind
    shape: str
    severity: Strength
    modal: Modal
    sentence: str
    path: str
    line: int
    in_force: bool = Field(description="On the day, by its decision and by `from` and `until`.")
    status: Meaning = Field(description="The decision's.")
    from_: date | None = Field(alias="from")
    until: date | None
    for_new_code: bool


class FileRecord(_Output):
    """A file of an ADR folder that is no decision, and what it is instead."""

    path: str
    disposition: Disposition


class ListOutput(_Output):
    """The output of `bylaw list --format json`."""

    schema_version: Literal[1] = 1
    as_of: date
    policy: str = Field(description="The policy version: a digest of what is in force.")
    decisions: tuple[DecisionRecord, ...]
    constraints: tuple[ConstraintRecord, ...]
    other_files: tuple[FileRecord, ...]


def decision_record(program: Program, unit: Unit) -> DecisionRecord:
    """Return a decision as it is listed."""
    header = unit.header
    standing = program.standing[header.path]
    return DecisionRecord(
        path=well_formed(header.path),
        id=well_formed(header.id),
        number=header.number,
        title=well_formed(header.title),
        status=standing.state,
        status_raw=well_formed(header.status_raw),
        reason=well_formed(standing.reason),
        superseded_by=well_formed(standing.superseded_by),
        constraints=len(header.rows),
    )


def constraint_records(program: Program, unit: Unit) -> Iterator[ConstraintRecord]:
    """Yield the constraints of a decision as they are listed."""
    if not unit.header.rows:
        return
    for constraint in unit.decision.constraints:
        yield constraint_record(program, unit, constraint)


def constraint_record(program: Program, unit: Unit, constraint: ConstraintNode) -> ConstraintRecord:
    """Return a constraint as it is listed."""
    header = unit.header
    begun = constraint.from_ is None or constraint.from_ <= program.as_of
    ended = constraint.until is not None and constraint.until < program.as_of
    record: dict[str, object] = {
        "id": f"{header.id}/{constraint.id}",
        "decision": header.id,
        "kind": getattr(constraint, "kind", None),
        "shape": getattr(constraint, "shape", None),
        "severity": constraint.severity,
        "modal": constraint.modal,
        "sentence": constraint.sentence,
        "path": header.path,
        "line": constraint.span.line,
        "in_force": program.in_force(header.path) and begun and not ended,
        "status": program.standing[header.path].state,
        "from": constraint.from_,
        "until": constraint.until,
        "for_new_code": constraint.for_new_code,
    }
    return ConstraintRecord.model_validate(well_formed(record))


class FidelityRecord(_Output):
    """How truly one target says a constraint."""

    level: Literal["exact", "approximate", "unsupported"]
    reason: str | None
    errs: Literal["misses", "over-reports", "both"] | None
    rules: tuple[str, ...]


class GoverningRecord(_Output):
    """A constraint that governs a path, its decision's title, and each target's answer."""

    constraint: ConstraintRecord
    title: str
    targets: dict[str, FidelityRecord]


class DescribeOutput(_Output):
    """The output of `bylaw describe --format json`."""

    schema_version: Literal[1] = 1
    path: str
    as_of: date
    constraints: tuple[GoverningRecord, ...]
