"""What a diagnostic looks like to the person who has to act on it."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bylaw.diagnostics import Code, Label, Report, Severity, Span
from bylaw.render.characters import cells, expand, safe
from bylaw.render.text import MOST_SHOWN, Style, abridged, summary, text
from bylaw.source import Source

ERROR = Code("BL201", "duplicate-id", Severity.ERROR)
WARNING = Code("BL302", "empty-scope", Severity.WARNING)

SENTENCE = "- [no-orm] Modules in `shop.domain` MUST NOT import `sqlalchemy`."


def source(*lines: str, path: str = "docs/adr/0007-domain.md", end: str = "\n") -> Source:
    return Source(path, end.join(lines).encode("utf-8", "surrogateescape"))


def place(src: Source, needle: str, line: int = 0) -> Span:
    start = src.lines[line].index(needle)
    return src.span(line, start, line, start + len(needle))


def show(report: Report, *sources: Source, **style: Any) -> str:
    files = {src.path: src for src in sources}
    return "\n".join(text(report, files.get, Style(**style)))


def caret_text(shown: str, mark: str = "^") -> str:
    """Return what stands above the carets of the only marked line."""
    rows = shown.split("\n")
    at = next(i for i, row in enumerate(rows) if re.match(rf"\s*\| +\{mark}", row))
    rule = re.search(rf"\{mark}+", rows[at])
    assert rule is not None
    above = rows[at - 1]
    starts = [cells(above[:index]) for index in range(len(above))]
    return "".join(
        character
        for character, start in zip(above, starts, strict=True)
        if rule.start() <= start < rule.end()
    )


def test_the_form_of_the_design(snapshot: SnapshotAssertion) -> None:
    src = source(*[""] * 30, SENTENCE)
    report = Report()
    report.add(
        ERROR,
        "duplicate constraint id `no-orm`",
        place(src, "no-orm", 30),
        note="also used at docs/adr/0003-layers.md:18:4",
        help="rename one of them; ids appear in emitted rules and in waivers",
    )
    assert show(report, src) == snapshot


def test_labels_stand_in_their_own_file_and_in_the_same_one(snapshot: SnapshotAssertion) -> None:
    src = source(SENTENCE, "prose", "prose", SENTENCE)
    other = source("a", SENTENCE, path="docs/adr/0003-layers.md")
    report = Report()
    report.add(
        ERROR,
        "three of a name",
        place(src, "no-orm"),
        note="here",
        labels=[
            Label(place(src, "MUST NOT"), "on the same line"),
            Label(place(src, "no-orm", 3), "further down"),
            Label(place(other, "no-orm", 1), "elsewhere"),
        ],
    )
    assert show(report, src, other) == snapshot


def test_a_place_of_several_lines_is_marked_on_each(snapshot: SnapshotAssertion) -> None:
    src = source("- first", "  second", "", "  third", "after")
    report = Report()
    report.add(WARNING, "long item", src.span(0, 0, 3, 7), note="all of it")
    assert show(report, src) == snapshot


def test_a_place_of_many_lines_is_shown_by_its_ends(snapshot: SnapshotAssertion) -> None:
    src = source(*[f"line {number}" for number in range(1, 41)])
    report = Report()
    report.add(WARNING, "long section", src.span(2, 0, 38, 0))
    assert show(report, src) == snapshot


def test_colours_are_only_an_addition() -> None:
    src = source(SENTENCE)
    report = Report()
    report.add(ERROR, "x", place(src, "no-orm"), note="n", help="h")
    coloured = show(report, src, colour=True)
    assert "\x1b[1;31m" in coloured
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == show(report, src)


@pytest.mark.parametrize(
    "before",
    [
        "",
        "\t",
        "日本語 ",
        "a\tb\t",
        "é",
        "e\u0301 ",
        "👩‍🚀 ",
        "🇩🇪",
        "\x1b[2J",
        "\u202e",
        "\x00",
        "ﷺ ",
    ],
)
def test_the_caret_stands_under_its_token_whatever_comes_before(before: str) -> None:
    src = source(before + "TOKEN after")
    report = Report()
    report.add(ERROR, "x", place(src, "TOKEN"))
    assert caret_text(show(report, src)) == "TOKEN"


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("before", [0, 10, 60, 500, 1_000_000])
def test_a_long_line_is_trimmed_around_the_caret(width: int, before: int) -> None:
    src = source("x" * before + "TOKEN" + "y" * 1000)
    report = Report()
    report.add(ERROR, "x", place(src, "TOKEN"), note="n")
    shown = show(report, src, width=width)
    assert caret_text(shown) == "TOKEN"
    assert max(cells(row) for row in shown.split("\n")) <= width


def test_an_empty_place_gets_one_caret() -> None:
    src = source("abc")
    report = Report()
    report.add(ERROR, "x", src.span(0, 3, 0, 3))
    assert "\n  |    ^" in show(report, src)


def test_nothing_of_a_file_reaches_the_terminal_as_a_command() -> None:
    src = source("TOKEN \x1b]0;title\x07 \u202e \u2066 \u200b \ufeff \udcff \x9b31m")
    report = Report()
    report.add(ERROR, "bad `\x1b[31m` \u202e\n second", place(src, "TOKEN"), help="do\x07 this")
    shown = show(report, src)
    assert all(c == "\n" or (c.isprintable() and ord(c) != 0x202E) for c in shown)
    assert "<U+202E>" in shown
    assert "␛" in shown


def test_emoji_and_combining_letters_are_left_alone() -> None:
    assert safe("👩‍🚀 é नमस्ते") == "👩‍🚀 é नमस्ते"
    assert safe("shop\u200d.domain") == "shop<U+200D>.domain"


@given(st.text(max_size=60))
def test_what_is_shown_is_safe_and_stays_so(value: str) -> None:
    shown = expand(value.replace("\n", " "))
    assert expand(shown) == shown
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


@given(st.text(max_size=30), st.text(min_size=1, max_size=8), st.integers(30, 120))
def test_any_place_in_any_text_can_be_shown(before: str, token: str, width: int) -> None:
    src = Source("a.md", (before + token).encode("utf-8", "replace"))
    line = len(src.lines) - 1
    end = len(src.lines[line])
    report = Report()
    report.add(ERROR, "x", src.span(line, max(0, end - 1), line, end), note="n")
    assert "^" in show(report, src, width=width)


def test_a_file_that_is_gone_leaves_the_place_and_the_note() -> None:
    src = source(SENTENCE)
    report = Report()
    report.add(ERROR, "x", place(src, "no-orm"), note="n")
    assert show(report).split("\n")[1:3] == [" --> docs/adr/0007-domain.md:1:4", "  = n"]


def test_of_very_many_the_errors_are_shown_and_the_others_counted() -> None:
    src = source(SENTENCE)
    report = Report()
    for number in range(MOST_SHOWN):
        report.add(WARNING, f"a {number}", place(src, "no-orm"))
    assert abridged(report) == (list(report), None)
    report.add(ERROR, "z", place(src, "no-orm"))
    shown, rest = abridged(report)
    assert len(shown) == MOST_SHOWN
    assert [each.code for each in shown].count("BL201") == 1
    assert rest == "and 1 more: 1 of BL302"


def test_the_summary_counts_what_there_is() -> None:
    src = source(SENTENCE)
    report = Report()
    assert summary(report, 41) == "no errors in 41 ADRs"
    report.add(WARNING, "a", place(src, "no-orm"))
    assert summary(report, 1) == "0 errors, 1 warning in 1 ADR"
    for message in "bcd":
        report.add(ERROR, message, place(src, "no-orm"))
    report.add(WARNING, "e")
    assert summary(report, 1041) == "3 errors, 2 warnings in 1,041 ADRs"
