"""Places in a source file, and what the compiler has to say about them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a diagnostic weighs: an error stops the build, a warning only under `--strict`."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range in one file.

    Lines and columns count from 1; columns are Unicode code points (a tab is one, a byte order
    mark is none). Offsets are bytes of the file as it lies on disk. `end_column` and
    `end_offset` are one past the last character.
    """

    path: str
    line: int
    column: int
    offset: int
    end_line: int
    end_column: int
    end_offset: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"

    def __reduce__(self) -> tuple[type["Span"], tuple[str, int, int, int, int, int, int]]:
        # What a frozen dataclass does by itself asks for its fields one by one: half of packing.
        return Span, (
            self.path,
            self.line,
            self.column,
            self.offset,
            self.end_line,
            self.end_column,
            self.end_offset,
        )

    def to(self, other: "Span") -> "Span":
        """Return the range from the start of this span to the end of `other`."""
        return Span(
            self.path,
            self.line,
            self.column,
            self.offset,
            other.end_line,
            other.end_column,
            other.end_offset,
        )


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of diagnostic: `BL` and three digits by stage, never reused, and a slug.

    Each code is a module-level constant beside the code that raises it and has a page in
    `docs/diagnostics/`.
    """

    number: str
    slug: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that explains a diagnostic, with a few words on why."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault in an ADR, the configuration or the command line.

    `message` is one lower-case clause without a full stop, the user's text in backticks; `note`
    is what stands beside the caret; `help` says what to do.
    """

    code: str
    severity: Severity
    message: str
    span: Span | None = None
    note: str | None = None
    labels: tuple[Label, ...] = ()
    help: str | None = None

    @property
    def sort_key(self) -> tuple[str, int, str, str]:
        """Order by place, then by code: the same whatever order the faults were found in."""
        path, offset = (self.span.path, self.span.offset) if self.span else ("", -1)
        return path, offset, self.code, self.message


class Report:
    """Collects diagnostics, so that one run says all there is to say."""

    def __init__(self) -> None:
        self._diagnostics: list[Diagnostic] = []

    def add(
        self,
        code: Code,
        message: str,
        span: Span | None = None,
        *,
        note: str | None = None,
        labels: Iterable[Label] = (),
        help: str | None = None,  # noqa: A002 - the word of the design, and of every diagnostic
        severity: Severity | None = None,
    ) -> None:
        """Record one diagnostic; `severity` replaces the code's own."""
        self._diagnostics.append(
            Diagnostic(
                code.number, severity or code.severity, message, span, note, tuple(labels), help
            )
        )

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Take over diagnostics that another stage has made."""
        self._diagnostics.extend(diagnostics)

    def __iter__(self) -> Iterator[Diagnostic]:
        """Yield each distinct diagnostic once, by place."""
        return iter(sorted(dict.fromkeys(self._diagnostics), key=lambda d: d.sort_key))

    def __len__(self) -> int:
        return len(self._diagnostics)

    @property
    def has_errors(self) -> bool:
        """Whether any diagnostic is an error."""
        return any(d.severity is Severity.ERROR for d in self._diagnostics)
