"""The form of our own: what any agent runtime can write without knowing a host's tools.

Its JSON Schemas are `tool-call` and `tool-answer`; see `bylaw schema`.
"""

from bylaw.checkpoint.calls import (
    Answer,
    ApplyPatch,
    Edit,
    EditFile,
    Fault,
    Item,
    MoveFile,
    ReadFile,
    RemoveFile,
    Reply,
    RunCommand,
    Spent,
    ToolCall,
    Untold,
    WriteFile,
)
from bylaw.checkpoint.hosts.reading import folder, read_object, reply, text

TYPE_CHECKING = False  # `typing` takes longer to import than a call takes to read
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from bylaw.checkpoint.calls import Action, Event

FORMAT = "bylaw/tool-call"
ANSWER_FORMAT = "bylaw/tool-answer"
EVENTS: "tuple[Event, ...]" = ("pre", "post", "stop", "start", "prompt", "end")
STATUSES = {"allow": 0, "deny": 1, "ask": 2}
"""The exit status of each decision, for callers that read no JSON."""


class _FormError(Exception):
    """The call is not of the form; the message is one clause."""


def read(source: bytes) -> "ToolCall | Fault":
    """Read a call; a Fault where it is not of the published form."""
    found = read_object(source)
    if isinstance(found, Fault):
        return found
    event = found.get("event")
    if event not in EVENTS:
        named = ", ".join(f"`{each}`" for each in EVENTS)
        return Fault(
            "BL551", "the call does not say which event it is", f"`event` is one of {named}"
        )
    if event == "pre" and "actions" not in found:
        # A runtime that speaks another form must not believe that it is guarded.
        return Fault(
            "BL552",
            "the call does not say what the tool does: it has no `actions`",
            "`[]` says that it does nothing; `bylaw schema tool-call` prints the form",
            event,
            event,
        )
    try:
        actions = _actions(found.get("actions", []))
    except _FormError as error:
        return Fault("BL552", str(error), "`bylaw schema tool-call` prints the form", event, event)
    return ToolCall(
        "json",
        event,
        event,
        session=text(found, "session"),
        tool=text(found, "tool"),
        cwd=folder(found, "cwd"),
        call=text(found, "call"),
        agent=text(found, "agent"),
        agent_class=text(found, "class") or None,
        actions=actions,
        again=found.get("again") is True,
        failed=found["failed"] if isinstance(found.get("failed"), bool) else None,
        raw=found,
    )


def _actions(listed: object) -> "tuple[Action, ...]":
    if not isinstance(listed, list):
        raise _FormError("`actions` is no list")
    found: list[Action] = []
    for index, each in enumerate(listed):
        if not isinstance(each, dict):
            raise _FormError(f"action {index + 1} is no object")
        reading = _READINGS.get(str(each.get("do")))
        if reading is None:
            raise _FormError(f"action {index + 1} does not say what it does in `do`")
        found.append(reading(each, index + 1))
    return tuple(found)


def _needed(found: "dict[str, Any]", name: str, number: int) -> str:
    value = found.get(name)
    if not isinstance(value, str):
        raise _FormError(f"action {number} has no text in `{name}`")
    return value


def _write(found: "dict[str, Any]", number: int) -> "Action":
    path = _needed(found, "path", number)
    if "content" in found and not isinstance(found["content"], str):
        raise _FormError(f"action {number} has no text in `content`")
    return WriteFile(path, found.get("content"))


def _edit(found: "dict[str, Any]", number: int) -> "Action":
    listed = found.get("edits")
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise _FormError(f"action {number} has no list in `edits`")
    edits = tuple(
        Edit(_needed(each, "old", number), _needed(each, "new", number), each.get("all") is True)
        for each in listed
    )
    return EditFile(_needed(found, "path", number), edits)


def _remove(found: "dict[str, Any]", number: int) -> "Action":
    return RemoveFile(_needed(found, "path", number))


def _move(found: "dict[str, Any]", number: int) -> "Action":
    return MoveFile(_needed(found, "path", number), _needed(found, "to", number))


def _read(found: "dict[str, Any]", number: int) -> "Action":
    return ReadFile(_needed(found, "path", number))


def _run(found: "dict[str, Any]", number: int) -> "Action":
    words = found.get("argv")
    if words is None:
        return RunCommand(_needed(found, "command", number))
    if not isinstance(words, list) or not words or not all(isinstance(w, str) for w in words):
        raise _FormError(f"action {number} has no words in `argv`")
    return RunCommand(argv=tuple(words))


def _patch(found: "dict[str, Any]", number: int) -> "Action":
    return ApplyPatch(_needed(found, "patch", number))


def _spend(found: "dict[str, Any]", number: int) -> "Action":
    amounts: list[float] = []
    for name in ("tokens", "minutes", "usd"):
        value = found.get(name, 0)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not 0 <= value < 1e18:
            raise _FormError(f"action {number} has no amount in `{name}`")
        amounts.append(value)
    return Spent(int(amounts[0]), amounts[1], amounts[2])


def _other(found: "dict[str, Any]", number: int) -> "Action":
    return Untold(_needed(found, "what", number)[:200])


_READINGS: "dict[str, Callable[[dict[str, Any], int], Action]]" = {
    "write": _write,
    "edit": _edit,
    "remove": _remove,
    "move": _move,
    "read": _read,
    "run": _run,
    "patch": _patch,
    "spend": _spend,
    "other": _other,
}


def answer(call: "ToolCall | Fault", said: Answer) -> Reply:
    """Say it with all that it rests on; the exit status says the decision again."""
    found: dict[str, object] = {
        "format": ANSWER_FORMAT,
        "schema_version": 1,
        "event": call.event,
        "decision": said.decision,
        "reason": said.reason,
        "verdicts": [_item(item) for item in said.items],
    }
    if said.context:
        found["context"] = said.context
    if isinstance(call, Fault):
        found["fault"] = {"code": call.number, "message": call.message, "help": call.help}
    return reply(found, "", STATUSES[said.decision])


def _item(item: Item) -> "dict[str, object]":
    found = {name: getattr(item, name) for name in Item.__slots__}
    return {name: found[name] for name in sorted(found) if found[name] not in (None, "")}
