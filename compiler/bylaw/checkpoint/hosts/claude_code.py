"""Claude Code's hooks: JSON on standard input; JSON or an exit status as the answer."""

from bylaw.checkpoint.calls import Answer, Fault, Reply, ToolCall
from bylaw.checkpoint.hosts.reading import folder, read_object, reply, text
from bylaw.checkpoint.hosts.tools import actions_of

TYPE_CHECKING = False  # `typing` takes longer to import than a call takes to read
if TYPE_CHECKING:
    from bylaw.checkpoint.calls import Event

EVENTS: "dict[str, Event]" = {
    "PreToolUse": "pre",
    "PostToolUse": "post",
    "PostToolUseFailure": "post",
    "Stop": "stop",
    "SubagentStop": "stop",
    "SessionStart": "start",
    "UserPromptSubmit": "prompt",
    "SessionEnd": "end",
}

MAX_TEXT = 9000
"""Of a reason or a context: the host cuts what is longer than 10,000 characters."""


def read(source: bytes) -> "ToolCall | Fault":
    """Read a call of a hook; a Fault where it cannot be told what it is about."""
    found = read_object(source)
    if isinstance(found, Fault):
        return found
    name = text(found, "hook_event_name")
    event = EVENTS.get(name, "other")
    if not name:
        return Fault("BL551", "the call does not say which event it is", "`hook_event_name`")
    tool = text(found, "tool_name")
    if event in ("pre", "post") and not tool:
        return Fault(
            "BL551", "the call does not say which tool is used", "`tool_name`", event, name
        )
    return ToolCall(
        "claude-code",
        event,
        name,
        session=text(found, "session_id"),
        tool=tool,
        cwd=folder(found, "cwd"),
        call=text(found, "tool_use_id"),
        agent=text(found, "agent_type", "agent_id"),
        actions=actions_of(tool, found.get("tool_input")) if event in ("pre", "post") else (),
        again=found.get("stop_hook_active") is True,
        failed=_failed(name, found.get("tool_response")),
        raw=found,
    )


def _failed(name: str, response: object) -> "bool | None":
    """Tell whether the tool has failed, where the host says so."""
    if name == "PostToolUseFailure":
        return True
    if not isinstance(response, dict):
        return None
    if isinstance(response.get("success"), bool):
        return not response["success"]
    if isinstance(response.get("is_error"), bool):
        return bool(response["is_error"])
    for field in ("exit_code", "exitCode", "returnCode"):
        code = response.get(field)
        if isinstance(code, int) and not isinstance(code, bool):
            return code != 0
    return True if response.get("interrupted") is True else None


def answer(call: "ToolCall | Fault", said: Answer) -> Reply:
    """Say it as the host documents for the event.

    An `allow` says nothing, so that the host's own permissions go on to hold.
    """
    event, name = call.event, call.name
    reason, context = _cut(said.reason), _cut(said.context or "")
    if isinstance(call, Fault) and said.decision == "deny":
        # Whatever the event is, this status blocks it, and the text goes to the model.
        return reply(None, reason or call.message, 2)
    if event == "pre":
        return _answer_before(said, reason, context)
    if event in ("post", "stop"):
        return _answer_after(call, said, reason, context)
    if event in ("start", "prompt"):
        if said.decision == "deny" and event == "prompt":
            return reply({"decision": "block", "reason": reason})
        note = "\n\n".join(filter(None, (reason if said.decision != "allow" else "", context)))
        return _note(name, note)
    return reply(None, reason if said.decision != "allow" else "")


def _answer_before(said: Answer, reason: str, context: str) -> Reply:
    if said.decision == "allow":
        return _note("PreToolUse", context)
    output = {
        "hookEventName": "PreToolUse",
        "permissionDecision": said.decision,
        "permissionDecisionReason": reason,
    }
    if context:
        output["additionalContext"] = context
    return reply({"hookSpecificOutput": output})


def _answer_after(call: "ToolCall | Fault", said: Answer, reason: str, context: str) -> Reply:
    is_stop = call.event == "stop"
    if said.decision == "deny":
        found: dict[str, object] = {"decision": "block", "reason": reason}
        if context and not is_stop:
            found["hookSpecificOutput"] = {
                "hookEventName": call.name,
                "additionalContext": context,
            }
        return reply(found)
    told = "\n\n".join(filter(None, (reason if said.decision != "allow" else "", context)))
    if is_stop:
        # Nothing reaches the model any more without going on: the person is told.
        return reply({"systemMessage": told} if told else None)
    return _note(call.name, told)


def _note(name: str, context: str) -> Reply:
    """Tell the model something without stopping anything."""
    if not context:
        return reply(None)
    return reply({"hookSpecificOutput": {"hookEventName": name, "additionalContext": context}})


def _cut(words: str) -> str:
    """Return text that the host shows whole; what is left out is said."""
    if len(words) <= MAX_TEXT:
        return words
    return words[:MAX_TEXT].rstrip() + "\n… more: run `bylaw check`"
