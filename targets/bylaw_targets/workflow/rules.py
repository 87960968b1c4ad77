"""What one constraint adds to `workflow.yaml`."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from bylaw.ir import (
    AgentAutonomy,
    AgentChange,
    AgentLimit,
    AgentRead,
    AgentRun,
    AgentsSubject,
    Approve,
    CiRun,
    CommandPass,
    CommandSubject,
    Constraint,
    KeyBound,
    KeysSubject,
)
from bylaw.scope import ScopedConstraint, ScopedDecision
from bylaw.visible import visible
from bylaw_targets.workflow.model import (
    Approval,
    Checkpoint,
    Command,
    Lane,
    Limit,
    Paths,
    Reading,
    Rule,
)


def rule_of(scoped: ScopedConstraint, decision: ScopedDecision) -> tuple[str, Rule] | None:
    """Return the section that a constraint belongs to and what it says there."""
    constraint = scoped.constraint
    base = _base(scoped, decision)
    if isinstance(constraint, AgentAutonomy):
        return "checkpoints", Checkpoint(**base, autonomy=constraint.level)
    if isinstance(constraint, AgentChange):
        may: Literal["only", "not"] = "only" if constraint.modal == "must-only" else "not"
        return "lanes", Lane(**base, may=may, globs=_texts(constraint.globs))
    if isinstance(constraint, AgentLimit):
        unit: Any = constraint.unit.lower().replace(" ", "-")
        return "limits", Limit(**base, unit=unit, at_most=constraint.count)
    if isinstance(constraint, Approve):
        return "approvals", Approval(
            **base,
            by=_texts(constraint.approvers),
            join=constraint.quantifier,
            count=constraint.count,
        )
    if isinstance(constraint, AgentRead):
        return "reading", Reading(
            **base,
            read=_texts(constraint.files),
            join=constraint.quantifier,
            before=_texts(constraint.globs),
        )
    return _command(constraint, base)


def _command(constraint: Constraint, base: Mapping[str, Any]) -> tuple[str, Command] | None:
    must = constraint.modal != "must-not"
    if isinstance(constraint, AgentRun):
        commands, join, when = constraint.commands, constraint.quantifier, constraint.when
        found = Command(**base, run=_texts(commands), join=join, when=when, must=must)
    elif isinstance(constraint, CiRun):
        commands, join = constraint.commands, constraint.quantifier
        found = Command(**base, run=_texts(commands), join=join, when="ci", must=must)
    elif isinstance(constraint, CommandPass) and isinstance(constraint.subject, CommandSubject):
        commands = constraint.subject.commands
        found = Command(**base, run=_texts(commands), join="all", when="gate", must=must)
    else:
        return None
    return "commands", found


def coverage_of(constraint: Constraint) -> float | None:
    """Return the least coverage that a sentence demands of a tool's own setting."""
    if not isinstance(constraint, KeyBound) or constraint.bound != "at-least":
        return None
    subject = constraint.subject
    if not isinstance(subject, KeysSubject) or not all(
        key.segments and key.segments[-1] == "fail_under" for key in subject.keys
    ):
        return None
    try:
        floor = float(constraint.value.text)
    except ValueError:
        return None
    return floor if 0 <= floor <= 100 else None


def is_general(rule: Rule) -> bool:
    """Tell whether a rule is of all agents everywhere, so that a gate can hold it."""
    everywhere = not (rule.paths.include or rule.paths.within or rule.paths.exclude)
    return everywhere and not rule.classes and rule.strength == "error"


def _base(scoped: ScopedConstraint, decision: ScopedDecision) -> dict[str, Any]:
    constraint = scoped.constraint
    subject = constraint.subject
    classes = _texts(subject.classes) if isinstance(subject, AgentsSubject) else ()
    area = scoped.area
    return {
        "constraint": scoped.full_id,
        "sentence": visible(constraint.sentence),
        "source": f"{visible(decision.decision.path)}:{constraint.span.line}",
        "strength": constraint.severity,
        "classes": classes,
        "others": not classes or constraint.modal == "only-may",
        "paths": Paths(include=area.include, within=area.within, exclude=area.exclude),
    }


def _texts(operands: Iterable[Any]) -> tuple[str, ...]:
    return tuple(operand.text for operand in operands)
