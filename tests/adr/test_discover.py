"""Which files are looked at, and what each of them is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bylaw.adr.locate import adr_files
from bylaw.config import Config
from tests.adr.reading import DECISION, read


@pytest.mark.parametrize(
    "path",
    [
        "docs/adr/0001-a.md",
        "doc/adr/0001-a.md",
        "docs/adrs/0001-a.md",
        "adr/a.md",
        "docs/decisions/0001-a.md",
        "doc/architecture/decisions/0001-a.md",
        "docs/architecture/decisions/0001-a.md",
        "docs/architecture/adr/0001-a.md",
        "docs/architecture-decisions/0001-a.md",
        "docs/architecture_decision_records/0001-a.md",
        "docs/ADR/0001-a.md",
        "src/adr/0001-a.md",
        "packages/web/docs/adr/a.md",
        ".archive/adrs/CI-001-a.md",
        "docs/adr/security/0001-a.md",
        "docs/adr/2026-05-01-a/README.md",
        "docs/adr/0009-no-ending",
        "docs/adr/0009-v1.2",
        "docs/adr/0003-a.rst",
        "docs/adr/0003-a.adoc",
        "docs/decisions.md",
        "docs/decision-log.md",
    ],
)
def test_a_conventional_place_is_found(path: str) -> None:
    assert adr_files([path, "README.md", "src/main.py"], Config()) == [path]


@pytest.mark.parametrize(
    "path",
    [
        "docs/adr/images/overview.png",
        "docs/adr/.gitkeep",
        "docs/adr/tools.py",
        "node_modules/x/docs/adr/0001-a.md",
        "vendor/x/adr/0001-a.md",
        "tests/adr/fixtures/0001-a.md",
        "docs/quadr/0001-a.md",
        "docs/guide.md",
        "migrations/0001-a.md",
        "src/decisions.md",
    ],
)
def test_other_files_are_left_alone(path: str) -> None:
    assert adr_files([path], Config()) == []


def test_two_names_that_only_adrs_have_make_a_folder_one() -> None:
    files = ["arch/adr-001-a.md", "arch/adr-002-b.md", "arch/notes.md", "other/adr-001-a.md"]
    assert adr_files(files, Config()) == files[:3]


def test_the_record_that_starts_records_makes_a_folder_one() -> None:
    files = ["0001-record-architecture-decisions.md", "0002-b.md", "docs/x.md"]
    assert adr_files(files, Config()) == files[:2]


@pytest.mark.parametrize(
    ("adrs", "found"),
    [
        (("arch",), ["arch/a.md", "arch/b/c.md"]),
        (("arch/*.md",), ["arch/a.md"]),
        (("arch/b/", "docs/adr"), ["arch/b/c.md", "docs/adr/d.md"]),
        (("{arch,docs}/**",), ["arch/a.md", "arch/b/c.md", "docs/adr/d.md"]),
    ],
)
def test_configured_folders_and_globs_replace_the_conventions(
    adrs: tuple[str, ...], found: list[str]
) -> None:
    files = ["arch/a.md", "arch/b/c.md", "arch/logo.png", "docs/adr/d.md"]
    assert adr_files(files, Config(adrs=adrs)) == found


@given(st.permutations(["docs/adr/b.md", "docs/adr/a.md", "x/adr-001-a.md", "x/adr-002-b.md"]))
def test_the_order_of_the_files_does_not_matter(files: list[str]) -> None:
    assert adr_files(files, Config()) == sorted(files)


@pytest.mark.parametrize(
    ("text", "name", "disposition"),
    [
        (
            "# Decisions\n\n- [1](0001-a.md)\n- [2](0002-b.md)\n- [3](0003-c.md)\n",
            "list.md",
            "index",
        ),
        ("# Decisions\n\nWe record them here.\n", "README.md", "index"),
        ("# How we decide\n\nTogether.\n", "index.md", "index"),
        (f"# Use ropes\n{DECISION}", "README.md", "decision"),
        ("# Architecture Decision Record: ropes\n\nWe use them.\n", "index.md", "decision"),
        ("# Architecture decision records\n\nAll of them.\n", "README.md", "index"),
        (
            "# Ropes\n\n## Constraints\n\n- [a] Code in `x` MUST NOT call `y`.\n",
            "README.md",
            "decision",
        ),
        (
            "# Decision log\n\n## A\n\n## B\n\n## C\n\n## Constraints\n\n- x MUST y\n",
            "l.md",
            "decision",
        ),
        ("# Use ropes\n", "use-ropes.md", "decision"),
        (
            "# Short descriptive title\n\nDate: Today's date\n\n## Status\n\nAccepted\n",
            "COPYME",
            "template",
        ),
        (f"# Use ropes\n\n* Status: accepted\n{DECISION}", "0009-ropes", "decision"),
        ("ada\ngrace\n", "OWNERS", "other-format"),
        (b"\x7fELF\0\0\1", "0009-binary", "other-format"),
        (b"# Caf\xe9\n", "0009-latin.md", "unreadable"),
        ("", "0009-empty.md", "unreadable"),
        ("\ufeff \n\t\n", "0009-blank.md", "unreadable"),
    ],
)
def test_a_file_is_what_its_contents_say(text: str | bytes, name: str, disposition: str) -> None:
    assert read(text, f"docs/adr/{name}").disposition == disposition


def test_what_is_not_utf8_is_pointed_at_to_the_byte() -> None:
    found = read("# Å\r\nCaf".encode() + b"\xe9 au lait\n")
    span = found.diagnostic("BL001").span
    assert span is not None
    assert (span.line, span.column, span.offset, span.end_offset) == (2, 4, 9, 10)
    assert "0xe9 at offset 9" in found.diagnostic("BL001").message


@given(st.binary(max_size=300))
def test_any_bytes_have_exactly_one_disposition(data: bytes) -> None:
    assert read(data).disposition in {
        "decision",
        "template",
        "index",
        "log",
        "other-format",
        "unreadable",
    }


PIECES = """# |## Status|- |> |Accepted|[a](b.md)|`|<!--|-->|---|a: |{|}|*|supersedes |superseded by
ADR-1|2026-02-30|Date: |é|```|&amp;|\\|Status: |~~|[|]("""
MARKUP = st.sampled_from(
    [*re.split(r"[|\n]", PIECES), "| a |\n|---|\n", "\n", "\n\n", "---\n", "\r", "\0", "\u2028"]
)


@given(st.lists(MARKUP, max_size=40).map("".join))
def test_any_markdown_is_read_without_a_fault_and_every_span_lies_in_the_file(text: str) -> None:
    found = read(text)
    spans = [d.span for d in found.diagnostics]
    if found.found is not None:
        spans += [r.span for r in found.metadata.relations]
        spans += [found.metadata.status.span, found.metadata.title_span]
        spans += [d.span for d in found.metadata.dates]
    for span in spans:
        if span is not None:
            assert 0 <= span.offset <= span.end_offset <= len(found.source.data)
            assert (span.line, span.column) <= (span.end_line, span.end_column)


@pytest.mark.parametrize("title", ["By title", "Escape the page's title", "Sort books by Title"])
def test_a_title_may_end_in_title(title: str) -> None:
    rule = "## Constraints\n\n- [aa] Code MUST NOT call `x`.\n"
    assert read(f"# {title}\n\nStatus: accepted\n\n{rule}").disposition == "decision"


@pytest.mark.parametrize("title", ["NUMBER. Title", "ADR-000: Title", "[title]"])
def test_a_blank_title_is_a_templates(title: str) -> None:
    text = f"# {title}\n\n## Status\n\n{{proposed | accepted}}\n\n## Decision\n\n{{what?}}\n"
    assert read(text).disposition == "template"
