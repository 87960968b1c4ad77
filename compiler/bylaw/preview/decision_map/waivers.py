"""Waivers by the day on which they fall due: debts, with who owes them and what they hide."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Literal, TypeAlias

from bylaw.ir import Waiver
from bylaw.passes.compare.company import Referrer, referrers
from bylaw.preview.decision_map.graph import Node, node_of
from bylaw.preview.workspace import Linked
from bylaw.program import Program
from bylaw.sentence import in_full
from bylaw.tree import Tree

Due: TypeAlias = Literal["overdue", "soon", "later", "proposed", "retired"]

SOON = timedelta(days=30)

DUES: Mapping[Due, tuple[str, str]] = {
    "overdue": ("Overdue", "they hide nothing any more, and a build fails until they are settled"),
    "soon": ("Due within 30 days", "settle them, or agree on a new date"),
    "later": ("Due later", ""),
    "proposed": ("Proposed", "of decisions that nobody has accepted: they hide nothing yet"),
    "retired": ("Of decisions not in force", "they hide nothing"),
}
"""A title for each group, and what it means."""

_OWED: tuple[Due, ...] = ("overdue", "soon", "later")

WINDOW = 100
"""Waivers of one page, and of each group on the first."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """Paths or an import edge that a waiver names; `files` are those that a glob matches."""

    text: str
    files: int | None = None


@dataclass(frozen=True, slots=True)
class Debt:
    """A waiver: until when, of what, by whom and why, and what it hides.

    `days` are those left, less than none where it is overdue. `constraint` is the full id, or what
    is written where there is no such constraint; `idle` says why it has nothing to hide.
    """

    due: Due
    until: str
    days: int
    decision: Node
    anchor: str
    constraint: str
    known: bool
    sentence: str
    idle: str
    owners: tuple[str, ...]
    ticket: str
    because: str
    hides: tuple[Hidden, ...]

    @property
    def when(self) -> str:
        """How far away the day is, in words."""
        if self.days == 0:
            return "today is the last day"
        number = abs(self.days)
        words = f"{number} day{'' if number == 1 else 's'}"
        return f"{words} ago" if self.days < 0 else f"in {words}"

    @property
    def address(self) -> str:
        """The ticket as an address that may be followed, where it is one."""
        is_address = self.ticket.startswith(("https://", "http://")) and " " not in self.ticket
        return self.ticket if is_address else ""


@dataclass(frozen=True, slots=True)
class Owner:
    """How much somebody has to answer for, of waivers that are in force or overdue."""

    name: str
    overdue: int
    soon: int
    later: int


@dataclass(frozen=True)
class DebtGroup:
    """A window of the waivers of one group."""

    due: Due
    title: str
    meaning: str
    count: int
    debts: tuple[Debt, ...]
    start: int
    window: int


@dataclass(frozen=True)
class WaiversView:
    """The waivers on a day, in groups; with an `owner` those of somebody only."""

    day: str
    groups: tuple[DebtGroup, ...]
    owners: tuple[Owner, ...]
    owner: str
    part: str
    total: int


@dataclass
class Waivers:
    """All waivers of linked decisions; each is read when it is shown."""

    linked: Linked
    _found: list[Referrer] = field(init=False)

    def __post_init__(self) -> None:
        program = self.linked.program
        found = [each for each in referrers(program) if isinstance(each.statement, Waiver)]
        self._found = sorted(found, key=lambda e: (_waiver(e).until, e.unit.header.path, _line(e)))

    @cached_property
    def _by_due(self) -> dict[Due, list[Referrer]]:
        groups: dict[Due, list[Referrer]] = {due: [] for due in DUES}
        for each in self._found:
            groups[_due(self.linked.program, each)].append(each)
        return groups

    def view(self, part: str = "", start: int = 0, owner: str = "") -> WaiversView:
        """Return the first waivers of each group, or with a `part` those of one from `start` on."""
        groups = []
        shown: tuple[Due, ...] = tuple(due for due in DUES if part in {"", due})
        for due in shown:
            found = [e for e in self._by_due[due] if not owner or owner in _waiver(e).approved_by]
            first = start if part == due else 0
            if found:
                title, meaning = DUES[due]
                debts = tuple(self._debt(each, due) for each in found[first : first + WINDOW])
                groups.append(DebtGroup(due, title, meaning, len(found), debts, first, WINDOW))
        day = self.linked.program.as_of.isoformat()
        return WaiversView(day, tuple(groups), self._owners, owner, part, len(self._found))

    @cached_property
    def _owners(self) -> tuple[Owner, ...]:
        counts: dict[str, dict[str, int]] = {}
        for due in _OWED:
            for each in self._by_due[due]:
                for name in _waiver(each).approved_by:
                    mine = counts.setdefault(name, {"overdue": 0, "soon": 0, "later": 0})
                    mine[due] += 1
        owners = (Owner(name, **mine) for name, mine in counts.items())
        return tuple(sorted(owners, key=lambda o: (-o.overdue, -o.soon, -o.later, o.name)))

    def _debt(self, referrer: Referrer, due: Due) -> Debt:
        program, waiver = self.linked.program, _waiver(referrer)
        target = referrer.target
        named = waiver.waives
        return Debt(
            due,
            waiver.until.isoformat(),
            (waiver.until - program.as_of).days,
            node_of(program, referrer.unit.header),
            f"L{waiver.span.line}",
            f"{target.header.id}/{named.id}" if target is not None else named.text,
            target is not None,
            in_full(referrer.constraint) if referrer.constraint is not None else "",
            _idle(program, referrer),
            waiver.approved_by,
            waiver.ticket or "",
            waiver.because,
            tuple(_hidden(waiver, self.linked.context.tree)),
        )


def _waiver(referrer: Referrer) -> Waiver:
    statement = referrer.statement
    assert isinstance(statement, Waiver)  # noqa: S101 - only these are kept
    return statement


def _line(referrer: Referrer) -> int:
    return referrer.statement.span.line


def _due(program: Program, referrer: Referrer) -> Due:
    state = program.standing[referrer.unit.header.path].state
    if state != "in-force":
        return "proposed" if state == "proposed" else "retired"
    until = _waiver(referrer).until
    if until < program.as_of:
        return "overdue"
    return "soon" if until <= program.as_of + SOON else "later"


def _idle(program: Program, referrer: Referrer) -> str:
    target, constraint = referrer.target, referrer.constraint
    if target is None or constraint is None:
        return "there is no such constraint"
    state = program.standing[target.header.path].state
    if state != "in-force":
        words = {"none": "without a status", "unclear": "of an unclear status"}
        return f"`{target.header.id}` is {words.get(state, state)}"
    if constraint.until is not None and constraint.until < program.as_of:
        return f"the constraint ended on {constraint.until}"
    return ""


def _hidden(waiver: Waiver, tree: Tree) -> Iterator[Hidden]:
    for glob in waiver.globs:
        yield Hidden(glob.text, len(tree.matching(glob.text)))
    for edge in waiver.edges:
        yield Hidden(f"{edge.importer} -> {edge.imported}")
