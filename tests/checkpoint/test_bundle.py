"""The bundle of modules: the same code as ever, found faster, and never code that has changed."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bylaw import bundle

Run = Callable[..., list[str]]

PROGRAM = """
import sys
sys.path.insert(0, {folder!r})
from bylaw import bundle
found = bundle.install()
import {name}
print({name}.VALUE, {name}.__file__, found.missed, {name}.__spec__.loader.__class__.__name__)
found.renew()
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a program that imports `shelf` through the bundle, and return what it prints."""
    folder = tmp_path / "code"
    folder.mkdir()

    def run(value: str | None = None, name: str = "shelf") -> list[str]:
        if value is not None:
            (folder / "shelf.py").write_text(f"VALUE = {value!r}\n")
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM.format(folder=str(folder), name=name)],
            capture_output=True,
            text=True,
            env={**os.environ, "BYLAW_CACHE_DIR": str(tmp_path / "cache")},
            check=True,
        )
        return done.stdout.split()

    return run


def test_a_module_is_found_in_the_bundle_the_second_time(run: Run) -> None:
    assert run("one")[0] == "one"
    value, file, missed, loader = run()
    assert (value, missed, loader) == ("one", "False", "_Loader")
    assert file.endswith("shelf.py")


def test_a_module_that_has_changed_is_imported_as_it_is_now(run: Run) -> None:
    run("one")
    run()
    # The length is the same, and so may be the second; the time stamp is not.
    assert run("two")[0] == "two"
    value, _, missed, loader = run()
    assert (value, missed, loader) == ("two", "False", "_Loader")


def test_a_broken_bundle_is_no_bundle(run: Run, tmp_path: Path) -> None:
    run("one")
    (bundle,) = (tmp_path / "cache").glob("modules-*.bin")
    whole = bundle.read_bytes()
    for broken in (b"", whole[:20], whole[:-50], whole[:60] + b"\0" * 40 + whole[100:], b"x" * 500):
        bundle.write_bytes(broken)
        assert run()[0] == "one"
        assert run()[2] == "False"


def test_a_module_that_is_gone_is_not_found_in_the_bundle(run: Run, tmp_path: Path) -> None:
    run("one")
    (tmp_path / "code/shelf.py").unlink()
    with pytest.raises(subprocess.CalledProcessError):
        run()


def test_packages_keep_their_folder_and_their_modules(run: Run, tmp_path: Path) -> None:
    package = tmp_path / "code/box"
    package.mkdir()
    (package / "__init__.py").write_text("from box.inner import VALUE\n")
    (package / "inner.py").write_text("VALUE = 'inside'\n")
    for _ in range(2):
        assert run(name="box")[0] == "inside"
    (package / "inner.py").write_text("VALUE = 'changed'\n")
    assert run(name="box")[0] == "changed"


def test_nothing_is_bundled_where_that_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLAW_NO_BUNDLE", "1")
    before = list(sys.meta_path)
    assert bundle.install() is None
    assert sys.meta_path == before
