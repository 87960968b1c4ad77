"""The sample shop is what its table says, engines find what they should, agents are met."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import GENERATED
from tests.engines import find_semgrep
from tests.walkthrough import SCENES

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


def walk(*scenes: str) -> "subprocess.CompletedProcess[str]":
    """Let the agents of these scenes work; of all, where none is named."""
    command = [sys.executable, str(ROOT / "tests" / "walkthrough.py"), *scenes]
    environment = os.environ | {"COLUMNS": "100", "NO_COLOR": "1"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("scene", [scene.__name__ for scene in SCENES])
def test_agents_are_answered_as_the_decisions_say(scene: str) -> None:
    done = walk(scene)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_each_recorded_call_is_made_in_a_scene() -> None:
    source = (ROOT / "tests" / "walkthrough.py").read_text("utf-8")
    calls = {path.stem for path in (SAMPLE / "agents" / "calls").glob("*.json")}
    named = set(re.findall(r'"([a-z-]+)"', source))
    assert calls <= named


def test_the_walkthrough_fails_where_an_answer_is_another(tmp_path: Path) -> None:
    """A walk through a shop whose decision has been weakened is one that fails."""
    shutil.copytree(SAMPLE, tmp_path / "adrs-sample", ignore=shutil.ignore_patterns(*GENERATED))
    (tmp_path / "tests").mkdir()
    for name in ("demo.py", "stage.py", "walkthrough.py"):
        shutil.copy(ROOT / "tests" / name, tmp_path / "tests")
    decision = tmp_path / "adrs-sample" / "docs" / "adr" / "0009-signed-tokens.md"
    text = decision.read_text("utf-8")
    decision.write_text(text.replace("MUST NOT depend", "SHOULD NOT depend"), "utf-8")
    command = [sys.executable, str(tmp_path / "tests" / "walkthrough.py"), "drift"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "redis-again is answered" in done.stdout
