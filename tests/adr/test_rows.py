"""One test for each case that a robust front end must accept, numbered as in the design."""

import time

import pytest

from bylaw.adr.links import check_links
from bylaw.adr.markdown import parse_blocks
from bylaw.adr.resolution import resolve
from bylaw.config import Config
from bylaw.diagnostics import Report
from bylaw.source import Source
from tests.adr.reading import DECISION, Reading, read
from tests.adr.test_relations import Adr, adr


def test_01_a_status_section_counts_by_its_first_line_and_the_rest_relates() -> None:
    found = read(
        "# 1. Moor boats\n\n## Status\n\n<!-- one word -->\nAccepted\n\n"
        "Amends [2. Ropes](0002-ropes.md)\n" + DECISION
    )
    assert (found.meaning, found.metadata.status.raw) == ("in-force", "Accepted")
    assert found.metadata.status.place == "section"
    assert [(r.kind, r.raw) for r in found.metadata.relations] == [
        ("amends", "[2. Ropes](0002-ropes.md)")
    ]


@pytest.mark.parametrize(
    ("yaml", "raw", "meaning"),
    [
        ("accepted", "accepted", "in-force"),
        ("{proposed}", "{proposed}", "proposed"),
        ("{ in-progress }", "{ in-progress }", "proposed"),
        ("'Rejected' # by all", "Rejected", "retired"),
        ("superseded by [2](0002-x.md)", "superseded by [2](0002-x.md)", "retired"),
    ],
)
def test_02_front_matter_gives_the_status_even_as_a_mapping(
    yaml: str, raw: str, meaning: str
) -> None:
    found = read(f"---\nstatus: {yaml}\n---\n# Moor boats\n{DECISION}")
    status = found.metadata.status
    assert (status.raw, status.meaning, status.place) == (raw, meaning, "front matter")
    assert status.span is not None
    assert (status.span.line, status.span.column) == (2, 9)


def test_03_invalid_front_matter_is_reported_and_the_body_read() -> None:
    text = f"---\nauthor: @ada\n---\n# Moor boats\n\n## Status\n\nAccepted\n{DECISION}"
    found = read(text)
    assert found.diagnostic("BL066").span is not None
    assert found.pointed("BL066") == "author: @ada"
    assert found.meaning == "in-force"


def test_03_a_status_that_may_stand_in_broken_front_matter_is_not_replaced_by_the_default() -> None:
    config = Config(default_status="in-force")
    found = read(f"---\nstatus: rejected\nauthor: @ada\n---\n# Boats\n{DECISION}", config=config)
    assert found.meaning == "unclear"


FORMS = {
    "bullet": "* Status: {}\n* Date: 2026-01-02\n",
    "bold bullet": "- **Status:** {}\n- **Date:** 2026-01-02\n",
    "bold line": "**Status**: {}\\\n**Date**: 2026-01-02\n",
    "line": "Date: 2026-01-02\nStatus: {}\n",
    "attribute": ":status: {}\n:date: 2026-01-02\n",
    "table row": "| Field | Value |\n|---|---|\n| Status | {} |\n| Date | 2026-01-02 |\n",
    "table column": "| Date | Status | Owner |\n|---|---|---|\n| 2026-01-02 | {} | Ada |\n",
    "quoted table": "> | | |\n> |-|-|\n> | **Status** | `{}` |\n> | Date | 2026-01-02 |\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_04_each_form_of_metadata_says_the_same(form: str) -> None:
    found = read(f"# Moor boats\n\n{FORMS[form].format('Accepted')}{DECISION}")
    metadata = found.metadata
    assert (metadata.status.meaning, metadata.status.place) == ("in-force", form)
    assert metadata.status.span is not None
    span = metadata.status.span
    assert found.source.data[span.offset : span.end_offset].decode().strip("`") == "Accepted"
    assert [(d.event, d.day.isoformat()) for d in metadata.dates] == [("date", "2026-01-02")]


@pytest.mark.parametrize("default", ["in-force", "proposed", "retired", "none"])
def test_05_without_a_status_the_configured_default_applies_and_is_said(default: str) -> None:
    found = read(
        f"# Moor boats\n{DECISION}", config=Config.model_validate({"default-status": default})
    )
    assert (found.meaning, found.metadata.status.raw) == (default, None)
    assert f"`{default}`" in found.diagnostic("BL065").message


@pytest.mark.parametrize(
    ("raw", "meaning"),
    [
        ("✅ Accepted", "in-force"),
        (":white_check_mark: **Accepted**", "in-force"),
        ("Accepted (by silence) & implemented", "in-force"),
        ("Approved 2026-05-11 (vote of the crew)", "in-force"),
        ("🤔 Under review", "proposed"),
        ("❌ Rejected (see [9](0009-oars.md))", "retired"),
    ],
)
def test_06_an_emoji_or_a_qualifier_changes_nothing_and_is_kept(raw: str, meaning: str) -> None:
    found = read(f"# Moor boats\n\n## Status\n\n{raw}\n{DECISION}")
    assert (found.meaning, found.metadata.status.raw) == (meaning, raw)


def test_07_two_places_that_disagree_are_reported_with_both_and_decide_nothing() -> None:
    found = read(f"---\nstatus: accepted\n---\n# Boats\n\n## Status\n\nProposed\n{DECISION}")
    assert found.meaning == "unclear"
    diagnostic = found.diagnostic("BL061")
    assert found.pointed("BL061") == "accepted"
    (label,) = diagnostic.labels
    assert (label.span.line, label.message) == (8, "section: proposed")


def test_07_two_places_that_agree_in_meaning_are_fine() -> None:
    found = read(f"---\nstatus: approved\n---\n# Boats\n\n## Status\n\nAccepted.\n{DECISION}")
    assert found.meaning == "in-force"
    assert "BL061" not in found.codes


def test_08_a_successor_is_found_by_path_route_number_and_title() -> None:
    found = resolve(
        [
            adr("0001-a.md", superseded_by="[7. Ropes](0007-ropes.md)"),
            adr("0002-b.md", superseded_by="[7](/adr/7)"),
            adr("0003-c.md", superseded_by="[ropes](./0007-ropes)"),
            adr("0004-d.md", superseded_by="ADR-7"),
            adr("0005-e.md", superseded_by="Use ropes"),
            adr("0006-f.md", superseded_by="Something nobody wrote"),
            Adr("docs/adr/0007-ropes.md", "0007-ropes", 7, "Use ropes", ()),
        ]
    )
    targets = [found[f"docs/adr/000{n}-{'abcdef'[n - 1]}.md"][0].target for n in range(1, 7)]
    assert targets == ["docs/adr/0007-ropes.md"] * 5 + [None]


def test_08_a_partial_supersession_is_marked() -> None:
    found = read(
        f"# 1. Boats\n\n## Status\n\nAccepted\n\nSupersedes ADR-43 paint section\n{DECISION}"
    )
    assert [(r.kind, r.raw, r.partial) for r in found.metadata.relations] == [
        ("supersedes", "ADR-43", True)
    ]


@pytest.mark.parametrize(
    ("word", "meaning"), [("Rejected", "retired"), ("Deprecated", "retired"), ("Draft", "proposed")]
)
def test_09_a_retired_or_draft_record_is_read_like_any_other(word: str, meaning: str) -> None:
    found = read(f"# 4. Boats\n\n## Status\n\n{word}\n{DECISION}")
    assert (found.disposition, found.meaning, found.metadata.title) == (
        "decision",
        meaning,
        "Boats",
    )


def test_10_records_with_one_number_stay_two_by_their_paths() -> None:
    first = read(f"# 7. Oars\n\n## Status\n\nAccepted\n{DECISION}", "docs/adr/0007-oars.md")
    second = read(f"# 7. Sails\n\n## Status\n\nAccepted\n{DECISION}", "docs/adr/0007-sails.md")
    assert first.metadata.number == second.metadata.number == 7
    assert (first.metadata.id, second.metadata.id) == ("0007-oars", "0007-sails")
    third = adr("0009-x.md", superseded_by="ADR-7")
    found = resolve(
        [
            Adr("docs/adr/0007-oars.md", "0007-oars", 7, "Oars", ()),
            Adr("docs/adr/0007-sails.md", "0007-sails", 7, "Sails", ()),
            third,
        ]
    )
    assert found[third.path][0].target is None


def test_11_a_heading_with_another_number_is_a_warning_and_the_file_counts() -> None:
    found = read(f"# 12. Oars\n\n## Status\n\nAccepted\n{DECISION}", "docs/adr/0021-oars.md")
    assert found.metadata.number == 21
    assert found.pointed("BL070") == "12. Oars"


@pytest.mark.parametrize("name", ["README.md", "index.md", "Readme.md"])
def test_12_a_folder_names_the_record_in_its_readme(name: str) -> None:
    path = f"docs/adr/2026-05-01 use [ropes]/{name}"
    found = read(f"# Use ropes\n\n* Status: accepted\n{DECISION}", path)
    assert (found.disposition, found.metadata.id) == ("decision", "2026-05-01-use-ropes")


def test_13_a_record_about_templates_is_no_template() -> None:
    found = read(
        f"# 13. Adopt the invoice template\n\n## Status\n\nAccepted\n{DECISION}",
        "docs/adr/0013-adopt-the-invoice-template.md",
    )
    assert found.disposition == "decision"


@pytest.mark.parametrize(
    "text",
    [
        "# [short title of the problem]\n\n* Status: [proposed | accepted]\n* Date: [YYYY-MM-DD]\n",
        "# NUMBER. TITLE\n\nDate: YYYY-MM-DD\n\n## Status\n\nAccepted\n",
        "# ADR {ADR-NUMBER}: {TITLE}\n\n## Status\n\n> One of accepted or rejected, in one word.\n",
        "---\ntitle: [title]\nstatus: [proposed | accepted]\n---\n\n## Context\n\n[why]\n",
    ],
)
def test_13_a_template_is_one_whatever_its_name(text: str) -> None:
    found = read(text + "\n## Context\n\n## Decision\n", "docs/adr/0000-start-here.md")
    assert found.disposition == "template"


@pytest.mark.parametrize("ending", ["rst", "adoc", "asciidoc", "txt", "org"])
def test_14_another_format_is_listed_with_a_diagnostic(ending: str) -> None:
    found = read("Ropes\n=====\n", f"docs/adr/0014-ropes.{ending}")
    assert (found.disposition, found.codes) == ("other-format", ["BL003"])
    assert f"`.{ending}`" in found.diagnostic("BL003").message


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Decision", False),
        ("Decision Outcome", False),
        ("4. Our decision", False),
        ("Resolution", False),
        ("What we did", True),
    ],
)
def test_15_a_record_without_a_decision_heading_is_pointed_at(heading: str, said: bool) -> None:
    found = read(f"# Oars\n\n## Status\n\nAccepted\n\n## {heading}\n\nWe row.\n")
    assert found.disposition == "decision"
    assert ("BL072" in found.codes) is said


@pytest.mark.parametrize(
    "body",
    [
        "```yaml\nStatus: rejected\n```\n",
        "## Options\n\n### Rowing\n\n* Status: rejected\n\n### Status\n\nRejected by the crew\n",
        "## Options\n\n| Option | Status |\n|---|---|\n| Oars | Rejected |\n| Sails | Kept |\n",
        "> Status: proposed, accepted, rejected or superseded.\n",
        "## Fields\n\n| Name | Meaning |\n|---|---|\n| Status | deprecated |\n",
    ],
)
def test_16_what_fences_tables_quotes_and_options_say_is_not_the_status(body: str) -> None:
    found = read(f"# Oars\n\n{body}{DECISION}\n## Status\n\nAccepted\n")
    assert (found.meaning, found.metadata.status.raw) == ("in-force", "Accepted")
    assert "BL061" not in found.codes


def test_17_broken_relative_links_are_warnings_where_they_stand() -> None:
    text = (
        "# Oars\n\nSee [a](0002-a.md), [b](0003-b.md#x), ![c](img/c.png), [d](https://x.example/d),\n"
        "`[e](gone.md)`, [f](/adr/7), [g](#here), [h](0002-a), [i](../adr/), [j][k].\n"
        "\n[k]: gone.md\n"
    )
    source = Source("docs/adr/0001-oars.md", text.encode())
    report = Report()
    check_links(parse_blocks(source), ["docs/adr/0001-oars.md", "docs/adr/0002-a.md"], report)
    spans = [d.span for d in report if d.span]
    pointed = [source.data[s.offset : s.end_offset].decode() for s in spans]
    assert pointed == ["0003-b.md#x", "img/c.png", "[k]: gone.md"]
    assert {(d.code, d.severity) for d in report} == {("BL073", "warning")}


def test_18_the_smallest_record_is_one_and_the_largest_is_capped() -> None:
    assert read("# Use tar for every hull", "docs/adr/use-tar.md").disposition == "decision"
    large = read("# Tar\n" + "x" * 100, config=Config(max_file_bytes=99))
    assert (large.disposition, large.codes) == ("unreadable", ["BL002"])
    long = read("# Tar\n" + "\n" * 40_000)
    assert (long.disposition, long.codes) == ("unreadable", ["BL002"])


def test_18_a_byte_of_a_large_record_costs_no_more_than_one_of_a_small() -> None:
    paragraph = "Some [words](0002-x.md) of `prose`.\n\n- an item\n- another\n\n### A heading\n\n"
    head = "# 1. Oars\n\n## Status\n\nAccepted\n\n## Context\n\n"

    def cost(kilobytes: int) -> float:
        text = head + paragraph * (kilobytes * 1000 // len(paragraph))
        rounds = 100 // kilobytes or 1
        best = float("inf")
        for _ in range(3):
            started = time.process_time()
            for _ in range(rounds):
                read(text)
            best = min(best, (time.process_time() - started) / rounds / len(text))
        return best

    # Three times for a busy machine; a quadratic step would cost a hundred times as much.
    assert cost(300) < 3 * cost(3)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_19_positions_are_exact_whatever_the_line_ends(newline: str, mark: bytes) -> None:
    text = newline.join(
        ["# 1.\u00a0Øl 🜁", "", "Date: 2026-02-30", "", "##\tStatus", "", "Mañana\u00a0perhaps", ""]
    )
    found = read(mark + text.encode())
    assert found.pointed("BL068") == "2026-02-30"
    assert found.pointed("BL060") == "Mañana\u00a0perhaps"
    span = found.diagnostic("BL060").span
    assert span is not None
    assert (span.line, span.column, span.end_column) == (7, 1, 15)
    assert found.metadata.title == "Øl 🜁"


def test_19_mixed_line_ends_count_as_an_editor_counts_them() -> None:
    found = read(b"# A\r\n\r## Status\n\r\nperhaps\r\n")
    span = found.diagnostic("BL060").span
    assert span is not None
    assert (span.line, span.offset) == (5, 18)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("# n. Oars\n\n## Status\n\nAccepted\n", "BL064"),
        (
            "# {short title of the problem}\n\n## Status\n\nAccepted\n\nWe row. We row on.\n",
            "BL064",
        ),
        ("# Oars\n\nDate: YYYY-MM-DD\n\n## Status\n\nAccepted\n", "BL064"),
        ("# Oars\n\n* Deciders: [list everyone]\n\n## Status\n\nAccepted\n", "BL064"),
        ("# Oars\n\n## Status\n\n{Proposed|Accepted}\n", "BL063"),
        ("# Oars\n\n## Status\n\nProposed | Accepted | Rejected\n", "BL063"),
    ],
)
def test_20_a_placeholder_is_reported_once(text: str, code: str) -> None:
    found = read(text + DECISION, "docs/adr/0010-oars.md")
    assert found.disposition == "decision"
    assert found.codes.count(code) == 1


def test_20_a_placeholder_is_no_status() -> None:
    assert read(f"# Oars\n\n* Status: [accepted | rejected]\n{DECISION}").meaning == "unclear"


@pytest.mark.parametrize(
    ("path", "identity", "number"),
    [
        ("adr/0009-tar-and-pitch", "0009-tar-and-pitch", 9),
        ("adr/use tar + pitch.md", "use-tar-+-pitch", None),
        ("adr/2026-03-04-use-tar.md", "2026-03-04-use-tar", None),
        ("adr/20260304-use-tar.md", "20260304-use-tar", None),
        ("adr/2026-03-04_015-use-tar.md", "2026-03-04_015-use-tar", 15),
        ("adr/adr-007-tar.md", "adr-007-tar", 7),
        ("adr/ADR007 tar.md", "ADR007-tar", 7),
        ("adr/HULL-012-tar.md", "HULL-012-tar", 12),
        ("adr/use-100-tars.md", "use-100-tars", None),
    ],
)
def test_21_any_name_will_do_and_no_number_is_required(
    path: str, identity: str, number: int | None
) -> None:
    found = read(f"# Use tar\n\n## Status\n\nAccepted\n{DECISION}", path)
    assert (found.metadata.id, found.metadata.number, found.metadata.title) == (
        identity,
        number,
        "Use tar",
    )


@pytest.mark.parametrize(
    "text",
    [
        "# Decision log\n\n## Oars\n\nWe row.\n\n## Sails\n\nWe sail.\n\n## Tar\n\nWe tar.\n",
        "# Choices\n\n**Decision:** Row.\n\n**Decision:** Sail.\n\n**Decision:** Tar.\n",
        "# Choices\n\n| Issue | Decision |\n|---|---|\n| 1 | Row |\n| 2 | Sail |\n| 3 | Tar |\n",
    ],
)
def test_22_a_log_of_all_decisions_is_listed_with_a_diagnostic(text: str) -> None:
    found: Reading = read(text, "docs/decisions.md")
    assert (found.disposition, found.codes) == ("log", ["BL004"])
