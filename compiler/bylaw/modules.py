"""Modules as files: source roots, what module a file is, and what files a module pattern means."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from bylaw.area import TreeFacts
from bylaw.globs import expand_braces, included, matcher, overlap
from bylaw.globs.dialect import alternatives, is_literal
from bylaw.globs.segments import segment_matches
from bylaw.languages import ENDINGS, LANGUAGE_OF
from bylaw.tree import Tree

if TYPE_CHECKING:
    from bylaw.ir import Language


def read_tree(files: Iterable[str], source_roots: tuple[str, ...] = ()) -> TreeFacts:
    """Work out what of the tree decides artifacts; `files` are sorted, roots as configured.

    Without configured roots, a file below a package (a folder with `__init__.py`) has the folder
    above the outermost such package as its root; any other has `src/`, if it lies there, or the
    repository's root.
    """
    languages: set[Language] = set()
    python: list[str] = []
    endings: set[str] = set()
    for path in files:
        ending = path[path.rfind(".") :]
        language = LANGUAGE_OF.get(ending)
        if language is not None:
            languages.add(language)
            endings.add(ending)
            if language == "python":
                python.append(path)
    configured = tuple(
        sorted({root.strip("/").removeprefix("./") for root in source_roots} - {"."})
    )
    if "." in source_roots or "./" in source_roots:
        configured = ("", *configured)
    root_of = _Configured(configured) if source_roots else _Inferred(python)
    facts = _facts(python, root_of, tuple(sorted(languages)), configured)
    return facts._replace(endings=frozenset(endings))


def _facts(
    python: list[str],
    root_of: _Configured | _Inferred,
    languages: tuple[Language, ...],
    configured: tuple[str, ...],
) -> TreeFacts:
    roots = set(configured)
    tops: set[str] = set()
    modules: set[str] = set()
    sources: set[str] = set()
    folders: dict[str, tuple[str | None, str]] = {}
    for path in python:
        folder, _, name = path.rpartition("/")
        known = folders.get(folder)
        if known is None:
            known = folders[folder] = _folder(folder, root_of(folder), tops, modules)
        root, package = known
        if root is None:
            continue
        roots.add(root)
        stem = name.partition(".")[0]
        if not package:
            tops.add(path)
            if stem != "__init__":
                modules.add(stem)
        elif stem != "__init__":
            modules.add(f"{package}.{stem}")
        if name.endswith(".py") and name.count(".") == 1:
            sources.add(f"{package}.{name[:-3]}" if package else name[:-3])
    packages = {_stem(top) for top in tops if not top.endswith((".py", ".pyi"))}
    return TreeFacts(
        source_roots=tuple(sorted(roots)),
        packages=tuple(sorted(packages)),
        modules=frozenset(modules),
        languages=languages,
        tops=tuple(sorted(tops)),
        sources=frozenset(sources),
        configured=bool(configured),
    )


def _folder(
    folder: str, root: str | None, tops: set[str], modules: set[str]
) -> tuple[str | None, str]:
    """Note the folder's packages; return its root and its dotted name below that."""
    if root is None:
        return None, ""
    below = folder[len(root) :].strip("/") if root else folder
    if not below:
        return root, ""
    first = below.partition("/")[0]
    tops.add(f"{root}/{first}" if root else first)
    package = below.replace("/", ".")
    name = package
    while name and name not in modules:
        modules.add(name)
        name = name.rpartition(".")[0]
    return root, package


class _Configured:
    """The deepest configured source root above a folder."""

    def __init__(self, roots: tuple[str, ...]) -> None:
        self._roots = sorted(roots, key=len, reverse=True)

    def __call__(self, folder: str) -> str | None:
        for root in self._roots:
            if not root or folder == root or folder.startswith(root + "/"):
                return root
        return None


class _Inferred:
    """The folder above the outermost package that a folder lies in, else `src` or the root."""

    def __init__(self, python: Iterable[str]) -> None:
        self._packages = {
            path.rpartition("/")[0]
            for path in python
            if path.endswith(("/__init__.py", "/__init__.pyi"))
        }
        self._known: dict[str, str | None] = {"": None}

    def _package_root(self, folder: str) -> str | None:
        """Return the folder above the outermost package at or above `folder`, if any."""
        pending: list[str] = []
        while folder not in self._known:
            pending.append(folder)
            folder = folder.rpartition("/")[0]
        found = self._known[folder]
        for deeper in reversed(pending):
            if found is None and deeper in self._packages:
                found = deeper.rpartition("/")[0]
            self._known[deeper] = found
        return found

    def __call__(self, folder: str) -> str:
        root = self._package_root(folder)
        if root is not None:
            return root
        return "src" if folder == "src" or folder.startswith("src/") else ""


def module_of(path: str, facts: TreeFacts) -> str | None:
    """Return the dotted module that a Python file is, or None where it is none."""
    if not path.endswith((".py", ".pyi")):
        return None
    root = _root_of(path, facts)
    if root is None:
        return None
    below = (path[len(root) + 1 :] if root else path).rpartition(".")[0]
    if below == "__init__":
        return None
    return below.removesuffix("/__init__").replace("/", ".")


def _root_of(path: str, facts: TreeFacts) -> str | None:
    tops = _index(facts).tops
    candidate = path
    while candidate:
        if candidate in tops:
            return candidate.rpartition("/")[0]
        candidate = candidate.rpartition("/")[0]
    # A file that the tree does not hold (yet), such as an example's.
    return _Configured(_open_roots(facts))(path.rpartition("/")[0])


def _open_roots(facts: TreeFacts) -> tuple[str, ...]:
    """Return the source roots of files that lie in no package that the tree holds."""
    if facts.configured:
        return facts.source_roots
    return tuple(root for root in ("", "src") if root in facts.source_roots) or ("",)


class _Index:
    """What is looked up often of a tree's facts."""

    def __init__(self, facts: TreeFacts) -> None:
        self._facts = facts
        self.tops = frozenset(facts.tops)
        self.by_name: dict[str, list[str]] = {}
        for top in facts.tops:
            self.by_name.setdefault(_stem(top), []).append(top)

    @cached_property
    def tree(self) -> Tree:
        """The modules as paths, `/` for the dot."""
        return Tree(module.replace(".", "/") for module in self._facts.modules)

    def below(self, folder: str) -> Iterator[str]:
        """Yield the top-level packages and modules that lie below a folder."""
        start = folder + "/"
        tops = self._facts.tops
        for position in range(bisect_left(tops, start), len(tops)):
            if not tops[position].startswith(start):
                return
            yield tops[position]


@lru_cache(maxsize=4)
def _index(facts: TreeFacts) -> _Index:
    return _Index(facts)


def is_own(name: str, facts: TreeFacts) -> bool:
    """Tell whether a top-level package or module of that name is in the repository."""
    return name in _index(facts).by_name


def top_paths(name: str, facts: TreeFacts) -> list[str]:
    """Return where modules of a first name lie, or would: folders, and files without ending."""
    found = [
        top.rpartition(".")[0] if top.endswith((".py", ".pyi")) else top
        for top in _index(facts).by_name.get(name, ())
    ]
    return found + [f"{root}/{name}" if root else name for root in _open_roots(facts)]


def siblings(module: str, facts: TreeFacts) -> list[str]:
    """Return the last names of the modules beside one, sorted."""
    parent = module.rpartition(".")[0]
    return _index(facts).tree.children(parent.replace(".", "/") + "/" if parent else "")


def find_modules(pattern: str, facts: TreeFacts) -> tuple[str, ...]:
    """Return the modules that a pattern names itself, not those below them, sorted."""
    if "*" not in pattern:
        return (pattern,) if pattern in facts.modules else ()
    found = _index(facts).tree.matching(pattern.replace(".", "/"))
    return tuple(path.replace("/", ".") for path in found)


def is_known(pattern: str, facts: TreeFacts) -> bool:
    """Tell whether any module of the repository is one that the pattern means."""
    if "*" not in pattern:
        return pattern in facts.modules
    path = "/".join("**" if part is None else part for part in _normal(pattern)) or "**"
    return _index(facts).tree.matches(path)


# --- module patterns as globs ------------------------------------------------------------------


def paths_of(
    patterns: Iterable[str], facts: TreeFacts, language: Language = "python"
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return globs for the code files of module patterns: those to include, those to leave out.

    A pattern whose first name is nowhere in the tree is looked for below every source root, so
    the globs are never none. Globs to leave out are folders that lie below but are source roots
    of their own.
    """
    include: dict[str, None] = {}
    exclude: dict[str, None] = {}
    endings = ENDINGS[language]
    suffix = endings[0] if len(endings) == 1 else f".{{{','.join(e[1:] for e in endings)}}}"
    for pattern in patterns:
        found, left_out = _paths_of(pattern, facts, suffix)
        include.update(dict.fromkeys(found))
        exclude.update(dict.fromkeys(left_out))
    # What one pattern leaves out another may name.
    kept = [e for e in exclude if _claims(e, include) < 2]
    return tuple(include), tuple(kept)


def _claims(left_out: str, include: Iterable[str]) -> int:
    """Count the globs that a glob to leave out cuts into; its own is always one."""
    count = 0
    for glob in include:
        # A plain path is a file here, and nothing lies below it.
        if is_literal(left_out):
            texts = expand_braces(left_out)
            count += any(matcher((glob,))(text) for text in texts)
        else:
            count += overlap((glob,), (left_out,)) is not None
    return count


@lru_cache(maxsize=4096)
def _paths_of(
    pattern: str, facts: TreeFacts, suffix: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    segments = _normal(pattern)
    if not segments:
        everything = [f"{root}/**" if root else "**" for root in facts.source_roots or ("",)]
        return ("**",) if "**" in everything else tuple(everything), ()
    include: list[str] = []
    exclude: list[str] = []
    bases = _bases(segments, facts)
    if segments[0] is not None and not bases:
        include, exclude, bases = _unknown(segments[0], segments[1:], facts, suffix)
    for base, rest in bases:
        if base.endswith((".py", ".pyi")):
            include.append(base)
            continue
        here = [f"{base}/**"] if not rest else []
        if rest:
            path = "/".join([base, *("**" if part is None else part for part in rest)])
            here = [path + suffix, path + "/**"]
            if rest[-1] == "*":
                exclude.append(f"{path[:-1]}__init__{suffix}")
        for top in _index(facts).below(base):
            nested = f"{top}/**"
            here = [glob for glob in here if not included((glob,), (nested,))]
            if overlap(here, (nested,)) is not None:
                exclude.append(nested)
        include += here
    return tuple(dict.fromkeys(include)), tuple(dict.fromkeys(exclude))


def _unknown(
    first: str, rest: tuple[str | None, ...], facts: TreeFacts, suffix: str
) -> tuple[list[str], list[str], list[tuple[str, tuple[str | None, ...]]]]:
    """Look for a module that the tree does not hold below each root, other roots left out."""
    roots = _open_roots(facts)
    places = [f"{root}/{first}" if root else first for root in roots]
    include = [] if rest else [place + suffix for place in places]
    exclude = [f"{r}/**" for r in roots if any(r.startswith(place + "/") for place in places)]
    return include, exclude, [(place, rest) for place in places if place not in roots]


def _normal(pattern: str) -> tuple[str | None, ...]:
    """Return the pattern's segments in a glob's normal form, None for `**`, none at the end."""
    parts = pattern.split(".")
    while parts and parts[-1] == "**":
        parts.pop()
    if not parts:
        return ()
    found = alternatives("/".join(parts))[0]
    while found and found[-1] is None:
        found = found[:-1]
    return found


def _bases(
    segments: tuple[str | None, ...], facts: TreeFacts
) -> list[tuple[str, tuple[str | None, ...]]]:
    """Return the top-level folders and files that a pattern can start at, and what follows."""
    first, rest = segments[0], segments[1:]
    found: list[tuple[str, tuple[str | None, ...]]] = []
    wild = first is None or first == "*"
    for top in facts.tops if wild else _index(facts).by_name.get(str(first), ()):
        name = _stem(top)
        is_file = top.endswith((".py", ".pyi"))
        if first is None:
            if segment_matches(rest[0] or "*", name) and not (is_file and len(rest) > 1):
                found.append((top, rest[1:]))
            if not is_file:
                found.append((top, segments))
        elif not (is_file and rest):
            found.append((top, rest))
    return found


def _stem(top: str) -> str:
    return top.rpartition("/")[2].partition(".")[0]
