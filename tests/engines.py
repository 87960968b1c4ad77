"""Find and run the real engines: Semgrep and import-linter."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Without these Semgrep asks the network for a newer version and hangs where there is none.
OFFLINE = {"SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0"}


def _absent(engine: str, wish: str) -> None:
    """Skip the test, or fail it where an absent engine would hide a fault."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{engine} is missing: {wish}")
    pytest.skip(f"{engine} is missing: {wish}")


def find_semgrep() -> Path:
    """Return Semgrep's command."""
    named = os.environ.get("BYLAW_SEMGREP")
    beside = ROOT / ".venv-semgrep" / "bin" / "semgrep"
    found = named or (str(beside) if beside.exists() else shutil.which("semgrep"))
    if not found or not Path(found).exists():
        _absent("Semgrep", "set BYLAW_SEMGREP, or install it into .venv-semgrep")
    return Path(str(found))


def semgrep(
    root: Path, *arguments: str | Path, native: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run `semgrep scan` offline in a folder."""
    start = [find_semgrep(), "scan", *(["--experimental"] if native else [])]
    return subprocess.run(
        [*map(str, start), *map(str, arguments)],
        cwd=root,
        env=os.environ | OFFLINE,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def scan(
    root: Path, config: Path, targets: Sequence[str] = (".",), *, native: bool = False
) -> dict[str, Any]:
    """Scan a folder with a rule file and return Semgrep's JSON."""
    done = semgrep(
        root, "--config", config, "--json", "--quiet", "--disable-nosem", *targets, native=native
    )
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        pytest.fail(f"semgrep exited {done.returncode}: {done.stderr[-2000:]}{done.stdout[-2000:]}")
    return found


def rule_schema() -> Path | None:
    """Return the rule schema that Semgrep's wheel brings, if its place can be told."""
    lib = find_semgrep().resolve().parent.parent / "lib"
    found = sorted(lib.glob("python*/site-packages/semgrep/semgrep_interfaces/rule_schema_v1.yaml"))
    return found[0] if found else None


def find_import_linter() -> Path:
    """Return import-linter's command, which the development extra installs."""
    beside = Path(sys.executable).parent / "lint-imports"
    found = str(beside) if beside.exists() else shutil.which("lint-imports")
    if not found:
        _absent("import-linter", "install the extra `import-linter`")
    return Path(str(found))


def lint_imports(root: Path, config: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run import-linter in a folder, from which the packages can be imported."""
    return subprocess.run(
        [str(find_import_linter()), "--config", str(config), "--no-cache", *arguments],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
