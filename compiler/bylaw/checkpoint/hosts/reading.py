"""What all hosts' forms have in common: JSON objects, and their fields by sort."""

import json

from bylaw.checkpoint.calls import Fault, Reply

TYPE_CHECKING = False  # `typing` takes longer to import than a call takes to read
if TYPE_CHECKING:
    from typing import Any

MAX_BYTES = 64 << 20
"""Of a call; no host sends more."""


def read_object(source: bytes) -> "dict[str, Any] | Fault":
    """Return the JSON object that a host has written to standard input."""
    if len(source) > MAX_BYTES:
        return Fault("BL550", "the call is larger than 64 MiB")
    try:
        found = json.loads(source.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Fault("BL550", "the call is not UTF-8")
    except RecursionError:
        return Fault("BL550", "the call is nested too deeply to be read")
    except ValueError as error:
        where = getattr(error, "pos", None)
        place = f" (character {where + 1})" if where is not None else ""
        return Fault(
            "BL550",
            f"the call is no JSON{place}"
            if source.strip()
            else "there is no call on standard input",
            "the host hands in one JSON object on standard input",
        )
    if not isinstance(found, dict):
        return Fault("BL550", "the call is no JSON object")
    return found


def text(found: "dict[str, Any]", *names: str) -> str:
    """Return the first of the fields that is text, else none."""
    for name in names:
        value = found.get(name)
        if isinstance(value, str):
            return value
    return ""


def folder(found: "dict[str, Any]", *names: str) -> "str | None":
    """Return a field that is an absolute path."""
    value = text(found, *names)
    return value if value.startswith("/") else None


def reply(found: "dict[str, Any] | None", stderr: str = "", status: int = 0) -> Reply:
    """Return what is written: a JSON object on one line, or nothing."""
    stdout = b"" if found is None else json.dumps(found).encode("ascii") + b"\n"
    message = stderr.encode("utf-8", "backslashreplace")
    return Reply(stdout, message + b"\n" if message else b"", status)
