"""Titles, dates, people and front matter."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bylaw.adr.metadata import split_title
from bylaw.ir import Decision
from tests.adr.reading import DECISION, read


@pytest.mark.parametrize(
    ("heading", "number", "title"),
    [
        ("1. Use ropes", "1", "Use ropes"),
        ("0007 - Use ropes", "0007", "Use ropes"),
        ("ADR-007: Use ropes", "007", "Use ropes"),
        ("ADR 7 — Use ropes", "7", "Use ropes"),
        ("ADR7 Use ropes", "7", "Use ropes"),
        ("[0010]. [Use ropes]", "0010", "Use ropes"),
        ("[ADR-3] Use ropes", "3", "Use ropes"),
        ("HULL-012: Use ropes", "012", "Use ropes"),
        ("n. Use ropes", "n", "Use ropes"),
        ("ADR-nnn: Use ropes", "nnn", "Use ropes"),
        ("Architecture Decision Record: Use ropes", None, "Use ropes"),
        ("Decision record for ropes", None, "Decision record for ropes"),
        ("Use ropes", None, "Use ropes"),
        ("2026 plans", None, "2026 plans"),
        ("3 tiers of sails", None, "3 tiers of sails"),
        ("Name: ropes", None, "Name: ropes"),
        ("1.", None, "1."),
    ],
)
def test_a_heading_is_a_number_and_a_title(heading: str, number: str | None, title: str) -> None:
    assert split_title(heading) == (number, title)


@given(st.text(max_size=50))
def test_a_title_is_never_lost(heading: str) -> None:
    _, title = split_title(heading)
    assert bool(title) == bool(heading.strip()) or heading.strip() == "[]"


@pytest.mark.parametrize(
    ("text", "title", "path"),
    [
        ("# `ropes` & *tar*\n", "ropes & tar", "0001-a.md"),
        ("---\ntitle: |\n  17. Use ropes\n---\n\n## Context\n\nx\n", "Use ropes", "0017-a.md"),
        ("---\ntitle: Other\n---\n# Ropes\n", "Ropes", "0001-a.md"),
        ("#46. Use ropes\n", "Use ropes", "0046-a.md"),
        ("# 23 Ropes\n", "Ropes", "0023-a.md"),
        ("# 23 Ropes\n", "23 Ropes", "0024-a.md"),
        ("Use ropes\n=========\n", "Use ropes", "0001-a.md"),
        ("# Ropes <!-- replace -->\n", "Ropes", "0001-a.md"),
        ("## Context\n\nx\n", "0001-a", "0001-a.md"),
    ],
)
def test_the_title_comes_from_the_heading_the_front_matter_or_the_name(
    text: str, title: str, path: str
) -> None:
    found = read(f"{text}\n## Status\n\nAccepted\n{DECISION}", f"docs/adr/{path}")
    assert found.metadata.title == title
    assert ("BL071" in found.codes) is (title == "0001-a")


@pytest.mark.parametrize("words", ["Proposed", "Accepted", "Owners", "Depends on"])
def test_a_numbered_title_may_be_a_word_that_names_a_field(words: str) -> None:
    found = read(f"# 10. {words}\n\n- Status: accepted\n{DECISION}", "docs/adr/0010-a.md")
    assert (found.metadata.title, found.meaning) == (words, "in-force")
    assert found.codes == []


def test_a_numbered_section_beside_others_is_no_title() -> None:
    found = read("# 1. Accepted\n\n2024-01-02\n\n# 2. Decision\n\nWe moor.\n", "docs/adr/0010-a.md")
    assert found.metadata.title == "0010-a"
    assert [event.event for event in found.metadata.dates] == ["accepted"]


def test_the_title_s_place_is_its_words() -> None:
    found = read(f"# 1. Øl og 🜁 ##\n\n## Status\n\nAccepted\n{DECISION}")
    span = found.metadata.title_span
    assert span is not None
    assert found.source.data[span.offset : span.end_offset].decode() == "1. Øl og 🜁"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-05-01", "2026-05-01"),
        ("2026/5/1", "2026-05-01"),
        ("20260501", "2026-05-01"),
        ("1 May 2026", "2026-05-01"),
        ("1st of", None),
        ("16-Jan-2020", "2020-01-16"),
        ("May 1st, 2026", "2026-05-01"),
        ("Sept 9, 2026", "2026-09-09"),
        ("17/04/2026", "2026-04-17"),
        ("04/17/2026", "2026-04-17"),
        ("17.4.26", "2026-04-17"),
        ("05/05/2026", "2026-05-05"),
        ("`17/04/2026` _when it was updated_", "2026-04-17"),
        ("2026-05-01, updated 2026-06-01", "2026-05-01"),
        ("04/07/2026", None),
        ("May 2026", None),
        ("2026-05", None),
        ("some day", None),
    ],
)
def test_a_date_is_read_in_its_usual_forms_or_not_at_all(written: str, day: str | None) -> None:
    found = read(f"# A\n\nDate: {written}\n\n## Status\n\nAccepted\n{DECISION}")
    assert [d.day.isoformat() for d in found.metadata.dates] == ([day] if day else [])
    assert ("BL069" in found.codes) is (day is None)


@pytest.mark.parametrize("written", ["2026-02-30", "2026-13-01", "31/04/2026", "0000-01-01"])
def test_an_impossible_date_is_reported_and_left_out(written: str) -> None:
    found = read(f"# A\n\n* Date: {written}\n\n## Status\n\nAccepted\n{DECISION}")
    assert found.metadata.dates == ()
    assert found.pointed("BL068") == written


def test_each_event_keeps_its_name_and_place() -> None:
    found = read(
        "---\ncreated: 2026-01-02\n---\n# A\n\n- **Last Modified:** 2026-03-04\n\n"
        f"## Status\n\nAccepted — 2026-05-06 · Updated — 2026-05-07\n{DECISION}"
    )
    events = {d.event: d for d in found.metadata.dates}
    assert {event: d.day.isoformat() for event, d in events.items()} == {
        "created": "2026-01-02",
        "last-modified": "2026-03-04",
        "accepted": "2026-05-06",
    }
    for dated in events.values():
        place = found.source.data[dated.span.offset : dated.span.end_offset].decode()
        assert place == dated.day.isoformat()


@pytest.mark.parametrize(
    ("text", "people"),
    [
        (
            "* Deciders: Ada, Grace and Barbara\n",
            ["deciders:Ada", "deciders:Grace", "deciders:Barbara"],
        ),
        ("---\nauthor:\n  - Ada L\n  - Grace\n---\n", ["author:Ada L", "author:Grace"]),
        ("---\ncontact: { Ada L }\n---\n", ["contact:Ada L"]),
        ("---\nconsulted: {}\ninformed:\n---\n", []),
        ("| Authors | [Ada](@ada), [Grace](@grace) |\n|-|-|\n", ["authors:Ada", "authors:Grace"]),
        ("* Decision-makers: N/A\n", []),
        ("* Decision Maker(s): Ada\n", ["decision-makers:Ada"]),
        ("## Submitters\n\n- Ada\n- Grace\n\n", ["submitters:Ada", "submitters:Grace"]),
        ("* Deciders: {list everyone involved}\n", []),
    ],
)
def test_people_are_named_with_their_roles(text: str, people: list[str]) -> None:
    front, _, body = text.rpartition("---\n")
    found = read(
        f"{front}{'---' if front else ''}\n# A\n\n{body}\n## Status\n\nAccepted\n{DECISION}"
    )
    assert [f"{p.role}:{p.name}" for p in found.metadata.people] == people


def test_the_metadata_are_fields_of_the_decision_node() -> None:
    found = read(f"# 1. A\n\n## Status\n\nAccepted\n{DECISION}")
    node = Decision(path="a.md", digest="0", **found.metadata.fields())
    assert (node.title, node.number, node.status.meaning) == ("A", 1, "in-force")


def test_an_alias_in_front_matter_is_neither_followed_nor_expanded() -> None:
    names = "abcdefghijkl"
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n" for before, name in pairwise(names)
    )
    found = read(f"---\n{bomb}status: *l\n---\n# A\n{DECISION}")
    assert "BL067" in found.codes
    assert found.meaning == "unclear"
    assert found.pointed("BL062") == "*l"


@pytest.mark.parametrize(
    ("yaml", "line"),
    [
        ("a: [b\nc: d", 2),
        ("a: b: c", 2),
        ("a: b\nstatus: `x`", 3),
        ('a: "never closed', 2),
        ("a: \x07", 2),
        ("a: " + "[" * 3_000, 1),
        ("a: " + "x" * 70_000, 1),
    ],
)
def test_a_fault_in_front_matter_has_a_line(yaml: str, line: int) -> None:
    diagnostic = read(f"---\n{yaml}\n---\n# A\n{DECISION}").diagnostic("BL066")
    assert diagnostic.span is not None
    assert line <= diagnostic.span.line <= line + yaml.count("\n") + 1


def test_yaml_s_own_line_ends_do_not_shift_the_lines() -> None:
    found = read(f"---\na: x\u2028y\x85z\nstatus: nobody knows\n---\n# A\n{DECISION}")
    assert found.pointed("BL060") == "nobody knows"
    span = found.diagnostic("BL060").span
    assert span is not None
    assert span.line == 3
