"""Judges of what agents did on the way: commands, what they read first, how freely they worked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, cast

from bylaw.check.areas import judged_area
from bylaw.check.evidence import Evidence, area_test
from bylaw.check.finding import Finding, NotEvaluated, Violation
from bylaw.check.judges.base import TreeJudge
from bylaw.check.judges.bound import is_bound, record_of, unknown_to, worked_in
from bylaw.check.judges.phrases import either, every, quoted, shown
from bylaw.check.judges.spoken import commands_in, is_run_of, is_run_with, words_of
from bylaw.globs import matcher
from bylaw.record.history import level_number
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.ir import AgentAutonomy, AgentRead, AgentRun
    from bylaw.record.history import Deed, Record, Session
    from bylaw.scoped import ScopedConstraint

_CHANGES = ("write", "create", "remove")
_WILD = frozenset("*?[]{}")

# --- run ---------------------------------------------------------------------------------------


def _run(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    if not is_bound(scoped, evidence):
        return
    constraint = cast("AgentRun", scoped.constraint)
    somewhere = bool(judged_area(scoped, evidence).include)
    if constraint.modal == "must-not":
        if not somewhere or worked_in(scoped, evidence):
            yield from _banned(scoped, constraint, record_of(evidence))
        return
    if evidence.record is None and evidence.change is None:
        record_of(evidence)
    paths = worked_in(scoped, evidence)
    # Who has changed nothing has nothing to try out; whose check has failed has something to mend.
    if not paths and (somewhere or constraint.when != "check-fails"):
        return
    yield from _REQUIRED[constraint.when](scoped, constraint, record_of(evidence), paths, evidence)


def _banned(scoped: ScopedConstraint, constraint: AgentRun, record: Record) -> Iterator[Finding]:
    seen: set[str] = set()
    for deed in record.deeds("run"):
        within = list(commands_in(deed.words))
        for command in (command.text for command in constraint.commands):
            banned = words_of(command)
            if command not in seen and any(is_run_of(words, banned) for words in within):
                seen.add(command)
                detail = f"an agent runs {quoted(command)}"
                note = f"it was {shown(' '.join(deed.words))}"
                yield Violation(
                    scoped.full_id, None, detail, operand=command, found=command, note=note
                )
    for deed in [] if seen else record.deeds("untold"):
        reason = f"the record does not tell all that was run: {deed.path}"
        yield NotEvaluated(scoped.full_id, reason, help="look at that call yourself")
        return


def _always(
    scoped: ScopedConstraint,
    constraint: AgentRun,
    record: Record,
    paths: tuple[str, ...],  # noqa: ARG001 - a judge's
    evidence: Evidence,  # noqa: ARG001 - a judge's
) -> Iterator[Finding]:
    deeds = [deed for deed in record.deeds("run") if record.surely(deed)]
    for group in _lacking(constraint, deeds):
        yield _not_run(scoped, group, "an agent does not run")


def _before_finishing(
    scoped: ScopedConstraint,
    constraint: AgentRun,
    record: Record,
    paths: tuple[str, ...],
    evidence: Evidence,
) -> Iterator[Finding]:
    """Demand a run after the last change, other than those that the run itself has made."""
    deeds = record.deeds("run", "finish", *_CHANGES)
    is_in_area = area_test(judged_area(scoped, evidence))
    wanted = [words_of(command.text) for command in constraint.commands]
    own = _own_calls(deeds, wanted)
    last = -1
    for number, deed in enumerate(deeds):
        asked = own.get((deed.session, deed.call or ""))
        # What the text of the call says besides the command is no doing of the command's.
        by_itself = asked is not None and deed.order > asked
        if deed.sort in _CHANGES and is_in_area(deed.path) and not by_itself:
            last = number
    # In which order one call does what it does, nobody can tell.
    moment = (deeds[last].session, deeds[last].order) if last >= 0 else None
    after = [deed for deed in deeds[last + 1 :] if (deed.session, deed.order) != moment]
    lacking = _lacking(constraint, [d for d in after if d.sort == "run" and record.surely(d)])
    if not lacking:
        if unknown := unknown_to(record, paths):
            raise _untold_change(unknown)
        return
    if not any(deed.sort == "finish" for deed in after):
        raise UnevaluableError(
            f"{either(lacking[0])} has not run since the last change, and the record does not say "
            "that the agent has finished"
        )
    for group in lacking:
        yield _not_run(
            scoped, group, "an agent finishes without having run", "since its last change"
        )


def _own_calls(
    deeds: Sequence[Deed], wanted: Sequence[tuple[str, ...]]
) -> dict[tuple[str, str], int]:
    """Return the calls that run nothing but wanted commands, and when each was asked for."""
    found: dict[tuple[str, str], int] = {}
    others: set[tuple[str, str]] = set()
    for deed in deeds:
        if deed.sort == "run" and deed.call is not None:
            call = (deed.session, deed.call)
            found.setdefault(call, deed.order)
            if not any(is_run_with(deed.words, words) for words in wanted):
                others.add(call)
    return {call: order for call, order in found.items() if call not in others}


def _check_fails(
    scoped: ScopedConstraint,
    constraint: AgentRun,
    record: Record,
    paths: tuple[str, ...],  # noqa: ARG001 - a judge's
    evidence: Evidence,  # noqa: ARG001 - a judge's
) -> Iterator[Finding]:
    """Demand a run between a failed check and the next check, or the end."""
    since: list[Deed] | None = None
    lacking: list[list[str]] = []
    for deed in record.deeds("run", "check", "attempt", "finish"):
        if deed.sort == "run":
            if since is not None and record.surely(deed):
                since.append(deed)
            continue
        lacking += _lacking(constraint, since) if since is not None else []
        since = [] if deed.failed and deed.sort != "finish" else None
    for group in dict.fromkeys(map(tuple, lacking)):
        yield _not_run(scoped, group, "an agent goes on after a failed check without having run")
    if since is not None and not lacking and (waiting := _lacking(constraint, since)):
        raise UnevaluableError(
            f"a check has failed, {either(waiting[0])} has not run since, and the record does not "
            "say that the agent has finished"
        )


_REQUIRED = {"always": _always, "before-finishing": _before_finishing, "check-fails": _check_fails}


def _lacking(constraint: AgentRun, deeds: Sequence[Deed]) -> list[list[str]]:
    """Return what has not run: each command, or all where any of them would do."""
    commands = [command.text for command in constraint.commands]
    missing = [c for c in commands if not any(is_run_with(d.words, words_of(c)) for d in deeds)]
    if constraint.quantifier == "any":
        return [commands] if len(missing) == len(commands) else []
    return [[command] for command in missing]


def _not_run(
    scoped: ScopedConstraint, group: Sequence[str], what: str, note: str | None = None
) -> Violation:
    return Violation(scoped.full_id, None, f"{what} {either(group)}", operand=group[0], note=note)


def _untold_change(paths: Sequence[str]) -> UnevaluableError:
    return UnevaluableError(
        f"the record does not say when `{paths[0]}` was changed",
        help="hand in the records of all sessions that worked on the change",
    )


# --- read before changing ----------------------------------------------------------------------


def _read(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    if not is_bound(scoped, evidence):
        return
    constraint = cast("AgentRead", scoped.constraint)
    is_guarded = matcher(glob.text for glob in constraint.globs)
    paths = tuple(filter(is_guarded, worked_in(scoped, evidence)))
    if not paths:
        return
    record = record_of(evidence)
    wanted = {glob.text: _files_of(glob.text, evidence) for glob in constraint.files}
    for path in paths:
        lacking, later = _unread(path, wanted, record, evidence)
        if not lacking or (constraint.quantifier == "any" and len(lacking) < len(wanted)):
            if path not in record.changed:
                yield NotEvaluated(scoped.full_id, _untold_change([path]).reason, path)
            continue
        named = either(lacking) if constraint.quantifier == "any" else every(lacking)
        yield Violation(
            scoped.full_id,
            path,
            f"an agent changes it before it has read {named}",
            operand=lacking[0],
            found=path,
            note="it was read afterwards" if later else None,
        )


def _files_of(glob: str, evidence: Evidence) -> tuple[str, ...]:
    """Return the files to read: those that match, and a file that is named and not there."""
    matches = matcher((glob,))
    found = tuple(filter(matches, evidence.tree.files))
    return found or (() if _WILD & set(glob) else (glob.rstrip("/"),))


def _unread(
    path: str, wanted: dict[str, tuple[str, ...]], record: Record, evidence: Evidence
) -> tuple[list[str], bool]:
    """Return what had not been read before a path was changed, and whether it was afterwards."""
    lacking: dict[str, None] = {}
    later = False
    for session in record.sessions:
        orders = [deed.order for deed in session.changes if deed.path == path]
        if not orders and path in record.changed:
            continue
        # Of a change that no session tells of, one that has read at all may have made it.
        first = min(orders, default=len(session.events))
        known = _known(session, evidence)
        for glob, files in wanted.items():
            late = [file for file in files if known.get(file, first) >= first]
            if late:
                lacking[glob] = None
                later = later or all(file in known for file in late)
    if not record.sessions:
        lacking = dict.fromkeys(wanted)
    return list(lacking), later


def _known(session: Session, evidence: Evidence) -> dict[str, int]:
    """Return since when a session knows the content of a file: it has read or created it."""
    added = frozenset(evidence.change.added) if evidence.change is not None else frozenset()
    known: dict[str, int] = {}
    for deed in session.of("read", "write", "create"):
        made = deed.sort == "create" or (deed.sort == "write" and deed.path in added)
        if (deed.sort == "read" or made) and session.surely(deed):
            known.setdefault(deed.path, deed.order)
    return known


# --- autonomy ----------------------------------------------------------------------------------


def _autonomy(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    if not is_bound(scoped, evidence):
        return
    paths = worked_in(scoped, evidence)
    if not paths:
        return
    record = record_of(evidence)
    highest = cast("AgentAutonomy", scoped.constraint).level
    for path in paths:
        levels = _levels_at(path, record)
        above = [level for level in levels if level and _is_above(level, highest)]
        if above:
            detail = f"an agent works here at autonomy {quoted(max(above, key=level_number))}"
            yield Violation(scoped.full_id, path, detail, operand=highest, found=path)
        elif None in levels or not levels:
            reason = "the record does not say at which autonomy the agent works"
            yield NotEvaluated(scoped.full_id, reason, path)


def _is_above(level: str, highest: str) -> bool:
    return level_number(level) > level_number(highest)


def _levels_at(path: str, record: Record) -> list[str | None]:
    """Return the levels at which a path was changed; any of the record where nobody knows."""
    deeds = [deed for session in record.sessions for deed in session.changes if deed.path == path]
    if deeds:
        return [deed.autonomy for deed in deeds]
    return [*sorted(record.levels), *([] if record.levels else [None])]


RUN = TreeJudge(_run)
READ = TreeJudge(_read)
AUTONOMY = TreeJudge(_autonomy)
