"""Risk tiers: how much a change of a path can do, as the sentences and the configuration say.

Sentences come first. An approval by two people, or by each of several, makes a path high; one
approval makes it medium. Where agents may not change a path, or those of class `C` only, it is
high; where they have to work at `assisted` it is high, at `supervised` medium. What agents of class
`A` are kept to is low. The configuration speaks where they are silent, and may raise a tier that a
sentence gives, but never lower it. It imports nothing that is slow to load.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from bylaw.area import Area
from bylaw.globs import matcher
from bylaw.tree import area_test

if TYPE_CHECKING:
    from bylaw.config_approvals import ApprovalsTable
    from bylaw.ir import Constraint
    from bylaw.scoped import ScopedConstraint

Tier: TypeAlias = Literal["low", "medium", "high"]

TIERS: tuple[Tier, ...] = ("low", "medium", "high")
"""From the least to the greatest."""

REQUIRED: dict[Tier, int] = {"low": 0, "medium": 1, "high": 2}
"""How many approvals a change of a tier needs, where the configuration does not say."""


@dataclass(frozen=True, slots=True)
class TierRules:
    """What the configuration says of tiers; ids of constraints stand among the globs.

    `required` is empty where the configuration does not ask for approvals by tier.
    """

    low: tuple[str, ...] = ()
    medium: tuple[str, ...] = ()
    high: tuple[str, ...] = ()
    default: Tier = "medium"
    required: tuple[tuple[Tier, int], ...] = ()

    def globs(self, tier: Tier) -> tuple[str, ...]:
        """Return the globs and ids that are of a tier."""
        found: tuple[str, ...] = getattr(self, tier)
        return found


@dataclass(frozen=True, slots=True)
class Risk:
    """A tier, and who says so: full ids of constraints, globs of the configuration, or nobody."""

    tier: Tier
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeRisk:
    """The risk of a change, how many approvals it needs by the configuration, and how many it has.

    `required` is None where the configuration does not ask for any by tier, `approvals` where it is
    not known who has approved.
    """

    tier: Tier
    because: tuple[str, ...] = ()
    required: int | None = None
    approvals: int | None = None


@dataclass(frozen=True)
class Risks:
    """What tells the risk of paths: the constraints in force, and the configuration."""

    constraints: tuple[ScopedConstraint, ...] = ()
    rules: TierRules = field(default_factory=TierRules)

    def of(self, path: str) -> Risk:
        """Return the risk of changing one path."""
        found = [(tier, who) for tier, who, test in self._said if test(path)]
        if not found:
            return Risk(self.rules.default)
        top = max((tier for tier, _ in found), key=TIERS.index)
        return Risk(top, tuple(sorted({who for tier, who in found if tier == top})))

    def of_all(self, paths: Iterable[str]) -> Risk:
        """Return the risk of a change: that of its riskiest path; nothing is low."""
        risks = [self.of(path) for path in paths]
        if not risks:
            return Risk("low")
        top = max((risk.tier for risk in risks), key=TIERS.index)
        return Risk(top, tuple(sorted({w for r in risks if r.tier == top for w in r.because})))

    def required(self, tier: Tier) -> int:
        """Return how many approvals a change of a tier needs; more for more risk, never fewer."""
        asked = {**REQUIRED, **dict(self.rules.required)}
        return max(asked[each] for each in TIERS[: TIERS.index(tier) + 1])

    @cached_property
    def _said(self) -> list[tuple[Tier, str, Callable[[str], bool]]]:
        found = [
            (tier, scoped.full_id, area_test(area))
            for scoped in self.constraints
            for tier, area in tiers_of(scoped)
        ]
        by_id = {scoped.full_id: scoped for scoped in self.constraints}
        for tier in TIERS:
            for entry in self.rules.globs(tier):
                named = by_id.get(entry)
                test = area_test(named.area) if named else matcher((entry,))
                found.append((tier, entry, test))
        return found


def risk_of(
    paths: Iterable[str], constraints: Iterable[ScopedConstraint], rules: TierRules | None = None
) -> Risk:
    """Return the risk of a change of these paths; `Risks` is for those who ask more than once."""
    return Risks(tuple(constraints), rules or TierRules()).of_all(paths)


def tiers_of(scoped: ScopedConstraint) -> Iterator[tuple[Tier, Area]]:
    """Yield the tiers that a constraint gives, each with the places that it gives it to."""
    constraint = scoped.constraint
    if not scoped.active or constraint.severity != "error":
        return
    if constraint.shape == "approve":
        several = constraint.count > 1 or (
            constraint.quantifier == "all" and len(constraint.approvers) > 1
        )
        yield "high" if several else "medium", scoped.area
    elif constraint.shape == "agent-autonomy":
        if constraint.level in ("assisted", "supervised"):
            yield "high" if constraint.level == "assisted" else "medium", scoped.area
    elif constraint.shape == "agent-change":
        yield from _of_agents(scoped, constraint)


def _of_agents(scoped: ScopedConstraint, constraint: Constraint) -> Iterator[tuple[Tier, Area]]:
    subject = constraint.subject
    classes = {name.text for name in getattr(subject, "classes", ())}
    globs = tuple(glob.text for glob in getattr(constraint, "globs", ()))
    area = Area(globs, scoped.area.include, scoped.area.exclude)
    if constraint.modal == "must-only" and classes == {"A"}:
        yield "low", area
    elif (constraint.modal == "must-not" and not classes) or (
        constraint.modal == "only-may" and classes == {"C"}
    ):
        yield "high", area


def rules_of(table: ApprovalsTable) -> TierRules:
    """Return what a configuration's table `[approvals]` says of tiers."""
    counts = table.required
    asked = (("low", counts.low), ("medium", counts.medium), ("high", counts.high))
    return TierRules(
        table.low,
        table.medium,
        table.high,
        table.default,
        tuple((tier, count) for tier, count in asked if count is not None),  # type: ignore[misc] # its tiers
    )
