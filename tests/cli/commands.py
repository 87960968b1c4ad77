"""What the fixtures of these tests hand out."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass
class Outcome:
    """What a command has returned and printed."""

    status: int
    out: str
    err: str


class Run(Protocol):
    """Runs a command line in this process."""

    def __call__(self, *arguments: str) -> Outcome:
        """Run it."""


class Write(Protocol):
    """Writes files into the repository: by path, their text."""

    def __call__(self, files: Mapping[str, str | bytes]) -> None:
        """Write them."""


class Spawn(Protocol):
    """Runs a command line in a process of its own."""

    def __call__(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
        """Run it."""
