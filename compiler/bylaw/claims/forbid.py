"""What the constraints forbid a task: paths, states of files, commands, levels, amounts."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import cast

from bylaw.area import Area
from bylaw.check.judges.phrases import either
from bylaw.check.judges.spoken import is_run_with, simple, words_of
from bylaw.check.recorded import USUAL_CLASSES, classes_of
from bylaw.claims.commands import why_banned
from bylaw.claims.model import Budget
from bylaw.claims.places import covers, exactly, forbidden
from bylaw.claims.read import Claim
from bylaw.claims.task import Task, refuse
from bylaw.diagnostics import Code, Report, Severity
from bylaw.ir import AgentAutonomy, AgentChange, AgentLimit, AgentRead, AgentRun
from bylaw.record.history import level_number
from bylaw.scoped import ScopedConstraint

UNKNOWN_CLASS = Code("BL563", "unknown-agent-class", Severity.ERROR)
FORBIDDEN_PATH = Code("BL564", "forbidden-path", Severity.ERROR)
WRONG_STATE = Code("BL565", "claim-does-not-fit-tree", Severity.ERROR)
UNREAD_CLAIM = Code("BL567", "claim-without-reading", Severity.ERROR)
OVER_LIMIT = Code("BL568", "claim-over-limit", Severity.ERROR)
FORBIDDEN_COMMAND = Code("BL569", "forbidden-command", Severity.ERROR)
FORBIDDEN_LEVEL = Code("BL570", "forbidden-autonomy", Severity.ERROR)

_UNDECIDED = "whether a path can be in both cannot be decided; write a simpler glob"


def check_class(task: Task, report: Report) -> None:
    """Report a class that no sentence knows, and that none is named where sentences do."""
    named = classes_of(scoped.constraint.subject for scoped in task.constraints)
    span = task.sheet.span("class")
    listing = "the classes are " + ", ".join(
        f"`{name}`" for name in sorted({*named, *USUAL_CLASSES})
    )
    if task.agent is None and named:
        report.add(
            UNKNOWN_CLASS,
            "the claims do not say of which class the agent is",
            task.sheet.span("task"),
            help=f"write `class`, or say `--agent`; {listing}",
        )
    elif named and task.agent not in {*named, *USUAL_CLASSES}:
        report.add(UNKNOWN_CLASS, f"no sentence knows the class `{task.agent}`", span, help=listing)


def check_state(task: Task, report: Report) -> None:
    """Report what is claimed of a file that is not as the claim says."""
    for claim in task.claims:
        found = task.holdings.matching(claim.text)
        if claim.verb == "create":
            if task.holdings.is_file(claim.text) and found:
                report.add(
                    WRONG_STATE,
                    f"`{claim.text}` is to be created, and is there already",
                    claim.span,
                    help="claim it under `edit`",
                )
            continue
        made = claim.verb == "read" and _is_created(task, claim)
        if not found and not made:
            what = {"edit": "edited", "delete": "deleted", "read": "read"}[claim.verb]
            report.add(
                WRONG_STATE,
                f"`{claim.text}` is to be {what}, and holds no file",
                claim.span,
                help=_instead(task, claim),
            )


def _instead(task: Task, claim: Claim) -> str:
    near = get_close_matches(claim.text, task.evidence.tree.files, n=1, cutoff=0.8)
    if near:
        return f"did you mean `{near[0]}`?"
    if claim.verb == "edit" and task.holdings.is_file(claim.text):
        return "claim it under `create`"
    return "see how it is spelt: a path starts at the root, and case counts"


def _is_created(task: Task, claim: Claim) -> bool:
    return any(
        other.verb == "create" and task.holdings.holds(other.text, claim.text)
        for other in task.changes
    )


# --- where -------------------------------------------------------------------------------------


def check_paths(task: Task, report: Report) -> None:
    """Report each claim that can hold a path which its agent must not change."""
    for scoped in task.of_shape("agent-change"):
        constraint = cast("AgentChange", scoped.constraint)
        globs = tuple(glob.text for glob in constraint.globs)
        only = constraint.modal == "must-only"
        for claim in task.changes:
            sides = {"outside": globs} if only else {"inside": globs}
            found = task.meets(claim, scoped, **sides)
            if found is not None:
                who = f"an agent of class `{task.agent}`" if task.agent else "an agent"
                message = f"{who} must not {claim.verb} {_named(task, claim, found)}"
                advice = f"claim paths in {either(globs)}" if only else "leave it to a person"
                if found == "?":
                    advice = _UNDECIDED
                refuse(report, FORBIDDEN_PATH, message, claim.span, scoped, advice=advice)


def _named(task: Task, claim: Claim, found: str) -> str:
    if task.holdings.is_file(claim.text):
        return f"`{claim.text}`"
    return f"all of `{claim.text}`" + ("" if found == "?" else f", such as `{found}`")


def check_reading(task: Task, report: Report) -> None:
    """Report claims to change what has to be read for, without a claim to read that."""
    reads = [task.holdings.glob(c.text) for c in task.claims if c.verb in {"read", "create"}]
    for scoped in task.of_shape("agent-read"):
        constraint = cast("AgentRead", scoped.constraint)
        guarded = tuple(glob.text for glob in constraint.globs)
        lacking = [f.text for f in constraint.files if not _is_read(task, f.text, reads)]
        if not lacking or (constraint.quantifier == "any" and len(lacking) < len(constraint.files)):
            continue
        for claim in task.changes:
            found = task.meets(claim, scoped, guarded)
            if found is not None:
                verb = claim.verb
                message = (
                    f"who claims to {verb} {_named(task, claim, found)} "
                    f"has to claim to read {either(lacking)}"
                )
                advice = f'add `read = ["{lacking[0]}"]`'
                refuse(report, UNREAD_CLAIM, message, claim.span, scoped, advice=advice)
                break


def _is_read(task: Task, glob: str, reads: Sequence[str]) -> bool:
    """Tell whether claims hold all that a glob means: its files, or the file that it names."""
    files = task.holdings.matching(glob)
    return all(covers(reads, exactly(path)) for path in files or [glob.rstrip("/")])


# --- what is run -------------------------------------------------------------------------------


def check_commands(task: Task, report: Report) -> None:
    """Report claimed commands that must not run, and those that must and are not claimed."""
    for scoped in task.of_shape("agent-run"):
        constraint = cast("AgentRun", scoped.constraint)
        if not _works_in(task, scoped):
            continue
        commands = [command.text for command in constraint.commands]
        if constraint.modal == "must-not":
            _check_banned(task, scoped, commands, report)
            continue
        claimed = [words for text in task.sheet.claims.commands for words in simple(text)]
        lacking = [c for c in commands if not any(is_run_with(w, words_of(c)) for w in claimed)]
        any_will_do = constraint.quantifier == "any" and len(lacking) < len(commands)
        if lacking and task.changes and not any_will_do:
            report_lacking = either(lacking)
            refuse(
                report,
                FORBIDDEN_COMMAND,
                f"the task has to run {report_lacking}, and does not claim it",
                task.sheet.span("commands") or task.sheet.span("task"),
                scoped,
                advice=f'add `commands = ["{lacking[0]}"]`',
            )


def _check_banned(
    task: Task, scoped: ScopedConstraint, commands: Sequence[str], report: Report
) -> None:
    for index, text in enumerate(task.sheet.claims.commands):
        for command in commands:
            why = why_banned(text, words_of(command), task.evidence.tree)
            if why is not None:
                message = f"an agent must not run `{command}`, as `{text}` {why}"
                span = task.sheet.span("commands", index)
                refuse(report, FORBIDDEN_COMMAND, message, span, scoped, advice="leave it out")


def _works_in(task: Task, scoped: ScopedConstraint) -> bool:
    """Tell whether a sentence speaks of where the task works."""
    if not task.changes:
        area = task.area(scoped)
        return not (area.include or area.within or "**" in area.exclude)
    return any(task.meets(claim, scoped) is not None for claim in task.changes)


# --- how much, and how freely ------------------------------------------------------------------

_BUDGET = {
    "files": "files",
    "lines": "lines",
    "tokens": "tokens",
    "minutes": "minutes",
    "USD": "usd",
    "failed attempts": "failed_attempts",
}


def check_limits(task: Task, report: Report) -> None:
    """Report a budget above a limit, and more files than a limit lets an agent change."""
    budget = task.sheet.claims.budget
    for scoped in task.of_shape("agent-limit"):
        constraint = cast("AgentLimit", scoped.constraint)
        concerned = [c for c in task.changes if task.meets(c, scoped) is not None]
        if not concerned and not _works_in(task, scoped):
            continue
        allowed = _allowed(task, scoped, constraint, concerned)
        field = _BUDGET[constraint.unit]
        claimed = getattr(budget, field)
        span = task.sheet.span("budget", field.replace("_", "-"))
        what = f"the claims are of {claimed} {constraint.unit}"
        if claimed is None and constraint.unit == "files":
            claimed, what = _files(task, concerned, budget)
            span = concerned[0].span if concerned else None
        if claimed is not None and claimed > allowed:
            message = f"{what}, and {allowed} are allowed"
            advice = "split the task, or claim less"
            refuse(report, OVER_LIMIT, message, span, scoped, advice=advice)


def _allowed(
    task: Task, scoped: ScopedConstraint, constraint: AgentLimit, claims: Sequence[Claim]
) -> int:
    """Return how much a limit allows, or a permission that is for all that is claimed."""
    grants = [g for g in task.grants(scoped) if isinstance(g, AgentLimit)]
    for claim in claims:
        held = list(task.grants_at(scoped, claim))
        grants = [grant for grant in grants if grant in held]
    counts = [grant.count for grant in grants if grant.unit == constraint.unit]
    return max([constraint.count, *counts])


def _files(task: Task, claims: Sequence[Claim], budget: Budget) -> tuple[float, str]:
    """Return how many files claims hold; those with a wildcard may hold any number."""
    endless = [claim for claim in claims if not task.holdings.is_file(claim.text)]
    if endless and budget.files is None:
        what = f"`{endless[0].text}` can hold any number of files without `budget.files`"
        return float("inf"), what
    return len(claims), f"the claims are of {len(claims)} files"


def check_level(task: Task, report: Report) -> None:
    """Report a level of autonomy above one that binds where the task works, or is configured."""
    _check_configured(task, report)
    for scoped in task.of_shape("agent-autonomy"):
        _check_binding(task, scoped, report)


def _check_configured(task: Task, report: Report) -> None:
    if task.level is None:
        return
    if task.configured is not None and level_number(task.level) > level_number(task.configured):
        report.add(
            FORBIDDEN_LEVEL,
            f"autonomy `{task.level}` is above `{task.configured}`, which is configured",
            task.sheet.span("autonomy"),
            help="claim that, or have the configuration changed",
        )
    for glob, level in task.configured_at:
        for claim in task.changes:
            found, decided = forbidden(task.holdings.glob(claim.text), Area((glob,)))
            met = found is not None or not decided
            if met and level_number(task.level) > level_number(level):
                where = _named(task, claim, found or "?")
                report.add(
                    FORBIDDEN_LEVEL,
                    f"autonomy `{task.level}` is above `{level}`, which is configured at {where}",
                    task.sheet.span("autonomy") or claim.span,
                    help=f'claim `autonomy = "{level}"`, or leave those paths out',
                )
                break


def _check_binding(task: Task, scoped: ScopedConstraint, report: Report) -> None:
    for claim in task.changes:
        found = task.meets(claim, scoped)
        if found is None:
            continue
        granted = task.grants_at(scoped, claim)
        levels = [each.level for each in granted if isinstance(each, AgentAutonomy)]
        levels.append(cast("AgentAutonomy", scoped.constraint).level)
        highest = max(levels, key=level_number)
        where = _named(task, claim, found)
        advice = f'claim `autonomy = "{highest}"`, or leave those paths out'
        if task.level is None:
            message = f"the claims name no autonomy, and {where} asks for `{highest}`"
            span = task.sheet.span("task")
            refuse(report, FORBIDDEN_LEVEL, message, span, scoped, advice=advice)
            break
        if level_number(task.level) > level_number(highest):
            message = f"autonomy `{task.level}` is above `{highest}`, which binds at {where}"
            span = task.sheet.span("autonomy") or claim.span
            refuse(report, FORBIDDEN_LEVEL, message, span, scoped, advice=advice)
            break
