"""Diagnostics as JSON, and the model from which its schema is published."""

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bylaw.diagnostics import Diagnostic, Severity, Span


class _Output(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(_Output):
    """A half-open range; lines and columns (code points) count from 1, offsets are bytes."""

    path: str = Field(description="Relative to the folder of the configuration, with `/`.")
    line: int
    column: int
    offset: int
    end_line: int
    end_column: int
    end_offset: int


class LabelledPlace(_Output):
    """A second place, and why it matters."""

    place: Place
    message: str


class DiagnosticRecord(_Output):
    """One fault."""

    code: str = Field(pattern=r"^BL\d{3}$")
    severity: Severity
    message: str
    place: Place | None
    note: str | None = Field(description="What stands beside the caret.")
    labels: tuple[LabelledPlace, ...]
    help: str | None = Field(description="What to do.")


class Summary(_Output):
    """How many there are of each severity, and how many ADRs were read."""

    errors: int
    warnings: int
    notes: int
    adrs: int | None


class DiagnosticsOutput(_Output):
    """The output of `bylaw build --format json`."""

    schema_version: Literal[1] = 1
    diagnostics: tuple[DiagnosticRecord, ...]
    summary: Summary


def diagnostics_output(diagnostics: Iterable[Diagnostic], adrs: int | None) -> DiagnosticsOutput:
    """Return the diagnostics as the model that is printed."""
    diagnostics = list(diagnostics)
    counts = [d.severity for d in diagnostics]
    return DiagnosticsOutput(
        diagnostics=tuple(diagnostic_record(diagnostic) for diagnostic in diagnostics),
        summary=Summary(
            errors=counts.count(Severity.ERROR),
            warnings=counts.count(Severity.WARNING),
            notes=counts.count(Severity.NOTE),
            adrs=adrs,
        ),
    )


def dump(output: BaseModel) -> str:
    """Return a model as indented JSON, with characters as they are."""
    return output.model_dump_json(by_alias=True, indent=2)


def well_formed(value: Any) -> Any:
    """Return a value whose strings hold no lone surrogates, which no reader of JSON takes."""
    if isinstance(value, str):
        return value.encode("utf-8", errors="replace").decode() if not value.isascii() else value
    if isinstance(value, dict):
        return {well_formed(key): well_formed(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [well_formed(each) for each in value]
    return value


def place_record(span: Span) -> Place:
    """Return a span as it is printed."""
    return Place(
        path=well_formed(span.path),
        line=span.line,
        column=span.column,
        offset=span.offset,
        end_line=span.end_line,
        end_column=span.end_column,
        end_offset=span.end_offset,
    )


def diagnostic_record(diagnostic: Diagnostic) -> DiagnosticRecord:
    """Return a diagnostic as it is printed."""
    return DiagnosticRecord(
        code=diagnostic.code,
        severity=diagnostic.severity,
        message=well_formed(diagnostic.message),
        place=place_record(diagnostic.span) if diagnostic.span else None,
        note=well_formed(diagnostic.note),
        labels=tuple(
            LabelledPlace(place=place_record(label.span), message=well_formed(label.message))
            for label in diagnostic.labels
        ),
        help=well_formed(diagnostic.help),
    )
