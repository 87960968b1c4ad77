"""The files in which hosts read a contract: where they are, what stands at their head, how large.

Limits are those that a host documents, with room for what people write into the same file; see
`docs/agents.md`.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from bylaw import regions
from bylaw.config import AgentsTable, Budget
from bylaw.diagnostics import Code, Report, Severity
from bylaw.target import Artifact, Place
from bylaw_targets.agents.budget import Section, Size, TooLargeError, fit, measure
from bylaw_targets.agents.contract import Contract
from bylaw_targets.agents.folders import ROOT, above
from bylaw_targets.agents.markdown import elsewhere, sections

OVERFLOWING_CONTRACT = Code("BL435", "overflowing-contract", Severity.ERROR)

_CODEX_BYTES = 32 * 1024
"""What Codex reads of all `AGENTS.md` from the root down to a file; it stops there."""

_HAND_WRITTEN = 6 * 1024
"""What of that is left for text that people write."""

_ROOT_BYTES = 8 * 1024
"""How much of it the root's contract may take."""

_JOINED = " joined-cr"
"""A mark grows by this word in a file that ended without a line feed."""


@dataclass(frozen=True, slots=True)
class Surface:
    """How one host reads contracts: a path for each folder, and what stands above the text."""

    path: Callable[[str], str]
    place: Place
    limit: Size
    head: Callable[[str], str] = lambda _: ""


def _nested(name: str) -> Callable[[str], str]:
    return lambda folder: f"{folder}{name}"


def _in(folder: str, ending: str) -> Callable[[str], str]:
    return lambda scope: f"{folder}/bylaw{_slug(scope)}{ending}"


def _slug(folder: str) -> str:
    """Return a folder as part of a file's name, one that no other folder has."""
    if folder == ROOT:
        return ""
    if len(folder) <= _SLUG and _SIMPLE.fullmatch(folder):
        return f"-{folder[:-1].replace('/', '.')}"
    # `Web` beside `web`, a dot in a name, or one that is cut: another folder could have the name.
    plain = re.sub(r"[^a-z0-9_]+", "-", folder.casefold()).strip("-")
    return f"-{plain[:_SLUG]}-{sha256(folder.encode()).hexdigest()[:8]}"


_SLUG = 80
_SIMPLE = re.compile(r"(?:[a-z0-9_-]+/)+")


def _copilot(folder: str) -> str:
    if folder == ROOT:
        return ".github/copilot-instructions.md"
    return f".github/instructions/bylaw{_slug(folder)}.instructions.md"


# --- what stands above the text ----------------------------------------------------------------


def _front_matter(**fields: str) -> str:
    return "".join(["---\n", *(f"{key}: {value}\n" for key, value in fields.items()), "---\n\n"])


def _glob(folder: str) -> str:
    return f"{folder}**"


_PLAIN = re.compile(r"[A-Za-z][\w./-]*\*\*", re.ASCII)


def _bare(text: str) -> str:
    """Return a glob as YAML reads it back; hosts that read no YAML want no quotes."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _cursor_head(folder: str) -> str:
    if folder == ROOT:
        description = "Contract for changes in this repository"
        return _front_matter(description=description, alwaysApply="true")
    description = json.dumps(f"Contract for changes in {folder}", ensure_ascii=False)
    return _front_matter(description=description, globs=_bare(_glob(folder)), alwaysApply="false")


def _copilot_head(folder: str) -> str:
    return _front_matter(applyTo=json.dumps(_glob(folder), ensure_ascii=False)) if folder else ""


def _windsurf_head(folder: str) -> str:
    if folder == ROOT:
        return _front_matter(trigger="always_on")
    return _front_matter(trigger="glob", globs=_bare(_glob(folder)))


def _cline_head(folder: str) -> str:
    if folder == ROOT:
        return ""
    return f"---\npaths:\n  - {json.dumps(_glob(folder), ensure_ascii=False)}\n---\n\n"


SURFACES: Mapping[str, Surface] = {
    "agents-md": Surface(_nested("AGENTS.md"), "region", Size(10_000, 4_000)),
    "cursor": Surface(_in(".cursor/rules", ".mdc"), "file", Size(12_000, 5_000), _cursor_head),
    "copilot": Surface(_copilot, "file", Size(4_000, 1_600), _copilot_head),
    "windsurf": Surface(_in(".windsurf/rules", ".md"), "file", Size(6_000, 2_400), _windsurf_head),
    "cline": Surface(_in(".clinerules", ".md"), "file", Size(12_000, 5_000), _cline_head),
}
"""By name, as in the configuration; `claude`, `gemini` and `contract` hold no page."""


def written(
    contracts: Sequence[Contract], table: AgentsTable, until: str | None, report: Report
) -> Iterator[Artifact]:
    """Yield the files of each surface that the configuration names.

    A contract that cannot be said within its budget is an error in `report`.
    """
    chosen = [contract.folder for contract in contracts if contract.folder]
    made = {contract.folder: sections(contract) for contract in contracts}
    for name in table.surfaces:
        surface = SURFACES.get(name)
        if surface is not None:
            for contract in contracts:
                limit = _limit(name, table, contract.folder, chosen)
                parts = made[contract.folder]
                if name == "agents-md":
                    parts = (*parts, *elsewhere(contract, surface.path("{folder}")))
                yield from _page(name, contract.folder, parts, limit, until, report)
        elif name == "claude":
            for contract in contracts:
                path = f"{contract.folder}CLAUDE.md"
                yield Artifact(path, b"@AGENTS.md\n", None, "region")
        elif name == "gemini":
            yield Artifact(".gemini/settings.json", _GEMINI.encode(), None, "file")


_GEMINI = """\
{
  "$comment": "Written by bylaw from the configuration, so that AGENTS.md is read.",
  "context": {
    "fileName": ["AGENTS.md", "GEMINI.md"]
  }
}
"""


def _limit(name: str, table: AgentsTable, folder: str, chosen: Sequence[str]) -> Size:
    """Return how large a file may be, its marks included."""
    limit = SURFACES[name].limit
    asked: Budget = getattr(table.budgets, name.replace("-", "_"))
    characters = asked.characters or limit.characters
    most = 0
    if name == "agents-md":
        # Whatever else is configured, Codex has to reach the end of the nearest file. The root's
        # page is short, so that what is near has room.
        most = _ROOT_BYTES
        if folder:
            most = (_CODEX_BYTES - _HAND_WRITTEN - _ROOT_BYTES) // above(folder, chosen)
    return Size(characters, asked.tokens or limit.tokens, most)


def _page(  # noqa: PLR0917 - what decides one file, each once
    name: str,
    folder: str,
    parts: Sequence[Section],
    limit: Size,
    until: str | None,
    report: Report,
) -> Iterator[Artifact]:
    surface = SURFACES[name]
    path, head = surface.path(folder), surface.head(folder)
    place: Place = "region" if path.endswith("copilot-instructions.md") else surface.place
    around = measure(_whole(path, place, head) + _JOINED)
    room = Size(*(most and max(most - own, 1) for most, own in zip(limit, around, strict=True)))
    try:
        text = fit(parts, room)
    except TooLargeError as large:
        _report_overflow(name, path, limit, large.size.plus(around), report)
        return
    yield Artifact(path, f"{head}{text}".encode(), until, place)


def _whole(path: str, place: Place, text: str) -> str:
    """Return a file as it lies on disk."""
    data = text.encode()
    whole = regions.splice(path, None, data) if place == "region" else regions.stamp(path, data)
    return whole.decode()


def _report_overflow(name: str, path: str, limit: Size, needed: Size, report: Report) -> None:
    over = [
        f"{need} {unit}, where {most} are allowed"
        for need, most, unit in zip(needed, limit, Size._fields, strict=True)
        if most and need > most
    ]
    report.add(
        OVERFLOWING_CONTRACT,
        f"the contract `{path}` does not fit its budget, even without its lists",
        note=f"it takes {'; '.join(over)}" if over else None,
        help=f"raise `[agents.budgets.{name}]`, or take `{name}` out of `surfaces`",
    )
