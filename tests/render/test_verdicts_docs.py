"""The page on reports shows what is printed, and names every field."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.check.judging import evidence_of
from tests.targets.compiled import DAY, read, scoped

from bylaw.check.areas import judged_files
from bylaw.check.engine import find
from bylaw.check.evidence import Evidence
from bylaw.check.verdict import (
    DecisionRef,
    Judgement,
    NotEvaluated,
    Subject,
    Verdicts,
    Violation,
)
from bylaw.render.verdicts import FORMATS
from bylaw.render.verdicts.explain import explain
from bylaw.schema import SCHEMAS

PAGE = (Path(__file__).resolve().parent.parent.parent / "docs" / "reports.md").read_text("utf-8")

DECISION = "docs/adr/0007-domain.md"
SENTENCES = """
- [no-orm] Modules in `shop.domain` MUST NOT import `sqlalchemy`; use `shop.ports` instead.
- [short] Files matching `shop/**/*.py` SHOULD have at most 400 lines.
- [lane] Agents MUST change at most 20 files.
"""
FILES = {
    "shop/__init__.py": "",
    "shop/domain/__init__.py": "",
    "shop/domain/order.py": "import attrs\nfrom sqlalchemy import Column\n",
}


def example() -> tuple[Verdicts, Evidence]:
    """Return the run that the page shows."""
    evidence = evidence_of(FILES)
    decision = scoped(read(SENTENCES, DECISION, "The domain knows no database"), FILES)
    found = find(decision.constraints, evidence)
    judgements = tuple(
        Judgement(
            each,
            "0007-domain",
            tuple(f for f in found[each.full_id] if isinstance(f, Violation)),
            tuple(f for f in found[each.full_id] if isinstance(f, NotEvaluated)),
            files=len(judged_files(each, evidence)),
        )
        for each in decision.constraints
    )
    ref = DecisionRef("0007-domain", DECISION, "The domain knows no database")
    return Verdicts(judgements, {"0007-domain": ref}, DAY, Subject(files=3)), evidence


@pytest.mark.parametrize("name", ["text", "github", "junit", "markdown"])
def test_the_page_shows_what_is_printed(name: str) -> None:
    run, evidence = example()
    text = FORMATS[name](run, lambda path: evidence.view(path).lines)
    shown = re.search(rf"^## `{name}`\n(.*?)^## ", PAGE, re.M | re.S)
    assert shown
    assert text in shown[1]


def test_the_page_shows_what_explain_prints() -> None:
    run, evidence = example()
    assert explain(run, run.judgements[0], evidence) in PAGE


def fields(schema: Any) -> Iterator[str]:
    """Yield the names of the fields of a report, but for those of diagnostics' own schema."""
    yield from schema["properties"]
    for name, definition in schema["$defs"].items():
        if not name.startswith(("Diagnostic", "Labelled")):
            yield from definition.get("properties", ())


@pytest.mark.parametrize("name", sorted(set(fields(SCHEMAS["check-report"].build()))))
def test_each_field_is_documented(name: str) -> None:
    section = PAGE[PAGE.index("## `json`") : PAGE.index("## `sarif`")]
    assert f"`{name}`" in section


def test_each_format_has_a_section() -> None:
    assert set(FORMATS) <= set(re.findall(r"^## `(\w+)`$", PAGE, re.M))


def test_the_example_of_the_json_is_an_excerpt_of_it() -> None:
    run, evidence = example()
    report = json.loads(FORMATS["json"](run, lambda path: evidence.view(path).lines))
    section = PAGE[PAGE.index("## `json`") : PAGE.index("## `sarif`")]
    fence = re.search(r"```json\n(.*?)```", section, re.S)
    assert fence
    shown = json.loads(fence[1])
    (violation,) = report["violations"]
    assert shown.items() <= violation.items()
