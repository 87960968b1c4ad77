"""The names that a repository knows: modules, packages, paths, keys, commands, people."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, islice
from pathlib import Path

from bylaw.area import TreeFacts
from bylaw.check.pipelines import pipeline_files, read_pipeline
from bylaw.config import Config
from bylaw.editing.linked import Linked
from bylaw.keys import BrokenFileError, format_of, read_documents
from bylaw.keys.find import written
from bylaw.keys.model import Node, Scalar, Table
from bylaw.keys.model import Sequence as List
from bylaw.keys.tables import at, entries
from bylaw.languages import language_of
from bylaw.manifests import Manifest, kind_of, read_manifest
from bylaw.owners.of_files import read_owners
from bylaw.snapshot import WorkingTree
from bylaw.standard_library import may_be_standard
from bylaw.tree import Tree
from bylaw.unevaluable import UnevaluableError

_MOST_FILES = 60
"""Manifests, files of CI and the like that are looked into."""
_MOST_CODE = 1500
"""Files of code, spread over the tree, whose imports are looked at."""
_HEAD = 16_384
"""Bytes of a file of code in which its imports are looked for."""
_MOST_BYTES = 1 << 20
_MOST_KEYS = 3000
_DEEPEST = 7

_PYTHON_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(\w[\w.]*)[ \t]+import|import[ \t]+(\w[\w.]*))", re.MULTILINE
)
_SCRIPT_IMPORT = re.compile(r"""(?:from|import|require\()\s*["']([@\w][\w./@-]*)["']""")
_MAKE_TARGET = re.compile(r"^([A-Za-z][\w.-]*)[ \t]*:(?!=)", re.MULTILINE)


class Names:
    """What there is to name in one state of a repository; each sort is looked up when asked for."""

    def __init__(self, linked: Linked) -> None:
        self._config = linked.config
        self._ground = linked.program.ground
        self.files: Sequence[str] = self._ground.files
        self._disk = WorkingTree(Path(linked.root), ())

    def _read(self, path: str, most: int = _MOST_BYTES) -> bytes:
        try:
            data = self._disk.read(path)
        except (OSError, ValueError, UnevaluableError):
            return b""
        return data if len(data) <= most else b""

    # --- the tree ------------------------------------------------------------------------------

    @cached_property
    def facts(self) -> TreeFacts:
        """Where modules start in the tree, and which there are."""
        return self._ground.facts

    @cached_property
    def tree(self) -> Tree:
        """The paths."""
        return Tree(self.files)

    @cached_property
    def paths(self) -> frozenset[str]:
        """The paths, as a set."""
        return frozenset(self.files)

    @cached_property
    def modules(self) -> Tree:
        """The modules as paths, `/` for the dot."""
        return Tree(name.replace(".", "/") for name in self.facts.modules)

    @cached_property
    def by_last_name(self) -> "Ordered":
        """The files by their base names."""
        return Ordered((path.rpartition("/")[2], path) for path in self.files)

    @cached_property
    def modules_by_last_name(self) -> "Ordered":
        """The modules by their last names."""
        return Ordered((name.rpartition(".")[2], name) for name in self.facts.modules)

    def _shallow(self, paths: Iterable[str]) -> list[str]:
        return sorted(paths, key=lambda path: (path.count("/"), path))[:_MOST_FILES]

    # --- packages ------------------------------------------------------------------------------

    @cached_property
    def manifests(self) -> Mapping[str, Manifest]:
        """The manifests by path, those nearest to the root first."""
        found = {}
        for path in self._shallow(path for path in self.files if kind_of(path)):
            try:
                found[path] = read_manifest(path, self._read(path))
            except (BrokenFileError, ValueError):
                continue
        return found

    @cached_property
    def declared(self) -> Mapping[str, str]:
        """The packages that manifests declare, each with the first manifest that does."""
        found: dict[str, str] = {}
        for path, manifest in self.manifests.items():
            for each in manifest.declared:
                found.setdefault(each.name, path)
        return dict(sorted(found.items()))

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The extras and groups of the manifests."""
        some = (s.name for m in self.manifests.values() for d in m.declared for s in d.sections)
        return tuple(sorted(set(some)))

    @cached_property
    def imported(self) -> tuple[str, ...]:
        """The packages of others that the code imports, those imported most often first."""
        counts: dict[str, int] = {}
        own = frozenset(self.facts.packages)
        code = [path for path in self.files if language_of(path) is not None]
        for path in code[:: max(1, len(code) // _MOST_CODE)]:
            try:
                with open(self._disk.root / path, "rb") as stream:
                    text = stream.read(_HEAD).decode("utf-8", "replace")
            except OSError:
                continue
            for name in set(_imports(path, text)):
                if name not in own and not may_be_standard(name):
                    counts[name] = counts.get(name, 0) + 1
        tops = self.modules
        return tuple(
            name
            for name in sorted(counts, key=lambda name: (-counts[name], name))
            if not tops.matches(name)
        )

    # --- configuration -------------------------------------------------------------------------

    @cached_property
    def configurations(self) -> tuple[str, ...]:
        """The files with keys, but for code, those nearest to the root first."""
        paths = (p for p in self.files if format_of(p) not in {None, "python"})
        return tuple(self._shallow(paths))

    def keys(self, path: str) -> tuple[str, ...]:
        """Return the keys of a configuration file, in its order."""
        found: dict[str, None] = {}
        for root in self._roots(path):
            found.update(dict.fromkeys(islice(_keys(root, ()), _MOST_KEYS)))
        return tuple(found)

    def values(self, path: str, key: str) -> tuple[str, ...]:
        """Return the plain values that a key has in a file."""
        found = []
        for root in self._roots(path):
            node = at(root, *(part.strip('"') for part in re.findall(r'"[^"]+"|[^."]+', key)))
            if isinstance(node, Scalar) and not node.hidden and "\n" not in node.text:
                found.append(node.text)
        return tuple(text for text in found if text and "`" not in text)

    def _roots(self, path: str) -> list[Node]:
        try:
            return [document.root for document in read_documents(path, self._read(path))]
        except (BrokenFileError, RecursionError):
            return []

    # --- commands and people -------------------------------------------------------------------

    @cached_property
    def commands(self) -> tuple[str, ...]:
        """The commands that CI runs, and those that `make` and `npm` know."""
        return tuple(dict.fromkeys(chain(self._in_ci(), self._in_make(), self._in_npm())))

    def _in_ci(self) -> Iterator[str]:
        for path in pipeline_files(self.files)[:_MOST_FILES]:
            try:
                steps = read_pipeline(path, self._read(path)).steps
            except (UnevaluableError, RecursionError):
                continue
            for step in steps:
                for line in step.text.split("\n"):
                    if 1 < len(line.strip()) <= 80 and not set(line) & set("`$\\#{}"):
                        yield line.strip()

    def _in_make(self) -> Iterator[str]:
        for path in ("Makefile", "makefile", "GNUmakefile"):
            if self.tree.has(path):
                for match in _MAKE_TARGET.finditer(self._read(path).decode("utf-8", "replace")):
                    yield f"make {match[1]}"

    def _in_npm(self) -> Iterator[str]:
        if self.tree.has("package.json"):
            for root in self._roots("package.json"):
                for entry in entries(at(root, "scripts")):
                    yield f"npm run {entry.key}"

    @cached_property
    def agents(self) -> tuple[str, ...]:
        """The classes of agents that the configuration names."""
        config = self._config
        named = [*config.agents.levels_by_class, config.hook.agent_class or ""]
        return tuple(sorted({name for name in named if name}))

    @cached_property
    def owners(self) -> tuple[str, ...]:
        """Those who own files or approve changes, by the names that approvals know."""
        people = [name for entry in self._config.approvals.people for name in entry.split()[:1]]
        owners = read_owners(lambda path: self._read(path) or None)
        lines = owners.lines if owners is not None else ()
        return tuple(dict.fromkeys([*people, *(name for _, _, some in lines for name in some)]))


class Ordered:
    """Things looked up by the beginning of a name."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._pairs = sorted(pairs)

    def starting(self, start: str, most: int) -> list[str]:
        """Return the things whose name begins so, in the order of names."""
        at = bisect_left(self._pairs, (start, ""))
        found = []
        for name, thing in self._pairs[at : at + most]:
            if not name.startswith(start):
                break
            found.append(thing)
        return found


def _imports(path: str, text: str) -> Iterator[str]:
    if path.endswith((".py", ".pyi")):
        for match in _PYTHON_IMPORT.finditer(text):
            yield (match[1] or match[2]).partition(".")[0]
    elif language_of(path) in {"javascript", "typescript"}:
        for match in _SCRIPT_IMPORT.finditer(text):
            parts = match[1].split("/")
            yield "/".join(parts[:2]) if match[1].startswith("@") else parts[0]


def _keys(node: Node, path: tuple[str, ...]) -> Iterator[str]:
    if len(path) >= _DEEPEST:
        return
    if isinstance(node, Table):
        for entry in node.entries:
            below = (*path, *(entry.key.split(".") if node.dotted else (entry.key,)))
            if "`" not in entry.key and "\n" not in entry.key:
                yield written(below)
                yield from _keys(entry.value, below)
    elif isinstance(node, List):
        for item in node.items[:20]:
            yield from _keys(item, (*path, "[]"))


_KEPT: dict[Path, tuple[Config, Names]] = {}
_MOST_KEPT = 8


def names_of(linked: Linked) -> Names:
    """Return the names of a repository; they are kept until it is read again.

    Reading a repository reads its configuration, so that a new one tells; a text that nobody has
    saved changes no name.
    """
    config = linked.config
    kept = _KEPT.get(linked.root)
    if kept is not None and kept[0] is config:
        return kept[1]
    if len(_KEPT) >= _MOST_KEPT:
        _KEPT.clear()
    names = Names(linked)
    _KEPT[linked.root] = (config, names)
    return names
