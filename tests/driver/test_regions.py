"""Regions: what people write around one stays byte for byte, and broken marks are told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bylaw.regions import (
    BrokenRegionError,
    find,
    handwritten,
    may_hold,
    remove,
    same,
    splice,
    stamp,
    stamped,
)

PATHS = st.sampled_from(["AGENTS.md", "web/AGENTS.md", ".github/CODEOWNERS", "notes.txt"])
TEXTS = st.binary(max_size=40) | st.lists(
    st.sampled_from([b"a", b"\n", b"\r\n", b"\r", b"\xef\xbb\xbf", b"#", b"<!--", b"-->", b"```"]),
    max_size=8,
).map(b"".join)
CONTENTS = st.lists(st.sampled_from([b"x\n", b"\n", b"- y\n", b"z -->\n"]), max_size=4).map(
    b"".join
)


@given(PATHS, TEXTS, CONTENTS, CONTENTS)
def test_what_people_write_stays_byte_for_byte(
    path: str, text: bytes, content: bytes, other: bytes
) -> None:
    once = splice(path, text, content)
    assert remove(once) == text
    assert splice(path, once, content) == once
    region = find(once)
    assert region is not None
    assert region.is_true(path)
    assert region.content == content
    assert remove(splice(path, once + b"behind", other)) == text + b"behind"


@given(PATHS, TEXTS, CONTENTS)
def test_a_checkout_with_other_line_ends_is_the_same(
    path: str, text: bytes, content: bytes
) -> None:
    once = splice(path, text.replace(b"\r", b""), content)
    there = once.replace(b"\n", b"\r\n")
    region = find(there)
    assert region is not None
    assert region.is_true(path)
    assert region.content == content
    assert same(there, once)


BEGIN = splice("AGENTS.md", None, b"x\n").split(b"\n")[0]
END = b"<!-- bylaw:end -->"


@pytest.mark.parametrize(
    ("lines", "said", "line"),
    [
        ([BEGIN, b"x"], "a region begins and does not end", 0),
        ([END], "an end mark stands before any begin mark", 0),
        ([END, BEGIN], "an end mark stands before any begin mark", 0),
        ([BEGIN, b"x", BEGIN, END, END], "a region begins inside another one", 2),
        ([BEGIN, END, b"mine", BEGIN, END], "a second region begins in one file", 3),
        ([BEGIN, END, END], "a second end mark stands in one file", 2),
        ([b"<!-- bylaw:begin -->", END], "a begin mark has lost its digest", 0),
        ([b"<!-- bylaw:begin 0123 Written -->", END], "a begin mark has lost its digest", 0),
    ],
)
def test_marks_that_are_no_region_are_told(lines: list[bytes], said: str, line: int) -> None:
    text = b"\n".join([b"# Mine", *lines, b""])
    with pytest.raises(BrokenRegionError) as error:
        find(text)
    assert error.value.message == said
    assert text.count(b"\n", 0, error.value.start) == line + 1
    assert text[error.value.start : error.value.end] in lines


@pytest.mark.parametrize(
    "text",
    [b"see `<!-- bylaw:begin -->` here\n", b"bylaw:begin\n", b"<!-- bylaw:beginning -->\n"],
)
def test_words_about_marks_are_no_marks(text: bytes) -> None:
    assert find(text) is None


def test_a_region_that_was_edited_or_copied_is_not_a_builds() -> None:
    made = splice("AGENTS.md", b"# Mine\n", b"- one\n")
    edited = made.replace(b"- one", b"- two")
    for path, data in (("AGENTS.md", edited), ("web/AGENTS.md", made)):
        region = find(data)
        assert region is not None
        assert not region.is_true(path)
        assert handwritten(path, data) == data
    assert handwritten("AGENTS.md", made) == b"# Mine\n"


def test_lines_behind_a_region_keep_their_numbers() -> None:
    made = splice("AGENTS.md", b"# Mine\n", b"TODO\nTODO\n") + b"TODO here\n"
    people = handwritten("AGENTS.md", made)
    assert people is not None
    assert people.count(b"TODO") == 1
    assert people.count(b"\n") == made.count(b"\n")
    assert people.split(b"\n")[5] == b"TODO here"


def test_a_mark_hides_nothing_where_no_artifact_goes() -> None:
    """Or an agent could put code between marks to keep it from being judged."""
    code = splice("src/shop/order.py", b"", b"import sqlalchemy\n")
    assert not may_hold("src/shop/order.py")
    assert handwritten("src/shop/order.py", code) == code
    assert handwritten("src/bylaw.mdc", stamp("src/bylaw.mdc", b"x\n")) is not None


@pytest.mark.parametrize(
    "path",
    [".github/workflows/bylaw.yml", ".github/workflows/bylaw-x.yaml", ".cursor/rules/bylaw.py"],
)
def test_a_mark_hides_nothing_that_a_machine_runs(path: str) -> None:
    """Anyone can compute a digest."""
    forged = stamp(path, b"on: pull_request_target\n")
    assert stamped(path, forged)
    assert handwritten(path, forged) == forged


def test_a_file_of_ours_is_told_from_an_edited_and_a_foreign_one() -> None:
    path = ".cursor/rules/bylaw.mdc"
    made = stamp(path, b"---\nalwaysApply: true\n---\nx\n")
    assert made.startswith(b"---\n")
    assert stamped(path, made)
    assert stamped(path, made.replace(b"\n", b"\r\n"))
    assert stamped(path, made + b"more\n") is False
    assert stamped(path, made.replace(b"x\n", b"y\n")) is False
    assert stamped(path, b"# Mine\n") is None
    assert handwritten(path, made) is None
    assert handwritten(path, made + b"more\n") == made + b"more\n"
