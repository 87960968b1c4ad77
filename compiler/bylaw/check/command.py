"""Running a command of a `run` constraint: bounded in time, and nothing of it outlives its end."""

import contextlib
import os
import selectors
import signal
import subprocess
import time
from pathlib import Path

from bylaw.check.evidence import CommandResult
from bylaw.unevaluable import UnevaluableError

_TAIL_BYTES = 8192
"""Of a command's output: what went wrong stands at the end."""

_READ_BYTES = 65536


def run_command(command: str, root: Path, timeout: float) -> CommandResult:
    """Run a command in `root` through the shell, for `timeout` seconds at most.

    Its whole process group is killed at the limit, and whatever it has left running at its end.
    `output` is the tail of what it has written to either stream.
    """
    began = time.monotonic()
    try:
        process = subprocess.Popen(
            ["/bin/sh", "-c", command],
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise UnevaluableError(f"the command cannot be started: {reason}") from None
    try:
        output, in_time = _watch(process, began + timeout)
    finally:
        _kill_group(process)
        status = process.wait()
    text = output.decode("utf-8", errors="replace")
    return CommandResult(status if in_time else None, text, time.monotonic() - began)


def _watch(process: "subprocess.Popen[bytes]", deadline: float) -> tuple[bytes, bool]:
    """Return the tail of the output, and whether the command ended before the deadline."""
    assert process.stdout is not None  # noqa: S101 - it was asked for
    stream = process.stdout
    os.set_blocking(stream.fileno(), False)
    tail = b""
    with stream, selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while True:
            # A child that the command leaves behind may keep the pipe open, so the pipe's end is
            # not waited for: the command's is.
            ended = process.poll() is not None
            left = deadline - time.monotonic()
            if not ended and left <= 0:
                return tail, False
            selector.select(0 if ended else min(left, 0.05))
            read = _read(stream.fileno())
            tail = (tail + read)[-_TAIL_BYTES:]
            if ended and not read:
                return tail, True


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, _READ_BYTES)
    except BlockingIOError:
        return b""


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
