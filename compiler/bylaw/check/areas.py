"""The files of the tree that a constraint is judged on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bylaw.area import Area
from bylaw.check.evidence import Evidence, area_test
from bylaw.languages import held_languages, language_of
from bylaw.places import area_of

if TYPE_CHECKING:
    from bylaw.ir import Language
    from bylaw.scoped import ScopedConstraint

_CODE = frozenset({"import", "use", "have"})


def judged_area(scoped: ScopedConstraint, evidence: Evidence) -> Area:
    """Return the area that a constraint is judged in.

    Waived and permitted places are in it: what is found there is excused afterwards, and said.
    """
    return area_of(scoped.constraint, evidence.layout, evidence.tests or scoped.tests)


def is_judged(scoped: ScopedConstraint, path: str, evidence: Evidence) -> bool:
    """Tell whether a constraint is judged on a file, one that the tree need not hold yet."""
    if not area_test(judged_area(scoped, evidence))(path):
        return False
    constraint = scoped.constraint
    if constraint.kind not in _CODE and constraint.subject.noun != "entities":
        return True
    in_modules = constraint.subject.noun in ("modules", "layers")
    named: Language | None = getattr(constraint.subject, "language", None)
    if named is None and in_modules:
        named = "python"
    held = () if in_modules else held_languages(path)
    language = language_of(path)
    if language is not None and named in (None, language):
        return True
    return bool(held) and (named is None or named in held)


def judged_files(scoped: ScopedConstraint, evidence: Evidence) -> tuple[str, ...]:
    """Return the files of the tree that a constraint is judged on, sorted.

    A constraint on code speaks of files in a language that it means; a text beside them is none.
    """
    area = judged_area(scoped, evidence)
    constraint = scoped.constraint
    if constraint.kind not in _CODE and constraint.subject.noun != "entities":
        return evidence.files(area)
    named: Language | None = getattr(constraint.subject, "language", None)
    if named is None and constraint.subject.noun in ("modules", "layers"):
        named = "python"
    found = evidence.code_files(area, named)
    holders = evidence.once(_holders)
    if not holders or constraint.subject.noun in ("modules", "layers"):
        return found
    test = area_test(area)
    held = [
        path for path in holders if (named is None or named in held_languages(path)) and test(path)
    ]
    return tuple(sorted((*found, *held))) if held else found


def _holders(evidence: Evidence) -> tuple[str, ...]:
    """Find the files with code inside that nobody reads, so that they are not passed over."""
    return tuple(path for path in evidence.tree.files if held_languages(path))
