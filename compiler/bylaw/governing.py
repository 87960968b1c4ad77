"""Constraints and decisions looked up: by the names people give them, and by what they govern."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bylaw.backend import Emitted
from bylaw.diagnostics import Report
from bylaw.driver import Build, Compilation
from bylaw.fidelity import Fidelity
from bylaw.globs import matcher, overlap
from bylaw.ir import Constraint
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


def _governs(found: Found, path: str, folder: bool) -> bool:
    constraint, area = found.scoped.constraint, found.scoped.area
    if constraint.subject.noun in PLACELESS or not _agents_govern(constraint, path, folder):
        return False
    if folder:
        return overlap(area, (_below(path),)) is not None
    if constraint.kind in _OF_CODE:
        language = language_of(path)
        wanted = getattr(constraint.subject, "language", None)
        if language is None or (wanted and language != wanted):
            return False
    return (
        (not area.include or _matcher(area.include)(path))
        and (not area.within or _matcher(area.within)(path))
        and not (area.exclude and _matcher(area.exclude)(path))
    )


def _agents_govern(constraint: Constraint, path: str, folder: bool) -> bool:
    """Return whether a constraint, if it is about agents, says something about this path."""
    if constraint.kind != "agent":
        return True
    if constraint.shape not in {"agent-change", "agent-read"}:
        # Budgets and commands are about a task, unless it is one in certain folders.
        return bool(constraint.subject.noun == "agents" and constraint.subject.globs)
    globs = tuple(glob.text for glob in constraint.globs)
    if constraint.modal == "must-only":
        return folder or not _matcher(globs)(path)
    if folder:
        return overlap(globs, (_below(path),)) is not None
    return _matcher(globs)(path)


@lru_cache
def _matcher(globs: tuple[str, ...]) -> Callable[[str], bool]:
    return matcher(globs)


def _below(path: str) -> str:
    """Return a glob of everything in a folder."""
    return "**" if path == "." else f"{_escape(path)}/**"


def _escape(path: str) -> str:
    """Return a glob that means just this path."""
    return "".join(f"[{c}]" if c in "*?[{" else c for c in path)
