"""Where a session starts: the tree as it is before anything is changed, kept as a commit."""

from bylaw.checkpoint.settle import look, snapshot

TYPE_CHECKING = False  # as its neighbours: who imports this waits for it
if TYPE_CHECKING:
    from bylaw.checkpoint.session import Session


def base_of(root: str, session: "Session") -> "str | None":
    """Return the commit that stands for the tree at the start, made at the first call.

    None where git cannot make one.
    """

    def make() -> "str | None":
        base = snapshot(root, session.folder) if session.folder is not None else None
        if base is not None:
            session.see(look(root) or {})
        return base

    return session.base(make)
