"""The block parse: headings, sections and front matter, each on its own line."""

import pytest

from bylaw.adr.inline_text import plain_text
from bylaw.adr.markdown import FrontMatter, parse_blocks
from bylaw.source import Source


def headings(text: str) -> list[tuple[int, int, str]]:
    document = parse_blocks(Source("a.md", text.encode()))
    return [(h.level, h.line, h.text) for h in document.headings]


def test_atx_and_setext_headings_are_sections() -> None:
    assert headings("# A #\n\nB\n===\n\nC\n---\n\n### D\n") == [
        (1, 0, "A"),
        (1, 2, "B"),
        (2, 5, "C"),
        (3, 8, "D"),
    ]


def test_headings_in_lists_quotes_and_fences_are_none() -> None:
    assert headings("- # A\n\n> # B\n\n```\n# C\n```\n\n# D\n") == [(1, 8, "D")]


def test_a_section_ends_at_the_next_heading_of_its_level_or_above() -> None:
    document = parse_blocks(Source("a.md", b"# A\n\n## B\n\nx\n\n### C\n\n## D\n\n# E\n"))
    a, b, c, d, e = document.headings
    assert (a.end, b.end, c.end, d.end) == (e.index, d.index, d.index, e.index)
    assert e.end == len(document.tokens)
    assert document.ancestors(c) == [a, b]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_those_of_the_file_behind_front_matter(newline: str) -> None:
    text = newline.join(["---", "status: accepted", "---", "", "# A", "", "- b", ""])
    source = Source("a.md", text.encode())
    document = parse_blocks(source)
    assert document.front_matter == FrontMatter("status: accepted", 1, 2)
    for token in document.tokens:
        if token.type == "inline":
            assert token.map is not None
            assert token.content in source.lines[token.map[0]]


def test_a_byte_order_mark_hides_neither_front_matter_nor_title() -> None:
    document = parse_blocks(Source("a.md", b"\xef\xbb\xbf---\na: b\n---\n# A\n"))
    assert document.front_matter is not None
    assert document.headings[0].line == 3


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nTwo thematic breaks hold no key.\n\n---\n# A\n",
        "---\na: never closed\n",
        "\n---\na: not first\n---\n",
        "----\na: four\n----\n",
    ],
)
def test_what_only_looks_like_front_matter_is_body(text: str) -> None:
    assert parse_blocks(Source("a.md", text.encode())).front_matter is None


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain", "plain"),
        ("**bold** and _slanted_ snake_case", "bold and slanted snake_case"),
        ("[a `b`](c.md) ![d](e.png)", "a b d"),
        ("`a*b` and ``c`d``", "a*b and ``c`d``"),
        ("`x [y](z)`", "x [y](z)"),
        (r"5\. \* kept \[x\]", "5. * kept [x]"),
        ("a <!-- b --> c <br> d", "a c d"),
        ("Tom &amp; Jerry\u00a0x", "Tom & Jerry x"),
        ("Title {#anchor}", "Title"),
        ("2 * 3 * 4", "2 * 3 * 4"),
    ],
)
def test_plain_text_keeps_the_words(markup: str, text: str) -> None:
    assert plain_text(markup) == text
