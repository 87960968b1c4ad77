"""The decisions and their ties: what supersedes, amends, waives or contradicts what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from bylaw.ir import Meaning, Relation, Waiver
from bylaw.passes.compare.company import Referrer, referrers
from bylaw.passes.conflict import conflicts
from bylaw.passes.contradicting_layers import contradictions
from bylaw.preview.workspace import Linked
from bylaw.program import Header, Program
from bylaw.sentence import in_full

Kind: TypeAlias = Literal[
    "supersedes", "amends", "depends-on", "relates-to", "conflict", "waives", "permits"
]

KINDS: Mapping[Kind, str] = {
    "supersedes": "supersedes",
    "amends": "amends",
    "depends-on": "depends on",
    "relates-to": "relates to",
    "conflict": "contradicts",
    "waives": "waives in",
    "permits": "permits in",
}
"""What a reader calls each kind, between the name of its source and that of its target."""

_MUTUAL: frozenset[Kind] = frozenset({"relates-to", "conflict"})

_BACKWARDS: Mapping[str, Kind] = {"superseded-by": "supersedes", "amended-by": "amends"}

_FORWARDS: Mapping[str, Kind] = {
    "supersedes": "supersedes",
    "amends": "amends",
    "depends-on": "depends-on",
    "relates-to": "relates-to",
}

Age: TypeAlias = tuple[bool, int, str]


@dataclass(frozen=True, slots=True)
class Node:
    """A decision; `name` leads to its page: its id or, where others share that, its path."""

    path: str
    id: str
    name: str
    number: int | None
    title: str
    state: Meaning

    @property
    def age(self) -> Age:
        """Order by number, then by path: the oldest first."""
        return self.number is None, self.number or 0, self.path


class Detail(NamedTuple):
    """One thing that a tie says: in words, about which constraints (full ids), and where.

    `anchor` is the place in the source's page; `short` a few words for the drawing. `standing` is
    empty for what holds on this day, else one word for why it does not.
    """

    text: str
    about: tuple[str, ...] = ()
    anchor: str = ""
    short: str = ""
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """How one decision (`source`, a path) stands to another; mutual ones start at the younger."""

    kind: Kind
    source: str
    target: str
    partial: bool = False
    details: tuple[Detail, ...] = ()

    @property
    def words(self) -> str:
        """What stands between the names of both."""
        if self.partial and self.kind == "supersedes":
            return "supersedes a part of"
        return KINDS[self.kind]

    @property
    def label(self) -> str:
        """A few words for the drawing."""
        if self.kind in {"waives", "permits", "conflict"} and self.details:
            word = {"waives": "waives", "permits": "permits", "conflict": "contradicts on"}
            first, *more = self.details
            return f"{word[self.kind]} {first.short}" + (f" +{len(more)}" if more else "")
        return "supersedes in part" if self.partial else KINDS[self.kind]


class Loose(NamedTuple):
    """A relation that leads to no decision of the repository."""

    path: str
    relation: Relation


@dataclass(frozen=True)
class DecisionGraph:
    """All decisions by path, the ties between them, and the relations that lead nowhere."""

    nodes: Mapping[str, Node]
    ties: tuple[Tie, ...]
    loose: tuple[Loose, ...] = ()

    @cached_property
    def alone(self) -> tuple[Node, ...]:
        """The decisions without any tie, the oldest first."""
        tied = {path for tie in self.ties for path in (tie.source, tie.target)}
        left = (node for path, node in self.nodes.items() if path not in tied)
        return tuple(sorted(left, key=lambda node: node.age))

    @cached_property
    def by_name(self) -> Mapping[str, Node]:
        """The decisions by the name that leads to their pages."""
        return {node.name: node for node in self.nodes.values()}


def read_graph(linked: Linked) -> DecisionGraph:
    """Return the graph of the decisions, the same whatever order they were read in."""
    program = linked.program
    nodes = {unit.header.path: node_of(program, unit.header) for unit in program.units}
    found: dict[tuple[Kind, str, str], Tie] = {}
    for tie in (*_related(program), *_referring(program), *_contradicting(program)):
        if tie.source == tie.target:
            continue
        if tie.kind in _MUTUAL and nodes[tie.source].age < nodes[tie.target].age:
            tie = replace(tie, source=tie.target, target=tie.source)  # noqa: PLW2901 - its one form
        key = (tie.kind, tie.source, tie.target)
        known = found.get(key)
        if known is not None:
            details = tuple(dict.fromkeys((*known.details, *tie.details)))
            tie = replace(tie, details=details, partial=known.partial and tie.partial)  # noqa: PLW2901
        found[key] = tie
    rank = {kind: number for number, kind in enumerate(KINDS)}

    def order(tie: Tie) -> tuple[Age, Age, int]:
        return nodes[tie.source].age, nodes[tie.target].age, rank[tie.kind]

    loose = tuple(
        Loose(path, relation)
        for path in sorted(program.relations)
        for relation in program.relations[path]
        if relation.target is None
    )
    return DecisionGraph(nodes, tuple(sorted(found.values(), key=order)), loose)


def node_of(program: Program, header: Header) -> Node:
    """Return a decision as the map shows it."""
    alone = len(program.by_id[header.id]) == 1
    return Node(
        header.path,
        header.id,
        header.id if alone else header.path,
        header.number,
        header.title or header.id,
        program.standing[header.path].state,
    )


# --- where ties come from ----------------------------------------------------------------------


def _related(program: Program) -> Iterator[Tie]:
    for path in sorted(program.relations):
        for relation in program.relations[path]:
            target = relation.target
            if target is None or target not in program.by_path:
                continue
            if relation.kind in _BACKWARDS:
                yield Tie(_BACKWARDS[relation.kind], target, path, relation.partial)
            else:
                yield Tie(_FORWARDS[relation.kind], path, target, relation.partial)


def _referring(program: Program) -> Iterator[Tie]:
    """Yield a tie for each waiver and permission of another decision's constraint."""
    for referrer in referrers(program):
        target, source = referrer.target, referrer.unit.header
        if target is None or program.standing[source.path].state == "retired":
            continue
        full_id = f"{target.header.id}/{referrer.reference.id}"
        statement = referrer.statement
        detail = Detail(
            in_full(statement.grant) if statement.statement == "permission" else statement.sentence,
            (full_id,),
            getattr(statement, "id", None) or f"L{statement.span.line}",
            f"`{referrer.reference.id}`",
            _standing(program, referrer),
        )
        kind: Kind = "waives" if isinstance(statement, Waiver) else "permits"
        yield Tie(kind, source.path, target.header.path, details=(detail,))


def _standing(program: Program, referrer: Referrer) -> str:
    state = program.standing[referrer.unit.header.path].state
    if state != "in-force":
        return state if state == "proposed" else f"status {state}"
    statement = referrer.statement
    if isinstance(statement, Waiver):
        return "expired" if statement.until < program.as_of else ""
    until = statement.grant.until
    return "ended" if until is not None and until < program.as_of else ""


def _contradicting(program: Program) -> Iterator[Tie]:
    for early, late, witness, reason, weak in conflicts(program):
        standing = "warning" if weak else ""
        detail = Detail(
            f"both claim `{witness}`: {reason}",
            (late.full_id, early.full_id),
            late.constraint.id,
            f"`{witness}`",
            standing,
        )
        yield Tie("conflict", late.path, early.path, details=(detail,))
    for early, late, upper, lower, weak in contradictions(program):
        detail = Detail(
            f"`{late.full_id}` puts `{upper}` above `{lower}`, `{early.full_id}` below it",
            (late.full_id, early.full_id),
            late.constraint.id,
            f"`{upper}`",
            "warning" if weak else "",
        )
        yield Tie("conflict", late.path, early.path, details=(detail,))
