"""What an ADR looks like on a page, and what nobody can smuggle into one."""

import re
import time
from pathlib import Path

import pytest

from bylaw.preview.become import become
from bylaw.preview.markdown import MOST_CHARACTERS, adr_html
from bylaw.preview.model import Preview
from bylaw.preview.workspace import Workspace
from bylaw.program import Header, Row
from bylaw.source import Source
from tests.adr.test_hostile_files import FILES
from tests.preview.site.reading import Fixed, Page, parse
from tests.test_hostile import hostile

TAGS = re.compile(
    "h[1-6]|p|ul|ol|li|blockquote|pre|code|hr|br|table|thead|tbody|tr|th|td|em|strong|s|a|span|div"
    "|figure|figcaption"
)
ATTRIBUTES = re.compile(
    "id|class|href|rel|title|start|scope|tabindex|data-(?:key|about|state|line|verdict)"
)
ADDRESS = re.compile("#|/decisions/|/constraints/|https?://|mailto:")


def header(path: str) -> Header | None:
    """Find one decision, and no other."""
    if path != "docs/adr/0003-other.md":
        return None
    row = Row("no-orm", "import", ())
    return Header(path, "0003-other", 3, "Other", "in-force", None, (), (row,), (), False, (), ())


def shown(text: str | bytes, path: str = "docs/adr/0001-a.md") -> Page:
    """Return a text as a page shows it."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return parse(
        str(adr_html(Preview(path, Source(path, data).text, None, "decision"), Fixed(), header))
    )


def assert_tame(page: Page) -> None:
    """Fail where an element, an attribute or an address is none that we write."""
    assert not page.faults
    for element in page.elements:
        assert TAGS.fullmatch(element.tag), element
        assert all(map(ATTRIBUTES.fullmatch, element.attributes)), element
        assert ADDRESS.match(element.attributes.get("href", "#")), element


INJECTED = """# <script>alert(1)</script>

<script>alert(2)</script>

<img src=x onerror=alert(3)> and <svg/onload=alert(4)>, `<b onclick=alert(5)>`

<!-- gone --> <iframe src="https://evil.example"></iframe>

[a](javascript:alert(6)) [b](JaVaScRiPt:alert(7)) [c](&#106;avascript:alert(8))
[d](data:text/html,<script>alert(9)</script>) [e](vbscript:x) [f](//evil.example/x)
[g](https://evil.example/"onmouseover="alert(10)) [h](\\\\evil.example\\x) [i](file:///etc/passwd)
[j](<java\tscript:alert(1)>) [k](blob:x) [l](x" onclick="alert(1))
![m](https://evil.example/pixel.png) ![n](data:image/svg+xml;base64,PHN2Zz4=) ![" onerror=x](y.png)
<javascript:alert(11)> <https://ok.example/>

[ref]

[ref]: javascript:alert(12)

```"><script>alert(13)</script>
</code></pre><script>alert(14)</script>
```

```python violates path="><script>alert(15)</script>
x
```

| <script>alert(16)</script> | b |
| :-- | --: |
| </td></table><script>alert(17)</script> | `</code><script>` |

&lt;script&gt;alert(18)&lt;/script&gt; &#60;script&#62; \\<script>

<style>*{display:none}</style><base href=https://evil.example><meta http-equiv=refresh content=0>
"""


def test_no_tag_or_attribute_of_an_author_gets_into_the_page() -> None:
    front = '---\n"<script>": \'"><script>alert(0)</script>\'\nstatus: <img src=x>\n---\n'
    for text in (INJECTED, front + INJECTED, "> " + INJECTED.replace("\n", "\n> ")):
        page = shown(text)
        assert_tame(page)
        assert "<script>alert(1)</script>" in page.text
        assert not [a for a in page.all("a") if "javascript" in a.attributes["href"].lower()]


@pytest.mark.parametrize("name", [name for name, _ in hostile()] + list(FILES))
def test_a_hostile_record_is_shown_tamely_and_soon(name: str) -> None:
    record = (dict(hostile()) | FILES)[name]
    started = time.process_time()
    page = shown(record)
    assert time.process_time() - started < 4
    assert_tame(page)
    assert sum(len(str(each.attributes)) for each in page.elements) < 4 * MOST_CHARACTERS
    assert len(page.text) < 2 * MOST_CHARACTERS


def test_an_address_repeated_without_end_does_not_blow_up_the_page() -> None:
    text = "[x]: http://e.example/" + "a" * 1_900 + "\n\n" + "[x][x]\n\n" * 50_000
    path = "docs/adr/0001-a.md"
    assert len(adr_html(Preview(path, text, None, "decision"), Fixed())) < 3 * MOST_CHARACTERS


def test_comments_vanish_and_other_html_is_read_as_text() -> None:
    page = shown("# A\n\n<!-- one -->\n\nx <!-- two --> y\n\n<!--\nthree\n\nfour -->\n\n<b>z</b>\n")
    assert "x  y" in page.text
    assert "<b>z</b>" in page.text
    for word in ("one", "two", "three", "four", "<!--"):
        assert word not in page.text


def test_links_lead_to_decisions_and_out_and_nowhere_else() -> None:
    page = shown(
        "# A\n\n## Context and more\n\n[other](0003-other.md) [rule](../adr/0003-other.md#no-orm) "
        "[part](0003-other.md#context) [root](/docs/adr/0003-other.md) [here](#context-and-more) "
        "[gone](#gone) [code](../../src/shop.py) [out](https://ok.example/?a=1&b=2) "
        "[up](../../../../../etc/passwd) ![plan](plan.png) ![far](https://ok.example/p.png)\n"
    )
    found = {each.text: each.attributes["href"] for each in page.all("a")}
    assert found == {
        "other": "/decisions/0003-other",
        "rule": "/decisions/0003-other#no-orm",
        "part": "/decisions/0003-other",
        "root": "/decisions/0003-other",
        "here": "#h_context-and-more",
        "out": "https://ok.example/?a=1&b=2",
        "image: far": "https://ok.example/p.png",
    }
    assert page.all("span", class_="path", title="src/shop.py")
    assert not page.all("img")


def test_what_hides_or_turns_text_is_spelt_out() -> None:
    page = shown("# A\n\npay \u202eelbatcepxe\u202c \u200bnow \x1b[2J `a\u2066b`\n")
    assert "<U+202E>" in page.text
    assert "<U+2066>" in page.text
    assert not set("\u202e\u202c\u200b\u2066\x1b") & set(page.text)


def test_front_matter_is_a_table_and_headings_have_anchors_of_their_own() -> None:
    page = shown(
        "---\nstatus: accepted\ndate: 2026-01-02\n---\n\n# A b\n\n## Options\n\n## Options\n"
    )
    rows = [each.text for each in page.elements if each.tag in {"th", "td"}]
    assert rows == ["status", "accepted", "date", "2026-01-02"]
    anchors = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
    assert anchors == ["h_a-b", "h_options", "h_options-1"]


def test_every_statement_of_the_sample_has_its_mark_on_its_own_list_item(sample: Path) -> None:
    workspace = Workspace(sample)
    for unit in workspace.on_disk.program.units:
        preview = become(workspace.on_disk, unit.header.path)
        assert preview is not None
        page = parse(str(adr_html(preview, Fixed())))
        assert_tame(page)
        items = [each for each in page.all("li") if "data-key" in each.attributes]
        assert [each.attributes["data-key"] for each in items] == [
            each.key for each in preview.statements
        ]
        lines = preview.text.split("\n")
        for item, view in zip(items, preview.statements, strict=True):
            assert item.attributes["data-state"] == view.state
            assert item.attributes["data-about"].split() == list(view.about)
            assert item.attributes["data-line"] == str(view.span.line)
            assert item.attributes["tabindex"] == "0"
            assert view.state in item.text
            start = lines[view.span.line - 1][view.span.column - 1 :][:20].split("`")[0]
            assert start in item.text
            identity = view.key.rpartition("/")[2] if "/" in view.key else f"L{view.span.line}"
            assert item.attributes["id"] == identity
        assert not page.all("ul", class_="unplaced")
        anchors = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
        assert len(anchors) == len(set(anchors))


def test_statements_far_down_in_an_endless_file_keep_their_anchors(tmp_path: Path) -> None:
    (tmp_path / "docs/adr").mkdir(parents=True)
    (tmp_path / "bylaw.toml").write_text('adrs = ["docs/adr"]\n', "utf-8")
    filler = "Word after word after word.\n\n" * 12_000
    path = "docs/adr/0001-long.md"
    (tmp_path / path).write_text(
        f"# Long\n\n## Status\n\nAccepted\n\n{filler}## Constraints\n\n"
        "- [no-orm] Files in `src/**` MUST NOT contain `orm`.\n",
        "utf-8",
    )
    preview = become(Workspace(tmp_path).on_disk, path)
    assert preview is not None
    page = parse(str(adr_html(preview, Fixed())))
    assert_tame(page)
    assert "lines of this file are not shown" in page.text
    assert page.all("ul", class_="unplaced")
    assert page.all("li", id="no-orm", data_line="24009")
