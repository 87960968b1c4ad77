"""Beside a decision stands what it becomes: in tabs, with the lines of each sentence marked."""

import re
import shutil
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import GENERATED, SAMPLE
from tests.preview.browser.conftest import OpenPage, Serve

CONFIGURATION = "0006-configuration-in-one-place"
WAIVER = "li[data-key='0006-configuration-in-one-place@41']"
BIG = "0099-big"
FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample shop with a decision of four hundred sentences."""
    folder = tmp_path_factory.mktemp("outputs") / "shop"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(*GENERATED))
    (folder / ".git").mkdir()
    items = "".join(
        f"- [no-{n}] Python code in `src/shop/**` MUST NOT call `forbidden_{n}`.\n"
        for n in range(400)
    )
    text = f"# Big\n\nStatus: Accepted\n\n## Constraints\n\n{items}"
    (folder / "docs/adr" / f"{BIG}.md").write_text(text)
    return folder


def opened(page: Page, shop: Path, serve: Serve, decision: str) -> None:
    address = serve(shop)
    page.goto(address)
    page.goto(f"{address.partition('/?')[0]}/decisions/{decision}")
    expect(page.locator("#bylaw_outputs .has-tabs, #bylaw_outputs.has-tabs").first).to_be_visible()


def panel(page: Page, name: str) -> str:
    """Return the selector of a target's panel, after its tab was chosen."""
    page.locator(f"[role=tab][data-tab='{name}']").click()
    return f"[data-panel='{name}']"


def test_tabs_lines_and_reasons(page: Page, shop: Path, serve: Serve) -> None:
    opened(page, shop, serve, CONFIGURATION)
    tabs = page.locator("#bylaw_outputs [role=tab]")
    assert tabs.evaluate_all("tabs => tabs.map(tab => tab.dataset.tab)") == [
        "ir",
        "semgrep",
        "import-linter",
        "agents",
        "json",
    ]
    expect(page.locator("[role=tab][aria-selected=true]")).to_have_text("Semgrep")
    expect(page.locator("[data-panel]:visible")).to_have_count(1)
    rough = page.locator("[data-panel='semgrep'] .verdicts li[data-level='approximate']").first
    expect(rough).to_contain_text(
        re.compile(r"roughly\s+env misses violations and .*: code in the")
    )
    expect(page.locator("[data-panel='semgrep'] .verdicts li").last).to_contain_text(
        "not in Semgrep no-secrets retries because Semgrep matches text"
    )
    # With the keyboard, to a target that says nothing of it, and says so.
    page.locator("[role=tab][aria-selected=true]").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-panel]:visible")).to_contain_text("No file: there is nothing")
    page.keyboard.press("End")
    expect(page.locator("[role=tab][data-tab='json']")).to_be_focused()
    page.keyboard.press("Home")
    expect(page.locator("[data-panel]:visible")).to_contain_text("No build writes it")
    # What was chosen and opened stays so in the next preview, and in the next window.
    here = panel(page, "agents")
    second = page.locator(f"{here} details.file").nth(1)
    expect(second).not_to_have_attribute("open", "")
    second.locator("summary").first.click()
    fold = page.locator(f"{here} details.file[open] details.fold").first
    expect(fold.locator("summary")).to_have_text(re.compile(r"… \d+ lines not from this decision"))
    page.get_by_role("button", name="Write").click()
    page.locator("#bylaw_source").press_sequentially(" ")
    page.wait_for_function("document.querySelector('#saved').dataset.saved === 'no'")
    page.wait_for_timeout(500)
    expect(page.locator("[role=tab][aria-selected=true]")).to_contain_text("Agents")
    expect(page.locator(f"{here} details.file").nth(1)).to_have_attribute("open", "")


def test_a_waiver_points_to_what_it_has_changed_and_back(
    page: Page, shop: Path, serve: Serve
) -> None:
    opened(page, shop, serve, CONFIGURATION)
    page.locator(WAIVER).hover(position={"x": 5, "y": 5})
    linked = page.locator("[data-panel='semgrep'] .line.is-linked")
    expect(linked).to_have_count(1)
    expect(linked).to_contain_text('exclude: ["/src/shop/legacy/**", "/src/shop/config.py", "/src/')
    expect(linked).to_have_class(re.compile("is-changed"))
    expect(page.locator("#env")).to_have_class(re.compile("is-linked"))
    with_lines = page.locator("[role=tab].has-lines")
    assert with_lines.evaluate_all("tabs => tabs.map(tab => tab.dataset.tab)") == [
        "ir",
        "semgrep",
        "agents",
        "json",
    ]
    # Enter goes there, though the tab that is shown has no line of it.
    panel(page, "import-linter")
    page.locator(WAIVER).press("Enter")
    expect(page.locator("[data-panel]:visible .line:focus")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("li.statement:focus")).to_be_visible()


def test_a_megabyte_does_not_freeze_the_page(page: Page, shop: Path, serve: Serve) -> None:
    opened(page, shop, serve, BIG)
    size = page.evaluate("document.querySelector('#bylaw_outputs').textContent.length")
    assert size > 1_000_000
    slowest = 0.0
    for name in ("agents", "json", "ir", "semgrep"):
        began = time.monotonic()
        panel(page, name)
        page.evaluate(FRAMES)
        slowest = max(slowest, time.monotonic() - began)
    assert slowest < 3
    began = time.monotonic()
    page.locator("#no-390").press("Enter")
    page.evaluate(FRAMES)
    assert time.monotonic() - began < 3
    expect(page.locator(".line:focus")).to_be_in_viewport()
    expect(page.locator(".line:focus")).to_contain_text("0099-big.no-390.python")


def test_without_scripts_all_panels_stand_below_each_other(
    open_page: OpenPage, shop: Path, serve: Serve
) -> None:
    page = open_page(java_script_enabled=False)
    address = serve(shop)
    page.goto(address)
    page.goto(f"{address.partition('/?')[0]}/decisions/{CONFIGURATION}")
    expect(page.locator("[data-panel]:visible")).to_have_count(5)
    expect(page.locator("#bylaw_outputs [role=tablist]")).to_be_hidden()


def test_nothing_stands_out_of_a_phone(open_page: OpenPage, shop: Path, serve: Serve) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    opened(page, shop, serve, CONFIGURATION)
    for name in ("ir", "semgrep", "agents", "json"):
        panel(page, name)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, name
