"""Diagnostics as annotations of a GitHub Actions run."""

from collections.abc import Callable, Iterable, Iterator

from bylaw.diagnostics import Diagnostic, Severity
from bylaw.render.characters import safe

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def github(diagnostics: Iterable[Diagnostic], show: Callable[[str], str]) -> Iterator[str]:
    """Yield a workflow command for each diagnostic; `show` makes a path one of the workspace."""
    for diagnostic in diagnostics:
        properties = {"title": diagnostic.code}
        if span := diagnostic.span:
            properties["file"] = show(span.path)
            properties["line"] = str(span.line)
            properties["endLine"] = str(span.end_line)
            # GitHub takes columns only for a place within one line; its last one is inclusive.
            if span.line == span.end_line:
                properties["col"] = str(span.column)
                properties["endColumn"] = str(max(span.column, span.end_column - 1))
        fields = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
        yield f"::{_COMMANDS[diagnostic.severity]} {fields}::{_data(_body(diagnostic))}"


def _body(diagnostic: Diagnostic) -> str:
    lines = [diagnostic.message]
    if diagnostic.note:
        lines[0] += f": {diagnostic.note}"
    lines += [f"{label.span}: {label.message}" for label in diagnostic.labels]
    if diagnostic.help:
        lines.append(f"help: {diagnostic.help}")
    return "\n".join(safe(line) for text in lines for line in text.split("\n"))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
