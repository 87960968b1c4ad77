"""`init` and `fmt`: the two commands that write what people own."""

import os
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from tests.cli.commands import Run, Write

UNTIDY = """\
# 4. Tidy

Status: accepted

## Constraints

- Modules in `shop.domain` SHALL NOT import `sqlalchemy`.

Kept   as it is.
"""


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_init_makes_a_repository_that_builds(run: Run, repo: Path) -> None:
    outcome = run("init")
    assert outcome.status == 0
    assert set(tree(repo)) == {
        "bylaw.toml",
        "docs/adr/0001-record-architecture-decisions.md",
        "docs/adr/template.md",
    }
    built = run("build", "--strict")
    assert built.status == 0, built.err
    assert "no errors in 1 ADR\n" in built.err


def test_init_says_what_it_did_and_what_comes_next(run: Run, snapshot: SnapshotAssertion) -> None:
    assert run("init").err == snapshot
    assert run("init").err == snapshot


def test_init_changes_nothing_that_exists(run: Run, repo: Path) -> None:
    run("init")
    (repo / "bylaw.toml").write_text("strict = true\n")
    (repo / "docs/adr/template.md").unlink()
    before = tree(repo)
    assert run("init").status == 0
    assert {path: data for path, data in tree(repo).items() if path in before} == before


def test_init_adopts_decisions_that_are_there(run: Run, repo: Path, write: Write) -> None:
    write({"doc/decisions/0001-x.md": "# 1. X\n\nStatus: accepted\n\n## Context\n\nA.\n"})
    outcome = run("init")
    assert set(tree(repo)) == {"bylaw.toml", "doc/decisions/0001-x.md"}
    assert 'adrs = ["doc/decisions"]' in (repo / "bylaw.toml").read_text()
    assert "add a section `Constraints`" in outcome.err
    assert run("build").status == 0


def test_init_in_a_folder_of_ones_own(run: Run, repo: Path) -> None:
    assert run("init", "--adrs", "architecture/decisions").status == 0
    assert (repo / "architecture/decisions/template.md").exists()
    assert run("build", "--strict").status == 0


@pytest.mark.parametrize("folder", ["..", "../x", "."])
def test_init_stays_in_the_repository(run: Run, repo: Path, folder: str) -> None:
    assert run("init", "--adrs", folder).status == 2
    assert tree(repo) == {}


def test_init_leaves_a_table_in_pyproject_alone(run: Run, repo: Path, write: Write) -> None:
    write({"pyproject.toml": "[tool.bylaw]\nadrs = ['adr']\n"})
    assert run("init").status == 0
    assert not (repo / "bylaw.toml").exists()
    assert (repo / "adr/template.md").exists()


def test_fmt_writes_ids_and_spelling_and_nothing_else(
    run: Run, repo: Path, shop: None, write: Write
) -> None:
    write({"docs/adr/0004-tidy.md": UNTIDY})
    assert run("fmt").status == 0
    text = (repo / "docs/adr/0004-tidy.md").read_text()
    before, after = UNTIDY.splitlines(), text.splitlines()
    changed = [number for number, line in enumerate(before) if line != after[number]]
    assert changed == [6]
    assert "] Modules in `shop.domain` MUST NOT import `sqlalchemy`." in after[6]
    assert run("fmt", "--check").status == 0


def test_fmt_check_and_diff_write_nothing(
    run: Run, repo: Path, shop: None, write: Write, snapshot: SnapshotAssertion
) -> None:
    write({"docs/adr/0004-tidy.md": UNTIDY})
    before = tree(repo)
    check = run("fmt", "--check")
    assert (check.status, check.out) == (1, "")
    assert "would change docs/adr/0004-tidy.md" in check.err
    diff = run("fmt", "--diff")
    assert diff.status == 1
    assert diff.out == snapshot
    assert tree(repo) == before


def test_fmt_keeps_rights_links_and_line_ends(
    run: Run, repo: Path, shop: None, write: Write
) -> None:
    write({"elsewhere/real.md": UNTIDY.replace("\n", "\r\n")})
    real = repo / "elsewhere/real.md"
    real.chmod(0o640)
    link = repo / "docs/adr/0004-tidy.md"
    os.symlink("../../elsewhere/real.md", link)
    assert run("fmt", "docs/adr/0004-tidy.md").status == 0
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    data = real.read_bytes()
    assert b"MUST NOT" in data
    assert data.count(b"\r\n") == data.count(b"\n")


def test_fmt_takes_files_and_folders(run: Run, repo: Path, shop: None, write: Write) -> None:
    write({"docs/adr/0004-tidy.md": UNTIDY, "docs/other/0005-tidy.md": UNTIDY})
    assert run("fmt", "--check", "docs/adr/0007-domain.md").status == 0
    assert run("fmt", "--check", "docs/adr").status == 1
    assert run("fmt", "--check", "docs/other/0005-tidy.md").status == 1
    missing = run("fmt", "docs/adr/none.md")
    assert missing.status == 2
    assert "error[BL903]" in missing.err
