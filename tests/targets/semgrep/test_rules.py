"""Every emitted rule was seen to fire in the real engine, on the lines that the language means."""

from pathlib import Path

import pytest

from tests.engines import scan
from tests.targets.semgrep.cases import Repository, found_places, full_id, read_cases

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def repository() -> Repository:
    return read_cases()


@pytest.fixture(scope="module")
def places(repository: Repository, tmp_path_factory: pytest.TempPathFactory):
    root = tmp_path_factory.mktemp("tree")
    repository.write(root)
    (root / ".semgrepignore").write_text("")
    (root / "semgrep.yml").write_bytes(repository.rules)
    results = scan(root, Path("semgrep.yml"), ("--no-rewrite-rule-ids", "--project-root", ".", "."))
    assert [e for e in results["errors"] if e.get("level") == "error"] == []
    return found_places(results)


def test_rules_fire_on_the_marked_lines_and_nowhere_else(repository, places):
    fired = {
        (full_id(rule), path, line) for rule, found in places.items() for path, line in found
    }
    marks = repository.marks
    assert sorted(marks["violation"] - fired) == []
    assert sorted(fired - marks["violation"] - marks["reported"]) == []
