"""`Pipfile`: packages, development packages, and categories."""

from bylaw.keys import toml
from bylaw.keys.tables import entries
from bylaw.keys.text import Text
from bylaw.manifests.model import Manifest, Section
from bylaw.manifests.names import package
from bylaw.manifests.poetry import TableReader
from bylaw.versions.pep440 import parse

_OTHERS = frozenset({"source", "requires", "scripts", "pipenv"})


def read(content: Text, path: str) -> Manifest:  # noqa: ARG001 - every reader's arguments
    """Return what a `Pipfile` declares."""
    document = toml.read(content)[0]
    reader = TableReader(document, _range, {})
    for entry in entries(document.root):
        if entry.key == "packages":
            reader.table(entry.value, ())
        elif entry.key == "dev-packages":
            reader.table(entry.value, (Section("group", "dev"), Section("group", "dev-packages")))
        elif entry.key not in _OTHERS:
            reader.table(entry.value, (Section("group", package(entry.key)),))
    return Manifest(tuple(reader.declared), tuple(reader.gaps))


def _range(text: str) -> str | None:
    bare = "" if text.strip() == "*" else text
    return bare if parse(bare) is not None else None
