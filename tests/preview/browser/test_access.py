"""Every view is usable by key, by voice, on a phone, in light and in dark."""

import shutil
import subprocess
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.conftest import GENERATED, SAMPLE
from tests.preview.browser.conftest import OpenPage, Serve

VIEWS = (
    "/",
    "/new",
    "/decisions/0003-database-behind-the-store",
    "/decisions/0099-broken",
    "/impact/0003-database-behind-the-store",
    "/map?view=graph",
    "/map?view=coverage",
    "/map?view=waivers",
)
BROKEN = """\
# 99. A decision with faults

Status: Proposed

## Constraints

- [odd] Modules in `shop.domain` MUST NOT imprt `pydantic`.
- Files in `nowhere/**` SHOULD have at most 400 lines.
- Waiver for [0002-layered-monolith/gone]: `src/**` until 2031-01-01, approved by `@a`, because so.
"""
LEAST_TARGET = 40
"""Pixels that a finger needs."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample shop with a decision that has faults, in a repository of its own."""
    folder = tmp_path_factory.mktemp("access") / "shop"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(*GENERATED))
    (folder / "docs/adr/0099-broken.md").write_text(BROKEN)
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=folder, check=True)
    return folder


def settled(page: Page) -> None:
    """Wait until a view has all that it fetches."""
    page.wait_for_load_state("load")
    expect(page.locator("#connection")).to_contain_text("live")
    if page.locator("#rows").count() and page.locator("#rows").is_visible():
        expect(page.locator("#rows a").first).to_be_visible()
    if page.locator("#workbench").count():
        expect(page.locator("#timing")).to_contain_text("ms")
    if page.locator("#impact").count():
        expect(page.locator("#impact svg").first).to_be_attached(timeout=60_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_view_breaks_a_rule_of_wcag(
    shop: Path, serve: Serve, open_page: OpenPage, scheme: str
) -> None:
    page = open_page(color_scheme=scheme, reduced_motion="reduce")
    address = serve(shop)
    page.goto(address)
    found = {}
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    for view in VIEWS:
        page.goto(address.partition("/?")[0] + view)
        settled(page)
        if view.endswith("-broken"):
            page.get_by_role("button", name="Write").click()
            page.locator("#bylaw_problems .problem-place").first.click()
            expect(page.locator(".hint")).to_be_visible()
        result = Axe().run(page, options=options)
        if result.violations_count:
            found[view] = result.generate_report()
    assert not found, "\n".join(f"{view}\n{report}" for view, report in found.items())


def test_on_a_phone_nothing_is_cut_off_and_everything_can_be_hit(
    shop: Path, serve: Serve, open_page: OpenPage
) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    address = serve(shop)
    page.goto(address)
    wrong = []
    for view in VIEWS:
        page.goto(address.partition("/?")[0] + view)
        settled(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 390:
            wrong.append(f"{view}: {width} pixels wide")
        wrong += [f"{view}: {each}" for each in page.evaluate(_SMALL, LEAST_TARGET)]
    assert wrong == []
    page.goto(address.partition("/?")[0] + "/")
    upper = page.locator("#decisions").bounding_box()
    lower = page.locator("#main").bounding_box()
    assert upper is not None
    assert lower is not None
    assert upper["y"] + upper["height"] <= lower["y"] + 1
    page.goto(address.partition("/?")[0] + "/decisions/0003-database-behind-the-store")
    tops = [
        page.locator(f"#bylaw_{part}").bounding_box() for part in ("read", "outputs", "problems")
    ]
    assert all(box is not None for box in tops)
    assert [box["y"] for box in tops if box] == sorted(box["y"] for box in tops if box)


# What is in the flow of a text is as high as its line; WCAG leaves it out as well.
_SMALL = """least => Array.from(document.querySelectorAll(
    'button, input, select, textarea, summary, [role=tab], [role=option], nav a, a.button'))
  .filter(each => each.checkVisibility() && !each.closest('.unseen, [aria-hidden=true]'))
  .map(each => [each, each.getBoundingClientRect()])
  .filter(([each, box]) => box.width && box.height < least)
  .map(([each, box]) => `${each.tagName} ${each.className} ${each.textContent.trim().slice(0, 30)}`
    + ` is ${Math.round(box.height)} high`)"""


def test_the_page_is_walked_by_key_in_the_order_of_its_parts(
    shop: Path, serve: Serve, page: Page
) -> None:
    address = serve(shop)
    page.goto(address)
    page.goto(address.partition("/?")[0] + "/decisions/0099-broken")
    settled(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    seen: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """() => { const at = document.activeElement;
              if (at === document.body) return null;
              const style = getComputedStyle(at);
              const around = getComputedStyle(at.closest('.pane-body') || at);
              const ring = style.outlineStyle !== 'none' || around.boxShadow !== 'none';
              return [at.id || at.className || at.tagName, ring,
                      (at.closest('header, .decisions, .source-pane, .outputs-pane, .problems-pane')
                       || {}).className || '']; }"""
        )
        if at is None:
            break
        assert at[1], f"{at[0]} does not show that it has the focus"
        if not seen or seen[-1] != at[2]:
            seen.append(at[2])
    parts = [part.split()[-1] for part in seen if part]
    assert parts[:2] == ["bar", "decisions"]
    assert parts.index("source-pane") < parts.index("outputs-pane") < parts.index("problems-pane")

    page.goto(page.url)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_theme_can_be_chosen_and_stays(shop: Path, serve: Serve, open_page: OpenPage) -> None:
    page = open_page(color_scheme="light")
    page.goto(serve(shop))
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper)
    button = page.get_by_role("button", name="Theme")
    button.click()
    assert page.evaluate(paper) == light
    button.click()
    expect(button).to_contain_text("dark")
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    assert page.evaluate(paper) == dark
