"""`bylaw hook`: a tool call in, an answer out, as fast as a process can.

Nothing that is slow to load is imported before it is needed, and the command line's own modules
never are. Whatever goes wrong becomes an answer: a guard that fails must not be one that is off.
"""

import os
import sys

from bylaw.checkpoint.asked import LEVELS, Asked
from bylaw.checkpoint.calls import Answer, Fault, Reply, ToolCall
from bylaw.checkpoint.failing import malfunction, said_of

TYPE_CHECKING = False  # `typing` takes longer to import than a call takes to read
if TYPE_CHECKING:
    from types import ModuleType

    from bylaw.checkpoint.checkpoint import Checkpoint

HOSTS = {"claude-code": "claude_code", "cursor": "cursor", "json": "neutral"}
"""By the word on the command line, the module that speaks a host's form."""

_MOST_BYTES = 64 << 20


def parse(words: "list[str]") -> "Asked | None":
    """Read a command line; None where the command line proper has to: help, and what is wrong."""
    asked = Asked()
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        name, equals, value = word.partition("=")
        if name in {"--agent", "--autonomy", "--root"}:
            if not equals:
                if not waiting:
                    return None
                value = waiting.pop(0)
            setattr(asked, name[2:], value)
        elif word in HOSTS and not asked.host:
            asked.host = word
        else:
            return None
        if name == "--autonomy" and value not in LEVELS:
            return None
    return asked if asked.host else None


def run(asked: Asked) -> int:
    """Answer the call on standard input, and return the exit status that the host expects."""
    host = _host(asked.host)
    # Whoever has closed it hands in nothing, which is no call.
    data = sys.stdin.buffer.read(_MOST_BYTES + 1) if sys.stdin is not None else b""
    reply = respond(asked, host, data)
    for stream, said in ((sys.stdout, reply.stdout), (sys.stderr, reply.stderr)):
        stream.flush()
        stream.buffer.write(said)
        stream.flush()
    return reply.status


def respond(asked: Asked, host: "ModuleType", data: bytes) -> Reply:
    """Return the reply to a call; no exception leaves this function."""
    call: ToolCall | Fault = Fault("BL550", "the call cannot be read")
    try:
        call = host.read(data)
        reply: Reply = host.answer(call, answer_to(asked, call))
    except Exception as error:
        policy = _policy(asked, call.cwd if isinstance(call, ToolCall) else None)
        if isinstance(call, ToolCall) and call.event == "stop" and call.again:
            # Who has been sent back for a fault of ours cannot mend it.
            policy = "allow"
        reply = host.answer(call, malfunction(policy, [said_of(error)], ()))
    return reply


def _policy(asked: Asked, folder: "str | None") -> str:
    """Return what the configuration has a malfunction answered; `ask` where it cannot be read."""
    try:
        from bylaw.checkpoint.root import find_root
        from bylaw.checkpoint.whole import config_of

        found: str = config_of(find_root(asked.root or folder or os.getcwd())).hook.on_malfunction
    except Exception:
        # The very thing that is being answered may be that nothing here works.
        return "ask"
    return found


def answer_to(asked: Asked, call: "ToolCall | Fault") -> Answer:
    """Return the answer to a call, or to what is none."""
    if asked.autonomy is not None and asked.autonomy not in LEVELS:
        reason = f"`BYLAW_AUTONOMY` is none of {', '.join(LEVELS)}"
        asked.autonomy = None
        return malfunction(_policy(asked, getattr(call, "cwd", None)), [reason], ())
    if isinstance(call, Fault):
        advice = f"; {call.help}" if call.help else ""
        return malfunction(_policy(asked, None), [f"{call.number}: {call.message}{advice}"], ())
    if call.event in {"prompt", "end", "other"}:
        return Answer("allow")
    from bylaw.checkpoint.everywhere import answer_everywhere

    return answer_everywhere(asked, call, _at)


def _at(checkpoint: "Checkpoint", call: ToolCall) -> Answer:
    if call.event == "pre":
        return checkpoint.before(call)
    from bylaw.checkpoint import afterwards

    if call.event == "start":
        return afterwards.start(checkpoint, call)
    if call.event == "stop":
        return afterwards.stop(checkpoint, call)
    return afterwards.after(checkpoint, call)


def _host(name: str) -> "ModuleType":
    from importlib import import_module

    return import_module(f"bylaw.checkpoint.hosts.{HOSTS[name]}")
