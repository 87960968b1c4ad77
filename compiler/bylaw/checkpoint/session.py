"""One session of an agent: what is recorded of it, and where it started from."""

import json
import os
import time

from bylaw.record import events, store

try:
    import fcntl
except ImportError:  # pragma: no cover - a system without it has one process at a time
    fcntl = None  # type: ignore[assignment] # tells that there are no locks

TYPE_CHECKING = False  # `typing` takes longer to import than an event takes to write
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from bylaw.checkpoint.proposed import Proposal
    from bylaw.record.events import Event
    from bylaw.record.history import Record

UNNAMED = "unnamed"
"""The session of calls that name none."""


class Session:
    """A session's record, and what is kept beside it from one call to the next.

    `state` holds the commit that the session started from (`base`), what was last said of the
    whole change (`told`, at the end `ended`), what it violated when the agent was last sent back
    (`stopped`), and how often in a row it was (`stops`).
    """

    def __init__(
        self,
        root: str,
        name: str,
        *,
        agent: "str | None" = None,
        autonomy: "str | None" = None,
        policy: "str | None" = None,
    ) -> None:
        self.name = (name or UNNAMED) + _place(root)
        self.agent = agent
        self.autonomy = autonomy
        self.policy = policy
        self.root = root
        self.folder = store.folder_of(root)
        self._history: Record | None = None
        self._state: dict[str, str] | None = None

    def event(self, kind: str, **more: "Any") -> "Event":
        """Return an event of this session, now."""
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        return events.event(
            kind,
            now,
            self.name,
            agent=self.agent,
            autonomy=self.autonomy,
            policy=self.policy,
            **more,
        )

    def append(self, *said: "Event") -> None:
        """Record events; OSError where they cannot be written."""
        if self.folder is not None:
            store.append(self.folder, self.name, *said)

    def history(self) -> "Record":
        """Return what is recorded of this session so far."""
        if self._history is None:
            from bylaw.record.history import Record

            found = store.read_session(self.folder, self.name) if self.folder else None
            self._history = found or Record()
        return self._history

    def fresh_history(self) -> "Record":
        """Return what is recorded of this session by now, also by other calls."""
        self._history = None
        return self.history()

    # --- beside the record -----------------------------------------------------------------

    @property
    def state(self) -> "dict[str, str]":
        """What is kept from call to call; empty where nothing is, or it cannot be read."""
        if self._state is None:
            try:
                with open(self._state_path, encoding="utf-8") as stream:
                    said = json.load(stream)
            except (OSError, ValueError, RecursionError):
                said = {}
            known = said.items() if isinstance(said, dict) else ()
            self._state = {str(k): v for k, v in known if isinstance(v, str)}
        return self._state

    def keep(self, **changes: str) -> None:
        """Keep something for the calls to come; OSError where that is not possible."""
        if self.folder is None:
            self._state = {**self.state, **changes}
            return
        lock = self._lock()
        try:
            self._keep(changes)
        finally:
            os.close(lock)

    def base(self, make: "Callable[[], str | None]") -> "str | None":
        """Return the commit of the tree as it was when the session started.

        What the record says of it counts, as nobody can change that unseen. Where nothing says it,
        this is the start, and `make` makes the commit.
        """
        known = self.state.get("base")
        if known is not None or self.folder is None:
            return known
        lock = self._lock()
        try:
            # Another call of the session may have been faster.
            self._state = None
            known = self.state.get("base") or self.recorded_base
            if known is None:
                known = make()
                if known is not None:
                    self.append(self.event("session", base=known))
            if known is not None:
                self._keep({"base": known})
        finally:
            os.close(lock)
        return known

    @property
    def is_begun(self) -> bool:
        """Whether anything of this session was recorded yet."""
        path = store.path_of(self.folder or os.devnull, self.name)
        return "base" in self.state or os.path.exists(path)

    @property
    def recorded_base(self) -> "str | None":
        """The commit that the record names as where the session started."""
        named = (
            said["base"]
            for each in self.history().sessions
            for said in each.events
            if said["event"] == "session" and isinstance(said.get("base"), str)
        )
        return next(named, None)

    def seen(self) -> "dict[str, str]":
        """Return what the tree looked like when it was last looked at."""
        try:
            with open(f"{self._path}.seen", encoding="ascii") as stream:
                said = json.load(stream)
        except (OSError, ValueError, RecursionError):
            return {}
        return said if isinstance(said, dict) else {}

    def see(self, seen: "dict[str, str]") -> None:
        """Keep what the tree looks like."""
        if self.folder is not None:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            part = f"{self._path}.seen.{os.getpid()}.part"
            with open(part, "w", encoding="ascii") as stream:
                json.dump(seen, stream)
            os.replace(part, f"{self._path}.seen")

    def _keep(self, changes: "dict[str, str]") -> None:
        self._state = None
        state = self._state = {**self.state, **changes}
        part = f"{self._state_path}.{os.getpid()}.part"
        with open(part, "w", encoding="utf-8") as stream:
            json.dump(state, stream)
        os.replace(part, self._state_path)

    def _lock(self) -> int:
        """Lock what is kept, until the file that is returned is closed."""
        os.makedirs(self.folder or "", mode=0o700, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        lock = os.open(f"{self._state_path}.lock", flags, 0o600)
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        return lock

    @property
    def _path(self) -> str:
        path = store.path_of(self.folder or os.devnull, self.name)
        return path.removesuffix(store.ENDING)

    @property
    def _state_path(self) -> str:
        return f"{self._path}.state"


def _place(root: str) -> str:
    """Return what tells the session of a root below git's own from that: they share a folder."""
    git = store.git_folder(root)
    top = os.path.dirname(git) if git is not None and git.endswith("/.git") else root
    root = os.path.realpath(root)
    return f" in {os.path.relpath(root, top)}" if root.startswith(f"{top}/") else ""


def deeds_of(proposal: "Proposal", is_there: "Any") -> "dict[str, Any]":
    """Return what a proposal does as the fields of an event."""
    removed = [path for path, content in proposal.contents.items() if content is None]
    written = sorted({*proposal.contents, *proposal.unknown} - {*removed})
    return events.deeds(
        reads=proposal.reads,
        writes=written,
        creates=[path for path in written if not is_there(path)],
        removes=sorted(removed),
        runs=[run.words for run in proposal.runs if run.words],
        untold=[each.reason for each in proposal.untold],
    )
