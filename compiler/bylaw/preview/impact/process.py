"""The process that measures: lines of JSON in, lines of JSON out, one thing after the other.

It has one thread, because only then may it spread its work over further processes; a timer has it
look at what has come in meanwhile. It ends when whoever started it closes the pipe, or is gone.
"""

import contextlib
import json
import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from bylaw.adr.locate import adr_files
from bylaw.config_file import load
from bylaw.config_source import FILE, PYPROJECT
from bylaw.diagnostics import Report
from bylaw.driver import list_tree, today
from bylaw.preview.impact.known import Known
from bylaw.preview.impact.measure import measure
from bylaw.preview.impact.model import Ask, Impact
from bylaw.preview.impact.shown import Selection
from bylaw.preview.impact.view import impact_view
from bylaw.preview.workspace import Workspace

_LOOK_SECONDS = 0.1
_IDLE_SECONDS = 1.0
_READ_BYTES = 1 << 16
_MOST_HELD = 4
"""Impacts that are kept, so that one can page through them."""

_PROGRESS_SECONDS = 0.1

_RACY_NS = 2_000_000_000
"""A file that was written this shortly before it was looked at may have changed since, unseen."""

Message: TypeAlias = dict[str, Any]


class GivenUpError(BaseException):
    """Raised in the midst of work that nobody wants any more; no `except Exception` may stop it."""


class Pipe:
    """The two pipes to whoever has started this process."""

    def __init__(self) -> None:
        self._parent = os.getppid()
        self._arrived = b""
        self._messages: list[Message] = []
        self._writing = False

    def wait(self) -> Message:
        """Return the next message; the process ends where there will be none."""
        while not self._messages:
            self.look(_IDLE_SECONDS)
        return self._messages.pop(0)

    def take(self, deed: str) -> Iterator[Message]:
        """Yield the messages of a kind that have arrived, and forget them."""
        found = [each for each in self._messages if each["deed"] == deed]
        self._messages = [each for each in self._messages if each["deed"] != deed]
        yield from found

    def look(self, seconds: float = 0.0) -> None:
        """Read what has arrived, waiting so long for something."""
        if os.getppid() != self._parent:
            end()
        if not select.select([0], [], [], seconds)[0]:
            return
        data = os.read(0, _READ_BYTES)
        if not data:
            end()
        *lines, self._arrived = (self._arrived + data).split(b"\n")
        self._messages += [json.loads(line) for line in lines]

    def send(self, message: Message) -> None:
        """Send one message, whole."""
        data = json.dumps(message, default=str).encode() + b"\n"
        self._writing = True
        try:
            while data:
                data = data[os.write(1, data) :]
        except OSError:
            end()
        finally:
            self._writing = False

    @property
    def is_free(self) -> bool:
        """Whether no message is half written."""
        return not self._writing


def end() -> None:
    """End this process and those that it has forked: nobody waits for them."""
    # Whoever starts it gives it a group of its own.
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


class Bench:
    """The repository held open, and what was measured of it."""

    def __init__(self, root: Path, as_of: date | None, pipe: Pipe) -> None:
        self._root = root
        self._as_of = as_of
        self._pipe = pipe
        self._workspace: Workspace | None = None
        self._stamp: object = None
        self._known = Known(root)
        self._held: dict[Ask, Impact | None] = {}
        self._number = 0
        self._told = 0.0

    def answer(self, message: Message) -> None:
        """Do what a message asks for, and say what came of it."""
        if message["deed"] == "view":
            self._view(message)
        elif message["deed"] == "measure":
            self._number = message["number"]
            try:
                with self._interrupted():
                    self._measure(message)
            except GivenUpError:
                self._pipe.send({"number": self._number, "failed": "it was given up"})
            except Exception as error:
                why = f"bylaw itself has failed: {type(error).__name__}: {error}"
                self._pipe.send({"number": self._number, "failed": why})

    def _measure(self, message: Message) -> None:
        ask = Ask(*message["ask"])
        self._tell("read", 0, 0)
        impact = measure(self._open(), ask, self._tell, self._known)
        self._tell("count", 0, 0)
        self._held.pop(ask, None)
        self._held[ask] = impact
        while len(self._held) > _MOST_HELD:
            self._held.pop(next(iter(self._held)))
        self._view(message)

    def _view(self, message: Message) -> None:
        ask = Ask(*message["ask"])
        if ask not in self._held:
            self._pipe.send({"number": message["number"], "unknown": True})
            return
        impact, selection = self._held[ask], Selection(**message["selection"])
        view = impact_view(impact, **asdict(selection)) if impact is not None else None
        shown = asdict(view) if view is not None else None
        self._pipe.send({"number": message["number"], "view": shown})

    # --- the workspace -------------------------------------------------------------------------

    def _open(self) -> Workspace:
        """Return the workspace as the disk has it: read again only where something has changed."""
        # Looked at first: what changes while it is read is found changed the next time.
        stamp = self._look()
        if self._workspace is None:
            self._workspace = Workspace(self._root, as_of=self._as_of, progress=self._tell)
        elif stamp is None or stamp != self._stamp:
            self._stamp = None
            self._workspace.reload(self._tell)
        self._stamp = stamp
        return self._workspace

    def _look(self) -> object:
        """Return what changes whenever the decisions, or the list of files, do.

        None where something was written so shortly ago that it may change again unseen.
        """
        files = list_tree(self._root, Report())
        config = load(self._read, Report())
        latest = time.time_ns() - _RACY_NS
        stamps: list[object] = []
        for path in (FILE, PYPROJECT, *adr_files(files, config)):
            with contextlib.suppress(OSError):
                status = os.stat(self._root / path)
                if max(status.st_mtime_ns, status.st_ctime_ns) >= latest:
                    return None
                stamps.append((path, status.st_mtime_ns, status.st_ctime_ns, status.st_size))
        return files, stamps, today(self._root)

    def _read(self, name: str) -> bytes | None:
        try:
            return (self._root / name).read_bytes()
        except OSError:
            return None

    # --- meanwhile -----------------------------------------------------------------------------

    def _tell(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._told >= _PROGRESS_SECONDS or done == total:
            self._told = now
            self._pipe.send({"number": self._number, "progress": [what, done, total]})

    @contextlib.contextmanager
    def _interrupted(self) -> Iterator[None]:
        """Look now and then at what arrives while work goes on."""
        before = signal.signal(signal.SIGALRM, self._look_up)
        signal.setitimer(signal.ITIMER_REAL, _LOOK_SECONDS, _LOOK_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def _look_up(self, *_: object) -> None:
        if not self._pipe.is_free:
            return
        self._pipe.look()
        for message in self._pipe.take("view"):
            self._view(message)
        if any(list(self._pipe.take("cancel"))):
            raise GivenUpError


def main() -> None:
    """Serve one repository until the pipe is closed."""
    root, as_of = sys.argv[1:3]
    pipe = Pipe()
    bench = Bench(Path(root), date.fromisoformat(as_of) if as_of else None, pipe)
    while True:
        bench.answer(pipe.wait())


if __name__ == "__main__":
    main()
