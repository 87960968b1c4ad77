"""The cache is only ever a faster way to the same bytes, whatever becomes of it."""

import os
import pickle
import random
import shutil
import signal
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from bylaw.cache import Cache
from bylaw.config import Config
from bylaw.packing import pack, unpack
from bylaw.program import Unit
from bylaw.source import Source
from bylaw.unit import compile_unit
from tests.driver.repository import Repository, fill, record


def databases(repository: Repository) -> list[Path]:
    return sorted(repository.cache.rglob("*.sqlite"))


def clean(repository: Repository, tmp_path: Path, *options: str) -> dict[str, bytes]:
    """Return what a build writes that knows nothing of any other."""
    shutil.rmtree(repository.root / ".bylaw", ignore_errors=True)
    return repository.build(*options, BYLAW_CACHE_DIR=str(tmp_path / f"new{random.random()}"))


def test_a_second_build_compiles_nothing(repository: Repository) -> None:
    fill(repository, range(3))
    first = repository.build()
    time.sleep(0.2)
    repository.build()
    (path,) = databases(repository)
    before = path.stat().st_mtime_ns
    assert repository.build() == first
    assert path.stat().st_mtime_ns == before


def test_a_deleted_cache_is_made_again(repository: Repository) -> None:
    fill(repository, range(3))
    first = repository.build()
    shutil.rmtree(repository.cache)
    assert repository.build() == first
    assert databases(repository)


@pytest.mark.parametrize("content", [b"", b"garbage", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_cache_of_garbage_is_replaced(repository: Repository, content: bytes) -> None:
    fill(repository, range(3))
    first = repository.build()
    (path,) = databases(repository)
    path.write_bytes(content)
    assert repository.build() == first
    assert repository.build() == first
    found = sqlite3.connect(databases(repository)[0])
    assert found.execute("SELECT count(*) FROM unit").fetchone() == (3,)
    found.close()


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_cache_changes_no_byte_and_heals(repository: Repository, seed: int) -> None:
    """Bits flip, or the file is cut: builds neither fail nor write anything else."""
    fill(repository, range(6))
    first = repository.build()
    (path,) = databases(repository)
    chance = random.Random(seed)
    data = bytearray(path.read_bytes())
    if seed % 3 == 0:
        del data[chance.randrange(len(data)) :]
    else:
        for _ in range(chance.choice((1, 40, 400))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    for _ in range(3):
        assert repository.build() == first
    time.sleep(0.2)
    repository.write(
        {"docs/adr/0002-a-decision.md": record("2. New", "[a-b] Code MUST NOT call `x`.")}
    )
    assert b"[a-b]" not in first["constraints.json"]
    assert b"0002-a-decision/a-b" in repository.build()["constraints.json"]


def test_a_flipped_bit_in_a_row_is_noticed(repository: Repository) -> None:
    fill(repository, range(3))
    first = repository.build()
    connection = sqlite3.connect(databases(repository)[0])
    for table, column in (("emitted", "data"), ("unit", "row"), ("decision", "data")):
        (data,) = connection.execute(f"SELECT {column} FROM {table} LIMIT 1").fetchone()
        position = len(data) // 2
        changed = data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]
        with connection:
            connection.execute(
                f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (changed, data)
            )
    connection.close()
    assert repository.build() == first


def test_a_log_that_was_left_behind_is_not_replayed(repository: Repository, tmp_path: Path) -> None:
    """A new database beside the log of one that was removed must not get its pages."""
    fill(repository, range(3))
    first = repository.build()
    (path,) = databases(repository)
    holder = sqlite3.connect(path)
    holder.execute("SELECT * FROM unit").fetchall()
    repository.write({"docs/adr/0003-more.md": record("3. More", "[a-b] Code MUST NOT call `x`.")})
    repository.build()
    log = path.with_name(f"{path.name}-wal")
    kept = log.read_bytes()
    holder.close()
    assert kept
    log.write_bytes(kept)
    path.write_bytes(b"no database")
    (repository.root / "docs/adr/0003-more.md").unlink()
    assert repository.build() == first
    assert repository.build() == first


def test_a_database_that_is_busy_is_not_removed(repository: Repository) -> None:
    fill(repository, range(3))
    first = repository.build()
    (path,) = databases(repository)
    inode = path.stat().st_ino
    holder = sqlite3.connect(path)
    holder.execute("BEGIN EXCLUSIVE")
    repository.write({"docs/adr/0003-more.md": record("3. More", "[a-b] Code MUST NOT call `x`.")})
    assert repository.build() != first
    holder.rollback()
    holder.close()
    assert path.stat().st_ino == inode


def test_a_cache_that_cannot_be_written_is_done_without(
    repository: Repository, tmp_path: Path
) -> None:
    fill(repository, range(3))
    first = repository.build()
    file = tmp_path / "file"
    file.write_text("")
    for folder in (file, Path("/proc/nowhere"), Path("/dev/null/cache")):
        assert repository.build(BYLAW_CACHE_DIR=str(folder)) == first


def test_a_missing_home_is_done_without(repository: Repository) -> None:
    fill(repository, range(3))
    first = repository.build()
    for home in ("", "/nonexistent", "relative"):
        found = repository.build(BYLAW_CACHE_DIR="", XDG_CACHE_HOME="", HOME=home)
        assert found == first
    assert {path.name for path in repository.root.iterdir()} == {
        ".bylaw",
        ".git",
        "bylaw.toml",
        "docs",
        "src",
    }


def test_an_edit_within_one_tick_of_the_clock_is_seen(repository: Repository) -> None:
    """Same size, same time: what is read just after it was written is never trusted."""
    path = "docs/adr/0001-small.md"
    text = record("1. Small", "[a-b] Code MUST NOT call `x`.")
    repository.write({path: text})
    repository.build()
    for _ in range(3):
        for name in "abc":
            status = (repository.root / path).stat()
            repository.write({path: text.replace("`x`", f"`{name}`")})
            os.utime(repository.root / path, ns=(status.st_atime_ns, status.st_mtime_ns))
            assert f"MUST NOT call `{name}`".encode() in repository.build()["constraints.json"]


def test_a_file_that_takes_anothers_place_and_time_is_seen(repository: Repository) -> None:
    one, other = "docs/adr/0001-one.md", "docs/adr/0002-two.md"
    for path, name in ((one, "x"), (other, "y")):
        repository.write({path: record("A title", f"[a-b] Code MUST NOT call `{name}`.")})
        os.utime(repository.root / path, (1_000_000_000, 1_000_000_000))
    time.sleep(0.2)
    repository.build()
    aside = repository.root / "aside"
    (repository.root / one).rename(aside)
    (repository.root / other).rename(repository.root / one)
    aside.rename(repository.root / other)
    found = repository.build()["constraints.json"]
    assert found.index(b"MUST NOT call `y`") < found.index(b"MUST NOT call `x`")


def test_two_builds_at_once_write_the_same(repository: Repository, tmp_path: Path) -> None:
    fill(repository, range(8))
    expected = clean(repository, tmp_path)
    for _ in range(3):
        shutil.rmtree(repository.cache, ignore_errors=True)
        shutil.rmtree(repository.root / ".bylaw")
        processes = [repository.start("build") for _ in range(4)]
        for process in processes:
            out, err = process.communicate(timeout=120)
            assert process.returncode == 0, out + err
        assert repository.outputs() == expected
        assert repository.build() == expected


def test_a_build_killed_at_any_moment_leaves_whole_files(
    repository: Repository, tmp_path: Path
) -> None:
    """Each artifact is the old or the new one, and the next build writes the new ones."""
    fill(repository, range(40))
    texts = {
        name: record("7. Changed", f"[a-b] Code MUST NOT call `{name}`.") for name in ("old", "new")
    }
    states = {}
    for name, text in texts.items():
        repository.write({"docs/adr/0007-a-decision.md": text})
        states[name] = clean(repository, tmp_path)
    started = time.monotonic()
    repository.build()
    length = time.monotonic() - started
    chance = random.Random(4)
    for turn in range(8):
        name = ("old", "new")[turn % 2]
        repository.write({"docs/adr/0007-a-decision.md": texts[name]})
        if turn % 3 == 0:
            shutil.rmtree(repository.cache, ignore_errors=True)
        process = repository.start("build")
        time.sleep(chance.uniform(0.4, 1.1) * length)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        for path, data in repository.outputs().items():
            if not path.endswith(".part"):
                assert data in {states["old"][path], states["new"][path]}, path
        found = repository.build()
        assert {p: d for p, d in found.items() if not p.endswith(".part")} == states[name]


class Evil:
    """Something that runs code when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.getpid, ())


def dotted(name: str) -> bytes:
    """Return a pickle that calls what a dotted name leads to from the nodes' module."""
    text = name.encode()
    return b"\x80\x04\x8c\x08bylaw.ir\x8c" + bytes([len(text)]) + text + b"\x93\x8c\x011\x85R."


@pytest.mark.parametrize(
    "data", [pickle.dumps(Evil()), dotted("re.enum.bltns.eval"), dotted("re.compile"), b"", b"\x80"]
)
def test_a_packed_decision_holds_nothing_but_nodes(data: bytes) -> None:
    with pytest.raises((pickle.UnpicklingError, EOFError)):
        unpack(data)


def test_a_decision_is_unpacked_as_it_was() -> None:
    text = record("1. A", "[a-b] Code MUST NOT call `x` from 2026-01-01, because of `y`.")
    unit = compile_unit(Source("docs/adr/0001-a.md", text.encode()), Config())
    assert isinstance(unit, Unit)
    assert unpack(pack(unit.decision)) == unit.decision


def test_rows_of_a_forked_process_are_its_own(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BYLAW_CACHE_DIR", str(repository.cache))
    cache = Cache(repository.root)
    cache.keep_emitted([("a.md", "key", b"data")])
    child = os.fork()
    if not child:
        os._exit(0 if [*cache.emitted()] == [("a.md", "key", b"data")] else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    cache.keep_emitted([("b.md", "key", b"more")])
    assert {row[0] for row in cache.emitted()} == {"a.md", "b.md"}
