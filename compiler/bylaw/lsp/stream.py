"""Messages over standard input and output: nothing that arrives ends the server but its client."""

import json
import os
import queue
import re
import sys
import threading
from collections.abc import Callable
from typing import Any

_MOST_BODY = 64 << 20
"""No editor sends a longer message; what is longer is read past."""
_MOST_HEADER = 8192
_LENGTH = re.compile(rb"content-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r?\n?\Z", re.IGNORECASE)

Message = dict[str, Any]


class Incoming:
    """What arrives at a file descriptor.

    Python's own buffers have locks, and a thread that waits in one breaks the interpreter's end.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._buffer = bytearray()

    def line(self) -> bytes:
        """Return the next line with its end, or as much of it as is taken at once."""
        seen = 0
        while True:
            end = self._buffer.find(b"\n", seen)
            if end >= 0:
                return self._take(end + 1)
            seen = len(self._buffer)
            if seen >= _MOST_HEADER or not self._fill(_MOST_HEADER):
                return self._take(seen)

    def read(self, length: int) -> bytes:
        """Return so many bytes, or fewer at the end."""
        while len(self._buffer) < length and self._fill(length - len(self._buffer)):
            pass
        return self._take(length)

    def _fill(self, most: int) -> bool:
        data = os.read(self._descriptor, min(max(most, 1), 1 << 20))
        self._buffer += data
        return bool(data)

    def _take(self, length: int) -> bytes:
        found = bytes(self._buffer[:length])
        del self._buffer[:length]
        return found


class BrokenMessageError(Exception):
    """What has arrived is no message; `code` is that of JSON-RPC."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def read_message(stream: Incoming) -> Message | None:
    """Return the next message, None at the end of the stream.

    Raises BrokenMessageError for what is none; the next call goes on behind it.
    """
    length = _read_header(stream)
    if length is None:
        return None
    if length > _MOST_BODY:
        _skip(stream, length)
        raise BrokenMessageError(-32600, f"a message of more than {_MOST_BODY >> 20} MiB")
    body = stream.read(length)
    if len(body) < length:
        return None
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise BrokenMessageError(-32700, "a message that is no JSON") from None
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        raise BrokenMessageError(-32600, "a message that is not of JSON-RPC 2.0")
    return message


def _read_header(stream: Incoming) -> int | None:
    """Return the length that a header names, None at the end; lines that name none are passed."""
    length: int | None = None
    while True:
        line = stream.line()
        if not line:
            return None
        if not line.strip():
            if length is not None:
                return length
            continue
        named = _LENGTH.search(line)
        # A message that was shorter than it said leaves its rest before the next header.
        if named is not None:
            length = int(named[1])


def _skip(stream: Incoming, length: int) -> None:
    while length > 0:
        chunk = stream.read(min(length, 1 << 20))
        if not chunk:
            return
        length -= len(chunk)


class Writer:
    """Writes messages in a thread of its own, so that a client that does not read blocks nobody."""

    def __init__(self, descriptor: int, broken: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._broken = broken
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        """Write bytes, some time."""
        self._queue.put(data)

    def close(self) -> None:
        """Write what is left, and wait for that a little."""
        self._queue.put(None)
        self._thread.join(2)

    def _run(self) -> None:
        while (data := self._queue.get()) is not None:
            try:
                while data:
                    data = data[os.write(self._descriptor, data) :]
            except OSError:
                self._broken()
                return


def take_streams() -> tuple[Incoming, int]:
    """Return standard input, and a descriptor of standard output, for messages alone.

    Whatever else is printed from here on goes to standard error.
    """
    reading, writing = os.dup(0), os.dup(1)
    sys.stdout.flush()
    os.dup2(2, 1)
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    return Incoming(reading), writing
