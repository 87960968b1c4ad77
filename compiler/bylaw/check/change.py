"""A change: what differs between the base and the tree under check."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bylaw.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit since the base: its id, author, and the first line of its message.

    `author` is `Name <address>`, and so are `co_authors`, whom the message's trailers name. The
    message of a `merge` is git's, and nobody's style.
    """

    id: str
    author: str
    subject: str
    merge: bool = False
    co_authors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """What a change is made of, relative to its base.

    `added`, `modified` and `deleted` are paths, sorted, those of links and submodules among them;
    a name that is not UTF-8 stands with escapes. A rename is in `renamed` (old path by new path)
    only, unless its content changed, too: then its new path is in `modified` as well. `lines`
    counts added and deleted lines together, `counts` the same by path (the new one of a rename).
    `tree_at` gives the tree of a commit, None where the repository lacks it. `branch` is the
    current branch's name, None on a detached head.
    """

    base: Snapshot
    base_commit: str | None = None
    added: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    renamed: "dict[str, str]" = field(default_factory=dict)
    lines: int = 0
    commits: tuple[Commit, ...] = ()
    branch: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    tree_at: Callable[[str], Snapshot | None] | None = None

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
