"""The tree under check: its files, and their bytes, wherever they lie."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bylaw.unevaluable import UnevaluableError

MAX_BYTES = 64 << 20
"""Larger files are not read, whatever the constraint."""


class Snapshot(Protocol):
    """A tree at one moment: of the working tree, the index, a commit, or an example."""

    @property
    def files(self) -> tuple[str, ...]:
        """The paths, sorted, as `bylaw.worktree.list_files` gives them."""

    def read(self, path: str) -> bytes:
        """Return a file's bytes; UnevaluableError where it cannot be read."""


@dataclass(frozen=True)
class MemoryTree:
    """Files that lie nowhere but in memory."""

    contents: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def files(self) -> tuple[str, ...]:
        """The paths, sorted."""
        return tuple(sorted(self.contents))

    def read(self, path: str) -> bytes:
        """Return a file's bytes."""
        try:
            return self.contents[path]
        except KeyError:
            raise UnevaluableError("there is no such file") from None


@dataclass(frozen=True)
class WorkingTree:
    """The working tree as it lies on disk."""

    root: Path
    files: tuple[str, ...]

    def read(self, path: str) -> bytes:
        """Return a file's bytes; a link or a device that has taken its place is not followed."""
        try:
            handle = os.open(self.root / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with open(handle, "rb") as stream:
                status = os.fstat(stream.fileno())
                if not stat.S_ISREG(status.st_mode):
                    raise UnevaluableError("it is no regular file any more")
                if status.st_size > MAX_BYTES:
                    raise UnevaluableError(f"it is larger than {MAX_BYTES >> 20} MiB")
                return stream.read()
        except FileNotFoundError:
            raise UnevaluableError("it was deleted during the run") from None
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise UnevaluableError(f"it cannot be read: {reason.lower()}") from None
