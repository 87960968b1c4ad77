"""Whether a name in code is one that a pattern means, in every language's notation of names.

A pattern of several names (`os.environ`) means what the file's imports resolve to it. Where no
import binds the first name, the name stands as it is written. `.send` is any `send` that is taken
from something. A single name (`send`) is that name as it is written, or under an alias that an
import gives it; one that the language itself defines (`print`, `fetch`) means that one only, not
another that hides it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

from bylaw.area import TreeFacts
from bylaw.builtin_names import PYTHON as PYTHON_BUILTINS
from bylaw.builtin_names import SCRIPT as SCRIPT_GLOBALS
from bylaw.check.evidence import FileView
from bylaw.check.resolve.python import absolute, module_name, package_of
from bylaw.facts.model import Import
from bylaw.modules import is_own
from bylaw.standard_library import NODE
from bylaw.standard_library import PYTHON as PYTHON_MODULES

if TYPE_CHECKING:
    from bylaw.ir import Language, Pattern

Segments = tuple[str, ...]

_SCRIPTS = frozenset({"typescript", "javascript"})
_TAKEN = frozenset({"()", "[]"})
"""What ends a use in a chain: a call and a subscript, whose result the rest is taken from."""

_WINDOWS = frozenset({"globalThis", "window", "global", "self"})
"""What JavaScript's own globals may be taken from."""

_GO_VERSION = re.compile(r"v\d+\Z")
_GO_SUFFIX = re.compile(r"\.v\d+\Z")


class Reference(Protocol):
    """What facts say of a name in code: a use, a decorator or a base."""

    @property
    def name(self) -> str | None:
        """The name as far as the file resolves it."""

    @property
    def chain(self) -> Segments:
        """The name as written."""


class Meaning(NamedTuple):
    """What a name may be in full; its first `hidden` parts stand nowhere in the file."""

    parts: Segments
    hidden: int = 0


class Names:
    """How the names of one file resolve beyond the file itself."""

    def __init__(self, view: FileView) -> None:
        self.language: Language | None = view.language
        self.is_script = self.language in _SCRIPTS
        self._view = view
        self._layout: TreeFacts = view.evidence.layout
        self._known: dict[str, tuple[Meaning, ...]] = {}

    @cached_property
    def module(self) -> Segments:
        """The module that the file is; outside the source roots, its path."""
        return tuple(module_name(self._view).split("."))

    @cached_property
    def bound(self) -> frozenset[str]:
        """The names that imports bind in the file."""
        return frozenset(i.bound for i in self._view.facts.imports if i.bound)

    @cached_property
    def wildcards(self) -> tuple[Segments, ...]:
        """What names may come from without being named: wildcard imports, but not namespaces."""
        if self.is_script:
            return ()
        found = [i for i in self._view.facts.imports if i.form == "wildcard"]
        meanings = (m for i in found for m in self.resolve(self._taken(i.name)))
        return tuple(dict.fromkeys(meaning.parts for meaning in meanings))

    def _taken(self, name: str) -> str:
        return f"{name}#" if self.language == "go" else name

    def resolve(self, name: str) -> tuple[Meaning, ...]:
        """Return every dotted name that a name of facts may be."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = tuple(dict.fromkeys(self._resolve(name)))
        return known

    def _resolve(self, name: str) -> Iterator[Meaning]:
        if name.startswith(":"):
            if self.language == "python":
                yield Meaning((*self.module, *name[1:].split(".")), len(self.module))
        elif self.language == "python":
            yield from self._python(name)
        elif self.is_script:
            yield from self._script(name)
        elif self.language == "go":
            yield from self._go(name)
        else:
            yield from self._java(tuple(name.removeprefix("java.lang.").split(".")))

    def _python(self, name: str) -> Iterator[Meaning]:
        if name.startswith("."):
            in_full = absolute(name, package_of(self._view))
            if in_full is not None:
                parts = tuple(in_full.split("."))
                written = name.lstrip(".")
                yield Meaning(parts, len(parts) - (written.count(".") + 1 if written else 0))
            return
        parts = tuple(name.split("."))
        yield Meaning(parts)
        if parts[0] == "builtins" and len(parts) > 1:
            yield Meaning(parts[1:])
        if parts[0] not in PYTHON_BUILTINS:
            yield from self._through_wildcards(parts)

    def _java(self, parts: Segments) -> Iterator[Meaning]:
        yield Meaning(parts)
        if parts[0][:1].isupper():
            # A class with no package before it is of `java.lang`, this package, or a wildcard.
            yield Meaning(("java", "lang", *parts), 2)
        yield from self._through_wildcards(parts)

    def _go(self, name: str) -> Iterator[Meaning]:
        path, mark, member = name.partition("#")
        if not mark:
            parts = tuple(path.split("."))
            yield Meaning(parts)
            yield from self._through_wildcards(parts)
            return
        for package in _packages(path):
            yield Meaning((package, *member.split(".")) if member else (package,))

    def _through_wildcards(self, parts: Segments) -> Iterator[Meaning]:
        # While the wildcards themselves are resolved there are none to go through.
        if "wildcards" in self.__dict__ and self.wildcards and parts[0] not in self.bound:
            for module in self.wildcards:
                yield Meaning((*module, *parts), len(module))

    def _script(self, name: str) -> Iterator[Meaning]:
        at = name.find("#", 1)
        if at < 0:
            parts = tuple(name.split("."))
            yield Meaning(parts if "/" not in name else _package(name))
            if parts[0] in _WINDOWS and len(parts) > 1:
                yield Meaning(parts[1:])
            return
        module, member = _package(name[:at]), name[at + 1 :]
        yield Meaning((*module, *member.split(".")))
        if member.startswith("default."):
            yield Meaning((*module, *member.split(".")[1:]))
        elif member == "default":
            yield Meaning(module)

    def stands_as_written(self, name: str | None, root: str) -> bool:
        """Tell whether a name whose first part is `root` may be meant by its own spelling.

        What an import binds in Python is what the import says. JavaScript gives default imports
        and namespaces any name, and their authors' spelling (`React.Component`) is all there is.
        """
        if name is None:
            return False
        own = name.startswith(":")
        if self.language == "python":
            known = root in PYTHON_MODULES or root in PYTHON_BUILTINS
            return own and not known and not is_own(root, self._layout)
        if self.is_script:
            return (own or "#" in name[1:]) and root not in NODE and root not in SCRIPT_GLOBALS
        return own or self.language != "go"

    def is_module(self, name: str) -> bool:
        """Tell whether a name is that of a module, of the language or of the repository."""
        if self.language == "python":
            return name in PYTHON_MODULES or is_own(name, self._layout)
        return self.is_script and name in NODE

    def is_builtin(self, name: str) -> bool:
        """Tell whether the language itself gives a name to every file."""
        if self.language == "python":
            return name in PYTHON_BUILTINS
        return self.is_script and name in SCRIPT_GLOBALS


@lru_cache(maxsize=4)
def names_of(view: FileView) -> Names:
    """Return how a file's names resolve; kept for the file at hand."""
    names = Names(view)
    # First, because what a free name may be depends on them.
    _ = names.wildcards
    return names


def _packages(path: str) -> Iterator[str]:
    """Yield the names that the package of an import path of Go may have."""
    folders = path.split("/")
    last = folders[-1]
    if _GO_VERSION.match(last) and len(folders) > 1:
        folders.pop()
        yield last
    for name in (folders[-1], _GO_SUFFIX.sub("", folders[-1])):
        yield name
        yield name.removeprefix("go-")


def _package(specifier: str) -> Segments:
    """Return a specifier as names: `node:fs/promises` is `fs.promises`, `@acme/ui` `acme.ui`."""
    return tuple(re.split(r"[/.]", specifier.removeprefix("node:").removeprefix("@")))


# --- one pattern -------------------------------------------------------------------------------


class Shape(NamedTuple):
    """A pattern, taken apart once."""

    segments: Segments
    tests: tuple[Callable[[str], bool], ...]
    any_receiver: bool


@lru_cache(maxsize=16384)
def _shape(name: str, any_receiver: bool) -> Shape:
    segments = tuple(name.split("."))
    return Shape(segments, tuple(map(_segment_test, segments)), any_receiver)


def shape_of(pattern: Pattern) -> Shape:
    """Return a pattern taken apart."""
    return _shape(pattern.name, pattern.any_receiver)


def _segment_test(segment: str) -> Callable[[str], bool]:
    if "*" not in segment:
        return segment.__eq__
    expression = re.compile(r"[\w$]*".join(re.escape(p) for p in re.split(r"\*+", segment)))
    return lambda name: expression.fullmatch(name) is not None


def _starts(tests: Sequence[Callable[[str], bool]], found: Sequence[str]) -> bool:
    return len(found) >= len(tests) and all(test(f) for test, f in zip(tests, found, strict=False))


def matched(
    pattern: Pattern, reference: Reference, names: Names, *, whole: bool
) -> Segments | None:
    """Return the name, as found, that a pattern means by a reference, or None.

    With `whole` it must be all of the reference, as what is called is; else it may be its start,
    for a use of `os.environ.get` is one of `os.environ`.
    """
    shape = shape_of(pattern)
    chain = reference.chain
    if shape.any_receiver:
        return _on_receiver(shape, chain, whole)
    if len(shape.segments) == 1:
        return _single(shape, reference, names, whole)
    tests = shape.tests
    name = reference.name
    if name is None:
        return None
    for meaning in names.resolve(name):
        if _means(tests, meaning, whole):
            return meaning.parts[: len(tests)]
    written = _starts(tests, chain) and (not whole or len(chain) == len(tests))
    if written and names.stands_as_written(name, chain[0]):
        return chain[: len(tests)]
    return None


def _means(tests: Sequence[Callable[[str], bool]], meaning: Meaning, whole: bool) -> bool:
    found = meaning.parts
    if whole:
        return len(found) == len(tests) and _starts(tests, found)
    # What a file refers to by a name of its own is not a use of what the file lies in.
    return meaning.hidden < len(tests) and _starts(tests, found)


def _on_receiver(shape: Shape, chain: Segments, whole: bool) -> Segments | None:
    length = len(shape.tests)
    if whole:
        if len(chain) > length and _starts(shape.tests, chain[-length:]):
            return chain
        return None
    # What stands before a call or subscript is a use of its own.
    first = max((n for n, part in enumerate(chain) if part in _TAKEN), default=0)
    for start in range(max(1, first - length + 2), len(chain) - length + 1):
        if _starts(shape.tests, chain[start : start + length]):
            return chain[: start + length]
    return None


def _single(shape: Shape, reference: Reference, names: Names, whole: bool) -> Segments | None:
    """Match a pattern of one name: by what it resolves to, its spelling, or its alias."""
    test = shape.tests[0]
    name, chain = reference.name, reference.chain
    for meaning in names.resolve(name) if name is not None else ():
        if _means(shape.tests, meaning, whole):
            return meaning.parts[:1]
    if not chain or (whole and len(chain) > 1) or not _TAKEN.isdisjoint(chain):
        return None
    hidden = names.is_builtin(chain[0]) or (
        # Whoever uses a module means the module, not what has its name here.
        not whole and (name is None or name[0] == ":") and names.is_module(chain[0])
    )
    if test(chain[0]) and not hidden:
        return chain[:1]
    alias = _behind(name, chain) if name is not None else None
    if alias is not None and test(alias) and not names.is_builtin(alias):
        return (alias,)
    return None


def _behind(name: str, chain: Segments) -> str | None:
    """Return the name that an import's alias stands for: `s` of `from m import send as s`."""
    if name[0] == ":":
        return None
    head = name
    rest = ".".join(chain[1:])
    if rest:
        if not name.endswith("." + rest) and not name.endswith("#" + rest):
            return None
        head = name[: -len(rest) - 1]
    last = re.split(r"[.#/]", head)[-1]
    return last if last and last != chain[0] else None


def spelt(segments: Segments) -> str:
    """Return a name as text: `a.b().send`."""
    text = segments[0] if segments else ""
    for segment in segments[1:]:
        text += segment if segment in _TAKEN else "." + segment
    return text


def first_match(
    patterns: Iterable[Pattern], reference: Reference, names: Names, *, whole: bool
) -> Pattern | None:
    """Return the first pattern that means a reference, or None."""
    for pattern in patterns:
        if matched(pattern, reference, names, whole=whole) is not None:
            return pattern
    return None


# --- imports -----------------------------------------------------------------------------------


def import_matched(pattern: Pattern, imported: Import, names: Names) -> Segments | None:
    """Return the name that an import takes, where a pattern means it, or None."""
    shape = shape_of(pattern)
    if shape.any_receiver:
        return None
    tests = shape.tests
    for meaning in names.resolve(import_name(imported, names)):
        found = meaning.parts
        if _means(tests, meaning, whole=False):
            return found[: len(tests)]
        last = len(tests) == 1 and imported.form == "from" and tests[0](found[-1])
        if last and not names.is_builtin(found[-1]):
            return found
    return None


def import_name(imported: Import, names: Names) -> str:
    """Return what an import takes in the notation of facts: `process#env`, `os/exec#`, `a.b`."""
    if names.is_script:
        member = imported.member
        return f"{imported.name}#{member}" if member and member != "*" else imported.name
    return f"{imported.name}#" if names.language == "go" else imported.name
