"""A server of a repository, and a browser in which nothing goes wrong unseen."""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

Serve = Callable[[Path], str]
"""Serves a repository until the session ends, and returns the address with its token."""

OpenPage = Callable[..., Page]
"""Opens a window; takes what `Browser.new_context` takes."""

_ADDRESS = re.compile(r"http://\S+[?]token=[\w.~-]+")
_PATIENCE = 60.0
"""Seconds until a server on a busy machine has answered."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    found = found or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on the path, and CI must not go without")
        pytest.skip("no Chromium on the path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Serve repositories with `bylaw preview`, each in a process of its own."""
    folder = tmp_path_factory.mktemp("serve")
    running: dict[Path, tuple[subprocess.Popen[bytes], str]] = {}

    def start(repository: Path) -> str:
        if repository not in running:
            log = folder / f"{len(running)}.log"
            running[repository] = _start(repository, log)
        return running[repository][1]

    yield start
    for process, _ in running.values():
        process.terminate()
    for process, _ in running.values():
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _is_open(address: str) -> bool:
    """Tell whether the decisions are there: what is shown until then is left by the page itself."""
    place, _, token = address.partition("?token=")
    asked = urllib.request.Request(place, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(asked, timeout=_PATIENCE) as answer:
        return b"opening.js" not in answer.read()


def _start(repository: Path, log: Path) -> tuple[subprocess.Popen[bytes], str]:
    program = "from bylaw.cli import main; main()"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-u", "-c", program, "preview", "--port", "0", "--no-open"],
            cwd=repository,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": ":".join(path for path in sys.path if path)},
        )
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        address = _ADDRESS.search(log.read_text("utf-8", "replace"))
        if address and _is_open(address[0]):
            return process, address[0]
        time.sleep(0.05)
    process.kill()
    process.wait()
    raise AssertionError(f"no address was printed:\n{log.read_text('utf-8', 'replace')}")


class Watch:
    """What goes wrong in a page: errors of its scripts, of the console, of what it asks for."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.asked: list[str] = []
        """The address of every request."""
        self.expected: list[str] = []
        """Words of faults that a test provokes."""

    def over(self, page: Page) -> None:
        """Watch a page."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.wrong.append(f"console: {message.text} {message.location}")

    def _failed(self, request: Request) -> None:
        # A page that is left, and an answer that a newer one has overtaken, are given up.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.wrong.append(f"request failed: {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.wrong.append(f"{response.status}: {response.url}")

    def unexpected(self) -> list[str]:
        """Return what went wrong that no test has provoked."""
        return [each for each in self.wrong if not any(word in each for word in self.expected)]


@pytest.fixture
def watch() -> Watch:
    """What goes wrong in the pages of a test: `watch.expected` takes words of what may."""
    return Watch()


@pytest.fixture
def open_page(chromium: Browser, watch: Watch) -> Iterator[OpenPage]:
    """Open pages that fail the test on any error in them, or request to another host."""
    contexts = []

    def open_one(**options: object) -> Page:
        options.setdefault("viewport", {"width": 1400, "height": 900})
        context = chromium.new_context(**options)  # type: ignore[arg-type] # as the caller has it
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        watch.over(page)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert watch.unexpected() == []
    local = re.compile(r"(http://(127\.0\.0\.1|localhost|\[::1\])[:/]|file://|data:|about:)")
    assert [address for address in watch.asked if not local.match(address)] == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A window of 1400 by 900 pixels."""
    return open_page()
