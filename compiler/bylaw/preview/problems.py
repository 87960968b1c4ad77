"""What is wrong with an ADR, as a page shows it: places as browsers and editors count them."""

import re
from dataclasses import asdict, dataclass, replace
from typing import Any

from bylaw.diagnostics import Diagnostic, Severity, Span
from bylaw.editing.nearest import Nearest, nearest
from bylaw.preview.model import Preview
from bylaw.preview.positions import Position, places
from bylaw.preview.workspace import Linked
from bylaw.render.snippet import snippet
from bylaw.render.text import MOST_SHOWN, plain
from bylaw.source import Source

_WIDTH = 96
"""Cells to which the lines of a snippet are trimmed."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A diagnostic in the words and places of a page.

    `start` and `end` are None where it stands in no place of the file shown; `path` is then the
    other file, if there is one.
    """

    code: str
    severity: Severity
    message: str
    note: str | None
    help: str | None
    path: str | None
    start: Position | None
    end: Position | None
    snippet: str
    short: str | None = None
    """What is said behind the line, where message and note would be cut before their verb."""
    nearest: Nearest | None = None
    """What comes nearest to a sentence that is none."""

    def as_json(self) -> dict[str, Any]:
        """Return the problem as a script takes it."""
        return {**asdict(self), "severity": str(self.severity)}


def problems_of(linked: Linked, preview: Preview) -> tuple[Problem, ...]:
    """Return what is wrong with the file of a preview, errors first where there is very much."""
    lines = preview.text.split("\n")
    shown = sorted(preview.diagnostics, key=_rank)[:MOST_SHOWN]
    kept = set(map(id, shown))
    source = linked.source(preview.path)
    near = nearest(source, shown) if source is not None else {}
    return tuple(
        replace(problem_of(linked, each, preview.path, lines), nearest=near.get(each))
        for each in preview.diagnostics
        if id(each) in kept
    )


def _rank(diagnostic: Diagnostic) -> int:
    return list(Severity).index(diagnostic.severity)


def problem_of(linked: Linked, diagnostic: Diagnostic, path: str, lines: list[str]) -> Problem:
    """Return a diagnostic as it is shown beside the file at `path`, whose lines are given."""

    def read(other: str) -> Source | None:
        return linked.source(other)

    rows = snippet(diagnostic, read, plain, _WIDTH, str)
    span = _here(diagnostic, path)
    start, end = (None, None) if span is None else places(span, lines)
    return Problem(
        diagnostic.code,
        diagnostic.severity,
        diagnostic.message,
        diagnostic.note,
        diagnostic.help,
        diagnostic.span.path if diagnostic.span else None,
        start,
        end,
        "\n".join(rows),
        _short(diagnostic, path),
    )


_CLASH = re.compile("`(?P<late>[^`]+)` and `(?P<early>[^`]+)` contradict each other (?P<on>.*)")


def _short(diagnostic: Diagnostic, path: str) -> str | None:
    """Return a conflict in the words of the one of both that stands in a file."""
    found = _CLASH.fullmatch(diagnostic.message)
    if found is None:
        return None
    is_late = diagnostic.span is not None and diagnostic.span.path == path
    return f"contradicts `{found['early' if is_late else 'late']}` {found['on']}"


def _here(diagnostic: Diagnostic, path: str) -> Span | None:
    """Return where a diagnostic, or else a label of it, stands in one file."""
    spans = (diagnostic.span, *(label.span for label in diagnostic.labels))
    return next((span for span in spans if span is not None and span.path == path), None)
