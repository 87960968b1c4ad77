"""The process that measures impacts, as whoever asks it sees it: so that nothing waits for it.

Its messages are lines of JSON, and only windows of a result are sent. Free of any server, so that
editors use it as well as the page.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bylaw.preview.impact.model import Ask
from bylaw.preview.impact.shown import ImpactView, Selection

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Progress = Callable[[str, int, int], None]
"""Told what is done, how much of it, and of how much; 0 where that is not known."""

_CHILD = "bylaw.preview.impact.process"
_MOST_LINE = 64 << 20
_PATIENCE = 1.0
"""Seconds that a process has to give an ask up before it is killed."""

_TRIES = 2
"""How often an ask is tried: what has killed the process may have been something else."""


class SupersededError(Exception):
    """A newer ask has taken the place of this one, so nobody needs its answer."""


class ImpactError(Exception):
    """An impact could not be measured; `why` is one lower-case clause."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class _DiedError(Exception):
    """The process has ended before it answered."""


@dataclass(eq=False)
class _Job:
    """An ask under way: what runs it, and whether a newer one has come."""

    task: "asyncio.Task[ImpactView | None] | None" = None
    superseded: bool = False

    def supersede(self) -> None:
        """Let a newer ask take its place."""
        self.superseded = True
        if self.task is not None:
            self.task.cancel()


class ImpactWorker:
    """Measures impacts in another process, one after the other; it belongs to one event loop.

    The process starts with the first ask, is started again where it has ended, and ends with this
    one, however this one ends.
    """

    def __init__(self, root: Path, *, as_of: date | None = None) -> None:
        self._root = root
        self._as_of = as_of
        self._child: _Child | None = None
        self._turn = asyncio.Lock()
        self._jobs: dict[str, _Job] = {}

    async def measure(
        self,
        ask: Ask,
        on_progress: Progress | None = None,
        *,
        key: str | None = None,
        selection: Selection | None = None,
    ) -> ImpactView | None:
        """Judge the tree as if a decision were in force, and return a window of the result.

        None where there is no such file. `key` says which asks take each other's place, by default
        those of one decision; raises SupersededError where a newer one has come, and ImpactError
        where it cannot be done.
        """
        key = ask.path if key is None else key
        job = _Job()
        older = self._jobs.get(key)
        self._jobs[key] = job
        if older is not None:
            older.supersede()
        request = {"deed": "measure", "ask": ask, "selection": asdict(selection or Selection())}
        job.task = asyncio.ensure_future(self._in_turn(request, on_progress))
        try:
            return await job.task
        except asyncio.CancelledError:
            if job.superseded:
                raise SupersededError from None
            job.task.cancel()
            raise
        finally:
            if self._jobs.get(key) is job:
                del self._jobs[key]

    async def view(self, ask: Ask, selection: Selection) -> ImpactView | None:
        """Return another window of what was measured last for an ask; it is measured if need be."""
        request = {"deed": "view", "ask": ask, "selection": asdict(selection)}
        child = self._child
        if child is not None and child.is_alive:
            with contextlib.suppress(_DiedError):
                answer = await child.ask(request, None)
                if not answer.get("unknown"):
                    return _view_of(answer)
        return await self.measure(ask, key=f"view {ask.path}", selection=selection)

    def cancel(self, key: str) -> None:
        """Give up what is measured under a key, if anything is."""
        job = self._jobs.get(key)
        if job is not None:
            job.supersede()

    def close(self) -> None:
        """End the process, whatever it does."""
        for job in tuple(self._jobs.values()):
            job.supersede()
        if self._child is not None:
            self._child.kill()

    @property
    def process(self) -> int | None:
        """The number of the process, where one runs."""
        return self._child.number if self._child is not None and self._child.is_alive else None

    async def _in_turn(
        self, request: dict[str, Any], on_progress: Progress | None
    ) -> ImpactView | None:
        async with self._turn:
            for _ in range(_TRIES):
                child = await self._started()
                try:
                    return _view_of(await child.ask(request, on_progress))
                except _DiedError as error:
                    why = str(error)
                except asyncio.CancelledError:
                    # The next in turn waits until the process has come to rest, or is gone.
                    await asyncio.shield(asyncio.ensure_future(child.give_up()))
                    raise
            raise ImpactError(why)

    async def _started(self) -> "_Child":
        if self._child is None or not self._child.is_alive:
            self._child = await _Child.start(self._root, self._as_of)
        return self._child


def _view_of(answer: dict[str, Any]) -> ImpactView | None:
    if "failed" in answer:
        raise ImpactError(answer["failed"])
    view = answer.get("view")
    return None if view is None else _adapter().validate_python(view, strict=False)


@cache
def _adapter() -> "TypeAdapter[ImpactView]":
    from pydantic import TypeAdapter  # noqa: PLC0415 - once there is something to read

    return TypeAdapter(ImpactView)


# --- the process -------------------------------------------------------------------------------


@dataclass(eq=False)
class _Child:
    """A running process: its pipes, and who waits for what it will answer."""

    process: asyncio.subprocess.Process
    waiting: dict[int, "asyncio.Future[dict[str, Any]]"] = field(default_factory=dict)
    progress: dict[int, Progress] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    reading: "asyncio.Task[None] | None" = None
    resting: "asyncio.Future[dict[str, Any]] | None" = None
    """Who waits for the answer to what is being measured, whoever asked."""

    @classmethod
    async def start(cls, root: Path, as_of: date | None) -> "_Child":
        """Start a process in a group of its own; nothing of the repository is imported by it."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            _CHILD,
            str(root),
            as_of.isoformat() if as_of is not None else "",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            limit=_MOST_LINE,
        )
        child = cls(process)
        child.reading = asyncio.ensure_future(child.read())
        return child

    @property
    def number(self) -> int:
        """The process's number."""
        return self.process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it runs, as far as is known."""
        return self.process.returncode is None and not (self.reading and self.reading.done())

    async def ask(self, request: dict[str, Any], on_progress: Progress | None) -> dict[str, Any]:
        """Send a request and return the answer; _DiedError where the process ends instead."""
        number = next(self.numbers)
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.waiting[number] = answer
        if on_progress is not None:
            self.progress[number] = on_progress
        if request["deed"] == "measure":
            self.resting = answer
        try:
            await self._send({**request, "number": number})
            return await asyncio.shield(answer)
        finally:
            self.progress.pop(number, None)

    async def give_up(self) -> None:
        """Have what is being measured given up; a process that does not listen is killed."""
        if self.resting is None or self.resting.done():
            return
        with contextlib.suppress(_DiedError):
            await self._send({"deed": "cancel", "number": 0})
            await asyncio.wait({self.resting}, timeout=_PATIENCE)
        if not self.resting.done():
            self.kill()
            await asyncio.wait({self.resting}, timeout=_PATIENCE)

    async def _send(self, request: dict[str, Any]) -> None:
        stdin = self.process.stdin
        if stdin is None or not self.is_alive:
            raise _DiedError(self._end())
        try:
            stdin.write(json.dumps(request).encode() + b"\n")
            await stdin.drain()
        except (ConnectionError, RuntimeError):
            raise _DiedError(self._end()) from None

    async def read(self) -> None:
        """Hand out answers until the process ends."""
        stdout = self.process.stdout
        try:
            while stdout is not None and (line := await stdout.readline()):
                self._hand_out(json.loads(line))
        except (ValueError, ConnectionError):
            self.kill()
        finally:
            await self.process.wait()
            for answer in self.waiting.values():
                if not answer.done():
                    answer.set_exception(_DiedError(self._end()))
                    # Nobody may be left who wants to know.
                    answer.exception()
            self.waiting.clear()

    def _hand_out(self, message: dict[str, Any]) -> None:
        number = message["number"]
        if "progress" in message:
            told = self.progress.get(number)
            if told is not None:
                told(*message["progress"])
            return
        answer = self.waiting.pop(number, None)
        if answer is not None and not answer.done():
            answer.set_result(message)

    def _end(self) -> str:
        code = self.process.returncode
        if code is not None and code < 0:
            return f"the process that judges was ended by signal {-code}"
        return "the process that judges has ended before it was done"

    def kill(self) -> None:
        """End the process and what it has started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
