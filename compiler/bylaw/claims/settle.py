"""A task's claims settled: what its real diff and its record hold that was not claimed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bylaw.check.change import Change
from bylaw.check.judges.spoken import is_run_with, simple
from bylaw.claims.check import check_deeds
from bylaw.claims.model import Verb
from bylaw.claims.read import Claim
from bylaw.claims.task import Task
from bylaw.diagnostics import Code, Report, Severity
from bylaw.record.history import Record, level_number

UNCLAIMED_PATH = Code("BL571", "unclaimed-path", Severity.ERROR)
UNTOUCHED_CLAIM = Code("BL572", "untouched-claim", Severity.NOTE)
CLAIMED_OTHERWISE = Code("BL573", "claimed-otherwise", Severity.WARNING)
OTHER_AGENT = Code("BL574", "record-of-another-agent", Severity.ERROR)
UNCLAIMED_COMMAND = Code("BL575", "unclaimed-command", Severity.WARNING)
OVER_BUDGET = Code("BL576", "over-budget", Severity.ERROR)
UNKNOWN_SPENDING = Code("BL577", "unknown-spending", Severity.WARNING)

Done = Literal["created", "edited", "deleted"]
_VERBS: dict[Done, Verb] = {"created": "create", "edited": "edit", "deleted": "delete"}

# Whose claims let something else pass, with a word: who may create a file may edit it. Nobody who
# did not say so may delete.
_ALSO: dict[Done, tuple[Verb, ...]] = {
    "created": ("edit",),
    "edited": ("create", "delete"),
    "deleted": (),
}


@dataclass(frozen=True, slots=True)
class Settled:
    """A path that the diff holds, what became of it, and the claim that holds it, if one does."""

    path: str
    done: Done
    claim: Claim | None


def deeds_of(change: Change, further: Sequence[str] = ()) -> dict[str, Done]:
    """Return what a change has made of each path; of a rename both are told.

    `further` are paths that git would add and no tree holds, such as links.
    """
    done: dict[str, Done] = dict.fromkeys(change.modified, "edited")
    done |= dict.fromkeys((*change.added, *change.renamed, *further), "created")
    done |= dict.fromkeys((*change.deleted, *change.renamed.values()), "deleted")
    # A name that one file has left and another has taken is there before and after.
    both = {*change.added, *change.renamed} & {*change.deleted, *change.renamed.values()}
    done |= dict.fromkeys(both, "edited")
    return dict(sorted(done.items()))


def settle_paths(task: Task, done: dict[str, Done], report: Report) -> list[Settled]:
    """Report each path of a diff that no claim holds, and each claim that holds none."""
    settled = [Settled(path, what, _claim_of(task, path, what)) for path, what in done.items()]
    for each in settled:
        if each.claim is None:
            _report_unclaimed(task, each, report)
        elif each.claim.verb != _VERBS[each.done]:
            report.add(
                CLAIMED_OTHERWISE,
                f"`{each.path}` was {each.done}, and `{each.claim.text}` is claimed under "
                f"`{each.claim.verb}`",
                each.claim.span,
                help=f"claim it under `{_VERBS[each.done]}`",
            )
    used = {each.claim for each in settled}
    for claim in task.changes:
        if claim not in used and not _holds_any(task, claim, done):
            report.add(
                UNTOUCHED_CLAIM,
                f"`{claim.text}` is claimed under `{claim.verb}`, and nothing in it has changed",
                claim.span,
            )
    return settled


def _claim_of(task: Task, path: str, done: Done) -> Claim | None:
    """Return the claim that holds what was done to a path: the one for that before another."""
    for verb in (_VERBS[done], *_ALSO[done]):
        for claim in task.changes:
            if claim.verb == verb and task.holdings.holds(claim.text, path):
                return claim
    return None


def _holds_any(task: Task, claim: Claim, done: dict[str, Done]) -> bool:
    return any(task.holdings.holds(claim.text, path) for path in done)


def _report_unclaimed(task: Task, settled: Settled, report: Report) -> None:
    others = [c for c in task.claims if task.holdings.holds(c.text, settled.path)]
    beside = f"; it is claimed under `{others[0].verb}` only" if others else ""
    report.add(
        UNCLAIMED_PATH,
        f"`{settled.path}` was {settled.done}, and no claim says so{beside}",
        others[0].span if others else None,
        help="undo it, or have a wider claim checked: `bylaw claims check`",
    )


def settle_deeds(task: Task, done: dict[str, Done], report: Report) -> None:
    """Report what the constraints forbid of what was really done, as if that had been claimed."""
    reads = tuple(claim for claim in task.claims if claim.verb == "read")
    real = tuple(
        Claim(_VERBS[what], literal(path), task.sheet.span("task")) for path, what in done.items()
    )
    check_deeds(replace(task, claims=(*real, *reads)), report)


def literal(path: str) -> str:
    """Return a claim of a path that holds no other, whatever characters it has."""
    return "".join(f"[{char}]" if char in "*?[{}" else char for char in path)


# --- the record --------------------------------------------------------------------------------


def settle_record(task: Task, record: Record, report: Report) -> None:
    """Report what the record says of the agent and its commands that the claims do not."""
    claims = task.sheet.claims
    for name in sorted(record.agents - {task.agent}) if task.agent is not None else ():
        report.add(
            OTHER_AGENT,
            f"the record is of an agent of class `{name}`, and the claims of `{task.agent}`",
            task.sheet.span("class"),
            help="settle with the record of the session that the claims are for",
        )
    for level in sorted(record.levels):
        if task.level is not None and level_number(level) > level_number(task.level):
            report.add(
                OTHER_AGENT,
                f"the agent worked at autonomy `{level}`, and the claims are of `{task.level}`",
                task.sheet.span("autonomy"),
                help="a level above the one that was checked needs claims of its own",
            )
    claimed = [words for text in claims.commands for words in simple(text)]
    seen: set[str] = set()
    for deed in record.deeds("run"):
        command = " ".join(deed.words)[:80]
        if command not in seen and not any(is_run_with(deed.words, words) for words in claimed):
            seen.add(command)
            report.add(UNCLAIMED_COMMAND, f"`{command}` was run, and is not claimed")
    for claim in task.claims if record.sessions else ():
        if claim.verb == "read" and not any(
            task.holdings.holds(claim.text, deed.path) for deed in record.deeds("read")
        ):
            report.add(
                UNTOUCHED_CLAIM,
                f"`{claim.text}` is claimed, and nothing in it was read",
                claim.span,
            )


# --- the budget --------------------------------------------------------------------------------


def settle_budget(task: Task, change: Change, record: Record | None, report: Report) -> bool:
    """Report what is over budget, and return whether all that has a budget is known."""
    budget = task.sheet.claims.budget
    known = True
    for field, amount in _spent(change, record):
        allowed = getattr(budget, field.replace("-", "_"))
        span = task.sheet.span("budget", field)
        name = field.replace("-", " ")
        if allowed is None:
            continue
        if amount is None:
            known = False
            report.add(
                UNKNOWN_SPENDING,
                f"nobody has recorded how many {name} the task has used up",
                span,
                help="hand in a record that says so, with `--record`",
            )
        elif amount > allowed:
            report.add(
                OVER_BUDGET,
                f"the task has used up {amount:g} {name}, and its budget is {allowed:g}",
                span,
                help="have a larger budget checked, or split the task",
            )
    return known


def _spent(change: Change, record: Record | None) -> Iterator[tuple[str, float | None]]:
    files = {*change.added, *change.modified, *change.deleted, *change.renamed}
    yield "files", len(files)
    yield "lines", change.lines
    believed = record if record is not None and record.broken is None else None
    for what in ("tokens", "minutes", "usd"):
        yield what, believed.spent(what) if believed is not None else None
    yield "failed-attempts", believed.failed_attempts if believed is not None else None
