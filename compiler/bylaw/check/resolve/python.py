"""Imports of Python: relative names in full, and the files that modules are."""

from collections.abc import Iterator
from typing import NamedTuple

from bylaw.check.evidence import Evidence, FileView
from bylaw.check.resolve.imported import LONGEST, Imported
from bylaw.facts.model import Import
from bylaw.modules import is_own, module_of, top_paths
from bylaw.standard_library import PYTHON


class ModuleFiles(NamedTuple):
    """The files of every Python module of a tree; sources stand before stubs."""

    files: dict[str, list[str]]

    def find(self, name: str, importer: str) -> str | None:
        """Return the file of a module, that nearest to the importer where there are several."""
        found = self.files.get(name)
        if found is None:
            return None
        if len(found) == 1:
            return found[0]
        near = max(_common(path, importer) for path in found)
        return next(path for path in found if _common(path, importer) == near)


def module_files(evidence: Evidence) -> ModuleFiles:
    """Find the files of a tree's modules; ask for it with `evidence.once`."""
    found: dict[str, list[str]] = {}
    for path in evidence.tree.files:
        if path.endswith((".py", ".pyi")):
            module = module_of(path, evidence.layout)
            if module is not None:
                found.setdefault(module, []).append(path)
    for paths in found.values():
        if len(paths) > 1:
            paths.sort(key=in_order)
    return ModuleFiles(found)


def in_order(path: str) -> tuple[bool, str]:
    """Return what files of one module are sorted by: sources stand before stubs."""
    return path.endswith(".pyi"), path


def _common(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if left != right:
            break
        count += 1
    return count


def python_imports(view: FileView) -> Iterator[Imported]:
    """Yield what a file imports; a relative import that leaves its root fails, and is none."""
    package = package_of(view)
    files = view.evidence.once(module_files)
    for found in view.facts.imports:
        name = absolute(found.name, package)
        module = absolute(found.module, package)
        if name is None or module is None:
            continue
        if len(name) > LONGEST:
            yield Imported(found, name, name)
        else:
            yield _imported(view, found, name, module, files)


def module_name(view: FileView) -> str:
    """Return the module that a Python file is; outside the source roots, its dotted path."""
    if view.module is not None:
        return view.module
    return view.path.rpartition(".")[0].removesuffix("/__init__").replace("/", ".")


def package_of(view: FileView) -> str:
    """Return the package that a file's relative imports start from; empty where it has none."""
    module = module_name(view)
    name = view.path.rpartition("/")[2]
    if name.partition(".")[0] == "__init__":
        return "" if module == "__init__" else module
    return module.rpartition(".")[0]


def absolute(name: str, package: str) -> str | None:
    """Return a name in full; None where its dots lead out of the outermost package."""
    rest = name.lstrip(".")
    dots = len(name) - len(rest)
    if not dots:
        return name or None
    parts = package.split(".") if package else []
    if dots > len(parts):
        return None
    start = ".".join(parts[: len(parts) - dots + 1])
    return f"{start}.{rest}" if rest else start


def _imported(
    view: FileView, found: Import, name: str, module: str, files: ModuleFiles
) -> Imported:
    path = files.find(name, view.path)
    if path is None and module != name:
        path = files.find(module, view.path)
    if path is not None:
        return Imported(found, name, name, paths=(path,), exists=True, own=True)
    first = name.partition(".")[0]
    nearest = _nearest(name, files, view.path)
    # A folder beside the code that has the name of a module of Python does not take its place.
    if first in PYTHON and nearest is None:
        return Imported(found, name, name, standard=True)
    layout = view.evidence.layout
    if nearest is None and not is_own(first, layout) and not found.name.startswith("."):
        return Imported(found, name, name)
    rest = name.partition(".")[2].replace(".", "/")
    places = [f"{top}/{rest}" if rest else top for top in top_paths(first, layout)]
    would = tuple(f"{place}{end}" for place in places for end in (".py", "/__init__.py"))
    if nearest is not None:
        return Imported(found, name, name, paths=(*would, nearest), own=True)
    return Imported(found, name, name, paths=would, own=True)


def _nearest(name: str, files: ModuleFiles, importer: str) -> str | None:
    parent = name.rpartition(".")[0]
    while parent:
        path = files.find(parent, importer)
        if path is not None:
            return path
        parent = parent.rpartition(".")[0]
    return None
