"""Runs as a comment on a pull request."""

from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from syrupy.assertion import SnapshotAssertion
from tests.render.runs import HOSTILE, clean, everything, many, one, render

from bylaw.check.verdict import Verdicts
from bylaw.facts.model import Place
from bylaw.render.characters import safe
from bylaw.render.verdicts import Setting
from bylaw.render.verdicts.markdown import MARKER, MOST_CHARACTERS

ALLOWED = {
    "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "a", "code", "details", "summary",
    "blockquote", "ul", "li", "strong",
}  # fmt: skip


class Page(HTMLParser):
    """What a reader of the rendered comment gets: tags, links and text."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[tuple[str, str]] = []
        self.rows: list[int] = []
        self.text = ""
        self._inside = False
        parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
        self.feed(parser.render(markdown))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert tag == "a" or tag in ("th", "td") or not attrs
        if tag == "a":
            self.links.append((str(dict(attrs)["href"]), ""))
            self._inside = True
        if tag == "tr":
            self.rows.append(0)
        if tag in ("td", "th"):
            self.rows[-1] += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._inside = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._inside:
            url, label = self.links[-1]
            self.links[-1] = url, label + data


def test_the_comment_of_everything(snapshot: SnapshotAssertion) -> None:
    assert render(everything(), "markdown") == snapshot


def test_each_violation_is_linked_and_stands_under_its_decision() -> None:
    run = everything()
    page = Page(render(run, "markdown"))
    urls = {url for url, _ in page.links}
    for violation in run.violations:
        decision = violation.constraint.partition("/")[0]
        assert any(url.startswith(f"docs/adr/{decision}.md#L") for url in urls)
        if violation.path:
            line = f"#L{violation.place.line}" if violation.place else ""
            assert violation.path + line in urls
        assert violation.detail.replace("`", "") in page.text


def test_links_lead_to_where_the_repository_is_shown() -> None:
    setting = Setting(links="https://git.example/shop/blob/3f2a91c/")
    assert "](https://git.example/shop/blob/3f2a91c/a.py)" in render(
        one("a.py"), "markdown", setting
    )


@pytest.mark.parametrize(
    ("run", "strict", "title"),
    [
        (clean(), False, "✅ Architecture decisions are kept"),
        (everything(), False, "❌ Architecture decisions are violated"),
        (Verdicts(()), False, "⚠️ No architecture decision was checked"),
    ],
    ids=["clean", "violated", "empty"],
)
def test_the_title_says_how_it_ended(run: Verdicts, strict: bool, title: str) -> None:
    first, second, *_ = render(run, "markdown", Setting(strict=strict)).split("\n")
    assert (first, second) == (MARKER, f"### {title}")


def test_a_warning_does_not_read_as_a_failure_unless_the_run_is_strict() -> None:
    run = one("a.py", sentence="- [gone] Files in `shop/**` SHOULD NOT exist.")
    assert "### ⚠️ Architecture decisions are kept, with warnings" in render(run, "markdown")
    assert "### ❌" in render(run, "markdown", Setting(strict=True))


@pytest.mark.parametrize(
    "run", [many(3_000, 400), many(60, 50, 200), many(2, 2, 3_000)], ids=["one", "some", "all"]
)
def test_a_comment_is_no_longer_than_github_takes_and_says_what_is_missing(run: Verdicts) -> None:
    text = render(run, "markdown")
    assert len(text.encode("utf-16-le")) // 2 <= MOST_CHARACTERS
    page = Page(text)
    assert page.tags <= ALLOWED
    assert "more" in page.text or "left out" in page.text
    assert text.count("<details>") == text.count("</details>")


def test_names_of_any_length_leave_the_summary_in_place() -> None:
    text = render(one("d/" * 40_000 + "a.py", "x" * 70_000, Place(1, 1, 1, 2)), "markdown")
    assert len(text) <= MOST_CHARACTERS
    assert "1 violated" in text
    assert "left out" in text


@pytest.mark.parametrize("path", HOSTILE)
def test_no_name_is_markup(path: str) -> None:
    run = one(path, f"holds `{path}` and {path}", Place(1, 1, 1, 2))
    text = render(run, "markdown")
    text.encode()
    page = Page(text)
    assert page.tags <= ALLOWED
    assert set(page.rows) == {4}
    targets = {"a": 0, "adr": 0}
    for url, label in page.links:
        if url.startswith("docs/adr/"):
            targets["adr"] += 1
            continue
        targets["a"] += 1
        assert unquote(url.removesuffix("#L1"), errors="surrogateescape") == path
        assert " ".join(label.split()) == " ".join(f"{safe(path)}:1".split())
    assert targets == {"a": 2, "adr": 2}


@pytest.mark.parametrize(
    "detail", ["# one", "- two", "3. three", "> four", "    five", "+ six", "==="]
)
def test_a_text_is_never_a_block_of_its_own(detail: str) -> None:
    page = Page(render(one(None, detail), "markdown"))
    assert page.tags <= ALLOWED - {"ol", "hr", "pre"}
    assert page.text.count(detail.strip()) == 1
    assert page.text.count("\n\n\n") == Page(render(one(None, "x"), "markdown")).text.count(
        "\n\n\n"
    )


@pytest.mark.parametrize("name", ["@dba", "#12", "GH-12", "a@b", "o/r#12"])
def test_nobody_is_called_by_a_sentence(name: str) -> None:
    """GitHub makes links of names and numbers, and tells people, unless something parts them."""
    run = one("a.py", f"asks {name} of us", sentence="- [gone] Files in `a` MUST NOT exist.")
    assert name not in render(run, "markdown")
    assert f"asks {name} of us" in Page(render(run, "markdown")).text
