"""How truly a target says what a constraint means."""

from typing import Literal, NamedTuple


class Fidelity(NamedTuple):
    """How truly a target says what a constraint means.

    `errs` is the direction of an approximation: it misses violations, reports kept code, or both.
    `rules` are the names under which the target's own output speaks of the constraint.
    """

    level: Literal["exact", "approximate", "unsupported"]
    reason: str | None = None
    errs: Literal["misses", "over-reports", "both"] | None = None
    rules: tuple[str, ...] = ()
