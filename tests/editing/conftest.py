"""The fixtures of these tests."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import GENERATED, SAMPLE
from tests.editing.writing import Writing


@pytest.fixture(scope="session")
def shop_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the sample shop that nobody changes."""
    folder = tmp_path_factory.mktemp("editing") / "shop"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(*GENERATED))
    (folder / ".github" / "CODEOWNERS").write_text("* @tidemark/platform\n/infra/ @ops\n")
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=folder, check=True)
    return folder


@pytest.fixture(scope="session")
def shop(shop_root: Path) -> Writing:
    """Return the shop, held open."""
    return Writing(shop_root)
