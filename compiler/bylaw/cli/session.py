"""What every command works with: the repository's root, its configuration, the streams."""

import os
import shutil
import sys
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from bylaw.cli.faults import BAD_PATH, IO_FAILURE, FaultError

if TYPE_CHECKING:
    from bylaw.config import Config
    from bylaw.diagnostics import Diagnostic
    from bylaw.render.text import Style
    from bylaw.source import Source

F = TypeVar("F", bound=Callable[..., Any])


@dataclass
class Session:
    """One run: what the options that all commands share have said."""

    folder: str | None = None
    colour: str = "auto"
    debug: bool = False

    @cached_property
    def base(self) -> Path:
        """The folder in which the user stands: `--root` where it is given."""
        if self.folder is None:
            return Path.cwd()
        base = Path(self.folder).absolute()
        if not base.is_dir():
            raise FaultError(
                BAD_PATH, f"`{self.folder}` is no folder", "name one that exists after `--root`"
            )
        return base

    @cached_property
    def root(self) -> Path:
        """The folder of the configuration; without one that of the repository, or where we are."""
        for folder in (self.base, *self.base.parents):
            if (folder / "bylaw.toml").exists() or configures(folder / "pyproject.toml"):
                return folder
            if (folder / ".git").exists():
                return folder
        return self.base

    @cached_property
    def _sources(self) -> "dict[str, Source | None]":
        return {}

    def read(self, path: str) -> "Source | None":
        """Return a file of the repository, or None where it cannot be read."""
        from bylaw.source import Source

        if path not in self._sources:
            # A name in the tree is UTF-8, whatever the locale thinks.
            data = read_bytes(os.fsencode(self.root) + b"/" + path.encode())
            self._sources[path] = None if data is None else Source(path, data)
        return self._sources[path]

    def config(
        self, targets: "Callable[[], Collection[str]] | None" = None
    ) -> "tuple[Config, list[Diagnostic]]":
        """Return the configuration and what is wrong with it; `targets` names all there are."""
        from bylaw.config_file import load
        from bylaw.diagnostics import Report

        report = Report()
        config = load(lambda name: read_bytes(self.root / name), report, targets)
        return config, list(report)

    def style(self, stream: TextIO) -> "Style":
        """Return how text looks on a stream."""
        from bylaw.render.text import PIPE_WIDTH, Style

        width = shutil.get_terminal_size((PIPE_WIDTH, 24)).columns
        return Style(self.colours(stream), width if stream.isatty() else PIPE_WIDTH, self.show)

    def colours(self, stream: TextIO) -> bool:
        """Return whether a stream gets colours: see no-color.org and bixense.com/clicolors."""
        if self.colour != "auto":
            return self.colour == "always"
        if os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE"):
            return True
        return stream.isatty() and os.environ.get("TERM") != "dumb"

    def show(self, path: str) -> str:
        """Return a path of the repository as the user would open it from where they stand."""
        if self.root == Path.cwd():
            return path
        return os.path.relpath(self.root / path).replace(os.sep, "/")

    def inside(self, path: str) -> str:
        """Return a path of the command line relative to the root, with `/`; it need not exist."""
        full = Path(os.path.normpath(self.base / path))
        for root in (self.root, self.root.resolve()):
            if full.is_relative_to(root):
                return full.relative_to(root).as_posix()
        raise FaultError(
            BAD_PATH,
            f"`{path}` lies outside `{self.root}`",
            "name a path of the repository, or another one with `--root`",
        )

    def print_diagnostics(self, diagnostics: "Iterable[Diagnostic]") -> None:
        """Print diagnostics for people on stderr."""
        from bylaw.render.text import abridged, diagnostic_lines

        style = self.style(sys.stderr)
        shown, rest = abridged(diagnostics)
        for diagnostic in shown:
            # One write for each: stderr passes every one on at once.
            say("\n".join(diagnostic_lines(diagnostic, self.read, style)) + "\n")
        if rest:
            say(f"{rest}; `bylaw build --format json` shows all\n")


def configures(pyproject: Path) -> bool:
    """Return whether a `pyproject.toml` holds our table; a broken one that names us counts."""
    data = read_bytes(pyproject)
    if data is None or b"bylaw" not in data:
        return False
    from bylaw.config_source import configures as holds

    return holds(data)


def read_bytes(path: Path | bytes) -> bytes | None:
    """Return a file's bytes, or None where there is no such file."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise io_fault(Path(os.fsdecode(path)), error) from error


def io_fault(path: Path, error: OSError | ValueError) -> FaultError:
    """Return the fault that a file cannot be read or written."""
    reason = (isinstance(error, OSError) and error.strerror) or str(error)
    return FaultError(IO_FAILURE, f"cannot access `{path}`: {reason[:1].lower() + reason[1:]}")


def say(line: str = "") -> None:
    """Print a line for people on stderr."""
    print(line, file=sys.stderr)


def shared_options(command: F) -> F:
    """Add the options that every command takes, before its name or after it."""
    decorators = [
        click.option(
            "-C",
            "--root",
            "folder",
            metavar="FOLDER",
            help="Work as if started in FOLDER.",
            expose_value=False,
            callback=_keep,
        ),
        click.option(
            "--color",
            "colour",
            type=click.Choice(["auto", "always", "never"]),
            help="When to use colours; NO_COLOR is honoured.",
            expose_value=False,
            callback=_keep,
        ),
        click.option(
            "--debug",
            is_flag=True,
            help="Show the traceback of a bug in bylaw.",
            expose_value=False,
            callback=_keep,
        ),
    ]
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value and parameter.name:
        setattr(context.find_root().ensure_object(Session), parameter.name, value)


def session() -> Session:
    """Return the session of the running command."""
    found: Session = click.get_current_context().find_root().ensure_object(Session)
    return found
