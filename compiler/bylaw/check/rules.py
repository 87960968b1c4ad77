"""A constraint set in its places: what one run judges by, wherever it was read from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from bylaw.area import TreeFacts
from bylaw.check.judges import sort_of
from bylaw.check.verdict import DecisionRef
from bylaw.config import Config
from bylaw.diagnostics import Diagnostic
from bylaw.digest import sha256
from bylaw.policy import policy_version
from bylaw.scope import ScopedConstraint, ScopedDecision


@dataclass(frozen=True)
class Rules:
    """Decisions that bind, scoped in the tree under check on one day.

    `digests` are those of the files that the decisions were read from, by path. `diagnostics` are
    what is wrong with them. With `sorts` only constraints of these count.
    """

    decisions: tuple[ScopedDecision, ...]
    config: Config
    as_of: date
    layout: TreeFacts
    tests: tuple[str, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    sorts: frozenset[str] | None = None

    @cached_property
    def constraints(self) -> tuple[ScopedConstraint, ...]:
        """All constraints, in the order of decisions and sentences."""
        return tuple(scoped for decision in self.decisions for scoped in decision.constraints)

    @cached_property
    def active(self) -> tuple[ScopedConstraint, ...]:
        """The constraints in force on the day; of two with one id, which is an error, the first."""
        found: dict[str, ScopedConstraint] = {}
        for scoped in self.constraints:
            if scoped.active and (self.sorts is None or sort_of(scoped.constraint) in self.sorts):
                found.setdefault(scoped.full_id, scoped)
        return tuple(found.values())

    @cached_property
    def by_id(self) -> Mapping[str, ScopedConstraint]:
        """The constraints in force, by full id."""
        return {scoped.full_id: scoped for scoped in self.active}

    @property
    def inactive(self) -> tuple[str, ...]:
        """The ids of constraints outside their days."""
        return tuple(scoped.full_id for scoped in self.constraints if not scoped.active)

    @cached_property
    def refs(self) -> Mapping[str, DecisionRef]:
        """What reports say of the decisions, by id."""
        found: dict[str, DecisionRef] = {}
        for each in self.decisions:
            node = each.decision
            found.setdefault(node.id, DecisionRef(node.id, node.path, node.title))
        return found

    @property
    def key(self) -> str:
        """A digest of all that decides what is found in a file, besides its bytes."""
        return sha256("\0".join(self._parts()).encode("utf-8", "surrogateescape")).hexdigest()

    def _parts(self) -> Iterator[str]:
        for path, digest in sorted(self.digests.items()):
            yield f"{path} {digest}"
        yield from (scoped.full_id for scoped in self.active)
        yield from ("", *self.tests, "", *self.layout.source_roots)
        yield from ("", *sorted(self.layout.modules), "", *self.layout.tops)
        yield f"{self.config.default_status} {self.config.max_file_bytes}"


def version_of_rules(rules: Rules) -> str:
    """Return the policy version of a constraint set in its places; what is proposed is left out."""
    binding = [each for each in rules.decisions if not each.proposed]
    return policy_version(
        ((each.decision.path, each.decision.digest) for each in binding),
        (scoped.full_id for each in binding for scoped in each.constraints if scoped.active),
    )
