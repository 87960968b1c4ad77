"""The command line as such: help, versions, faults, signals, pipes, colours."""

import re
import signal
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest
from syrupy.assertion import SnapshotAssertion
from tests.cli.commands import Run, Spawn

from bylaw import __version__, cli
from bylaw.cli import root
from bylaw.cli.root import COMMANDS, bylaw
from bylaw.codes import documented, page


def test_version(run: Run) -> None:
    outcome = run("--version")
    assert (outcome.status, outcome.out) == (0, f"bylaw {__version__}\n")


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["biuld"]])
def test_what_is_quick_imports_nothing_heavy(spawn: Spawn, arguments: list[str]) -> None:
    code = (
        "import sys; from bylaw import cli; cli.run(sys.argv[1:]); "
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        check=True,
        env={"PYTHONPATH": ":".join(path for path in sys.path if path)},
    )
    loaded = set(done.stderr.decode().split())
    assert "click" in loaded
    assert not loaded & {"pydantic", "lark", "rich", "markdown_it", "yaml", "jsonschema", "re2"}


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help(
    run: Run, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch, command: str | None
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    outcome = run(*([command] if command else []), "--help")
    assert outcome.status == 0
    assert max(map(len, outcome.out.split("\n"))) <= 80
    assert outcome.out == snapshot


def test_every_command_says_in_the_table_what_it_does() -> None:
    for name, entry in COMMANDS.items():
        command = import_module(entry.module).command
        assert command.name == name
        first = command.help.split("\n\n")[0].replace("\n", " ")
        assert entry.summary.split()[0] == first.split()[0]


def test_no_command_is_the_help_and_a_fault(run: Run) -> None:
    outcome = run()
    assert outcome.status == 2
    assert outcome.err.startswith("Usage: bylaw")
    assert outcome.out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["biuld"],
        ["zzz"],
        ["--rot", "."],
        ["build", "--chekc"],
        ["build", "-z"],
        ["build", "surplus"],
        ["build", "--check", "--watch"],
        ["build", "--format", "xml"],
        ["build", "--as-of", "2026-02-30"],
        ["build", "--as-of"],
        ["build", "--target", "semgerp"],
        ["build", "--check=yes"],
        ["describe"],
        ["describe", "a", "b"],
        ["describe", "../../elsewhere.py"],
        ["--root", "nowhere", "build"],
        ["build", "-C", "nowhere"],
        ["list", "--kind", "imports"],
        ["explain", "BL999"],
        ["completion", "tcsh"],
    ],
    ids=" ".join,
)
def test_a_fault_in_the_command_line(
    run: Run, repo: Path, snapshot: SnapshotAssertion, arguments: list[str]
) -> None:
    outcome = run(*arguments)
    assert outcome.status == 2
    assert outcome.out == ""
    assert outcome.err.replace(str(repo), "REPO") == snapshot


def test_shared_options_stand_before_or_after_the_command(run: Run, repo: Path) -> None:
    (repo / "sub").mkdir()
    (repo / "sub" / "bylaw.toml").write_text("nonsense = 1")
    for arguments in (["-C", "sub", "list"], ["list", "-C", "sub"], ["list", "--root=sub"]):
        outcome = run(*arguments)
        assert outcome.status == 2
        assert " --> sub/bylaw.toml:1:1\n" in outcome.err


def test_the_configuration_is_found_above(
    run: Run, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repo / "bylaw.toml").write_text("nonsense = 1")
    (repo / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(repo / "a" / "b")
    assert " --> ../../bylaw.toml:1:1\n" in run("list").err


def test_the_configuration_is_not_looked_for_above_the_repository(
    run: Run, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repo.parent / "bylaw.toml").write_text("nonsense = 1")
    assert run("init").status == 0


@pytest.mark.parametrize(
    ("environment", "arguments", "coloured"),
    [
        ({}, [], False),
        ({"FORCE_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
        ({"NO_COLOR": "1"}, ["--color", "always"], True),
        ({"FORCE_COLOR": "1"}, ["--color", "never"], False),
        ({"NO_COLOR": ""}, ["--color", "auto"], False),
    ],
)
def test_colours_come_when_they_are_wanted(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    arguments: list[str],
    coloured: bool,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in run(*arguments, "biuld").err) == coloured


def test_a_bug_is_a_short_message_and_a_traceback_on_request(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise KeyError("oh")

    monkeypatch.setattr(root.bylaw, "main", fail)
    outcome = run("build")
    assert outcome.status == root.BUG_STATUS
    assert "Traceback" not in outcome.err
    assert "error[BL909]" in outcome.err
    assert "--debug" in outcome.err
    assert "Traceback" in run("build", "--debug").err


def test_an_interrupted_run_says_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(root.bylaw, "main", interrupt)
    outcome = run("build")
    assert (outcome.status, outcome.err) == (cli.INTERRUPTED, "")


def test_ctrl_c_ends_a_process_with_130(spawn: Spawn, repo: Path) -> None:
    code = (
        "import sys, time; from bylaw.cli import root, main; "
        "root.bylaw.main = lambda *a, **k: (print('ready', flush=True), time.sleep(30)); main()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, "build"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PYTHONPATH": ":".join(path for path in sys.path if path)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"Traceback" not in errors


def test_a_closed_pipe_is_no_error_to_read_about(repo: Path) -> None:
    code = "from bylaw.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "explain", "BL912"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PYTHONPATH": ":".join(path for path in sys.path if path)},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
        process.wait(20)
    assert errors == b""
    assert process.returncode == cli.BROKEN_PIPE


def test_a_terminal_of_another_encoding_gets_escapes(spawn: Spawn) -> None:
    done = spawn("日本語", env={"PYTHONIOENCODING": "ascii:strict", "PYTHONUTF8": "0"})
    assert done.returncode == 2
    assert b"\\u65e5" in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_ask_for_words(run: Run, shell: str) -> None:
    script = run("completion", shell).out
    assert f"_BYLAW_COMPLETE={shell}_complete" in script


def test_completion_knows_commands_options_and_codes(spawn: Spawn) -> None:
    def complete(*words: str) -> str:
        line = " ".join(("bylaw", *words))
        env = {
            "_BYLAW_COMPLETE": "bash_complete",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(words)),
        }
        return spawn(env=env).stdout.decode()

    assert "plain,build" in complete("bu")
    assert "plain,--include-proposed" in complete("build", "--inc")
    assert "plain,BL912" in complete("explain", "BL91")


def test_explain_prints_the_page_of_a_code(run: Run) -> None:
    for name in ("BL912", "bl912", "unknown-configuration-key"):
        outcome = run("explain", name)
        assert (outcome.status, outcome.out) == (0, page("BL912"))


def test_explain_without_a_name_lists_every_code(run: Run) -> None:
    lines = run("explain").out.splitlines()
    assert [line[:5] for line in lines] == documented()
    assert all(re.match(r"BL\d{3}  [a-z0-9-]+ +\S", line) for line in lines)


def test_help_is_reachable_for_every_command_object() -> None:
    assert set(bylaw.list_commands(click.Context(bylaw))) == set(COMMANDS)


@pytest.mark.parametrize("closed", ["", ">&-", ">&- 2>&-"])
def test_who_closes_the_output_wants_the_status_only(tmp_path: Path, closed: str) -> None:
    (tmp_path / "bylaw.toml").write_text("", "utf-8")
    done = subprocess.run(
        ["bash", "-c", f"exec {sys.executable} -c 'from bylaw.cli import main; main()' {closed}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
