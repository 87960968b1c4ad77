"""What a class inherits from: the bases it names, and those of the repository's classes it names.

The classes of other files are looked up when a class leads to them, and only then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from bylaw.check.evidence import Evidence, FileView
from bylaw.check.patterns import Names, Segments, first_match, matched, names_of, shape_of
from bylaw.check.resolve import imports_of
from bylaw.check.resolve.imported import Imported
from bylaw.check.resolve.python import module_files
from bylaw.facts.model import Base, Definition, Import, Place
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.ir import Pattern

_SCRIPTS = frozenset({"typescript", "javascript"})


class _Source:
    """One file's classes, and what its names stand for."""

    def __init__(  # noqa: PLR0917 - what is known of a file
        self,
        path: str,
        names: Names,
        definitions: tuple[Definition, ...],
        imports: tuple[Import, ...],
        resolved: dict[str, Imported],
        default_exports: tuple[Place, ...],
    ) -> None:
        self.path = path
        self.names = names
        self.definitions = definitions
        self.imports = imports
        self.resolved = resolved
        self.default_exports = default_exports
        self.by_title: dict[str, int] = {}
        for index, definition in enumerate(definitions):
            if definition.kind == "class":
                self.by_title.setdefault(self.title(index), index)

    def title(self, index: int) -> str:
        """Return a definition's name with those of the classes around it."""
        parts: list[str] = []
        while index >= 0:
            parts.append(self.definitions[index].name)
            index = self.definitions[index].parent
        return ".".join(reversed(parts))

    def defaulted(self) -> str | None:
        """Return the class that the module exports as its default."""
        for place in self.default_exports:
            for index, definition in enumerate(self.definitions):
                body = definition.body
                overlaps = place[:2] <= body[2:] and body[:2] <= place[2:]
                if definition.kind == "class" and definition.parent < 0 and overlaps:
                    return self.title(index)
        return None


Class = tuple[_Source, int]
"""A class: its file, and its number among the definitions."""


class _Sources:
    """The files that have been looked into, and where classes of Java may lie.

    `answers` say what a class inherits from, by pattern, exceptions, path and number.
    """

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.known: dict[str, _Source] = {}
        self.answers: dict[tuple[object, ...], Segments | None] = {}

    def at(self, path: str) -> _Source:
        """Return one file's classes."""
        found = self.known.get(path)
        if found is None:
            try:
                found = _small_source_of(FileView(path, self.evidence))
            except UnevaluableError as error:
                raise UnevaluableError(
                    f"`{path}`, which it inherits from: {error.reason}"
                ) from None
            self.known[path] = found
        return found

    def real(self, pattern: Pattern) -> tuple[str, int] | None:
        """Return the class of Python that a pattern's name leads to, through re-exports."""
        if pattern.any_receiver or "*" in pattern.name or "." not in pattern.name:
            return None
        found = _in_modules(pattern.name, "", self, 0)
        return (found[0].path, found[1]) if found is not None else None


def real_name(pattern: Pattern, evidence: Evidence) -> str | None:
    """Return the name that a class has where it is defined, if the pattern names one by another."""
    sources = evidence.once(_sources)
    real = sources.real(pattern)
    return sources.at(real[0]).definitions[real[1]].name if real is not None else None


def _sources(evidence: Evidence) -> _Sources:
    return _Sources(evidence)


@lru_cache(maxsize=4)
def _source_of(view: FileView) -> _Source:
    facts = view.facts
    names = names_of(view)
    # Now, while the facts are at hand.
    _ = names.module, names.bound
    return _Source(
        view.path,
        names,
        facts.definitions,
        facts.imports,
        {imported.source.name: imported for imported in imports_of(view)},
        facts.default_exports,
    )


def _small_source_of(view: FileView) -> _Source:
    source = _source_of(view)
    # Many may be kept, and of each only this: the rest can be made again.
    for part in ("data", "text", "lines", "facts", "_imports"):
        view.__dict__.pop(part, None)
    return source


def inherits(
    view: FileView, index: int, pattern: Pattern, spared: Iterable[Pattern] = ()
) -> Segments | None:
    """Return the base that a pattern means, where the class has it or reaches it, or None.

    What `spared` means is no base, and nothing is reached through it.
    """
    sources = view.evidence.once(_sources)
    own = _source_of(view)
    search = _Search(pattern, tuple(spared), sources)
    return search.find(own, index)


class _Search:
    """A walk from class to base, until a base is one that the pattern means."""

    def __init__(self, pattern: Pattern, spared: tuple[Pattern, ...], sources: _Sources) -> None:
        self._pattern = pattern
        self._spared = spared
        self._sources = sources
        self._key = (shape_of(pattern).segments, pattern.any_receiver, *(p.text for p in spared))
        self._meant = sources.real(pattern)
        self._not_meant = frozenset(c for p in spared if (c := sources.real(p)) is not None)

    def find(self, source: _Source, index: int) -> Segments | None:
        """Return what a class has or reaches; what is learnt of others on the way is kept."""
        answers = self._sources.answers
        below: dict[tuple[str, int], tuple[str, int] | None] = {(source.path, index): None}
        stack: list[Class] = [(source, index)]
        while stack:
            here, current = stack.pop()
            at = (here.path, current)
            key = (self._key, *at)
            found = answers.get(key)
            further: list[Class] = []
            if key not in answers:
                found, further = self._look(here, current)
            if found is not None:
                # Whatever has led here inherits from it, too.
                step: tuple[str, int] | None = at
                while step is not None:
                    answers[self._key, *step] = found
                    step = below[step]
                return found
            for one in reversed(further):
                reached = (one[0].path, one[1])
                if reached not in below:
                    below[reached] = at
                    stack.append(one)
        answers.update(dict.fromkeys(((self._key, *at) for at in below), None))
        return None

    def _look(self, source: _Source, index: int) -> tuple[Segments | None, list[Class]]:
        """Return the base of a class that is meant, if one is, or else the classes it leads to."""
        further: list[Class] = []
        for base in source.definitions[index].bases:
            if first_match(self._spared, base, source.names, whole=True) is not None:
                continue
            found = matched(self._pattern, base, source.names, whole=True)
            if found is not None:
                return found, []
            for one in _classes(source, index, base, self._sources):
                named = _name_of(*one)
                at = (one[0].path, one[1])
                if at in self._not_meant or any(_means(p, named) for p in self._spared):
                    continue
                if at == self._meant or _means(self._pattern, named):
                    return named, []
                further.append(one)
        return None, further


def _name_of(source: _Source, index: int) -> Segments:
    """Return a class by its name, in Python in full, whatever name it is imported under."""
    own = tuple(source.title(index).split("."))
    return (*source.names.module, *own) if source.names.language == "python" else own


def _means(pattern: Pattern, name: Segments) -> bool:
    shape = shape_of(pattern)
    if shape.any_receiver or len(shape.tests) < 2 or len(shape.tests) != len(name):
        return False
    return all(test(part) for test, part in zip(shape.tests, name, strict=True))


# --- from a base to its class ------------------------------------------------------------------


def _classes(source: _Source, index: int, base: Base, sources: _Sources) -> Iterator[Class]:
    """Yield the repository's classes that a base may be; one, but for wildcard imports."""
    name = base.name
    if name is None:
        yield from _local(source, index, base)
    elif name.startswith(":"):
        found = _titled(source, name[1:], index)
        if found is not None:
            yield source, found
    elif source.names.language == "python":
        for dotted, _ in source.names.resolve(name):
            found_class = _in_modules(".".join(dotted), source.path, sources, 0)
            if found_class is not None:
                yield found_class
                return
    elif source.names.language in _SCRIPTS:
        module, _, member = name[1:].partition("#")
        found_class = _in_script(source, name[0] + module, member, sources, 0)
        if found_class is not None:
            yield found_class
    elif source.names.language == "java":
        yield from _in_java(source, name, sources)


def _titled(source: _Source, title: str, index: int) -> int | None:
    """Return a class by its name at the top level, or else inside the classes around one."""
    found = source.by_title.get(title)
    return found if found is not None and found != index else None


def _local(source: _Source, index: int, base: Base) -> Iterator[Class]:
    """Yield the class of that name in the nearest definition around."""
    if len(base.chain) != 1:
        return
    around = source.definitions[index].parent
    while around >= 0:
        for number, definition in enumerate(source.definitions):
            same = definition.kind == "class" and definition.name == base.chain[0]
            if same and definition.parent == around and number != index:
                yield source, number
                return
        around = source.definitions[around].parent


_DEEPEST = 32
"""Re-exports beyond are not followed: they go in circles."""


def _in_modules(name: str, importer: str, sources: _Sources, depth: int) -> Class | None:
    """Find a class of Python by its full name, through the modules that pass it on."""
    if depth > _DEEPEST:
        return None
    files = sources.evidence.once(module_files)
    module, _, rest = name.rpartition(".")
    path = None
    while module and (path := files.find(module, importer)) is None:
        module, _, last = module.rpartition(".")
        rest = f"{last}.{rest}"
    if path is None:
        return None
    source = sources.at(path)
    if rest in source.by_title:
        return source, source.by_title[rest]
    first, _, below = rest.partition(".")
    through: list[str] = []
    for imported in source.imports:
        whole = source.resolved.get(imported.name)
        if whole is None:
            continue
        if imported.bound == first:
            through.append(f"{whole.name}.{below}" if below else whole.name)
        elif imported.form == "wildcard":
            through.append(f"{whole.name}.{rest}")
    for further in through:
        found = _in_modules(further, path, sources, depth + 1) if further != name else None
        if found is not None:
            return found
    return None


def _in_script(
    source: _Source, specifier: str, member: str, sources: _Sources, depth: int
) -> Class | None:
    """Find a class of TypeScript or JavaScript by the module and the name it is imported by."""
    if depth > _DEEPEST or not member:
        return None
    imported = source.resolved.get(specifier)
    if imported is None or not imported.exists:
        return None
    target = sources.at(imported.paths[0])
    title = target.defaulted() if member == "default" else member
    if title is not None and title in target.by_title:
        return target, target.by_title[title]
    for found in target.imports:
        if found.form != "re-export" or found.member is None:
            continue
        everything = found.member == "*" and found.bound is None
        taken = member if everything else found.member
        if everything or (found.bound or taken) == member:
            further = _in_script(target, found.name, taken, sources, depth + 1)
            if further is not None:
                return further
    return None


def _in_java(source: _Source, name: str, sources: _Sources) -> Iterator[Class]:
    """Yield the classes of Java that a name may be: imported, beside it, or through `.*`."""
    parts = name.split(".")
    start = next((n for n, part in enumerate(parts) if part[:1].isupper()), len(parts) - 1)
    title = ".".join(parts[start:])
    paths: list[str] = []
    whole = source.resolved.get(".".join(parts[: start + 1]))
    if whole is not None:
        paths += whole.paths
    if not start:
        files = sources.evidence.file_set
        folders = [source.path.rpartition("/")[0]]
        for imported in source.resolved.values():
            if imported.source.form == "wildcard":
                folders += [path.rpartition("/")[0] for path in imported.paths]
        places = [f"{f}/{parts[0]}.java" if f else f"{parts[0]}.java" for f in folders]
        paths += [path for path in places if path in files and path != source.path]
    for path in dict.fromkeys(paths):
        target = sources.at(path) if path in sources.evidence.file_set else None
        if target is not None and title in target.by_title:
            yield target, target.by_title[title]
