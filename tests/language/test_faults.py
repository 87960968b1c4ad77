"""Each fault of the language gets its code at its line, and a message for its author."""

import re
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from tests.language.reading import PATH, codes, read, read_items

from bylaw.diagnostics import Severity
from bylaw.render.text import Style, diagnostic_lines
from bylaw.source import Source

FAULTS = sorted((Path(__file__).parent / "faults").glob("*.md"))
_EXPECTED = re.compile(r"<!-- error: ([BL\d, ]+) -->")


def cleaned(text: str) -> str:
    """Return a fixture without the comments that an info string would hold as words."""
    return re.sub(r"^( *```.*?) <!--.*-->$", r"\1", text, flags=re.MULTILINE)


@pytest.mark.parametrize("path", FAULTS, ids=lambda path: path.stem)
def test_each_line_gets_the_codes_that_stand_on_it(path: Path) -> None:
    text = path.read_text("utf-8")
    expected = {
        number: sorted(match[1].split(", "))
        for number, line in enumerate(text.splitlines(), 1)
        if (match := _EXPECTED.search(line))
    }
    found: dict[int, list[str]] = {}
    for diagnostic in read(cleaned(text))[1]:
        assert diagnostic.span is not None
        found.setdefault(diagnostic.span.line, []).append(diagnostic.code)
    assert {line: sorted(each) for line, each in found.items()} == expected


@pytest.mark.parametrize("path", FAULTS, ids=lambda path: path.stem)
def test_the_messages_read_well(path: Path, snapshot: SnapshotAssertion) -> None:
    text = _EXPECTED.sub("", cleaned(path.read_text("utf-8")))
    text = re.sub(r"[ ]+$", "", text, flags=re.MULTILINE)
    source = Source(PATH, text.encode())
    lines = [
        line
        for diagnostic in read(text)[1]
        for line in [*diagnostic_lines(diagnostic, lambda _: source, Style()), ""]
    ]
    assert "\n".join(lines) == snapshot


@pytest.mark.parametrize("path", FAULTS, ids=lambda path: path.stem)
def test_messages_are_one_clause_with_a_way_out(path: Path) -> None:
    for diagnostic in read(cleaned(path.read_text("utf-8")))[1]:
        assert not diagnostic.message.endswith("."), diagnostic
        assert diagnostic.message[0] == "`" or not diagnostic.message[0].isupper(), diagnostic
        assert "\ue000" not in repr(diagnostic), diagnostic
        assert diagnostic.help, diagnostic


def test_examples_that_help_shows_parse() -> None:
    shown = set()
    for path in FAULTS:
        for diagnostic in read(cleaned(path.read_text("utf-8")))[1]:
            _, found, example = (diagnostic.help or "").rpartition("for instance: ")
            if found and "match:" not in example:
                shown.add(example)
    assert len(shown) > 5
    for example in shown:
        assert codes(example) == [], example


def test_a_long_item_is_refused_before_it_is_read() -> None:
    assert codes(f"Modules in `{'a' * 5000}` MUST NOT import `x`.") == ["BL034"]
    assert codes("Modules in `a` MUST NOT import `x`. " + "[" * 500) == ["BL034"]


def test_a_section_of_megabytes_is_refused() -> None:
    item = "- Modules in `a` MUST NOT import `x`, because of this and that and more besides.\n"
    _, diagnostics = read("# T\n\n## Constraints\n\n" + item * 7000)
    assert [diagnostic.code for diagnostic in diagnostics] == ["BL024"]


def test_prose_is_left_alone() -> None:
    """Where nothing binds, one note says so, whatever else the section holds."""
    text = "# T\n\n## Constraints\n\n- It **must** be <b>fast</b>, ~~small~~ ![a](b).\n- `open\n"
    statements, diagnostics = read(text)
    assert statements == ()
    assert [d.severity for d in diagnostics] == [Severity.NOTE]


@pytest.mark.parametrize(
    "heading",
    [
        "Constraints",
        "CONSTRAINTS",
        "constraints:",
        "4. Constraints",
        "4.2 Constraints",
        "_Constraints_",
    ],
)
def test_headings_of_a_section(heading: str) -> None:
    statements, diagnostics = read(f"# T\n\n#### {heading}\n\n- [a-b] CI MUST run `x`.\n")
    assert (len(statements), diagnostics) == (1, [])


@pytest.mark.parametrize("heading", ["Consequences", "Context", "Our constraints", "Contents"])
def test_headings_that_are_none(heading: str) -> None:
    assert read(f"# T\n\n## {heading}\n\n- It MUST be fast.\n") == ((), [])


@pytest.mark.parametrize("heading", ["Constraint", "Contraints", "Constrains", "Our constraints"])
def test_a_near_miss_over_constraints_is_a_warning(heading: str) -> None:
    statements, diagnostics = read(f"# T\n\n## {heading}\n\n- [a-b] CI MUST run `x`.\n")
    assert (statements, [d.code for d in diagnostics]) == ((), ["BL021"])


def test_a_title_may_speak_of_options() -> None:
    statements, diagnostics = read(
        "# Options for the store\n\n## Constraints\n\n- [a-b] CI MUST run `x`.\n"
    )
    assert (len(statements), diagnostics) == (1, [])


def test_every_list_of_a_section_is_read_whatever_its_marks() -> None:
    statements, diagnostics = read(
        "# T\n\n## Constraints\n\n- [a-1] CI MUST run `x`.\n\nText.\n\n+ [a-2] CI MUST run `y`.\n\n"
        "### Sub\n\n7. [a-3] CI MUST run `z`.\n* [ ] [a-4] CI MUST run `w`.\n"
    )
    assert diagnostics == []
    assert [getattr(s, "id", None) for s in statements] == ["a-1", "a-2", "a-3", "a-4"]


def test_all_faults_of_a_file_are_told_in_one_run() -> None:
    _, diagnostics = read_items("Nonsense MUST shine.", "[a-b] CI MUST run x.", "MAY")
    assert len(diagnostics) == 3
