"""Impacts over HTTP: asked for as jobs, told about as events, looked at window by window."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from starlette.routing import Route

from bylaw.preview.impact.model import Ask
from bylaw.preview.impact.shown import WINDOW, ImpactView, Selection
from bylaw.preview.page import environment
from bylaw.preview.server.asked import (
    AskedError,
    body_of,
    number_in_query,
    text_in,
    text_or_none_in,
)
from bylaw.preview.worker import ImpactError, ImpactWorker, SupersededError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from bylaw.preview.server.state import Served

_MOST_JOBS = 64
_PARTS = ("impact", "impact_summary")


@dataclass(eq=False)
class _Job:
    """An ask, how far it is, and what takes its place: a newer one with the same key."""

    id: str
    ask: Ask
    key: str
    state: str = "running"
    stage: str = ""
    done: int = 0
    total: int = 0
    why: str = ""
    task: "asyncio.Task[None] | None" = None

    @property
    def told(self) -> dict[str, Any]:
        """What pages are told of it."""
        return {
            "job": self.id,
            "state": self.state,
            "stage": self.stage,
            "done": self.done,
            "total": self.total,
            "why": self.why,
        }


async def begin(request: "Request") -> "Response":
    """Answer `POST /api/impact`: begin to measure, and say under which name one hears of it."""
    served: Served = request.app.state.served
    asked = await body_of(request)
    ask = Ask(
        text_in(asked, "path"),
        text_or_none_in(asked, "text"),
        text_or_none_in(asked, "constraint"),
    )
    key = text_or_none_in(asked, "key") or ask.path
    job = _Job(token_urlsafe(9), ask, key)
    jobs = _jobs(request)
    jobs[job.id] = job
    while len(jobs) > _MOST_JOBS:
        jobs.pop(next(iter(jobs)))
    job.task = asyncio.ensure_future(_measure(served, job))
    return _json({"job": job.id})


async def look(request: "Request") -> "Response":
    """Answer `GET /api/impact/{job}`: a window of the result, or how far it is."""
    served: Served = request.app.state.served
    job = _job(request)
    part = request.query_params.get("part", "impact")
    if part not in _PARTS:
        raise AskedError(400, "there is no such part")
    if job.state != "done":
        return _json(job.told)
    texts = {n: request.query_params.get(n, "") for n in ("folder", "owner", "constraint")}
    start, count = number_in_query(request, "from", 0), number_in_query(request, "count", WINDOW)
    try:
        view = await worker_of(served).view(job.ask, Selection(**texts, start=start, count=count))
    except (ImpactError, SupersededError) as error:
        return _json({**job.told, "state": "failed", "why": str(error) or "a newer ask came"})
    if view is None:
        raise AskedError(404, f"there is no ADR `{job.ask.path}`")
    return _json({**job.told, **_counts(view), "html": rendered(part, view, served)})


async def cancel(request: "Request") -> "Response":
    """Answer `POST /api/impact/{job}/cancel`: give it up."""
    job = _job(request)
    if job.task is not None:
        job.task.cancel()
    return _json({"job": job.id})


def rendered(part: str, view: ImpactView, served: "Served") -> str:
    """Return a part of a page that shows an impact."""
    template = environment().get_template(f"fragments/{part}.html")
    return template.render(impact=view, links=served.links)


def worker_of(served: "Served") -> ImpactWorker:
    """Return the server's worker, whose process starts with the first ask."""
    if served.worker is None:
        served.worker = ImpactWorker(served.root, as_of=served.as_of)
    return served.worker


async def _measure(served: "Served", job: _Job) -> None:
    def tell(stage: str, done: int, total: int) -> None:
        job.stage, job.done, job.total = stage, done, total
        served.hub.send("impact", job.told)

    try:
        selection = Selection(count=1)
        await worker_of(served).measure(job.ask, tell, key=job.key, selection=selection)
        job.state = "done"
    except SupersededError:
        job.state = "superseded"
    except asyncio.CancelledError:
        job.state, job.why = "failed", "it was cancelled"
    except ImpactError as error:
        job.state, job.why = "failed", error.why
    served.hub.send("impact", job.told)


def _counts(view: ImpactView) -> dict[str, Any]:
    return {
        "violations": view.violations,
        "total": view.total,
        "baseline": view.baseline._asdict(),
        "conflicts": len(view.clashes),
    }


def _jobs(request: "Request") -> dict[str, _Job]:
    state = request.app.state
    if not hasattr(state, "impact_jobs"):
        state.impact_jobs = {}
    jobs: dict[str, _Job] = state.impact_jobs
    return jobs


def _job(request: "Request") -> _Job:
    job = _jobs(request).get(request.path_params["job"])
    if job is None:
        raise AskedError(404, "there is no such job any more")
    return job


def _json(value: Any) -> "Response":
    from starlette.responses import Response  # noqa: PLC0415 - an extra

    # Escaped to ASCII: a file may hold bytes that are no text.
    return Response(json.dumps(value), media_type="application/json")


ROUTES: Sequence[Route] = (
    Route("/api/impact", begin, methods=["POST"]),
    Route("/api/impact/{job}", look),
    Route("/api/impact/{job}/cancel", cancel, methods=["POST"]),
)
