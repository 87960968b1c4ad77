"""Three packages from the index: every engine finds the same lines in them, and holds the same."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from bylaw.check.verdict import NotEvaluated, Violation
from tests.check.judging import judge
from tests.differential.test_import_linter import heads_reported
from tests.engines import scan
from tests.targets.importlinter.engine import run
from tests.targets.semgrep.cases import Repository, found_places, full_id

pytestmark = pytest.mark.engine

Line = tuple[str, int]

KEPT = (
    "no-numpy: Modules in `{package}` MUST NOT import `numpy`.",
    "no-tk: Modules in `{package}` MUST NOT import `tkinter`.",
    "no-exec: Python code in `{package}/**` MUST NOT use `os.execv`.",
)
"""What all three packages keep."""

BROKEN = {
    "click": (
        "no-subprocess: Modules in `click` MUST NOT import `subprocess`.",
        "no-time: Modules in `click` MUST NOT import `time`.",
        "env: Python code in `click/**` MUST NOT use `os.environ`.",
        "types-below: Modules in `click.types` MUST NOT import `click.core`.",
        "flat: Modules in `click.globals` MUST NOT import `click.core`.",
    ),
    "jsonschema": (
        "no-warnings: Modules in `jsonschema` MUST NOT import `warnings`.",
        "no-urllib: Modules in `jsonschema` MUST NOT import `urllib`.",
        "warn: Python code in `jsonschema/**` MUST NOT use `warnings.warn`.",
        "errors: Only modules in `jsonschema.validators` MAY import `jsonschema.exceptions`.",
    ),
    "lark": (
        "no-logging: Modules in `lark` MUST NOT import `logging`.",
        "no-copy: Modules in `lark` MUST NOT import `copy`.",
        "deepcopy: Python code in `lark/**` MUST NOT use `copy.deepcopy`.",
        "lexer-below: Modules in `lark.lexer` MUST NOT import `lark.common`.",
        "trees-alone: Modules in `lark.tree` MUST NOT import `lark.lexer`.",
    ),
}
"""What they do not, package by package."""

# What Ruff's table of banned names says of the same sentences; of a package's own modules it
# knows nothing here.
BANNED = {
    "no-numpy": "numpy",
    "no-tk": "tkinter",
    "no-exec": "os.execv",
    "no-subprocess": "subprocess",
    "no-time": "time",
    "env": "os.environ",
    "no-warnings": "warnings",
    "no-urllib": "urllib",
    "warn": "warnings.warn",
    "no-logging": "logging",
    "no-copy": "copy",
    "deepcopy": "copy.deepcopy",
}


@cache
def package_files(package: str) -> Mapping[str, str]:
    """Return the Python files of an installed package but its tests."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations
    home = Path(next(iter(spec.submodule_search_locations)))
    found = {}
    for path in sorted(home.rglob("*.py")):
        place = path.relative_to(home.parent).as_posix()
        if "/tests/" not in place and "/benchmarks/" not in place:
            found[place] = path.read_text(encoding="utf-8")
    return found


def sentences(package: str) -> dict[str, str]:
    """Return the sentences about a package by id."""
    found = (*KEPT, *BROKEN[package])
    return dict(sentence.format(package=package).split(": ", 1) for sentence in found)


def as_items(package: str) -> str:
    return "\n".join(f"- [{name}] {text}" for name, text in sentences(package).items())


@cache
def evaluated(package: str) -> Mapping[str, set[Line]]:
    found = judge(as_items(package), package_files(package))
    assert not [f for some in found.values() for f in some if isinstance(f, NotEvaluated)]
    return {
        identity: {
            (f.path, f.place.line) for f in some if isinstance(f, Violation) if f.path and f.place
        }
        for identity, some in found.items()
    }


PACKAGES = pytest.mark.parametrize("package", sorted(BROKEN))


@PACKAGES
def test_some_constraints_hold_and_some_do_not(package: str) -> None:
    kept = {sentence.partition(":")[0] for sentence in KEPT}
    assert {identity for identity, lines in evaluated(package).items() if not lines} == kept


@PACKAGES
def test_semgrep_finds_the_same_lines(package: str, tmp_path: Path) -> None:
    made = Repository(
        {package: f"# A\n\n- Status: accepted\n\n## Constraints\n\n{as_items(package)}"}
    )
    made.files = dict(package_files(package))
    made.write(tmp_path)
    rules = tmp_path / "rules.yml"
    rules.write_bytes(made.rules)
    (tmp_path / ".semgrepignore").write_bytes(made.ignore)
    options = ("--no-rewrite-rule-ids", "--project-root", ".", ".")
    found: dict[str, set[Line]] = {identity: set() for identity in sentences(package)}
    for rule, places in found_places(scan(tmp_path, rules, options)).items():
        found[full_id(rule).partition("/")[2]] |= places
    assert found == evaluated(package)


@PACKAGES
def test_import_linter_finds_the_same_lines(package: str, tmp_path: Path) -> None:
    verdicts = run(tmp_path, as_items(package), dict(package_files(package)))
    reported = heads_reported(verdicts.text.partition("Broken contracts")[2], every=True)
    judged = verdicts.kept | verdicts.broken.keys()
    assert judged == {identity for identity, text in sentences(package).items() if "import" in text}
    for identity in judged:
        lines = {(module_file(package, name), line) for name, line in reported.get(identity, ())}
        assert (identity, lines) == (identity, evaluated(package)[identity])


def module_file(package: str, module: str) -> str:
    """Return the file of a module."""
    path = module.replace(".", "/")
    inner = f"{path}/__init__.py"
    return inner if inner in package_files(package) else f"{path}.py"


@PACKAGES
def test_ruff_finds_the_same_lines(package: str, tmp_path: Path) -> None:
    for path, text in package_files(package).items():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    for identity in sentences(package):
        if identity in BANNED:
            found = ruff(tmp_path, BANNED[identity], "import" in sentences(package)[identity])
            ours = {
                line for line in evaluated(package)[identity] if not short(package, identity, line)
            }
            assert (identity, found) == (identity, ours)


def short(package: str, identity: str, line: Line) -> bool:
    """Tell whether a use has but the last name of what is banned.

    Of a name that is imported from its module Ruff reports the import, and no use.
    """
    text = package_files(package)[line[0]].splitlines()[line[1] - 1]
    return BANNED[identity] not in text and "import" not in text


def ruff(root: Path, banned: str, imports: bool) -> set[Line]:
    """Return the lines on which Ruff finds a banned name: in imports, or anywhere."""
    config = root / "ruff.toml"
    config.write_text(
        f'lint.select = ["TID251"]\n[lint.flake8-tidy-imports.banned-api]\n"{banned}".msg = "no"\n'
    )
    beside = Path(sys.executable).with_name("ruff")
    command = str(beside) if beside.exists() else shutil.which("ruff")
    assert command, "ruff is a dependency of development"
    arguments = ["check", "--config", str(config), "--no-cache", "--ignore-noqa"]
    done = subprocess.run(
        [command, *arguments, "--output-format", "json", "."],
        cwd=root,
        env=os.environ | {"NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    lines: set[Line] = set()
    for found in json.loads(done.stdout):
        path = Path(found["filename"]).relative_to(root.resolve()).as_posix()
        line = found["location"]["row"]
        text = (root / path).read_text(encoding="utf-8").splitlines()[line - 1].strip()
        if not imports or text.startswith(("import ", "from ")):
            lines.add((path, line))
    return lines
