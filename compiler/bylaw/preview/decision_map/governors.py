"""The constraints of a repository as the map counts them: who says them, and what they govern."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from bylaw.coverage import CHECKPOINTS, Checkpoint, Cover, covers_of, traits_of
from bylaw.diagnostics import Report
from bylaw.evaluation import needed
from bylaw.governing import Reach, reach_of
from bylaw.preview.become import fates
from bylaw.preview.decision_map.governed import Bits, FileSets
from bylaw.preview.decision_map.graph import Node, node_of
from bylaw.preview.model import State, StatementView
from bylaw.preview.workspace import Linked
from bylaw.program import Unit
from bylaw.scope import scope_decision
from bylaw.scoped import ScopedConstraint
from bylaw.sentence import in_full

Standing: TypeAlias = Literal["in-force", "proposed", "inactive"]
"""`inactive` is a constraint of a decision in force that does not bind on this day."""


@dataclass(frozen=True, slots=True)
class Governor:
    """A constraint; `order` is its place among all of them, `needs` what checking it takes."""

    order: int
    full_id: str
    id: str
    decision: Node
    sentence: str
    severity: str
    standing: Standing
    shape: str
    modal: str
    noun: str
    needs: str
    reach: Reach | None


@dataclass
class Group:
    """The constraints of one reach, and the files that they govern."""

    reach: Reach
    governors: list[Governor] = field(default_factory=list)
    files: Bits = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """Where a constraint is checked: by which engines, by `bylaw check`, and at which checkpoints.

    `roughly` holds the engine and in which way it is rough.
    """

    state: State
    exactly: tuple[str, ...]
    roughly: tuple[tuple[str, str], ...]
    needs: str
    covers: tuple[tuple[Checkpoint, str, Cover], ...]


class Governors:
    """All constraints of decisions that are in force or proposed, gathered step by step."""

    def __init__(self, linked: Linked) -> None:
        self.linked = linked
        self.sets = FileSets(linked.context.tree)
        self.in_force: dict[Reach, Group] = {}
        self.proposed: dict[Reach, Group] = {}
        self.placeless: list[Governor] = []
        """Those in force that are about something else than paths."""
        self.by_decision: dict[str, list[Governor]] = {}
        """Of decisions in force and their constraints, by path, the inactive ones among them."""
        self.by_id: dict[str, Governor] = {}
        self.governed: Bits = 0
        """Every file that a constraint in force governs."""
        self._doubtful: list[Governor] = []
        """Those that may have no verdict: whether an engine checks them is asked beforehand."""
        self._fates: dict[str, dict[str, StatementView]] = {}
        self._units = [
            unit
            for unit in linked.program.units
            if unit.header.rows
            and linked.program.standing[unit.header.path].state in {"in-force", "proposed"}
        ]
        self._done = 0
        self._steps = self._gather()

    def step(self, seconds: float) -> tuple[int, int]:
        """Gather for about so long, and return how much is done and how much there is."""
        end = time.perf_counter() + seconds
        for _ in self._steps:
            self._done += 1
            if time.perf_counter() > end:
                break
        else:
            self._done = self.total
        return self._done, self.total

    @property
    def total(self) -> int:
        """How many steps there are, as far as that is known."""
        groups = len(self.in_force) + len(self.proposed)
        return len(self._units) + groups + len(self._doubtful)

    def is_known(self, governor: Governor) -> bool:
        """Return whether the engines have been asked about a constraint's decision."""
        return governor.decision.path in self._fates

    def checked(self, governor: Governor) -> Checked:
        """Return where a constraint is checked, once its decision is in force.

        Among a hundred thousand files an engine may take a fifth of a second to answer.
        """
        from bylaw_targets import READERS  # noqa: PLC0415 - targets import from below

        view = self.fate(governor)
        engines = {
            target: answer
            for target, answer in view.fidelity.items()
            if target in self.linked.config.targets and target not in READERS
        }
        unit = self.linked.program.by_path[governor.decision.path]
        constraint = next(c for c in unit.decision.constraints if c.id == governor.id)
        covers = covers_of(traits_of(constraint))
        return Checked(
            view.state,
            tuple(t for t, f in engines.items() if f.level == "exact"),
            tuple((t, f.reason or "") for t, f in engines.items() if f.level == "approximate"),
            governor.needs,
            tuple((name, CHECKPOINTS[name], cover) for name, cover in covers.items()),
        )

    def fate(self, governor: Governor) -> StatementView:
        """Return how a constraint fares; a decision's are found together, and kept."""
        path = governor.decision.path
        if path not in self._fates:
            views = fates(self.linked, path)
            self._fates[path] = {v.key: v for v in views if v.statement == "constraint"}
        return self._fates[path][governor.full_id]

    # --- gathering -----------------------------------------------------------------------------

    def _gather(self) -> Iterator[None]:
        for unit in self._units:
            self._add(unit)
            yield
        for groups in (self.in_force, self.proposed):
            for group in groups.values():
                group.files = self.sets.bound(group.reach)
                if groups is self.in_force:
                    self.governed |= group.files
                yield
        for governor in self._doubtful:
            self.fate(governor)
            yield

    def _add(self, unit: Unit) -> None:
        program = self.linked.program
        path = unit.header.path
        node = node_of(program, unit.header)
        proposed = not program.in_force(path)
        for scoped in scope_decision(unit.decision, self.linked.context, Report()).constraints:
            governor = self._governor(scoped, node, proposed)
            if not proposed:
                self.by_decision.setdefault(path, []).append(governor)
            self.by_id[governor.full_id] = governor
            if governor.standing == "inactive":
                continue
            if governor.needs and not proposed:
                self._doubtful.append(governor)
            if governor.reach is not None:
                groups = self.proposed if proposed else self.in_force
                groups.setdefault(governor.reach, Group(governor.reach)).governors.append(governor)
            elif not proposed:
                self.placeless.append(governor)

    def _governor(self, scoped: ScopedConstraint, node: Node, proposed: bool) -> Governor:
        constraint = scoped.constraint
        standing: Standing = "proposed" if proposed else "in-force"
        return Governor(
            len(self.by_id),
            scoped.full_id,
            constraint.id,
            node,
            in_full(constraint),
            constraint.severity,
            standing if scoped.active else "inactive",
            constraint.shape,
            constraint.modal,
            constraint.subject.noun,
            needed(constraint),
            reach_of(scoped),
        )
