"""Imports of Go: packages by their path, the repository's own through its `go.mod` files."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bylaw.check.evidence import Evidence, FileView
from bylaw.check.resolve.imported import LONGEST, Imported
from bylaw.check.resolve.settings import join
from bylaw.facts.model import Import
from bylaw.unevaluable import UnevaluableError

_MODULE = re.compile(r'^[ \t]*module[ \t]+"?([^\s"()]+)', re.MULTILINE)
_REPLACE = re.compile(
    r'^[ \t]*(?:replace[ \t]+)?"?([^\s"()]+)"?(?:[ \t]+v\S+)?[ \t]+=>[ \t]+"?(\.\.?(?:/[^\s"]*)?)',
    re.MULTILINE,
)


@dataclass(frozen=True)
class GoModules:
    """The folders of a tree's Go modules by their path, and the files of each folder's package."""

    folders: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_modules(evidence: Evidence) -> GoModules:
    """Read a tree's `go.mod` files; ask for it with `evidence.once`."""
    folders: dict[str, str] = {}
    replaced: dict[str, str] = {}
    files: dict[str, list[str]] = {}
    for path in evidence.tree.files:
        folder, _, name = path.rpartition("/")
        if name.endswith(".go"):
            files.setdefault(folder, []).append(path)
        if name != "go.mod":
            continue
        try:
            text = evidence.tree.read(path)[: 1 << 20].decode("utf-8", errors="replace")
        except UnevaluableError:
            continue
        text = re.sub(r"//[^\n]*", "", text)
        if found := _MODULE.search(text):
            folders.setdefault(found[1], folder)
        for module, target in _REPLACE.findall(text):
            place = join(folder, target)
            if place is not None:
                replaced.setdefault(module, place)
    return GoModules({**replaced, **folders}, {f: tuple(some) for f, some in files.items()})


def go_imports(view: FileView) -> Iterator[Imported]:
    """Yield what a file imports."""
    modules = view.evidence.once(read_modules)
    for found in view.facts.imports:
        if len(found.name) > LONGEST:
            yield Imported(found, found.name, found.name, "/")
        else:
            yield _imported(view, found, modules)


def _imported(view: FileView, found: Import, modules: GoModules) -> Imported:
    path = found.name
    folder: str | None = None
    if path.startswith(("./", "../")):
        folder = join(view.path.rpartition("/")[0], path)
    else:
        module = path
        while module and module not in modules.folders:
            module = module.rpartition("/")[0]
        if module:
            folder = join(modules.folders[module], path[len(module) :])
    if folder is None:
        return _foreign(found, path, modules)
    files = modules.files.get(folder, ())
    code = tuple(file for file in files if not file.endswith("_test.go"))
    if code:
        return Imported(found, path, path, "/", code, exists=True, own=True)
    name = folder.rpartition("/")[2] or "main"
    would = f"{folder}/{name}.go" if folder else f"{name}.go"
    return Imported(found, path, path, "/", (would,), own=True)


def _foreign(found: Import, path: str, modules: GoModules) -> Imported:
    first = path.partition("/")[0]
    if "." not in first:
        return Imported(found, path, path, "/", standard=True)
    # Without a go.mod, the end of a path is all that could tell a package of this repository.
    rest = path.partition("/")[2]
    while rest and not modules.folders:
        if rest in modules.files:
            why = "no go.mod says which packages are the repository's"
            return Imported(found, path, path, "/", unknown=why)
        rest = rest.partition("/")[2]
    return Imported(found, path, path, "/")


def go_name(view: FileView) -> str | None:
    """Return the path that a file's package is imported by."""
    folder = view.path.rpartition("/")[0]
    best: tuple[int, str] | None = None
    for module, home in view.evidence.once(read_modules).folders.items():
        if not home or folder == home or folder.startswith(home + "/"):
            path = module + (folder[len(home) :] if home else f"/{folder}" if folder else "")
            best = max(best or (-1, ""), (len(home), path))
    return best[1] if best else None
