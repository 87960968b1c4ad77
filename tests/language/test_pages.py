"""The example on each page of a language diagnostic is what the compiler prints for it."""

import re
from pathlib import Path

import pytest
from tests.language.reading import PATH, read

from bylaw.render.text import Style, diagnostic_lines
from bylaw.source import Source

PAGES = Path(__file__).resolve().parents[2] / "docs" / "diagnostics"
MINE = sorted(
    path.stem
    for path in PAGES.glob("BL*.md")
    if "BL010" <= path.stem < "BL060" or "BL1" in path.stem
)
HEAD = "# 7. Keep the domain pure\n\nStatus: accepted\n\n"
_FENCE = re.compile(r"^(`{3,})(markdown|text)\n(.*?)\n\1$", re.MULTILINE | re.DOTALL)


def test_there_are_pages() -> None:
    assert len(MINE) > 30


@pytest.mark.parametrize("code", MINE)
def test_a_pages_example_prints_what_the_page_shows(code: str) -> None:
    fences = {kind: text for _, kind, text in _FENCE.findall((PAGES / f"{code}.md").read_text())}
    example = fences.get("markdown")
    if example is None:
        # The two pages about length; their examples would be as long.
        assert code in {"BL024", "BL034"}
        return
    text = HEAD + ("" if "## " in example else "## Constraints\n\n") + example + "\n"
    source = Source(PATH, text.encode())
    diagnostics = read(text)[1]
    assert {diagnostic.code for diagnostic in diagnostics} == {code}
    lines = [line for d in diagnostics for line in diagnostic_lines(d, lambda _: source, Style())]
    assert "\n".join(lines).strip() == fences["text"]
