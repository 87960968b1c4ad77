"""The example on each page of a pass is what the compiler prints for it."""

import re
from pathlib import Path

import pytest

from bylaw.render.text import Style, diagnostic_lines
from bylaw.source import Source
from tests.passes.building import check

PAGES = Path(__file__).resolve().parents[2] / "docs" / "diagnostics"
CODES = sorted(path.stem for path in PAGES.glob("BL2*.md"))
_FENCE = re.compile(r"^```(markdown|text)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("code", [code for code in CODES if code != "BL234"])
def test_a_pages_example_prints_what_the_page_shows(code: str) -> None:
    """BL234 takes ten thousand constraints; `test_limits` shows it."""
    fences = _FENCE.findall((PAGES / f"{code}.md").read_text("utf-8"))
    files = {path: text for sort, path, text in fences if sort == "markdown"}
    sources = {path: Source(path, text.encode()) for path, text in files.items()}
    (shown,) = (text for sort, _, text in fences if sort == "text")
    lines = [
        line
        for diagnostic in check(files)
        if diagnostic.code == code
        for line in (*diagnostic_lines(diagnostic, sources.get, Style()), "")
    ]
    assert "\n".join(lines[:-1]) + "\n" == shown
