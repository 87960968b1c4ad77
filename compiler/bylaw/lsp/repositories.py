"""The repositories around the open texts, in the one thread that their workspaces belong to."""

import errno
import queue
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from bylaw.adr.locate import adr_files
from bylaw.frontend import Progress
from bylaw.preview.become import become
from bylaw.preview.model import Preview
from bylaw.preview.workspace import Linked, Workspace

T = TypeVar("T")
Texts = Mapping[str, bytes]

_MOST_PREVIEWS = 32


class Repository:
    """One repository, held open; only its own thread may ask it."""

    def __init__(self, root: Path, progress: Progress | None = None) -> None:
        self.workspace = Workspace(root, progress=progress)
        self._linked: tuple[Texts, int, Linked] | None = None
        self._previews: dict[str, Preview | None] = {}

    def linked(self, texts: Texts) -> Linked:
        """Return the decisions with the open texts laid over them."""
        kept, revision = self._linked, self.workspace.revision
        if kept is None or kept[0] != texts or kept[1] != revision:
            kept = (texts, revision, self.workspace.linked(texts))
            self._linked = kept
            self._previews.clear()
        return kept[2]

    def preview(self, texts: Texts, path: str) -> Preview | None:
        """Return what an ADR becomes."""
        linked = self.linked(texts)
        if path not in self._previews:
            if len(self._previews) >= _MOST_PREVIEWS:
                self._previews.clear()
            self._previews[path] = become(linked, path)
        return self._previews[path]

    def reload(self) -> None:
        """Read what lies on disk again."""
        self.workspace.reload()
        self._linked = None

    def is_adr(self, path: str) -> bool:
        """Tell whether the configuration takes a path for an ADR, there or not."""
        linked = self.workspace.on_disk
        if path in linked.program.by_path or path in linked.listed:
            return True
        if path in self.workspace.files:
            # Two names of a kind make a folder one of ADRs: it takes all files to tell.
            return path in adr_files(self.workspace.files, self.workspace.config)
        return bool(adr_files((path,), self.workspace.config))


class Repositories:
    """Asks repositories, one question after the other; each is opened when it is asked first."""

    def __init__(self) -> None:
        self._open: dict[Path, Repository] = {}
        self._queue: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = queue.SimpleQueue()
        # A daemon: nobody waits for a compilation once the client is gone.
        threading.Thread(target=self._run, name="workspaces", daemon=True).start()

    def ask(
        self, root: Path, function: Callable[[Repository], T], progress: Progress | None = None
    ) -> Future[T]:
        """Return what a function will say of the repository at a root."""

        def answer() -> T:
            repository = self._open.get(root)
            if repository is None:
                repository = self._open[root] = Repository(root, progress)
            try:
                return function(repository)
            except OSError as error:
                if error.errno != errno.EAGAIN:
                    raise
                # A file has changed since it was compiled, and nobody has told us yet.
                repository.reload()
                return function(repository)

        future: Future[T] = Future()
        self._queue.put((future, answer))
        return future

    def drop(self, root: Path) -> None:
        """Let a repository go."""
        future: Future[Any] = Future()
        self._queue.put((future, lambda: self._open.pop(root, None)))

    def _run(self) -> None:
        while True:
            future, answer = self._queue.get()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(answer())
            except BaseException as error:
                future.set_exception(error)
