"""Each pass on small sets of ADRs: what it reports stands in the ADRs themselves.

A fixture is a list of cases. `=== case: what it shows` opens one, `as of 2026-06-01` may follow;
`--- path` opens a file. `<!-- error: BL201 -->` on a line, or `<!-- next error: BL201 -->` on the
one before, says that there is such a diagnostic at that line. What is not said must not occur;
only notes of other stages are left out of account.
"""

import re
from datetime import date
from pathlib import Path

import pytest

from bylaw.diagnostics import Diagnostic, Severity
from tests.passes.building import DAY, check

FOLDER = Path(__file__).parent / "fixtures"
_EXPECTED = re.compile(r"<!-- (next )?(error|warning|note): (BL\d{3}) -->")
_CASE = re.compile(r"^=== case: (.*?)(?:, as of (\d{4}-\d{2}-\d{2}))?$", re.MULTILINE)
_FILE = re.compile(r"^--- (\S+)\n", re.MULTILINE)

Fault = tuple[str, int, str, str]


def _cases() -> list[tuple[str, str, date, dict[str, str]]]:
    found = []
    for path in sorted(FOLDER.glob("*.md")):
        _, *parts = _CASE.split(path.read_text("utf-8"))
        for name, day, body in zip(*[iter(parts)] * 3, strict=True):
            _, *files = _FILE.split(body)
            texts = dict(zip(files[::2], files[1::2], strict=True))
            as_of = date.fromisoformat(day) if day else DAY
            found.append((path.stem, name, as_of, texts))
    return found


def _expected(files: dict[str, str]) -> list[Fault]:
    found = []
    for path, text in files.items():
        for number, line in enumerate(text.split("\n"), 1):
            for following, severity, code in _EXPECTED.findall(line):
                found.append((path, number + bool(following), severity, code))
    return sorted(found)


def _said(diagnostics: list[Diagnostic]) -> list[Fault]:
    return sorted(
        (d.span.path, d.span.line, str(d.severity), d.code)
        for d in diagnostics
        if d.span and (d.code.startswith("BL2") or d.severity is not Severity.NOTE)
    )


CASES = _cases()


@pytest.mark.parametrize(
    ("fault", "name", "as_of", "files"), CASES, ids=[f"{c[0]}: {c[1]}" for c in CASES]
)
def test_a_pass_reports_its_fault_and_nothing_that_looks_like_it(
    fault: str, name: str, as_of: date, files: dict[str, str]
) -> None:
    assert _said(check(files, as_of)) == _expected(files)


@pytest.mark.parametrize("fault", sorted({case[0] for case in CASES}))
def test_each_fixture_has_a_fault_and_a_look_alike(fault: str) -> None:
    found = [bool(_expected(files)) for name, _, _, files in CASES if name == fault]
    assert True in found
    assert False in found
