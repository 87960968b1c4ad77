"""A repository for each test."""

from pathlib import Path

import pytest

from tests.driver.repository import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An empty repository outside git, with a cache of its own."""
    root = tmp_path / "repository"
    (root / ".git").mkdir(parents=True)
    return Repository(root, tmp_path / "cache")
