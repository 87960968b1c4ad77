"""The file of approvals: JSON Lines to which each approval is added, or a JSON list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bylaw.check.people import DECISIONS, ApprovalFaultError, Entry

FORMAT = "bylaw/approvals"
VERSION = 1

_HEAD = {"format": FORMAT, "version": VERSION}
_KEYS = {"by", "decision", "teams", "time", "commit", "policy", "source", "of", "note"}
_COMMIT = re.compile(r"[0-9a-f]{4,64}")
_POLICY = re.compile(r"[0-9a-f]{32}")
_MOST_ENTRIES = 100_000

_FORM = (
    "write lines as `bylaw approve` does, or a JSON list of objects, as in "
    '`[{"by": "@dba", "commit": "3f2a91c"}]`'
)


def read_record(data: bytes, name: str) -> tuple[Entry, ...]:
    """Return the entries of a file; ApprovalFaultError says which line is wrong.

    A broken line is no line to pass over: it may have been a dismissal.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ApprovalFaultError(f"`{name}` is not UTF-8", _FORM) from None
    if text.lstrip().startswith("["):
        items = _parse(text)
        if not isinstance(items, list):
            raise ApprovalFaultError(f"`{name}` is no list of approvals", _FORM)
        _refuse_many(len(items), name)
        return tuple(_entry(item, name, None) for item in items)
    return tuple(_lines(text, name))


def head_line() -> str:
    """Return the first line of a file of approvals."""
    return json.dumps(_HEAD, separators=(",", ":")) + "\n"


def line_of(entry: Entry) -> str:
    """Return an entry as a line of a file of approvals."""
    values: dict[str, object] = {
        "decision": entry.decision,
        "by": entry.by,
        "of": entry.of,
        "teams": list(entry.teams) or None,
        "time": entry.time.strftime("%Y-%m-%dT%H:%M:%SZ") if entry.time else None,
        "commit": entry.commit,
        "policy": entry.policy,
        "source": entry.source,
    }
    kept = {key: value for key, value in values.items() if value is not None}
    return json.dumps(kept, separators=(",", ":")) + "\n"


def _lines(text: str, name: str) -> Iterator[Entry]:
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        return
    first = _parse(lines[0][1])
    if not isinstance(first, dict) or first.get("format") != FORMAT:
        raise ApprovalFaultError(f"`{name}` is no record of approvals", _FORM)
    if first != _HEAD:
        raise ApprovalFaultError(
            f"`{name}` was written by a bylaw that this one cannot follow", "install a newer bylaw"
        )
    _refuse_many(len(lines) - 1, name)
    for number, line in lines[1:]:
        yield _entry(_parse(line), name, number)


def _refuse_many(count: int, name: str) -> None:
    """Refuse a file with too many entries as a whole: a later one may take an earlier one back."""
    if count > _MOST_ENTRIES:
        raise ApprovalFaultError(
            f"`{name}` has more than {_MOST_ENTRIES} entries", "start a new one"
        )


def _parse(text: str) -> Any:
    """Return what JSON says, None where it is none; a key that comes twice makes it none."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key comes twice")
    return found


def _refuse(text: str) -> Any:
    raise ValueError(text)


def _entry(item: Any, name: str, line: int | None) -> Entry:
    place = f"line {line} of `{name}`" if line else f"`{name}`"
    fault = _fault(item)
    if fault is not None:
        kind = "a line" if line else "a list"
        raise ApprovalFaultError(f"{place} is no {kind[2:]} of approvals: {fault}", _FORM)
    time = item.get("time")
    return Entry(
        item["by"],
        item.get("decision", "approve"),
        tuple(item.get("teams") or ()),
        time_of(time) if time else None,
        item.get("commit"),
        item.get("policy"),
        item.get("source"),
        item.get("of"),
        bot=item["by"].endswith("[bot]"),
    )


def _fault(item: Any) -> str | None:
    if not isinstance(item, dict):
        return "an object stands for each"
    for key in sorted(item.keys() - _KEYS):
        return f"it has a key `{key[:40]}`"
    for key in ("by", "commit", "policy", "source", "of", "note", "time"):
        if not isinstance(item.get(key), str | None):
            return f"`{key}` is no text"
    if not is_name(item.get("by")) or not (item.get("of") is None or is_name(item.get("of"))):
        return "`by` names nobody"
    if item.get("decision", "approve") not in DECISIONS:
        return "`decision` is none of " + ", ".join(f"`{each}`" for each in DECISIONS)
    teams = item.get("teams")
    if teams is not None and not (isinstance(teams, list) and all(map(is_name, teams))):
        return "`teams` is no list of names"
    if item.get("commit") is not None and not _COMMIT.fullmatch(item["commit"]):
        return "`commit` is no commit's id"
    if item.get("policy") is not None and not _POLICY.fullmatch(item["policy"]):
        return "`policy` is no policy version"
    if item.get("time") is not None and time_of(item["time"]) is None:
        return "`time` is no time in UTC"
    return None


def is_name(value: Any) -> bool:
    """Tell whether a value can be the name of somebody: printable, and not empty."""
    return isinstance(value, str) and value.isprintable() and bool(value.strip().strip("@"))


def time_of(text: str) -> datetime | None:
    """Return the moment that a time with an offset names, in UTC; None where it names none."""
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
