"""The tables of Poetry and of Pipenv, which write a dependency in the same ways."""

from collections.abc import Callable, Collection

from bylaw.keys.model import Document, Entry, Node, Scalar, Sequence, Table
from bylaw.keys.tables import at, entries, items, place, text, truth
from bylaw.manifests import pep508
from bylaw.manifests.model import Declared, Gap, Manifest, Pin, Section, oneline
from bylaw.manifests.names import package


def read(document: Document, known: Collection[str]) -> Manifest:
    """Return what Poetry's tables declare.

    `known` are the packages of PEP 621's table, which Poetry's may add to, without a version.
    """
    root = at(document.root, "tool", "poetry")
    extras: dict[str, list[Section]] = {}
    for entry in entries(at(root, "extras")):
        for item in items(entry.value):
            section = Section("extra", package(entry.key))
            extras.setdefault(package(text(item) or ""), []).append(section)
    reader = TableReader(document, pep508.poetry_range, extras, known)
    reader.table(at(root, "dependencies"), ())
    reader.table(at(root, "dev-dependencies"), (Section("group", "dev"),))
    for entry in entries(at(root, "group")):
        group = (Section("group", package(entry.key)),)
        reader.table(at(entry.value, "dependencies"), group)
    return Manifest(tuple(reader.declared), tuple(reader.gaps))


class TableReader:
    """Reads tables whose keys are packages."""

    def __init__(
        self,
        document: Document,
        to_range: Callable[[str], str | None],
        extras: dict[str, list[Section]],
        known: Collection[str] = (),
    ) -> None:
        self.document = document
        self.to_range = to_range
        self.extras = extras
        self.known = known
        self.declared: list[Declared] = []
        self.gaps: list[Gap] = []

    def table(self, node: Node | None, sections: tuple[Section, ...]) -> None:
        """Read one table."""
        for entry in entries(node):
            if entry.key == "python" and not sections:
                continue
            # Poetry takes several declarations, each for an environment of its own.
            several = isinstance(entry.value, Sequence)
            for value in items(entry.value) if several else (entry.value,):
                self._entry(entry, value, sections)

    def _entry(self, entry: Entry, value: Node, sections: tuple[Section, ...]) -> None:
        where = place(self.document, value if isinstance(entry.value, Sequence) else entry)
        extras = tuple(self.extras.get(package(entry.key), ())) if not sections else ()
        optional = isinstance(value, Table) and truth(at(value, "optional"))
        production = not sections and not extras and not optional
        version = text(value) if isinstance(value, Scalar) else text(at(value, "version"))
        pin, source = _pin(value)
        if version is None and source is None:
            if isinstance(value, Table):
                if package(entry.key) in self.known:
                    return
                version = "*"
            else:
                self.gaps.append(Gap(f"`{entry.key}` is declared in no known way", where))
                return
        known = None if version is None or source else self.to_range(version)
        said = version if source is None else source
        written = oneline(f"{entry.key} {said}" if said != "*" else entry.key)
        all_sections = (*sections, *extras)
        self.declared.append(
            Declared(entry.key, "pypi", known, written, where, all_sections, production, pin)
        )


def _pin(value: Node) -> tuple[Pin, str | None]:
    """Return what a declaration's sources are fixed to, and what they are."""
    for name in ("git", "hg", "svn"):
        repository = text(at(value, name))
        if repository is not None:
            if text(at(value, "rev")) is not None or text(at(value, "tag")) is not None:
                return "fixed", repository
            return pep508.reference_pin(text(at(value, "ref")) or ""), repository
    for name in ("path", "url", "file"):
        source = text(at(value, name))
        if source is not None:
            return "fixed", source
    return "range", None
