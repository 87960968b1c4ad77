"""Running the real import-linter on emitted contracts, and reading what it says."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.targets.compiled import assemble, scoped

from bylaw_targets.importlinter import ImportLinter

LINT = Path(sys.executable).with_name("lint-imports")
_VERDICT = re.compile(r"^(?P<id>\S+/[a-z0-9-]+): .* (?P<verdict>KEPT|BROKEN)\b")
_NAME = re.compile(r"^(?P<id>\S+/[a-z0-9-]+): ")
_EDGE = re.compile(r"^- +(?P<importer>[\w.-]+) -> (?P<imported>[\w.-]+) \(l\.(?P<line>\d+)")
_CYCLE = re.compile(r"^- (?P<importer>\.[\w.]+) -> (?P<imported>\.[\w.]+) \(\d+ import")


@dataclass
class Verdicts:
    """What import-linter said: ids that are kept, and the first import of each broken chain."""

    kept: set[str] = field(default_factory=set)
    broken: dict[str, set[str]] = field(default_factory=dict)
    text: str = ""


def run(
    tmp_path: Path, sentences: str, tree: Mapping[str, str], roots: tuple[str, ...] = ()
) -> Verdicts:
    """Write the tree and the contracts, and run import-linter once for each file of contracts.

    A constraint of several contracts is kept where all of them are.
    """
    decision = scoped(sentences, tree, roots)
    for path, text in tree.items():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    verdicts = Verdicts()
    for path, artifact in assemble(ImportLinter(), decision).items():
        (tmp_path / path).write_bytes(artifact.data)
        places = [root or "." for root in decision.facts.source_roots]
        text, status = lint(tmp_path, path, places)
        assert "Contracts:" in text, text
        before = len(verdicts.broken)
        read(text, verdicts)
        assert status == (1 if len(verdicts.broken) > before else 0), text
        verdicts.text += text
    verdicts.kept -= verdicts.broken.keys()
    return verdicts


def lint(folder: Path, config: str, roots: list[str]) -> tuple[str, int]:
    """Run `lint-imports` and return what it printed, and its exit status."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(roots),
        "COLUMNS": "2000",
        "NO_COLOR": "1",
    }
    done = subprocess.run(
        [LINT, "--config", config, "--no-cache"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr, done.returncode


def read(text: str, verdicts: Verdicts) -> None:
    """Add what one run said."""
    for line in text.splitlines():
        if match := _VERDICT.match(line):
            identity = match["id"].partition("/")[2]
            if match["verdict"] == "KEPT":
                verdicts.kept.add(identity)
            else:
                verdicts.broken.setdefault(identity, set())
    current = ""
    for line in text.partition("Broken contracts")[2].splitlines():
        if match := _NAME.match(line):
            current = match["id"].partition("/")[2]
        elif match := _EDGE.match(line):
            verdicts.broken[current].add(
                f"{match['importer']}:{match['line']} -> {match['imported']}"
            )
        elif match := _CYCLE.match(line):
            verdicts.broken[current].add(f"{match['importer']} -> {match['imported']}")
