"""Proofs as JSON, and the model from which its schema is published."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bylaw.prove.case import Case, Source, Verdict
from bylaw.prove.proof import Comparison, Difference, Fault, Proof, Proofs, Status
from bylaw.render.json import DiagnosticRecord, Place, diagnostic_record, dump, place_record


class _Output(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CellRecord(_Output):
    """One engine on one constraint."""

    status: Status = Field(
        description="`approximate` and `unsupported` are what the artifact says of itself."
    )
    reason: str | None
    violates: int = Field(description="Programs that violate, which the engine was asked about.")
    complies: int = Field(description="Programs that comply.")


class ProofRecord(_Output):
    """One constraint and how each engine fares with it."""

    constraint: str = Field(description="The full id: decision, `/`, id.")
    decision: str
    sentence: str
    adr: Place = Field(description="Where the sentence stands.")
    programs: int
    examples: int = Field(description="How many of the programs are the author's own.")
    engines: dict[str, CellRecord] = Field(description="By name; `evaluator` is bylaw's own.")


class CaseRecord(_Output):
    """A program, and what has to be said of it."""

    title: str
    source: Source
    verdict: Verdict
    path: str = Field(description="The file that the verdict is of.")
    files: dict[str, str] = Field(description="All files of the program, by path.")
    lines: tuple[int, ...] | None = Field(
        description="The lines to report, 0 for the file; null where any will do."
    )
    adr: Place = Field(description="Where the example or the sentence stands.")


class FaultRecord(_Output):
    """One way in which an engine does not say what it should."""

    code: str = Field(pattern=r"^BL\d{3}$")
    status: Status
    constraint: str
    engine: str
    message: str
    help: str | None
    case: CaseRecord | None
    said: dict[str, tuple[int, ...] | None] = Field(
        description="The lines that each engine reports, 0 for the file; null if it could not say."
    )


class ComparedRecord(_Output):
    """One engine against the evaluator on one constraint: how many lines each reports."""

    constraint: str
    engine: str
    level: str = Field(description="What the artifact says of itself: `exact` or `approximate`.")
    both: int
    evaluator_only: int
    engine_only: int
    announced: int = Field(description="Differences of the kind that the artifact announces.")
    fault: str | None = Field(description="Why the engine could not check the constraint.")


class DifferenceRecord(_Output):
    """A line that only one of two reports."""

    constraint: str
    engine: str
    only: Literal["evaluator", "engine"]
    path: str
    line: int | None = Field(description="Null where it is the whole file.")
    announced: bool
    why: str | None
    detail: str | None


class ComparisonRecord(_Output):
    """All engines on a real tree."""

    folder: str
    files: int
    compared: tuple[ComparedRecord, ...]
    differences: tuple[DifferenceRecord, ...]
    unread: dict[str, int] = Field(
        description="By engine, files with violations that it did not look at."
    )
    absent: tuple[str, ...]
    not_evaluated: int


class ProofSummary(_Output):
    """Counts of cells by status, and the exit status."""

    constraints: int
    programs: int
    cells: dict[str, int]
    status: int


class ProveOutput(_Output):
    """The output of `bylaw prove --format json`."""

    schema_version: Literal[1] = 1
    as_of: date | None
    engines: dict[str, str] = Field(description="The engines' own names, by target.")
    proofs: tuple[ProofRecord, ...]
    faults: tuple[FaultRecord, ...]
    comparison: ComparisonRecord | None
    diagnostics: tuple[DiagnosticRecord, ...]
    summary: ProofSummary


def json(proofs: Proofs) -> str:
    """Return a run as JSON."""
    return dump(prove_output(proofs))


def prove_output(proofs: Proofs) -> ProveOutput:
    """Return what is printed of a run."""
    cells: dict[str, int] = {}
    for proof in proofs.proofs:
        for cell in proof.cells.values():
            cells[cell.status] = cells.get(cell.status, 0) + 1
    return ProveOutput(
        as_of=proofs.as_of,
        engines=dict(proofs.engines),
        proofs=tuple(map(_proof, proofs.proofs)),
        faults=tuple(map(_fault, proofs.faults)),
        comparison=_comparison(proofs.comparison) if proofs.comparison is not None else None,
        diagnostics=tuple(map(diagnostic_record, proofs.diagnostics)),
        summary=ProofSummary(
            constraints=len(proofs.proofs),
            programs=sum(len(proof.cases) for proof in proofs.proofs),
            cells=dict(sorted(cells.items())),
            status=proofs.status(),
        ),
    )


def _proof(proof: Proof) -> ProofRecord:
    constraint = proof.scoped.constraint
    return ProofRecord(
        constraint=proof.scoped.full_id,
        decision=proof.decision,
        sentence=constraint.sentence,
        adr=place_record(constraint.span),
        programs=len(proof.cases),
        examples=sum(case.source == "example" for case in proof.cases),
        engines={
            target: CellRecord(
                status=cell.status,
                reason=cell.reason,
                violates=cell.violates,
                complies=cell.complies,
            )
            for target, cell in proof.cells.items()
        },
    )


def _fault(fault: Fault) -> FaultRecord:
    return FaultRecord(
        code=fault.code.number,
        status=fault.status,
        constraint=fault.constraint,
        engine=fault.engine,
        message=fault.message,
        help=fault.help,
        case=_case(fault.case) if fault.case is not None else None,
        said={t: None if lines is None else tuple(lines) for t, lines in fault.said.items()},
    )


def _case(case: Case) -> CaseRecord:
    lines: Iterable[int] | None = case.lines
    if lines is None and case.line is not None:
        lines = (case.line,)
    return CaseRecord(
        title=case.title,
        source=case.source,
        verdict=case.verdict,
        path=case.path,
        files={path: data.decode("utf-8", "replace") for path, data in case.files.items()},
        lines=None if lines is None else tuple(sorted(lines)),
        adr=place_record(case.span),
    )


def _comparison(found: Comparison) -> ComparisonRecord:
    return ComparisonRecord(
        folder=found.folder,
        files=found.files,
        compared=tuple(
            ComparedRecord(
                constraint=row.constraint,
                engine=row.engine,
                level=row.level,
                both=row.both,
                evaluator_only=row.evaluator_only,
                engine_only=row.engine_only,
                announced=row.announced,
                fault=row.fault,
            )
            for row in found.compared
        ),
        differences=tuple(map(_difference, found.differences)),
        unread=dict(found.unread),
        absent=found.absent,
        not_evaluated=found.not_evaluated,
    )


def _difference(each: Difference) -> DifferenceRecord:
    return DifferenceRecord(
        constraint=each.constraint,
        engine=each.engine,
        only=each.only,
        path=each.path,
        line=each.place.line if each.place else None,
        announced=each.announced,
        why=each.why,
        detail=each.detail,
    )
