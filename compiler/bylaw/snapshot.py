"""The tree under check: its files, and their bytes, wherever they lie."""

import os
import stat
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

from bylaw.regions import handwritten, may_hold
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 64 << 20
"""Larger files are not read, whatever the constraint."""


class Snapshot(Protocol):
    """A tree at one moment: of the working tree, the index, a commit, or an example."""

    @property
    def files(self) -> tuple[str, ...]:
        """The paths, sorted, as `bylaw.worktree.list_files` gives them."""

    def read(self, path: str) -> bytes:
        """Return a file's bytes; UnevaluableError where it cannot be read."""


class MemoryTree(NamedTuple):
    """Files that lie nowhere but in memory."""

    contents: Mapping[str, bytes] = MappingProxyType({})

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


class WorkingTree(NamedTuple):
    """The working tree as it lies on disk."""

    root: "Path"
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


class Handwritten:
    """A tree without what builds have written into it outside of the output folder.

    Of a file that holds a region, the people's part is there; one that is bylaw's as a whole is no
    part of the tree.
    """

    def __init__(self, tree: Snapshot) -> None:
        self.tree = tree

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The paths, sorted."""
        return tuple(path for path in self.tree.files if self._is_peoples(path))

    def read(self, path: str) -> bytes:
        """Return what people have written of a file."""
        data = self.tree.read(path)
        return (handwritten(path, data) or b"") if may_hold(path) else data

    def _is_peoples(self, path: str) -> bool:
        if not may_hold(path):
            return True
        try:
            return handwritten(path, self.tree.read(path)) is not None
        except UnevaluableError:
            return True
