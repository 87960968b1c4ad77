"""A repository's decisions, linked: what one decision means in the company of the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from bylaw.adr.links import Link
from bylaw.area import TreeFacts
from bylaw.diagnostics import Diagnostic
from bylaw.ir import Decision, Disposition, Meaning, Relation
from bylaw.modules import read_tree
from bylaw.packing import unpack

T = TypeVar("T")


class Row(NamedTuple):
    """A constraint as the passes over the whole program first see it.

    Two constraints can only conflict, repeat or subsume each other when they share one of their
    `buckets`; everything finer is read from the decision.
    """

    id: str
    shape: str
    buckets: tuple[str, ...]


class Item(NamedTuple):
    """A list item of a binding section, as the accounting sees it.

    `statement` is the node's `statement`; `codes` are those that a rejected item got; `first` and
    `last` the days (ISO) between which it binds.
    """

    statement: str
    id: str | None
    line: int
    codes: tuple[str, ...] = ()
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """What other decisions need to know of one: cheap to keep by the ten thousand."""

    path: str
    id: str
    number: int | None
    title: str
    meaning: Meaning
    status_raw: str | None
    relations: tuple[Relation, ...]
    rows: tuple[Row, ...]
    items: tuple[Item, ...]
    refers: bool
    """Whether it holds a waiver or a permission."""
    links: tuple[Link, ...]
    """The relative links in its text."""
    days: tuple[date, ...]
    """The days on which something in it starts or stops being in force."""


@dataclass(slots=True)
class Unit:
    """One compiled ADR: its header, its diagnostics, and its decision, unpacked when asked for.

    Nothing keeps the unpacked node: ten thousand of them would fill the memory.
    """

    header: Header
    digest: str
    diagnostics: tuple[Diagnostic, ...]
    packed: bytes | Callable[[], bytes] = field(repr=False)
    """The decision's bytes, or what fetches them."""

    @property
    def decision_bytes(self) -> bytes:
        """The packed decision."""
        return self.packed if isinstance(self.packed, bytes) else self.packed()

    @property
    def decision(self) -> Decision:
        """The decision's node."""
        return unpack(self.decision_bytes)


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of an ADR folder that is no decision, and what it is instead."""

    path: str
    disposition: Disposition
    digest: str
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a decision stands on a day: its state, the reason, and its successor where it has one."""

    state: Meaning
    reason: str | None = None
    superseded_by: str | None = None


@dataclass(frozen=True, eq=False)
class Ground:
    """What the decisions speak of: the tree's files, sorted, and what the configuration says of it.

    `tests` is empty where the configuration does not say which files are tests.
    """

    files: Sequence[str] = ()
    source_roots: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()

    @cached_property
    def facts(self) -> TreeFacts:
        """Where modules start in the tree, and which there are."""
        return read_tree(self.files, self.source_roots)


@dataclass(frozen=True)
class Program:
    """All decisions of a repository on one day, with their relations resolved.

    `units` are sorted by path. `relations[path]` are that decision's relations with `target` set
    where it was found; `standing[path]` says what is in force on `as_of`.
    """

    units: Sequence[Unit]
    listed: tuple[Listed, ...]
    as_of: date
    relations: dict[str, tuple[Relation, ...]]
    standing: dict[str, Standing]
    ground: Ground = field(default_factory=Ground, repr=False)
    _answers: dict[Callable[..., Any], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def once(self, question: Callable[["Program"], T]) -> T:
        """Return what a function says of the program; passes ask the same one after the other."""
        if question not in self._answers:
            self._answers[question] = question(self)
        answer: T = self._answers[question]
        return answer

    @cached_property
    def by_path(self) -> dict[str, Unit]:
        """The units by path."""
        return {unit.header.path: unit for unit in self.units}

    @cached_property
    def by_id(self) -> dict[str, list[Unit]]:
        """The units by decision id; more than one under an id is a fault that a pass reports."""
        found: dict[str, list[Unit]] = {}
        for unit in self.units:
            found.setdefault(unit.header.id, []).append(unit)
        return found

    def in_force(self, path: str) -> bool:
        """Whether the decision at `path` binds on `as_of`."""
        return self.standing[path].state == "in-force"
