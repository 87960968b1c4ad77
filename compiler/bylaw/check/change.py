"""A change: what differs between the base and the tree under check."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from bylaw.snapshot import Snapshot


class Commit(NamedTuple):
    """A commit since the base: its id, author, and the first line of its message.

    `author` is `Name <address>`, and so are `committer`, who may have amended or picked what
    another has written, and `co_authors`, whom the message's trailers name. The message of a
    `merge` is git's, and nobody's style.
    """

    id: str
    author: str
    subject: str
    merge: bool = False
    co_authors: tuple[str, ...] = ()
    committer: str = ""


class Change(NamedTuple):
    """What a change is made of, relative to its base.

    `added`, `modified` and `deleted` are paths, sorted, those of links and submodules among them;
    a name that is not UTF-8 stands with escapes. A rename is in `renamed` (old path by new path)
    only, unless its content changed, too: then its new path is in `modified` as well. `lines`
    counts added and deleted lines together, `counts` the same by path (the new one of a rename).
    `touched_since` gives the paths that differ between a commit and the tree under check, whether
    in content, in mode or in name; None where the repository lacks it. `branch` is the current
    branch's name, None on a detached head.
    """

    base: Snapshot
    base_commit: str | None = None
    added: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    renamed: "Mapping[str, str]" = MappingProxyType({})
    lines: int = 0
    commits: tuple[Commit, ...] = ()
    branch: str | None = None
    counts: Mapping[str, int] = MappingProxyType({})
    touched_since: Callable[[str], frozenset[str] | None] | None = None

    @property
    def touched(self) -> tuple[str, ...]:
        """Every path that was added, modified, deleted, or is either name of a rename, sorted."""
        return tuple(
            sorted(
                {*self.added, *self.modified, *self.deleted, *self.renamed, *self.renamed.values()}
            )
        )

    def old_name(self, path: str) -> str:
        """Return the name that a path had at the base."""
        return self.renamed.get(path, path)
