"""The sample shop: every planted violation is found, in its place, and nothing else is."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.check.shop import GIT
from tests.conftest import DAY, SAMPLE
from tests.engines import OFFLINE, find_semgrep

BYLAW = str(Path(sys.executable).with_name("bylaw"))
Place = tuple[str, str | None, int | None]


def planted() -> set[Place]:
    """Return constraint, path and line of each violation that is there on purpose."""
    entries = tomllib.loads((SAMPLE / "planted.toml").read_text("utf-8"))["planted"]
    return {(entry["id"], entry.get("path"), entry.get("line")) for entry in entries}


def check(shop: Path, *arguments: str, semgrep: bool = False) -> tuple[int, dict[str, Any]]:
    """Check the shop in a process of its own; return the exit status and the report."""
    engine = str(find_semgrep()) if semgrep else "no-such-engine"
    done = subprocess.run(
        [BYLAW, "check", "--format", "json", *arguments],
        cwd=shop,
        env=os.environ | OFFLINE | {"BYLAW_SEMGREP": engine},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.stderr == ""
    found: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, found


def places(report: dict[str, Any]) -> set[Place]:
    return {(v["constraint"], v["path"], v["line"]) for v in report["violations"]}


@pytest.fixture
def grown(tmp_path: Path) -> Path:
    """Return the shop as all of it was added to an empty repository, so that all of it is new."""
    shop = tmp_path / "grown"
    shop.mkdir()
    dated = os.environ | {"GIT_AUTHOR_DATE": DAY, "GIT_COMMITTER_DATE": DAY}

    def git(*arguments: str) -> None:
        subprocess.run([*GIT, *arguments], cwd=shop, env=dated, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    git("commit", "-q", "--allow-empty", "-m", "Nothing")
    git("checkout", "-q", "-b", "feat/1-shop")
    ignored = shutil.ignore_patterns("__pycache__", ".import*")
    shutil.copytree(SAMPLE, shop, ignore=ignored, dirs_exist_ok=True)
    git("add", "-A")
    git("commit", "-q", "-m", "Open the shop")
    return shop


@pytest.mark.engine
def test_every_planted_violation_is_found_and_nothing_else(sample: Path) -> None:
    # At its base the old TODO is there already, and is no violation until somebody touches it.
    status, report = check(sample, "--run", semgrep=True)
    old = {("0010-names-and-forms/no-todo", "src/shop/search/tokens.py", 7)}
    assert status == 1
    assert places(report) == planted() - old
    assert len(report["violations"]) == len(planted()) - 1
    excused = {(v["constraint"], v["path"], v["line"]) for v in report["excused"]}
    assert excused >= old
    unjudged = {each["constraint"].partition("/")[0] for each in report["not_evaluated"]}
    assert unjudged <= {"0014-agents", "0015-two-pairs-of-eyes"}
    assert report["diagnostics"] == []


@pytest.mark.engine
def test_where_all_is_new_the_old_violation_is_one_too(grown: Path) -> None:
    _, report = check(grown, "--run", "--trust", semgrep=True)
    assert places(report) >= planted()


def test_the_published_set_gives_the_same_verdicts_with_no_decision_present(sample: Path) -> None:
    built = subprocess.run([BYLAW, "build", "-q"], cwd=sample, capture_output=True, check=False)
    assert built.returncode == 0, built.stderr
    status, own = check(sample)
    # The files stay, so that what is said of them is the same; what they say is gone.
    for path in (sample / "docs" / "adr").rglob("*.md"):
        path.write_text(f"# {path.stem}\n", "utf-8")
    again, published = check(sample, "--constraints", ".bylaw/constraints.json")
    assert again == status
    assert published == own


def test_a_fix_of_the_sample_leaves_fewer_violations_and_no_new_one(sample: Path) -> None:
    _, before = check(sample)
    subprocess.run([BYLAW, "check", "--fix", "-q"], cwd=sample, capture_output=True, check=False)
    _, after = check(sample)
    gone = {v["fingerprint"] for v in before["violations"]}
    assert {v["fingerprint"] for v in after["violations"]} <= gone
