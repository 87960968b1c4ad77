"""The repository that is looked at, and what a look yields."""

import json
import os
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeAlias

from bylaw.diagnostics import Report
from bylaw.driver import Build, list_tree

State: TypeAlias = Literal["ok", "note", "warning", "error"]

SECONDS = 20
"""How long a program may take to answer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen of one thing, and what to do where that is not well."""

    about: str
    state: State
    message: str
    help: str | None = None


@dataclass(frozen=True)
class Patient:
    """The repository that is looked at; `root` is the folder of its configuration."""

    root: Path
    build: Build
    top: Path = field(default=Path())

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The tree's paths, from the configuration's folder."""
        return self.build.compilation.whole

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, None where there is none that can be read."""
        for folder in (self.root, self.top):
            try:
                return (folder / path).read_bytes()
            except (OSError, ValueError):
                continue
        return None

    @cached_property
    def from_top(self) -> tuple[str, ...]:
        """The tree's paths, from the top of the repository."""
        return self.files if self.top == self.root else list_tree(self.top, Report())

    def json(self, path: str) -> Any:
        """Return what a JSON file says; None where there is none, or it says nothing."""
        data = self.read(path)
        try:
            return json.loads(data) if data is not None else None
        except (ValueError, RecursionError):
            return None


def amount(number: int, noun: str) -> str:
    """Return `1 file is`, `2 files are`."""
    return f"{number:,} {noun} is" if number == 1 else f"{number:,} {noun}s are"


def look_at(root: Path, build: Build) -> Patient:
    """Return a repository to be looked at, from its build."""
    top = next((f for f in (root, *root.parents) if (f / ".git").exists()), root)
    return Patient(root, build, top)


def output_of(words: list[str], folder: Path) -> str:
    """Return the first line that a program prints, empty where it fails."""
    quiet = {"SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0"}
    try:
        done = subprocess.run(
            words,
            cwd=folder,
            env=os.environ | quiet,
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    if done.returncode:
        return ""
    return done.stdout.decode("utf-8", "surrogateescape").strip().partition("\n")[0]
