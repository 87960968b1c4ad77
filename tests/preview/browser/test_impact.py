"""What a decision would break, drilled into in a real browser."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.preview.browser.conftest import OpenPage, Serve, Watch
from tests.preview.impact.repository import PROPOSAL, make, write

ADDRESS = "impact/0002-no-orm"


@pytest.fixture(scope="module")
def home(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a repository with a proposal that much violates."""
    root = make(tmp_path_factory.mktemp("impact") / "shop")
    text = "import sqlalchemy\n"
    write(root, {f"src/shop/store/f{n:03}.py": text for n in range(130)})
    write(root, {f"src/shop/web/g{n:03}.py": text for n in range(30)})
    write(
        root,
        {
            "docs/adr/0003-clean.md": "# Clean\n\n## Status\n\nProposed\n\n## Constraints\n\n"
            "- [clean] Modules in `shop.**` MUST NOT import `django`.\n"
        },
    )
    return serve(root)


def _arrive(page: Page, home: str) -> None:
    """Show the token, and wait until the repository is open: its page loads once more then."""
    page.goto(home)
    expect(page.locator(".legend")).to_be_visible(timeout=60_000)


def _open(page: Page, home: str, path: str = ADDRESS) -> None:
    _arrive(page, home)
    page.goto(f"{home.partition('?')[0]}{path}")
    expect(page.locator("[data-impact-view]")).to_be_visible(timeout=60_000)


def _violations(page: Page) -> int:
    text = page.locator(".impact-numbers dd").first.inner_text()
    return int(re.match(r"[\d,]+", text)[0].replace(",", ""))  # type: ignore[index]


def test_one_drills_down_by_folder_owner_and_page_and_comes_back(page: Page, home: str) -> None:
    _open(page, home)
    loaded = page.evaluate("performance.timeOrigin")
    assert _violations(page) == 166
    page.locator(".treemap.is-wide a[data-folder='src/shop']").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".impact-crumbs strong")).to_have_text("shop")
    assert _violations(page) == 165
    page.locator("#impact-folders ~ * a[data-folder='src/shop/store']").click()
    expect(page.locator(".impact-crumbs strong")).to_have_text("store")
    assert _violations(page) == 130
    expect(page.locator(".impact-violations tr[data-about='0002-no-orm/no-orm']")).to_have_count(
        100
    )
    row = page.locator(".impact-violations tbody tr").first
    expect(row).to_contain_text("src/shop/store/f000.py:1")
    expect(row.locator(".impact-line")).to_have_text("import sqlalchemy")
    expect(row).to_contain_text("@all")
    page.get_by_role("link", name="Next 32").click()
    expect(page.locator("#impact-rows")).to_contain_text("101 to 132 of 132")
    expect(page.locator(".impact-excuse").first).to_contain_text("waived until 2099-12-31 by @ada")
    page.go_back()
    expect(page.locator("#impact-rows")).to_contain_text("1 to 100 of 132")
    page.go_back()
    page.locator("#impact-owners ~ * a[data-owner='@web']").click()
    expect(page.locator(".impact-filter")).to_contain_text("@web")
    assert _violations(page) == 32
    assert page.evaluate("performance.timeOrigin") == loaded, "without another page"
    page.reload()
    expect(page.locator(".impact-filter")).to_contain_text("@web")
    assert _violations(page) == 32


def test_conflicts_what_is_open_and_what_is_clean_are_said(page: Page, home: str) -> None:
    _open(page, home)
    clash = page.locator(".clash[data-code='BL230']")
    expect(clash).to_contain_text("contradict each other on sql/")
    expect(clash.locator(".clash-side")).to_have_count(2)
    expect(page.locator("#impact-unjudged ~ table tbody tr")).to_have_count(3)
    _open(page, home, "impact/0003-clean")
    expect(page.locator(".impact-clean-head")).to_have_text("No violation today.")
    expect(page.locator(".impact-clean")).to_contain_text("held against 1 constraint")
    expect(page.locator("[data-fate='kept']")).to_have_text("kept")


def test_a_draft_is_what_is_measured_and_a_change_of_the_tree_is_seen(
    page: Page, home: str, serve: Serve, tmp_path: Path
) -> None:
    root = make(tmp_path / "own")
    address = serve(root)
    _open(page, address)
    assert _violations(page) == 6
    draft = (root / PROPOSAL).read_text() + "- [os] Python code in `src/**` MUST NOT import `os`.\n"
    page.evaluate("([path, text]) => bylaw.keepDraft(path, text, null)", [PROPOSAL, draft])
    page.reload()
    expect(page.locator(".impact-unsaved")).to_be_visible()
    assert _violations(page) == 7
    write(root, {"src/shop/web/late.py": "import os\n"})
    expect(page.locator(".impact-numbers dd").first).to_contain_text(re.compile(r"^8"))
    assert "[os]" not in (root / PROPOSAL).read_text()


def test_what_takes_long_shows_how_far_it_is_and_can_be_given_up(
    page: Page, serve: Serve, tmp_path: Path
) -> None:
    root = make(tmp_path / "large")
    text = "import sqlalchemy\n" + "".join(f"def Bad{n}():\n    pass\n" for n in range(60))
    write(root, {f"src/shop/f{n}.py": f"{text}# {n}\n" for n in range(900)})
    address = serve(root)
    _arrive(page, address)
    page.goto(f"{address.partition('?')[0]}{ADDRESS}")
    wait = page.locator(".impact-wait")
    expect(wait).to_contain_text("judging files", timeout=30_000)
    wait.get_by_role("button", name="Cancel").click()
    expect(wait).to_contain_text("Not measured: it was cancelled.")
    wait.get_by_role("button", name="Measure again").click()
    expect(page.locator("[data-impact-view]")).to_be_visible(timeout=60_000)
    expect(wait).to_be_hidden()
    assert _violations(page) == 900 * 61 + 6


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 390])
def test_everybody_can_read_it(
    open_page: OpenPage, watch: Watch, home: str, scheme: str, width: int
) -> None:
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    _open(page, home, f"{ADDRESS}?folder=src/shop")
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.response["violations"] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shown = ".treemap.is-narrow" if width == 390 else ".treemap.is-wide"
    expect(page.locator(f"{shown} a").first).to_be_visible()
    box = page.locator(f"{shown} text").first.bounding_box()
    assert box is not None
    assert box["height"] >= 11
