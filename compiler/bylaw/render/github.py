"""Diagnostics as annotations of a GitHub Actions run."""

from collections.abc import Callable, Iterable, Iterator

from bylaw.diagnostics import Diagnostic, Severity
from bylaw.render.characters import safe
from bylaw.render.json import well_formed

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def github(diagnostics: Iterable[Diagnostic], show: Callable[[str], str]) -> Iterator[str]:
    """Yield a workflow command for each diagnostic; `show` makes a path one of the workspace."""
    for diagnostic in diagnostics:
        span = diagnostic.span
        place = (span.line, span.column, span.end_line, span.end_column) if span else None
        yield annotation(
            diagnostic.severity,
            diagnostic.code,
            _body(diagnostic),
            show(span.path) if span else None,
            place,
        )


def annotation(
    severity: Severity,
    title: str,
    body: str,
    path: str | None = None,
    place: tuple[int, int, int, int] | None = None,
) -> str:
    """Return the workflow command of one annotation.

    `place` is line, column, end line and end column, as in a `Span`.
    """
    properties = {"title": safe(title)}
    if path is not None:
        properties["file"] = well_formed(path)
    if path is not None and place is not None:
        line, column, end_line, end_column = place
        properties["line"] = str(line)
        properties["endLine"] = str(end_line)
        # GitHub takes columns only for a place within one line; its last one is inclusive.
        if line == end_line:
            properties["col"] = str(column)
            properties["endColumn"] = str(max(column, end_column - 1))
    fields = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{_COMMANDS[severity]} {fields}::{_data(shown(body))}"


def shown(text: str) -> str:
    """Return a text of several lines, each safe to show."""
    return "\n".join(safe(line) for line in text.split("\n"))


def _body(diagnostic: Diagnostic) -> str:
    lines = [diagnostic.message]
    if diagnostic.note:
        lines[0] += f": {diagnostic.note}"
    lines += [f"{label.span}: {label.message}" for label in diagnostic.labels]
    if diagnostic.help:
        lines.append(f"help: {diagnostic.help}")
    return "\n".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
