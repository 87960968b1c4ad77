"""Which files can be ADRs, told by their folders and names; nothing is read."""

import re
from collections.abc import Iterable

from bylaw.adr.numbers import MARKDOWN_ENDINGS, stem_of
from bylaw.config import Config
from bylaw.globs import matcher

OTHER_ENDINGS = (".rst", ".adoc", ".asciidoc", ".asc", ".txt", ".org", ".textile")

_FOLDERS = frozenset(
    {
        "adr",
        "adrs",
        "adl",
        "decisions",
        "architecture-decisions",
        "architecture-decision",
        "architecture-decision-record",
        "architecture-decision-records",
        "architectural-decisions",
        "architectural-decision-records",
        "architecture-records",
        "decision-records",
        "decision-record",
        "decision-log",
        "architecture-decision-log",
        "arch-decisions",
    }
)
# Copies of other people's files, and samples that tests feed to something.
_FOREIGN = frozenset(
    {
        ".git",
        "node_modules",
        "vendor",
        "third_party",
        "site-packages",
        "venv",
        ".venv",
        "tests",
        "test",
        "__tests__",
        "testdata",
        "fixtures",
    }
)
_LOGS = frozenset({"decisions", "decision-log", "decisions-log", "adr-log", "adl"})
_LOG_FOLDERS = frozenset(
    {"", "docs", "doc", "architecture", "docs/architecture", "doc/architecture"}
)
# Names that only ADRs have make an ADR folder of any folder that holds two of them.
_ADR_NAME = re.compile(r"adr[-_]?\d{2,5}[-_ ].*\.(?:md|markdown|rst|adoc)$", re.IGNORECASE)
_FIRST_RECORD = re.compile(
    r"\d{1,5}[-_ ].*(?:record|use).*(?:architect\w*[-_ ]decision|decision[-_ ]record).*\.md$",
    re.IGNORECASE,
)


def adr_files(files: Iterable[str], config: Config) -> list[str]:
    """Return the files that can be ADRs, sorted, of all files (relative, with `/`).

    They lie in the configured folders or globs, else where the conventions say.
    """
    candidates = [path for path in files if _is_candidate(path)]
    if config.adrs:
        matches = matcher(config.adrs)
        return sorted(path for path in candidates if matches(path))
    folders = _conventional_folders(candidates)
    return sorted(
        path for path in candidates if path.rpartition("/")[0] in folders or _is_log(path)
    )


def _is_candidate(path: str) -> bool:
    """Whether a file is text by its name: Markdown, another markup language or no ending."""
    name = path.rpartition("/")[2]
    if name.startswith("."):
        return False
    # `0009-use-v1.2` has no ending, `logo.png` has one.
    _, dot, ending = name.rpartition(".")
    if not dot or not ending.isalnum() or ending.isdigit():
        return True
    return f".{ending.lower()}" in MARKDOWN_ENDINGS or f".{ending.lower()}" in OTHER_ENDINGS


def _is_log(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    stem = stem_of(name).lower().replace("_", "-")
    return folder.lower() in _LOG_FOLDERS and stem in _LOGS and name.lower().endswith(".md")


def _conventional_folders(paths: list[str]) -> frozenset[str]:
    """Return each folder that is an ADR folder by its name or contents, or lies in one."""
    holding: dict[str, int] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        holding.setdefault(folder, 0)
        if _ADR_NAME.match(name):
            holding[folder] += 1
        elif _FIRST_RECORD.match(name):
            holding[folder] += 2
    found = {folder: _is_adr_folder(folder, count) for folder, count in holding.items()}
    return frozenset(folder for folder, is_one in found.items() if is_one)


def _is_adr_folder(folder: str, telling_names: int) -> bool:
    segments = folder.lower().split("/") if folder else []
    if not _FOREIGN.isdisjoint(segments):
        return False
    if telling_names >= 2:
        return True
    return any(segment.replace("_", "-") in _FOLDERS for segment in segments)
