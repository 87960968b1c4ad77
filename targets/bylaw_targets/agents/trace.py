"""Which lines of the page, of a surface and of `contract.json` a statement has produced."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bylaw.target import Artifact, Trace
from bylaw_targets.agents import phrases
from bylaw_targets.agents.clause import Advice, Clause
from bylaw_targets.agents.text import code

_CLASSES = "### Files, by class of agent"


@dataclass(frozen=True, slots=True)
class Said:
    """A statement in one of its forms: its item of the page, or what surfaces are made from."""

    name: str
    item: str = ""
    clause: Clause | None = None
    advice: Advice | None = None


def traces(said: Sequence[Said], artifact: Artifact) -> Iterator[Trace]:
    """Yield the lines of each statement in one of this target's artifacts."""
    lines = artifact.data.decode().split("\n")
    if artifact.place == "output" and artifact.path.endswith(".json"):
        yield from _records(lines)
    elif artifact.place == "output":
        yield from _blocks(lines, ((each.name, (each.item,)) for each in said if each.item))
    else:
        forms = ((each.name, _forms(each)) for each in said if not each.item)
        # What a surface has room for, and in which form, is for all decisions together to share.
        yield from (trace._replace(joint=True) for trace in _blocks(lines, forms))
        yield from _lanes(lines, [each.clause for each in said if each.clause is not None])


def _blocks(lines: Sequence[str], forms: Iterable[tuple[str, Sequence[str]]]) -> Iterator[Trace]:
    """Yield where each block stands, in the first of its forms that does."""
    places: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        if line.startswith("- "):
            places.setdefault(line, []).append(number)
    for name, texts in forms:
        for text in texts:
            rows = text.split("\n")
            starts = places.get(rows[0], ())
            found = [at for at in starts if lines[at : at + len(rows)] == rows]
            yield from (Trace(name, at + 1, at + len(rows)) for at in found)
            if found:
                break


def _forms(said: Said) -> Sequence[str]:
    """Return the forms of a statement on a surface, the fullest first."""
    if said.advice is not None:
        return phrases.advice(said.advice)
    clause = said.clause
    if clause is None or clause.shape == "agent-change":
        return ()
    if clause.shape == "agent-run" and clause.when == "check-fails":
        return phrases.recovery(clause)
    say = _SAY.get(clause.shape, phrases.constraint)
    return say(clause)


_SAY = {
    "command-pass": phrases.chore,
    "ci-run": phrases.chore,
    "agent-read": phrases.chore,
    "agent-run": phrases.chore,
    "agent-limit": phrases.limit,
    "agent-autonomy": phrases.level,
    "approve": phrases.approval,
}


def _lanes(lines: Sequence[str], clauses: Iterable[Clause]) -> Iterator[Trace]:
    """Yield the lines on classes of agents that quote a constraint's id.

    Where there is no room for ids, each of these lines is of all constraints that make lanes.
    """
    if _CLASSES not in lines:
        return
    first = lines.index(_CLASSES) + 1
    here = range(first, next((n for n in range(first, len(lines)) if lines[n][:1] == "#"), first))
    named = [c for c in clauses if c.shape in ("agent-change", "approve")]
    quoted = [
        (clause, number)
        for clause in named
        for number in here
        if any(f"({code(clause.id)}{end}" in lines[number] for end in (")", ", use "))
    ]
    if not quoted:
        made = [clause for clause in named if clause.shape == "agent-change"]
        quoted = [(c, n) for c in made for n in here if lines[n].startswith("  ")]
    for clause, number in quoted:
        yield Trace(clause.id, number + 1, number + 1, joint=True)


# --- contract.json -----------------------------------------------------------------------------


def _records(lines: Sequence[str]) -> Iterator[Trace]:
    """Yield the lines of lists: one is of a constraint, or is a class and of several."""
    for number, line in enumerate(lines, 1):
        if line.startswith('{"id":'):
            yield Trace(str(_read(line)["id"]), number, number)
        elif line.startswith('{"name":'):
            parts = (part for value in _read(line).values() for part in _parts(value))
            for identity in dict.fromkeys(parts):
                yield Trace(identity, number, number, joint=True)


def _read(line: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(line.removesuffix(","))
    return found


def _parts(value: object) -> Iterator[str]:
    for part in value if isinstance(value, list) else ():
        if isinstance(part, dict):
            yield part["id"]
