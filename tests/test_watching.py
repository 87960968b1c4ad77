"""What happens on disk is told: by path, and whether it can change what is compiled."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bylaw.watching import Change, changes


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[Iterator[frozenset[Change]]]:
    """Changes below a folder that has an ADR, some code and the output of a build."""
    for path in ("docs/adr/0001-x.md", "src/a.py", ".bylaw/x.json"):
        file = tmp_path / path
        file.parent.mkdir(parents=True)
        file.write_text("")
    stop = threading.Event()
    found = changes(tmp_path, lambda: ".bylaw", stop=stop, step_ms=20)
    assert next(found) == frozenset()
    yield found
    stop.set()
    assert list(found) == []


def _next(seen: Iterator[frozenset[Change]], *paths: str) -> set[Change]:
    """Return what is told until all these paths were."""
    found: set[Change] = set()
    while not set(paths) <= {each.path for each in found}:
        found |= next(seen)
    return found


def test_what_the_compiler_reads_is_told_from_what_it_only_lists(
    tmp_path: Path, seen: Iterator[frozenset[Change]]
) -> None:
    (tmp_path / "src/a.py").write_text("x = 1\n")
    assert _next(seen, "src/a.py") == {Change("src/a.py", False)}
    (tmp_path / "docs/adr/0001-x.md").write_text("# X\n")
    assert _next(seen, "docs/adr/0001-x.md") == {Change("docs/adr/0001-x.md", True)}
    (tmp_path / "src/b.py").write_text("")
    assert _next(seen, "src/b.py") == {Change("src/b.py", True)}
    (tmp_path / "src/b.py").unlink()
    assert _next(seen, "src/b.py") == {Change("src/b.py", True)}


def test_an_adr_whose_name_has_no_ending_is_read(
    tmp_path: Path, seen: Iterator[frozenset[Change]]
) -> None:
    file = tmp_path / "docs/adr/0009-use-v1.2"
    file.write_text("")
    _next(seen, "docs/adr/0009-use-v1.2")
    file.write_text("# X\n")
    assert Change("docs/adr/0009-use-v1.2", True) in _next(seen, "docs/adr/0009-use-v1.2")


def test_what_happens_while_nobody_looks_is_told_next(
    tmp_path: Path, seen: Iterator[frozenset[Change]]
) -> None:
    for number in range(20):
        (tmp_path / f"docs/adr/{number:04}-y.md").write_text("# Y\n")
    found = _next(seen, *(f"docs/adr/{number:04}-y.md" for number in range(20)))
    assert len(found) == 20


def test_what_builds_write_and_files_on_their_way_are_not_told(
    tmp_path: Path, seen: Iterator[frozenset[Change]]
) -> None:
    (tmp_path / ".bylaw/x.json").write_text("{}")
    part = tmp_path / "docs/adr/.0001-x.md.abc.part"
    part.write_text("# X\n")
    os.replace(part, tmp_path / "docs/adr/0001-x.md")
    assert {each.path for each in _next(seen, "docs/adr/0001-x.md")} == {"docs/adr/0001-x.md"}


def test_where_the_system_has_no_watcher_left_files_are_looked_at(tmp_path: Path) -> None:
    """A process that may open no more files gets none from the system."""
    code = """
import os, resource, sys, time
from pathlib import Path
import watchfiles
from bylaw.watching import changes
root = Path(sys.argv[1])
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (5, hard))
found = changes(root, lambda: ".bylaw")
assert next(found) == frozenset()
resource.setrlimit(resource.RLIMIT_NOFILE, (100, hard))
(root / "0001-x.md").write_text("# X\\n")
print(sorted(next(found)))
"""
    words = [sys.executable, "-c", code, str(tmp_path)]
    path = os.pathsep.join(each for each in sys.path if each)
    said = subprocess.run(
        words,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "Change(path='0001-x.md', compiled=True)" in said.stdout, said.stderr
