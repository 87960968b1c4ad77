"""Work spread over forked processes, where there is enough of it."""

import multiprocessing
import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_SHARES = 4
"""Chunks per process: enough that one slow chunk does not keep the others waiting."""


def processes() -> int:
    """Return how many processes this one may keep busy, or 1 where it cannot fork."""
    if "fork" not in multiprocessing.get_all_start_methods():
        return 1
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


_inherited: list[Any] = []
"""The function and the items of a running `fork_map`: children inherit them, nothing is pickled."""


def _run(bounds: tuple[int, int]) -> Any:
    function, items = _inherited
    return function(items[bounds[0] : bounds[1]])


def fork_map(function: Callable[[Sequence[T]], R], items: Sequence[T], least: int) -> list[R]:
    """Apply `function` to slices of `items`, and return its results in the order of the slices.

    Below `least` items, or where there is one processor, `function` gets them all at once here.
    Its results must be picklable.
    """
    count = processes()
    if len(items) < least or count == 1:
        return [function(items)]
    step = -(-len(items) // (count * _SHARES))
    bounds = [(start, start + step) for start in range(0, len(items), step)]
    _inherited[:] = (function, items)
    try:
        with multiprocessing.get_context("fork").Pool(count) as pool:
            return pool.map(_run, bounds, chunksize=1)
    finally:
        _inherited.clear()
