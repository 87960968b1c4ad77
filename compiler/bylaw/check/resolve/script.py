"""Imports of TypeScript and JavaScript: packages by name, the repository's own files by path."""

from collections.abc import Iterator, Sequence

from bylaw.check.evidence import FileView
from bylaw.check.resolve.imported import LONGEST, Imported
from bylaw.check.resolve.names import node_name
from bylaw.check.resolve.settings import Package, PathMap, Settings, join, read_settings
from bylaw.facts.model import Import
from bylaw.standard_library import NODE

_ENDINGS = (
    ".ts",
    ".tsx",
    ".d.ts",
    ".mts",
    ".cts",
    ".js",
    ".jsx",
    ".mjs",
    ".cjs",
    ".json",
    ".vue",
    ".svelte",
)
_WRITTEN = {
    ".js": (".ts", ".tsx", ".d.ts"),
    ".jsx": (".tsx",),
    ".mjs": (".mts", ".d.mts"),
    ".cjs": (".cts", ".d.cts"),
}
"""TypeScript writes the ending that a file will have once it is compiled."""

_LIKELY = (".ts", ".tsx", ".js", "/index.ts", "/index.tsx", "/index.js")


def script_imports(view: FileView) -> Iterator[Imported]:
    """Yield what a file imports; the names that one statement takes from a module are one."""
    resolver = _Resolver(view)
    seen: dict[str, Imported] = {}
    last: Import | None = None
    for found in view.facts.imports:
        # A statement's names differ in what they bind; a type beside a value is another import.
        if (
            last is not None
            and (found.name, found.place) == (last.name, last.place)
            and found[:5] == last[:5]
        ):
            continue
        last = found
        specifier = found.name
        known = seen.get(specifier)
        if known is None:
            known = seen[specifier] = resolver.resolve(found)
        yield known._replace(source=found)


class _Resolver:
    """Resolves the specifiers of one file."""

    def __init__(self, view: FileView) -> None:
        self.view = view
        self.files = view.evidence.file_set
        self.folder = view.path.rpartition("/")[0]
        self.settings: Settings = view.evidence.once(read_settings)

    def resolve(self, found: Import) -> Imported:
        specifier = found.name.partition("?")[0]
        if len(specifier) > LONGEST:
            return Imported(found, specifier, specifier, "/")
        if specifier in (".", "..") or specifier.startswith(("./", "../")):
            path = join(self.folder, specifier)
            if path is None:
                return Imported(found, specifier, specifier, "/")
            return self._own(found, (path,), by_path=True)
        if specifier.startswith("/"):
            return self._unknown(found, "an absolute path is a matter of the bundler")
        name = node_name(specifier)
        if specifier.startswith("node:") or name.partition("/")[0] in NODE:
            return Imported(found, name, specifier, "/", standard=True)
        return (
            self._mapped(found, specifier)
            or self._shared(found, specifier)
            or self._outside(found, specifier)
        )

    def _outside(self, found: Import, specifier: str) -> Imported:
        # No package has such a name: it is an alias, and where it leads is said elsewhere.
        if specifier.startswith(("@/", "~/", "#")):
            rest = specifier.lstrip("@~#/")
            for folder in _upward(self.folder):
                for start in (folder, f"{folder}/src" if folder else "src"):
                    path = self._file(f"{start}/{rest}" if start else rest)
                    if path is not None:
                        return self._own(found, (path,))
            return self._unknown(found, "no `paths` in a tsconfig.json say where it leads")
        return Imported(found, specifier, specifier, "/")

    def _unknown(self, found: Import, why: str) -> Imported:
        return Imported(found, found.name, found.name, "/", unknown=why)

    # --- settings ------------------------------------------------------------------------------

    def _mapped(self, found: Import, specifier: str) -> Imported | None:
        """Resolve by `paths`, `baseUrl` and `imports`, of the nearest folder that knows better."""
        missing: tuple[str, ...] = ()
        for folder in _upward(self.folder):
            for one in self.settings.maps.get(folder, ()):
                paths = tuple(_substituted(specifier, one))
                for path in paths:
                    if self._file(path) is not None:
                        return self._own(found, (path,))
                missing = missing or paths
                based = join(one.base, specifier) if one.base is not None else None
                if based is not None and self._file(based) is not None:
                    return self._own(found, (based,))
            package = self.settings.packages.get(folder)
            if package is not None and specifier.startswith("#"):
                paths = tuple(_internal(specifier, package))
                missing = missing or paths
                break
        return self._own(found, missing) if missing else None

    def _shared(self, found: Import, specifier: str) -> Imported | None:
        """Resolve the name of a package of this repository's workspace."""
        parts = specifier.split("/")
        size = 2 if specifier.startswith("@") else 1
        package = self.settings.shared.get("/".join(parts[:size]))
        if package is None:
            return None
        rest = "/".join(parts[size:])
        if not rest:
            likely = (*package.entries, f"{package.folder}/src", package.folder)
        else:
            likely = (f"{package.folder}/{rest}", f"{package.folder}/src/{rest}")
        for path in likely:
            if self._file(path) is not None:
                return self._own(found, (path,))
        return self._own(found, likely[:1])

    # --- files ---------------------------------------------------------------------------------

    def _own(self, found: Import, paths: Sequence[str], *, by_path: bool = False) -> Imported:
        for path in paths:
            file = self._file(path)
            if file is not None:
                shown = file if by_path else found.name
                return Imported(found, found.name, shown, "/", (file,), exists=True, own=True)
        would = [c for path in paths for c in (path, *(path + end for end in _LIKELY))]
        shown = paths[0] if by_path else found.name
        return Imported(found, found.name, shown or ".", "/", tuple(would), own=True)

    def _file(self, path: str) -> str | None:
        """Return the file that a path without certain ending means."""
        if path in self.files:
            return path
        stem, dot, ending = path.rpartition(".")
        for other in _WRITTEN.get(dot + ending, ()):
            if stem + other in self.files:
                return stem + other
        prefix = f"{path}/" if path else ""
        for end in _ENDINGS:
            if path and path + end in self.files:
                return path + end
        for end in _ENDINGS:
            if f"{prefix}index{end}" in self.files:
                return f"{prefix}index{end}"
        return None


def _upward(folder: str) -> Iterator[str]:
    """Yield a folder and those above it, the repository's root last."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""


def _substituted(specifier: str, one: PathMap) -> Iterator[str]:
    """Yield where the first pattern of a path map that fits leads."""
    for pattern, targets in one.patterns:
        caught = _caught(specifier, pattern)
        if caught is not None:
            for target in targets:
                yield target.replace("*", caught, 1)
            return


def _internal(specifier: str, package: Package) -> Iterator[str]:
    for pattern, target in package.imports:
        caught = _caught(specifier, pattern)
        if caught is not None:
            path = join(package.folder, target.replace("*", caught))
            if path is not None:
                yield path
            return


def _caught(specifier: str, pattern: str) -> str | None:
    """Return what the `*` of a pattern stands for in a specifier; None where it does not fit."""
    start, star, end = pattern.partition("*")
    if not star:
        return "" if specifier == pattern else None
    fits = specifier.startswith(start) and specifier.endswith(end)
    if not fits or len(specifier) < len(start) + len(end):
        return None
    return specifier[len(start) : len(specifier) - len(end)]


def script_name(view: FileView) -> str | None:
    """Return the name of the shared package that a file lies in, with the path below it."""
    shared = view.evidence.once(read_settings).shared
    folders = {package.folder: name for name, package in shared.items()}
    for folder in _upward(view.path.rpartition("/")[0]):
        if folder in folders:
            return f"{folders[folder]}/{view.path[len(folder) :].lstrip('/')}"
    return None
