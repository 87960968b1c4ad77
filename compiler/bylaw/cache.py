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
from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS unit (path TEXT PRIMARY KEY, stamp TEXT, key TEXT, row BLOB);
CREATE TABLE IF NOT EXISTS decision (path TEXT PRIMARY KEY, key TEXT, data BLOB);
CREATE TABLE IF NOT EXISTS emitted (path TEXT PRIMARY KEY, key TEXT, data BLOB);
"""

_BUSY_SECONDS = 2.0
_STALE_SECONDS = 7 * 86_400
"""What no compiler has written to for this long is thrown away."""

_PACKAGES = ("bylaw", "bylaw_grammar", "bylaw_targets", "lark", "markdown_it", "pydantic")


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


def folder() -> Path | None:
    """Return where caches are kept: `BYLAW_CACHE_DIR`, else below the user's cache folder."""
    if named := os.environ.get("BYLAW_CACHE_DIR"):
        return Path(named)
    if base := os.environ.get("XDG_CACHE_HOME"):
        return Path(base) / "bylaw"
    try:
        return Path.home() / ".cache" / "bylaw"
    except RuntimeError:
        return None


class Cache:
    """The kept work for one repository; a cache that cannot be opened is simply empty.

    A process that was forked opens a connection of its own: SQLite's may not be shared.
    """

    def __init__(self, root: Path | None) -> None:
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        base = folder() if root is not None else None
        self._path: Path | None = None
        if root is not None and base is not None:
            name = sha256(os.fsencode(root.resolve())).hexdigest()[:16]
            self._path = base / name / f"{fingerprint()}.sqlite"

    def _connect(self) -> sqlite3.Connection | None:
        if self._path is None or self._process == os.getpid():
            return self._connection
        self._process = os.getpid()
        self._connection = None
        try:
            self._connection = _open(self._path)
        except (OSError, sqlite3.Error):
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)
        else:
            weakref.finalize(self, self._connection.close)
        return self._connection

    def units(self) -> dict[str, tuple[str, str, bytes]]:
        """Return stamp, key and row of each unit, by path."""
        return {p: (s, k, r) for p, s, k, r in self._read("SELECT path, stamp, key, row FROM unit")}

    def decision(self, path: str, key: str) -> bytes | None:
        """Return a packed decision."""
        for (data,) in self._read(
            "SELECT data FROM decision WHERE path = ? AND key = ?", (path, key)
        ):
            return bytes(data)
        return None

    def emitted(self) -> dict[str, tuple[str, bytes]]:
        """Return key and packed fragments of each decision, by path."""
        return {p: (k, d) for p, k, d in self._read("SELECT path, key, data FROM emitted")}

    def keep_units(
        self,
        units: Iterable[tuple[str, str, str, bytes]],
        decisions: Iterable[tuple[str, str, bytes]],
        gone: Iterable[str],
    ) -> None:
        """Keep units and decisions, and forget those of files that are gone."""
        paths = [(path,) for path in gone]
        self._write(
            ("INSERT OR REPLACE INTO unit VALUES (?, ?, ?, ?)", units),
            ("INSERT OR REPLACE INTO decision VALUES (?, ?, ?)", decisions),
            ("DELETE FROM unit WHERE path = ?", paths),
            ("DELETE FROM decision WHERE path = ?", paths),
            ("DELETE FROM emitted WHERE path = ?", paths),
        )

    def keep_emitted(self, rows: Iterable[tuple[str, str, bytes]]) -> None:
        """Keep packed fragments."""
        self._write(("INSERT OR REPLACE INTO emitted VALUES (?, ?, ?)", rows))

    def _read(self, query: str, values: tuple[str, ...] = ()) -> list[Any]:
        connection = self._connect()
        if connection is None:
            return []
        try:
            return connection.execute(query, values).fetchall()
        except sqlite3.Error:
            self._connection = None
            return []

    def _write(self, *statements: tuple[str, Iterable[tuple[Any, ...]]]) -> None:
        """Write in one transaction; where another build holds the database, keep nothing."""
        connection = self._connect()
        if connection is None:
            return
        with contextlib.suppress(sqlite3.Error), connection:
            for statement, rows in statements:
                connection.executemany(statement, rows)


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for other in path.parent.glob("*.sqlite*"):
        if time.time() - other.stat().st_mtime > _STALE_SECONDS:
            other.unlink(missing_ok=True)
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.executescript(_SCHEMA)
    return connection
