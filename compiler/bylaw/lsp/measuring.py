"""What decisions would break, measured in another process and kept by their text."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Literal

from bylaw.preview.impact.model import Ask
from bylaw.preview.impact.shown import ImpactView, Selection
from bylaw.preview.worker import ImpactError, ImpactWorker, SupersededError

_MOST_KEPT = 64
_MOST_ROWS = 2000


@dataclass(frozen=True)
class Measured:
    """What is known of a decision's impact: how many violations, and where, by constraint."""

    state: Literal["measuring", "done", "failed"]
    counts: Mapping[str, int] = field(default_factory=dict)
    paths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    why: str = ""


class Measuring:
    """Asks for impacts, and answers at once with what is known; nobody waits for a judge."""

    def __init__(self, done: Callable[[Path, str], None]) -> None:
        self._workers: dict[Path, ImpactWorker] = {}
        self._known: dict[tuple[Path, str, str], Measured] = {}
        self._tasks: dict[tuple[Path, str, str], asyncio.Task[None]] = {}
        self._done = done

    def ask(self, root: Path, path: str, text: str | None) -> Measured:
        """Return what is known of a text's impact, and begin to measure where nothing is."""
        key = (root, path, sha256((text or "").encode("utf-8", "surrogatepass")).hexdigest())
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _MOST_KEPT:
                self._known.pop(next(iter(self._known)))
            known = self._known[key] = Measured("measuring")
            self._tasks[key] = asyncio.ensure_future(self._measure(key, text))
        return known

    def known(self, root: Path, path: str, text: str | None) -> Measured | None:
        """Return what is known, and begin nothing."""
        digest = sha256((text or "").encode("utf-8", "surrogatepass")).hexdigest()
        return self._known.get((root, path, digest))

    async def wait(self, root: Path, path: str, text: str | None, seconds: float) -> Measured:
        """Return what is known after waiting a little for it."""
        known = self.ask(root, path, text)
        digest = sha256((text or "").encode("utf-8", "surrogatepass")).hexdigest()
        task = self._tasks.get((root, path, digest))
        if known.state == "measuring" and task is not None:
            await asyncio.wait({task}, timeout=seconds)
        return self._known.get((root, path, digest), known)

    def forget(self, root: Path) -> None:
        """Let go what is known of a repository: its tree has changed."""
        for key in [key for key in self._known if key[0] == root]:
            task = self._tasks.get(key)
            if task is None:
                del self._known[key]

    def close(self) -> None:
        """End the processes."""
        for worker in self._workers.values():
            worker.close()

    async def _measure(self, key: tuple[Path, str, str], text: str | None) -> None:
        root, path, _ = key
        worker = self._workers.get(root)
        if worker is None:
            worker = self._workers[root] = ImpactWorker(root)
        try:
            found = await worker.measure(Ask(path, text), selection=Selection(count=_MOST_ROWS))
            self._known[key] = _measured(found)
        except SupersededError:
            self._known.pop(key, None)
        except ImpactError as error:
            self._known[key] = Measured("failed", why=error.why)
        except Exception as error:
            self._known[key] = Measured("failed", why=f"bylaw itself has failed: {error}"[:200])
        finally:
            self._tasks.pop(key, None)
        self._done(root, path)


def _measured(view: ImpactView | None) -> Measured:
    if view is None:
        return Measured("done", why="there is no such file")
    counts = {s.id: s.violations for s in view.sentences if s.fate in {"judged", "later"}}
    paths: dict[str, dict[str, None]] = {}
    for row in view.rows:
        if row.path is not None and not row.excuse:
            paths.setdefault(row.constraint, {})[row.path] = None
    return Measured(
        "done", counts, {name: tuple(some) for name, some in paths.items()}, view.nothing or ""
    )
