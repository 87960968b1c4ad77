"""A constraint in company: where it binds once permissions are taken out, and on which days."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from bylaw.diagnostics import Span
from bylaw.ir import (
    AgentsSubject,
    CallsSubject,
    CommandSubject,
    Constraint,
    EntitiesSubject,
    Import,
    ImportsSubject,
    Permission,
    ProjectSubject,
)
from bylaw.passes.compare.module_files import module_files
from bylaw.passes.compare.normal import normal
from bylaw.passes.compare.operands import Named, meet, operands, pattern_within
from bylaw.passes.compare.place import Place, place
from bylaw.passes.compare.region import ENDINGS, Region, witness
from bylaw.program import Ground

_DEAR = frozenset({"named", "name-match", "live", "layered"})
"""Shapes whose comparison asks about automata, or about every two of their parts."""


@dataclass(frozen=True)
class Claim:
    """A constraint, the decision it stands in, and the permissions that cut into it."""

    path: str
    full_id: str
    constraint: Constraint
    place: Place
    permissions: tuple[Permission, ...] = ()
    proposed: bool = False
    ground: Ground = field(default_factory=Ground, repr=False)

    @cached_property
    def normal(self) -> Any:
        """What the constraint means, for comparison: see `compare.normal`."""
        return normal(self.constraint)

    @cached_property
    def work(self) -> int:
        """How much dearer than a plain constraint it is to compare with one; an estimate."""
        constraint: Any = self.constraint
        layers = getattr(constraint.subject, "layers", ())
        bound = self.place.bound
        parts = [*bound.unions, bound.exclude, operands(constraint), layers]
        dear = int(constraint.shape in _DEAR) + (2 if constraint.modal == "only-may" else 0)
        return 1 + dear + max(map(len, parts)) // 4

    @cached_property
    def sort_key(self) -> tuple[str, int]:
        """Order by where it is written."""
        return self.path, self.constraint.span.offset

    @property
    def span(self) -> Span:
        """What to point at: the sentence."""
        return self.constraint.span

    @cached_property
    def own_files(self) -> tuple[str, ...]:
        """The files that an import constraint's own operands are."""
        if not isinstance(self.constraint, Import):
            return ()
        found: list[str] = []
        for operand in self.constraint.operands:
            if operand.sort == "files":
                found += [glob.text for glob in operand.globs]
            elif "/" not in operand.text and ":" not in operand.text:
                found += module_files((operand.text,), self.ground)
        return tuple(found)

    @cached_property
    def judged(self) -> "Claim":
        """The same without the operand's own files: imports among them are not judged."""
        if not self.own_files:
            return self
        bound = self.place.bound.without(self.own_files)
        return replace(self, place=replace(self.place, bound=bound))

    def bound(self, operand: Named | None = None) -> Region:
        """Return where the constraint binds as to an operand, permitted places taken out.

        More may be taken out than is permitted, never less, so that no conflict is invented.
        """
        region = self.place.bound
        for permission in self.permissions:
            granted = operands(permission.grant)
            if operand is None or not granted or any(_touch(operand, g) for g in granted):
                unions = place(permission.grant, self.ground).named.unions
                region = region.without(unions[0] if unions else ("**",))
        return region


def _touch(one: Named, other: Named) -> bool:
    return meet(one, other) is not None or meet(other, one) is not None


def make_claim(  # noqa: PLR0917 - the parts of a claim, each once
    path: str,
    decision: str,
    constraint: Constraint,
    permissions: Sequence[Permission] = (),
    proposed: bool = False,
    ground: Ground | None = None,
) -> Claim:
    """Put a constraint into its place."""
    ground = ground or Ground()
    return Claim(
        path,
        f"{decision}/{constraint.id}",
        constraint,
        place(constraint, ground),
        tuple(permissions),
        proposed,
        ground,
    )


def coincide(one: Constraint, other: Constraint, as_of: date) -> bool:
    """Tell whether there is a day, from `as_of` on, on which both are in force."""
    starts = [day for day in (one.from_, other.from_) if day is not None]
    ends = [day for day in (one.until, other.until) if day is not None]
    return not ends or max([as_of, *starts]) <= min(ends)


# --- what subjects have in common --------------------------------------------------------------


def subjects_meet(one: Constraint, other: Constraint) -> bool:
    """Tell whether, files apart, something is a subject of both for certain."""
    mine, theirs = one.subject, other.subject
    if isinstance(mine, EntitiesSubject) and isinstance(theirs, EntitiesSubject):
        return mine.entity == theirs.entity and _filters_meet(mine, theirs)
    if isinstance(mine, CallsSubject) and isinstance(theirs, CallsSubject):
        return any(
            pattern_within(a, b, False) or pattern_within(b, a, False)
            for a in mine.patterns
            for b in theirs.patterns
        )
    if isinstance(mine, ImportsSubject) and isinstance(theirs, ImportsSubject):
        return any(meet(a, b) for a in mine.modules for b in theirs.modules)
    if isinstance(mine, CommandSubject) and isinstance(theirs, CommandSubject):
        return bool({c.text for c in mine.commands} & {c.text for c in theirs.commands})
    if isinstance(mine, AgentsSubject) and isinstance(theirs, AgentsSubject):
        classes = {c.text for c in mine.classes}
        return not classes or not theirs.classes or bool(classes & {c.text for c in theirs.classes})
    return _kin(one, other)


_KIN = (
    frozenset({"modules", "code", "entities", "calls", "imports"}),
    frozenset({"project", "manifests", "dependencies"}),
)


def _kin(one: Constraint, other: Constraint) -> bool:
    nouns = {one.subject.noun, other.subject.noun}
    return len(nouns) == 1 or any(nouns <= kin for kin in _KIN)


def _filters_meet(one: EntitiesSubject, other: EntitiesSubject) -> bool:
    """Tell whether the filters of one are among the other's, so that something passes both."""
    mine, theirs = _filters(one), _filters(other)
    return mine <= theirs or theirs <= mine


def _filters(subject: EntitiesSubject) -> frozenset[tuple[str, tuple[str, ...]]]:
    # A list within a filter is a union: only the very same list is the same filter.
    parts = {
        "matching": tuple(sorted(f"{n.form}:{n.text}" for n in subject.matching)),
        "inheriting": tuple(sorted(p.text for p in subject.inheriting)),
        "decorated": tuple(
            sorted(p.text.lstrip("@").removesuffix("()") for p in subject.decorated)
        ),
    }
    return frozenset((key, value) for key, value in parts.items() if value)


def subject_within(inner: Constraint, outer: Constraint) -> bool:
    """Tell whether, files apart, all subjects of `inner` are subjects of `outer`."""
    mine, theirs = inner.subject, outer.subject
    if isinstance(mine, EntitiesSubject) and isinstance(theirs, EntitiesSubject):
        return mine.entity == theirs.entity and _filters(theirs) <= _filters(mine)
    if isinstance(mine, CallsSubject) and isinstance(theirs, CallsSubject):
        return all(any(pattern_within(a, b, False) for b in theirs.patterns) for a in mine.patterns)
    if isinstance(mine, ImportsSubject) and isinstance(theirs, ImportsSubject):
        return {m.text for m in mine.modules} <= {m.text for m in theirs.modules}
    if isinstance(mine, CommandSubject) and isinstance(theirs, CommandSubject):
        return {c.text for c in mine.commands} <= {c.text for c in theirs.commands}
    if isinstance(mine, AgentsSubject) and isinstance(theirs, AgentsSubject):
        classes = {c.text for c in theirs.classes}
        return not classes or (bool(mine.classes) and {c.text for c in mine.classes} <= classes)
    if mine.noun == theirs.noun:
        return True
    return {mine.noun, theirs.noun} <= {"modules", "code"}


def meeting(one: Claim, other: Claim, operand: Named | None = None) -> str | None:
    """Return a path of a file that both constraints judge, or None."""
    if not subjects_meet(one.constraint, other.constraint):
        return None
    common = one.bound(operand) & other.bound(operand)
    subjects = one.constraint.subject, other.constraint.subject
    if all(subject.noun in _KIN[0] for subject in subjects):
        return _source_file(common)
    if any(isinstance(subject, ProjectSubject) for subject in subjects):
        return witness(_plain_manifest(common)) or witness(common)
    return witness(common)


def _source_file(region: Region) -> str | None:
    """Return a source file of the region, a Python one where there are some."""
    for ending in ENDINGS.values():
        found = witness(region.within((ending,)))
        if found is not None:
            return found
    return None


def _plain_manifest(region: Region) -> Region:
    return region.within(("pyproject.toml", "package.json", "go.mod", "Cargo.toml", "pom.xml"))
