"""The record: what is added comes back, and what was done to a record shows."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bylaw.record.events import deeds, event, fault_of
from bylaw.record.history import Record, join, read_record
from bylaw.record.store import append, folder_of, path_of, read, read_session
from bylaw.schema import SCHEMAS

AT = "2026-06-01T12:00:00Z"


def said(kind: str = "call", **more: Any) -> dict[str, Any]:
    more = {"decision": "allow", **more} if kind == "call" else more
    return event(kind, AT, "s1", agent="B", **more)


def write(folder: Path, count: int = 3) -> Path:
    for number in range(count):
        append(str(folder), "s1", said(call=str(number), **deeds(writes=[f"src/{number}.py"])))
    return Path(path_of(str(folder), "s1"))


def test_what_is_added_comes_back_in_order(tmp_path: Path) -> None:
    write(tmp_path)
    found = read_session(str(tmp_path), "s1")
    assert found is not None
    assert (found.broken, found.torn, found.agents) == (None, 0, frozenset("B"))
    assert [deed.path for deed in found.deeds("write")] == ["src/0.py", "src/1.py", "src/2.py"]
    assert read_session(str(tmp_path), "other") is None


def test_each_line_is_as_the_published_schema_says(tmp_path: Path) -> None:
    every = deeds(
        reads=["a"], writes=["b", "c"], creates=["c"], removes=["d"], runs=[["x", "y"]], lines=3
    )
    events = [
        event(
            "session", AT, "s1", agent="A", autonomy="ase", policy="p", host="h", task="t", base="c"
        ),
        said(call="1", tool="Edit", constraints=["0001/a"], **every),
        said("result", call="1", failed=False, **deeds(untold=["eval"])),
        said("read", **deeds(reads=["a"])),
        said("change", **deeds(removes=["a"])),
        said("run", failed=True, **deeds(runs=[["make"]])),
        said("check", passed=False, by="bylaw", constraints=["0001/a"]),
        said("attempt", failed=True),
        said("spent", tokens=3, minutes=1.5, usd=0.1, total=True),
        said("approval", by="@dba", teams=["@x"], commit="c", paths=["a"]),
        said("finish", outcome="done"),
    ]
    append(str(tmp_path), "s1", *events)
    schema = SCHEMAS["record"].build()
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    lines = Path(path_of(str(tmp_path), "s1")).read_text("ascii").splitlines()
    assert len(lines) == len(events) + 1
    for line in lines:
        check.validate(json.loads(line))
    assert not check.is_valid({**json.loads(lines[1]), "evnt": 1})


# --- what was done to it shows -------------------------------------------------------------------


@pytest.mark.parametrize("line", [0, 1, 2, 3])
def test_an_edited_line_breaks_the_record(tmp_path: Path, line: int) -> None:
    path = write(tmp_path)
    lines = path.read_bytes().split(b"\n")
    lines[line] = lines[line].replace(b"s1", b"s2")
    path.write_bytes(b"\n".join(lines))
    assert read(str(path)).broken


@pytest.mark.parametrize("line", [1, 2, 3])
def test_a_line_that_was_taken_out_breaks_the_record(tmp_path: Path, line: int) -> None:
    path = write(tmp_path)
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join(lines[:line] + lines[line + 1 :]))
    assert read(str(path)).broken


def test_a_record_that_lost_its_end_is_broken_and_stays_so(tmp_path: Path) -> None:
    path = write(tmp_path)
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join(lines[:3]) + b"\n")
    assert "lost its end" in (read(str(path)).broken or "")
    append(str(tmp_path), "s1", said(call="9"))
    assert read(str(path)).broken


def test_an_emptied_record_is_broken(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_bytes(b"")
    assert read(str(path)).broken


def test_a_copy_without_what_stands_beside_it_can_be_read(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "copy.jsonl").write_bytes(path.read_bytes())
    assert read(str(tmp_path / "copy.jsonl")).broken is None


# --- killed processes ----------------------------------------------------------------------------


@pytest.mark.parametrize("left", [1, 20, 60])
def test_a_line_that_a_killed_process_has_torn_is_tolerated_and_told(
    tmp_path: Path, left: int
) -> None:
    path = write(tmp_path)
    whole = path.read_bytes()
    last = whole.rstrip(b"\n").rpartition(b"\n")[2]
    with path.open("ab") as stream:
        stream.write(last[:left])
    assert (read(str(path)).broken, read(str(path)).torn) == (None, 1)
    append(str(tmp_path), "s1", said(call="9", **deeds(writes=["z"])))
    found = read(str(path))
    assert (found.broken, found.torn) == (None, 1)
    assert [deed.path for deed in found.deeds("write")][-1] == "z"


def test_a_whole_line_of_which_nothing_stands_beside_is_kept(tmp_path: Path) -> None:
    path = write(tmp_path)
    head = Path(f"{path}.head").read_bytes()
    append(str(tmp_path), "s1", said(call="4"))
    Path(f"{path}.head").write_bytes(head)
    append(str(tmp_path), "s1", said(call="5"))
    found = read(str(path))
    assert (found.broken, len(found.sessions[0].events)) == (None, 5)


def test_a_first_write_that_was_cut_off_hides_nothing(tmp_path: Path) -> None:
    path = Path(path_of(str(tmp_path), "s1"))
    path.write_bytes(b'{"format":"byl')
    assert (read(str(path)).broken, read(str(path)).torn) == (None, 1)


ADD_MANY = """
import sys
from bylaw.record.events import event
from bylaw.record.store import append
folder, name = sys.argv[1:]
for n in range(60):
    more = {"call": f"{name}{n}", "decision": "allow", "runs": [["make", "x" * n]]}
    append(folder, "s1", event("call", "2026-01-01T00:00:00Z", "s1", **more))
"""


def test_many_processes_may_add_at_once(tmp_path: Path) -> None:
    workers = [
        subprocess.Popen([sys.executable, "-c", ADD_MANY, str(tmp_path), name]) for name in "abcd"
    ]
    assert [worker.wait() for worker in workers] == [0] * 4
    found = read_session(str(tmp_path), "s1")
    assert found is not None
    assert (found.broken, found.torn) == (None, 0)
    calls = [each["call"] for each in found.sessions[0].events]
    assert sorted(calls) == sorted(f"{name}{n}" for name in "abcd" for n in range(60))
    for name in "abcd":
        assert [c for c in calls if c[0] == name] == [f"{name}{n}" for n in range(60)]


# --- laws ----------------------------------------------------------------------------------------

paths = st.text(st.characters(), min_size=1, max_size=20)
batches = st.lists(
    st.lists(
        st.builds(
            lambda writes, runs: said(**deeds(writes=writes, runs=runs)),
            st.lists(paths, max_size=3),
            st.lists(st.lists(paths, min_size=1, max_size=3), max_size=2),
        ),
        min_size=1,
        max_size=4,
    ),
    min_size=1,
    max_size=5,
)


@given(batches)
def test_whatever_is_added_in_whatever_batches_comes_back(some: list[list[dict[str, Any]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for batch in some:
            append(folder, "s1", *batch)
        found = read_session(folder, "s1")
        assert found is not None
        assert found.broken is None
        events = [
            {k: v for k, v in each.items() if k != "previous"} for each in found.sessions[0].events
        ]
        assert events == [each for batch in some for each in batch]


@given(batches, st.data())
def test_no_byte_can_be_changed_unseen(some: list[list[dict[str, Any]]], data: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for batch in some:
            append(folder, "s1", *batch)
        path = Path(path_of(folder, "s1"))
        whole = bytearray(path.read_bytes())
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at] ^= data.draw(st.integers(1, 255))
        path.write_bytes(whole)
        assert read(str(path)).broken


@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda data: data * 40))
def test_whatever_bytes_are_read_nothing_is_raised(data: bytes) -> None:
    assert isinstance(read_record(data, "x.jsonl"), Record)
    assert isinstance(read_record(data, "x.jsonl", (3, "0" * 64)), Record)


FIRST = b'{"format":"bylaw/record","version":1,"session":"s"}\n'
HEAD_OF_LINE = b'{"at":"2026-01-01T00:00:00Z","session":"s"'


def test_what_orders_and_binds_has_to_be_well_formed() -> None:
    well = {"event": "finish", "at": "2026-01-01T00:00:00.5+00:00", "session": "s", "agent": "B"}
    assert fault_of(well) is None
    for name, value in (("at", "x"), ("at", "2026-01-01"), ("at", "²026-01-01T00:00:00Z")):
        assert fault_of({**well, name: value}) == f"its `{name}` is not what it has to be"
    # Of nobody's class would be what a person has done.
    for value in ("", " "):
        assert fault_of({**well, "agent": value}) == "its `agent` is not what it has to be"


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 100_000,
        HEAD_OF_LINE + b',"event":"spent","tokens":1e400}',
        HEAD_OF_LINE + b',"event":"spent","tokens":' + b"9" * 5000 + b"}",
        HEAD_OF_LINE + b',"event":"call","decision":"allow","runs":[[]]}',
        b'{"event":"call","at":1,"session":"s"}',
        HEAD_OF_LINE + b',"event":"check"}',
        b"\x00\xff",
        b'"' + b"x" * 1_000_000 + b'"',
        HEAD_OF_LINE + b',"event":"call","autonomy":"god","decision":"allow"}',
    ],
)
def test_hostile_lines_break_the_record_and_nothing_else(line: bytes) -> None:
    assert read_record(FIRST + line + b"\n", "x.jsonl").broken


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"{}\n",
        b"[]\n",
        FIRST.replace(b"1", b"2"),
        FIRST.replace(b'"s"', b"3"),
        b"\xef\xbb\xbf",
    ],
)
def test_what_is_no_record_is_told_from_one(first: bytes) -> None:
    found = read_record(first, "x.jsonl")
    assert bool(found.broken) is bool(first) or found.torn == 1


# --- where ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("session", ["../x", "a/b", "", "x" * 500, "é", ".", "\0", "\ud800"])
def test_no_session_leaves_the_folder(tmp_path: Path, session: str) -> None:
    append(str(tmp_path / "r"), session, event("finish", AT, session))
    (found,) = (tmp_path / "r").glob("*.jsonl")
    assert found.parent == tmp_path / "r"
    back = read_session(str(tmp_path / "r"), session)
    assert back is not None
    assert (back.broken, back.sessions[0].name) == (None, session)


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "s1.jsonl").symlink_to(tmp_path / "victim")
    with pytest.raises(OSError, match="s1"):
        append(str(tmp_path), "s1", said())


def test_the_record_lies_where_no_change_can_bring_it(tmp_path: Path) -> None:
    (tmp_path / "a" / ".git").mkdir(parents=True)
    (tmp_path / "a" / "sub").mkdir()
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / ".git").write_text("gitdir: ../a/.git/worktrees/t\n")
    (tmp_path / "a" / ".git" / "worktrees" / "t").mkdir(parents=True)
    git = (tmp_path / "a" / ".git").resolve()
    assert folder_of(str(tmp_path / "a" / "sub")) == str(git / "bylaw" / "record")
    linked = git / "worktrees" / "t" / "bylaw" / "record"
    assert folder_of(str(tmp_path / "tree")) == str(linked)
    (tmp_path / "bare").mkdir()
    assert (folder_of(str(tmp_path / "bare")) or "").startswith(os.environ["BYLAW_CACHE_DIR"])


def test_two_records_of_one_session_that_differ_break_what_is_joined(tmp_path: Path) -> None:
    one = read(str(write(tmp_path / "a", 2)))
    other = read(str(write(tmp_path / "b", 3)))
    assert join([one, one]).broken is None
    assert "two records" in (join([one, other]).broken or "")
