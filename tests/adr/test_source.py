"""Positions are exact: the bytes a span names are the text that was read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bylaw.adr.markdown import parse_blocks
from bylaw.source import BOM, Source

PIECES = [
    "a",
    " ",
    "\t",
    "é",
    "e\u0301",
    "\u00a0",
    "漢",
    "🜁",
    "👩\u200d🚀",
    "\u2028",
    "\x85",
    "\ufeff",
    "\0",
    "\n",
    "\r",
    "\r\n",
    "- ",
    "# ",
    "`",
]
texts = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def normal(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


@given(texts, st.booleans(), st.data())
def test_the_bytes_of_a_span_are_its_text(text: str, bom: bool, data: st.DataObject) -> None:
    # A mark of its own at the start would be the file's, not the text's.
    text = text.lstrip("\ufeff")
    source = Source("a.md", (BOM if bom else b"") + text.encode())
    assert source.text == normal(text)
    assert source.lines == normal(text).split("\n")
    places = [
        (line, column)
        for line, words in enumerate(source.lines)
        for column in range(len(words) + 1)
    ]
    start = data.draw(st.sampled_from(places))
    end = data.draw(st.sampled_from([place for place in places if place >= start]))
    span = source.span(*start, *end)
    flat = [
        sum(len(words) + 1 for words in source.lines[:line]) + column
        for line, column in (start, end)
    ]
    taken = source.data[span.offset : span.end_offset].decode()
    assert normal(taken) == source.text[flat[0] : flat[1]]
    assert (span.line, span.column) == (start[0] + 1, start[1] + 1)
    assert (span.end_line, span.end_column) == (end[0] + 1, end[1] + 1)


@given(st.binary(max_size=60), st.data())
def test_undecodable_bytes_keep_their_places(raw: bytes, data: st.DataObject) -> None:
    raw = raw.removeprefix(BOM)
    source = Source("a.md", raw)
    line = data.draw(st.integers(0, len(source.lines) - 1))
    span = source.span(line, 0, line, len(source.lines[line]))
    taken = raw[span.offset : span.end_offset].decode("utf-8", "surrogateescape")
    assert normal(taken) == source.lines[line]


@given(texts)
def test_the_lines_of_a_block_hold_its_text(text: str) -> None:
    source = Source("a.md", text.encode())
    for token in parse_blocks(source).tokens:
        if token.type != "inline" or token.map is None:
            continue
        # markdown-it drops a paragraph's leading lines of no-break spaces, so search in order.
        lines = iter(source.lines[slice(*token.map)])
        for words in token.content.split("\n"):
            assert any(words.strip() in line for line in lines)


@pytest.mark.parametrize(
    ("data", "line", "column", "offset"),
    [
        (b"a\r\nb", 1, 0, 3),
        (b"a\rb", 1, 0, 2),
        (b"a\n\rb", 2, 0, 3),
        (BOM + b"# x", 0, 2, 5),
        ("\tü x".encode(), 0, 3, 4),
        ("🜁x".encode(), 0, 1, 4),
        (b"a\0\0b", 0, 3, 3),
        (b"a\0\r\n\0b", 1, 1, 5),
        ("e\u0301x".encode(), 0, 2, 3),
        ("\u00a0x".encode(), 0, 1, 2),
    ],
)
def test_an_offset_counts_bytes_on_disk(data: bytes, line: int, column: int, offset: int) -> None:
    assert Source("a.md", data).offset(line, column) == offset


def test_the_first_byte_that_is_not_utf8_is_named() -> None:
    assert Source("a.md", b"ab\xe9c").undecodable == 2
    assert Source("a.md", "abé".encode()).undecodable is None


def test_a_lines_span_leaves_its_indentation_and_trailing_space_out() -> None:
    span = Source("a.md", b"x\n  - a b \t\n").line_span(1)
    assert (span.column, span.end_column, span.offset, span.end_offset) == (3, 8, 4, 9)
