"""What manifests declare: the direct dependencies of a project, each with its place."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import import_module

from bylaw.keys import decode
from bylaw.keys.model import BrokenFileError
from bylaw.keys.text import Text
from bylaw.manifests.model import Declared, Gap, Manifest, Section
from bylaw.versions import Registry

__all__ = [
    "Declared",
    "Gap",
    "Manifest",
    "Section",
    "is_unread",
    "kind_of",
    "read_manifest",
    "registry_of",
]

_BY_NAME: Mapping[str, str] = {
    "pyproject.toml": "pyproject",
    "Pipfile": "pipfile",
    "setup.cfg": "setup_cfg",
    "setup.py": "setup_py",
    "package.json": "package_json",
    "go.mod": "go_mod",
    "Cargo.toml": "cargo_toml",
    "pom.xml": "pom_xml",
}
_UNREAD = frozenset(
    {"build.gradle", "build.gradle.kts", "packages.config", "Gemfile", "composer.json"}
)
_UNREAD_ENDINGS = (".fsproj", ".vbproj", ".gemspec")
_REGISTRIES: Mapping[str, Registry] = {
    "package_json": "npm",
    "go_mod": "go",
    "cargo_toml": "crates",
    "pom_xml": "maven",
    "csproj": "nuget",
}


def kind_of(path: str) -> str | None:
    """Return what sort of manifest a path is, None where it is none that is known by its name."""
    folder, _, name = path.rpartition("/")
    known = _BY_NAME.get(name)
    if known is not None:
        return known
    if name.endswith(".csproj"):
        return "csproj"
    in_folder = folder.rpartition("/")[2] == "requirements"
    if name.endswith((".txt", ".in")) and (in_folder or name.startswith("requirements")):
        return "requirements"
    return None


def is_unread(path: str) -> bool:
    """Tell whether a path is a manifest of a kind that is not read."""
    name = path.rpartition("/")[2]
    return name in _UNREAD or name.endswith(_UNREAD_ENDINGS)


def registry_of(path: str) -> Registry:
    """Return the registry that a manifest's names are of."""
    return _REGISTRIES.get(kind_of(path) or "", "pypi")


@lru_cache(maxsize=4096)
def read_manifest(path: str, content: bytes) -> Manifest:
    """Return what a manifest declares; a file of no manifest's name is read as requirements.

    Raises BrokenFileError where the file is not what its name says.
    """
    kind = kind_of(path) or "requirements"
    read: Callable[[Text, str], Manifest] = import_module(f"bylaw.manifests.{kind}").read
    try:
        return read(decode(content), path)
    except BrokenFileError as error:
        at = (
            f" in line {error.place.line}"
            if error.place and " in line " not in error.reason
            else ""
        )
        raise BrokenFileError(f"broken manifest{at}: {error.reason}", error.place) from None
