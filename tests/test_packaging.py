"""The wheel is the whole program: installed alone, it builds the sample shop."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bylaw", "bylaw_grammar", "bylaw_targets")


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command without this checkout's influence, and return what it printed."""
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the source distribution, from a copy of what git knows."""
    source = tmp_path_factory.mktemp("source")
    listed = run("git", "ls-files", "-co", "--exclude-standard", cwd=ROOT).splitlines()
    for name in listed:
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, source / name)
    target = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", target, cwd=source)
    return next(target.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an environment with nothing else, and return its `bin`."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    run(sys.executable, ROOT / ".ci" / "venv", folder, wheel, cwd=ROOT)
    return folder / "bin"


def test_the_wheel_holds_our_packages_and_no_others(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
    assert "bylaw_grammar/constraint.tables" in names
    assert all(f"{package}/py.typed" in names for package in PACKAGES)
    assert any(name.endswith("licenses/LICENSE") for name in names)


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_can_be_imported_first(installed: Path, package: str, tmp_path: Path) -> None:
    code = f"import {package}; print({package}.__file__)"
    assert "site-packages" in run(installed / "python", "-c", code, cwd=tmp_path)


def test_importing_bylaw_imports_no_library(installed: Path, tmp_path: Path) -> None:
    code = (
        "import sys, bylaw; print([m for m in ('pydantic', 'lark', 'click') if m in sys.modules])"
    )
    assert run(installed / "python", "-c", code, cwd=tmp_path).strip() == "[]"


def test_the_installed_program_builds_the_sample(installed: Path, sample: Path) -> None:
    run(installed / "bylaw", "build", cwd=sample)
    written = {path.name for path in (sample / ".bylaw").iterdir()}
    assert {"constraints.json", "semgrep.yml", "importlinter.toml", "manifest.json"} <= written


def test_the_installed_program_explains_its_diagnostics(installed: Path, sample: Path) -> None:
    page = ROOT / "docs" / "diagnostics" / "BL201.md"
    printed = run(installed / "bylaw", "explain", "BL201", cwd=sample)
    assert page.read_text("utf-8").partition("\n")[0].removeprefix("# ") in printed
