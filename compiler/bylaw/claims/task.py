"""A task in its tree: its claims, who works on it, and the constraints that bind them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bylaw.area import Area
from bylaw.check.evidence import Evidence
from bylaw.claims.model import CHANGES
from bylaw.claims.places import Holdings, forbidden
from bylaw.claims.read import Claim, Sheet
from bylaw.diagnostics import Code, Label, Report, Severity, Span
from bylaw.globs import included
from bylaw.ir import AgentsSubject, Constraint
from bylaw.places import area_of, granted
from bylaw.scoped import ScopedConstraint

# Of these a permission grants more of the same, and not that nothing binds.
_RELAXED = frozenset({"agent-limit", "agent-autonomy"})


@dataclass(frozen=True)
class Task:
    """A file of claims, the class and level of its agent, and what it is held against.

    `claims` are the paths; `evidence` is of the tree before the work; `constraints` are those in
    force. `configured` is the level at which agents of the class work by configuration, and
    `configured_at` those at which they work at most, by glob.
    """

    sheet: Sheet
    claims: tuple[Claim, ...]
    agent: str | None
    level: str | None
    constraints: Sequence[ScopedConstraint]
    evidence: Evidence
    configured: str | None = None
    configured_at: Sequence[tuple[str, str]] = ()

    @cached_property
    def holdings(self) -> Holdings:
        """What the claims hold in the tree before the work."""
        return Holdings(self.evidence.tree.files)

    @cached_property
    def changes(self) -> tuple[Claim, ...]:
        """The claims to create, edit or delete."""
        return tuple(claim for claim in self.claims if claim.verb in CHANGES)

    def of_shape(self, shape: str) -> Iterator[ScopedConstraint]:
        """Yield the constraints of a shape that bind this agent."""
        for scoped in self.constraints:
            if scoped.constraint.shape == shape and self.is_bound(scoped):
                yield scoped

    def is_bound(self, scoped: ScopedConstraint) -> bool:
        """Tell whether a constraint binds an agent of this class; others than on agents do."""
        subject = scoped.constraint.subject
        if not isinstance(subject, AgentsSubject):
            return True
        named = not subject.classes or self.agent in {name.text for name in subject.classes}
        return named != (scoped.constraint.modal == "only-may")

    def area(self, scoped: ScopedConstraint) -> Area:
        """Return where a constraint binds this agent.

        That is without the places of its waivers, and of permissions that are for this class.
        """
        constraint, layout = scoped.constraint, self.evidence.layout
        tests = self.evidence.tests or scoped.tests
        area = area_of(constraint, layout, tests)
        free = [glob.text for waiver in scoped.waivers for glob in waiver.globs]
        if constraint.shape not in _RELAXED:
            for grant in self.grants(scoped):
                free += granted(constraint, grant, layout, tests) or ()
        return Area(area.include, area.within, (*area.exclude, *free))

    def grants(self, scoped: ScopedConstraint) -> Iterator[Constraint]:
        """Yield what permissions grant an agent of this class."""
        for permission in scoped.permissions:
            subject = permission.grant.subject
            classes = subject.classes if isinstance(subject, AgentsSubject) else ()
            if not classes or self.agent in {name.text for name in classes}:
                yield permission.grant

    def grants_at(self, scoped: ScopedConstraint, claim: Claim) -> Iterator[Constraint]:
        """Yield the grants whose places hold all that a claim does."""
        for grant in self.grants(scoped):
            area = area_of(grant, self.evidence.layout, self.evidence.tests or scoped.tests)
            if included((self.holdings.glob(claim.text),), area):
                yield grant

    def meets(
        self,
        claim: Claim,
        scoped: ScopedConstraint,
        inside: Sequence[str] = (),
        outside: Sequence[str] = (),
    ) -> str | None:
        """Return a path that a claim can hold where a constraint binds; `?`: nobody can tell."""
        glob = self.holdings.glob(claim.text)
        found, decided = forbidden(glob, self.area(scoped), inside, outside)
        return found if decided else "?"


def refuse(
    report: Report,
    code: Code,
    message: str,
    span: Span | None,
    scoped: ScopedConstraint,
    *,
    note: str | None = None,
    advice: str | None = None,
) -> None:
    """Report that a sentence forbids what is claimed; of a SHOULD it is a warning."""
    constraint = scoped.constraint
    alternative = f"use {constraint.alternative.text} instead" if constraint.alternative else None
    report.add(
        code,
        f"{message} ({scoped.full_id})",
        span,
        note=note,
        labels=[Label(constraint.span, "says so")],
        help=alternative or advice,
        severity=None if constraint.severity == "error" else Severity.WARNING,
    )
