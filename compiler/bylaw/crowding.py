"""Contracts that a host may never reach the end of, because of what people write around them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from bylaw import regions
from bylaw.diagnostics import Code, Report, Severity
from bylaw.occupants import ClosedError, look
from bylaw.target import Artifact

CROWDED_CONTRACT = Code("BL437", "crowded-contract", Severity.WARNING)

_NAME = "AGENTS.md"
_MOST_BYTES = 32 * 1024
"""What Codex reads of all `AGENTS.md` from the root down to a file, where nobody says otherwise."""


_COPILOT = "copilot-instructions.md"
_MOST_CHARACTERS = 4_000
"""What GitHub Copilot's code review reads of a file."""


def report_crowding(root: Path, artifacts: Iterable[Artifact], report: Report) -> None:
    """Report each contract that is larger, with what people write, than what its host reads."""
    written = [a for a in artifacts if a.place == "region"]
    for artifact in written:
        if artifact.path.endswith(_COPILOT):
            _report_cut(root, artifact, report)
    ours = {a.path: a for a in written if _is_page(a.path)}
    sizes: dict[str, int] = {}
    for path in sorted(ours):
        total = 0
        for page in _pages(path):
            if page not in sizes:
                sizes[page] = _size(root, page, ours.get(page))
            total += sizes[page]
        if total > _MOST_BYTES:
            report.add(
                CROWDED_CONTRACT,
                f"`{path}` and those above it have {total} bytes, and Codex reads {_MOST_BYTES}",
                help="shorten what you write in them, or raise `project_doc_max_bytes`",
            )


def _report_cut(root: Path, artifact: Artifact, report: Report) -> None:
    """Report a file whose end, our region, is cut off only because of what stands before it."""
    alone = len(regions.splice(artifact.path, None, artifact.data).decode())
    try:
        data = look(root, artifact.path).data
        whole = len(regions.splice(artifact.path, data, artifact.data).decode("utf-8", "replace"))
    except (ClosedError, regions.BrokenRegionError):
        return
    if alone <= _MOST_CHARACTERS < whole:
        report.add(
            CROWDED_CONTRACT,
            f"`{artifact.path}` has {whole} characters, and code review reads {_MOST_CHARACTERS}",
            help="shorten what you write in it, or lower `[agents.budgets] copilot`",
        )


def _is_page(path: str) -> bool:
    return path.rpartition("/")[2] == _NAME


def _pages(path: str) -> Iterator[str]:
    """Yield the pages from the root down to one."""
    folders = path.split("/")[:-1]
    for depth in range(len(folders) + 1):
        yield "/".join([*folders[:depth], _NAME])


def _size(root: Path, path: str, artifact: Artifact | None) -> int:
    """Return how many bytes a page has once it is written."""
    try:
        data = look(root, path).data
        if artifact is None:
            return len(data or b"")
        return len(regions.splice(path, data, artifact.data))
    except (ClosedError, regions.BrokenRegionError):
        return 0
