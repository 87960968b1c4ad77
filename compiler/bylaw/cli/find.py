"""Constraints and decisions looked up by the names people give them, with all that is known."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bylaw.cli.faults import UNKNOWN_NAME, FaultError, did_you_mean

if TYPE_CHECKING:
    from bylaw.driver import Build
    from bylaw.program import Program, Unit
    from bylaw.scope import ScopeContext, ScopedConstraint
    from bylaw.target import Fidelity, Fragment


@dataclass(frozen=True, slots=True)
class Found:
    """A constraint in its place, its decision, and how truly each target says it."""

    unit: "Unit"
    scoped: "ScopedConstraint"
    fidelity: "Mapping[str, Fidelity]"


def find_units(program: "Program", name: str) -> "list[Unit]":
    """Return the decisions of an id, a number (`7`, `ADR-0007`) or a path."""
    number = re.fullmatch(r"(?:adr)?[-_ #]*0*(\d+)", name, re.IGNORECASE)
    return [
        unit
        for unit in program.units
        if name in {unit.header.id, unit.header.path}
        or (number and unit.header.number == int(number[1]))
    ]


def find_constraints(program: "Program", name: str) -> "list[tuple[Unit, str]]":
    """Return decision and id of the constraints that a full id, or an id alone, names."""
    decision, _, identity = name.rpartition("/")
    units = find_units(program, decision) if decision else program.units
    return [(unit, row.id) for unit in units for row in unit.header.rows if row.id == identity]


def unknown(program: "Program", name: str) -> FaultError:
    """Return the fault that no code, constraint or decision has this name."""
    ids = [f"{unit.header.id}/{row.id}" for unit in program.units for row in unit.header.rows]
    decisions = [unit.header.id for unit in program.units]
    short = {identity.rpartition("/")[2] for identity in ids}
    return FaultError(
        UNKNOWN_NAME,
        f"no code, constraint or decision is named `{name}`",
        did_you_mean(
            name,
            sorted({*ids, *decisions, *short}),
            "`bylaw list` shows the names of decisions and constraints, `bylaw explain` the codes",
        ),
    )


@dataclass(frozen=True)
class Index:
    """The constraints of a build in their places."""

    build: "Build"

    @cached_property
    def _context(self) -> "ScopeContext":
        from bylaw.scope import read_context

        compilation = self.build.compilation
        return read_context(compilation.program, compilation.files, compilation.config)

    @cached_property
    def _fragments(self) -> "dict[str, Mapping[str, Fragment]]":
        return {entry.path: entry.fragments for entry in self.build.emitted}

    def constraints(self, unit: "Unit") -> Iterator[Found]:
        """Yield the constraints of a decision; what is wrong with them, the build has said."""
        from bylaw.diagnostics import Report
        from bylaw.scope import scope_decision

        fragments = self._fragments.get(unit.header.path, {})
        for scoped in scope_decision(unit.decision, self._context, Report()).constraints:
            identity = scoped.constraint.id
            fidelity = {
                target: fragment.fidelity[identity]
                for target, fragment in fragments.items()
                if identity in fragment.fidelity
            }
            yield Found(unit, scoped, fidelity)
