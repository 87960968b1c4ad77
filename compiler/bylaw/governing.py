"""Constraints and decisions looked up: by the names people give them, and by what they govern."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from bylaw.area import Area
from bylaw.backend import Emitted
from bylaw.diagnostics import Report
from bylaw.driver import Build, Compilation
from bylaw.fidelity import Fidelity
from bylaw.globs import matcher, overlap
from bylaw.ir import Language
from bylaw.languages import language_of
from bylaw.program import Program, Unit
from bylaw.scope import ScopeContext, ScopedConstraint, read_context, scope_decision
from bylaw.target import Fragment

PLACELESS = frozenset({"branches", "commits", "ci", "command"})
"""Subjects that are not about files, and so govern none."""

_OF_CODE = frozenset({"import", "use", "have"})


@dataclass(frozen=True, slots=True)
class Found:
    """A constraint in its place, its decision, and how truly each target says it."""

    unit: Unit
    scoped: ScopedConstraint
    fidelity: Mapping[str, Fidelity]


def find_units(program: Program, name: str) -> list[Unit]:
    """Return the decisions of an id, a number (`7`, `ADR-0007`) or a path."""
    number = re.fullmatch(r"(?:adr)?[-_ #]*0*(\d+)", name, re.IGNORECASE)
    return [
        unit
        for unit in program.units
        if name in {unit.header.id, unit.header.path}
        or (number and unit.header.number == int(number[1]))
    ]


def find_constraints(program: Program, name: str) -> list[tuple[Unit, str]]:
    """Return decision and id of the constraints that a full id, or an id alone, names."""
    decision, _, identity = name.rpartition("/")
    units = find_units(program, decision) if decision else program.units
    return [(unit, row.id) for unit in units for row in unit.header.rows if row.id == identity]


@dataclass(frozen=True)
class Index:
    """The constraints of a repository in their places; without `emitted` no target has spoken."""

    compilation: Compilation
    emitted: tuple[Emitted, ...] = ()

    @cached_property
    def _context(self) -> ScopeContext:
        compilation = self.compilation
        return read_context(compilation.program, compilation.files, compilation.config)

    @cached_property
    def _fragments(self) -> dict[str, Mapping[str, Fragment]]:
        return {entry.path: entry.fragments for entry in self.emitted}

    def constraints(self, unit: Unit) -> Iterator[Found]:
        """Yield the constraints of a decision; what is wrong with them, the build has said."""
        fragments = self._fragments.get(unit.header.path, {})
        for scoped in scope_decision(unit.decision, self._context, Report()).constraints:
            identity = scoped.constraint.id
            fidelity = {
                target: fragment.fidelity[identity]
                for target, fragment in fragments.items()
                if identity in fragment.fidelity
            }
            yield Found(unit, scoped, fidelity)


def index_of(build: Build) -> Index:
    """Return the index of a build, with what each target says of the constraints."""
    return Index(build.compilation, build.emitted)


def governing(index: Index, path: str, folder: bool) -> list[Found]:
    """Return the constraints in force that bind a file, or something in a folder."""
    program = index.compilation.program
    found = []
    for unit in program.units:
        if not unit.header.rows or not program.in_force(unit.header.path):
            continue
        found += [
            each
            for each in index.constraints(unit)
            if each.scoped.active and _governs(each, path, folder)
        ]
    return found


class Reach(NamedTuple):
    """Which paths a constraint binds: those of its area that its other words leave.

    `globs` are those that agents may or may not change: the constraint binds in them or, where it
    lists all that is allowed, `outside`. With `of_code` it binds code only, of one `language` where
    it names one.
    """

    area: Area
    globs: tuple[str, ...] = ()
    outside: bool = False
    of_code: bool = False
    language: Language | None = None


def reach_of(scoped: ScopedConstraint) -> Reach | None:
    """Return which paths a constraint binds; None where it is about something else than paths."""
    constraint, area = scoped.constraint, scoped.area
    if constraint.subject.noun in PLACELESS:
        return None
    if constraint.kind in _OF_CODE:
        return Reach(area, of_code=True, language=getattr(constraint.subject, "language", None))
    if constraint.kind != "agent":
        return Reach(area)
    if constraint.shape not in {"agent-change", "agent-read"}:
        # Budgets and commands are about a task, unless it is one in certain folders.
        placed = constraint.subject.noun == "agents" and constraint.subject.globs
        return Reach(area) if placed else None
    globs = tuple(glob.text for glob in constraint.globs)
    return Reach(area, globs, constraint.modal == "must-only")


def binds_in(reach: Reach, folder: str) -> bool:
    """Return whether a file in a folder, or the folder itself, can be bound; `.` is the root."""
    below = (_below(folder),)
    if reach.globs and not reach.outside and overlap(reach.globs, below) is None:
        return False
    return overlap(reach.area, below) is not None


def _governs(found: Found, path: str, folder: bool) -> bool:
    reach = reach_of(found.scoped)
    if reach is None:
        return False
    if folder:
        return binds_in(reach, path)
    if reach.of_code:
        language = language_of(path)
        if language is None or (reach.language and language != reach.language):
            return False
    area = reach.area
    return (
        (not reach.globs or _matcher(reach.globs)(path) != reach.outside)
        and (not area.include or _matcher(area.include)(path))
        and (not area.within or _matcher(area.within)(path))
        and not (area.exclude and _matcher(area.exclude)(path))
    )


@lru_cache
def _matcher(globs: tuple[str, ...]) -> Callable[[str], bool]:
    return matcher(globs)


def _below(path: str) -> str:
    """Return a glob of everything in a folder."""
    return "**" if path == "." else f"{_escape(path)}/**"


def _escape(path: str) -> str:
    """Return a glob that means just this path."""
    return "".join(f"[{c}]" if c in "*?[{" else c for c in path)
