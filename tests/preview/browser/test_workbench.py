"""The workbench shows what a sentence becomes while it is written, and writes what is saved."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.conftest import GENERATED, SAMPLE
from tests.preview.browser.conftest import OpenPage, Serve, Watch

STORE = "docs/adr/0003-database-behind-the-store.md"
TOKENS = "docs/adr/0009-signed-tokens.md"
MONEY = "docs/adr/0004-money-is-exact.md"
BEFORE = "- [sql-home] "
"""The statement of the decision of the store before which sentences are written."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample shop in a repository of its own."""
    folder = tmp_path_factory.mktemp("workbench") / "shop"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(*GENERATED))
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=folder, check=True)
    return folder


@pytest.fixture
def home(shop: Path, serve: Serve, page: Page) -> str:
    """The server's address, for a page that has shown its token."""
    address = serve(shop)
    page.goto(address)
    return address.partition("/?")[0]


def work(page: Page, home: str, path: str, *, write: bool = False) -> None:
    """Open the workbench of an ADR, and wait until it is alive."""
    page.goto(f"{home}/decisions/{Path(path).stem}")
    expect(page.locator("#timing")).to_have_text(re.compile(r"\d+ ms"))
    if write:
        page.get_by_role("button", name="Write").click()


def caret_before(page: Page, words: str) -> None:
    """Put the caret before the first of some words."""
    page.locator("#bylaw_source").evaluate(
        "(field, words) => { const at = field.value.indexOf(words); field.focus();"
        " field.setSelectionRange(at, at); }",
        words,
    )


def write_line(page: Page, line: str, before: str = BEFORE) -> None:
    """Write a line of its own before a statement, and go to its end."""
    caret_before(page, before)
    page.keyboard.insert_text(f"{line}\n")
    page.keyboard.press("ArrowLeft")


def test_a_decision_stands_beside_the_ir_and_what_every_target_makes_of_it(
    page: Page, home: str
) -> None:
    work(page, home, STORE)
    sentence = page.locator("#bylaw_read li[data-key$='/one-door']")
    expect(sentence).to_contain_text("Only modules in shop.store MAY import sqlalchemy")
    assert sentence.get_attribute("data-state") == "enforced"
    expect(sentence).to_contain_text("enforced")
    names = page.get_by_role("tab").all_inner_texts()
    joined = " ".join(names)
    for target in ("IR", "Semgrep", "import-linter", "JSON", "Agents"):
        assert target in joined
    expect(page.locator("#bylaw_outputs")).to_contain_text(
        "0003-database-behind-the-store.one-door"
    )
    expect(page.locator("#bylaw_problems")).to_contain_text("none")


def test_a_sentence_and_its_lines_point_at_each_other_by_pointer_and_by_key(
    page: Page, home: str
) -> None:
    work(page, home, STORE)
    full_id = "0003-database-behind-the-store/plain-domain"
    sentence = page.locator("#bylaw_read li[data-key$='/plain-domain']")
    others = page.locator(f"#bylaw_outputs .is-linked:not([data-about~='{full_id}'])")
    lines = page.locator(f"#bylaw_outputs [data-about~='{full_id}'].is-linked")

    sentence.hover()
    expect(lines.first).to_be_attached()
    assert others.count() == 0

    page.get_by_role("tab", name="import-linter").click()
    line = page.locator(f"#bylaw_outputs [data-about~='{full_id}']:visible").first
    line.hover()
    expect(sentence).to_have_class(re.compile("is-linked"))
    expect(page.locator("#bylaw_read li.is-linked")).to_have_count(1)

    page.mouse.move(5, 5)
    sentence.focus()
    expect(lines.first).to_be_attached()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('#bylaw_outputs') !== null")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.key") == full_id


def test_typing_shows_the_result_and_only_saving_writes_it(
    page: Page, home: str, shop: Path
) -> None:
    before = (shop / STORE).read_bytes()
    work(page, home, STORE, write=True)
    write_line(page, "- [no-orm] Modules in `shop.web` MUST NOT import `peewee`.")
    expect(page.locator("#bylaw_outputs")).to_contain_text("0003-database-behind-the-store.no-orm")
    expect(page.locator("#saved")).to_have_text("unsaved")
    mirrored = page.locator(".mirror-line", has_text="[no-orm]")
    expect(mirrored).to_have_attribute("data-state", "enforced")
    assert (shop / STORE).read_bytes() == before

    page.keyboard.press("Control+s")
    expect(page.locator("#saved")).to_have_text("saved")
    added = b"- [no-orm] Modules in `shop.web` MUST NOT import `peewee`.\n"
    assert (shop / STORE).read_bytes() == before.replace(BEFORE.encode(), added + BEFORE.encode())
    page.reload()
    expect(page.locator("#bylaw_source")).to_have_value(re.compile("no-orm"))
    expect(page.locator("#saved")).to_have_text("saved")


def test_a_broken_sentence_shows_what_was_expected_and_the_nearest_shape(
    page: Page, home: str
) -> None:
    work(page, home, STORE, write=True)
    # What stands before it is one character here, and two where browsers count.
    write_line(page, "- [off] Modules in `shop.𝔡omain` MUST NOT imprt `pydantic`.")
    hint = page.locator(".hint")
    expect(hint).to_contain_text("unknown predicate")
    expect(page.locator(".message.is-sign")).to_be_visible()  # there is no room for more
    below = "() => [document.querySelector('.hint'), document.querySelector('.is-current')]"
    tops = f"{below[6:]}.map(each => each.getBoundingClientRect())"
    assert page.evaluate(f"(() => {{ const [a, b] = {tops}; return a.top >= b.bottom - 1; }})()")
    page.keyboard.type(" ")
    page.wait_for_timeout(300)
    expect(hint).to_be_hidden()  # nobody is told in the middle of a sentence
    page.keyboard.press("Backspace")
    expect(hint).to_be_visible()
    expect(hint).to_contain_text("import")
    expect(hint).to_contain_text("nearest: ")
    squiggle = page.locator(".mirror-line", has_text="[off]").locator(".squiggle")
    expect(squiggle).to_have_text("imprt")
    expect(page.locator(".mirror-line", has_text="[off]")).to_have_attribute(
        "data-state", "rejected"
    )

    problem = page.locator("#bylaw_problems .problem").filter(has_text="imprt").first
    expect(problem).to_contain_text("Nearest shape")
    expect(problem.locator(".snippet")).to_contain_text("^^^^^")
    page.keyboard.press("Escape")
    expect(hint).to_be_hidden()
    problem.locator(".problem-place").click()
    chosen = page.locator("#bylaw_source").evaluate(
        "field => field.value.slice(field.selectionStart, field.selectionEnd)"
    )
    assert chosen == "imprt"
    problem.locator(".problem-code").click()
    expect(page.locator(".code-page[open]")).to_contain_text("unknown-predicate")


def test_what_is_wrong_with_a_line_stands_in_the_text_column_and_in_view(
    page: Page, home: str, shop: Path
) -> None:
    before = (shop / TOKENS).read_bytes()
    work(page, home, TOKENS, write=True)
    expect(page.locator("#bylaw_source")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type(
        "\n\n## Constraints\n\n- [bad] Modules in `shop.web` MUST NOT imprt `flask`."
    )
    page.keyboard.insert_text("\n\n")
    below = page.locator(".message.is-below").last
    expect(below).to_be_visible()
    left = below.evaluate(
        "each => [each.offsetLeft, getComputedStyle(each.parentElement).paddingLeft]"
    )
    assert left[0] >= float(left[1].removesuffix("px"))

    # The caret's line keeps a margin to the pane's edge, and Problems takes a third at most.
    for _ in range(30):
        page.keyboard.press("Enter")
    page.keyboard.type("- x")
    view, line, pane = (
        page.locator(css).bounding_box()
        for css in ("#bylaw_write", ".is-current", "#bylaw_problems")
    )
    assert view is not None
    assert line is not None
    assert pane is not None
    assert line["y"] + line["height"] + 40 <= view["y"] + view["height"]
    assert pane["height"] <= 0.33 * 900
    assert page.evaluate("document.scrollingElement.scrollTop") == 0

    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+Space")
    expect(page.locator(".hint")).to_contain_text("nothing to complete here: sentences stand")
    expect(page.locator("p[role=status]", has_text="nothing to complete here")).to_have_count(1)
    page.keyboard.press("Control+s")
    expect(page.locator("#saved")).to_have_text(
        re.compile(r"saved; \d errors?: `bylaw build` will")
    )
    (shop / TOKENS).write_bytes(before)


def test_a_conflict_says_behind_its_line_what_it_contradicts(page: Page, home: str) -> None:
    work(page, home, STORE, write=True)
    page.set_viewport_size({"width": 2200, "height": 700})
    write_line(page, "- [off] Modules in `shop.domain` MUST NOT imprt `pydantic`.")
    write_line(page, "- [clash] Modules in `shop.store` MUST NOT import `sqlalchemy`.")
    told = page.locator(".mirror-line", has_text="[clash]").locator(".message")
    expect(told).to_have_text(re.compile("^contradicts `0003-[^`]*/one-door` on "))
    # Of all problems that of the caret's line is in view.
    problem = page.locator("#bylaw_problems .problem[data-code=BL230]").first
    expect(problem).to_be_in_viewport(ratio=0.3)


def test_the_mirror_has_the_metrics_of_the_text_field(page: Page, home: str) -> None:
    work(page, home, STORE, write=True)
    caret_before(page, BEFORE)
    page.keyboard.insert_text("\tword " * 60 + "x" * 300 + "\n")
    heights = page.evaluate(
        """() => {
          const field = document.getElementById("bylaw_source");
          const copy = field.cloneNode(true);
          copy.value = field.value;
          const width = field.clientWidth + "px";
          Object.assign(copy.style, {position: "absolute", height: "0", width: width});
          field.parentElement.append(copy);
          const heights = [copy.scrollHeight, document.getElementById("bylaw_mirror").scrollHeight];
          copy.remove();
          return heights;
        }"""
    )
    assert heights[0] == heights[1]


def test_completion_is_driven_from_the_field_and_never_traps_tab(page: Page, home: str) -> None:
    work(page, home, STORE, write=True)
    write_line(page, "- [named] Modules in `shop.dom")
    box = page.get_by_role("listbox", name="Completions")
    page.keyboard.press("Control+Space")
    expect(box).to_be_visible()
    field = page.locator("#bylaw_source")
    expect(field).to_have_attribute("aria-activedescendant", "bylaw_completion_0")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    assert field.get_attribute("aria-activedescendant") is None

    page.keyboard.press("Control+Space")
    option = box.get_by_role("option").filter(has_text="shop.domain").first
    expect(option).to_be_visible()
    page.keyboard.press("Enter")
    expect(field).to_have_value(re.compile(r"- \[named\] Modules in `shop\.domain"))

    page.keyboard.press("Control+Space")
    page.keyboard.press("Tab")
    expect(box).to_be_hidden()
    assert page.evaluate("document.activeElement.id") != "bylaw_source"
    assert "\t" not in field.input_value()


def test_a_change_on_disk_is_shown_where_nothing_is_unsaved(
    page: Page, home: str, shop: Path
) -> None:
    work(page, home, TOKENS, write=True)
    with (shop / TOKENS).open("a") as file:
        file.write("\nWritten in another editor.\n")
    expect(page.locator("#bylaw_source")).to_have_value(re.compile("in another editor"))
    expect(page.locator("#saved")).to_have_text("saved")
    page.get_by_role("button", name="Read").click()
    expect(page.locator("#bylaw_read")).to_contain_text("Written in another editor.")


def test_a_conflict_shows_both_texts_and_writes_neither_unasked(
    page: Page, home: str, shop: Path
) -> None:
    work(page, home, MONEY, write=True)
    page.locator("#bylaw_source").focus()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("Mine.\n")
    theirs = (shop / MONEY).read_text() + "Theirs.\n"
    (shop / MONEY).write_text(theirs)
    notice = page.get_by_role("group", name="Notice")
    expect(notice).to_contain_text("changed on disk")
    expect(notice.locator("del")).to_have_text("Theirs.")
    expect(notice.locator("ins")).to_have_text("Mine.")
    expect(page.locator("#saved")).to_contain_text("conflict")
    page.keyboard.press("Control+s")
    page.wait_for_timeout(300)
    assert (shop / MONEY).read_text() == theirs

    notice.get_by_role("button", name="Keep mine").click()
    expect(page.locator("#saved")).to_have_text("unsaved")
    page.keyboard.press("Control+s")
    expect(page.locator("#saved")).to_have_text("saved")
    assert (shop / MONEY).read_text().endswith("Mine.\n")
    assert "Theirs." not in (shop / MONEY).read_text()

    page.locator("#bylaw_source").focus()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("Mine again.\n")
    (shop / MONEY).write_text(theirs)
    notice.get_by_role("button", name="Reload from disk").click()
    expect(page.locator("#bylaw_source")).to_have_value(theirs)
    expect(page.locator("#saved")).to_have_text("saved")


def test_unsaved_text_warns_when_left_and_is_back_afterwards(
    page: Page, home: str, shop: Path
) -> None:
    before = (shop / STORE).read_bytes()
    work(page, home, STORE, write=True)
    page.locator("#bylaw_source").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("Not saved.")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto(f"{home}/")
    assert asked == ["beforeunload"]
    page.go_back()
    expect(page.locator("#bylaw_source")).to_have_value(re.compile("Not saved[.]"))
    expect(page.get_by_role("group", name="Notice")).to_contain_text("is back")
    assert page.get_by_role("group", name="Notice").get_by_role("button").count() == 2
    page.get_by_role("button", name="Discard it").click()
    expect(page.locator("#saved")).to_have_text("saved")
    assert (shop / STORE).read_bytes() == before
    page.goto(f"{home}/")
    assert asked == ["beforeunload"]


def test_a_new_decision_is_named_after_its_title_and_saved_only_when_asked(
    page: Page, home: str, shop: Path
) -> None:
    page.goto(f"{home}/")
    page.get_by_role("link", name="New decision").click()
    name = page.locator("#new-path")
    expect(name).to_have_value("docs/adr/0016-new-decision.md")
    expect(page.locator("#bylaw_source")).to_be_focused()
    before_caret = page.locator("#bylaw_source").evaluate(
        "field => field.value.slice(0, field.selectionEnd)"
    )
    assert before_caret.partition("## Constraints")[2].endswith("\n- ")
    expect(page.locator("#impact-line")).to_contain_text("no sentence binds yet", timeout=30_000)
    expect(page.locator("#impact-line .is-good")).to_have_count(0)
    page.get_by_role("button", name="Read").click()
    expect(page.locator("#bylaw_read")).to_contain_text("No sentence binds yet")
    page.get_by_role("button", name="Write").click()
    expect(page.locator("#bylaw_source")).to_be_focused()
    assert before_caret == page.locator("#bylaw_source").evaluate(
        "field => field.value.slice(0, field.selectionEnd)"
    )
    page.locator("#bylaw_source").evaluate(
        "field => { const at = field.value.indexOf('New decision'); field.focus();"
        " field.setSelectionRange(at, at + 12); }"
    )
    page.keyboard.insert_text("Queues for slow work")
    expect(name).to_have_value("docs/adr/0016-queues-for-slow-work.md")
    target = shop / "docs/adr/0016-queues-for-slow-work.md"
    caret_before(page, "- \n\n## Consequences")
    page.keyboard.press("Shift+End")
    page.keyboard.insert_text("- [lean] Modules in `shop.domain` MUST NOT import `decimal`.\n\n")
    expect(page.locator("#impact-line")).to_contain_text("1 violation today", timeout=30_000)
    page.locator("#impact-line a").click()
    expect(page.locator("#impact")).to_contain_text("lean", timeout=30_000)
    page.get_by_role("main").get_by_role("link", name="0016-queues").click()
    expect(page.locator("#timing")).to_have_text(re.compile(r"\d+ ms"))
    expect(page.get_by_role("group", name="Notice")).to_be_hidden()
    expect(name).to_have_value("docs/adr/0016-queues-for-slow-work.md")
    expect(page.locator("#bylaw_source")).to_have_value(re.compile(r"\[lean\]"))
    assert not target.exists()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/decisions/0016-queues-for-slow-work")
    assert "Queues for slow work" in target.read_text().split("\n")[0]
    expect(page.locator("#rows a[aria-current]")).to_contain_text("Queues for slow work")
    expect(page.locator("#saved")).to_have_text("saved")


def test_addresses_lead_to_sentences_and_back_leads_back(page: Page, home: str) -> None:
    page.goto(f"{home}/constraints/0003-database-behind-the-store/one-door")
    page.wait_for_url("**/decisions/0003-database-behind-the-store#one-door")
    assert page.evaluate("document.activeElement.id") == "one-door"
    expect(page.locator("#one-door")).to_be_in_viewport()
    page.locator("#rows a", has_text="Money is exact").click()
    expect(page.locator("#work-title")).to_have_text("Money is exact")
    page.go_back()
    expect(page.locator("#work-title")).to_have_text("The database stays behind the store")


def test_who_comes_without_the_token_is_refused(
    home: str, open_page: OpenPage, watch: Watch
) -> None:
    watch.expected.append("403")
    stranger = open_page()
    for place in ("/", "/decisions/0003-database-behind-the-store", "/api/list", "/?token=guess"):
        answer = stranger.goto(home + place)
        assert answer is not None
        assert answer.status == 403
        assert "sqlalchemy" not in stranger.content()
    expect(stranger.locator("main")).to_contain_text("token")
