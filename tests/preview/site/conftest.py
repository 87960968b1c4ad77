"""A site to look at, written once."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import DAY, GENERATED, GIT, SAMPLE
from tests.preview.site.writing import write


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a committed copy of the sample shop, which nobody changes."""
    root = tmp_path_factory.mktemp("site") / "shop"
    shutil.copytree(SAMPLE, root, ignore=shutil.ignore_patterns(*GENERATED))
    dated = os.environ | {"GIT_AUTHOR_DATE": DAY, "GIT_COMMITTER_DATE": DAY}
    for arguments in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "Shop")):
        subprocess.run([*GIT, *arguments], cwd=root, env=dated, check=True)
    return root


@pytest.fixture(scope="session")
def site(shop: Path) -> Path:
    """Return the site of the sample shop, which nobody changes."""
    folder = shop.parent / "published"
    write(shop, folder)
    return folder
