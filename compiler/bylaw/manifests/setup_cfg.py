"""`setup.cfg`: the tables of setuptools."""

from collections.abc import Iterator
from posixpath import dirname, join, normpath

from bylaw.keys import ini
from bylaw.keys.model import Document, Entry, Scalar
from bylaw.keys.tables import at, entries, lines
from bylaw.keys.text import Text
from bylaw.manifests import pep508
from bylaw.manifests.model import Declared, Gap, Include, Manifest, Section
from bylaw.manifests.names import package

LISTS: dict[str, tuple[Section, ...]] = {
    "install_requires": (),
    "setup_requires": (Section("group", "setup"), Section("group", "build")),
    "tests_require": (Section("group", "test"), Section("group", "tests")),
}


def read(content: Text, path: str) -> Manifest:
    """Return what a `setup.cfg` declares."""
    document = ini.read(content)[0]
    reader = _Reader(document, dirname(path))
    for entry in entries(at(document.root, "options")):
        sections = LISTS.get(entry.key.replace("-", "_"))
        if sections is not None:
            reader.requirements(entry, sections)
    for entry in entries(at(document.root, "options.extras_require")):
        reader.requirements(entry, (Section("extra", package(entry.key.partition(":")[0])),))
    return Manifest(tuple(reader.declared), tuple(reader.gaps), tuple(reader.includes))


class _Reader:
    def __init__(self, document: Document, folder: str) -> None:
        self.document = document
        self.folder = folder
        self.declared: list[Declared] = []
        self.gaps: list[Gap] = []
        self.includes: list[Include] = []

    def requirements(self, entry: Entry, sections: tuple[Section, ...]) -> None:
        """Read the requirements of one key, one in a line or between semicolons."""
        value = entry.value.text if isinstance(entry.value, Scalar) else ""
        if value.startswith("file:"):
            place = self.document.place(entry.span)
            for name in value.partition(":")[2].split(","):
                if name.strip():
                    path = normpath(join(self.folder, name.strip()))
                    self.includes.append(Include(path, place, sections))
            return
        is_list = "\n" in self.document.text.content[slice(*(entry.value.span or (0, 0)))]
        for line, start in lines(self.document, entry.value):
            for text, position in [(line, start)] if is_list else _pieces(line, start):
                self._requirement(text.partition(" #")[0].rstrip(), position, sections)

    def _requirement(self, bare: str, start: int, sections: tuple[Section, ...]) -> None:
        if not bare:
            return
        place = self.document.place((start, start + len(bare)))
        if "%(" in bare:
            self.gaps.append(Gap("a requirement is put in from another key", place))
            return
        found = pep508.declare(bare, place, sections, not sections)
        if isinstance(found, Gap):
            self.gaps.append(found)
        else:
            self.declared.append(found)


def _pieces(line: str, start: int) -> Iterator[tuple[str, int]]:
    """Split the only line of a value at its semicolons: setuptools knows no marker there."""
    for piece in line.split(";"):
        yield piece.strip(), start + len(piece) - len(piece.lstrip())
        start += len(piece) + 1
