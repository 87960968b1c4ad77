"""The workbench over files that are odd, or that come, go and change while they are open."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.preview.browser.conftest import Serve, Watch

HEAD = "# {}\n\nStatus: accepted\n\n## Constraints\n\n"
NAMES = ("read", "write", "editor", "mirror", "source", "outputs", "problems", "result", "filter")


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of odd files."""
    root = tmp_path_factory.mktemp("odd") / "repo"
    rules = "".join(f"- [{n}] Modules in `shop` MUST NOT import `{n}`.\n" for n in NAMES)
    for name, data in {
        "0001-ids.md": (HEAD.format("Ids") + rules).encode(),
        "0002-empty.md": b"",
        "0003-latin.md": (HEAD.format("Grün") + rules).encode("latin-1"),
        "0004-nul.md": (HEAD.format("Nul") + "- Note: \0.\n").encode(),
        "0005-plain.md": HEAD.format("Plain").encode(),
        "0006-\\n.md": HEAD.format("Backslash").encode(),
    }.items():
        file = root / "docs/adr" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return root


@pytest.fixture
def home(repo: Path, serve: Serve, page: Page) -> str:
    """The server's address, for a page that has shown its token."""
    address = serve(repo)
    page.goto(address)
    return address.partition("/?")[0]


def work(page: Page, home: str, name: str) -> None:
    """Open the workbench of a file to write, and wait until it is alive."""
    page.goto(f"{home}/decisions/{name}")
    expect(page.locator("#timing")).to_have_text(re.compile(r"\d+ ms"))
    page.get_by_role("button", name="Write").click()


def write_below(page: Page, text: str) -> None:
    """Write at the end of the text."""
    page.locator("#bylaw_source").focus()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(text)


def test_a_constraint_may_have_the_name_of_a_part_of_the_page(page: Page, home: str) -> None:
    for name in NAMES:
        page.goto(f"{home}/decisions/0001-ids#{name}")
        expect(page.locator(f"#bylaw_read [data-key='0001-ids/{name}']")).to_be_focused()
    work(page, home, "0001-ids")
    expect(page.locator("#bylaw_write")).to_be_visible()
    write_below(page, "- [more] Modules in `shop` MUST NOT imprt `more`.\n")
    expect(page.locator("#bylaw_problems")).to_contain_text("imprt")
    page.get_by_role("button", name="Read").click()
    expect(page.locator("#bylaw_read li")).to_have_count(len(NAMES) + 1)


def test_what_a_page_cannot_hold_is_read_only_and_what_is_empty_is_not(
    page: Page, home: str, repo: Path
) -> None:
    for name in ("docs/adr/0003-latin.md", "0004-nul"):
        work(page, home, name)
        assert not page.locator("#bylaw_source").is_editable()
        expect(page.locator("main")).to_contain_text("Read only")
    for name, file in {"0002-empty.md": "0002-empty.md", "0006-%5Cn.md": "0006-\\n.md"}.items():
        work(page, home, f"docs/adr/{name}")
        write_below(page, "# Written\n")
        page.keyboard.press("Control+s")
        expect(page.locator("#saved")).to_have_text("saved")
        assert (repo / "docs/adr" / file).read_text().endswith("# Written\n")


def test_a_file_that_goes_and_comes_back_takes_no_text_with_it(
    page: Page, home: str, repo: Path
) -> None:
    file = repo / "docs/adr/0005-plain.md"
    before = file.read_bytes()
    saved, notice = page.locator("#saved"), page.get_by_role("group", name="Notice")
    work(page, home, "0005-plain")
    file.unlink()
    expect(notice).to_contain_text("no longer on disk")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("link", name="Map").click()
    expect(saved).to_have_text("not saved yet")
    assert asked == ["beforeunload"]
    file.write_bytes(before + b"- Note: theirs.\n")
    expect(page.locator("#bylaw_source")).to_have_value(re.compile("theirs"))
    expect(saved).to_have_text("saved")

    file.write_bytes(before)
    expect(page.locator("#bylaw_source")).to_have_value(before.decode())
    write_below(page, "- Note: mine.\n")
    for other, words in ((before + b"\xff", "no UTF-8"), (before + b"x\n", "changed on disk")):
        file.write_bytes(other)
        expect(notice).to_contain_text(words)
        page.keyboard.press("Control+s")
        page.wait_for_timeout(300)
        assert file.read_bytes() == other
        file.write_bytes(before)
        expect(notice).to_be_hidden()
        expect(saved).to_have_text("unsaved")
    page.keyboard.press("Control+s")
    expect(saved).to_have_text("saved")


def test_a_text_left_in_the_tab_is_not_written_over_what_has_changed_since(
    page: Page, home: str, repo: Path
) -> None:
    file = repo / "docs/adr/0005-plain.md"
    page.on("dialog", lambda dialog: dialog.accept())
    work(page, home, "0005-plain")
    write_below(page, "- Note: left.\n")
    page.goto(f"{home}/map")
    theirs = file.read_bytes() + b"- Note: theirs.\n"
    file.write_bytes(theirs)
    expect(page.locator("#connection")).to_contain_text("live")
    work(page, home, "0005-plain")
    notice = page.get_by_role("group", name="Notice")
    expect(notice).to_contain_text("changed on disk")
    page.keyboard.press("Control+s")
    page.wait_for_timeout(300)
    assert file.read_bytes() == theirs
    expect(notice).to_contain_text("changed on disk")


def test_an_address_whose_end_is_no_text_opens_the_page(page: Page, home: str) -> None:
    for place in ("decisions/0001-ids#%", "map#%E0"):
        page.goto(f"{home}/{place}")
        expect(page.locator("main h1").first).to_be_visible()
        expect(page.locator("#connection")).to_contain_text("live")


def test_a_server_that_has_ended_is_named_and_heard_again(
    page: Page, home: str, watch: Watch
) -> None:
    watch.expected += ["Failed to load", "request failed", "ERR_"]
    work(page, home, "0001-ids")
    page.route("**/api/*", lambda route: route.abort())
    write_below(page, "x")
    notice = page.get_by_role("group", name="Notice")
    expect(notice).to_contain_text("the server does not answer")
    page.unroute("**/api/*")
    write_below(page, "y")
    expect(notice).to_be_hidden()
    expect(page.locator("#connection")).to_contain_text("live")
