"""A constraint in its place: what judges are handed, light enough for a tool call's check."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bylaw.area import Area

if TYPE_CHECKING:
    from bylaw.ir import Constraint, Language, Permission, Waiver


class ScopedConstraint(NamedTuple):
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
    tests: tuple[str, ...] = ()
    """The configured globs of test files; empty where the language's own hold."""
