"""The option `--record`: the records of agents' sessions, read from where somebody has put them."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bylaw.cli.faults import BAD_PATH, FaultError
from bylaw.cli.session import Session, io_fault

if TYPE_CHECKING:
    from bylaw.record.history import Record

F = TypeVar("F", bound=Callable[..., Any])


def records_option(command: F) -> F:
    """Add `--record`."""
    return click.option(
        "--record",
        "records",
        multiple=True,
        metavar="FILE",
        help="What an agent did: a session's record, or a folder of them; may be repeated.",
    )(command)


def read_records(run: Session, names: tuple[str, ...]) -> "Record | None":
    """Return the records of files and folders as one; None where none is named."""
    if not names:
        return None
    from bylaw.record.history import join
    from bylaw.record.store import read

    found = []
    for name in names:
        for path in _files(run, name):
            try:
                found.append(read(str(path)))
            except OSError as error:
                raise io_fault(path, error) from error
    return join(found)


def _files(run: Session, name: str) -> list[Path]:
    path = run.base / name
    try:
        if path.is_dir():
            found = sorted(each for each in path.glob("*.jsonl") if each.is_file())
            if not found:
                raise FaultError(
                    BAD_PATH,
                    f"`{name}` holds no record",
                    "a record is a file that ends in `.jsonl`",
                )
            return found
        if path.is_file():
            return [path]
    except (OSError, ValueError) as error:
        raise io_fault(path, error) from error
    raise FaultError(BAD_PATH, f"`{name}` does not exist", "name a record, or a folder of them")
