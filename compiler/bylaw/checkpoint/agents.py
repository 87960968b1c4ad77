"""Judging a call by the sentences about agents: on the record as it would be with that call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bylaw.check.evidence import Evidence
from bylaw.check.finding import NotEvaluated, Violation
from bylaw.check.judges import judge_of
from bylaw.checkpoint.judge import Found, difference
from bylaw.record.history import Record, Session
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bylaw.check.verdict import Finding
    from bylaw.checkpoint.compact import Entry
    from bylaw.checkpoint.scene import Scene
    from bylaw.record.events import Event

OF_NO_CLASS = "(of no class)"
"""The class of an agent that nobody has named: no sentence about a class speaks of it."""

_OF_THE_CALL = frozenset({"agent-change", "agent-autonomy", "agent-run"})
"""What the call alone decides: that it was done before does not make it old."""


def judge_agent(
    entries: Iterable[Entry],
    scene: Scene,
    call: Sequence[Event],
    history: Callable[[], Record],
    agent: str | None,
) -> Iterator[Found]:
    """Yield what of each sentence about agents a call would newly violate.

    `call` are the events that would be recorded of it; `history` reads what was recorded so far,
    and is asked only where that matters.
    """
    name = call[0]["session"]
    alone = Record([Session(name, call)])
    nothing = Record([Session(name)])
    for entry in entries:
        before, after = nothing, alone
        if entry.sort not in _OF_THE_CALL:
            before = history()
            after = before.plus(*call)
        found = _judge(entry, scene, after, agent)
        if found:
            # Whoever has passed a limit of that sort may not go on, so nothing of it is old.
            is_over = entry.sort == "agent-limit" and entry.words[1] not in {"files", "lines"}
            if is_over:
                # What nobody counts at every call is told when the agent stops.
                yield Found(entry, [each for each in found if isinstance(each, Violation)])
            else:
                yield Found(entry, *difference(found, _judge(entry, scene, before, agent)))


def is_to_give_up(
    entries: Iterable[Entry], scene: Scene, record: Record, agent: str | None
) -> bool:
    """Tell whether one more failed attempt would violate a sentence that says when to stop."""
    for entry in entries:
        if entry.words[1] != "failed attempts" or not record.sessions:
            continue
        attempt = {**record.sessions[-1].events[-1], "event": "attempt", "failed": True}
        if any(
            hasattr(each, "detail") for each in _judge(entry, scene, record.plus(attempt), agent)
        ):
            return True
    return False


def _judge(entry: Entry, scene: Scene, record: Record, agent: str | None) -> list[Finding]:
    scoped = scene.scoped(entry)
    evidence: Evidence = scene.standing.elsewhere(agent=agent or OF_NO_CLASS, record=record)
    try:
        return list(judge_of(scoped.constraint).judge(scoped, evidence))  # type: ignore[arg-type] # a tree's
    except UnevaluableError as error:
        return [NotEvaluated(scoped.full_id, error.reason, None, error.place, error.help)]
