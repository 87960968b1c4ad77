"""The published form of a tool call and of its answer, as JSON Schemas."""

from typing import Any

_TEXT = {"type": "string"}
_PATH = {"type": "string", "description": "Absolute, or relative to `cwd`."}
_AMOUNT = {"type": "number", "minimum": 0}


def _action(do: str, summary: str, required: tuple[str, ...], **fields: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "description": summary,
        "properties": {"do": {"const": do}, **fields},
        "required": ["do", *required],
    }


_EDIT = {
    "type": "object",
    "properties": {
        "old": {"type": "string", "description": "Empty: the file is made."},
        "new": _TEXT,
        "all": {"type": "boolean", "description": "Replace it everywhere; else it stands once."},
    },
    "required": ["old", "new"],
}

_ACTIONS = [
    _action(
        "write", "Write a file; without `content` what will stand in it is not known.", ("path",),
        path=_PATH, content=_TEXT,
    ),
    _action(
        "edit", "Make edits in a file, one after the other; all or none.", ("path", "edits"),
        path=_PATH, edits={"type": "array", "items": _EDIT},
    ),
    _action("remove", "Remove a file, or a folder with all in it.", ("path",), path=_PATH),
    _action("move", "Move a file or a folder.", ("path", "to"), path=_PATH, to=_PATH),
    _action("read", "Read a file, or all files of a folder.", ("path",), path=_PATH),
    {
        **_action(
            "run", "Run text in a shell, or a program with its arguments.", (),
            command=_TEXT, argv={"type": "array", "items": _TEXT, "minItems": 1},
        ),
        "anyOf": [{"required": ["command"]}, {"required": ["argv"]}],
    },
    _action("patch", "Apply a diff.", ("patch",), patch=_TEXT),
    _action(
        "spend", "Say what was spent since the last call.", (),
        tokens=_AMOUNT, minutes=_AMOUNT, usd=_AMOUNT,
    ),
    _action("other", "Do something of which none of this says what.", ("what",), what=_TEXT),
]  # fmt: skip

TOOL_CALL: dict[str, Any] = {
    "title": "ToolCall",
    "description": "What an agent is about to do, or has done.",
    "type": "object",
    "properties": {
        "event": {
            "enum": ["pre", "post", "stop", "start", "prompt", "end"],
            "description": "Before the tool, after it, when the agent stops, and of a session.",
        },
        "session": {"type": "string", "description": "The same for all calls of one task."},
        "tool": {"type": "string", "description": "The tool's name, for messages."},
        "call": {"type": "string", "description": "The same before and after one use of a tool."},
        "agent": {"type": "string", "description": "Which agent of the session it is."},
        "class": {"type": "string", "description": "The agent's class, `A`, `B`, `C` or others."},
        "cwd": {"type": "string", "description": "Absolute; without it, the repository's root."},
        "again": {
            "type": "boolean",
            "description": "Of `stop`: the agent goes on already because a stop was blocked.",
        },
        "failed": {"type": "boolean", "description": "Of `post`: whether the tool has failed."},
        "actions": {"type": "array", "items": {"oneOf": _ACTIONS}},
    },
    "required": ["event"],
}

TOOL_ANSWER: dict[str, Any] = {
    "title": "ToolAnswer",
    "description": "What the checkpoint says; the exit status is 0, 1 or 2 for the decision.",
    "type": "object",
    "properties": {
        "format": {"const": "bylaw/tool-answer"},
        "schema_version": {"const": 1},
        "event": {"enum": ["pre", "post", "stop", "start", "prompt", "end", "other"]},
        "decision": {
            "enum": ["allow", "deny", "ask"],
            "description": "After the tool and at a stop, `deny` asks the agent to mend it.",
        },
        "reason": {"type": "string", "description": "For the agent; of `ask`, for the person."},
        "context": {"type": "string", "description": "For the agent, although nothing stops it."},
        "verdicts": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "constraint": {"type": "string", "description": "Its full id."},
                    "verdict": {
                        "enum": ["violated", "warning", "not-evaluated", "excused", "malfunction"]
                    },
                    "detail": {"type": "string", "description": "What is there, in one clause."},
                    "sentence": {"type": "string", "description": "As it stands in the decision."},
                    "path": _TEXT,
                    "line": {"type": "integer", "minimum": 1},
                    "column": {"type": "integer", "minimum": 1},
                    "alternative": {"type": "string", "description": "What to do instead."},
                },
                "required": ["constraint", "verdict", "detail"],
                "additionalProperties": False,
            },
        },
        "fault": {
            "type": "object",
            "description": "Why the call could not be read.",
            "properties": {"code": _TEXT, "message": _TEXT, "help": _TEXT},
            "required": ["code", "message", "help"],
        },
    },
    "required": ["format", "schema_version", "event", "decision", "reason", "verdicts"],
    "additionalProperties": False,
}
