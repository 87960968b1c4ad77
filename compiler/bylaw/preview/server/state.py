"""What the server holds: one workspace, the one thread that it belongs to, and who listens."""

import asyncio
import errno
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TypeVar

from bylaw.frontend import LEAST_SHARED
from bylaw.preview.page import Links
from bylaw.preview.project import project_name
from bylaw.preview.server.addresses import Addresses
from bylaw.preview.server.events import Event, Hub, event
from bylaw.preview.server.opening import fill_cache, is_cold
from bylaw.preview.server.watching import Watch
from bylaw.preview.worker import ImpactWorker
from bylaw.preview.workspace import Workspace
from bylaw.watching import Change

T = TypeVar("T")

_MOST_PATHS = 1_000
"""Changed paths that a page is told; where more have changed, it asks anew in any case."""

_FIRST_SECONDS = 0.2

_CONFIGURATION = frozenset({"bylaw.toml", "pyproject.toml"})
"""Files of which one line can make all decisions other ones."""


class UnwantedError(Exception):
    """Nobody waits for the answer any more."""


class Served:
    """A repository as it is served.

    Questions are asked one after the other, in the thread to which the workspace belongs; a page
    meanwhile gets everything that needs no compiler. `report` is called with what goes wrong that
    no page has asked for.
    """

    def __init__(
        self, root: Path, report: Callable[[Exception], object], *, as_of: date | None = None
    ) -> None:
        self.root = root
        self.name = project_name(root) or root.name
        self.report = report
        self.links: Links = Addresses()
        self.hub = Hub()
        self.as_of = as_of
        self.worker: ImpactWorker | None = None
        """What measures impacts, once somebody has asked for one."""
        self._revision = 0
        self._output = ""
        self._progress: tuple[str, int, int] = ("open the repository", 0, 0)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="workspace")
        self._turn = asyncio.Lock()
        self._opened = asyncio.Event()
        self._stale = asyncio.Event()
        self._changed: set[str] = set()
        self._workspace: Workspace | None = None

    # --- asking --------------------------------------------------------------------------------

    async def is_open(self, patience: float = 0.0) -> bool:
        """Return whether the decisions are compiled, or will be within so many seconds."""
        try:
            await asyncio.wait_for(self._opened.wait(), patience)
        except TimeoutError:
            return False
        return True

    async def ask(
        self,
        function: Callable[[Workspace], T],
        wanted: Callable[[], Awaitable[bool]] | None = None,
    ) -> T:
        """Return what a function says of the workspace, called in the workspace's thread.

        Raises UnwantedError where `wanted`, asked when the turn has come, says that nobody waits.
        """
        await self._opened.wait()
        async with self._turn:
            if wanted is not None and not await wanted():
                raise UnwantedError
            try:
                return await self._in_thread(function)
            except OSError as error:
                if error.errno != errno.EAGAIN:
                    raise
                # A file has changed since it was compiled, and nobody has told us yet.
                await self._reload()
                return await self._in_thread(function)

    async def change(self, function: Callable[[Workspace], T]) -> T:
        """Call a function that writes to the repository, and read it again before others ask."""
        await self._opened.wait()
        async with self._turn:
            answer = await self._in_thread(function)
            await self._reload()
        return answer

    async def _in_thread(self, function: Callable[[Workspace], T]) -> T:
        workspace = self._workspace
        if workspace is None:
            raise RuntimeError("asked before the repository is open")
        return await self._run(lambda: function(workspace))

    async def _run(self, function: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function)

    # --- opening, and staying fresh ------------------------------------------------------------

    async def serve(self) -> None:
        """Open the repository, and read it again whenever it changes on disk, until cancelled."""
        loop = asyncio.get_running_loop()
        watch = Watch(
            self.root,
            lambda: self._output,
            lambda found: loop.call_soon_threadsafe(self._notice, found),
            self.report,
        )
        watch.start()
        try:
            await self._open()
            while True:
                await self._stale.wait()
                await self._freshen()
        finally:
            watch.stop()
            if self.worker is not None:
                self.worker.close()
            self._thread.shutdown(wait=False, cancel_futures=True)

    async def _open(self) -> None:
        if await self._run(lambda: is_cold(self.root)):
            await fill_cache(self.root, self.tell_progress)
        self.tell_progress("link the decisions", 0, 0)
        workspace = await self._run(lambda: Workspace(self.root, as_of=self.as_of))
        self._workspace = workspace
        self._output = workspace.config.output
        self._opened.set()
        self.hub.send("ready", {"revision": self._revision})
        # Whoever waits already is answered first.
        await asyncio.sleep(_FIRST_SECONDS)
        await self.ask(_warm_up)

    def _notice(self, found: Iterable[Change]) -> None:
        compiled = {change.path for change in found if change.compiled}
        if compiled:
            self._changed |= compiled
            self._stale.set()
        else:
            self.hub.send("tree", {"revision": self._revision})

    async def _freshen(self) -> None:
        """Read the repository again, and tell pages what has changed."""
        self._stale.clear()
        many = len(self._changed) >= LEAST_SHARED or not _CONFIGURATION.isdisjoint(self._changed)
        self._changed.clear()
        try:
            if many and await self._run(lambda: is_cold(self.root)):
                await fill_cache(self.root, self.tell_progress)
            async with self._turn:
                await self._reload()
        except Exception as error:
            self.report(error)

    async def _reload(self) -> None:
        """Read the repository again; only for whoever has the turn."""
        changed, revision, self._output = await self._in_thread(_reload)
        if revision != self._revision:
            self._revision = revision
            paths = sorted(changed)[:_MOST_PATHS]
            self.hub.send("changed", {"revision": revision, "paths": paths})

    # --- telling -------------------------------------------------------------------------------

    def tell_progress(self, what: str, done: int, total: int) -> None:
        """Tell pages how far something is that they wait for."""
        self._progress = (what, done, total)
        self.hub.send("progress", {"what": what, "done": done, "total": total})

    def moment(self) -> Event:
        """Return what a page is told when it begins to listen."""
        if self._opened.is_set():
            return event("ready", {"revision": self._revision})
        what, done, total = self._progress
        return event("progress", {"what": what, "done": done, "total": total})

    def close(self) -> None:
        """Let pages go: what they listen to would never end by itself."""
        self.hub.close()


def _warm_up(workspace: Workspace) -> None:
    """Load the parser, the targets and the passes before the first key is struck."""
    from bylaw.preview.become import become  # noqa: PLC0415 - once in a run

    for unit in workspace.on_disk.program.units[:1]:
        path = unit.header.path
        data = workspace.on_disk.data(path)
        if data is not None:
            become(workspace.linked({path: data + b"\n"}), path)


def _reload(workspace: Workspace) -> tuple[frozenset[str], int, str]:
    changed = workspace.reload()
    return changed, workspace.revision, workspace.config.output
