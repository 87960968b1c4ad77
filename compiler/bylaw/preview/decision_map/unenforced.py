"""The reverse of coverage: decisions that nothing enforces, and constraints that hold no file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from bylaw.preview.decision_map.governed import FileSets
from bylaw.preview.decision_map.governors import Governor, Governors
from bylaw.preview.decision_map.graph import Node, node_of
from bylaw.program import Header

Lack: TypeAlias = Literal[
    "silent", "prose", "exceptions", "rejected", "idle", "conditional", "statusless"
]

LACKS: Mapping[Lack, tuple[str, str]] = {
    "rejected": ("Sentences that do not parse", "what they say binds nobody until they do"),
    "statusless": (
        "Constraints under no clear status",
        "nobody can tell whether the decision is in force, so it is not",
    ),
    "silent": ("No statement at all", "there is nothing in them that a machine could check"),
    "prose": ("Only guidance and notes", "people and agents read them; no machine checks them"),
    "exceptions": (
        "Only waivers and permissions",
        "they let something pass, and ask for nothing themselves",
    ),
    "idle": ("Not binding on this day", "every constraint in them starts later or has ended"),
    "conditional": (
        "Checked on conditions only",
        "`bylaw check` has no verdict unless it is given what they need, and no engine checks them",
    ),
}
"""Why nothing enforces a decision: a title, and what it means."""

Hollow: TypeAlias = Literal["empty", "absent", "placeless"]

HOLLOWS: Mapping[Hollow, tuple[str, str]] = {
    "empty": ("Scopes that hold no file", "nothing in the tree can keep or violate them"),
    "absent": (
        "Forbidden files that are not there",
        "they hold no file because they are kept",
    ),
    "placeless": (
        "About no path",
        "they are about branches, commits, CI, commands or an agent's task",
    ),
}
"""Why a constraint in force governs no file: a title, and what it means."""


class Lacking(NamedTuple):
    """A decision that nothing enforces, with a few words on what it has instead."""

    node: Node
    why: str = ""


@dataclass(frozen=True)
class Unenforced:
    """What the coverage of paths does not show, each list in the order of the decisions' paths."""

    decisions: Mapping[Lack, tuple[Lacking, ...]]
    constraints: Mapping[Hollow, tuple[Governor, ...]]


def find_unenforced(governors: Governors) -> Unenforced:
    """Return the decisions that nothing enforces, and the constraints that govern no file."""
    program = governors.linked.program
    lacks: dict[Lack, list[Lacking]] = {lack: [] for lack in LACKS}
    for unit in program.units:
        state = program.standing[unit.header.path].state
        found: tuple[Lack, str] | None = None
        if state == "in-force":
            found = _lack(unit.header, governors)
        elif state in {"none", "unclear"} and unit.header.rows:
            found = "statusless", _count(len(unit.header.rows), "constraint")
        if found is not None:
            lacks[found[0]].append(Lacking(node_of(program, unit.header), found[1]))
    hollows: dict[Hollow, list[Governor]] = {hollow: [] for hollow in HOLLOWS}
    hollows["placeless"] = governors.placeless
    folders = FileSets(governors.linked.context.tree.folders)
    for group in governors.in_force.values():
        if group.files:
            continue
        for governor in group.governors:
            if governor.noun == "directories" and folders.bound(group.reach):
                continue
            absent = governor.shape == "exist" and governor.modal == "must-not"
            hollows["absent" if absent else "empty"].append(governor)
    return Unenforced(
        {lack: tuple(found) for lack, found in lacks.items() if found},
        {
            hollow: tuple(sorted(found, key=lambda each: each.order))
            for hollow, found in hollows.items()
            if found
        },
    )


def _lack(header: Header, governors: Governors) -> tuple[Lack, str] | None:
    """Return why nothing enforces a decision in force; None where something does."""
    said = [item.statement for item in header.items]
    if header.rows:
        mine = governors.by_decision[header.path]
        binding = [each for each in mine if each.standing != "inactive"]
        if not binding:
            return "idle", _count(len(mine), "constraint")
        if not all(each.needs for each in binding):
            return None
        if any(governors.fate(each).state != "conditional" for each in binding):
            return None
        return "conditional", ", ".join(sorted({each.needs for each in binding}))
    rejected = said.count("rejected")
    if rejected:
        return "rejected", _count(rejected, "item")
    passing = said.count("waiver") + said.count("permission")
    if passing:
        return "exceptions", _count(passing, "statement")
    return ("prose", _count(len(said), "item")) if said else ("silent", "")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
