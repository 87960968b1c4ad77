"""A repository to run commands in, and the command line in this process."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.cli.commands import Outcome, Run, Spawn, Write

from bylaw import cli

ADR = """\
# 7. The domain stands alone

Status: accepted

## Constraints

- [no-orm] Modules in `shop.domain` MUST NOT import `sqlalchemy`; use `shop.ports` instead.
- [short] Files in `src/shop/**` SHOULD have at most 400 lines.
"""


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder outside any repository, where we stand; `write` makes files in it."""
    folder = tmp_path / "repo"
    folder.mkdir()
    (folder / ".git").mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("BYLAW_CACHE_DIR", str(tmp_path / "cache"))
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS", "GITHUB_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def write(repo: Path) -> Write:
    """Write files into the repository: by path, their text."""

    def write_files(files: Mapping[str, str | bytes]) -> None:
        for path, text in files.items():
            full = repo / path
            full.parent.mkdir(parents=True, exist_ok=True)
            full.write_bytes(text if isinstance(text, bytes) else text.encode())

    return write_files


@pytest.fixture
def shop(write: Write) -> None:
    """A small repository with one decision."""
    write(
        {
            "bylaw.toml": 'adrs = ["docs/adr"]\n',
            "docs/adr/0007-domain.md": ADR,
            "src/shop/__init__.py": "",
            "src/shop/domain/__init__.py": "",
            "src/shop/domain/order.py": "x = 1\n",
        }
    )


@pytest.fixture
def run(repo: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line in this process."""

    def run_command(*arguments: str) -> Outcome:
        capsys.readouterr()
        status = cli.run(arguments)
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return run_command


@pytest.fixture
def spawn(repo: Path) -> Spawn:
    """Run a command line in a process of its own."""

    def spawn_command(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
        code = "import sys; from bylaw.cli import main; main()"
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env={**environment, **options.pop("env", {})},
            capture_output=True,
            check=False,
            timeout=60,
            **options,
        )

    return spawn_command
