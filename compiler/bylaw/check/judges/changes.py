"""What the judges of a change share: the change, or why there is none, and what it touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bylaw.check.areas import judged_area
from bylaw.check.change import Change
from bylaw.check.evidence import Evidence, area_test
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.scoped import ScopedConstraint


def change_of(evidence: Evidence) -> Change:
    """Return the change under check; UnevaluableError where there is no base."""
    if evidence.change is None:
        raise UnevaluableError(
            "there is no base to compare with", help="name what to compare with: `--base`"
        )
    return evidence.change


def touched_in(scoped: ScopedConstraint, evidence: Evidence) -> tuple[str, ...]:
    """Return the paths that the change touches and the constraint speaks of, sorted."""
    is_in_area = area_test(judged_area(scoped, evidence))
    return tuple(path for path in change_of(evidence).touched if is_in_area(path))
