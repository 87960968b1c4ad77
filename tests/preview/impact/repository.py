"""Small repositories with git, to look at what a decision would break in them."""

import subprocess
from pathlib import Path

PROPOSAL = "docs/adr/0002-no-orm.md"

FILES = {
    "bylaw.toml": 'adrs = ["docs/adr"]\nsource-roots = ["src"]\nbaseline = "baseline.json"\n',
    "CODEOWNERS": "* @all\n/src/shop/web/ @web @ada\n/src/shop/web/page.py\n",
    "docs/adr/0001-layers.md": """# Layers

## Status

Accepted

## Constraints

- [no-sqlite] Modules in `shop.domain` MUST NOT import `sqlite3`.
- [homes] Files matching `**/*.sql` MUST live in `sql/`.
""",
    PROPOSAL: """# No mapper

## Status

Proposed

## Constraints

- [no-orm] Modules in `shop.**` MUST NOT import `sqlalchemy`.
- [named] Functions in `src/**` SHOULD be named `snake_case`.
- [no-homes] Files matching `**/*.sql` MUST NOT live in `sql/`.
- [later] Files in `src/**` MUST NOT contain `FIXME` from 2099-01-01.
- [over] Files in `src/**` MUST NOT contain `shop` until 2001-01-01.
- [asked] Changes to `sql/**` MUST be approved by `@dba`.
- [runs] Command `false` MUST pass.
- [agents] Agents MUST change at most 3 files.
- Waiver for [no-orm]: `src/shop/store/old.py`
  until 2099-12-31, approved by `@ada`, ticket `S-1`, because so.
- Modules in `shop.reports` MAY import `sqlalchemy`, despite [no-orm].
- Waiver for [0001-layers/no-sqlite]: `src/shop/domain/keep.py`
  until 2099-12-31, approved by `@ada`, because so.
""",
    "sql/tables.sql": "select 1;\n",
    "src/shop/__init__.py": "",
    "src/shop/domain/__init__.py": "",
    "src/shop/domain/keep.py": "import sqlite3\n",
    "src/shop/domain/order.py": "import os\n\nfrom sqlalchemy import Column, Table\n",
    "src/shop/reports/__init__.py": "import sqlalchemy\n",
    "src/shop/store/__init__.py": "",
    "src/shop/store/old.py": "import sqlalchemy\nimport sqlalchemy.orm\n",
    "src/shop/web/__init__.py": "def BadName():\n    # FIXME\n    return 1\n",
    "src/shop/web/page.py": "import sqlalchemy\n",
}


def git(root: Path, *words: str) -> None:
    """Run git in a repository."""
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True)


def write(root: Path, files: dict[str, str]) -> None:
    """Write files below a folder."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def make(root: Path, files: dict[str, str] | None = None) -> Path:
    """Make a repository with one commit on `main`."""
    root.mkdir(parents=True, exist_ok=True)
    write(root, FILES if files is None else files)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Begin")
    return root
