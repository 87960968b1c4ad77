"""Compile what is not in the cache, in a process of its own.

Beside other threads the compiler may not fork, and would hold this process's lock for seconds: a
child does it with every processor, and leaves the work in the cache, from which the workspace
opens ten thousand decisions in half a second.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

from bylaw.adr.locate import adr_files
from bylaw.cache import Cache
from bylaw.config import Config
from bylaw.config_file import load
from bylaw.diagnostics import Report
from bylaw.driver import list_tree
from bylaw.frontend import LEAST_SHARED, compile_files, stale

Tell = Callable[[str, int, int], None]
"""Called with what is done, how much of it is, and how much there is."""


def is_cold(root: Path) -> bool:
    """Return whether so much is to be compiled that a child does it sooner."""
    config, paths = _adrs(root)
    if len(paths) < LEAST_SHARED:
        return False
    return len(stale(root, paths, config, Cache(root).units())) >= LEAST_SHARED


async def fill_cache(root: Path, tell: Tell) -> None:
    """Have a child compile a repository, and say how far it is; that it fails changes nothing.

    Whatever it leaves undone, the workspace does when it opens.
    """
    try:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            __name__,
            str(root),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            process_group=0,  # Ctrl-C is for its parent, which ends it
        )
    except OSError:
        return
    try:
        # It is a pipe, which the type does not know.
        async for line in cast("asyncio.StreamReader", child.stdout):
            with contextlib.suppress(ValueError):
                what, done, total = json.loads(line)
                tell(what, done, total)
        await child.wait()
    except BaseException:
        # Its own children, too.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        raise


def main(root: Path) -> None:
    """Compile a repository, and write how far that is as lines of JSON."""

    def tell(what: str, done: int, total: int) -> None:
        # A parent that is gone reads nothing: the pipe breaks, and that ends this process.
        sys.stdout.write(json.dumps([what, done, total]) + "\n")
        sys.stdout.flush()

    config, paths = _adrs(root)
    tell("compile", 0, len(paths))
    compile_files(root, paths, config, Cache(root), tell)


def _adrs(root: Path) -> tuple[Config, list[str]]:
    config = load(_reader(root), Report())
    files = list_tree(root, Report())
    return config, adr_files((p for p in files if not p.startswith(f"{config.output}/")), config)


def _reader(root: Path) -> Callable[[str], bytes | None]:
    def read(name: str) -> bytes | None:
        try:
            return (root / name).read_bytes()
        except OSError:
            return None

    return read


if __name__ == "__main__":
    main(Path(sys.argv[1]))
