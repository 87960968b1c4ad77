"""Changing files that people write: shown as a difference, or replaced in one step."""

import difflib
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from bylaw.cli.session import Session, io_fault


def print_difference(run: Session, path: str, before: bytes, after: bytes) -> None:
    """Print how a file would change, as a unified diff."""
    style = run.style(sys.stdout)
    for line in _difference(run.show(path), before.decode("utf-8"), after.decode("utf-8")):
        part = {"+": "help", "-": "caret", "@": "gutter"}.get(line[:1])
        print(style.paint(line, part) if part else line)


def _difference(path: str, before: str, after: str) -> Iterator[str]:
    from bylaw.render.characters import safe

    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), f"a/{path}", f"b/{path}", lineterm=""
    )
    for line in lines:
        yield safe(line)


def replace_file(path: Path, data: bytes) -> None:
    """Replace a file in one step; its rights stay as they are."""
    from bylaw.output import staged

    try:
        with staged(path, data, stat.S_IMODE(path.stat().st_mode)) as publish:
            publish()
    except OSError as error:
        raise io_fault(path, error) from error
