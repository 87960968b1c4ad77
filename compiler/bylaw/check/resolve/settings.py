"""The settings that say what a specifier means: `tsconfig.json`, `package.json` and their like."""

import json
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from bylaw.check.evidence import Evidence
from bylaw.globs import check, matcher
from bylaw.unevaluable import UnevaluableError

# What is never closed ends with the text, so that nothing is looked at twice.
_STRING = r'"(?:[^"\\\n]|\\.)*"?'
_TOKEN = re.compile(_STRING + r"|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_TRAILING = re.compile(f"({_STRING})" + r"|,(?=\s*[}\]])", re.DOTALL)
_LARGEST = 1 << 20
_DEEPEST = 16


class PathMap(NamedTuple):
    """The `paths` of one configuration, as patterns and folders from the repository's root.

    `base` is its `baseUrl`, None where it has none.
    """

    patterns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    base: str | None = None


class Package(NamedTuple):
    """A package of the repository: its folder, its entry files, and its `imports` by pattern."""

    folder: str
    entries: tuple[str, ...] = ()
    imports: tuple[tuple[str, str], ...] = ()


class Settings(NamedTuple):
    """What a tree's settings say: path maps by folder, packages by folder and, if shared, by name.

    A package is shared where a workspace says so; then others import it by its name.
    """

    maps: Mapping[str, tuple[PathMap, ...]] = MappingProxyType({})
    packages: Mapping[str, Package] = MappingProxyType({})
    shared: Mapping[str, Package] = MappingProxyType({})


def read_settings(evidence: Evidence) -> Settings:
    """Read a tree's settings; ask for it with `evidence.once`.

    What is broken in them says nothing: the tools that they are for will complain.
    """
    maps: dict[str, list[PathMap]] = {}
    manifests: dict[str, Mapping[str, Any]] = {}
    for path in evidence.tree.files:
        folder, _, name = path.rpartition("/")
        if not name.endswith(".json") or "node_modules" in path:
            continue
        if name == "package.json":
            manifests[folder] = read_json(path, evidence)
        elif name.startswith(("tsconfig", "jsconfig")):
            found = _path_map(path, evidence)
            if found.patterns or found.base is not None:
                # The plain name first: it is the one that editors and tools take.
                at = 0 if name in ("tsconfig.json", "jsconfig.json") else len(maps.get(folder, ()))
                maps.setdefault(folder, []).insert(at, found)
    packages = {folder: _package(folder, said) for folder, said in manifests.items()}
    return Settings(
        {folder: tuple(some) for folder, some in maps.items()},
        packages,
        dict(_shared(manifests, packages, evidence)),
    )


def says_what_imports_mean(path: str) -> bool:
    """Tell whether a file may decide what imports in other files mean.

    The verdicts on those files hang on its content: `tsconfig.json`, `package.json`, `go.mod` …
    """
    name = path.rpartition("/")[2]
    if name.endswith(".json"):
        return "config" in name or name in ("package.json", "base.json")
    return name in ("pnpm-workspace.yaml", "go.mod")


def read_json(path: str, evidence: Evidence) -> Mapping[str, Any]:
    """Return the object in a JSON file with comments; an empty one where it holds none."""
    try:
        data = evidence.tree.read(path)
    except UnevaluableError:
        return {}
    if len(data) > _LARGEST:
        return {}
    text = data.decode("utf-8-sig", errors="replace")
    text = _TOKEN.sub(lambda m: m[0] if m[0].startswith('"') else " ", text)
    text = _TRAILING.sub(lambda m: m[1] or "", text)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def normal(path: str) -> str | None:
    """Return a path without `.` and `..`; None where it leads out of the repository."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def join(folder: str, path: str) -> str | None:
    """Return where a path leads from a folder; None where that is out of the repository."""
    return normal(f"{folder}/{path}")


# --- tsconfig ----------------------------------------------------------------------------------


def _path_map(path: str, evidence: Evidence) -> PathMap:
    """Read the `paths` and `baseUrl` of a configuration, or of one that it extends."""
    patterns: tuple[tuple[str, tuple[str, ...]], ...] | None = None
    base: str | None = None
    pending, seen = [path], 0
    while pending and seen < _DEEPEST and (patterns is None or base is None):
        here = pending.pop(0)
        seen += 1
        said = read_json(here, evidence)
        folder = here.rpartition("/")[0]
        options = said.get("compilerOptions")
        options = options if isinstance(options, dict) else {}
        url = options.get("baseUrl")
        own_base = join(folder, url) if isinstance(url, str) else None
        base = own_base if base is None else base
        if patterns is None and isinstance(options.get("paths"), dict):
            # Without a base of its own, paths start from the file that they stand in.
            start = own_base if own_base is not None else base if base is not None else folder
            patterns = tuple(_patterns(options["paths"], start))
        pending += _extended(said.get("extends"), folder, evidence)
    return PathMap(patterns or (), base)


def _patterns(paths: Mapping[str, Any], start: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    # The pattern with the longest beginning wins.
    for pattern in sorted(paths, key=lambda p: (-len(p.partition("*")[0]), p)):
        targets = paths[pattern]
        found = [join(start, t) for t in targets if isinstance(t, str)] if targets else []
        if isinstance(targets, list) and pattern.count("*") < 2:
            yield pattern, tuple(t for t in found if t is not None)


def _extended(said: Any, folder: str, evidence: Evidence) -> Iterator[str]:
    for name in said if isinstance(said, list) else [said]:
        if not isinstance(name, str) or not name.startswith("."):
            continue
        path = join(folder, name)
        for candidate in (path, f"{path}.json", f"{path}/tsconfig.json"):
            if candidate is not None and candidate in evidence.file_set:
                # No verdict may hang on a file of which nobody would think that it does.
                if says_what_imports_mean(candidate):
                    yield candidate
                break


# --- package.json ------------------------------------------------------------------------------


def _package(folder: str, said: Mapping[str, Any]) -> Package:
    entries = [said.get(key) for key in ("source", "types", "module", "main")]
    exports = said.get("exports")
    if isinstance(exports, dict):
        exports = exports.get(".", exports)
    entries.append(_first_path(exports))
    paths = [join(folder, entry) for entry in entries if isinstance(entry, str)]
    imports = said.get("imports")
    pairs = imports.items() if isinstance(imports, dict) else ()
    mapped = [(pattern, _first_path(target)) for pattern, target in pairs]
    ordered = sorted(mapped, key=lambda pair: (-len(pair[0].partition("*")[0]), pair[0]))
    return Package(
        folder,
        tuple(dict.fromkeys(path for path in paths if path)),
        tuple((p, t) for p, t in ordered if t is not None and p.count("*") < 2),
    )


def _first_path(said: Any) -> str | None:
    """Return the first path of a package's own that a tree of conditions holds."""
    pending = [said]
    while pending:
        here = pending.pop(0)
        if isinstance(here, str) and here.startswith("./"):
            return here
        if isinstance(here, dict):
            pending = [*here.values(), *pending]
        elif isinstance(here, list):
            pending = [*here, *pending]
    return None


def _shared(
    manifests: Mapping[str, Mapping[str, Any]], packages: Mapping[str, Package], evidence: Evidence
) -> Iterator[tuple[str, Package]]:
    """Yield the packages that a workspace makes known by name."""
    members = matcher(_members(manifests, evidence))
    for folder in sorted(manifests, reverse=True):
        name = manifests[folder].get("name")
        if isinstance(name, str) and name and members(folder):
            yield name, packages[folder]


def _members(manifests: Mapping[str, Mapping[str, Any]], evidence: Evidence) -> Iterator[str]:
    for folder, said in manifests.items():
        found = said.get("workspaces")
        if isinstance(found, dict):
            found = found.get("packages")
        for glob in found if isinstance(found, list) else ():
            yield from _member(folder, glob)
    for path in evidence.tree.files:
        if path.endswith("pnpm-workspace.yaml"):
            try:
                text = evidence.tree.read(path)[:_LARGEST].decode("utf-8", errors="replace")
            except UnevaluableError:
                continue
            for glob in _packages(text):
                yield from _member(path.rpartition("/")[0], glob)


def _packages(text: str) -> Iterator[str]:
    """Yield the items of the list `packages` of a pnpm workspace."""
    inside = False
    for line in text.splitlines():
        item = line.partition(" #")[0].strip()
        if inside and item.startswith("-"):
            yield item[1:].strip().strip("'\"")
        elif item and not item.startswith("#"):
            inside = item == "packages:"


def _member(folder: str, glob: Any) -> Iterator[str]:
    if isinstance(glob, str) and not glob.startswith("!"):
        found = join(folder, glob)
        if found and check(found) is None:
            yield found
