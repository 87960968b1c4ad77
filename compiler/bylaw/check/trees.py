"""Trees made of other trees: some of their files, or some of them with other contents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bylaw.snapshot import Snapshot


@dataclass(frozen=True)
class Part:
    """Some of a tree's files."""

    tree: Snapshot
    left_out: frozenset[str] = frozenset()
    folder: str | None = None

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The paths that are not left out, sorted."""
        below = f"{self.folder}/" if self.folder is not None else None
        return tuple(
            path
            for path in self.tree.files
            if path not in self.left_out and (below is None or not path.startswith(below))
        )

    def read(self, path: str) -> bytes:
        """Return a file's bytes."""
        return self.tree.read(path)


@dataclass(frozen=True)
class Overlay:
    """A tree in which some files have other contents."""

    tree: Snapshot
    contents: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def files(self) -> tuple[str, ...]:
        """The paths of the tree below, sorted."""
        return self.tree.files

    def read(self, path: str) -> bytes:
        """Return a file's bytes, the new ones where there are some."""
        found = self.contents.get(path)
        return self.tree.read(path) if found is None else found
