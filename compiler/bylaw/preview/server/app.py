"""The application: which address is answered by what."""

from typing import TYPE_CHECKING, Any, cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bylaw.preview.page import STATIC
from bylaw.preview.server import api, impact_routes, map_routes, pages
from bylaw.preview.server.asked import AskedError
from bylaw.preview.server.events import events
from bylaw.preview.server.security import Guard, RefusedError
from bylaw.preview.server.state import Served, UnwantedError

if TYPE_CHECKING:
    from starlette.types import ASGIApp


def make_app(served: Served, token: str, port: int, once: str | None = None) -> "ASGIApp":
    """Return the application of one repository, guarded; see `Guard` for the tokens."""
    app = Starlette(
        routes=[
            Route("/", pages.opened(pages.home)),
            Route("/new", pages.opened(pages.new)),
            Route("/decisions/{name:path}", pages.opened(pages.workbench)),
            Route("/constraints/{name:path}", pages.opened(pages.constraint)),
            Route("/impact", pages.impact_of_none),
            Route("/impact/{name:path}", pages.opened(pages.impact)),
            Route("/api/list", api.list_decisions),
            Route("/api/preview", api.preview, methods=["POST"]),
            Route("/api/complete", api.complete, methods=["POST"]),
            Route("/api/save", api.save_text, methods=["POST"]),
            Route("/api/events", events),
            *map(_shown_once_open, (*impact_routes.ROUTES, *map_routes.ROUTES)),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        exception_handlers={
            AskedError: _not_answered,
            UnwantedError: _unwanted,
            RefusedError: _refused,
            HTTPException: _http_fault,
            Exception: _bug,
        },
    )
    app.state.served = served
    return Guard(app, token, port, once)


def _shown_once_open(route: Route) -> Route:
    """Return a page's route as one that shows how far the opening is; the API's as it is."""
    if route.path.startswith("/api/"):
        return route
    return Route(route.path, pages.opened(route.endpoint))


async def _unwanted(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's
    # Nobody reads this: the page has gone on.
    return Response(status_code=204)


async def _not_answered(request: Request, error: Exception) -> Response:
    asked = cast("AskedError", error)
    return _say(request, asked.why, asked.status, **asked.more)


async def _refused(request: Request, error: Exception) -> Response:
    refused = cast("RefusedError", error)
    response = _say(request, refused.why, refused.status)
    # What is left of the body is not read.
    response.headers["connection"] = "close"
    return response


async def _http_fault(request: Request, error: Exception) -> Response:
    fault = cast("HTTPException", error)
    response = _say(request, fault.detail.lower(), fault.status_code)
    response.headers.update(fault.headers or {})
    return response


async def _bug(request: Request, error: Exception) -> Response:
    request.app.state.served.report(error)
    return _say(request, f"bylaw itself has failed: {type(error).__name__}", 500)


def _say(request: Request, why: str, status: int, **more: Any) -> Response:
    """Answer in one clause, to a script as JSON and to a person as a page."""
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": why, **more}, status)
    return pages.missing(request, why, status)
