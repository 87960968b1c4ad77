"""What a page asks, read from JSON, and what it is told where that cannot be."""

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.requests import Request

_NUMBER = 1 << 53
"""Beyond it a script's numbers are not exact."""


class AskedError(Exception):
    """A question that cannot be answered: the status, and why in one clause."""

    def __init__(self, status: int, why: str, **more: Any) -> None:
        super().__init__(why)
        self.status = status
        self.why = why
        self.more = more


async def body_of(request: "Request") -> dict[str, Any]:
    """Return the JSON object that a request holds."""
    data = await request.body()
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise AskedError(400, "the body is no JSON") from None
    if not isinstance(value, dict):
        raise AskedError(400, "the body is no object")
    return value


def text_in(asked: dict[str, Any], name: str) -> str:
    """Return a text that must be given, and can be written to a file."""
    value = text_or_none_in(asked, name)
    if value is None:
        raise AskedError(400, f"`{name}` is missing")
    return value


def text_or_none_in(asked: dict[str, Any], name: str) -> str | None:
    """Return a text that may be missing; half a character (a lone surrogate) is refused."""
    value = asked.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise AskedError(400, f"`{name}` is no text")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise AskedError(400, f"`{name}` holds half a character") from None
    return value


def number_in(asked: dict[str, Any], name: str) -> int:
    """Return a whole number from 0; 0 where it is missing."""
    value = asked.get(name, 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _NUMBER:
        raise AskedError(400, f"`{name}` is no whole number")
    return value


def number_in_query(request: "Request", name: str, otherwise: int) -> int:
    """Return a whole number from 0 of the address."""
    value = request.query_params.get(name)
    if value is None:
        return otherwise
    if not value.isascii() or not value.isdigit() or len(value) > 15:
        raise AskedError(400, f"`{name}` is no whole number")
    return int(value)
