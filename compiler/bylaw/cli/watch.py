"""`--watch`: again after each change that can change a build."""

import gc
from collections.abc import Iterator
from pathlib import Path

from bylaw.cli.faults import MISSING_EXTRA, FaultError


def changes(root: Path, output: Path) -> Iterator[None]:
    """Yield once, and again after each change below `root` but not in `output`."""
    try:
        import watchfiles  # noqa: F401 - to know that it is there
    except ImportError:
        raise FaultError(
            MISSING_EXTRA,
            "`--watch` needs the package `watchfiles`",
            "install it with `python -m pip install 'bylaw[watch]'`",
        ) from None
    from bylaw import watching

    resolved, written = root.resolve(), output.resolve()
    inside = written.relative_to(resolved).as_posix() if written.is_relative_to(resolved) else ""
    first = True
    for found in watching.changes(root, lambda: inside):
        if first or any(change.compiled for change in found):
            yield
        if first:
            first = False
            gc.enable()
