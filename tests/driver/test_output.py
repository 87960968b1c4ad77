"""Artifacts go to the output folder whole, and nowhere else."""

import os
import resource
from pathlib import Path

import pytest

from bylaw.output import ForeignFolderError, compare, write
from bylaw.target import Artifact
from tests.driver.repository import Repository, fill, record

MANIFEST = Artifact(
    "manifest.json", b'{"format":"bylaw/manifest","outputs":[{"path":"a.txt"},{"path":"b/c.txt"}]}'
)
ARTIFACTS = [Artifact("a.txt", b"one\n"), Artifact("b/c.txt", b"two\n"), MANIFEST]


def names(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_what_was_written_is_up_to_date(tmp_path: Path) -> None:
    difference = write(ARTIFACTS, tmp_path / "out")
    assert set(difference.missing) == {"a.txt", "b/c.txt", "manifest.json"}
    assert not compare(ARTIFACTS, tmp_path / "out")
    assert names(tmp_path / "out") == {"a.txt", "b/c.txt", "manifest.json"}


def test_an_artifact_that_is_made_no_more_goes_with_its_folder(tmp_path: Path) -> None:
    write(ARTIFACTS, tmp_path)
    fewer = [ARTIFACTS[0], Artifact("manifest.json", b'{"format":"bylaw/manifest","outputs":[]}')]
    assert write(fewer, tmp_path).orphaned == ("b/c.txt",)
    assert {path.name for path in tmp_path.iterdir()} == {"a.txt", "manifest.json"}


@pytest.mark.parametrize("name", ["manifest.json", "a.txt", "mine.txt", "b/d.txt"])
def test_a_hand_written_folder_is_refused_whatever_its_files_are_called(
    tmp_path: Path, name: str
) -> None:
    """A web application has a `manifest.json` too, and a repository an `AGENTS.md`."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text('{"name": "Shop", "icons": []}\n')
    with pytest.raises(ForeignFolderError) as error:
        write(ARTIFACTS, tmp_path)
    assert error.value.files == (name,)
    assert names(tmp_path) == {name}


def test_a_manifest_with_the_marks_of_a_merge_is_written_anew(tmp_path: Path) -> None:
    write(ARTIFACTS, tmp_path)
    conflict = b"<<<<<<< ours\n" + MANIFEST.data + b"\n=======\n" + MANIFEST.data + b"\n>>>>>>> x\n"
    (tmp_path / "manifest.json").write_bytes(conflict)
    (tmp_path / "a.txt").write_text("<<<<<<< ours\n")
    write(ARTIFACTS, tmp_path)
    assert not compare(ARTIFACTS, tmp_path)


def test_a_first_build_that_was_killed_is_taken_up(tmp_path: Path) -> None:
    """The manifest it was about to publish says which files are its own."""
    (tmp_path / "a.txt").write_text("of the killed build")
    (tmp_path / "gone.txt").write_text("of the killed build")
    journal = b'{"format":"bylaw/manifest","outputs":[{"path":"a.txt"},{"path":"gone.txt"}]}'
    (tmp_path / ".manifest.json.x1.part").write_bytes(journal)
    assert write(ARTIFACTS, tmp_path).orphaned == ("gone.txt",)
    assert not compare(ARTIFACTS, tmp_path)


def test_old_leftovers_go_and_those_of_a_running_build_stay(tmp_path: Path) -> None:
    write(ARTIFACTS, tmp_path)
    old, new = tmp_path / ".a.txt.old.part", tmp_path / "b" / ".c.txt.new.part"
    for path in (old, new):
        path.write_text("half")
    os.utime(old, (1, 1))
    assert not compare(ARTIFACTS, tmp_path)
    write(ARTIFACTS, tmp_path)
    assert (old.exists(), new.exists()) == (False, True)


def test_a_manifest_cannot_name_files_elsewhere(tmp_path: Path) -> None:
    outside = tmp_path / "precious.txt"
    outside.write_text("mine")
    folder = tmp_path / "out"
    write(ARTIFACTS, folder)
    (folder / "link").symlink_to(tmp_path)
    paths = ("../precious.txt", "link/precious.txt")
    outputs = ",".join(f'{{"path":"{path}"}}' for path in paths)
    lies = f'{{"format":"bylaw/manifest","outputs":[{outputs}]}}'
    (folder / "manifest.json").write_text(lies)
    write(ARTIFACTS, folder)
    assert outside.read_text() == "mine"


def test_an_artifact_that_is_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "precious.txt"
    outside.write_text("mine")
    write(ARTIFACTS, tmp_path / "out")
    (tmp_path / "out" / "a.txt").unlink()
    (tmp_path / "out" / "a.txt").symlink_to(outside)
    write(ARTIFACTS, tmp_path / "out")
    assert outside.read_text() == "mine"
    assert not (tmp_path / "out" / "a.txt").is_symlink()


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_the_umask_decides_who_may_read(tmp_path: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        write(ARTIFACTS, tmp_path / "out")
    finally:
        os.umask(before)
    assert (tmp_path / "out" / "a.txt").stat().st_mode & 0o777 == mode


def test_a_full_disk_is_a_diagnostic_and_leaves_the_old_files(repository: Repository) -> None:
    fill(repository, range(3))
    before = repository.build()
    fill(repository, range(30))
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limit[1]))
    try:
        done = repository.run("build")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert done.returncode == 2
    assert "error[BL906]" in done.stderr
    assert "Traceback" not in done.stderr
    assert repository.outputs() == before


def test_check_is_quiet_about_the_day_where_nothing_depends_on_it(repository: Repository) -> None:
    """What was built before a commit is up to date after it, on whatever day that is."""
    fill(repository, range(3))
    repository.build("--as-of", "2026-06-01")
    done = repository.run("build", "--check", "--as-of", "2026-06-02")
    assert done.returncode == 0, done.stderr


def test_a_locale_without_utf8_changes_no_byte(repository: Repository) -> None:
    """Python then takes file names for ASCII; those of the tree are UTF-8."""
    fill(repository, range(3))
    text = record("3. Größe", "[a-b] Files in `größe/**` MUST have at most 5 lines.")
    repository.write({"docs/adr/0003-größe.md": text, "größe/ü.py": ""})
    first = repository.build()
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert repository.build(BYLAW_CACHE_DIR=str(repository.cache / "other"), **plain) == first
    repository.write({"docs/adr/0003-größe.md": text.replace("MUST", "must")})
    done = repository.run("build", **plain)
    assert done.returncode == 1
    assert "error[BL" in done.stderr
    assert "bylaw itself has failed" not in done.stderr
