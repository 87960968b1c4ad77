"""Where a record lies, how an event is added to it, and how it is read back.

Every line holds the digest of the one before it, so that an edit shows; beside the record stands
the digest of its last line, so that one that lost its end shows, too. Whoever may write to the
folder can of course make both anew: a record that has to stand against that is kept elsewhere.
"""

import json
import os

from bylaw.cache_folder import cache_folder, folder_name
from bylaw.digest import sha256
from bylaw.record.events import FORMAT, VERSION

try:
    import fcntl
except ImportError:  # pragma: no cover - a system without it has one process at a time
    fcntl = None  # type: ignore[assignment] # tells that there are no locks

TYPE_CHECKING = False  # `typing` takes longer to import than an event takes to write
if TYPE_CHECKING:
    from bylaw.record.events import Event
    from bylaw.record.history import Record

ENDING = ".jsonl"
_HEAD = ".head"
_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
_LONGEST = 100
_BLOCK = 1 << 16
_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


# --- where -------------------------------------------------------------------------------------


def folder_of(root: str) -> "str | None":
    """Return the folder of a repository's records; None where there is no place for one.

    It is `bylaw/record` in git's folder (that of the worktree), which no change can bring along;
    without git it stands below the user's cache folder.
    """
    git = git_folder(root)
    if git is not None:
        return os.path.join(git, "bylaw", "record")
    base = cache_folder()
    return None if base is None else os.path.join(base, folder_name(root), "record")


def git_folder(root: str) -> "str | None":
    """Return git's folder of the repository that a folder lies in, without asking git."""
    folder = os.path.realpath(root)
    while True:
        git = os.path.join(folder, ".git")
        if os.path.isdir(git):
            return git
        if os.path.isfile(git):
            return _linked(git, folder)
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def _linked(file: str, folder: str) -> "str | None":
    """Return the folder that a `.git` file of a worktree or a submodule names."""
    with open(file, "rb") as stream:
        line = stream.read(_BLOCK).strip()
    if not line.startswith(b"gitdir:"):
        return None
    named = os.path.normpath(os.path.join(folder, os.fsdecode(line[7:].strip())))
    return named if os.path.isdir(named) else None


def path_of(folder: str, session: str) -> str:
    """Return the file of a session; an id that is no plain name stands as its digest."""
    name = session
    if not session or len(session) > _LONGEST or not _SAFE.issuperset(session):
        name = "x" + sha256(session.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return os.path.join(folder, name + ENDING)


# --- adding ------------------------------------------------------------------------------------


def append(folder: str, session: str, *events: "Event") -> None:
    """Add events to a session's record, in one write and under a lock.

    Raises OSError where the record cannot be written. A torn line that a killed process has left
    is ended first, and the next event says that it follows one.
    """
    os.makedirs(folder, mode=0o700, exist_ok=True)
    path = path_of(folder, session)
    record = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | _FLAGS, 0o600)
    try:
        _lock(record, shared=False)
        head = os.open(path + _HEAD, os.O_RDWR | os.O_CREAT | _FLAGS, 0o600)
        try:
            _add(record, head, session, events)
        finally:
            os.close(head)
    finally:
        # The lock ends with it.
        os.close(record)


def _add(record: int, head: int, session: str, events: "tuple[Event, ...]") -> None:
    size = os.fstat(record).st_size
    previous, torn = _last(record, head, size)
    lines: list[bytes] = []
    if torn:
        lines.append(b"")
    if previous is None:
        first = _line({"format": FORMAT, "version": VERSION, "session": session})
        lines.append(first)
        previous = _digest(first)
    for said in events:
        line = _line({**said, "previous": previous, **({"torn": True} if torn else {})})
        lines.append(line)
        previous, torn = _digest(line), False
    written = b"\n".join(lines) + b"\n"
    _write(record, written)
    state = f"{size + len(written)} {previous}\n".encode()
    os.pwrite(head, state.ljust(96), 0)


def _last(record: int, head: int, size: int) -> "tuple[str | None, bool]":
    """Return the digest of the last line, None where there is none, and whether it is torn."""
    known, digest = _read_head(head)
    if size == known and (size or digest):
        return digest, False
    if size < known:
        # Its end was cut off; that the chain does not fit says so for good.
        return digest, bool(size) and os.pread(record, 1, size - 1) != b"\n"
    if not size:
        return None, False
    tail, start = b"", size
    while start and b"\n" not in tail[:-1]:
        start = max(0, start - _BLOCK)
        tail = os.pread(record, size - start, start)
    torn = not tail.endswith(b"\n")
    return _digest(tail.removesuffix(b"\n").rpartition(b"\n")[2]), torn


def _read_head(head: int) -> "tuple[int, str | None]":
    size, _, digest = os.pread(head, 200, 0).decode("ascii", "replace").partition(" ")
    digest = digest.strip()
    if not size.isdecimal() or len(digest) != 64:
        return 0, None
    return int(size), digest


def _line(said: "Event") -> bytes:
    # ASCII only: a lone surrogate of a hostile name stays what it is.
    return json.dumps(said, separators=(",", ":"), allow_nan=False).encode("ascii")


def _write(record: int, data: bytes) -> None:
    while data:
        data = data[os.write(record, data) :]


def _digest(line: bytes) -> str:
    return sha256(line).hexdigest()


def _lock(file: int, *, shared: bool) -> None:
    if fcntl is not None:
        fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)


# --- reading -----------------------------------------------------------------------------------


def read(path: str) -> "Record":
    """Return a session's record as it lies on disk; OSError where there is none.

    Nothing is raised for what may stand in it: `Record.faults` say what is wrong.
    """
    from bylaw.record.history import read_record  # noqa: PLC0415 - who only adds needs it not

    file = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    with open(file, "rb") as stream:
        _lock(file, shared=True)
        data = stream.read()
        try:
            head = os.open(path + _HEAD, os.O_RDONLY | _FLAGS)
        except OSError:
            return read_record(data, path)
    try:
        return read_record(data, path, _read_head(head))
    finally:
        os.close(head)


def read_session(folder: str, session: str) -> "Record | None":
    """Return what is recorded of a session; None where nothing is."""
    try:
        return read(path_of(folder, session))
    except FileNotFoundError:
        return None
