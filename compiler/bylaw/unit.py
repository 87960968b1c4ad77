"""Compiling one file of an ADR folder: its bytes in, a unit or a listed file out."""

from collections.abc import Iterator
from datetime import date

from bylaw.adr.discover import Candidate, inspect
from bylaw.adr.links import Link, find_links
from bylaw.adr.metadata import read_metadata
from bylaw.config import Config
from bylaw.diagnostics import Report
from bylaw.ir import ConstraintNode, Decision, Permission, Rejected, Statement, Waiver
from bylaw.lower import lower_document
from bylaw.packing import pack
from bylaw.passes import DECISION_PASSES
from bylaw.passes.compare.buckets import buckets
from bylaw.program import Header, Item, Listed, Row, Unit
from bylaw.source import Source


def compile_unit(source: Source, config: Config) -> Unit | Listed:
    """Compile one file; nothing but its path, its bytes and the configuration matters.

    The result carries the diagnostics that the file alone gives rise to.
    """
    report = Report()
    found = inspect(source, config, report)
    if not isinstance(found, Candidate):
        return Listed(source.path, found, source.digest, tuple(report))
    metadata = read_metadata(found.document, config, report)
    statements = lower_document(found.document, metadata.id, report)
    # Its parts are nodes already; to validate it, pydantic would first build the schema of every
    # shape of the language, which takes as long as a hundred ADRs.
    decision = Decision.model_construct(
        path=source.path, digest=source.digest, statements=statements, **metadata.fields()
    )
    for check in DECISION_PASSES:
        check(decision, report)
    return Unit(
        make_header(decision, find_links(found.document)),
        source.digest,
        tuple(report),
        pack(decision),
    )


def make_header(decision: Decision, links: tuple[Link, ...] = ()) -> Header:
    """Return what other decisions need to know of one."""
    constraints = decision.constraints
    return Header(
        path=decision.path,
        id=decision.id,
        number=decision.number,
        title=decision.title,
        meaning=decision.status.meaning,
        status_raw=decision.status.raw,
        relations=decision.relations,
        rows=tuple(Row(c.id, c.shape, buckets(c)) for c in constraints),
        items=tuple(_item(statement) for statement in decision.statements),
        refers=any(isinstance(s, Waiver | Permission) for s in decision.statements),
        links=links,
        days=tuple(sorted(set(_days(decision)))),
    )


def _item(statement: Statement) -> Item:
    codes = statement.codes if isinstance(statement, Rejected) else ()
    dated = statement.grant if isinstance(statement, Permission) else statement
    first, last = getattr(dated, "from_", None), getattr(dated, "until", None)
    return Item(
        statement.statement,
        getattr(statement, "id", None),
        statement.span.line,
        codes,
        first.isoformat() if first else None,
        last.isoformat() if last else None,
    )


def _days(decision: Decision) -> Iterator[date]:
    """Yield the days on which a statement starts to bind, and those after its last."""
    for statement in decision.statements:
        dated = statement.grant if isinstance(statement, Permission) else statement
        if isinstance(dated, ConstraintNode) and dated.from_:
            yield dated.from_
        # What lasts until the calendar's last day has no day after it.
        if isinstance(dated, ConstraintNode | Waiver) and dated.until and dated.until < date.max:
            yield date.fromordinal(dated.until.toordinal() + 1)
