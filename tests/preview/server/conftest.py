"""Servers that end with the test, and one that only answers."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.preview.server.talk import Serve, Server

DOMAIN = """\
# 7. The domain stands alone

Status: accepted

## Constraints

- [no-orm] Modules in `shop.domain` MUST NOT import `sqlalchemy`; use `shop.ports` instead.
- [short] Files in `src/shop/**` SHOULD have at most 400 lines.
"""
STORE = """\
# 8. One store

Status: proposed

## Constraints

- [one-store] Modules in `shop.domain` MUST NOT import `redis`.
"""
FILES: Mapping[str, str] = {
    "bylaw.toml": 'adrs = ["docs/adr"]\n',
    "docs/adr/0007-domain.md": DOMAIN,
    "docs/adr/0008-store.md": STORE,
    "src/shop/__init__.py": "",
    "src/shop/domain/__init__.py": "",
    "src/shop/domain/order.py": "x = 1\n",
}


def write_files(root: Path) -> Path:
    """Write the files of a small repository, and return its folder."""
    for path, text in FILES.items():
        full = root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(text)
    return root


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A small repository with two decisions."""
    return write_files(tmp_path / "repo")


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers that are open, and end with the test."""
    running: list[Server] = []

    def start(root: Path, *options: str, **env: str) -> Server:
        running.append(Server(root, *options, **env))
        assert running[-1].get("/api/list?count=0").status == 200
        return running[-1]

    yield start
    for server in running:
        server.end()


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that is only asked, of a repository that nobody writes to."""
    server = Server(write_files(tmp_path_factory.mktemp("asked") / "repo"))
    yield server
    server.end()
    assert "error" not in server.printed
    assert "Traceback" not in server.printed
