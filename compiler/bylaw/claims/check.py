"""A task's claims compiled against the constraints, fail closed, before its work starts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from bylaw.claims.files import check_files
from bylaw.claims.forbid import (
    check_class,
    check_commands,
    check_level,
    check_limits,
    check_paths,
    check_reading,
    check_state,
)
from bylaw.claims.task import Task
from bylaw.diagnostics import Report
from bylaw.ir import AgentLimit, Approve
from bylaw.scoped import ScopedConstraint


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a sentence asks for and claims cannot bring: an approval, a limit to keep.

    `paths` are the claims that it is about.
    """

    what: str
    scoped: ScopedConstraint
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a task may start: approvals that its change will need, limits that bind."""

    approvals: tuple[Need, ...] = ()
    limits: tuple[Need, ...] = ()


def check_claims(task: Task, report: Report) -> Terms:
    """Report what the constraints forbid of a task's claims, and return the terms they set."""
    check_class(task, report)
    check_state(task, report)
    check_deeds(task, report)
    return Terms(tuple(_approvals(task)), tuple(_limits(task)))


def check_deeds(task: Task, report: Report) -> None:
    """Report what the constraints forbid of paths, commands, level and amounts."""
    for check in (
        check_paths,
        check_files,
        check_reading,
        check_commands,
        check_limits,
        check_level,
    ):
        check(task, report)


def _approvals(task: Task) -> list[Need]:
    found = []
    for scoped in task.of_shape("approve"):
        constraint = cast("Approve", scoped.constraint)
        paths = tuple(c.text for c in task.changes if task.meets(c, scoped) is not None)
        if paths:
            named = [f"`{approver.text}`" for approver in constraint.approvers]
            what = _joined(named, "and" if constraint.quantifier == "all" else "or")
            what = f"{constraint.count} of {what}" if constraint.count > 1 else what
            found.append(Need(what, scoped, paths))
    return found


def _limits(task: Task) -> list[Need]:
    found = []
    for scoped in task.of_shape("agent-limit"):
        constraint = cast("AgentLimit", scoped.constraint)
        paths = tuple(c.text for c in task.changes if task.meets(c, scoped) is not None)
        if paths:
            found.append(Need(f"{constraint.count} {constraint.unit}", scoped, paths))
    return found


def _joined(parts: Sequence[str], word: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"
