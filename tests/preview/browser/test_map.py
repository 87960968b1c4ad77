"""The map: relations that one can follow, folders that open, debts that stand out."""

import re
import subprocess
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.preview.browser.conftest import OpenPage, Serve, Watch
from tests.preview.decision_map.cases import adr

COUNT = 1_000
DAY = "2026-06-01T12:00:00+00:00"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def decisions() -> dict[str, str]:
    """Write a thousand decisions: chains of amendments, and all that a map can show."""
    found = {}
    for n in range(1, COUNT + 1):
        items = [f"[no-lib] Modules in `shop.p{n % 9}` MUST NOT import `lib{n}`."]
        relation = f"Amends ADR-{n - 1:04}" if n % 40 > 20 else ""
        if n == 2:
            relation = "Supersedes ADR-0001"
        found[f"docs/adr/{n:04}-d.md"] = adr(n, *items, relation=relation)
    found["docs/adr/0003-d.md"] = adr(
        3,
        "[dep] The project MUST depend on `thing`.",
        "[old] Files in `gone/**` MUST NOT contain `x`.",
        "Waiver for [0004-d/no-lib]: `shop/p4/a.py` until 2026-05-01, approved by `@ada`, "
        "ticket `SHOP-1`, because it moves.",
        "Waiver for [0005-d/no-lib]: `shop/p5/a.py` until 2026-06-20, approved by `@ada`, "
        "because it moves.",
        relation="Depends on ADR-0002",
    )
    found["docs/adr/0006-d.md"] = adr(6, "[no-dep] The project MUST NOT depend on `thing`.")
    found["docs/adr/0007-d.md"] = adr(7, "Guidance: keep it small.", relation="Relates to ADR-0003")
    found["docs/adr/0008-d.md"] = adr(
        8, "[short] Files in `shop/**` MUST have at most 9 lines.", status="Proposed"
    )
    return found


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of a thousand decisions on a day in June."""
    root = tmp_path_factory.mktemp("map") / "shop"
    files = {f"shop/p{n}/{name}.py": "" for n in range(9) for name in ("__init__", "a", "b")}
    files |= {"shop/__init__.py": "", "web/a.ts": "", "pyproject.toml": "", "LICENSE": ""}
    for path, text in {**files, **decisions(), "bylaw.toml": 'adrs = ["docs/adr"]\n'}.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    git = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@tidemark.example")
    dated = {"GIT_AUTHOR_DATE": DAY, "GIT_COMMITTER_DATE": DAY, "PATH": "/usr/bin:/bin"}
    for arguments in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "Shop")):
        subprocess.run([*git, *arguments], cwd=root, env=dated, check=True)
    return root


@pytest.fixture
def at(shop: Path, serve: Serve, page: Page) -> str:
    """The address of the server, which the page has been let into and which is ready."""
    address = serve(shop)
    page.goto(address)
    expect(page.locator("#rows-count")).to_have_text("1,000 decisions", timeout=90_000)
    return address.partition("/?")[0]


def test_relations_are_drawn_told_in_words_and_followed_by_key(at: str, page: Page) -> None:
    page.goto(f"{at}/map?view=graph&focus=3")
    drawn = page.locator(".graph-svg .box")
    assert 2 <= drawn.count() <= 40
    focus = page.locator(".box[data-focus='true']")
    expect(focus).to_have_attribute("aria-label", "0003 Decision 3, in force")
    expect(focus).to_be_in_viewport()
    words = page.get_by_role("region", name="Relations in words")
    first = words.locator(".relation").first
    expect(first).to_contain_text("0003 Decision 3")
    text = re.sub(r"\s+", " ", words.inner_text())
    for said in (
        "0002 Decision 2 supersedes 0001 Decision 1",
        "0003 Decision 3 depends on 0002 Decision 2",
        "0007 Decision 7 relates to 0003 Decision 3",
        "0003 Decision 3 waives in 0004 Decision 4",
        "0006 Decision 6 contradicts 0003 Decision 3",
        "both claim pyproject.toml",
    ):
        assert said in text, said
    labels = page.locator(".arrow-label").all_text_contents()
    assert any(label.startswith("contradicts on pyproject") for label in labels)
    dashes = {
        kind: page.locator(f".arrow[data-kind='{kind}'] .arrow-line").first.evaluate(
            "line => getComputedStyle(line).strokeDasharray"
        )
        for kind in ("supersedes", "amends", "depends-on", "relates-to", "conflict", "waives")
        if page.locator(f".arrow[data-kind='{kind}']").count()
    }
    assert len(set(dashes.values())) == len(dashes) >= 5, "told by dashes, not by colour alone"

    relation = words.locator(".relation", has_text="contradicts").first
    relation.hover()
    ends = relation.get_attribute("data-ends") or ""
    near = page.locator(".box.is-near")
    assert near.count() == 2
    assert {near.nth(n).get_attribute("data-box") for n in range(2)} == set(ends.split())
    expect(page.locator(".arrow.is-near")).to_have_count(1)

    page.get_by_role("region", name="Drawing of the graph").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('box')")
    expect(page.locator(".box.is-near").first).to_be_visible()
    wanted = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{wanted}")


def test_a_thousand_decisions_come_in_parts_and_are_found(
    at: str, page: Page, watch: Watch
) -> None:
    page.goto(f"{at}/map?view=graph")
    assert page.locator(".box").count() <= 40
    listed = page.locator(".alone li")
    assert listed.count() == 200
    page.get_by_role("navigation", name="Parts of the graph").get_by_text("After").click()
    expect(page.get_by_text(re.compile("part 2 of "))).to_be_visible()
    assert 2 <= page.locator(".box").count() <= 40
    page.get_by_label("Find a decision").fill("999")
    page.keyboard.press("Enter")
    expect(page.locator(".box[data-focus='true']")).to_contain_text("0999")
    page.get_by_label("Find a decision").fill("0010-d")
    page.keyboard.press("Enter")
    alone = page.locator(".alone [data-focus='true']")
    expect(alone).to_contain_text("Decision 10")
    expect(alone).to_be_in_viewport()
    page.get_by_label("Find a decision").fill("no-such-thing")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="no-such-thing")).to_be_visible()


def test_folders_open_in_place_and_say_what_governs_them(at: str, page: Page) -> None:
    page.goto(f"{at}/map?view=coverage")
    tree = page.get_by_role("region", name="Folders and files")
    expect(tree).to_be_visible(timeout=30_000)
    shop = tree.locator(".entry[data-folder='shop']")
    expect(shop.locator(".entry-row")).to_contain_text("28 files")
    expect(shop.locator(".entry-row")).to_contain_text("+1 proposed")
    expect(tree.locator(".kin", has_text="LICENSE")).to_contain_text("governed by nothing")
    opener = shop.get_by_role("button", name="Folder shop", exact=True)
    opener.focus()
    page.keyboard.press("Enter")
    inner = shop.locator(".entry[data-folder='shop/p4']")
    expect(inner).to_contain_text("3 files")
    expect(opener).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Enter")
    expect(inner).to_be_hidden()
    page.keyboard.press("Enter")
    inner.get_by_role("link", name="p4/").click()
    page.wait_for_url("**focus=shop%2Fp4")
    governing = page.get_by_role("region", name="Constraints in force")
    first = governing.locator(".binding").first
    expect(first).to_contain_text("Modules in shop.p4 MUST NOT import")
    expect(first).to_contain_text("3 files")
    expect(first.locator(".state")).to_have_text("enforced", timeout=30_000)
    expect(first.locator(".covers li")).to_have_count(5)
    expect(governing.locator("[data-ask]")).to_have_count(0, timeout=30_000)
    expect(governing.get_by_text("Proposed, and in no number above")).to_be_visible()
    first.get_by_role("link", name="no-lib").click()
    page.wait_for_url("**/decisions/*#no-lib")

    page.goto(f"{at}/map?view=coverage")
    page.get_by_role("link", name="What nothing enforces").click()
    lacking = page.locator("[data-lack='prose']")
    lacking.locator("summary").click()
    expect(lacking).to_contain_text("0007 Decision 7")
    hollow = page.locator("[data-lack='empty']")
    hollow.locator("summary").click()
    expect(hollow).to_contain_text("gone/**")


def test_an_expired_waiver_stands_out_and_goes_with_its_sentence(
    at: str, shop: Path, page: Page
) -> None:
    page.goto(f"{at}/map?view=waivers")
    overdue = page.locator(".debts[data-due='overdue'] .debt")
    expect(overdue).to_have_count(1)
    for said in (
        "expired 31 days ago",
        "0004-d/no-lib",
        "shop/p4/a.py",
        "1 file",
        "@ada",
        "SHOP-1",
    ):
        expect(overdue).to_contain_text(said)
    soon = page.locator(".debts[data-due='soon'] .debt")
    expect(soon).to_contain_text("in 19 days")
    shade = "debt => getComputedStyle(debt).boxShadow"
    assert overdue.evaluate(shade) != soon.evaluate(shade)

    path = shop / "docs/adr/0003-d.md"
    before = path.read_text()
    lines = [line for line in before.split("\n") if "SHOP-1" not in line]
    try:
        path.write_text("\n".join(lines))
        expect(overdue).to_have_count(0)
        expect(soon).to_have_count(1)
    finally:
        path.write_text(before)
    expect(overdue).to_have_count(1)
    overdue.get_by_role("link", name="0003 Decision 3").click()
    page.wait_for_url("**/decisions/0003-d#L*")


@pytest.mark.parametrize(
    ("scheme", "phone"), [("light", True), ("dark", False)], ids=["light phone", "dark"]
)
def test_every_view_of_the_map_keeps_the_rules_of_wcag_and_fits(
    at: str, shop: Path, serve: Serve, open_page: OpenPage, scheme: str, phone: bool
) -> None:
    size = {"width": 390, "height": 844} if phone else {"width": 1400, "height": 900}
    page = open_page(viewport=size, is_mobile=phone, color_scheme=scheme)
    page.goto(serve(shop))
    for view in ("graph&focus=3", "coverage", "coverage&focus=shop", "waivers"):
        page.goto(f"{at}/map?view={view}")
        expect(page.locator(".map")).to_be_visible(timeout=30_000)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view
        # What is scrolled half out of sight would be too small a target.
        page.evaluate("document.querySelectorAll('*').forEach(each => { each.scrollTop = 0; })")
        result = Axe().run(page, options={"runOnly": RULES})
        assert not result.violations_count, f"{view}\n{result.generate_report()}"
