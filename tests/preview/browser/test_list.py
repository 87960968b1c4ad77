"""Ten thousand decisions are a list that scrolls, is searched and is walked by key."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.preview.browser.conftest import Serve, Watch

COUNT = 10_000
ADR = """\
# {number}. {title}

Status: Accepted

## Constraints

- [kept] Files in `src/part{number}/` MUST have at most {number} lines.
"""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of ten thousand decisions."""
    root = tmp_path_factory.mktemp("many") / "many"
    folder = root / "docs" / "adr"
    folder.mkdir(parents=True)
    (root / "bylaw.toml").write_text('adrs = ["docs/adr"]\n')
    for number in range(1, COUNT + 1):
        title = "Zebras at night" if number == 7_777 else f"Part {number} stays small"
        text = ADR.format(number=number, title=title)
        (folder / f"{number:05}-part.md").write_text(text)
    return root


def test_ten_thousand_decisions_scroll_filter_and_open(
    many: Path, serve: Serve, page: Page, watch: Watch
) -> None:
    page.goto(serve(many))
    count = page.locator("#rows-count")
    expect(count).to_have_text("10,000 decisions", timeout=90_000)
    rows = page.get_by_role("listbox", name="Decisions")
    expect(rows.get_by_role("option").first).to_contain_text("Part 1 stays small")
    assert rows.get_by_role("option").count() < 60

    rows.evaluate("list => { list.scrollTop = list.scrollHeight; }")
    expect(rows).to_contain_text("Part 10000 stays small")
    rows.evaluate("list => { list.scrollTop = list.scrollHeight / 2; }")
    expect(rows).to_contain_text(re.compile(r"Part 500\d stays small"))
    assert rows.get_by_role("option").count() < 60
    asked = [address for address in watch.asked if "/api/list" in address]
    assert len(asked) < 12
    assert all("count=100" in address for address in asked)

    page.keyboard.press("/")
    page.keyboard.type("zebras")
    expect(count).to_have_text("1 decision found")
    page.keyboard.press("ArrowDown")
    chosen = rows.get_by_role("option", selected=True)
    expect(chosen).to_contain_text("Zebras at night")
    assert rows.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url("**/decisions/07777-part")
    expect(page.locator("#work-title")).to_have_text("Zebras at night")
    expect(page.locator("#filter")).to_have_value("zebras")

    page.locator("#filter").focus()
    page.keyboard.press("Escape")
    expect(count).to_have_text("10,000 decisions")
    rows.focus()
    page.keyboard.press("End")
    expect(rows.get_by_role("option", selected=True)).to_contain_text("Part 10000")
    page.keyboard.press("ArrowUp")
    expect(rows.get_by_role("option", selected=True)).to_contain_text("Part 9999")
    page.locator("#filter-state").select_option("retired")
    expect(count).to_have_text("0 decisions found")


def test_a_sentence_among_ten_thousand_decisions_is_shown_while_it_is_written(
    many: Path, serve: Serve, page: Page
) -> None:
    page.goto(serve(many))
    expect(page.locator("#rows-count")).to_have_text(re.compile("decision"), timeout=90_000)
    page.goto(serve(many).partition("/?")[0] + "/decisions/00042-part")
    page.get_by_role("button", name="Write").click()
    page.locator("#bylaw_source").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("- [more] Modules in `a` MUST NOT import `b`.")
    expect(page.locator("#bylaw_outputs")).to_contain_text("00042-part.more")
