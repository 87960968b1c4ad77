"""The map's pages, and what opens in them."""

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bylaw.preview.decision_map.focus import VIEWS, View
from bylaw.preview.decision_map.whole import DecisionMap, title_of
from bylaw.preview.server.asked import AskedError
from bylaw.preview.server.pages import page
from bylaw.preview.workspace import Workspace

if TYPE_CHECKING:
    from bylaw.preview.server.state import Served

T = TypeVar("T")

_PATIENCE = 0.15
"""Seconds for which a page asks the engines; what is left it asks for itself."""
_MANY_FILES = 20_000
"""Files from which on a page asks no engine by itself: the first answer alone takes seconds."""
_STEP = 0.06
"""Seconds of preparing after which others have their turn."""
_SILENT = 0.5
"""Seconds of preparing before pages are told of it, and before a page does not wait for it."""
_MOST_ASKED = 20
"""Constraints about which a page may ask at once."""

_maps: WeakKeyDictionary[Workspace, DecisionMap] = WeakKeyDictionary()


def map_of(workspace: Workspace) -> DecisionMap:
    """Return the map of what lies on disk, made once for each state of it."""
    known = _maps.get(workspace)
    if known is None or known.linked is not workspace.on_disk:
        linked = workspace.on_disk
        patience = _PATIENCE if len(linked.files) < _MANY_FILES else 0.0
        known = _maps[workspace] = DecisionMap(linked, patience)
    return known


async def show(request: Request) -> Response:
    """Answer `/map?view=&focus=`; a coverage that takes long comes by itself, later."""
    view, focus = _asked(request)
    served: Served = request.app.state.served
    ready = view != "coverage" or await _prepare(served, _SILENT)
    html = await _ask(served, lambda m: m.html(view, focus, served.links)) if ready else ""
    return await page(
        request,
        "map_page.html",
        title=title_of(view, focus),
        here="map",
        view=view,
        html=html,
        focus=focus,
        ready=ready,
    )


async def part(request: Request) -> Response:
    """Answer `/api/map?view=&focus=` with the HTML of a view, once it is there."""
    view, focus = _asked(request)
    served: Served = request.app.state.served
    if view == "coverage":
        await _prepare(served)
    return JSONResponse(
        {"html": await _ask(served, lambda m: str(m.html(view, focus, served.links)))}
    )


async def entries(request: Request) -> Response:
    """Answer `/api/map/entries?folder=` with the rows of a folder."""
    served: Served = request.app.state.served
    folder = request.query_params.get("folder", "").strip("/")
    await _prepare(served)

    def look(whole: DecisionMap) -> str:
        if not whole.folders.knows(folder):
            raise AskedError(404, f"nothing lies at `{folder}`")
        return str(whole.entries_html(folder, served.links))

    return JSONResponse({"html": await _ask(served, look)})


async def checked(request: Request) -> Response:
    """Answer `/api/map/checked?id=&id=` with where constraints are checked, by their full ids."""
    served: Served = request.app.state.served
    ids = request.query_params.getlist("id")[:_MOST_ASKED]
    await _prepare(served)
    found = {}
    for full_id in ids:
        # One by one, so that whoever edits need not wait for all of them.
        found[full_id] = await _ask(served, partial(_checked, full_id, served))
    return JSONResponse({"html": found})


def _checked(full_id: str, served: "Served", whole: DecisionMap) -> str:
    return str(whole.checked_html(full_id, served.links))


ROUTES: tuple[Route, ...] = (
    Route("/map", show),
    Route("/api/map", part),
    Route("/api/map/entries", entries),
    Route("/api/map/checked", checked),
)


def _asked(request: Request) -> tuple[View, str]:
    wanted = request.query_params.get("view", "graph")
    view = next((each for each in VIEWS if each == wanted), None)
    if view is None:
        raise AskedError(404, f"there is no view `{wanted}`")
    return view, request.query_params.get("focus", "").strip()


async def _ask(served: "Served", question: Callable[[DecisionMap], T]) -> T:
    return await served.ask(lambda workspace: question(map_of(workspace)))


async def _prepare(served: "Served", most: float | None = None) -> bool:
    """Prepare the coverage in steps, telling pages of what takes long; False where `most` is over.

    Between steps others are answered, so that nobody who edits waits for the whole.
    """
    began, told = time.perf_counter(), False
    while True:
        done, total = await _ask(served, lambda whole: whole.step(_STEP))
        if done >= total:
            if told:
                served.hub.send("progress", {"what": "coverage", "done": total, "total": total})
            return True
        spent = time.perf_counter() - began
        if most is not None and spent > most:
            return False
        if spent > _SILENT:
            told = True
            served.hub.send("progress", {"what": "coverage", "done": done, "total": total})
