"""Semgrep as a user runs it: the emitted rule file on a tree."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bylaw.check.semgrep import environment
from bylaw.prove.engine import Hit, Report

_SECONDS = 1800
_RULES = "semgrep.yml"
_START = re.compile(r'^- id: ("[^"\n]*")\n', re.MULTILINE)
"""Where a rule of the emitted file starts."""


class SemgrepEngine:
    """Runs `semgrep.yml`."""

    target = "semgrep"
    title = "Semgrep"
    install = "install it (`pip install 'bylaw[semgrep]'`), or set BYLAW_SEMGREP to its command"

    def command(self) -> str | None:
        """Return the command that BYLAW_SEMGREP names, or the one on the path."""
        return shutil.which(os.environ.get("BYLAW_SEMGREP") or "semgrep")

    def select(self, artifacts: Mapping[str, bytes], rules: frozenset[str]) -> dict[str, bytes]:
        """Return the rule file with some of its rules only."""
        data = artifacts.get(_RULES)
        if data is None:
            return {}
        head, *blocks = _START.split(data.decode())
        kept = [
            f"- id: {name}\n{text}"
            for name, text in zip(blocks[::2], blocks[1::2], strict=True)
            if json.loads(name) in rules
        ]
        return {_RULES: (head + "".join(kept)).encode()} if kept else {}

    def run(
        self,
        command: str,
        root: Path,
        artifacts: Mapping[str, bytes],
        roots: Sequence[str],  # noqa: ARG002 - an engine's
    ) -> Report:
        """Scan a tree; what the rule file does not say, a user does not get either."""
        rules = artifacts.get(_RULES)
        if rules is None:
            return Report(scanned=frozenset())
        with tempfile.TemporaryDirectory(prefix="bylaw-prove-") as folder:
            own = Path(folder)
            (own / _RULES).write_bytes(rules)
            return _read(_run(command, root, own))


def _run(command: str, root: Path, own: Path) -> "subprocess.CompletedProcess[bytes] | str":
    line = [
        *(
            command,
            "scan",
            f"--config={own / _RULES}",
            "--json",
            "--quiet",
            "--no-rewrite-rule-ids",
        ),
        *("--disable-nosem", "--no-git-ignore", "--metrics=off", "--disable-version-check"),
        *("--project-root", ".", "."),
    ]
    try:
        return subprocess.run(
            line,
            cwd=root,
            env=environment(own),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"Semgrep did not end within {_SECONDS} seconds"
    except OSError as error:
        return f"Semgrep cannot be started: {(error.strerror or type(error).__name__).lower()}"


def _read(done: "subprocess.CompletedProcess[bytes] | str") -> Report:
    if isinstance(done, str):
        return Report(faults={"": done})
    try:
        said: Any = json.loads(done.stdout)
    except ValueError:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        told = f": {last[0].strip()[:200]}" if last else ""
        return Report(faults={"": f"Semgrep ended with status {done.returncode}{told}"})
    hits = [
        Hit(r["check_id"], _path(r["path"]), r["start"]["line"], r["end"]["line"])
        for r in said.get("results", ())
    ]
    faults: dict[str, str] = {}
    unread: dict[str, str] = {}
    for error in said.get("errors", ()):
        told = str(error.get("message") or error.get("type")).strip().splitlines()[0][:200]
        if error.get("path"):
            unread[_path(error["path"])] = told
        else:
            faults[str(error.get("rule_id") or "")] = told
    scanned = frozenset(map(_path, said.get("paths", {}).get("scanned", ())))
    return Report(hits, scanned, faults, unread)


def _path(path: str) -> str:
    return path.removeprefix("./").replace(os.sep, "/")
