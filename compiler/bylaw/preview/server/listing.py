"""The list of decisions: found by words and state, shown a window at a time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from bylaw.ir import Disposition, Meaning
from bylaw.preview.become import fates
from bylaw.preview.server.addresses import Addresses
from bylaw.preview.workspace import Linked, Workspace

MOST_ROWS = 200
"""Rows of one window, whatever is asked for."""

_COUNTING_SECONDS = 0.1
"""How long counting may hold up others who ask."""

_NOT_LISTED: frozenset[Disposition] = frozenset({"template", "index"})


@dataclass(frozen=True, slots=True)
class Row:
    """One file of the list, as it is searched; what costs more is found for those shown."""

    path: str
    id: str
    """Empty for a file that is no decision."""
    name: str
    """What leads to it: the id of a decision, or the path of what no id names alone."""
    number: int | None
    title: str
    state: Meaning | Disposition
    words: str
    """What is searched, without case."""


class Listing:
    """The rows of one state of the repository."""

    def __init__(self, linked: Linked, before: "Listing | None" = None) -> None:
        self.linked = linked
        self.rows = tuple(_rows(linked))
        self.paths = {row.name: row.path for row in self.rows}
        """By what leads to each."""
        self._names = {row.path: row.name for row in self.rows}
        self.files = frozenset(
            [unit.header.path for unit in linked.program.units]
            + [entry.path for entry in linked.program.listed]
        )
        self._counts: dict[tuple[str, ...], Mapping[str, int]] = {}
        if before is not None and before.is_on(linked):
            self._counts = before._counts  # noqa: SLF001 - its own kind's

    def is_on(self, linked: Linked) -> bool:
        """Return whether a decision that is the same elsewhere becomes the same there."""
        ours = self.linked
        return (
            ours.config == linked.config
            and ours.program.as_of == linked.program.as_of
            and ours.files == linked.files
        )

    def name_of(self, path: str) -> str:
        """Return what leads to an ADR: its decision's id, or its path where that is not enough."""
        return self._names.get(path, path)

    def states(self) -> dict[str, int]:
        """Return how many rows there are in each state, the most first."""
        return dict(Counter(row.state for row in self.rows).most_common())

    def found(self, query: str, state: str) -> Sequence[Row]:
        """Return the rows that hold every word of a query and stand so; empty asks for nothing."""
        words = query.casefold().split()
        if not words and not state:
            return self.rows
        return [
            row
            for row in self.rows
            if (not state or row.state == state) and all(word in row.words for word in words)
        ]

    def record(self, row: Row, count: bool) -> dict[str, Any]:
        """Return a row as it is shown; its statements are counted where `count` says so."""
        diagnostics = self.linked.by_file.get(row.path, ())
        severities = Counter(
            str(each.severity) for each in diagnostics if not self.linked.config.allows(each)
        )
        return {
            "id": row.id,
            "number": row.number,
            "title": row.title,
            "path": row.path,
            "href": Addresses().decision(row.name),
            "state": row.state,
            "counts": self._count(row) if count else self._counts.get(self._key(row), {}),
            "errors": severities["error"],
            "warnings": severities["warning"],
        }

    def is_counted(self, row: Row) -> bool:
        """Return whether it takes no time to count a row's statements."""
        return not row.id or self._key(row) in self._counts

    def _count(self, row: Row) -> Mapping[str, int]:
        """Return how many statements of a decision there are in each state, commentary aside."""
        if not row.id:
            return {}
        key = self._key(row)
        if key not in self._counts:
            states = (each.state for each in fates(self.linked, row.path))
            self._counts[key] = Counter(state for state in states if state != "note")
        return self._counts[key]

    def _key(self, row: Row) -> tuple[str, ...]:
        unit = self.linked.program.by_path.get(row.path)
        return (row.path, unit.digest if unit is not None else "", row.state)


_last: list[Listing] = []
"""The rows that were asked for last: a server has one workspace."""


def listing(workspace: Workspace) -> Listing:
    """Return the rows of what lies on disk, made once for each state of it."""
    linked = workspace.on_disk
    if not _last or _last[0].linked is not linked:
        _last[:] = [Listing(linked, _last[0] if _last else None)]
    return _last[0]


def window(
    workspace: Workspace, query: str = "", state: str = "", start: int = 0, count: int = 100
) -> dict[str, Any]:
    """Return the part of the list that a page shows.

    Where it is `partial`, some statements have not been counted yet: in a large tree it takes long
    to find what a sentence speaks of. Whoever asks again gets more of them.
    """
    began = perf_counter()
    rows = listing(workspace)
    found = rows.found(query, state)
    shown = found[max(0, start) : max(0, start) + max(0, min(count, MOST_ROWS))]
    records = [rows.record(row, perf_counter() - began < _COUNTING_SECONDS) for row in shown]
    return {
        "revision": workspace.revision,
        "total": len(found),
        "partial": not all(map(rows.is_counted, shown)),
        "rows": records,
    }


def _rows(linked: Linked) -> list[Row]:
    program = linked.program
    rows = []
    for unit in program.units:
        header = unit.header
        alone = len(program.by_id[header.id]) == 1
        words = f"{header.number or ''} {header.id} {header.title} {header.path}".casefold()
        rows.append(
            Row(
                header.path,
                header.id,
                header.id if alone else header.path,
                header.number,
                header.title,
                program.standing[header.path].state,
                words,
            )
        )
    for entry in program.listed:
        if entry.disposition not in _NOT_LISTED or entry.diagnostics:
            name = entry.path.rpartition("/")[2]
            words = entry.path.casefold()
            rows.append(Row(entry.path, "", entry.path, None, name, entry.disposition, words))
    return sorted(rows, key=lambda row: row.path)
