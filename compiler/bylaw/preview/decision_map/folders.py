"""Folders of the tree, one at a time: what lies in them, and what governs it."""

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bylaw.governing import binds_in
from bylaw.languages import language_title
from bylaw.preview.decision_map.governed import Bits, part
from bylaw.preview.decision_map.governors import Checked, Governor, Governors, Group

ENTRIES = 300
"""Folders and files of one page."""
CONSTRAINTS = 50
"""Constraints of one page: of each the engines are asked."""


class Share(NamedTuple):
    """How many of some files are governed at all."""

    what: str
    governed: int
    files: int

    @property
    def percent(self) -> int:
        """The share, rounded, but 0 and 100 only where that is so."""
        if self.governed in {0, self.files}:
            return 100 if self.governed else 0
        return min(99, max(1, round(100 * self.governed / self.files)))


class FolderRow(NamedTuple):
    """A folder in its parent."""

    name: str
    path: str
    share: Share
    languages: tuple[Share, ...]
    constraints: int
    proposed: int
    has_folders: bool


class Kin(NamedTuple):
    """Files of a folder that the same constraints govern."""

    names: tuple[str, ...]
    governors: tuple[Governor, ...]
    proposed: tuple[Governor, ...]


class Binding(NamedTuple):
    """A constraint and how many files of the folder it governs; none where it only could.

    `checked` is None where the engines have yet to be asked.
    """

    governor: Governor
    files: int
    checked: Checked | None


class Entries(NamedTuple):
    """A window of what lies directly in a folder: its folders, then its files by their governors.

    `start` and `total` count folders and files together.
    """

    folders: tuple[FolderRow, ...]
    kin: tuple[Kin, ...]
    start: int
    total: int
    window: int


@dataclass(frozen=True)
class FolderView:
    """A folder, or a single file: what governs it, in windows.

    `binding` are those in force that govern a file there, then those that would govern another
    file; `holding` and `open` count both kinds. `would` are proposed: they are in no number.
    """

    path: str
    is_file: bool
    share: Share
    languages: tuple[Share, ...]
    entries: Entries
    binding: tuple[Binding, ...]
    holding: int
    open: int
    start: int
    would: tuple[Binding, ...]
    would_count: int
    would_start: int
    window: int


class Folders:
    """The folders of a tree with what governs them.

    A view asks the engines for so many seconds of `patience`, and leaves the rest to be asked.
    """

    def __init__(self, governors: Governors, patience: float = math.inf) -> None:
        self._all = governors
        self._patience = patience
        self._sets = governors.sets
        self._tree = governors.linked.context.tree

    def knows(self, path: str) -> bool:
        """Return whether something lies at a path; the root does."""
        return not path or self._is_file(path) or self._span(path)[0] < self._span(path)[1]

    def view(self, path: str, start: int = 0, entries: int = 0, would: int = 0) -> FolderView:
        """Return what governs a folder or a file, from these on."""
        start_, end = span = self._span(path)
        holding, open_ = self._governing(self._all.in_force.values(), path, span)
        wanted, wanted_open = self._governing(self._all.proposed.values(), path, span)
        proposals = [*wanted, *wanted_open]
        mine = [*holding, *open_]
        return FolderView(
            path,
            self._is_file(path),
            Share("", part(self._all.governed, start_, end).bit_count(), end - start_),
            self._languages(span),
            Entries((), (), 0, 0, ENTRIES) if self._is_file(path) else self.entries(path, entries),
            tuple(self._bindings(mine[start : start + CONSTRAINTS])),
            len(holding),
            len(open_),
            start,
            tuple(self._bindings(proposals[would : would + CONSTRAINTS])),
            len(proposals),
            would,
            CONSTRAINTS,
        )

    def governing(self, path: str) -> tuple[Governor, ...]:
        """Return all constraints in force that bind a file, or something in a folder."""
        found = self._governing(self._all.in_force.values(), path, self._span(path))
        return tuple(sorted((each for each, _ in (*found[0], *found[1])), key=_order))

    def entries(self, folder: str, start: int = 0) -> Entries:
        """Return what lies directly in a folder, its folders first."""
        prefix = f"{folder}/" if folder else ""
        names = self._tree.children(prefix)
        files = [name for name in names if self._tree.has(prefix + name)]
        taken = set(files)
        folders = [name for name in names if name not in taken]
        shown = [*folders, *files][start : start + ENTRIES]
        wanted = tuple(prefix + name for name in shown if name not in taken)
        return Entries(
            tuple(self._rows(folder, wanted)),
            tuple(self._kin(folder, [name for name in shown if name in taken])),
            start,
            len(names),
            ENTRIES,
        )

    # --- what governs --------------------------------------------------------------------------

    def _governing(
        self, groups: Iterable[Group], path: str, span: tuple[int, int]
    ) -> tuple[list[tuple[Governor, int]], list[tuple[Governor, int]]]:
        """Return the constraints with files there, and those that could have some."""
        holding, could = [], []
        is_file = self._is_file(path)
        for group in groups:
            count = part(group.files, *span).bit_count()
            if count:
                holding += [(each, count) for each in group.governors]
            elif not is_file and binds_in(group.reach, path or "."):
                could += [(each, 0) for each in group.governors]
        for each in (holding, could):
            each.sort(key=lambda pair: pair[0].order)
        return holding, could

    def _bindings(self, pairs: Sequence[tuple[Governor, int]]) -> Iterator[Binding]:
        end = time.perf_counter() + self._patience
        for governor, files in pairs:
            known = self._all.is_known(governor) or time.perf_counter() < end
            yield Binding(governor, files, self._all.checked(governor) if known else None)

    # --- what lies in a folder -----------------------------------------------------------------

    def _rows(self, folder: str, paths: Sequence[str]) -> Iterator[FolderRow]:
        first, behind = self._span(folder)
        mine = _within(self._all.in_force.values(), first, behind)
        proposals = _within(self._all.proposed.values(), first, behind)
        for path in paths:
            start, end = self._span(path)
            here = start - first, end - first
            governed = part(self._all.governed, start, end).bit_count()
            yield FolderRow(
                path.rpartition("/")[2],
                path,
                Share("", governed, end - start),
                self._languages((start, end)),
                sum(len(group.governors) for files, group in mine if part(files, *here)),
                sum(len(group.governors) for files, group in proposals if part(files, *here)),
                any(not self._tree.has(f"{path}/{n}") for n in self._tree.children(f"{path}/")),
            )

    def _kin(self, folder: str, names: Sequence[str]) -> Iterator[Kin]:
        """Yield the files of a folder by what governs them, those that nothing governs first."""
        first, behind = self._span(folder)
        prefix = f"{folder}/" if folder else ""
        places = {name: self._span(prefix + name)[0] - first for name in names}
        direct = sum(1 << place for place in places.values())
        size = (behind - first) // 8 + 1
        sets = [
            (files.to_bytes(size, "little"), group)
            for groups in (self._all.in_force, self._all.proposed)
            for files, group in _within(groups.values(), first, behind)
            if files & direct
        ]
        kin: dict[tuple[int, ...], list[str]] = {}
        for name, at in places.items():
            key = tuple(n for n, (flags, _) in enumerate(sets) if flags[at >> 3] >> (at & 7) & 1)
            kin.setdefault(key, []).append(name)
        for key, files in sorted(kin.items(), key=lambda item: (bool(item[0]), item[1])):
            found = sorted((each for n in key for each in sets[n][1].governors), key=_order)
            yield Kin(
                tuple(files),
                tuple(each for each in found if each.standing == "in-force"),
                tuple(each for each in found if each.standing == "proposed"),
            )

    def _languages(self, span: tuple[int, int]) -> tuple[Share, ...]:
        """Return the share of each language that a run of the tree has, then of what is no code."""
        found = []
        for language, files in self._sets.languages.items():
            here = part(files, *span)
            if here:
                governed = (here & part(self._all.governed, *span)).bit_count()
                found.append(Share(language_title(language), governed, here.bit_count()))
        rest = part(self._sets.all & ~self._sets.code, *span)
        if rest and found:
            governed = (rest & part(self._all.governed, *span)).bit_count()
            found.append(Share("other files", governed, rest.bit_count()))
        return tuple(found)

    def _span(self, path: str) -> tuple[int, int]:
        if self._is_file(path):
            start = self._sets.index(path)
            return start, start + 1
        return self._sets.folder(path)

    def _is_file(self, path: str) -> bool:
        return bool(path) and self._tree.has(path)


def _within(groups: Iterable[Group], start: int, end: int) -> list[tuple[Bits, Group]]:
    """Return the groups that govern something in a run of the tree, with their files there."""
    found = ((part(group.files, start, end), group) for group in groups)
    return [(files, group) for files, group in found if files]


def _order(governor: Governor) -> int:
    return governor.order
