"""The fixtures of these tests: a shop, and a real language server in it."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import GENERATED, SAMPLE
from tests.lsp.client import Client


def make_shop(folder: Path) -> Path:
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(*GENERATED))
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=folder, check=True)
    return folder


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return a copy of the sample shop."""
    return make_shop(tmp_path / "shop")


@pytest.fixture(scope="module")
def kept_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the sample shop that the tests of a module share; nobody changes it."""
    return make_shop(tmp_path_factory.mktemp("lsp") / "shop")


@pytest.fixture
def client(shop: Path) -> Iterator[Client]:
    """Return a session in a shop of its own."""
    with Client(shop) as one:
        one.begin()
        yield one
        assert one.end() == 0
        assert b"Traceback" not in one.noise


@pytest.fixture(scope="module")
def session(kept_shop: Path) -> Iterator[Client]:
    """Return one session for the questions of a module."""
    with Client(kept_shop) as one:
        one.begin()
        yield one
        assert one.end() == 0
        assert b"Traceback" not in one.noise
