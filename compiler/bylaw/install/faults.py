"""Why a host's configuration is left as it is."""

from bylaw.diagnostics import Code, Severity, Span
from bylaw.source import Source

BROKEN_HOST_FILE = Code("BL930", "broken-host-file", Severity.ERROR)
UNFIT_HOST_FILE = Code("BL931", "unfit-host-file", Severity.ERROR)
CLOSED_HOST_FILE = Code("BL932", "closed-host-file", Severity.ERROR)
FOREIGN_HOST_FILE = Code("BL933", "foreign-host-file", Severity.ERROR)
EDITED_HOST_FILE = Code("BL934", "edited-host-file", Severity.ERROR)


class InstallError(Exception):
    """A file that cannot be changed: its code, one clause that says why, where, and what to do."""

    def __init__(self, code: Code, message: str, advice: str, span: Span | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.advice = advice
        self.span = span


def span_at(source: Source, line: int, column: int) -> Span | None:
    """Return the span of one character, both counted from 0, or None where there is none."""
    if line >= len(source.lines):
        return None
    length = len(source.lines[line])
    start = min(column, length)
    return source.span(line, start, line, min(start + 1, length))


def decoded(path: str, data: bytes) -> str:
    """Return a file's text with its byte order mark; raise InstallError where it is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start)
        raise InstallError(
            BROKEN_HOST_FILE,
            f"`{path}` is not UTF-8",
            f"save it as UTF-8; the byte that is none stands in line {line + 1}",
        ) from None
