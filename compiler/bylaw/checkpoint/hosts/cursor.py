"""Cursor's hooks: JSON on standard input and output.

What stands here is what independent implementations agree on. Cursor asks before it runs a
command, calls an MCP tool or reads a file; of an edit it tells afterwards, except where it asks
with `preToolUse`.
"""

import json

from bylaw.checkpoint.calls import (
    Answer,
    Edit,
    EditFile,
    Fault,
    ReadFile,
    Reply,
    RunCommand,
    ToolCall,
)
from bylaw.checkpoint.hosts.reading import folder, read_object, reply, text
from bylaw.checkpoint.hosts.tools import actions_of

TYPE_CHECKING = False  # `typing` takes longer to import than a call takes to read
if TYPE_CHECKING:
    from typing import Any

    from bylaw.checkpoint.calls import Action, Event

EVENTS: "dict[str, Event]" = {
    "beforeShellExecution": "pre",
    "beforeMCPExecution": "pre",
    "beforeReadFile": "pre",
    "preToolUse": "pre",
    "afterShellExecution": "post",
    "afterMCPExecution": "post",
    "afterFileEdit": "post",
    "postToolUse": "post",
    "stop": "stop",
    "subagentStop": "stop",
    "beforeSubmitPrompt": "prompt",
    "sessionStart": "start",
    "sessionEnd": "end",
}

_TURNS = 4
"""The host goes on five times at most; the last turn is left to the person."""


def read(source: bytes) -> "ToolCall | Fault":
    """Read a call of a hook; a Fault where it cannot be told what it is about."""
    found = read_object(source)
    if isinstance(found, Fault):
        return found
    name = text(found, "hook_event_name")
    if not name:
        return Fault("BL551", "the call does not say which event it is", "`hook_event_name`")
    event = EVENTS.get(name, "other")
    roots = found.get("workspace_roots")
    root = roots[0] if isinstance(roots, list) and roots and isinstance(roots[0], str) else None
    turns = found.get("loop_count")
    return ToolCall(
        "cursor",
        event,
        name,
        session=text(found, "conversation_id", "session_id"),
        tool=text(found, "tool_name") or name,
        cwd=folder(found, "cwd") or (root if root and root.startswith("/") else None),
        call=text(found, "generation_id", "tool_use_id"),
        actions=_actions(name, found) if event in ("pre", "post") else (),
        again=isinstance(turns, int) and turns >= _TURNS,
        raw=found,
    )


def _actions(name: str, found: "dict[str, Any]") -> "tuple[Action, ...]":
    if name in ("beforeShellExecution", "afterShellExecution"):
        return (RunCommand(text(found, "command")),)
    if name == "beforeReadFile":
        return (ReadFile(text(found, "file_path")),) if text(found, "file_path") else ()
    if name == "afterFileEdit":
        listed = found.get("edits")
        edits = tuple(
            Edit(text(each, "old_string"), text(each, "new_string"))
            for each in (listed if isinstance(listed, list) else ())
            if isinstance(each, dict)
        )
        return (EditFile(text(found, "file_path"), edits),) if text(found, "file_path") else ()
    given = found.get("tool_input")
    if isinstance(given, str):
        # The input of an MCP tool comes as text that holds JSON.
        try:
            given = json.loads(given)
        except (ValueError, RecursionError):
            given = None
    return actions_of(text(found, "tool_name"), given)


def answer(call: "ToolCall | Fault", said: Answer) -> Reply:
    """Say it as the host documents for the event."""
    event, name = call.event, call.name
    if isinstance(call, Fault) and said.decision == "deny":
        return reply({"permission": "deny", **_messages(said)}, said.reason or call.message, 2)
    if event == "pre":
        if name == "beforeReadFile":
            # It knows no question: what would be asked is refused.
            allowed = said.decision == "allow"
            return reply({"permission": "allow" if allowed else "deny", **_messages(said)})
        found = {"permission": said.decision}
        return reply(found if said.decision == "allow" else {**found, **_messages(said)})
    if event == "prompt":
        blocks = said.decision == "deny"
        return reply({"continue": not blocks, **(_messages(said) if blocks else {})})
    again = isinstance(call, ToolCall) and call.again
    if event == "stop" and said.decision == "deny" and not again:
        return reply({"followup_message": said.reason})
    note = said.reason if said.decision != "allow" else ""
    if event in ("post", "start") and (note or said.context):
        return reply({"additional_context": "\n\n".join(filter(None, (note, said.context)))})
    return reply({})


def _messages(said: Answer) -> "dict[str, str]":
    if said.decision == "allow":
        return {}
    return {"user_message": said.reason, "agent_message": said.reason}
