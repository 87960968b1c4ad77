"""What one decision has against the others: contradictions with their witness, and repetitions."""

from collections import Counter
from collections.abc import Iterator, Sequence

from bylaw.diagnostics import Diagnostic, Report, Span
from bylaw.passes.conflict import CONFLICT, NOT_ALL_COMPARED
from bylaw.passes.contradicting_layers import CONTRADICTING_LAYERS
from bylaw.passes.duplicate_constraint import DUPLICATE_CONSTRAINT
from bylaw.passes.permission_mismatch import PERMISSION_MISMATCH
from bylaw.passes.subsumed_constraint import SUBSUMED_CONSTRAINT
from bylaw.preview.impact.model import Clash, Side
from bylaw.preview.workspace import Linked
from bylaw.scope import EMPTY_SCOPE, SHADOWED_SCOPE, scope_decision

_CODES = {
    code.number: code.slug
    for code in (
        CONFLICT,
        NOT_ALL_COMPARED,
        CONTRADICTING_LAYERS,
        DUPLICATE_CONSTRAINT,
        SUBSUMED_CONSTRAINT,
        PERMISSION_MISMATCH,
        EMPTY_SCOPE,
        SHADOWED_SCOPE,
    )
}


def clashes(
    linked: Linked, path: str, before: Linked | None = None, within: Span | None = None
) -> tuple[Clash, ...]:
    """Return the clashes of the decision at `path`, in the order of its sentences.

    `before` are the decisions with the text that lies on disk, where another one is looked at;
    `within` is the sentence that was asked about, where one was.
    """
    old = Counter(map(_said, _found(before, path))) if before is not None else None
    result = []
    for diagnostic in _found(linked, path):
        if within is not None and not _touches(diagnostic, within):
            continue
        new = old is not None and not old[_said(diagnostic)]
        result.append(_clash(diagnostic, linked, path, new))
    return tuple(result)


def _found(linked: Linked, path: str) -> Sequence[Diagnostic]:
    unit = linked.program.by_path.get(path)
    report = Report()
    report.extend(each for each in linked.by_file.get(path, ()) if each.code in _CODES)
    if unit is not None:
        aside = Report()
        scope_decision(unit.decision, linked.context, aside)
        report.extend(each for each in aside if each.code in _CODES)
    return tuple(report)


def _said(diagnostic: Diagnostic) -> tuple[str, str, str | None]:
    """Return what stays of a diagnostic when lines move."""
    return diagnostic.code, diagnostic.message, diagnostic.note


def _touches(diagnostic: Diagnostic, within: Span) -> bool:
    return any(
        span.path == within.path
        and span.offset < within.end_offset
        and within.offset < span.end_offset
        for span, _ in _places(diagnostic)
    )


def _places(diagnostic: Diagnostic) -> Iterator[tuple[Span, str]]:
    if diagnostic.span is not None:
        yield diagnostic.span, ""
    for label in diagnostic.labels:
        yield label.span, label.message


def _clash(diagnostic: Diagnostic, linked: Linked, path: str, new: bool) -> Clash:
    sides = [Side(span, _line(linked, span), says) for span, says in _places(diagnostic)]
    # What is looked at comes first, whichever of the two is the later one.
    sides.sort(key=lambda side: side.span.path != path)
    return Clash(
        diagnostic.code,
        _CODES[diagnostic.code],
        diagnostic.severity,
        diagnostic.message,
        diagnostic.note,
        diagnostic.help,
        tuple(sides),
        new,
    )


def _line(linked: Linked, span: Span) -> str:
    source = linked.source(span.path)
    lines = source.lines if source is not None else []
    return lines[span.line - 1].strip() if 0 < span.line <= len(lines) else ""
