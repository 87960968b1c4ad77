"""The command line: the only part of bylaw that prints, writes files or exits."""

import atexit
import contextlib
import gc
import os
import sys
from collections.abc import Sequence

TYPE_CHECKING = False  # `typing` takes longer to import than a tool call takes to answer
if TYPE_CHECKING:
    from typing import NoReturn, TextIO

INTERRUPTED = 130
BROKEN_PIPE = 141
"""What a shell reports for a program that SIGINT, respectively SIGPIPE, has ended."""


def main() -> "NoReturn":
    """Run the command line of this process and exit."""
    # A run makes much that lives until its end and hardly a cycle; the collector would look
    # through all of it again and again.
    gc.disable()
    status = run(sys.argv[1:])
    # To take the objects of ten thousand decisions apart one by one takes a quarter of a second;
    # the system does it at once. What is registered to run at exit runs, and closes the cache.
    atexit._run_exitfuncs()  # noqa: SLF001 - there is no public way to run them early
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit status; no exception leaves this function."""
    # Whoever has closed a stream wants the status only; Python has None in its place.
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character gets its escape, never a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        if arguments[:1] == ["hook"] and (status_ := _hook(arguments[1:])) is not None:
            return status_
        from bylaw.cli.root import invoke

        status = invoke(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return BROKEN_PIPE
    except OSError as error:
        _drop_output()
        print(f"error[BL906]: cannot write the output: {error.strerror}", file=sys.stderr)
        return 2
    return status


def _hook(words: Sequence[str]) -> int | None:
    """Answer a tool call, for which everything else here is too slow to load."""
    from bylaw import bundle

    modules = bundle.install()
    from bylaw.checkpoint.hook import parse
    from bylaw.checkpoint.hook import run as answer

    asked = parse(list(words))
    if asked is None:
        return None
    status = answer(asked)
    if modules is not None and modules.missed:
        # The call has its answer; without the bundle the next one only waits longer for its own.
        with contextlib.suppress(OSError):
            modules.renew()
    return status


def _nowhere() -> "TextIO":
    return open(os.devnull, "w", encoding="utf-8")


def _drop_output() -> None:
    """Send what is still to be written nowhere: Python tries once more when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
