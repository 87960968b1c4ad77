"""Running Semgrep, offline and whatever the user has configured for it: patterns on files."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bylaw.facts.model import Place
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.ir import Language

SECONDS_PER_FILE = 30
SECONDS = 1800
"""For all files; beyond, nothing is known of any."""

# By our name of a language, Semgrep's, and the endings that it takes for it.
_LANGUAGES: Mapping[Language, str] = {
    "csharp": "csharp",
    "go": "go",
    "java": "java",
    "javascript": "javascript",
    "kotlin": "kotlin",
    "php": "php",
    "python": "python",
    "ruby": "ruby",
    "rust": "rust",
    "typescript": "typescript",
}
_WRITTEN: Mapping[str, str] = {
    ".mts": ".ts",
    ".cts": ".ts",
    ".mjs": ".js",
    ".cjs": ".js",
    ".pyi": ".py",
    ".kts": ".kt",
}
"""Endings under which Semgrep would not scan a file, and those of the same language it does."""


class Search(NamedTuple):
    """A pattern in one language."""

    language: Language
    pattern: str


class Match(NamedTuple):
    """Where a pattern matches; columns count code points."""

    path: str
    place: Place


@dataclass
class Answer:
    """What one search has found, where it could not look, and why it could not at all."""

    matches: list[Match] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)
    fault: str | None = None


def search(
    semgrep: str, searches: Sequence[Search], files: Mapping[str, bytes]
) -> dict[Search, Answer]:
    """Search files, given as bytes by path, for all patterns in one run of Semgrep."""
    answers = {one: Answer() for one in searches}
    if not searches or not files:
        return answers
    numbered = list(answers)
    with tempfile.TemporaryDirectory(prefix="bylaw-semgrep-") as folder:
        root = Path(folder).resolve()
        paths = _lay_out(root / "files", files)
        rules = [_rule(str(number), one) for number, one in enumerate(numbered)]
        # JSON is YAML, too, and needs no quoting of ours.
        (root / "rules.json").write_text(json.dumps({"rules": rules}), encoding="utf-8")
        said = _run(semgrep, root)
    for result in said.get("results", ()):
        path = paths.get(Path(result["path"]).name)
        if path is not None:
            answer = answers[numbered[int(result["check_id"])]]
            answer.matches.append(Match(path, _place(result, files[path])))
    for error in said.get("errors", ()):
        _note(error, numbered, answers, paths)
    return answers


def _lay_out(folder: Path, files: Mapping[str, bytes]) -> dict[str, str]:
    """Write the files under names that no ignore file or habit of Semgrep's speaks of."""
    folder.mkdir()
    paths: dict[str, str] = {}
    for number, (path, data) in enumerate(sorted(files.items())):
        ending = path[path.rfind(".") :]
        name = f"{number:08}{_WRITTEN.get(ending, ending)}"
        (folder / name).write_bytes(data)
        paths[name] = path
    return paths


def _rule(identity: str, one: Search) -> dict[str, Any]:
    return {
        "id": identity,
        "languages": [_LANGUAGES[one.language]],
        "severity": "ERROR",
        "message": "found",
        "pattern": one.pattern,
        # A value under another name is not followed, so a constant is no literal.
        "options": {"constant_propagation": False},
    }


def _run(semgrep: str, root: Path) -> dict[str, Any]:
    command = [
        semgrep,
        "scan",
        "--config=rules.json",
        "--json",
        "--quiet",
        "--metrics=off",
        "--disable-version-check",
        "--disable-nosem",
        "--no-git-ignore",
        "--no-rewrite-rule-ids",
        "--max-target-bytes=0",
        f"--timeout={SECONDS_PER_FILE}",
        "--timeout-threshold=0",
        "files",
    ]
    try:
        done = subprocess.run(
            command,
            cwd=root,
            env=environment(root),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnevaluableError(f"Semgrep did not end within {SECONDS} seconds") from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise UnevaluableError(f"Semgrep cannot be started: {reason}") from None
    try:
        said = json.loads(done.stdout)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        last = f": {lines[-1].strip()[:200]}" if lines else ""
        raise UnevaluableError(f"Semgrep ended with status {done.returncode}{last}")
    return said


def environment(root: Path) -> dict[str, str]:
    """Return the user's environment but for what would configure Semgrep."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SEMGREP_")}
    return kept | {
        "SEMGREP_SEND_METRICS": "off",
        "SEMGREP_ENABLE_VERSION_CHECK": "0",
        "SEMGREP_SETTINGS_FILE": str(root / "settings.yml"),
        "SEMGREP_LOG_FILE": str(root / "semgrep.log"),
        "SEMGREP_VERSION_CACHE_PATH": str(root / "version"),
        "PYTHONUTF8": "1",
    }


def _place(result: Mapping[str, Any], data: bytes) -> Place:
    """Return a match's place: Semgrep's columns count bytes, and its offsets do."""
    start, end = result["start"], result["end"]
    return Place(
        start["line"],
        _column(data, start["offset"]),
        end["line"],
        _column(data, end["offset"]),
    )


def _column(data: bytes, offset: int) -> int:
    begin = data.rfind(b"\n", 0, offset) + 1
    return len(data[begin:offset].decode("utf-8", "replace")) + 1


def _note(
    error: Mapping[str, Any],
    searches: Sequence[Search],
    answers: Mapping[Search, Answer],
    paths: Mapping[str, str],
) -> None:
    """Note what could not be searched: one pattern, one file, or one pattern in one file."""
    number = str(error.get("rule_id") or "")
    concerned = [answers[searches[int(number)]]] if number.isdecimal() else list(answers.values())
    path = paths.get(Path(str(error.get("path") or "")).name)
    kind = error.get("type")
    name = str(kind[0] if isinstance(kind, list) and kind else kind)
    for answer in concerned:
        if path is not None:
            answer.unread[path] = _REASONS.get(name, f"Semgrep cannot read it ({name})")
        elif "parse error" in name.lower() or number:
            answer.fault = "the pattern is no code"
        else:
            text = str(error.get("message") or name).strip().splitlines()[0][:200]
            answer.fault = f"Semgrep failed: {text}"


_REASONS = {
    "PartialParsing": "Semgrep cannot read all of it",
    "Syntax error": "Semgrep cannot read it",
    "Timeout": f"Semgrep did not end within {SECONDS_PER_FILE} seconds",
    "Out of memory": "Semgrep ran out of memory",
}
