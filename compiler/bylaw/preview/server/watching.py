"""Notice what happens on disk, in a thread of its own."""

import threading
from collections.abc import Callable
from pathlib import Path

from bylaw.watching import Change, changes

_STEP_MS = 20
"""How long it must be quiet on disk: who writes in an editor waits for the page to follow."""

Noticed = Callable[[frozenset[Change]], object]


class Watch:
    """A thread that calls `noticed` with what changes, until it is stopped or the process ends.

    `failed` is called with what keeps it from watching any longer.
    """

    def __init__(
        self,
        root: Path,
        output: Callable[[], str],
        noticed: Noticed,
        failed: Callable[[Exception], object],
    ) -> None:
        self._root = root
        self._output = output
        self._noticed = noticed
        self._failed = failed
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to watch; what happens before is no change."""
        self._thread.start()

    def stop(self) -> None:
        """Watch no more; the thread ends within a moment."""
        self._stop.set()

    def _watch(self) -> None:
        seen = changes(self._root, self._output, stop=self._stop, step_ms=_STEP_MS)
        try:
            for found in seen:
                if found:
                    self._noticed(found)
        except Exception as error:
            self._failed(error)
