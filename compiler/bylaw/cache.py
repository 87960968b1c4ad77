"""Kept work: what an unchanged ADR compiled to, in a database outside the repository.

The cache is only ever a faster way to the same bytes: rows are found by the content they were made
from, the database's name holds a fingerprint of the compiler, and whatever goes wrong with it
means that everything is compiled again. It stands in the user's cache folder and not in the
repository, where a change under review could bring a poisoned one along.
"""

import contextlib
import os
import sqlite3
import sys
import time
import weakref
import zlib
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from bylaw.cache_folder import cache_folder, folder_name
from bylaw.digest import sha256

_SCHEMA = """
CREATE TABLE IF NOT EXISTS unit (path TEXT PRIMARY KEY, stamp TEXT, key TEXT, row BLOB);
CREATE TABLE IF NOT EXISTS decision (path TEXT PRIMARY KEY, key TEXT, data BLOB);
CREATE TABLE IF NOT EXISTS emitted (path TEXT PRIMARY KEY, key TEXT, data BLOB);
CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, data BLOB);
CREATE TABLE IF NOT EXISTS findings (key TEXT PRIMARY KEY, data BLOB);
"""

_MOST_ROWS = {"facts": 50_000, "findings": 16}
"""What is found by its content is never out of date, only no longer asked for: the oldest go."""

_BUSY_SECONDS = 2.0
_STALE_SECONDS = 7 * 86_400
"""What no compiler has written to for this long is thrown away."""

_PACKAGES = ("bylaw", "bylaw_grammar", "bylaw_targets", "lark", "markdown_it", "pydantic")

_SUM_BYTES = 4
_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}
"""What SQLite says where another build, the system or a full disk is in the way, not the file."""


def fingerprint() -> str:
    """Return a digest of all code that decides what an ADR compiles to.

    It is made from the sizes and times of the installed files, so that an edited compiler never
    reads what an older one has kept.
    """
    digest = sha256(sys.version.encode())
    for package in _PACKAGES:
        spec = find_spec(package)
        for folder in (spec and spec.submodule_search_locations) or ():
            for path in sorted(_code_files(folder)):
                status = os.stat(path)
                digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _code_files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _code_files(entry.path)
            elif entry.name.endswith((".py", ".lark", ".so", ".bin", ".json")):
                yield entry.path


class Cache:
    """The kept work for one repository; a cache that cannot be opened is simply empty.

    A process that was forked opens a connection of its own: SQLite's may not be shared.
    """

    def __init__(self, root: Path | None) -> None:
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        base = cache_folder() if root is not None else None
        self._path: Path | None = None
        if root is not None and base is not None:
            self._path = Path(base, folder_name(root), f"{fingerprint()}.sqlite")

    def _connect(self) -> sqlite3.Connection | None:
        if self._path is None or self._process == os.getpid():
            return self._connection
        self._process = os.getpid()
        self._connection = None
        try:
            self._connection = _open(self._path)
        except sqlite3.DatabaseError as error:
            self._give_up(error)
        except OSError:
            pass
        else:
            weakref.finalize(self, _close, self._connection)
        return self._connection

    def _give_up(self, error: sqlite3.Error) -> None:
        """Use the database no more, and remove it if it is broken and not merely busy."""
        self._connection = None
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code not in _PASSING and self._path is not None:
            # The log goes first: SQLite would replay it into whatever stands there next.
            for end in ("-wal", "-shm", ""):
                with contextlib.suppress(OSError):
                    os.unlink(f"{self._path}{end}")

    def units(self) -> dict[str, tuple[str, str, bytes]]:
        """Return stamp, key and row of each unit, by path."""
        rows = self._read("SELECT path, stamp, key, row FROM unit")
        return {p: (s, k, row) for p, s, k, data in rows if (row := _checked(data, p, s, k))}

    def decision(self, path: str, key: str) -> bytes | None:
        """Return a packed decision."""
        for (data,) in self._read(
            "SELECT data FROM decision WHERE path = ? AND key = ?", (path, key)
        ):
            return _checked(data, path, key)
        return None

    def emitted(self) -> Iterator[tuple[str, str, bytes]]:
        """Yield path, key and packed fragments of each decision."""
        for path, key, data in self._read("SELECT path, key, data FROM emitted"):
            if row := _checked(data, path, key):
                yield path, key, row

    def keep_units(
        self,
        units: Iterable[tuple[str, str, str, bytes]],
        decisions: Iterable[tuple[str, str, bytes]],
        gone: Iterable[str],
    ) -> None:
        """Keep units and decisions, and forget those of files that are gone."""
        paths = [(path,) for path in gone]
        self._write(
            ("INSERT OR REPLACE INTO unit VALUES (?, ?, ?, ?)", map(_sealed, units)),
            ("INSERT OR REPLACE INTO decision VALUES (?, ?, ?)", map(_sealed, decisions)),
            ("DELETE FROM unit WHERE path = ?", paths),
            ("DELETE FROM decision WHERE path = ?", paths),
            ("DELETE FROM emitted WHERE path = ?", paths),
        )

    def keep_emitted(self, rows: Iterable[tuple[str, str, bytes]]) -> None:
        """Keep packed fragments."""
        self._write(("INSERT OR REPLACE INTO emitted VALUES (?, ?, ?)", map(_sealed, rows)))

    def kept(self, table: Literal["facts", "findings"], key: str) -> bytes | None:
        """Return what a table of the checker keeps under a key."""
        for (data,) in self._read(f"SELECT data FROM {table} WHERE key = ?", (key,)):  # noqa: S608 - a name of ours
            return _checked(data, key)
        return None

    def keep(self, table: Literal["facts", "findings"], rows: Iterable[tuple[str, bytes]]) -> None:
        """Keep rows of the checker; of more than the table may have, the oldest go."""
        insert = f"INSERT OR REPLACE INTO {table} VALUES (?, ?)"  # noqa: S608 - a name of ours
        oldest = f"SELECT rowid FROM {table} ORDER BY rowid DESC LIMIT 1 OFFSET ?"  # noqa: S608 - as above
        delete = f"DELETE FROM {table} WHERE rowid <= ({oldest})"  # noqa: S608 - as above
        self._write((insert, map(_sealed, rows)), (delete, [(_MOST_ROWS[table],)]))

    def _read(self, query: str, values: tuple[str, ...] = ()) -> Iterator[Any]:
        connection = self._connect()
        if connection is None:
            return
        try:
            yield from connection.execute(query, values)
        except sqlite3.Error as error:
            self._give_up(error)

    def _write(self, *statements: tuple[str, Iterable[tuple[Any, ...]]]) -> None:
        """Write in one transaction; where another build holds the database, keep nothing."""
        connection = self._connect()
        if connection is None:
            return
        try:
            with connection:
                for statement, rows in statements:
                    connection.executemany(statement, rows)
        except sqlite3.Error as error:
            self._give_up(error)


def _sealed(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a row whose last value ends in a checksum of it all: SQLite itself keeps none."""
    *names, data = row
    return (*names, data + _sum(data, *names))


def _checked(data: object, *names: object) -> bytes | None:
    """Return the data of a sealed row, or None where a disk or a stranger has changed it."""
    if not isinstance(data, bytes):
        return None
    body = data[:-_SUM_BYTES]
    return body if data[-_SUM_BYTES:] == _sum(body, *names) else None


def _sum(data: bytes, *names: object) -> bytes:
    start = zlib.crc32("\0".join(map(str, names)).encode("utf-8", "surrogatepass"))
    return zlib.crc32(data, start).to_bytes(_SUM_BYTES, "big")


def _close(connection: sqlite3.Connection) -> None:
    # One that another thread has opened goes with the process.
    with contextlib.suppress(sqlite3.ProgrammingError):
        connection.close()


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for other in path.parent.glob("*.sqlite*"):
        # Another build may be closing its database at this moment.
        with contextlib.suppress(OSError):
            ours = other.name.startswith(path.name)
            if not ours and time.time() - other.stat().st_mtime > _STALE_SECONDS:
                other.unlink()
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.executescript(_SCHEMA)
    return connection
