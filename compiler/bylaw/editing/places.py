"""What stands at a place of an ADR: a constraint, a reference to one, a decision."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath

from bylaw.diagnostics import Span
from bylaw.editing.linked import Linked
from bylaw.editing.model import Position
from bylaw.ir import ConstraintNode, Guidance, Permission, Statement, Waiver
from bylaw.program import Unit

Range = tuple[Position, Position]

_FULL_ID = re.compile(r"(?<![\w/.-])[\w.-]*\w/[a-z][a-z0-9-]+(?![\w/-])")


def range_of(span: Span) -> Range:
    """Return a span's range, counted from 0."""
    return (span.line - 1, span.column - 1), (span.end_line - 1, span.end_column - 1)


def holds(span: Span | None, path: str, at: Position) -> bool:
    """Tell whether a place lies in a span, its end included: a caret stands behind a character."""
    if span is None or span.path != path:
        return False
    start, end = range_of(span)
    return start <= at <= end


@dataclass(frozen=True, slots=True)
class Place:
    """A range of a file, and in it what stands for the whole."""

    path: str
    span: Range
    selection: Range


@dataclass(frozen=True, slots=True)
class Named:
    """A constraint, or with an empty id a decision, and where it is named at the caret."""

    unit: Unit
    id: str
    at: Range


def statement_at(unit: Unit, at: Position) -> Statement | None:
    """Return the statement of a decision that holds a place."""
    found = statement_in(unit, (at, at))
    return found if found is not None and holds(found.span, unit.header.path, at) else None


def statement_in(unit: Unit, span: Range) -> Statement | None:
    """Return the first statement of a decision that stands on the lines of a range."""
    first, last = span[0][0] + 1, span[1][0] + 1
    # Most places of most files are in no statement, and the nodes need not be unpacked.
    if not any(item.line <= last for item in unit.header.items):
        return None
    return next(
        (s for s in unit.decision.statements if s.span.line <= last and s.span.end_line >= first),
        None,
    )


def find_constraint(linked: Linked, decision: str, identity: str) -> Unit | None:
    """Return the unit that has a constraint."""
    for unit in linked.program.by_id.get(decision, ()):
        if any(row.id == identity for row in unit.header.rows):
            return unit
    return None


def named_at(linked: Linked, path: str, at: Position) -> Named | None:
    """Return what is named at a place: by a waiver or a permission, a relation, a link, an id."""
    unit = linked.program.by_path.get(path)
    if unit is not None:
        statement = statement_at(unit, at)
        found = _in_statement(linked, unit, statement, at)
        if found is not None:
            return found
        for relation in linked.program.relations.get(path, ()):
            if relation.target and relation.span and holds(relation.span, path, at):
                return Named(linked.program.by_path[relation.target], "", range_of(relation.span))
        for link in unit.header.links:
            if holds(link.span, path, at):
                return _linked(linked, path, link.path, range_of(link.span))
        if statement is not None:
            return None
    return _written(linked, path, at)


def _in_statement(
    linked: Linked, unit: Unit, statement: Statement | None, at: Position
) -> Named | None:
    if isinstance(statement, Waiver | Permission):
        reference = statement.waives if isinstance(statement, Waiver) else statement.despite
        if holds(reference.span, unit.header.path, at):
            decision = reference.decision or unit.header.id
            target = find_constraint(linked, decision, reference.id)
            return Named(target, reference.id, range_of(reference.span)) if target else None
    if isinstance(statement, ConstraintNode):
        return Named(unit, statement.id, range_of(statement.id_span or statement.span))
    return None


def _linked(linked: Linked, path: str, address: str, at: Range) -> Named | None:
    target = normpath(join(dirname(path), address))
    for candidate in (target, f"{target}.md", f"{target}/README.md", f"{target}/index.md"):
        unit = linked.program.by_path.get(candidate)
        if unit is not None:
            return Named(unit, "", at)
    return None


def _written(linked: Linked, path: str, at: Position) -> Named | None:
    """Return the constraint whose full id stands in plain text."""
    source = linked.source(path)
    if source is None or not 0 <= at[0] < len(source.lines):
        return None
    for match in _FULL_ID.finditer(source.lines[at[0]][:10_000]):
        if match.start() <= at[1] <= match.end():
            decision, _, identity = match[0].rpartition("/")
            unit = find_constraint(linked, decision, identity)
            if unit is not None:
                return Named(unit, identity, ((at[0], match.start()), (at[0], match.end())))
    return None


# --- where things are --------------------------------------------------------------------------


def definition(linked: Linked, path: str, at: Position) -> tuple[Place, Range] | None:
    """Return where that stands which is named at a place, and where it is named."""
    named = named_at(linked, path, at)
    return None if named is None else (place_of(named.unit, named.id), named.at)


def place_of(unit: Unit, identity: str) -> Place:
    """Return where a constraint stands, or, without an id, the title of its decision."""
    path, decision = unit.header.path, unit.decision
    for statement in decision.statements if identity else ():
        if isinstance(statement, ConstraintNode | Guidance) and statement.id == identity:
            named = getattr(statement, "id_span", None) or statement.span
            return Place(path, range_of(statement.span), range_of(named))
    if decision.title_span is not None:
        span = range_of(decision.title_span)
        return Place(path, span, span)
    return Place(path, ((0, 0), (0, 0)), ((0, 0), (0, 0)))


def references(linked: Linked, path: str, at: Position, *, declared: bool) -> tuple[Place, ...]:
    """Return where that is named which stands at a place; with `declared` also where it stands.

    For a constraint these are waivers and permissions, for a decision relations and links.
    """
    named = named_at(linked, path, at)
    unit = linked.program.by_path.get(path)
    if named is None and unit is not None and holds(unit.decision.title_span, path, at):
        named = Named(unit, "", ((0, 0), (0, 0)))
    if named is None:
        return ()
    found = [place_of(named.unit, named.id)] if declared else []
    some = _constraint_uses(linked, named) if named.id else _decision_uses(linked, named)
    found += (Place(span.path, range_of(span), range_of(span)) for span in some)
    return tuple(dict.fromkeys(found))


def _constraint_uses(linked: Linked, named: Named) -> Iterator[Span]:
    for unit in linked.program.units:
        if not unit.header.refers:
            continue
        for statement in unit.decision.statements:
            if isinstance(statement, Waiver | Permission):
                waives = isinstance(statement, Waiver)
                reference = statement.waives if waives else statement.despite  # type: ignore[union-attr]
                decision = reference.decision or unit.header.id
                if (decision, reference.id) == (named.unit.header.id, named.id):
                    yield reference.span


def _decision_uses(linked: Linked, named: Named) -> Iterator[Span]:
    target = named.unit.header.path
    for path, relations in sorted(linked.program.relations.items()):
        for relation in relations:
            if relation.target == target and relation.span is not None and path != target:
                yield relation.span
    for unit in linked.program.units:
        for link in unit.header.links:
            if unit.header.path != target:
                there = _linked(linked, unit.header.path, link.path, named.at)
                if there is not None and there.unit is named.unit:
                    yield link.span
