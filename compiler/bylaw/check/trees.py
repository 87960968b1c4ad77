"""Trees made of other trees: some of their files, or some of them with other contents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bylaw.snapshot import Handwritten, Snapshot
from bylaw.unevaluable import UnevaluableError


@dataclass(frozen=True)
class Part:
    """Some of a tree's files, without what bylaw has written into others."""

    tree: Snapshot
    left_out: frozenset[str] = frozenset()
    folder: str | None = None

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The paths that are not left out, sorted."""
        below = f"{self.folder}/" if self.folder is not None else None
        return tuple(
            path
            for path in self._own.files
            if path not in self.left_out and (below is None or not path.startswith(below))
        )

    @cached_property
    def _own(self) -> Handwritten:
        return Handwritten(self.tree)

    def read(self, path: str) -> bytes:
        """Return a file's bytes, as far as people have written them."""
        return self._own.read(path)


@dataclass(frozen=True)
class Overlay:
    """A tree in which some files have other contents, are new, or (None) are gone."""

    tree: Snapshot
    contents: Mapping[str, bytes | None] = field(default_factory=dict)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The paths that there are afterwards, sorted."""
        below = frozenset(self.tree.files)
        if all(data is not None and path in below for path, data in self.contents.items()):
            return self.tree.files
        here = {path for path, data in self.contents.items() if data is not None}
        return tuple(sorted(here | (below - self.contents.keys())))

    def read(self, path: str) -> bytes:
        """Return a file's bytes, the new ones where there are some."""
        if path not in self.contents:
            return self.tree.read(path)
        found = self.contents[path]
        if found is None:
            raise UnevaluableError("there is no such file")
        return found
