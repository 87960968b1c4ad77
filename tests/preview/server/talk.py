"""A server of `bylaw preview` in a process of its own, and how to talk to it."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_ADDRESS = re.compile(r"serving on (http://(\S+?):(\d+)/\S*)[?]token=(\S+)")
_PATIENCE = 20.0
"""Seconds until a busy machine has answered."""


def command(*arguments: str) -> list[str]:
    """Return the command line of `bylaw preview`."""
    code = "from bylaw.cli import main; main()"
    return [sys.executable, "-u", "-c", code, "preview", *arguments]


def environment(**more: str) -> dict[str, str]:
    """Return the environment in which a child finds the packages under test."""
    path = os.pathsep.join(each for each in sys.path if each)
    return {**os.environ, "PYTHONPATH": path, **more}


@dataclass(frozen=True)
class Answer:
    """What a server has answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def value(self) -> Any:
        """The body's JSON."""
        return json.loads(self.body)


@dataclass
class Told:
    """The events that a page has been told, as they come."""

    events: list[tuple[str, Any, float]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def wait(self, name: str, seconds: float = _PATIENCE, after: int = 0) -> tuple[Any, float]:
        """Return the first event of a name, and when it came, of those after so many others."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for found, value, when in self.events[after:]:
                if found == name:
                    return value, when
            time.sleep(0.002)
        raise AssertionError(f"no `{name}` in {seconds} s, but {self.events[after:]}")


class Server:
    """One run of `bylaw preview`."""

    def __init__(self, root: Path, *options: str, **env: str) -> None:
        self.root = root
        words = ("--no-open", *options) if "--open" not in options else options
        if "--port" not in options:
            words = ("--port", "0", *words)
        self.process = subprocess.Popen(
            command(*words),
            cwd=root,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(**env),
        )
        assert self.process.stderr is not None
        self.lines: list[str] = []
        for line in self.process.stderr:
            self.lines.append(line)
            if found := _ADDRESS.search(line):
                self.address, self.host, port, self.token = found.groups()
                self.port = int(port)
                break
        else:
            raise AssertionError("".join(self.lines))
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        self.lines.extend(self.process.stderr)

    @property
    def printed(self) -> str:
        """What it has said so far."""
        return "".join(self.lines)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        token: bool = True,
        host: str = "127.0.0.1",
    ) -> Answer:
        """Send one request; `headers` replace those that go by themselves."""
        given = {"authorization": f"Bearer {self.token}"} if token else {}
        if body is not None:
            given["content-type"] = "application/json"
        connection = http.client.HTTPConnection(host, self.port, timeout=_PATIENCE)
        try:
            connection.request(method, path, body, {**given, **(headers or {})})
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def get(self, path: str) -> Answer:
        """Get an address, with the token."""
        return self.ask("GET", path)

    def post(self, path: str, value: Any) -> Answer:
        """Post a value as JSON, with the token."""
        return self.ask("POST", path, json.dumps(value).encode())

    @contextmanager
    def events(self) -> Iterator[Told]:
        """Listen to the events for a while; the server is open when this begins."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        headers = {"authorization": f"Bearer {self.token}"}
        connection.request("GET", "/api/events", headers=headers)
        stream = connection.sock
        response = connection.getresponse()
        assert response.status == 200
        told = Told()
        threading.Thread(target=_listen, args=(response, told), daemon=True).start()
        try:
            yield told
        finally:
            # Whoever reads holds the response until there is nothing more to read.
            with suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)
            told.ended.wait(_PATIENCE)
            connection.close()

    def end(self, sign: signal.Signals = signal.SIGINT) -> float:
        """End the server by a signal, and return how many seconds that took."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(sign)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        took = time.monotonic() - began
        self._reader.join(5)
        assert self.process.stderr is not None
        self.process.stderr.close()
        return took


def _listen(response: http.client.HTTPResponse, told: Told) -> None:
    name = ""
    try:
        for line in response:
            word, _, rest = line.decode().rstrip("\r\n").partition(": ")
            if word == "event":
                name = rest
            elif word == "data":
                told.events.append((name, json.loads(rest), time.monotonic()))
    except (OSError, ValueError, AttributeError, http.client.HTTPException):
        # The connection has been closed while it was read.
        pass
    finally:
        told.ended.set()


Serve = Callable[..., Server]
"""Starts a server of a folder with options; it ends with the test."""
