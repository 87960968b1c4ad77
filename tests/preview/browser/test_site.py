"""The static site in a browser: from a file, below any address, without scripts, in print."""

import functools
import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bylaw.site_address import constraint_page, decision_page
from tests.conftest import GENERATED, SAMPLE
from tests.preview.browser.conftest import OpenPage, Watch
from tests.preview.site.reading import parse
from tests.preview.site.test_markdown import INJECTED
from tests.preview.site.writing import record, repository, write
from tests.test_hostile import hostile

LAYERED = decision_page("0002-layered-monolith")
KINDS = (
    "index.html",
    LAYERED,
    constraint_page("0002-layered-monolith/no-wildcards"),
    "impact/0002-layered-monolith/index.html",
    "map/graph.html",
    "map/coverage.html",
    "map/waivers.html",
)
"""A page of each kind."""

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"], "preload": False}
"""Preloading style sheets is what the pages' own policy forbids."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of the sample, in a folder whose name has to be escaped."""
    import shutil  # noqa: PLC0415 - only here

    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(SAMPLE, folder / "shop", ignore=shutil.ignore_patterns(*GENERATED))
    write(folder / "shop", folder / "a b#c")
    return folder / "a b#c"


def address(site: Path, page: str) -> str:
    """Return the address of a page as a file."""
    return f"file://{quote(str(site))}/{page}"


def test_an_architect_finds_a_decision_and_follows_a_sentence(site: Path, page: Page) -> None:
    page.goto(address(site, "index.html"))
    box = page.get_by_label("Filter")
    box.focus()
    page.keyboard.type("layered in force")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("#bylaw_found")).to_have_text(re.compile(r"1 of \d+"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("2. A layered monolith")

    statement = page.locator("#no-wildcards")
    statement.hover()
    line = page.locator(".outputs .line.is-linked:visible").first
    expect(line).to_be_visible()
    expect(line).to_have_attribute("data-about", re.compile("0002-layered-monolith/no-wildcards"))
    statement.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".outputs .line:focus")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(statement).to_be_focused()

    page.get_by_role("tab", name="import-linter").click()
    page.locator("#plugins").hover()
    expect(page.locator(".outputs .line.is-linked:visible").first).to_be_visible()
    page.locator("#no-wildcards").get_by_role("link", name="no-wildcards").click()
    expect(page.get_by_text("src/shop/services/shipping.py:4")).to_be_visible()
    page.get_by_role("link", name="0002-layered-monolith").click()
    expect(page).to_have_url(re.compile(r"0002-layered-monolith\.html#no-wildcards$"))
    page.locator(".impact-short").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Impact of A layered monolith")


@pytest.mark.parametrize(("scheme", "kinds"), [("light", KINDS), ("dark", KINDS[:6:2])])
def test_every_kind_of_page_is_readable_to_everyone(
    site: Path, open_page: OpenPage, scheme: str, kinds: tuple[str, ...]
) -> None:
    wide = open_page(color_scheme=scheme)
    phone = open_page(color_scheme=scheme, viewport={"width": 390, "height": 844}, has_touch=True)
    for kind in kinds:
        wide.goto(address(site, kind))
        found = Axe().run(wide, options=AXE)
        assert found.violations_count == 0, f"{kind}: {found.generate_report()}"
        phone.goto(address(site, kind))
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, kind


def test_without_scripts_everything_is_there(site: Path, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(address(site, "index.html"))
    expect(page.locator("tbody tr")).to_have_count(16)
    expect(page.get_by_label("Filter")).to_be_hidden()
    page.goto(address(site, LAYERED))
    for name in ("semgrep", "import-linter", "json", "agents"):
        expect(page.locator(f'[data-panel="{name}"]')).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".site-places")).to_be_hidden()
    expect(page.locator("#tiers")).to_be_visible()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - overrides
        """Say nothing."""


@pytest.fixture
def server(site: Path) -> Iterator[str]:
    """Serve the folder above the site, and return the site's address below it."""
    handler = functools.partial(_Quiet, directory=str(site.parent))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/{quote(site.name)}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_works_below_any_address_and_asks_for_nothing_else(
    server: str, page: Page, watch: Watch
) -> None:
    for kind in KINDS:
        page.goto(f"{server}/{kind}")
        assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px"
    assert all(each.startswith(f"{server}/") for each in watch.asked)


BAIT = """
() => {
  const own = /\\/static\\/[a-z]+\\.js$/;
  return {
    scripts: [...document.scripts].filter((s) => !own.test(s.src)).length,
    handlers: [...document.querySelectorAll("*")].flatMap(
      (e) => [...e.attributes].filter((a) => /^on|^style$|^srcdoc$/.test(a.name))).length,
    strangers: document.querySelectorAll("iframe,object,embed,base,img,style,video").length,
    addresses: [...document.querySelectorAll("[href]")].map((e) => e.href.baseVal ?? e.href)
      .filter((h) => !/^(file|https?|mailto):/.test(h)),
    tags: [...document.querySelectorAll("*")].map((e) => e.localName),
  };
}
"""


def test_no_hostile_decision_runs_anything_or_asks_for_anything(
    tmp_path: Path, page: Page, watch: Watch
) -> None:
    attacks = {
        name: text
        for name, text in hostile()
        if isinstance(text, str) and len(text) < 30_000 and "surrogate" not in name
    }
    records = {f"{n:04d}-h.md": text for n, text in enumerate(attacks.values(), 10)}
    title = '<script>alert("title")</script>'
    sentences = [
        "[a-b] Files in `src/<img src=x onerror=alert(1)>/**` MUST NOT contain `</pre><script>x`.",
        "[c-d] Files in `a/**` MUST NOT contain `\"><svg onload=alert(2)>`, because `'><b>`.",
        "Guidance: <iframe src=//evil.example> and ![x](https://evil.example/x.png).",
    ]
    records["0001-injected.md"] = record(title, *sentences) + "\n## More\n\n" + INJECTED
    folder = tmp_path / "site"
    write(repository(tmp_path / "r", records), folder)
    page.on("dialog", lambda dialog: watch.wrong.append(f"a dialog: {dialog.message}"))
    pages = sorted(folder.rglob("*.html"))
    assert len(pages) > 30
    for path in pages:
        name = path.relative_to(folder).as_posix()
        page.goto(address(folder, name))
        found = page.evaluate(BAIT)
        tags = found.pop("tags")
        assert found == {"scripts": 0, "handlers": 0, "strangers": 0, "addresses": []}, name
        # A browser that mends what it reads has read something else than what was written.
        written = [each.tag for each in parse(path.read_text("utf-8")).elements]
        assert [tag.lower() for tag in tags] == written, name
    assert all(each.startswith(f"file://{quote(str(folder))}/") for each in watch.asked)
