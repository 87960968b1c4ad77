"""What the tests of the front end share: reading one invented file from its text."""

from dataclasses import dataclass

from bylaw.adr.discover import Candidate, inspect
from bylaw.adr.metadata import Metadata, read_metadata
from bylaw.config import Config
from bylaw.diagnostics import Diagnostic, Report
from bylaw.ir import Disposition
from bylaw.source import Source

DECISION = "\n## Context\n\nBoats drift.\n\n## Decision\n\nWe moor them.\n"


@dataclass(frozen=True)
class Reading:
    """A file as the front end sees it; `metadata` only where it is a decision."""

    source: Source
    disposition: Disposition
    found: Metadata | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def metadata(self) -> Metadata:
        assert self.found is not None, self.disposition
        return self.found

    @property
    def codes(self) -> list[str]:
        return [d.code for d in self.diagnostics]

    @property
    def meaning(self) -> str:
        return self.metadata.status.meaning

    def diagnostic(self, code: str) -> Diagnostic:
        (only,) = [d for d in self.diagnostics if d.code == code]
        return only

    def pointed(self, code: str) -> str:
        """Return the bytes a diagnostic points at, as text."""
        span = self.diagnostic(code).span
        assert span is not None
        return self.source.data[span.offset : span.end_offset].decode()


def read(
    text: str | bytes, path: str = "docs/adr/0001-moor-boats.md", config: Config | None = None
) -> Reading:
    """Inspect a file and read its metadata."""
    data = text if isinstance(text, bytes) else text.encode()
    config = config or Config()
    report = Report()
    source = Source(path, data)
    found = inspect(source, config, report)
    if not isinstance(found, Candidate):
        return Reading(source, found, None, tuple(report))
    metadata = read_metadata(found.document, config, report)
    return Reading(source, "decision", metadata, tuple(report))
