"""What the commands that compile share: the options of a run, progress, and the verdict."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bylaw.cli.faults import BAD_ARGUMENT, USAGE, FaultError
from bylaw.cli.session import Session, say

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from bylaw.config import Config
    from bylaw.diagnostics import Diagnostic

F = TypeVar("F", bound=Callable[..., Any])

FOUND = 1
"""The exit status of a run with errors or, where it is strict, warnings."""

_PATIENCE_SECONDS = 1.0
"""Work that is done sooner shows no progress."""


def _day(context: click.Context, parameter: click.Parameter, value: str | None) -> date | None:  # noqa: ARG001 - click's signature
    """Return the day that an option names."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        message = f"`{value}` is no day"
        raise FaultError(BAD_ARGUMENT, message, "write it as in `2026-12-31`") from None


def as_of_option(command: F) -> F:
    """Add `--as-of`."""
    return click.option(
        "--as-of",
        callback=_day,
        metavar="YYYY-MM-DD",
        help="The day that decides what is in force; else that of HEAD's commit.",
    )(command)


def config_or_exit(run: Session) -> "Config":
    """Return the configuration, or print what is wrong with it and end the run."""
    config, diagnostics = run.config(known_targets)
    if diagnostics:
        run.print_diagnostics(diagnostics)
        raise click.exceptions.Exit(USAGE)
    return config


def known_targets() -> tuple[str, ...]:
    """Return the names of all targets, those of other packages included."""
    from bylaw_targets import target_names

    return target_names()


def reported(diagnostics: "Iterable[Diagnostic]", config: "Config") -> "list[Diagnostic]":
    """Return the diagnostics that the configuration does not silence."""
    return [each for each in diagnostics if not config.allows(each)]


def fails(diagnostics: "Iterable[Diagnostic]", strict: bool) -> bool:
    """Return whether these diagnostics fail a build."""
    failing = {"error", "warning"} if strict else {"error"}
    return any(each.severity in failing for each in diagnostics)


def warn_of_errors(report: "Iterable[Diagnostic]") -> None:
    """Say that an answer may lack what the ADRs say wrongly."""
    errors = sum(each.severity == "error" for each in report)
    if errors:
        from bylaw.render.text import count

        say(f"note: {count(errors, 'error')} in the ADRs, so this may lack something;")
        say("      `bylaw build` shows what is wrong")


@contextmanager
def progress() -> "Iterator[Callable[[str, int, int], None] | None]":
    """Yield what the compiler calls as it works; on a terminal, slow work draws a bar."""
    if not sys.stderr.isatty():
        yield None
        return
    drawing = _Drawing()
    try:
        yield drawing.show
    finally:
        drawing.stop()


class _Drawing:
    """A bar on stderr that appears only when there is something to wait for."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._bar: Bar | None = None
        self._tasks: dict[str, TaskID] = {}

    def show(self, stage: str, done: int, total: int) -> None:
        if time.monotonic() - self._began < _PATIENCE_SECONDS:
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import Progress

            # No thread may draw: the compiler forks, and a child would inherit its locks.
            self._bar = Progress(console=Console(stderr=True), transient=True, auto_refresh=False)
            self._bar.start()
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(stage, total=total)
        self._bar.update(self._tasks[stage], completed=done, total=total)
        self._bar.refresh()

    def stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
