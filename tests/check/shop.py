"""A small shop in a real git repository, and checks of it in this process."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bylaw import cli

GIT = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@tidemark.example")
DAY = "2026-06-01T12:00:00+00:00"

ADR = "docs/adr/0007-domain.md"
NO_ORM = (
    "- [no-orm] Modules in `shop.domain` MUST NOT import `sqlalchemy`; use `shop.ports` instead."
)
NO_DEBUG = "- [no-print] Code in `src/**` SHOULD NOT call `print`."

NO_ORM_ID = "0007-domain/no-orm"
ORDER = "src/shop/domain/order.py"
BAD = "import sqlalchemy\n"
VIOLATION = (NO_ORM_ID, ORDER, 1)
WAIVER = (
    "- Waiver for [no-orm]: `src/shop/domain/order.py` until 2026-12-31, approved by `@arch`, "
    "ticket `SHOP-42`, because it is rewritten."
)
ALLOW = f"import sqlalchemy  # bylaw: allow {NO_ORM_ID} because it is rewritten\n"


def record(*items: str, status: str = "accepted", title: str = "The domain stands alone") -> str:
    """Return a decision with these list items."""
    body = "\n".join(items)
    return f"# 7. {title}\n\nStatus: {status}\n\n## Constraints\n\n{body}\n"


@dataclass
class Checked:
    """What a check returned, printed, and said in JSON."""

    status: int
    out: str
    err: str

    @property
    def said(self) -> dict[str, Any]:
        """The report."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def violations(self) -> list[tuple[str, str | None, int | None]]:
        """Constraint, path and line of each violation."""
        return [(v["constraint"], v["path"], v["line"]) for v in self.said["violations"]]

    @property
    def excused(self) -> list[tuple[str, str | None, str]]:
        """Constraint, path and excuse of what does not count."""
        return [(v["constraint"], v["path"], v["excuse"]) for v in self.said["excused"]]

    @property
    def unjudged(self) -> list[tuple[str, str | None, str]]:
        """Constraint, path and reason of what was not evaluated."""
        return [(v["constraint"], v["path"], v["reason"]) for v in self.said["not_evaluated"]]

    @property
    def codes(self) -> list[str]:
        """The codes of the diagnostics."""
        return [d["code"] for d in self.said["diagnostics"]]


@dataclass
class Shop:
    """A repository with one decision and a package, on a day in June."""

    root: Path
    capsys: pytest.CaptureFixture[str]

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files, by path."""
        for path, text in files.items():
            full = self.root / path
            full.parent.mkdir(parents=True, exist_ok=True)
            full.write_bytes(text if isinstance(text, bytes) else text.encode())

    def git(self, *arguments: str) -> str:
        """Run git."""
        dated = os.environ | {"GIT_AUTHOR_DATE": DAY, "GIT_COMMITTER_DATE": DAY}
        return subprocess.run(
            [*GIT, *arguments], cwd=self.root, env=dated, check=True, capture_output=True, text=True
        ).stdout

    def commit(self, files: Mapping[str, str | bytes] | None = None) -> None:
        """Commit everything, after writing some files."""
        self.write(files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "Work")

    def run(self, *arguments: str) -> Checked:
        """Run a command."""
        self.capsys.readouterr()
        status = cli.run(arguments)
        captured = self.capsys.readouterr()
        return Checked(status, captured.out, captured.err)

    def check(self, *arguments: str) -> Checked:
        """Check, and report in JSON."""
        return self.run("check", "--format", "json", *arguments)


@pytest.fixture
def empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shop:
    """Return an empty repository on `main`, in which we stand."""
    root = tmp_path / "shop"
    root.mkdir()
    monkeypatch.chdir(root)
    monkeypatch.setenv("BYLAW_CACHE_DIR", str(tmp_path / "cache"))
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS", "GITHUB_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    made = Shop(root, capsys)
    made.git("init", "-q", "-b", "main")
    return made


@pytest.fixture
def shop(empty: Shop) -> Shop:
    """Return a shop whose one decision is kept, committed on `main`."""
    empty.commit(
        {
            "bylaw.toml": 'adrs = ["docs/adr"]\n',
            ADR: record(NO_ORM, NO_DEBUG),
            "src/shop/__init__.py": "",
            "src/shop/domain/__init__.py": "",
            "src/shop/domain/order.py": "x = 1\n",
            "src/shop/ports.py": "",
        }
    )
    return empty
