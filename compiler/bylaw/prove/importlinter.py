"""import-linter as a user runs it: the emitted contracts on a tree, and its report read."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bylaw.prove.engine import Hit, Report

_SECONDS = 1800
_CONTRACT = re.compile(r'^id = "([^"]+)"\s*\nname = "([^":]+):', re.MULTILINE)


class ImportLinterEngine:
    """Runs each `importlinter*.toml`."""

    target = "import-linter"
    title = "import-linter"
    install = (
        "install it (`pip install import-linter`), or set BYLAW_IMPORT_LINTER to `lint-imports`"
    )

    def command(self) -> str | None:
        """Return the command that BYLAW_IMPORT_LINTER names, that beside us, or on the path."""
        named = os.environ.get("BYLAW_IMPORT_LINTER")
        beside = Path(sys.executable).parent / "lint-imports"
        return shutil.which(named or (str(beside) if beside.exists() else "lint-imports"))

    def select(self, artifacts: Mapping[str, bytes], rules: frozenset[str]) -> dict[str, bytes]:  # noqa: ARG002 - an engine's
        """Return all contracts: the graph is read once, whatever is asked of it."""
        return dict(artifacts)

    def run(
        self, command: str, root: Path, artifacts: Mapping[str, bytes], roots: Sequence[str]
    ) -> Report:
        """Check the imports of a tree with every file of contracts."""
        hits: list[Hit] = []
        faults: dict[str, str] = {}
        with tempfile.TemporaryDirectory(prefix="bylaw-prove-") as folder:
            for name in sorted(artifacts):
                if not name.startswith("importlinter") or not name.endswith(".toml"):
                    continue
                place = Path(folder) / name
                place.write_bytes(artifacts[name])
                rules = _rules(artifacts[name].decode())
                text = _run(command, root, place, roots)
                if "Contracts:" not in text:
                    last = text.strip().splitlines()[-1:] or ["it says nothing"]
                    faults |= dict.fromkeys(rules, f"import-linter failed: {last[0].strip()[:200]}")
                    continue
                hits += _broken(text, rules, root, roots)
        return Report(hits, None, faults)


def _rules(text: str) -> dict[str, str]:
    """Return the names of contracts as printed, by their ids."""
    return {match[1]: match[2] for match in _CONTRACT.finditer(text)}


def _run(command: str, root: Path, config: Path, roots: Sequence[str]) -> str:
    folders = [str(root / each) for each in roots] or [str(root)]
    kept = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH",)}
    environment = kept | {
        "PYTHONPATH": os.pathsep.join(folders),
        "COLUMNS": "500",
        "NO_COLOR": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    try:
        done = subprocess.run(
            [command, "--no-cache", "--config", str(config)],
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"it did not end within {_SECONDS} seconds"
    except OSError as error:
        return f"it cannot be started: {(error.strerror or type(error).__name__).lower()}"
    return done.stdout or done.stderr


_SIBLINGS = re.compile(r"^\s*- \.(?P<importer>[\w.]+) -> \.(?P<imported>[\w.]+) \(\d+ import")
_EDGE = re.compile(
    r"^\s*-\s*(?P<importer>[\w.]+) -> (?P<imported>[\w.]+) \(l\.(?P<lines>[\d, l.]+)"
)
_CYCLE = re.compile(r"No cycles are allowed in ([\w.]+)\.$")


def _broken(text: str, rules: Mapping[str, str], root: Path, roots: Sequence[str]) -> Iterator[Hit]:
    """Read the report: below each broken contract's name, chains of imports.

    The name starts with the constraint's id. The first import of a chain stands after a hyphen;
    the place of a violation is there. Of a cycle no lines are told; its place is its first module.
    """
    by_name: dict[str, str] = {}
    for rule, name in rules.items():
        by_name.setdefault(name, rule)
    current, package = None, ""
    for line in text.partition("Broken contracts")[2].splitlines():
        name, colon, _ = line.partition(": ")
        current = by_name[name] if colon and name in by_name else current
        if current is None:
            continue
        if match := _EDGE.match(line):
            path = _file(match["importer"], root, roots)
            for number in re.findall(r"\d+", match["lines"]):
                edge = (match["importer"], match["imported"])
                yield Hit(current, path, int(number), int(number), edge)
        elif found := _CYCLE.match(line):
            package = found[1]
        elif match := _SIBLINGS.match(line):
            first = min(match["importer"], match["imported"])
            yield Hit(current, _file(f"{package}.{first}", root, roots), 0, 0)


def _file(module: str, root: Path, roots: Sequence[str]) -> str:
    """Return the path of a module, that of its package's file where it is one."""
    name = module.replace(".", "/")
    for each in (*roots, ""):
        stem = f"{each}/{name}" if each else name
        for path in (f"{stem}.py", f"{stem}/__init__.py"):
            if (root / path).exists():
                return path
    return name
