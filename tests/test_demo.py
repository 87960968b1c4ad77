"""The sample shop is what its table says, and real engines find in it what they should."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.engines import find_semgrep

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "adrs-sample"
TABLE: dict[str, list[dict[str, Any]]] = tomllib.loads((SAMPLE / "planted.toml").read_text("utf-8"))


@pytest.mark.parametrize("entry", TABLE["planted"], ids=lambda entry: entry["id"])
def test_a_planted_violation_stands_where_the_table_says(entry: dict[str, Any]) -> None:
    decision, _, name = entry["id"].partition("/")
    records = [*SAMPLE.glob(f"docs/adr/{decision}.md"), *SAMPLE.glob(f"docs/adr/{decision}/*.md")]
    assert any(f"[{name}]" in record.read_text("utf-8") for record in records)
    if "line" in entry:
        lines = (SAMPLE / entry["path"]).read_text("utf-8").splitlines()
        assert lines[entry["line"] - 1].strip() == entry["text"]


@pytest.mark.engine
def test_the_engines_find_what_is_planted_and_nothing_else() -> None:
    environment = os.environ | {"BYLAW_SEMGREP": str(find_semgrep())}
    command = [sys.executable, str(ROOT / "tests" / "demo.py")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
