"""Which lines a waiver or a permission has changed: those that would be others without it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import NamedTuple, TypeAlias, TypeVar

from bylaw.diagnostics import Report
from bylaw.ir import Decision, Permission, Waiver
from bylaw.preview.model import Output
from bylaw.preview.outputs import emit
from bylaw.preview.workspace import Linked
from bylaw.scope import ScopeContext, ScopedDecision, scope_decision
from bylaw.target import Trace

_MOST = 12
"""Waivers and permissions of one decision that are looked at one by one: each takes as long as a
decision of one sentence does. Of more than these, all lines of their constraints are shown.
No more blocks than these of one constraint are held against each other, either."""

T = TypeVar("T", Waiver, Permission)

File: TypeAlias = tuple[str, str]
"""A target and a path."""

Block: TypeAlias = tuple[str, ...]
"""The lines of one mark."""

Blocks: TypeAlias = Mapping[File, Sequence[Block]]


class Reference(NamedTuple):
    """A waiver or a permission by its key, and the decision and constraint that it is for."""

    key: str
    statement: Waiver | Permission
    decision: Decision
    constraint: str

    @property
    def full_id(self) -> str:
        """The full id of the constraint."""
        return f"{self.decision.id}/{self.constraint}"


def with_changes(
    linked: Linked,
    context: ScopeContext,
    references: Sequence[Reference],
    outputs: Sequence[Output],
) -> tuple[Output, ...]:
    """Return outputs with the lines marked, too, that waivers and permissions have changed."""
    changed: dict[File, list[Trace]] = defaultdict(list)
    known: dict[str, Blocks] = {}
    for reference in references:
        after: Blocks | None = None
        before: Blocks = {}
        if len(references) <= _MOST:
            if reference.full_id not in known:
                known[reference.full_id] = _blocks(linked, context, reference)
            after = known[reference.full_id]
            before = _blocks(linked, *_without(context, reference))
        for output in outputs:
            file = (output.target, output.path)
            marks = [mark for mark in output.marks if mark.statement == reference.full_id]
            here = [_lines(output, mark) for mark in marks]
            now = None if after is None else after.get(file, [])
            rows = _rows(here, before.get(file, []), now)
            for mark, some in zip(marks, rows, strict=True):
                changed[file] += _runs(reference.key, mark, sorted(some))
    return tuple(
        replace(each, marks=tuple(sorted((*each.marks, *changed[each.target, each.path]), key=_at)))
        for each in outputs
    )


def restricted(
    decision: Decision, context: ScopeContext, constraints: Collection[str]
) -> ScopedDecision:
    """Return a decision in its places with some of its constraints only, as if in force."""
    scoped = scope_decision(decision, context, Report())
    kept = tuple(each for each in scoped.constraints if each.constraint.id in constraints)
    return replace(scoped, constraints=kept, guidance=(), proposed=False)


def _at(trace: Trace) -> tuple[int, int, str]:
    return trace.first, trace.last, trace.statement


def _without(context: ScopeContext, reference: Reference) -> tuple[ScopeContext, Reference]:
    """Return the context and the reference's decision as they are without its statement."""
    decision, identity = reference.decision, reference.decision.id
    statements = tuple(each for each in decision.statements if each != reference.statement)
    waivers = {**context.waivers, identity: _rest(context.waivers.get(identity, ()), reference)}
    permissions = {
        **context.permissions,
        identity: _rest(context.permissions.get(identity, ()), reference),
    }
    return (
        replace(context, waivers=waivers, permissions=permissions),
        reference._replace(decision=decision.model_copy(update={"statements": statements})),
    )


def _rest(statements: Sequence[T], reference: Reference) -> tuple[T, ...]:
    return tuple(each for each in statements if each != reference.statement)


def _blocks(linked: Linked, context: ScopeContext, reference: Reference) -> Blocks:
    """Return the blocks of a reference's constraint in each file, where it is alone."""
    scoped = restricted(reference.decision, context, (reference.constraint,))
    return {
        (output.target, output.path): [
            _lines(output, mark) for mark in output.marks if mark.statement == reference.full_id
        ]
        for output in emit(linked, (scoped,), Report()).outputs
    }


def _lines(output: Output, mark: Trace) -> Block:
    """Return marked lines, without what separates them from the next ones of a list."""
    lines = output.text.split("\n")[mark.first - 1 : mark.last]
    return tuple(line.removesuffix(",") for line in lines)


# --- what has changed --------------------------------------------------------------------------


def _rows(
    here: Sequence[Block], before: Sequence[Block], after: Sequence[Block] | None
) -> list[Collection[int]]:
    """Return of each block the rows that a change has made; all where it took some away."""
    if after is None:
        return [range(len(block)) for block in here]
    if before == after:
        return [() for _ in here]
    if list(here) != list(after):
        # Among other constraints it is said in other words: for want of room, or in one line.
        return [range(len(block)) for block in here]
    found = [_new(block, old) for block, old in zip(here, _pairs(before, here), strict=True)]
    return found if any(found) else [range(len(block)) for block in here]


def _pairs(before: Sequence[Block], after: Sequence[Block]) -> list[Block]:
    """Return for each block the one that it was, each once: the likest first; none of a new one."""
    found: list[Block] = [()] * len(after)
    if max(len(before), len(after)) > _MOST:
        return [*before, *found][: len(after)]
    likest = sorted(
        (-SequenceMatcher(None, old, new, autojunk=False).ratio(), there, here)
        for there, old in enumerate(before)
        for here, new in enumerate(after)
    )
    left, free = set(range(len(before))), set(range(len(after)))
    for _, there, here in likest:
        if there in left and here in free:
            found[here] = before[there]
            left.remove(there)
            free.remove(here)
    return found


def _new(block: Block, old: Block) -> Collection[int]:
    steps = SequenceMatcher(None, old, block, autojunk=False).get_opcodes()
    return {row for tag, _, _, j1, j2 in steps if tag != "equal" for row in range(j1, j2)}


def _runs(key: str, mark: Trace, rows: Sequence[int]) -> Iterator[Trace]:
    """Yield the runs of consecutive rows of a block as lines of its file."""
    first = None
    for at, row in enumerate(rows):
        first = row if first is None else first
        if rows[at + 1 : at + 2] != [row + 1]:
            yield Trace(key, mark.first + first, mark.first + row, mark.joint)
            first = None
