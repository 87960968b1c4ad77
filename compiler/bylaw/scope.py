"""Constraints with the places they bind: globs against the tree, modules as paths."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bylaw.ir import Constraint, Decision, Guidance, Language, Permission, Waiver


@dataclass(frozen=True, slots=True)
class Area:
    """A set of files: in any of `include`, in any of `within` if there are some, in no `exclude`.

    All are globs of the language (see `bylaw.globs`). An empty `include` is the whole repository.
    Modules stand here as paths; `Only … MAY` as the complement it means; waived and permitted
    places, exceptions and `except in tests` in `exclude`.
    """

    include: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScopedConstraint:
    """A constraint in its place.

    `languages` are those of the repository's files that the area can hold and the constraint
    speaks of, sorted. `waivers` and `permissions` are those in force on the day of the build.
    `active` is false outside `from` … `until` on that day.
    """

    constraint: Constraint
    full_id: str
    area: Area
    languages: tuple[Language, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    permissions: tuple[Permission, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class TreeFacts:
    """What of the tree, beyond single files, decides an artifact's bytes.

    `source_roots` are the folders below which Python modules start (`""` is the repository's
    root); `packages` the top-level importable packages found there; `modules` every module.
    """

    source_roots: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    modules: frozenset[str] = frozenset()
    languages: tuple[Language, ...] = ()


@dataclass(frozen=True, slots=True)
class ScopedDecision:
    """A decision that binds (or, with `proposed`, would) and its constraints in their places."""

    decision: Decision
    constraints: tuple[ScopedConstraint, ...]
    guidance: tuple[Guidance, ...] = ()
    proposed: bool = False
    facts: TreeFacts = field(default_factory=TreeFacts)
    fidelity: dict[str, dict[str, object]] = field(default_factory=dict)
    """By target, then by constraint id: what the targets compiled before have answered."""


@dataclass(frozen=True)
class ScopedProgram:
    """The decisions that are compiled, sorted by path, on one day, in one tree."""

    decisions: Sequence[ScopedDecision]
    as_of: date
    facts: TreeFacts
    next_change: date | None = None
    """The next day on which something starts or stops being in force."""
