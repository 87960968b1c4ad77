"""The name of the project that page and site are of."""

import json
from pathlib import Path

from bylaw.render.characters import safe
from bylaw.toml import TooLargeError, parse

_LONGEST = 80


def project_name(root: Path) -> str:
    """Return the name that a manifest gives, or nothing.

    The folder's name says nothing of the project in a build, where it is what the runner calls it.
    """
    pyproject, package = _read(root / "pyproject.toml"), _read(root / "package.json")
    for found in (_of_pyproject(pyproject), _of_package(package)):
        if isinstance(found, str) and found.strip():
            return safe(" ".join(found.split()))[:_LONGEST]
    return ""


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _of_pyproject(data: bytes | None) -> object:
    try:
        project = parse((data or b"").decode("utf-8")).get("project")
    except (ValueError, TooLargeError):
        return None
    return project.get("name") if isinstance(project, dict) else None


def _of_package(data: bytes | None) -> object:
    try:
        package = json.loads(data or b"null")
    except (ValueError, RecursionError):
        return None
    return package.get("name") if isinstance(package, dict) else None
