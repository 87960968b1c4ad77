"""A record as it was read: what was done in which order, and whether it can be believed."""

import json
from itertools import pairwise

from bylaw.digest import sha256
from bylaw.record.events import FORMAT, LEVELS, VERSION, fault_of

TYPE_CHECKING = False  # `typing` takes longer to import than a record takes to read
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from bylaw.record.events import Event

_MOST_BYTES = 256 << 20

_SKEW = 1.0  # minutes: processes may write in another order than they have read the clock


class Deed:
    """One thing that was done, or may have been.

    `sort` is `read`, `write`, `create` (a write of what was not there), `remove`, `run`, `untold`,
    `check`, `attempt` or `finish`; `path` and `words` say of what. `done` is None where the record
    does not say that it came to it; what was denied is no deed. `failed` is None where it does not
    say that either. `order` grows within a session.
    """

    __slots__ = (
        "agent",
        "at",
        "autonomy",
        "call",
        "done",
        "failed",
        "order",
        "path",
        "session",
        "sort",
        "words",
    )

    def __init__(
        self,
        sort: str,
        said: "Event",
        order: int,
        *,
        path: str = "",
        words: "tuple[str, ...]" = (),
        done: "bool | None" = True,
        failed: "bool | None" = None,
    ) -> None:
        self.sort = sort
        self.order = order
        self.path = path
        self.words = words
        self.done = done
        self.failed = failed
        self.at: str = said["at"]
        self.session: str = said["session"]
        self.call: str | None = said.get("call")
        self.agent: str | None = said.get("agent")
        self.autonomy: str | None = said.get("autonomy")


class Spending:
    """What was spent; None of what nobody has recorded."""

    __slots__ = ("minutes", "tokens", "usd")

    def __init__(self) -> None:
        self.tokens: float | None = None
        self.minutes: float | None = None
        self.usd: float | None = None

    def add(self, said: "Event") -> None:
        """Count an event: it says what was spent since, or with `total` so far."""
        for name in self.__slots__:
            amount = said.get(name)
            if amount is None:
                continue
            before = getattr(self, name)
            so_far = max(before or 0, amount) if said.get("total") else (before or 0) + amount
            setattr(self, name, so_far)


class Session:
    """One session: its deeds in order, what it has spent, and how long it took.

    `results` tells that the host says what became of calls, so that one without is none.
    """

    def __init__(self, name: str, events: "Iterable[Event]" = ()) -> None:
        self.name = name
        self.events: tuple[Event, ...] = tuple(events)
        self.deeds: list[Deed] = []
        self.spent = Spending()
        self.results = any(said["event"] == "result" for said in self.events)
        self.agents = _said(self.events, "agent")
        self.levels = _said(self.events, "autonomy")
        self.policies = _said(self.events, "policy")
        self._tell()

    def plus(self, *events: "Event") -> "Session":
        """Return the session as it would be with further events."""
        return Session(self.name, (*self.events, *events))

    @property
    def finished(self) -> bool:
        """Whether the last thing that it did was to say that it is done."""
        return any(deed.sort == "finish" for deed in self.deeds)

    def of(self, *sorts: str) -> "list[Deed]":
        """Return the deeds of these sorts, in order."""
        return [deed for deed in self.deeds if deed.sort in sorts]

    def surely(self, deed: Deed) -> bool:
        """Tell whether a deed was done, as far as the host says what becomes of a call."""
        return deed.done is True or (deed.done is None and not self.results)

    @property
    def changes(self) -> "list[Deed]":
        """Every write and removal that was done, or may have been."""
        return self.of("write", "create", "remove")

    @property
    def elapsed(self) -> "float | None":
        """The minutes between the first and the last event; None where no clock tells them."""
        times = [minutes_of(said["at"]) for said in self.events]
        known = [time for time in times if time is not None]
        # Once a clock was set back, nobody knows how long it had been going.
        is_back = any(after < before - _SKEW for before, after in pairwise(known))
        whole = known and len(known) == len(times) and not is_back
        return max(known) - min(known) if whole else None

    def _tell(self) -> None:
        waiting: dict[str, list[Deed]] = {}
        for order, said in enumerate(self.events):
            kind, call = said["event"], said.get("call")
            if kind == "spent":
                self.spent.add(said)
            elif kind in ("check", "attempt", "finish"):
                failed = not said["passed"] if kind == "check" else said.get("failed")
                self.deeds.append(Deed(kind, said, order, failed=failed))
            elif kind == "call":
                asked = list(_deeds(said, order, done=None))
                if call is not None:
                    waiting.setdefault(call, []).extend(asked)
                if said["decision"] == "allow" or (said["decision"] == "ask" and not self.results):
                    self.deeds += asked
            elif kind in ("result", "read", "change", "run"):
                if kind == "result" and call in waiting:
                    self._close(waiting.pop(call), said, order)
                self.deeds += _deeds(said, order, done=True)
        self.deeds.sort(key=lambda deed: deed.order)

    def _close(self, asked: "list[Deed]", said: "Event", order: int) -> None:
        """Say of the deeds of a call what its result says."""
        failed = said.get("failed")
        held = {id(deed) for deed in self.deeds}
        runs = sum(deed.sort == "run" for deed in asked)
        for deed in asked:
            if deed.sort == "read":
                # Only with the result does its content get to the agent.
                deed.order, deed.at, deed.done = order, said["at"], not failed
            elif deed.sort == "run":
                deed.done, deed.failed = True, failed if not failed or runs == 1 else None
            else:
                deed.done = None if failed else True
            if id(deed) not in held:
                self.deeds.append(deed)


def _said(events: "Iterable[Event]", name: str) -> "frozenset[str]":
    return frozenset(said[name] for said in events if name in said)


def _deeds(said: "Event", order: int, *, done: "bool | None") -> "Iterator[Deed]":
    created = frozenset(said.get("creates", ()))
    for path in said.get("reads", ()):
        yield Deed("read", said, order, path=path, done=done)
    for path in dict.fromkeys((*said.get("writes", ()), *said.get("creates", ()))):
        yield Deed("create" if path in created else "write", said, order, path=path, done=done)
    for path in said.get("removes", ()):
        yield Deed("remove", said, order, path=path, done=done)
    failed = said.get("failed")
    commands = said.get("runs", ())
    for words in commands:
        known = failed if not failed or len(commands) == 1 else None
        yield Deed("run", said, order, words=tuple(words), done=done, failed=known)
    for reason in said.get("untold", ()):
        yield Deed("untold", said, order, path=reason, done=done)


def minutes_of(time: str) -> "float | None":
    """Return the minutes since 1970 that a time in UTC is; None where it is no such time."""
    from datetime import UTC, datetime  # noqa: PLC0415 - only budgets of time need it

    try:
        read = datetime.fromisoformat(time)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp() / 60
    except (ValueError, OverflowError, OSError):
        return None


# --- all sessions of a task --------------------------------------------------------------------


class Record:
    """What is recorded of a task: its sessions, and what is wrong with what was read.

    `broken` says why the record cannot be believed; nothing may then be judged by it. `torn` counts
    lines that a killed process has left unfinished, of which nothing is known.
    """

    __slots__ = ("broken", "sessions", "torn")

    def __init__(
        self, sessions: "Iterable[Session]" = (), broken: "str | None" = None, torn: int = 0
    ) -> None:
        self.sessions: tuple[Session, ...] = tuple(sessions)
        self.broken = broken
        self.torn = torn

    def plus(self, *events: "Event") -> "Record":
        """Return the record as it would be with further events, a call that is asked for, say."""
        sessions = {session.name: session for session in self.sessions}
        for said in events:
            name = said["session"]
            sessions[name] = sessions.get(name, Session(name)).plus(said)
        return Record(sessions.values(), self.broken, self.torn)

    @property
    def agents(self) -> "frozenset[str]":
        """The classes that the sessions say they are of."""
        return frozenset().union(*(session.agents for session in self.sessions))

    @property
    def levels(self) -> "frozenset[str]":
        """The levels of autonomy that the sessions say they work at."""
        return frozenset().union(*(session.levels for session in self.sessions))

    @property
    def changed(self) -> "frozenset[str]":
        """Every path that was written or removed, or may have been."""
        return frozenset(deed.path for session in self.sessions for deed in session.changes)

    @property
    def lines(self) -> "float | None":
        """The lines that were added and removed; None where nobody has counted them."""
        counted = [e["lines"] for s in self.sessions for e in s.events if "lines" in e]
        return sum(counted) if counted else None

    @property
    def failed_attempts(self) -> int:
        """How often an attempt has failed."""
        return sum(bool(deed.failed) for deed in self.deeds("check", "attempt"))

    def deeds(self, *sorts: str) -> "list[Deed]":
        """Return the deeds of these sorts of all sessions, by time."""
        found = [deed for session in self.sessions for deed in session.of(*sorts)]
        # Within one session the order of the lines tells more than any clock.
        return sorted(found, key=_by_time) if len(self.sessions) > 1 else found

    def surely(self, deed: Deed) -> bool:
        """Tell whether a deed was done, as far as its host says what becomes of a call."""
        return any(s.name == deed.session and s.surely(deed) for s in self.sessions)

    def spent(self, what: str) -> "float | None":
        """Return the `tokens`, `minutes` or `usd` of all sessions; None where one does not say."""
        amounts = [getattr(session.spent, what) for session in self.sessions]
        return None if not amounts or None in amounts else sum(amounts)


def _by_time(deed: Deed) -> "tuple[float, str, str, int]":
    return minutes_of(deed.at) or 0, deed.at, deed.session, deed.order


def join(records: "Iterable[Record]") -> Record:
    """Return the sessions of several records as one; a session that is in two of them breaks it."""
    every = list(records)
    sessions: dict[str, Session] = {}
    broken = next((record.broken for record in every if record.broken), None)
    for session in (session for record in every for session in record.sessions):
        if session.name in sessions and sessions[session.name].events != session.events:
            broken = broken or f"two records are of the session `{session.name[:80]}`"
        sessions[session.name] = session
    ordered = (sessions[name] for name in sorted(sessions))
    return Record(ordered, broken, sum(record.torn for record in every))


def level_number(level: str) -> int:
    """Return how much a level leaves to the agent, so that levels compare."""
    return LEVELS.index(level)


# --- reading -----------------------------------------------------------------------------------


def read_record(data: bytes, path: str, head: "tuple[int, str | None] | None" = None) -> Record:
    """Return what the bytes of a record hold; nothing is raised for what may stand in them.

    `head` is the size and the last digest that stand beside the record, where they do.
    """
    name = path.replace("\\", "/").rpartition("/")[2]
    if len(data) > _MOST_BYTES:
        return Record(broken=f"`{name}` is larger than {_MOST_BYTES >> 20} MiB")
    if not data and not (head and head[0]):
        return Record()
    *lines, rest = data.split(b"\n")
    reader = _Reader(lines)
    broken = reader.read()
    if broken is None and head is not None and head[1] is not None:
        broken = None if _reaches(lines, head) else "it has lost its end"
    session = [Session(reader.session, reader.events)] if reader.session is not None else []
    if not lines and rest and broken is not None:
        # The very first write was cut off: nothing was recorded, and nothing is hidden.
        return (
            Record(torn=1) if rest.startswith(b'{"format"') else Record(broken=_named(name, broken))
        )
    return Record(session, broken and _named(name, broken), reader.torn + bool(rest))


def _named(name: str, broken: str) -> str:
    return f"the record `{name}` cannot be believed: {broken}"


def _reaches(lines: "list[bytes]", head: "tuple[int, str | None]") -> bool:
    """Tell whether a record still has the line that was once its last."""
    end = 0
    for line in lines:
        end += len(line) + 1
        if end == head[0]:
            return _digest(line) == head[1]
        if end > head[0]:
            break
    return False


class _Reader:
    """Reads the lines of one record up to the first that cannot be believed."""

    def __init__(self, lines: "list[bytes]") -> None:
        self.lines = lines
        self.session: str | None = None
        self.events: list[Event] = []
        self.torn = 0

    def read(self) -> "str | None":
        """Read all lines, and return what is wrong with the first that has a fault."""
        if not self.lines:
            return "it holds no line"
        first = _parse(self.lines[0])
        if not isinstance(first, dict) or first.get("format") != FORMAT:
            return "its first line does not say that it is a record"
        if first.get("version") != VERSION:
            return f"it is of another version than {VERSION}"
        if not isinstance(first.get("session"), str):
            return "its first line names no session"
        self.session = first["session"]
        previous = _digest(self.lines[0])
        for number, line in enumerate(self.lines[1:], start=2):
            said = _parse(line)
            if said is None and self._is_torn(number, line):
                self.torn += 1
            elif fault := self._fault(said, previous):
                return f"line {number}: {fault}"
            else:
                self.events.append(said)
            previous = _digest(line)
        return None

    def _fault(self, said: "Any", previous: str) -> "str | None":
        if fault := fault_of(said):
            return fault
        if said.get("previous") != previous:
            return "it does not follow the line before it"
        return None if said["session"] == self.session else "it is of another session"

    def _is_torn(self, number: int, line: bytes) -> bool:
        """Tell whether the line after one that cannot be read knows that it is torn."""
        if number == len(self.lines):
            return False
        after = _parse(self.lines[number])
        if not isinstance(after, dict):
            return False
        return after.get("torn") is True and after.get("previous") == _digest(line)


def _parse(line: bytes) -> "Any":
    try:
        return json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None


def _digest(line: bytes) -> str:
    return sha256(line).hexdigest()
