"""The server starts at once, says what is wrong, and ends when it is told to."""

import os
import pty
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.preview.server.conftest import DOMAIN
from tests.preview.server.talk import Serve, Server, command, environment


def _run(root: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        cwd=root,
        env=environment(**env),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_at_once_whoever_listens(repo: Path, sign: signal.Signals) -> None:
    server = Server(repo)
    server.get("/")
    with server.events() as first, server.events() as second:
        first.wait("ready")
        second.wait("ready")
        with socket.create_connection(("127.0.0.1", server.port)):
            took = server.end(sign)
        assert first.ended.wait(5)
        assert second.ended.wait(5)
    assert took < 3, f"{took:.1f} s"
    assert server.process.returncode == (130 if sign is signal.SIGINT else -signal.SIGTERM)
    assert "Traceback" not in server.printed
    assert "error" not in server.printed


def test_a_signal_ends_it_while_it_still_compiles(tmp_path: Path) -> None:
    _many(tmp_path, 600)
    server = Server(tmp_path, BYLAW_CACHE_DIR=str(tmp_path / "cache"))
    with server.events() as told:
        told.wait("progress")
        assert server.end() < 3
    assert server.process.returncode == 130
    assert "Traceback" not in server.printed
    # Nor does what compiled for it go on.
    group = subprocess.run(
        ["ps", "-eo", "args"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert not [line for line in group if "server.opening" in line and str(tmp_path) in line]


def test_the_page_is_there_before_the_decisions_are(tmp_path: Path) -> None:
    _many(tmp_path, 600)
    server = Server(tmp_path, BYLAW_CACHE_DIR=str(tmp_path / "cache"))
    try:
        began = time.monotonic()
        with server.events() as told:
            page = server.get("/decisions/7").text
            assert time.monotonic() - began < 2
            assert "opening.js" in page
            told.wait("progress")
            ready, _ = told.wait("ready")
            assert ready == {"revision": 0}
            steps = [value for name, value, _ in told.events if name == "progress"]
            counted = [each for each in steps if each["total"]]
            assert counted[-1]["done"] == counted[-1]["total"] >= 600
            assert len({each["done"] for each in counted}) > 2
        assert "opening.js" not in server.get("/decisions/7").text
    finally:
        server.end()
    # What was compiled is kept: the next one opens at once.
    again = Server(tmp_path, BYLAW_CACHE_DIR=str(tmp_path / "cache"))
    try:
        with again.events() as told:
            told.wait("ready")
            assert not [1 for name, value, _ in told.events if value.get("what") == "compile"]
    finally:
        again.end()


def _many(root: Path, count: int) -> None:
    folder = root / "docs/adr"
    folder.mkdir(parents=True)
    for number in range(1, count + 1):
        (folder / f"{number:04}-x.md").write_text(DOMAIN.replace("# 7.", f"# {number}."))


def test_a_port_that_is_taken_is_told(repo: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = _run(repo, "--no-open", "--port", str(port))
    assert said.returncode == 2
    assert f"error[BL942]: port {port} cannot be served: address already in use" in said.stderr
    assert "--port" in said.stderr
    assert _run(repo, "--port", "70000").returncode == 2


def test_two_without_a_port_both_get_one(repo: Path, serve: Serve) -> None:
    first, second = Server(repo, "--port", "0"), None
    try:
        code = (
            "import sys; from bylaw.preview.server import running; "
            f"running.PORT = {first.port}; from bylaw.cli import main; main()"
        )
        words = [sys.executable, "-u", "-c", code, "preview", "--no-open"]
        with subprocess.Popen(
            words, cwd=repo, env=environment(), stderr=subprocess.PIPE, text=True
        ) as second:
            assert second.stderr is not None
            line = second.stderr.readline()
            second.send_signal(signal.SIGINT)
        assert "serving on http://127.0.0.1:" in line
        assert f":{first.port}/" not in line
    finally:
        first.end()


def test_both_families_of_addresses_are_answered(repo: Path, serve: Serve) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    server = serve(repo)
    assert server.ask("GET", "/", host="::1").status == 200
    assert server.ask("GET", "/", host="localhost").status == 200
    assert server.ask("GET", "/", host="::1", token=False).status == 403


@pytest.mark.parametrize("terminal", [True, False])
def test_the_browser_opens_by_itself_on_a_terminal_only(
    repo: Path, tmp_path: Path, terminal: bool
) -> None:
    seen, browser = tmp_path / "seen", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {seen}\n')
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    ours, theirs = pty.openpty()
    end: int = theirs if terminal else os.open(tmp_path / "out", os.O_WRONLY | os.O_CREAT)
    process = subprocess.Popen(
        command("--port", "0"),
        cwd=repo,
        env=environment(BROWSER=f"{browser} %s"),
        stdin=subprocess.DEVNULL,
        stdout=end,
        stderr=end,
    )
    limit = time.monotonic() + (20 if terminal else 3)
    while time.monotonic() < limit and not seen.exists():
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.wait(20)
    for each in {ours, theirs, end}:
        os.close(each)
    assert seen.exists() == terminal


def test_a_missing_extra_says_what_to_install(repo: Path) -> None:
    code = "import sys; sys.modules['{}'] = None; from bylaw.cli import main; main()"
    for name in ("uvicorn", "starlette", "watchfiles", "jinja2", "sse_starlette"):
        words = [sys.executable, "-c", code.format(name), "preview", "--no-open"]
        said = subprocess.run(
            words, cwd=repo, env=environment(), capture_output=True, text=True, check=False
        )
        assert said.returncode == 2
        assert "error[BL905]" in said.stderr
        assert f"`{name.replace('_', '-')}`" in said.stderr
        assert "install it with `python -m pip install 'bylaw[preview]'`" in said.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--static", "out", "--terminal"),
        ("--static", "out", "--port", "1"),
        ("--terminal", "--open"),
        ("--target", "ir"),
        ("--static", "out", "0007-domain"),
    ],
)
def test_options_that_do_not_go_together_are_refused(repo: Path, words: tuple[str, ...]) -> None:
    said = _run(repo, *words)
    assert (said.returncode, said.stdout) == (2, "")
    assert "error[BL902]" in said.stderr
    assert not (repo / "out").exists()


def test_a_site_is_written_and_a_strange_folder_left_alone(repo: Path) -> None:
    said = _run(repo, "--static", "out")
    assert said.returncode == 0, said.stderr
    assert (repo / "out/index.html").is_file()
    (repo / "mine").mkdir()
    (repo / "mine/notes.txt").write_text("mine")
    said = _run(repo, "--static", "mine")
    assert said.returncode == 2
    assert "error[BL943]" in said.stderr
    assert "`notes.txt`" in said.stderr
    assert os.listdir(repo / "mine") == ["notes.txt"]


def test_an_empty_folder_has_a_page_too(tmp_path: Path, serve: Serve) -> None:
    server = serve(tmp_path)
    assert server.get("/").status == 200
    assert server.get("/api/list").value["total"] == 0
    assert server.get("/new").status == 200
    assert server.get("/map").status == 200
