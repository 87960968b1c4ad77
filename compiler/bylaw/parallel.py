"""Work spread over forked processes, where there is enough of it."""

import contextlib
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, cast

T = TypeVar("T")
R = TypeVar("R")

_SHARES = 4
"""Slices per process: the more, the sooner there is something to show."""

_HEAD_BYTES = 8
_READ_BYTES = 1 << 20


def processes() -> int:
    """Return how many processes this one may keep busy, or 1 where it cannot fork.

    Beside other threads it must not: a lock that one of them holds would stay shut in the child.
    """
    if not hasattr(os, "fork") or threading.active_count() > 1:
        return 1
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def fork_map(function: Callable[[Sequence[T]], R], items: Sequence[T], least: int) -> Iterator[R]:
    """Apply `function` to slices of `items`, and yield its results in the order they are done.

    Below `least` items, or where there is one processor, `function` gets them all at once here.
    Its results must be picklable. What a child leaves undone, because it was killed or has failed,
    is done here: memory may be short, but no work is lost, and a fault shows where it can be seen.
    """
    count = processes()
    if len(items) < least or count == 1:
        yield function(items)
        return
    step = -(-len(items) // (count * _SHARES))
    slices = [items[start : start + step] for start in range(0, len(items), step)]
    undone = set(range(len(slices)))
    for index, result in _collect(function, slices, count):
        undone.discard(index)
        yield result
    for index in sorted(undone):
        yield function(slices[index])


def _collect(
    function: Callable[[Sequence[T]], R], slices: Sequence[Sequence[T]], count: int
) -> Iterator[tuple[int, R]]:
    """Yield the results of `count` children, each with the number of its slice."""
    children: dict[int, int] = {}
    try:
        # A system that has no more processes or files to give leaves the work to those there are.
        with contextlib.suppress(OSError):
            for number in range(count):
                share = range(number, len(slices), count)
                pipe, child = _start(function, slices, share, tuple(children))
                children[pipe] = child
        for message in _messages(tuple(children)):
            yield cast("tuple[int, R]", pickle.loads(message))  # noqa: S301 - from our own children
    finally:
        for pipe, child in children.items():
            os.close(pipe)
            with contextlib.suppress(OSError):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)


def _start(
    function: Callable[[Sequence[T]], R],
    slices: Sequence[Sequence[T]],
    share: Sequence[int],
    others: Sequence[int],
) -> tuple[int, int]:
    """Fork a child that works on its share; return the pipe it writes to, and its number."""
    reading, writing = os.pipe()
    try:
        child = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        raise
    if child:
        os.close(writing)
        return reading, child
    # Whatever happens, a child must not go on to do what its parent does. Once its parent is gone
    # nobody reads the pipe, and writing to it ends the child.
    try:
        for pipe in (reading, *others):
            os.close(pipe)
        with open(writing, "wb") as stream:
            for index in share:
                message = pickle.dumps((index, function(slices[index])), protocol=5)
                stream.write(len(message).to_bytes(_HEAD_BYTES, "big") + message)
                stream.flush()
    finally:
        os._exit(0)


def _messages(pipes: Sequence[int]) -> Iterator[bytes]:
    """Yield each whole message that arrives through any of the pipes, until all are closed."""
    arrived = {pipe: bytearray() for pipe in pipes}
    import selectors  # noqa: PLC0415 - who has little to do needs none

    with selectors.DefaultSelector() as selector:
        for pipe in pipes:
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select():
                data = os.read(key.fd, _READ_BYTES)
                if not data:
                    selector.unregister(key.fd)
                buffer = arrived[key.fd]
                buffer += data
                while len(buffer) >= _HEAD_BYTES:
                    end = _HEAD_BYTES + int.from_bytes(buffer[:_HEAD_BYTES], "big")
                    if len(buffer) < end:
                        break
                    yield bytes(buffer[_HEAD_BYTES:end])
                    del buffer[:end]
