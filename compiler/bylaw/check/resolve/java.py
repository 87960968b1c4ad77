"""Imports of Java: classes by their full name, the repository's own by where their package lies."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bylaw.check.evidence import Evidence, FileView
from bylaw.check.resolve.imported import LONGEST, Imported
from bylaw.facts.model import Import

_STANDARD = ("java.", "javax.", "jdk.", "org.w3c.dom.", "org.xml.sax.", "org.ietf.jgss.")
_CONVENTIONAL = re.compile(r"(?:.*?/)?(?:src/\w+/java|java|src(?!/\w+/java/))/")
_PACKAGE = re.compile(rb"^[ \t]*package[ \t]+([\w.]+)[ \t]*;", re.MULTILINE)


@dataclass(frozen=True)
class JavaFiles:
    """The files of a tree's classes by their name, its packages' folders, and its source roots.

    A file's root is what convention says: the folder `java` or `src` above it.
    """

    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    packages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    roots: tuple[str, ...] = ()


def find_classes(evidence: Evidence) -> JavaFiles:
    """Find the classes of a tree; ask for it with `evidence.once`."""
    classes: dict[str, list[str]] = {}
    packages: dict[str, list[str]] = {}
    roots: set[str] = set()
    for path in evidence.tree.files:
        if not path.endswith(".java"):
            continue
        root = _root(path)
        roots.add(root)
        name = path[len(root) : -len(".java")].replace("/", ".")
        classes.setdefault(name, []).append(path)
        packages.setdefault(name.rpartition(".")[0], []).append(path)
    return JavaFiles(
        {name: tuple(paths) for name, paths in classes.items()},
        {name: tuple(paths) for name, paths in packages.items()},
        tuple(sorted(roots)),
    )


def _root(path: str) -> str:
    found = _CONVENTIONAL.match(path)
    return found[0] if found else ""


def java_imports(view: FileView) -> Iterator[Imported]:
    """Yield what a file imports."""
    files = view.evidence.once(find_classes)
    root = _declared_root(view)
    for found in view.facts.imports:
        if len(found.name) > LONGEST:
            yield Imported(found, found.name, found.name)
        else:
            yield _imported(found, files, root)


def _declared_root(view: FileView) -> str:
    """Return the folder, with its slash, that a file's own `package` clause starts from."""
    folder = view.path.rpartition("/")[0] + "/"
    found = _PACKAGE.search(view.data)
    package = found[1].decode("ascii", errors="replace").replace(".", "/") + "/" if found else ""
    if package and f"/{folder}".endswith(f"/{package}"):
        return folder[: len(folder) - len(package)]
    return _root(view.path)


def _imported(found: Import, files: JavaFiles, root: str) -> Imported:
    name = found.name
    if paths := _files(name, files, root):
        return Imported(found, name, name, paths=paths, exists=True, own=True)
    if name.startswith(_STANDARD):
        return Imported(found, name, name, standard=True)
    # A class that is not there (yet) is the repository's where its package starts like another.
    start = ".".join(name.split(".")[:2])
    if any(p == start or p.startswith(start + ".") for p in files.packages):
        path = name.replace(".", "/")
        homes = dict.fromkeys((root, *files.roots))
        return Imported(found, name, name, paths=tuple(f"{h}{path}.java" for h in homes), own=True)
    return Imported(found, name, name)


def _files(name: str, files: JavaFiles, root: str) -> tuple[str, ...]:
    """Return the files of a class, of one that holds it, or of a whole package."""
    whole = files.packages.get(name, ())
    while name:
        found = files.classes.get(name, ())
        if found:
            near = tuple(path for path in found if path.startswith(root))
            return near or found
        name = name.rpartition(".")[0]
    return whole


def java_name(view: FileView) -> str:
    """Return the full name of the class that a file is."""
    return view.path[len(_declared_root(view)) :].removesuffix(".java").replace("/", ".")
