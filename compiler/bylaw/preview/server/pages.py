"""The pages, as the server shows them."""

import re
from collections.abc import Awaitable, Callable
from functools import wraps
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from bylaw.governing import find_constraints, find_units
from bylaw.preview.become import become
from bylaw.preview.fragments import adr_markup
from bylaw.preview.model import STATES, Preview
from bylaw.preview.page import environment
from bylaw.preview.problems import problems_of
from bylaw.preview.server.listing import listing
from bylaw.preview.server.records import title_of
from bylaw.preview.server.saving import NotSavedError, check_path, is_text
from bylaw.preview.workspace import Linked, Workspace

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from bylaw.preview.server.state import Served

_HALVES = re.compile("[\ud800-\udfff]")

_PATIENCE_SECONDS = 0.3
"""Whoever waits longer is shown that there is something to wait for."""


def filled(template: str, served: "Served", **values: Any) -> bytes:
    """Return a page's HTML, with the values that every page takes."""
    common = {"links": served.links, "repository": served.name, "decision": ""}
    html = environment().get_template(template).render({**common, **values})
    # Bytes of a file that are no text have come this far as halves of characters.
    return _HALVES.sub("\ufffd", html).encode()


async def page(request: "Request", template: str, **values: Any) -> "Response":
    """Answer with a whole page."""
    from starlette.responses import HTMLResponse  # noqa: PLC0415 - an extra

    return HTMLResponse(filled(template, request.app.state.served, **values))


Endpoint = Callable[["Request"], Awaitable["Response"]]


def opened(endpoint: Endpoint) -> Endpoint:
    """Return an endpoint that shows how far the opening is, where that takes longer than a look.

    The page comes again by itself when the decisions are there.
    """

    @wraps(endpoint)
    async def answer(request: "Request") -> "Response":
        if await request.app.state.served.is_open(_PATIENCE_SECONDS):
            return await endpoint(request)
        return await page(request, "opening.html", title="Opening", here="decisions")

    return answer


async def home(request: "Request") -> "Response":
    """Answer `/`: the list, whose rows the page asks for."""
    served: Served = request.app.state.served
    total, faults = await served.ask(lambda space: (len(listing(space).rows), space.faults))
    return await page(
        request,
        "list.html",
        title="Decisions",
        here="decisions",
        total=total,
        states=STATES,
        faults=faults,
        for_impact=request.query_params.get("for") == "impact",
    )


async def workbench(request: "Request") -> "Response":
    """Answer `/decisions/{name}`: an ADR, by its decision's id or by its own path."""
    from starlette.responses import HTMLResponse  # noqa: PLC0415 - an extra

    served: Served = request.app.state.served
    name = request.path_params["name"]

    def look(space: Workspace) -> bytes | None:
        path = find_path(space, name)
        linked = space.on_disk
        preview = None if path is None else become(linked, path)
        return None if preview is None else _workbench(served, space, linked, preview)

    html = await served.ask(look)
    if html is None:
        return await constraint(request)
    return HTMLResponse(html)


def _workbench(served: "Served", space: Workspace, linked: Linked, preview: Preview) -> bytes:
    data = space.on_disk.data(preview.path)
    return filled(
        "workbench.html",
        served,
        title=title_of(preview),
        here="decisions",
        decision=listing(space).name_of(preview.path) if preview.decision else "",
        preview=preview,
        editable=data is None or is_text(data),
        html=adr_markup(linked, preview, served.links),
        problems=problems_of(linked, preview),
        digest=None if data is None else sha256(data).hexdigest(),
        revision=space.revision,
    )


async def new(request: "Request") -> "Response":
    """Answer `/new`: a decision that is not on disk yet."""
    from starlette.responses import HTMLResponse  # noqa: PLC0415 - an extra

    served: Served = request.app.state.served
    title = request.query_params.get("title", "")

    def look(space: Workspace) -> bytes | None:
        from bylaw.preview.blank import blank  # noqa: PLC0415 - seldom needed

        begun = blank(space.on_disk, title)
        linked = space.linked({begun.path: begun.text.encode()})
        preview = become(linked, begun.path)
        return None if preview is None else _workbench(served, space, linked, preview)

    html = await served.ask(look)
    if html is None:
        return missing(request, "no new decision can be begun here")
    return HTMLResponse(html)


async def constraint(request: "Request") -> "Response":
    """Answer `/constraints/{decision}/{id}`: lead to the sentence in its decision."""
    from starlette.responses import RedirectResponse  # noqa: PLC0415 - an extra

    served: Served = request.app.state.served
    name = request.path_params["name"]

    def look(space: Workspace) -> str | None:
        found = find_constraints(space.on_disk.program, name)
        if not found:
            return None
        unit, identity = found[0]
        return served.links.decision(listing(space).name_of(unit.header.path), identity)

    address = await served.ask(look)
    if address is None:
        return missing(request, f"nothing here is named `{name}`")
    return RedirectResponse(address, 303)


async def impact_of_none(request: "Request") -> "Response":  # noqa: ARG001 - Starlette's
    """Answer `/impact`: lead to the list, in which a decision is chosen."""
    from starlette.responses import RedirectResponse  # noqa: PLC0415 - an extra

    return RedirectResponse("/?for=impact", 303)


async def impact(request: "Request") -> "Response":
    """Answer `/impact/{decision}`: what it would break, which the page then asks for."""
    served: Served = request.app.state.served
    name = request.path_params["name"]

    def look(space: Workspace) -> tuple[str, str, str] | None:
        path = find_path(space, name)
        unit = space.on_disk.program.by_path.get(path or "")
        if unit is None:
            return None
        return unit.header.path, listing(space).name_of(unit.header.path), unit.header.title

    found = await served.ask(look)
    if found is None and await served.ask(lambda space: can_be_adr(space, name)):
        found = name, "", name  # it is written in the page, and no file yet
    if found is None:
        return missing(request, f"there is no decision `{name}`")
    path, decision, title = found
    return await page(
        request,
        "impact_page.html",
        title=f"Impact of {title}",
        here="impact",
        decision=decision,
        path=path,
        name=title,
        folder=request.query_params.get("folder", ""),
    )


def can_be_adr(space: Workspace, path: str) -> bool:
    """Whether an ADR can be saved under a path that holds none yet."""
    try:
        check_path(space.root, space.config, (), path)
    except NotSavedError:
        return False
    return path not in space.files


def missing(request: "Request", why: str, status: int = 404) -> "Response":
    """Answer that there is nothing to show, on a page with the way on."""
    from starlette.responses import HTMLResponse  # noqa: PLC0415 - an extra

    heading = "Not here" if status == 404 else "This did not work"
    values = {"title": heading, "heading": heading, "text": why, "here": "decisions"}
    return HTMLResponse(filled("message.html", request.app.state.served, **values), status)


def find_path(space: Workspace, name: str) -> str | None:
    """Return the path of the ADR that a name leads to: a decision's id or number, or a path."""
    found = listing(space)
    if name in found.paths:
        return found.paths[name]
    if name in found.files:
        return name
    units = find_units(space.on_disk.program, name)
    return units[0].header.path if units else None
