"""Projects in a project: folders of the tree with a configuration of their own."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from bylaw.config_source import FILE, PYPROJECT, configures
from bylaw.occupants import ClosedError, look


def find_projects(root: Path, tree: Iterable[str]) -> tuple[str, ...]:
    """Return the folders below `root`, each with `/`, that have a configuration; sorted."""
    return tuple(sorted(set(_found(root, tree))))


def _found(root: Path, tree: Iterable[str]) -> Iterator[str]:
    for path in tree:
        folder, _, name = path.rpartition("/")
        if not folder:
            continue
        if name == FILE:
            yield f"{folder}/"
        elif name == PYPROJECT:
            try:
                found = look(root, path)
            except ClosedError:
                continue
            if found.data is not None and configures(found.data):
                yield f"{folder}/"
