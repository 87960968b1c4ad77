"""What the page asks for, as JSON."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bylaw.preview.server.asked import (
    AskedError,
    body_of,
    number_in,
    number_in_query,
    text_in,
    text_or_none_in,
)
from bylaw.preview.server.listing import listing, window
from bylaw.preview.server.records import preview_record
from bylaw.preview.server.saving import ConflictError, NotSavedError, check_path, save
from bylaw.preview.workspace import Workspace

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from bylaw.preview.server.state import Served


async def list_decisions(request: "Request") -> "Response":
    """Answer `/api/list`: a window of the decisions that are found by words and state."""
    query, state = (request.query_params.get(name, "") for name in ("q", "state"))
    start, count = number_in_query(request, "from", 0), number_in_query(request, "count", 100)
    return await _answer(request, lambda space: window(space, query, state, start, count))


async def preview(request: "Request") -> "Response":
    """Answer `/api/preview`: what an ADR becomes, with an unsaved text or without."""
    asked = await body_of(request)
    path, text = text_in(asked, "path"), text_or_none_in(asked, "text")
    seq = number_in(asked, "seq")
    links = request.app.state.served.links

    def look(space: Workspace) -> dict[str, Any]:
        if text is not None:
            _check(space, path)
        elif path not in listing(space).files:
            raise AskedError(404, f"there is no ADR `{path}`")
        found = preview_record(space, path, text, seq, links)
        if found is None:
            raise AskedError(404, f"`{path}` cannot be read")
        return found

    return await _answer(request, look)


async def complete(request: "Request") -> "Response":
    """Answer `/api/complete`: what can be written at a place of an ADR."""
    from bylaw.preview.server.completing import completions  # noqa: PLC0415 - when first asked

    asked = await body_of(request)
    path, text = text_in(asked, "path"), text_in(asked, "text")
    line, character = number_in(asked, "line"), number_in(asked, "character")

    def look(space: Workspace) -> dict[str, Any]:
        _check(space, path)
        return {"items": completions(space, path, text, line, character)}

    return await _answer(request, look)


async def save_text(request: "Request") -> "Response":
    """Answer `/api/save`: write an ADR where it is still what the page believes it to be."""
    served: Served = request.app.state.served
    asked = await body_of(request)
    path, text = text_in(asked, "path"), text_in(asked, "text")
    digest = text_or_none_in(asked, "digest")

    def write(space: Workspace) -> dict[str, Any]:
        known = listing(space).files
        try:
            found = save(space.root, space.config, known, path, text, digest=digest)
        except ConflictError as error:
            raise AskedError(409, str(error), digest=error.digest) from None
        except NotSavedError as error:
            raise AskedError(422, str(error)) from None
        return {"digest": found}

    # Whoever asked to have it saved means it, even if their page is gone by now.
    return _json(await served.change(write))


def _check(space: Workspace, path: str) -> None:
    """Refuse to lay a text over what is no ADR."""
    try:
        check_path(space.root, space.config, listing(space).files, path)
    except NotSavedError as error:
        raise AskedError(422, str(error)) from None


async def _answer(
    request: "Request", function: Callable[[Workspace], dict[str, Any]]
) -> "Response":
    """Ask the workspace, unless the page has gone on by the time that its turn comes."""

    async def wanted() -> bool:
        return not await request.is_disconnected()

    return _json(await request.app.state.served.ask(function, wanted))


def _json(value: Any) -> "Response":
    from starlette.responses import Response  # noqa: PLC0415 - an extra

    # Escaped to ASCII: a file may hold bytes that are no text.
    return Response(json.dumps(value), media_type="application/json")
