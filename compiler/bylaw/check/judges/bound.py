"""What the judges of agents share: whom a sentence binds, where they worked, what is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bylaw.check.areas import judged_area
from bylaw.check.evidence import NO_AGENT, Evidence, area_test
from bylaw.check.judges.changes import touched_in
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.record.history import Record
    from bylaw.scoped import ScopedConstraint


def is_bound(scoped: ScopedConstraint, evidence: Evidence) -> bool:
    """Tell whether the constraint binds the agent that made the change.

    ``Only agents of class `A` MAY …`` binds all others. Raises UnevaluableError where no agent is
    said to have made the change; none binds a person.
    """
    subject = scoped.constraint.subject
    if subject.noun != "agents":
        raise TypeError(subject.noun)
    others = scoped.constraint.modal == "only-may"
    if evidence.agent is None and evidence.record is not None and not subject.classes:
        # Whoever leaves a record is an agent, of whatever class.
        return not others
    if evidence.agent is None:
        raise UnevaluableError(
            "the record does not say of which class the agent is"
            if evidence.record is not None
            else "no agent is said to have made the change",
            help="name the class of the agent with `--agent`, or say `--no-agent` of a person's "
            "change",
        )
    if evidence.agent == NO_AGENT:
        return False
    named = not subject.classes or evidence.agent in {name.text for name in subject.classes}
    return named != others


def record_of(evidence: Evidence) -> Record:
    """Return what is recorded; UnevaluableError where nothing is, or nobody can believe it."""
    if evidence.record is None:
        raise UnevaluableError(
            "it needs a record of the agent's tool calls",
            help="hand one in with `--record`",
        )
    if evidence.record.broken is not None:
        raise UnevaluableError(
            evidence.record.broken, help="hand in the record as the checkpoint has written it"
        )
    return evidence.record


def worked_in(scoped: ScopedConstraint, evidence: Evidence) -> tuple[str, ...]:
    """Return the paths that the agent has changed and the constraint speaks of, sorted.

    What was done and undone is no part of the change. Without a base, what is recorded counts.
    """
    if evidence.change is not None or evidence.record is None:
        return touched_in(scoped, evidence)
    is_in_area = area_test(judged_area(scoped, evidence))
    return tuple(sorted(filter(is_in_area, record_of(evidence).changed)))


def unknown_to(record: Record, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of changed paths of whose change the record tells nothing."""
    return tuple(path for path in paths if path not in record.changed)
