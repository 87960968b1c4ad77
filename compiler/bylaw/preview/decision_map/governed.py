"""Which files each constraint governs, for a whole tree at once.

The files are sorted, so a set of them is an integer with a bit for each, a folder is a run of bits,
and what an area holds is worked out from its globs, each of which is asked about once. A thousand
constraints of some hundred areas over a hundred thousand files fit into some megabytes.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cached_property

from bylaw.globs.dialect import alternatives, literal_prefix
from bylaw.governing import Reach
from bylaw.ir import Language
from bylaw.languages import language_of
from bylaw.tree import Tree

Bits = int
"""A set of files: bit n is that of the n-th path."""


class FileSets:
    """The sets of files that globs, languages and areas mean in one tree."""

    def __init__(self, tree: Tree) -> None:
        self.paths: Sequence[str] = tree.files
        self._tree = tree
        self._globs: dict[str, Bits] = {}
        self._reaches: dict[Reach, Bits] = {}

    @cached_property
    def all(self) -> Bits:
        """Every file."""
        return _run(0, len(self.paths))

    @cached_property
    def languages(self) -> dict[Language, Bits]:
        """The files of each language that the tree has, by the language's name."""
        found: dict[Language, list[int]] = {}
        for number, path in enumerate(self.paths):
            language = language_of(path)
            if language is not None:
                found.setdefault(language, []).append(number)
        return {language: self._these(found[language]) for language in sorted(found)}

    @cached_property
    def code(self) -> Bits:
        """The files of all languages."""
        return _union(self.languages.values())

    def bound(self, reach: Reach) -> Bits:
        """Return the files that a constraint of this reach binds."""
        found = self._reaches.get(reach)
        if found is None:
            found = self._reaches[reach] = self._bound(reach)
        return found

    def folder(self, folder: str) -> tuple[int, int]:
        """Return the first index of a folder's files and the one behind the last; `""` is all."""
        if not folder:
            return 0, len(self.paths)
        return bisect_left(self.paths, f"{folder}/"), bisect_left(self.paths, f"{folder}0")

    def index(self, path: str) -> int:
        """Return the index of a file."""
        return bisect_left(self.paths, path)

    def _bound(self, reach: Reach) -> Bits:
        area = reach.area
        files = self._any(area.include) if area.include else self.all
        if area.within:
            files &= self._any(area.within)
        if area.exclude and files:
            files &= ~self._any(area.exclude)
        if reach.globs:
            named = self._any(reach.globs)
            files &= ~named if reach.outside else named
        if reach.language is not None:
            files &= self.languages.get(reach.language, 0)
        return files & self.code if reach.of_code else files

    def _any(self, globs: Sequence[str]) -> Bits:
        return _union(map(self._glob, globs))

    def _glob(self, glob: str) -> Bits:
        found = self._globs.get(glob)
        if found is None:
            found = self._globs[glob] = self._match(glob)
        return found

    def _match(self, glob: str) -> Bits:
        found, hard = 0, False
        for alternative in alternatives(glob):
            prefix, tail = literal_prefix(alternative)
            if tail in {(None,), ("*", None)}:
                found |= _run(*self.folder(prefix))
                if tail == (None,) and prefix and self._tree.has(prefix):
                    found |= 1 << self.index(prefix)
            else:
                hard = True
        if not hard:
            return found
        # The tree narrows a glob down by its plain beginning, name or ending before it matches.
        return self._these(map(self.index, self._tree.matching(glob)))

    def _these(self, numbers: Iterable[int]) -> Bits:
        flags = bytearray(len(self.paths) // 8 + 1)
        for number in numbers:
            flags[number >> 3] |= 1 << (number & 7)
        return int.from_bytes(flags, "little")


def part(files: Bits, start: int, end: int) -> Bits:
    """Return the files of a run of the tree, as a set that counts from its start."""
    return (files >> start) & ((1 << (end - start)) - 1)


def _run(start: int, end: int) -> Bits:
    return ((1 << (end - start)) - 1) << start if end > start else 0


def _union(sets: Iterable[Bits]) -> Bits:
    found = 0
    for each in sets:
        found |= each
    return found
