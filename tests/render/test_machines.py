"""Diagnostics for programs: JSON and GitHub annotations."""

import json

import jsonschema
from syrupy.assertion import SnapshotAssertion

from bylaw.diagnostics import Code, Label, Report, Severity
from bylaw.render.github import github
from bylaw.render.json import DiagnosticsOutput, diagnostics_output, dump
from bylaw.source import Source

ERROR = Code("BL201", "duplicate-id", Severity.ERROR)


def report() -> Report:
    src = Source("docs/a,b:c.md", "- [no-orm] 100% `é`\nnext\n".encode())
    found = Report()
    found.add(
        ERROR,
        "bad `100%`",
        src.span(0, 3, 0, 9),
        note="here",
        labels=[Label(src.span(1, 0, 1, 4), "there")],
        help="first\nsecond",
    )
    found.add(ERROR, "over two lines", src.span(0, 0, 1, 4))
    found.add(ERROR, "a lone \udcff surrogate", severity=Severity.NOTE)
    return found


def test_annotations_escape_what_github_reads_as_its_own(snapshot: SnapshotAssertion) -> None:
    assert "\n".join(github(report(), lambda path: f"sub/{path}")) == snapshot


def test_an_annotation_is_one_line_whatever_a_message_holds() -> None:
    found = Report()
    found.add(ERROR, "a\r\n::error::b", help="\n::set-output name=x::y")
    (line,) = github(found, str)
    assert "\n" not in line
    assert "\r" not in line
    assert line.startswith("::error title=BL201::")


def test_the_json_is_what_its_schema_says(snapshot: SnapshotAssertion) -> None:
    output = dump(diagnostics_output(report(), 2))
    output.encode()  # no lone surrogate is left
    jsonschema.validate(json.loads(output), DiagnosticsOutput.model_json_schema())
    assert output == snapshot
