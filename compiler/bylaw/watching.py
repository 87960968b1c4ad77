"""The changes of a repository, as they happen on disk."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from threading import Event

    import watchfiles

_READ_ENDINGS = (".md", ".markdown", ".mdx", ".rst", ".adoc", ".toml")
_READ_NAMES = frozenset({".gitignore"})

_TICK_MS = 100
"""How soon there is a first answer, and how often it is asked whether to go on."""

_POLL_MS = 1_000


class Change(NamedTuple):
    """A file that has come, gone or changed: its path from the root, with `/`.

    `compiled` tells whether it can change what the decisions are compiled to. The compiler reads
    ADRs and the configuration; of other files it only asks whether they are there.
    """

    path: str
    compiled: bool


def changes(
    root: Path, output: Callable[[], str], *, stop: "Event | None" = None, step_ms: int = 50
) -> Iterator[frozenset[Change]]:
    """Yield nothing as soon as changes below `root` are seen, then what has changed, as it does.

    What happens while the caller is busy is yielded next. `output` says in which folder builds
    write: what changes there changes nothing. `step_ms` is how long it must be quiet before what
    was seen is yielded. Needs the package `watchfiles`.

    Where the system watches no more files, they are looked at once a second.
    """
    try:
        yield from _changes(root, output, stop, step_ms, poll=False)
    except (OSError, RuntimeError):
        # The one where there are too many files, the other where there are too many watchers.
        yield from _changes(root, output, stop, step_ms, poll=True)


def _changes(
    root: Path, output: Callable[[], str], stop: "Event | None", step_ms: int, *, poll: bool
) -> Iterator[frozenset[Change]]:
    import watchfiles  # noqa: PLC0415 - an extra

    resolved = str(root.resolve())
    usual = watchfiles.DefaultFilter()
    seen = watchfiles.watch(
        resolved,
        watch_filter=usual,
        stop_event=stop,
        step=step_ms,
        rust_timeout=_TICK_MS,
        yield_on_timeout=True,
        force_polling=poll,
        poll_delay_ms=_POLL_MS,
    )
    first = True
    for found in seen:
        told = frozenset(_told(found, resolved, output(), watchfiles.Change.modified))
        if told or first:
            first = False
            yield told


def _told(
    found: "set[tuple[watchfiles.Change, str]]", root: str, output: str, modified: object
) -> Iterator[Change]:
    for kind, full in found:
        path = os.path.relpath(full, root).replace(os.sep, "/")
        name = path.rpartition("/")[2]
        if path == output or path.startswith(f"{output}/") or _is_passing(name):
            continue
        yield Change(path, kind is not modified or _is_read(name))


def _is_passing(name: str) -> bool:
    """Whether a file is being written, by us, and will have another name in a moment."""
    return name.startswith(".") and name.endswith(".part")


def _is_read(name: str) -> bool:
    """Whether the compiler may read a file: `0009-use-v1.2` is an ADR whose name has no ending."""
    _, dot, ending = name.rpartition(".")
    bare = not dot or not ending.isalnum() or ending.isdigit()
    return bare or name.endswith(_READ_ENDINGS) or name in _READ_NAMES
