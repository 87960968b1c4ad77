"""Listen on the loopback interface until somebody ends it."""

import asyncio
import contextlib
import errno
import socket
from dataclasses import dataclass
from types import FrameType

import uvicorn

from bylaw.preview.server.app import make_app
from bylaw.preview.server.state import Served

PORT = 8765
"""The port that is taken where none is asked for and nobody else has it."""

_PATIENCE_SECONDS = 1
"""How long a request that is being answered may hold up the end."""

_IDLE_SECONDS = 60
"""How long a connection is kept that nobody uses: whoever writes stops to think."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Sockets on one loopback port, and the address of the first."""

    sockets: tuple[socket.socket, ...]
    address: str
    port: int


def listen(port: int, otherwise: int | None = None) -> Listening:
    """Listen on a loopback port, of both families where the machine has them; 0 is any free one.

    Where the port is taken, `otherwise` is tried. Raises OSError where neither can be had.
    """
    try:
        first = _first(port)
    except OSError as error:
        if otherwise is None or error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        first = _first(otherwise)
    taken = first.getsockname()[1]
    if first.family == socket.AF_INET6:
        return Listening((first,), f"http://[::1]:{taken}/", taken)
    sockets = [first]
    # `localhost` may mean either. Where another program has this one, ours is still at the address
    # that is printed.
    with contextlib.suppress(OSError):
        sockets.append(_bound("::1", taken))
    return Listening(tuple(sockets), f"http://127.0.0.1:{taken}/", taken)


def _first(port: int) -> socket.socket:
    try:
        return _bound("127.0.0.1", port)
    except OSError as error:
        if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
            raise
    return _bound("::1", port)


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address.

    It names its protocol, as `socket.create_server` does not: only then does asyncio send each part
    of an answer at once, and not 40 ms later, when the browser has confirmed the one before it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind((host, port))
        bound.listen()
    except OSError:
        bound.close()
        raise
    return bound


def run(served: Served, listening: Listening, token: str, once: str | None = None) -> None:
    """Serve until the process is told to end; the signal is then raised again.

    Raises what has kept the repository from being opened.
    """
    config = uvicorn.Config(
        make_app(served, token, listening.port, once),
        http="h11",
        ws="none",
        lifespan="off",
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_PATIENCE_SECONDS,
    )
    server = _Server(config, served)
    server.run(sockets=list(listening.sockets))
    if server.failure is not None:
        raise server.failure


class _Server(uvicorn.Server):
    """Opens the repository while it serves, and lets every page go when it is told to end."""

    def __init__(self, config: uvicorn.Config, served: Served) -> None:
        super().__init__(config)
        self.failure: BaseException | None = None
        self._served = served

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take the signal to end: streams of events would hold it up for ever."""
        self._served.close()
        super().handle_exit(sig, frame)

    async def main_loop(self) -> None:
        """Serve, and end where the repository cannot be opened."""
        self._served.hub.open()
        serving = asyncio.create_task(self._served.serve())
        serving.add_done_callback(self._end)
        await super().main_loop()
        serving.remove_done_callback(self._end)
        serving.cancel()

    def _end(self, serving: "asyncio.Task[None]") -> None:
        self.failure = serving.exception()
        self.should_exit = True
