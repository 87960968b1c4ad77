"""How far a repository has been read, for a client that shows such things."""

import asyncio
import itertools
import threading
import time
from collections.abc import Callable
from pathlib import Path

from lsprotocol import types

from bylaw.lsp.host import Host

_PATIENCE_SECONDS = 1.0
"""What is done sooner is not worth a word."""


class Telling:
    """Tells of work that takes longer than a second, from whichever thread it is done in."""

    def __init__(self, server: Host) -> None:
        self._server = server
        self._numbers = itertools.count(1)
        self._tokens: dict[Path, str] = {}
        self._lock = threading.Lock()

    def of(self, root: Path) -> Callable[[str, int, int], None]:
        """Return what is to be called as the work on a repository goes on."""
        loop = asyncio.get_running_loop()
        began = time.monotonic()

        def tell(stage: str, done: int, total: int) -> None:
            if time.monotonic() - began >= _PATIENCE_SECONDS:
                loop.call_soon_threadsafe(self._report, root, stage, done, total)

        return tell

    def _report(self, root: Path, stage: str, done: int, total: int) -> None:
        window = self._server.client_capabilities.window
        if window is None or not window.work_done_progress:
            return
        token = self._tokens.get(root)
        progress = self._server.work_done_progress
        if token is None:
            token = self._tokens[root] = f"bylaw-{next(self._numbers)}"
            progress.create(token)
            title = f"bylaw: {stage} {root.name}"
            progress.begin(token, types.WorkDoneProgressBegin(title, percentage=0))
        share = done * 100 // total if total else None
        report = types.WorkDoneProgressReport(message=f"{done} of {total}", percentage=share)
        progress.report(token, report)

    def end(self, root: Path) -> None:
        """Tell that the work is done."""
        token = self._tokens.pop(root, None)
        if token is not None:
            self._server.work_done_progress.end(token, types.WorkDoneProgressEnd())
