"""The map as HTML: the same for server and site, every part of it reachable by links."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest

from bylaw.preview.decision_map import folders, graph_view, sheets, waivers, whole
from bylaw.preview.decision_map.focus import VIEWS, Focus, View, file_name, parse
from bylaw.preview.decision_map.whole import DecisionMap, MapPage
from bylaw.preview.server.addresses import Addresses
from bylaw.preview.workspace import Workspace
from tests.preview.decision_map.cases import adr, link

ODD = 'Of `<script>alert(1)</script>` & "it\'s"'


class Site(Addresses):
    """The links of a site, which remember what they have led to."""

    def __init__(self, decisions: DecisionMap) -> None:
        self.decisions = decisions
        self.pages: dict[str, MapPage] = {}

    def map(self, view: str = "graph", focus: str = "") -> str:
        page = self.decisions.page(view, focus)  # type: ignore[arg-type] # from the templates
        self.pages.setdefault(page.name, page)
        return quote(page.name) + (f"#{quote(page.anchor)}" if page.anchor else "")


def crawl(decisions: DecisionMap) -> dict[str, str]:
    """Return every page that a reader of the site comes to."""
    site = Site(decisions)
    for view in VIEWS:
        site.map(view)
    done: dict[str, str] = {}
    while left := [page for name, page in site.pages.items() if name not in done]:
        for page in left:
            done[page.name] = str(decisions.html(page.view, page.focus, site))
    return done


class Reader(HTMLParser):
    """Reads a page: its tags in balance, its ids, its links and its words."""

    VOID = frozenset({"input", "br", "rect", "path", "meta", "hr"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.attributes: list[str] = []
        self.words = ""
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.hrefs += [value or "" for name, value in attrs if name == "href"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make windows so small that a few decisions fill several."""
    monkeypatch.setattr(sheets, "MOST_NODES", 4)
    monkeypatch.setattr(sheets, "MOST_TIES", 4)
    monkeypatch.setattr(graph_view, "WINDOW", 2)
    monkeypatch.setattr(folders, "ENTRIES", 3)
    monkeypatch.setattr(folders, "CONSTRAINTS", 3)
    monkeypatch.setattr(whole, "WINDOW", 2)
    monkeypatch.setattr(waivers, "WINDOW", 2)


def many() -> dict[str, str]:
    """Write a repository with more of everything than a small window holds."""
    found = {f"src/part{n}/{name}.py": "" for n in range(5) for name in "abcde"}
    found |= {f"lib/f{n}.py": "" for n in range(9)}
    for n in range(1, 24):
        items = [f"[no-x] Files in `src/part{n % 5}/**` MUST NOT contain `x{n}`."]
        relation = f"Amends ADR-{n - 1:04}" if n % 8 and n > 1 else ""
        if n > 20:
            items, relation = [], ""
        if 4 < n < 12:
            items.append(
                f"Waiver for [0001-d/no-x]: `src/part1/a.py` until 2026-0{n - 3}-01, "
                "approved by `@ada`, because it moves."
            )
        found[f"docs/adr/{n:04}-d.md"] = adr(n, *items, relation=relation)
    found["docs/adr/0030-p.md"] = adr(
        30, *(f"[no-{n}] Files in `lib/**` MUST NOT contain `y{n}`." for n in "abcdefgh"),
        status="Proposed",
    )  # fmt: skip
    return found


@pytest.mark.usefixtures("small")
def test_all_that_a_click_shows_is_on_some_page_of_the_site(tmp_path: Path) -> None:
    decisions = DecisionMap(link(tmp_path, many()))
    pages = crawl(decisions)
    read = {name: Reader(html) for name, html in pages.items()}
    graph = "".join(r.words for name, r in read.items() if name.startswith("graph"))
    hrefs = {h for name, r in read.items() if name.startswith("graph") for h in r.hrefs}
    for unit in decisions.linked.program.units:
        assert f"/decisions/{unit.header.id}" in hrefs
        assert unit.header.title in graph
    ties = decisions._graph_pages.graph.ties
    assert sum(r.tags.count("svg") for r in read.values()) > 4
    in_words = sum(html.count('class="relation"') for html in pages.values())
    assert in_words == len(ties) > 12
    coverage = "".join(r.words for name, r in read.items() if name.startswith("coverage"))
    for path in decisions.linked.files:
        assert path.rpartition("/")[2] in coverage
        folder = path.rpartition("/")[0]
        assert not folder or file_name("coverage", folder) in pages
    led = {h for name, r in read.items() if name.startswith("coverage") for h in r.hrefs}
    for full_id in decisions._ready.by_id:
        assert f"/constraints/{full_id}" in led
    debts = "".join(html for name, html in pages.items() if name.startswith("waivers"))
    for day in range(2, 9):
        assert f"2026-0{day}-01" in debts
    for name, reader in read.items():
        assert len(reader.ids) == len(set(reader.ids)), name
        for href in reader.hrefs:
            if href.startswith("#"):
                assert href[1:] in reader.ids
            elif not href.startswith("/"):
                target, _, anchor = href.partition("#")
                assert target in read, f"{name} leads to {href}"
                assert not anchor or anchor in read[target].ids


@pytest.mark.usefixtures("small")
def test_every_decision_leads_to_the_page_on_which_it_stands(tmp_path: Path) -> None:
    decisions = DecisionMap(link(tmp_path, many()))
    site = Site(decisions)
    for unit in decisions.linked.program.units:
        page = decisions.page("graph", unit.header.id)
        html = str(decisions.html("graph", page.focus, site))
        assert f'id="{page.anchor}"' in html
        live = str(decisions.html("graph", unit.header.id, Addresses()))
        assert live.count('data-focus="true"') == 1
        assert re.search(rf'id="{page.anchor}"[^>]*data-focus="true"', live)


def test_a_decision_is_found_by_number_id_and_path(tmp_path: Path) -> None:
    decisions = DecisionMap(link(tmp_path, many()))
    names = ("7", "ADR-0007", "0007-d", "docs/adr/0007-d.md")
    assert {decisions.page("graph", name) for name in names} == {decisions.page("graph", "7")}
    assert decisions.graph("nothing").missing == "nothing"


def test_of_two_decisions_with_one_id_each_has_its_own_place(tmp_path: Path) -> None:
    files = {f"docs/adr/{part}/0001-d.md": adr(1) for part in ("one", "two")}
    decisions = DecisionMap(link(tmp_path, files))
    assert [node.name for node in decisions.graph().listed] == list(files)
    assert decisions.page("graph", "docs/adr/two/0001-d.md").anchor == "d-docs/adr/two/0001-d.md"


def test_what_authors_write_is_shown_and_never_run(tmp_path: Path) -> None:
    name = "src/<b>&'x'/a.py"
    files = {
        "docs/adr/0001-a.md": adr(1, "[no-x] Files in `src/**` MUST NOT contain `<img src=x>`."),
        "docs/adr/0002-b.md": adr(
            2,
            "Waiver for [0001-a/no-x]: `src/**` until 2026-01-01, approved by `@<i>`, ticket "
            f"`javascript:alert(1)`, because {ODD}.",
            relation="Supersedes part of ADR-0001",
        ).replace("Decision 2", ODD),
        name: "",
    }
    decisions = DecisionMap(link(tmp_path, files))
    pages = crawl(decisions)
    for html in pages.values():
        reader = Reader(html)
        assert not {"script", "img", "b", "i", "style"} & set(reader.tags)
        assert not [a for a in reader.attributes if a.startswith("on") or a == "style"]
        assert not [h for h in reader.hrefs if h.lower().startswith("javascript")]
    assert "<script>alert(1)</script>" in Reader(pages["graph.html"]).words
    assert "javascript:alert(1)" in Reader(pages["waivers.html"]).words


def test_a_ticket_that_is_an_address_is_a_link(tmp_path: Path) -> None:
    waiver = (
        "Waiver for [no-x]: `src/**` until 2027-01-01, approved by `@ada`, ticket "
        "`https://tracker.example/7`, because it moves."
    )
    files = {"docs/adr/0001-a.md": adr(1, "[no-x] Files in `src/**` MUST NOT contain `x`.", waiver)}
    html = str(DecisionMap(link(tmp_path, files)).html("waivers", "", Addresses()))
    assert '<a href="https://tracker.example/7" rel="noreferrer noopener">' in html


def test_the_same_repository_has_the_same_pages(sample: Path) -> None:
    first, second = (crawl(DecisionMap(Workspace(sample).on_disk)) for _ in range(2))
    assert first == second
    assert str(sample) not in "".join(first.values())


def test_an_empty_repository_says_what_would_show(tmp_path: Path) -> None:
    pages = crawl(DecisionMap(link(tmp_path, {})))
    assert set(pages) == {"graph.html", "coverage.html", "waivers.html"}
    assert "No decision refers to another one" in pages["graph.html"]
    assert "No decision holds a waiver" in pages["waivers.html"]
    assert "0 of 1" in Reader(pages["coverage.html"]).words


@pytest.mark.parametrize(
    "focus",
    [
        Focus(),
        Focus(name="src/shop"),
        Focus(name="@ada"),
        Focus("sheet", 3),
        Focus("constraints", 50, "src/a b/ß"),
        Focus("entries", 300),
        Focus(name="/odd"),
    ],
)
def test_a_focus_is_read_as_it_was_written(focus: Focus) -> None:
    assert parse(str(focus)) == focus


def test_names_of_pages_are_apart_and_safe_to_write() -> None:
    wanted: list[tuple[View, str]] = [
        ("coverage", focus)
        for focus in (
            "",
            "a/b",
            "a-b",
            "A/B",
            "..",
            "../../etc",
            "ß",
            "a" * 5000,
            "con",
            "x\n",
            "\udcff",
        )
    ]
    names = [file_name(*each) for each in wanted]
    assert len({name.lower() for name in names}) == len(names)
    assert all(re.fullmatch(r"[a-z0-9.-]{1,80}", name) for name in names)
