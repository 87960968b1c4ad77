"""`pyproject.toml`: PEP 621, dependency groups, and the tables of Poetry, PDM, uv, Hatch, Flit."""

from posixpath import normpath

from bylaw.keys import toml
from bylaw.keys.model import Document, Node, Sequence, Table
from bylaw.keys.tables import at, entries, items, place, text
from bylaw.keys.text import Text
from bylaw.manifests import pep508, poetry
from bylaw.manifests.model import Declared, Gap, Include, Manifest, Section
from bylaw.manifests.names import package

_BUILD = (Section("group", "build-system"), Section("group", "build"))


def read(content: Text, path: str) -> Manifest:
    """Return what a `pyproject.toml` declares."""
    document = toml.read(content)[0]
    reader = _Reader(document, path.rpartition("/")[0])
    root = document.root
    reader.project(at(root, "project"))
    reader.groups(at(root, "dependency-groups"))
    reader.tools(at(root, "tool"))
    reader.listed(at(root, "build-system", "requires"), _BUILD, production=False)
    legacy = poetry.read(document, known={package(d.name) for d in reader.declared if d.production})
    declared = reader.included((*reader.declared, *legacy.declared))
    return Manifest(declared, (*reader.gaps, *legacy.gaps), tuple(reader.includes))


class _Reader:
    def __init__(self, document: Document, folder: str) -> None:
        self.document = document
        self.folder = folder + "/" if folder else ""
        self.declared: list[Declared] = []
        self.gaps: list[Gap] = []
        self.includes: list[Include] = []
        self.takes: dict[Section, list[Section]] = {}
        """By a section, those that take it in."""
        self.name = package(text(at(document.root, "project", "name")) or "")

    def listed(
        self, node: Node | None, sections: tuple[Section, ...] = (), *, production: bool = True
    ) -> None:
        """Read a list of requirements."""
        if node is not None and not isinstance(node, Sequence):
            self.gaps.append(Gap("its requirements are no list", place(self.document, node)))
        for item in items(node):
            where = place(self.document, item)
            requirement = text(item)
            if requirement is not None:
                self._requirement(requirement, item, sections, production)
            elif isinstance(item, Table) and sections:
                group = text(at(item, "include-group"))
                if group is None:
                    self.gaps.append(Gap("an element of a group is no requirement", where))
                else:
                    self._take(Section("group", package(group)), sections[0])
            else:
                self.gaps.append(Gap("an element is no requirement", where))

    def _requirement(
        self, requirement: str, item: Node, sections: tuple[Section, ...], production: bool
    ) -> None:
        own = pep508.extras_of(requirement) if self.name and sections else None
        if own is not None and package(own[0]) == self.name:
            # A project that names itself takes in its own extras.
            for extra in own[1]:
                self._take(Section("extra", package(extra)), sections[0])
            return
        where = place(self.document, item)
        found = pep508.declare(requirement, where, sections, production)
        if isinstance(found, Gap):
            self.gaps.append(found)
        else:
            self.declared.append(found)

    def _take(self, taken: Section, by: Section) -> None:
        self.takes.setdefault(taken, []).append(by)

    def project(self, node: Node | None) -> None:
        """Read the table of PEP 621."""
        self.listed(at(node, "dependencies"))
        self._extras(at(node, "optional-dependencies"))
        dynamic = {text(item) for item in items(at(node, "dynamic"))}
        for name in ("dependencies", "optional-dependencies"):
            if name in dynamic:
                self._dynamic(name, at(node, "dynamic"))

    def _extras(self, node: Node | None) -> None:
        for entry in entries(node):
            section = (Section("extra", package(entry.key)),)
            self.listed(entry.value, section, production=False)

    def _dynamic(self, name: str, node: Node | None) -> None:
        """Note that dependencies stand elsewhere: in files, or in what a build makes of them."""
        where = place(self.document, node) if node is not None else None
        source = at(self.document.root, "tool", "setuptools", "dynamic", name)
        if source is None:
            reason = f"its `{name}` are dynamic, and stand elsewhere"
            others = (f"{self.folder}setup.py", f"{self.folder}setup.cfg")
            self.gaps.append(Gap(reason, where, others))
        elif name == "dependencies":
            self._files(source, ())
        else:
            for entry in entries(source):
                self._files(entry.value, (Section("extra", package(entry.key)),))

    def _files(self, source: Node, sections: tuple[Section, ...]) -> None:
        file = at(source, "file")
        where = place(self.document, source)
        for name in [text(item) for item in items(file)] or [text(file)]:
            if name:
                path = normpath(self.folder + name)
                self.includes.append(Include(path, where, sections))

    def groups(self, node: Node | None) -> None:
        """Read the groups of PEP 735."""
        for entry in entries(node):
            section = (Section("group", package(entry.key)),)
            self.listed(entry.value, section, production=False)

    def tools(self, tool: Node | None) -> None:
        """Read the tables of tools, each with a habit of its own."""
        uv = at(tool, "uv", "dev-dependencies")
        self.listed(uv, (Section("group", "dev"),), production=False)
        for entry in entries(at(tool, "pdm", "dev-dependencies")):
            self.listed(entry.value, (Section("group", package(entry.key)),), production=False)
        for entry in entries(at(tool, "hatch", "envs")):
            section = (Section("group", package(entry.key)),)
            self.listed(at(entry.value, "dependencies"), section, production=False)
            self.listed(at(entry.value, "extra-dependencies"), section, production=False)
        flit = at(tool, "flit", "metadata")
        self.listed(at(flit, "requires"))
        self._extras(at(flit, "requires-extra"))

    def included(self, declared: tuple[Declared, ...]) -> tuple[Declared, ...]:
        """Return declarations with the sections that take theirs in, too."""
        if not self.takes:
            return declared
        return tuple(
            one._replace(taken=self._closure(one.sections)) if one.sections else one
            for one in declared
        )

    def _closure(self, sections: tuple[Section, ...]) -> tuple[Section, ...]:
        found = dict.fromkeys(sections)
        waiting = list(sections)
        while waiting:
            for section in self.takes.get(waiting.pop(), ()):
                if section not in found:
                    found[section] = None
                    waiting.append(section)
        return tuple(section for section in found if section not in sections)
