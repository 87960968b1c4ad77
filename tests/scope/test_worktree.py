"""The tree: what git tracks or would add, whatever lies in the folder."""

import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from bylaw.diagnostics import Report
from bylaw.tree import Tree
from bylaw.worktree import head_commit_date, list_files, main_branch


def _git(root: Path, *arguments: str, **environment: str) -> None:
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run(
        ["git", *identity, "-c", "protocol.file.allow=always", *arguments],
        cwd=root,
        check=True,
        capture_output=True,
        env=os.environ | environment,
    )


def _write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    _git(root, "init", "-q", "-b", "main")
    return root


def test_git_and_a_walk_see_the_same_files(repository: Path) -> None:
    _write(repository, "a.py", "b/c.py", "b/.hidden", "tab\there", "line\nfeed", "é/ü.py", "b.c/d")
    (repository / "link.py").symlink_to("a.py")
    (repository / "loop").symlink_to(".")
    _git(repository, "add", "a.py", "b")
    with_git = list_files(repository, Report())
    shutil.rmtree(repository / ".git")
    assert list_files(repository, Report()) == with_git
    assert with_git == tuple(
        sorted(["a.py", "b/c.py", "b/.hidden", "tab\there", "line\nfeed", "é/ü.py", "b.c/d"])
    )


def test_ignored_and_deleted_files_are_not_of_the_tree(repository: Path) -> None:
    _write(repository, "kept.py", "gone.py", "build/out.py", "tracked.log")
    (repository / ".gitignore").write_text("build/\n*.log\n", encoding="utf-8")
    _git(repository, "add", "-f", "tracked.log")
    _git(repository, "add", "-A")
    (repository / "gone.py").unlink()
    assert list_files(repository, Report()) == (".gitignore", "kept.py", "tracked.log")


def test_a_tracked_file_that_became_a_link_is_not_followed(repository: Path) -> None:
    _write(repository, "a.py", "b.py")
    _git(repository, "add", "-A")
    (repository / "a.py").unlink()
    (repository / "a.py").symlink_to("/etc/passwd")
    assert list_files(repository, Report()) == ("b.py",)


def test_submodules_and_nested_repositories_are_not_entered(
    repository: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    _git(other, "init", "-q", "-b", "main")
    _write(other, "inner.py")
    _git(other, "add", "-A")
    _git(other, "commit", "-qm", "Start")
    _write(repository, "a.py")
    _git(repository, "submodule", "add", "-q", str(other), "vendored")
    shutil.copytree(other, repository / "nested")
    assert list_files(repository, Report()) == (".gitmodules", "a.py")


def test_a_file_in_conflict_is_listed_once(repository: Path) -> None:
    _write(repository, "a.py")
    _git(repository, "add", "-A")
    _git(repository, "commit", "-qm", "Start")
    for branch, text in (("one", "1"), ("two", "2")):
        _git(repository, "checkout", "-q", "-b", branch, "main")
        (repository / "a.py").write_text(text, encoding="utf-8")
        _git(repository, "commit", "-qam", branch)
    with pytest.raises(subprocess.CalledProcessError):
        _git(repository, "merge", "one")
    assert list_files(repository, Report()) == ("a.py",)


def test_a_folder_within_a_repository_is_a_tree_of_its_own(repository: Path) -> None:
    _write(repository, "top.py", "part/a.py", "part/b/c.py")
    _git(repository, "add", "part/a.py")
    assert list_files(repository / "part", Report()) == ("a.py", "b/c.py")


def test_a_name_that_is_not_utf8_is_reported_and_left_out(repository: Path) -> None:
    (Path(os.fsdecode(os.fsencode(repository) + b"/caf\xe9.py"))).write_text("", encoding="utf-8")
    _write(repository, "a.py")
    for _ in range(2):
        report = Report()
        assert list_files(repository, report) == ("a.py",)
        assert [(d.code, d.message) for d in report] == [
            ("BL307", "the name of `caf\\xe9.py` is not UTF-8, so no constraint covers the file")
        ]
        shutil.rmtree(repository / ".git", ignore_errors=True)


def test_a_bare_repository_is_walked_and_said_to_be(tmp_path: Path) -> None:
    _git(tmp_path, "init", "-q", "--bare", "bare.git")
    report = Report()
    assert "HEAD" in list_files(tmp_path / "bare.git", report)
    assert [d.code for d in report] == ["BL306"]


def test_a_folder_that_git_distrusts_is_walked_and_said_to_be(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(repository, "a.py")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    report = Report()
    assert list_files(repository, report) == ("a.py",)
    (found,) = report
    assert found.code == "BL306"
    assert "dubious ownership" in str(found.note)


def test_without_git_the_tree_is_walked(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(repository, "a.py")
    monkeypatch.setenv("PATH", "")
    report = Report()
    assert list_files(repository, report) == ("a.py",)
    assert [d.code for d in report] == ["BL306"]
    assert head_commit_date(repository) is None
    assert main_branch(repository) is None


def test_a_repositorys_own_file_monitor_is_never_started(repository: Path) -> None:
    trap = repository / "trap.sh"
    trap.write_text("#!/bin/sh\ntouch sprung\n", encoding="utf-8")
    trap.chmod(0o755)
    _git(repository, "config", "core.fsmonitor", "./trap.sh")
    assert list_files(repository, Report()) == ("trap.sh",)
    assert not (repository / "sprung").exists()


def test_the_day_of_head_is_in_utc(repository: Path) -> None:
    assert head_commit_date(repository) is None
    _write(repository, "a.py")
    _git(repository, "add", "-A")
    late = "2026-03-01T01:30:00+05:00"
    _git(repository, "commit", "-qm", "Start", GIT_COMMITTER_DATE=late, GIT_AUTHOR_DATE=late)
    assert head_commit_date(repository) == date(2026, 2, 28)
    assert main_branch(repository) == "refs/heads/main"
    assert head_commit_date(repository.parent) is None


def test_a_tree_answers_as_a_matcher_would() -> None:
    files = ["a/b.py", "a/b/c.py", "a-b/x", "a.py", "b/Makefile", "tests/test_a.py", "ab/c"]
    tree = Tree(files)
    for glob, expected in {
        "a": ["a/b.py", "a/b/c.py"],
        "a/**": ["a/b.py", "a/b/c.py"],
        "a.py": ["a.py"],
        "**/Makefile": ["b/Makefile"],
        "**/test_*.py": ["tests/test_a.py"],
        "**/*.[p]y": ["a.py", "a/b.py", "a/b/c.py", "tests/test_a.py"],
        "a*/*": ["a-b/x", "a/b.py", "ab/c"],
        "**": sorted(files),
        "nowhere/**": [],
        "{b,ab}/*": ["ab/c", "b/Makefile"],
    }.items():
        assert tree.matching(glob) == tuple(expected)
        assert tree.matches(glob) == bool(expected)
    assert list(tree.folders.files) == ["a", "a-b", "a/b", "ab", "b", "tests"]
    assert tree.children("") == ["a", "a-b", "a.py", "ab", "b", "tests"]
    assert tree.children("a/") == ["b", "b.py"]
