"""What can be done about a place of an ADR: edits that are offered, never made by themselves."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bylaw.diagnostics import Diagnostic
from bylaw.editing.additions import Verdict, example_edit, possible_examples, waiver_edit
from bylaw.editing.fixes import fixes
from bylaw.editing.linked import Linked
from bylaw.editing.model import Edit, Position
from bylaw.editing.places import Range, range_of, statement_in
from bylaw.fmt import missing_ids
from bylaw.ir import ConstraintNode
from bylaw.source import Source

Group = Literal["quickfix", "refactor"]
Places = Callable[[str], Sequence[str] | None]
"""By a constraint's full id, the paths that violate it today; None where that is not known."""


@dataclass(frozen=True, slots=True)
class Action:
    """Edits under one title; those of a `quickfix` mend the diagnostic."""

    title: str
    group: Group
    edits: tuple[Edit, ...]
    diagnostic: Diagnostic | None = None
    example: tuple[str, Verdict] | None = None
    """Constraint and verdict of an example that `made` is still to make."""


def made(linked: Linked, path: str, example: tuple[str, Verdict]) -> tuple[Edit, ...]:
    """Return the edits of an example; none where there turns out to be none."""
    source, unit = linked.source(path), linked.program.by_path.get(path)
    if source is None or unit is None:
        return ()
    edit = example_edit(linked, source, unit, *example)
    return () if edit is None else (edit,)


def actions(
    linked: Linked,
    path: str,
    span: Range,
    diagnostics: Iterable[Diagnostic] = (),
    violated: Places = lambda _: None,
    *,
    later: bool = False,
) -> tuple[Action, ...]:
    """Return what can be done about a range of an ADR, and about the diagnostics that touch it.

    Examples have to be judged: with `later` they are left to `made`, and have no edits yet.
    """
    source = linked.source(path)
    if source is None or source.undecodable is not None:
        return ()
    found: list[Action] = []
    for diagnostic in diagnostics:
        if diagnostic.span is not None and _touch(range_of(diagnostic.span), span):
            for title, edits in fixes(linked, source, diagnostic):
                found.append(Action(title, "quickfix", edits, diagnostic))
    found += _ids(source, span)
    for action in _additions(linked, source, span, violated):
        if action.example is None or later:
            found.append(action)
        elif edits := made(linked, path, action.example):
            found.append(replace(action, edits=edits))
    return tuple(found)


def _touch(one: Range, other: Range) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _ids(source: Source, span: Range) -> Iterator[Action]:
    """Yield the insertion of the ids that `bylaw fmt` would write: of one statement, and of all."""
    edits: dict[Position, Edit] = {}
    for offset, text in missing_ids(source):
        at = position_of(source, offset)
        edits[at] = Edit(source.path, at, at, text)
    here = [at for at in edits if span[0][0] <= at[0] <= span[1][0]]
    for at in here:
        yield Action(f"Insert the id {edits[at].text.strip()}", "quickfix", (edits[at],))
    if len(edits) > 1 and here:
        some = tuple(edits[at] for at in sorted(edits))
        yield Action(f"Insert all {len(edits)} ids that are missing", "quickfix", some)


def position_of(source: Source, offset: int) -> Position:
    """Return the line and column of a byte of the file."""
    head = Source("", source.data[:offset])
    return len(head.lines) - 1, len(head.lines[-1])


def _additions(linked: Linked, source: Source, span: Range, violated: Places) -> Iterator[Action]:
    """Yield what can be put under, or beside, the constraint that stands in a range."""
    unit = linked.program.by_path.get(source.path)
    statement = statement_in(unit, span) if unit is not None else None
    if unit is None or not isinstance(statement, ConstraintNode):
        return
    for verdict in possible_examples(linked, unit, statement.id):
        title = f"Add an example that {verdict}"
        yield Action(title, "refactor", (), example=(statement.id, verdict))
    full_id = f"{unit.header.id}/{statement.id}"
    waiver = waiver_edit(linked, source, unit, statement, violated(full_id))
    if waiver is not None:
        yield Action(f"Waive [{statement.id}] for a while", "refactor", (waiver,))
