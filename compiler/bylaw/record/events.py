"""The events of a record: how each is written down, and what makes one well formed.

Nothing here may cost time to import: a tool call waits for it.
"""

TYPE_CHECKING = False  # `typing` takes longer to import than an event takes to write
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any, TypeAlias

    Event: TypeAlias = dict[str, Any]
    Fields: TypeAlias = Mapping[str, Callable[[object], bool]]

FORMAT = "bylaw/record"
VERSION = 1

LEVELS = ("assisted", "supervised", "autonomous", "ase")
"""The levels of autonomy, from the one with the most to the one with the fewest people in it."""

DECISIONS = ("allow", "deny", "ask")

_MOST_LETTERS = 1_000
"""A longer word is data that was given to a command, and names nothing."""

_MOST_WORDS = 500

_TIME = "0000-00-00T00:00:00"
"""The form of a time, up to the second."""


# --- who and when ------------------------------------------------------------------------------


def event(
    kind: str,
    at: str,
    session: str,
    *,
    agent: "str | None" = None,
    autonomy: "str | None" = None,
    policy: "str | None" = None,
    **more: "Any",
) -> "Event":
    """Return an event of any kind; what is None or empty is left out.

    `at` is the time in UTC, as in `2026-11-21T09:30:00Z`; `agent` the class of the agent,
    `autonomy` its level, `policy` the version of the constraints that it works under.
    """
    said: Event = {"event": kind, "at": at, "session": session}
    for name, value in (("agent", agent), ("autonomy", autonomy), ("policy", policy)):
        if value is not None:
            said[name] = value
    for name, value in more.items():
        if value is not None and value not in ([], ()):
            said[name] = list(value) if isinstance(value, tuple) else value
    return said


def deeds(
    *,
    reads: "Iterable[str]" = (),
    writes: "Iterable[str]" = (),
    creates: "Iterable[str]" = (),
    removes: "Iterable[str]" = (),
    runs: "Iterable[Sequence[str]]" = (),
    untold: "Iterable[str]" = (),
    lines: "int | None" = None,
) -> "dict[str, Any]":
    """Return the fields that say what a call does, to pass on to `event`.

    `reads` are single files whose content gets to the agent; of a listing or a search through
    folders nothing is read. `writes` are all files written, `creates` those of them that were not
    there before. A move removes one path and writes another. `runs` are the words of simple
    commands, `untold` the reasons why it cannot be told what a part of the call does. `lines`
    counts lines added and removed.
    """
    return {
        "reads": list(reads),
        "writes": list(writes),
        "creates": list(creates),
        "removes": list(removes),
        "runs": [[_short(word) for word in words[:_MOST_WORDS]] for words in runs],
        "untold": [_short(reason) for reason in untold],
        "lines": lines,
    }


def _short(word: str) -> str:
    return word if len(word) <= _MOST_LETTERS else word[:_MOST_LETTERS] + "…"


# --- what is well formed -----------------------------------------------------------------------


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_time(value: object) -> bool:
    """Tell whether a text has the form of a time; events of sessions are put in order by it."""
    if not isinstance(value, str) or not value.isascii() or len(value) < len(_TIME):
        return False
    return all(
        char.isdecimal() if form == "0" else char == form
        for form, char in zip(_TIME, value, strict=False)
    )


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_commands(value: object) -> bool:
    return isinstance(value, list) and all(_is_texts(each) and each for each in value)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_amount(value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 <= value < 1e300  # type: ignore[operator] # a number


def _is_level(value: object) -> bool:
    return value in LEVELS


def _is_decision(value: object) -> bool:
    return value in DECISIONS


_COMMON: "Fields" = {
    "event": _is_text,
    "at": _is_time,
    "session": _is_text,
    "agent": _is_name,
    "autonomy": _is_level,
    "policy": _is_text,
    "previous": _is_text,
    "torn": _is_flag,
}

_DEEDS: "Fields" = {
    "reads": _is_texts,
    "writes": _is_texts,
    "creates": _is_texts,
    "removes": _is_texts,
    "runs": _is_commands,
    "untold": _is_texts,
    "lines": _is_amount,
}

EVENTS: "Mapping[str, Fields]" = {
    # A session starts, or its class or level changes.
    # `base` is the commit of the tree as it was then.
    "session": {"host": _is_text, "model": _is_text, "task": _is_text, "base": _is_text},
    # A tool call was judged; what it would do happens unless it was denied.
    "call": {
        "call": _is_text,
        "tool": _is_text,
        "decision": _is_decision,
        "constraints": _is_texts,
        **_DEEDS,
    },
    # A tool call has ended; its deeds are those that only showed then.
    "result": {"call": _is_text, "tool": _is_text, "failed": _is_flag, **_DEEDS},
    # Things that were done, where no call says so.
    "read": {"call": _is_text, **_DEEDS},
    "change": {"call": _is_text, **_DEEDS},
    "run": {"call": _is_text, "failed": _is_flag, **_DEEDS},
    # The work was checked: by bylaw, or by a command.
    "check": {"passed": _is_flag, "by": _is_text, "constraints": _is_texts},
    # An attempt at the task has ended, where no check says so.
    "attempt": {"failed": _is_flag},
    # What was spent since, or with `total` so far.
    "spent": {"tokens": _is_amount, "minutes": _is_amount, "usd": _is_amount, "total": _is_flag},
    "approval": {"by": _is_text, "teams": _is_texts, "commit": _is_text, "paths": _is_texts},
    # The agent says that it is done.
    "finish": {"outcome": _is_text},
}
"""The kinds of event, and what each says beyond what all say."""

_NEEDED: "Mapping[str, tuple[str, ...]]" = {
    "call": ("decision",),
    "check": ("passed",),
    "attempt": ("failed",),
}


def fault_of(said: object) -> "str | None":
    """Return what is wrong with an event as it was read, as a clause; None where nothing is.

    Kinds that are not known are well formed: a later version may write them.
    """
    if not isinstance(said, dict):
        return "it is no object"
    for name in ("event", "at", "session"):
        if not isinstance(said.get(name), str):
            return f"it has no `{name}`"
    kind = said["event"]
    fields = {**_COMMON, **EVENTS.get(kind, {})}
    for name, value in said.items():
        test = fields.get(name)
        if test is not None and not test(value):
            return f"its `{name}` is not what it has to be"
    for name in _NEEDED.get(kind, ()):
        if name not in said:
            return f"it has no `{name}`"
    return None
