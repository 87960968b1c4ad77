"""The example on each page of a scope diagnostic is what the compiler prints for it."""

import re
from datetime import date
from pathlib import Path

import pytest

from bylaw.config import Config
from bylaw.diagnostics import Report
from bylaw.link import link
from bylaw.program import Unit
from bylaw.render.text import Style, diagnostic_lines
from bylaw.scope import scope
from bylaw.source import Source
from bylaw.unit import compile_unit

PAGES = Path(__file__).resolve().parents[2] / "docs" / "diagnostics"
PATH = "docs/adr/0007-domain.md"
ADR = """# 7. Keep the domain pure

Status: accepted

## Constraints

{}
"""
TREE = (
    "src/shop/__init__.py",
    "src/shop/domain/__init__.py",
    "src/shop/payments/__init__.py",
    "src/shop/payments/card.py",
    "src/shop/services/__init__.py",
    "src/shop/store/__init__.py",
    "src/shop/web/__init__.py",
    "tests/test_shop.py",
    "web/app.ts",
)


def output(example: str) -> str:
    """Return what is printed about the tree's part in an ADR that holds the example."""
    source = Source(PATH, ADR.format(example).encode())
    unit = compile_unit(source, Config())
    assert isinstance(unit, Unit)
    assert unit.diagnostics == ()
    report = Report()
    scope(link([unit], [], date(2026, 6, 1)), TREE, Config(), report)
    lines = (line for d in report for line in diagnostic_lines(d, lambda _: source, Style()))
    return "\n".join(lines).strip()


@pytest.mark.parametrize("code", ["BL301", "BL302", "BL303", "BL304", "BL305", "BL308", "BL309"])
def test_a_pages_example_prints_what_the_page_shows(code: str) -> None:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    example, shown = re.findall(r"```(?:markdown|text)\n(.*?)\n```", page, re.DOTALL)
    assert output(example) == shown
