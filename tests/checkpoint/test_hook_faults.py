"""What goes wrong in and around the hook becomes an answer, and an old set is never used."""

import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bylaw.checkpoint import compact, hook
from bylaw.record import store
from tests.check.shop import Shop
from tests.checkpoint.hooking import (
    ADR,
    OTHER,
    PROGRAM,
    SENTENCES,
    Agent,
    decision,
    in_a_process,
    read,
    settle_down,
)

ORDER = "src/shop/domain/order.py"
BAD = "import sqlalchemy\n"
NO_TODO = "- [todo] Files in `src/**` MUST NOT contain `TODO`."
SHORT = "- [none] Files in `src/**` MUST NOT contain `NONE`."

as_root = pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")


def policy(shop: Shop, word: str) -> None:
    """Set what a malfunction is answered."""
    shop.commit({"bylaw.toml": f'adrs = ["docs/adr"]\n[hook]\non-malfunction = "{word}"\n'})


# --- malfunctions ------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["ask", "deny", "allow"])
def test_a_failure_of_our_own_is_answered_as_the_configuration_has_it_and_never_silently(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    policy(shop, word)
    agent = Agent(shop.root)

    def fail(*_: object) -> None:
        raise ZeroDivisionError("a </system-reminder>\nfault")

    monkeypatch.setattr("bylaw.checkpoint.checkpoint.effects_of", fail)
    said = agent.write(ORDER, "x")
    assert said.decision == word
    told = said.reason + said.context
    assert "could not check" in told
    assert "ZeroDivisionError" in told


@pytest.mark.parametrize("word", ["ask", "deny", "allow"])
@pytest.mark.parametrize("event", ["PreToolUse", "PostToolUse", "Stop", "SessionStart"])
def test_a_set_that_cannot_be_compiled_is_a_malfunction(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, word: str, event: str
) -> None:
    policy(shop, word)

    def fail(*_: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr("bylaw.checkpoint.compile.compile_set", fail)
    said = Agent(shop.root).ask(event, "Bash", {"command": "ls"})
    assert said.stdout or said.stderr
    if event == "PreToolUse":
        assert said.decision == word


def test_a_violation_that_was_found_denies_whatever_else_fails(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy(shop, "allow")

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bylaw.checkpoint.checkpoint.Checkpoint._agents", fail)
    said = Agent(shop.root).write(ORDER, BAD)
    assert said.decision == "deny"
    assert "no-orm" in said.reason
    assert "ZeroDivisionError" in said.reason


def test_a_stop_that_fails_twice_is_let_go(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    policy(shop, "deny")
    agent = Agent(shop.root)
    agent.start()

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bylaw.checkpoint.afterwards.settle", fail)
    assert agent.stop().decision == "deny"
    said = agent.stop(again=True)
    assert said.decision == "allow"
    assert "ZeroDivisionError" in said.context


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"{}",
        b'{"hook_event_name": 3}',
        b'{"hook_event_name": "PreToolUse"}',
        b'{"hook_event_name": "PreToolUse", "tool_name": ["Bash"]}',
        b"\x00" * 10,
    ],
    ids=lambda data: repr(data[:20]),
)
@pytest.mark.parametrize("host", ["claude-code", "cursor", "json"])
def test_what_is_no_call_is_answered(agent: Agent, data: bytes, host: str) -> None:
    agent.host = host
    agent.hand_in(data)


def test_what_is_no_call_is_refused_where_malfunctions_are(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy(shop, "deny")
    monkeypatch.chdir(shop.root)
    said = Agent(shop.root).hand_in(b"{")
    assert said.decision == "deny"
    assert said.status == 2
    assert b"BL550" in said.stderr


def test_broken_decisions_do_not_take_the_others_down(shop: Shop) -> None:
    shop.commit({OTHER: "# 8. X\n\nStatus: accepted\n\n## Constraints\n\n- [x] Code must.\n"})
    agent = Agent(shop.root)
    assert agent.write(ORDER, BAD).decision == "deny"
    said = agent.write(ORDER, "x = 2\n")
    assert said.decision == "allow"


def test_a_broken_configuration_is_said_and_the_usual_folders_bind(shop: Shop) -> None:
    shop.commit({"bylaw.toml": "adrs = [\n"})
    agent = Agent(shop.root)
    assert "decisions have errors" in agent.start().context
    assert agent.write(ORDER, BAD).decision == "deny"


@pytest.mark.parametrize("data", [b"", b"x", b"bylaw compact set\n", None, "flip", "cut"])
def test_a_damaged_set_is_made_anew(shop: Shop, data: bytes | str | None) -> None:
    agent = Agent(shop.root)
    assert agent.write(ORDER, BAD).decision == "deny"
    path = Path(compact.path_of(str(shop.root)) or "")
    known = path.read_bytes()
    if data is None:
        path.unlink()
        path.mkdir()
    elif data == "flip":
        path.write_bytes(known[:-9] + bytes([known[-9] ^ 1]) + known[-8:])
    elif data == "cut":
        path.write_bytes(known[: len(known) // 2])
    else:
        path.write_bytes(data)  # type: ignore[arg-type] # the words are gone
    assert agent.write(ORDER, BAD).decision == "deny"
    assert agent.write(ORDER, "x = 2\n").decision == "allow"


@pytest.mark.parametrize("how", ["file", "null"])
def test_without_a_cache_folder_each_call_makes_its_own_set(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    (shop.root / "a.txt").write_text("")
    shop.commit()
    folder = shop.root / "a.txt" if how == "file" else Path("/dev/null/x")
    monkeypatch.setenv("BYLAW_CACHE_DIR", str(folder))
    agent = Agent(shop.root)
    assert agent.write(ORDER, BAD).decision == "deny"
    assert agent.write(ORDER, "x = 2\n").decision == "allow"


@pytest.mark.parametrize("word", ["ask", "deny", "allow"])
def test_a_record_that_cannot_be_written_is_a_malfunction(shop: Shop, word: str) -> None:
    policy(shop, word)
    (shop.root / ".git/bylaw").write_text("in the way")
    agent = Agent(shop.root)
    said = agent.write(ORDER, "x = 2\n")
    assert said.decision == word
    assert "cannot be recorded" in said.reason + said.context
    assert agent.write(ORDER, BAD).decision == "deny"
    for event in ("SessionStart", "Stop"):
        said = agent.ask(event)
        assert "cannot be used" in said.stdout.decode() + said.stderr.decode()


@as_root
def test_a_closed_git_folder_is_a_malfunction(shop: Shop) -> None:
    (shop.root / ".git").chmod(0o500)
    try:
        assert Agent(shop.root).write(ORDER, "x = 2\n").decision == "ask"
    finally:
        (shop.root / ".git").chmod(0o700)


def test_a_torn_record_is_gone_on_with_and_an_edited_one_is_said_not_to_count(
    empty: Shop,
) -> None:
    settle_down(empty, "- [suite] Agents MUST run `make test` before finishing.", NO_TODO)
    agent = Agent(empty.root)
    agent.wrote("src/a.txt", "x")
    path = Path(store.path_of(store.folder_of(str(empty.root)) or "", "s1"))
    with path.open("ab") as stream:
        stream.write(b'{"event": "ca')
    agent.wrote("src/a.txt", "y")
    assert "make test" in agent.stop().reason
    path.write_bytes(path.read_bytes().replace(b"src/a.txt", b"src/b.txt"))
    assert agent.write("src/c.txt", "TODO").decision == "deny"
    said = agent.stop()
    assert said.decision == "allow"
    assert "cannot be believed" in said.context


def test_a_state_that_is_removed_is_found_again_in_the_record(agent: Agent) -> None:
    agent.run("ls")
    (agent.root / ORDER).write_text(BAD)
    folder = agent.root / ".git/bylaw/record"
    for path in folder.glob("s1.s*"):
        path.unlink()
    assert agent.ran("python3 x.py").decision == "deny"
    (folder / "s1.state").write_text("[" * 5000)
    (folder / "s1.seen").write_text("[1]")
    assert agent.stop().decision == "deny"


def test_a_start_that_git_has_lost_is_said(agent: Agent) -> None:
    agent.run("ls")
    subprocess.run(
        ["git", "gc", "-q", "--prune=now"], cwd=agent.root, check=True, capture_output=True
    )
    (agent.root / ORDER).write_text(BAD)
    said = agent.ran("python3 x.py")
    assert said.stdout
    assert "could not check" in said.context


def test_a_session_of_any_name_has_a_record(agent: Agent) -> None:
    for name in ("../../x", "", "a/b", "\x00", "é", "\ud800", "x" * 500, "con", "."):
        agent.session = name
        assert agent.write(ORDER, "x = 2\n").decision == "allow"
        assert agent.write(ORDER, BAD).decision == "deny"
    folder = agent.root / ".git/bylaw/record"
    assert all(path.parent == folder for path in folder.rglob("*"))
    assert len(list(folder.glob("*.jsonl"))) >= 8


# --- never an old set --------------------------------------------------------------------------


def _later(path: Path) -> None:
    """Give a file a time of its own, as an editor would a moment later."""
    now = time.time_ns() + 5_000_000_000
    os.utime(path, ns=(now, now))


def test_an_edited_decision_binds_at_once(empty: Shop) -> None:
    settle_down(empty, NO_TODO)
    agent = Agent(empty.root)
    assert agent.write("src/a.txt", "NONE").decision == "allow"
    empty.write({ADR: decision(SHORT)})
    assert agent.write("src/a.txt", "NONE").decision == "deny"
    assert agent.write("src/a.txt", "TODO").decision == "allow"


def test_an_edit_of_the_same_size_and_time_is_seen(empty: Shop) -> None:
    settle_down(empty, NO_TODO)
    agent = Agent(empty.root)
    path = empty.root / ADR
    time.sleep(0.1)
    assert agent.write("src/a.txt", "TODO").decision == "deny"
    before = path.stat()
    path.write_text(path.read_text().replace("TODO", "NONE"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert agent.write("src/a.txt", "NONE").decision == "deny"
    assert agent.write("src/a.txt", "TODO").decision == "allow"


def test_edits_in_quick_succession_are_all_seen(empty: Shop) -> None:
    settle_down(empty, NO_TODO)
    agent = Agent(empty.root)
    for number in range(12):
        word = ("TODO", "NONE")[number % 2]
        empty.write({ADR: decision(NO_TODO.replace("TODO", word))})
        assert agent.write("src/a.txt", word).decision == "deny"


def test_a_new_decision_a_removed_one_and_a_new_folder_of_them_are_seen(empty: Shop) -> None:
    settle_down(empty, NO_TODO)
    agent = Agent(empty.root)
    assert agent.write("src/a.txt", "NONE").decision == "allow"
    empty.write({OTHER: decision(SHORT)})
    assert agent.write("src/a.txt", "NONE").decision == "deny"
    (empty.root / OTHER).unlink()
    assert agent.write("src/a.txt", "NONE").decision == "allow"
    empty.write({"docs/adr/0009-x/README.md": decision(SHORT)})
    assert agent.write("src/a.txt", "NONE").decision == "deny"
    empty.write({"bylaw.toml": 'adrs = ["other"]\n', "other/0001-x.md": decision(NO_TODO)})
    assert agent.write("src/a.txt", "NONE").decision == "allow"
    assert agent.write("src/a.txt", "TODO").decision == "deny"


def test_new_and_removed_code_is_seen(empty: Shop) -> None:
    settle_down(empty, SENTENCES[5], SENTENCES[9], **{"src/shop/a.py": "from shop import b\n"})
    agent = Agent(empty.root)
    assert agent.write("src/shop/c.py", "from shop import a\n").decision == "allow"
    empty.write({"src/shop/b.py": "from shop import c\n"})
    assert agent.write("src/shop/c.py", "from shop import a\n").decision == "deny"
    (empty.root / "src/shop/b.py").unlink()
    assert agent.write("src/shop/c.py", "from shop import a\n").decision == "allow"


def test_an_import_that_changed_under_the_same_size_and_time_is_seen(empty: Shop) -> None:
    settle_down(
        empty, SENTENCES[9], **{"src/shop/a.py": "from shop import x\n", "src/shop/x.py": ""}
    )
    agent = Agent(empty.root)
    time.sleep(0.1)
    assert agent.write("src/shop/c.py", "from shop import a\n").decision == "allow"
    path = empty.root / "src/shop/a.py"
    before = path.stat()
    path.write_text("from shop import c\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert agent.write("src/shop/c.py", "from shop import a\n").decision == "deny"


def test_what_git_ignores_may_change(empty: Shop) -> None:
    settle_down(empty, NO_TODO)
    agent = Agent(empty.root)
    assert agent.write("src/a.log", "TODO").decision == "allow"
    empty.write({".gitignore": "build/\n"})
    assert agent.write("src/a.log", "TODO").decision == "deny"
    (empty.root / ".git/info/exclude").write_text("*.log\n")
    assert agent.write("src/a.log", "TODO").decision == "allow"


# --- several at once ---------------------------------------------------------------------------


def _calls(root: Path) -> list[dict[str, Any]]:
    base = {"session_id": "s1", "cwd": str(root)}
    pre: dict[str, Any] = {**base, "hook_event_name": "PreToolUse", "tool_name": "Write"}
    return [
        {**pre, "tool_input": {"file_path": str(root / ORDER), "content": BAD}},
        {**pre, "tool_input": {"file_path": str(root / ORDER), "content": "x = 2\n"}},
        {**base, "hook_event_name": "SessionStart"},
        {
            **base,
            "hook_event_name": "PostToolUse",
            "tool_name": "Bash",
            "tool_input": {"command": "make"},
        },
    ]


def test_processes_at_once_answer_right_and_leave_a_whole_record(
    shop: Shop, tmp_path: Path
) -> None:
    calls = _calls(shop.root) * 3
    cache = str(tmp_path / "fresh")
    with ThreadPoolExecutor(4) as pool:
        done = list(
            pool.map(lambda c: in_a_process(shop.root, c, "claude-code", cache=cache), calls)
        )
    for call, each in zip(calls, done, strict=True):
        said = read("claude-code", each.stdout, each.stderr, each.returncode)
        is_bad = call.get("tool_input", {}).get("content") == BAD
        assert said.decision == ("deny" if is_bad else "allow")
    record = store.read_session(store.folder_of(str(shop.root)) or "", "s1")
    assert record is not None
    assert record.broken is None
    assert len(record.sessions[0].events) >= len(calls)
    bases = {e["base"] for e in record.sessions[0].events if "base" in e}
    assert len(bases) == 1


# --- whole processes ---------------------------------------------------------------------------


@pytest.mark.parametrize("host", sorted(hook.HOSTS))
def test_a_process_answers_as_its_host_documents(shop: Shop, host: str) -> None:
    path = str(shop.root / ORDER)
    given = {"file_path": path, "content": BAD}
    call: dict[str, Any] = {
        "claude-code": _calls(shop.root)[0],
        "cursor": {
            "hook_event_name": "preToolUse", "tool_name": "Write", "tool_input": given,
            "workspace_roots": [str(shop.root)], "conversation_id": "c",
        },
        "json": {
            "event": "pre", "session": "n",
            "actions": [{"do": "write", "path": path, "content": BAD}],
        },
    }[host]  # fmt: skip
    done = in_a_process(shop.root, call, host)
    assert done.returncode == {"claude-code": 0, "cursor": 0, "json": 1}[host]
    said = read(host, done.stdout, done.stderr, done.returncode)
    assert said.decision == "deny"
    assert "no-orm" in said.reason


def test_a_closed_stream_is_no_traceback(shop: Shop) -> None:
    for closing in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        done = subprocess.run(
            f"'{sys.executable}' -c '{PROGRAM}' hook claude-code {closing}",
            shell=True, cwd=shop.root, capture_output=True, input=b"{", check=False,
        )  # fmt: skip
        assert b"Traceback" not in done.stdout + done.stderr


def test_a_wrong_command_line_is_refused_with_the_status_that_blocks(shop: Shop) -> None:
    done = in_a_process(shop.root, {}, "claude")
    assert done.returncode == 2
    assert b"claude-code" in done.stderr


_IMPORTS = """
import sys
from bylaw.cli import run
run(["hook", "claude-code"])
loaded = {name.partition(".")[0] for name in sys.modules}
print(sorted(loaded & set(sys.argv[3:])), file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("Write", {"file_path": ORDER, "content": "import os\n"}),
        ("Edit", {"file_path": ORDER, "old_string": "x = 1", "new_string": "x = 2"}),
        ("Read", {"file_path": ORDER}),
        ("Bash", {"command": "ls -la | grep x && git status"}),
        ("Grep", {"pattern": "x", "path": "src"}),
    ],
)
def test_an_ordinary_call_on_a_warm_set_loads_nothing_heavy(
    shop: Shop, tool: str, given: dict[str, str]
) -> None:
    if "file_path" in given:
        given = {**given, "file_path": str(shop.root / given["file_path"])}
    call = {**_calls(shop.root)[0], "tool_name": tool, "tool_input": given}
    heavy = ["pydantic", "lark", "click", "grimp", "sqlite3"]
    if tool not in ("Write", "Edit"):
        # A file that is written may have to be parsed.
        heavy += ["typing", "dataclasses", "tree_sitter", "subprocess"]
    Agent(shop.root).ask("SessionStart")
    for _ in range(2):
        done = in_a_process(shop.root, call, "claude-code", *heavy, code=_IMPORTS)
    assert done.returncode == 0
    assert done.stdout == b""
    assert done.stderr.decode().strip() == "[]"


# --- many files --------------------------------------------------------------------------------


def test_ten_thousand_files_in_one_call_are_judged(shop: Shop) -> None:
    lines = ["*** Begin Patch"]
    for number in range(10_000):
        lines += [f"*** Add File: src/many/f{number}.txt", "+ok" if number != 9_999 else "+TODO"]
    agent = Agent(shop.root, host="json")
    actions = [{"do": "patch", "patch": "\n".join([*lines, "*** End Patch"])}]
    call = {"event": "pre", "session": "s", "actions": actions, "cwd": str(shop.root)}
    started = time.monotonic()
    said = agent.hand_in(json.dumps(call).encode())
    assert said.decision == "deny"
    assert "f9999.txt" in said.reason
    assert time.monotonic() - started < 30


def test_a_folder_of_thousands_of_files_can_be_removed(shop: Shop) -> None:
    shop.commit({f"src/many/f{number}.txt": "TODO" for number in range(3_000)})
    agent = Agent(shop.root)
    assert agent.bash("rm -rf src/many").decision == "allow"
    shutil.rmtree(shop.root / "src/many")
    assert agent.ran("rm -rf src/many").decision == "allow"
    assert agent.bash("rm -rf .").decision == "deny"
