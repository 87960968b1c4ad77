"""The checkpoints after the deed: when a command has run, when the agent stops, when it starts."""

from bylaw.checkpoint import tell
from bylaw.checkpoint.agents import is_to_give_up
from bylaw.checkpoint.beginning import base_of
from bylaw.checkpoint.calls import Answer, ToolCall
from bylaw.checkpoint.checkpoint import Checkpoint
from bylaw.checkpoint.failing import malfunction
from bylaw.checkpoint.settle import Settled, changed_between, look, settle

_MOST_STOPS = 5
"""So often in a row an agent is sent back, whatever it has mended meanwhile."""


LOST = (
    "the record of this session was removed, or not begun with its first call: what was changed "
    "before it was begun anew is not judged"
)


# --- start -------------------------------------------------------------------------------------


def start(checkpoint: Checkpoint, call: ToolCall) -> Answer:
    """Remember what the tree looks like, and tell the agent that decisions bind here."""
    session = checkpoint.session
    session.append(session.event("session", host=call.host))
    base_of(checkpoint.root, session)
    number = len(checkpoint.set.entries)
    bound = f"{number} architecture constraints bind" if number != 1 else "1 constraint binds"
    told = [f"{bound} this repository; changes are checked. `bylaw describe PATH` says what binds"]
    told += [f"the decisions have errors: {tell.plain(f)}" for f in checkpoint.set.faults[:1]]
    return Answer("allow", "", "\n".join(f"bylaw: {each}" for each in told))


# --- after a tool ------------------------------------------------------------------------------


def after(checkpoint: Checkpoint, call: ToolCall) -> Answer:
    """Record what became of a call and, where it ran a command, judge what that has left."""
    session = checkpoint.session
    # Before a tool is used, its call is recorded; what is there no more has been taken away.
    is_lost = session.folder is not None and not session.is_begun
    session.append(
        session.event("result", call=call.call or None, tool=call.tool, failed=call.failed)
    )
    proposal = checkpoint.proposal_of(call)
    if not (proposal.runs or proposal.untold or proposal.perhaps or proposal.unknown):
        return Answer("allow")
    base = base_of(checkpoint.root, session)
    if is_lost:
        session.keep(lost=LOST)
        policy = "deny" if checkpoint.settings.malfunction == "deny" else "allow"
        return malfunction(policy, [LOST], ())
    seen = look(checkpoint.root)
    if seen is not None:
        before = session.seen()
        if seen == before:
            return Answer("allow")
        written, removed = changed_between(before, seen)
        if written or removed:
            session.append(
                session.event("change", call=call.call or None, writes=written, removes=removed)
            )
    settled = settle(checkpoint.root, base, checkpoint.agent, session.fresh_history(), final=False)
    if seen is not None:
        session.see(seen)
    return _news(checkpoint, settled)


def _news(checkpoint: Checkpoint, settled: Settled) -> Answer:
    """Say what was found, unless it was said before."""
    session = checkpoint.session
    if session.state.get("told", "") == settled.whole:
        return Answer("allow")
    session.keep(told=settled.whole)
    return _answer(checkpoint, settled, "post")


def _answer(checkpoint: Checkpoint, settled: Settled, moment: str) -> Answer:
    if not settled.usable:
        # There is nobody to ask any more; what was done is done.
        policy = "deny" if checkpoint.settings.malfunction == "deny" else "allow"
        return malfunction(policy, list(settled.faults), ())
    notes = [f"what it is judged by has errors: {tell.plain(f)}" for f in settled.faults[:1]]
    if moment == "stop" and checkpoint.session.state.get("lost"):
        notes.append(LOST)
    notes += [f"a person has to look at this: {tell.plain(each)}" for each in settled.weakened[:5]]
    return tell.answer(tell.items_of(settled.found), (), notes, moment)


# --- stop --------------------------------------------------------------------------------------


def stop(checkpoint: Checkpoint, call: ToolCall) -> Answer:
    """Judge the whole change of the session; what it violates keeps the agent from stopping.

    Whoever has been sent back and comes again with the same faults is let go: it cannot mend them,
    and whoever looks at the change must be told. So is an agent that a decision tells to give up.
    What a sub-agent leaves is judged like that of a command: its work need not be whole.
    """
    session = checkpoint.session
    is_whole = not call.name.lower().startswith("sub")
    if session.folder is not None and not session.is_begun and _differs(checkpoint.root):
        session.keep(lost=LOST)
    base = base_of(checkpoint.root, session)
    record = session.fresh_history()
    judged = record.plus(session.event("finish")) if is_whole else record
    settled = settle(checkpoint.root, base, checkpoint.agent, judged, final=is_whole)
    said = _answer(checkpoint, settled, "stop")
    if not is_whole:
        return said
    broken = sorted({item.constraint for item in said.items if item.verdict == "violated"})
    if settled.usable and not _is_unready(settled):
        session.append(
            session.event("check", passed=not broken, by="bylaw hook", constraints=broken)
        )
    times = int(session.state.get("stops", "0")) + 1 if call.again else 1
    reason = _why_let_go(checkpoint, settled, again=call.again, times=times)
    if said.decision == "deny" and reason is None:
        session.keep(stopped=settled.digest, stops=str(times))
        return said
    outcome = "violated" if broken else "kept" if settled.usable else "not judged"
    session.append(session.event("finish", outcome=outcome))
    told = session.state.get("ended", "")
    session.keep(stopped=settled.digest, stops="0", ended=settled.whole)
    if said.decision == "deny":
        return Answer("allow", "", f"{said.reason}\n{reason}", said.items)
    return said if told != settled.whole else Answer("allow", "", None, said.items)


def _differs(root: str) -> bool:
    """Tell whether anything in the tree is not as it was committed."""
    return any(look(root) or ())


def _is_unready(settled: Settled) -> bool:
    """Tell whether it only has to run something first, so that this was no attempt yet."""
    return any(each.violations and each.entry.sort == "agent-run" for each in settled.found)


def _why_let_go(checkpoint: Checkpoint, settled: Settled, *, again: bool, times: int) -> str | None:
    """Return why an agent may stop although something is violated; None where it may not."""
    if again and checkpoint.session.state.get("stopped") == settled.digest:
        return "Nothing of this has been mended since it was sent back, so it stops: CI refuses it."
    if times > _MOST_STOPS:
        return f"It was sent back {_MOST_STOPS} times, so it stops all the same: CI refuses it."
    entries = checkpoint.entries_of("agent-limit")
    record = checkpoint.session.fresh_history()
    if entries and is_to_give_up(entries, checkpoint.scene, record, checkpoint.agent):
        return "A decision has it give up after so many failed attempts, so it stops here."
    return None
