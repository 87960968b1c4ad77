"""Server-sent events: what pages are told without having asked."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_MOST_WAITING = 256
"""Events that wait for a page that does not read; beyond it has to connect again."""

_PING_SECONDS = 15.0


class Event(NamedTuple):
    """What pages are told: a kind of event, and its value as JSON."""

    name: str
    value: str


def event(name: str, value: Any) -> Event:
    """Return an event; what JSON cannot say in ASCII is escaped, so that it is one line."""
    return Event(name, json.dumps(value))


class Hub:
    """Hands every event to every page that listens; safe to call from any thread."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listening: set[asyncio.Queue[Event | None]] = set()
        self._closed = False

    def open(self) -> None:
        """Take the running loop for the one in which pages listen."""
        self._loop = asyncio.get_running_loop()

    def send(self, name: str, value: Any) -> None:
        """Tell all pages; from another thread they hear it as soon as the loop comes round."""
        self._soon(self._deliver, event(name, value))

    def close(self) -> None:
        """End every page's stream, so that a server which ends waits for none."""
        self._soon(self._end)

    async def listen(self, first: Callable[[], Event]) -> AsyncIterator[Event]:
        """Yield what `first` says of this moment, then events until the hub or the page closes."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._listening.add(queue)
        if self._closed:
            queue.put_nowait(None)
        try:
            yield first()
            while (later := await queue.get()) is not None:
                yield later
        finally:
            self._listening.discard(queue)

    def _soon(self, call: Callable[..., None], *values: Any) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *values)

    def _deliver(self, told: Event) -> None:
        for queue in tuple(self._listening):
            if queue.qsize() < _MOST_WAITING:
                queue.put_nowait(told)
            else:
                self._drop(queue)

    def _end(self) -> None:
        self._closed = True
        for queue in tuple(self._listening):
            self._drop(queue)

    def _drop(self, queue: asyncio.Queue[Event | None]) -> None:
        self._listening.discard(queue)
        queue.put_nowait(None)


async def events(request: "Request") -> "Response":
    """Answer `/api/events`."""
    from sse_starlette import EventSourceResponse, ServerSentEvent  # noqa: PLC0415 - an extra

    served = request.app.state.served

    async def stream() -> AsyncIterator[ServerSentEvent]:
        async for told in served.hub.listen(served.moment):
            yield ServerSentEvent(told.value, event=told.name)

    return EventSourceResponse(stream(), ping=_PING_SECONDS)
