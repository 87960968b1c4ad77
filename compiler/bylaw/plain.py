"""Headers and diagnostics as plain tuples, the form in which the cache keeps them.

`marshal` reads tuples ten times faster than `pickle` reads objects, and cannot run code.
"""

from datetime import date
from typing import Any

from bylaw.adr.links import Link
from bylaw.diagnostics import Diagnostic, Label, Severity, Span
from bylaw.ir import Relation
from bylaw.program import Header, Item, Row

Plain = tuple[Any, ...]


def flatten_span(span: Span | None) -> Plain | None:
    """Return a span as a tuple."""
    if span is None:
        return None
    return (
        span.path,
        span.line,
        span.column,
        span.offset,
        span.end_line,
        span.end_column,
        span.end_offset,
    )


def flatten_diagnostics(diagnostics: tuple[Diagnostic, ...]) -> Plain:
    """Return diagnostics as tuples."""
    return tuple(
        (
            d.code,
            str(d.severity),
            d.message,
            flatten_span(d.span),
            d.note,
            tuple((flatten_span(label.span), label.message) for label in d.labels),
            d.help,
        )
        for d in diagnostics
    )


def restore_diagnostics(plain: Plain) -> tuple[Diagnostic, ...]:
    """Undo `flatten_diagnostics`."""
    return tuple(
        Diagnostic(
            code,
            Severity(severity),
            message,
            Span(*span) if span else None,
            note,
            tuple(Label(Span(*place), text) for place, text in labels),
            advice,
        )
        for code, severity, message, span, note, labels, advice in plain
    )


def flatten_header(header: Header) -> Plain:
    """Return a header as a tuple."""
    return (
        header.path,
        header.id,
        header.number,
        header.title,
        header.meaning,
        header.status_raw,
        tuple((r.kind, r.raw, r.target, r.partial, flatten_span(r.span)) for r in header.relations),
        tuple((row.id, row.shape, row.buckets) for row in header.rows),
        tuple(tuple(item) for item in header.items),
        header.refers,
        tuple((link.path, flatten_span(link.span)) for link in header.links),
        tuple(day.isoformat() for day in header.days),
    )


def restore_header(plain: Plain) -> Header:
    """Undo `flatten_header`."""
    path, identity, number, title, meaning, raw, relations, rows, items, refers, links, days = plain
    return Header(
        path,
        identity,
        number,
        title,
        meaning,
        raw,
        tuple(
            Relation(kind=kind, raw=text, target=target, partial=partial, span=Span(*span))
            for kind, text, target, partial, span in relations
        ),
        tuple(map(Row._make, rows)),
        tuple(map(Item._make, items)),
        refers,
        tuple(Link(target, Span(*span)) for target, span in links),
        tuple(date.fromisoformat(day) for day in days),
    )
