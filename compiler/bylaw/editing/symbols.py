"""The outline of an ADR: its sections, and the statements in them."""

from dataclasses import dataclass, field
from typing import Literal

from bylaw.adr.markdown import Heading, parse_blocks
from bylaw.editing.linked import Linked
from bylaw.editing.places import Range, range_of
from bylaw.source import Source


@dataclass(frozen=True, slots=True)
class Symbol:
    """A section or a statement: what it is called, its range, and what in it names it."""

    name: str
    detail: str
    kind: Literal["section", "constraint", "permission", "waiver", "guidance", "note", "rejected"]
    span: Range
    selection: Range
    children: list["Symbol"] = field(default_factory=list)


def symbols(linked: Linked, path: str) -> tuple[Symbol, ...]:
    """Return the outline of the ADR at a path, as it is nested."""
    source = linked.source(path)
    if source is None or source.undecodable is not None:
        return ()
    top: list[Symbol] = []
    above: list[tuple[Heading, Symbol]] = []
    document = parse_blocks(source)
    for heading in document.headings:
        while above and heading.index >= above[-1][0].end:
            above.pop()
        last = document.tokens[heading.end] if heading.end < len(document.tokens) else None
        end = last.map[0] if last is not None and last.map else len(source.lines)
        symbol = _section(source, heading, max(end - 1, heading.line))
        (above[-1][1].children if above else top).append(symbol)
        above.append((heading, symbol))
    unit = linked.program.by_path.get(path)
    for statement in unit.decision.statements if unit is not None else ():
        span = range_of(statement.span)
        id_span = getattr(statement, "id_span", None)
        name = getattr(statement, "id", None) or statement.statement
        detail = statement.sentence[:200]
        selection = range_of(id_span) if id_span is not None else span
        found = Symbol(name, detail, statement.statement, span, selection)
        _holding(top, found).append(found)
    return tuple(top)


def _section(source: Source, heading: Heading, last: int) -> Symbol:
    while last > heading.line and not source.lines[last].strip():
        last -= 1
    line = source.lines[heading.line]
    start = (heading.line, len(line) - len(line.lstrip()))
    selection = (start, (heading.line, len(line.rstrip())))
    end = (last, len(source.lines[last]))
    name = heading.text or "(without a title)"
    return Symbol(name, "", "section", (start, max(end, selection[1])), selection)


def _holding(symbols_: list[Symbol], wanted: Symbol) -> list[Symbol]:
    """Return the children of the innermost section that holds a statement."""
    for each in symbols_:
        inside = each.kind == "section" and each.span[0] <= wanted.span[0] <= each.span[1]
        if inside:
            return _holding(each.children, wanted)
    return symbols_


def folds(linked: Linked, path: str) -> tuple[tuple[int, int], ...]:
    """Return the lines from which to which sections can be folded."""
    found: list[tuple[int, int]] = []
    pending = list(symbols(linked, path))
    while pending:
        each = pending.pop()
        pending += each.children
        if each.span[1][0] > each.span[0][0]:
            found.append((each.span[0][0], each.span[1][0]))
    return tuple(sorted(found))
