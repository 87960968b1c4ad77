"""What several suites start from."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "adrs-sample"
GIT = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@tidemark.example")
DAY = "2026-06-01T12:00:00+00:00"

GENERATED = (
    *(".bylaw", "__pycache__", ".import*", "AGENTS.md", "CLAUDE.md", "bylaw*.mdc", "bylaw*.md"),
    "copilot-instructions.md",
)
"""What a run in the sample leaves there."""


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the cache of the tests apart from that of whoever runs them."""
    os.environ["BYLAW_CACHE_DIR"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """Return a copy of the sample shop, committed to a repository of its own on a day in June."""
    shop = tmp_path / "shop"
    shutil.copytree(SAMPLE, shop, ignore=shutil.ignore_patterns(*GENERATED))
    dated = os.environ | {"GIT_AUTHOR_DATE": DAY, "GIT_COMMITTER_DATE": DAY}
    for arguments in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "Shop")):
        subprocess.run([*GIT, *arguments], cwd=shop, env=dated, check=True)
    return shop
