"""The folders whose decisions bind a call: found as every command finds them, in less time."""

import os

from bylaw.record.store import git_folder

TYPE_CHECKING = False  # `typing` takes longer to import than a folder takes to find
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bylaw.checkpoint.effects import Effect

PROJECT = "CLAUDE_PROJECT_DIR"
"""Where a host says in which folder the person has started it, whatever the agent changes to."""


def find_root(start: str) -> str:
    """Return the folder of the configuration above `start`, else that of the repository."""
    return next(_roots_above(start), os.path.realpath(start))


def roots_of(folder: str, projects: "Iterable[object]" = ()) -> "tuple[str, ...]":
    """Return the roots that bind a call in a folder, those of the host's projects first.

    The agent can go where another configuration stands, or make one; who has started it cannot be
    left. Above a root that lies in another one, the other one binds as well.
    """
    named = (os.environ.get(PROJECT), *projects)
    starts = [each for each in named if isinstance(each, str) and each and _is_folder(each)]
    starts.append(folder)
    found = [root for start in starts for root in _roots_above(start)]
    return tuple(dict.fromkeys(found)) or (os.path.realpath(folder),)


def _is_folder(path: str) -> bool:
    try:
        return os.path.isdir(path)
    except ValueError:
        return False


def roots_written(effects: "Iterable[Effect]", root: str) -> "Iterator[str]":
    """Yield the other roots of files that a call writes or removes.

    They count where they are configured, or are of the same repository, as a worktree is.
    """
    from bylaw.checkpoint.effects import Outside, Remove, Write

    folders = set()
    for effect in effects:
        if isinstance(effect, Write | Remove):
            folders.add(os.path.dirname(f"{root}/{effect.path}"))
        elif isinstance(effect, Outside) and effect.what != "read":
            folders.add(os.path.dirname(effect.path))
    for folder in sorted(folders):
        for found in _roots_above(folder):
            if found == root:
                break
            if _is_configured(found) or _is_kin(found, root):
                yield found


def _roots_above(start: str) -> "Iterator[str]":
    """Yield the folders with a configuration above `start`, and at last the repository."""
    try:
        folder = os.path.realpath(start)
    except (OSError, ValueError):
        return
    while True:
        is_top = os.path.exists(f"{folder}/.git")
        if is_top or _is_configured(folder):
            yield folder
        above = os.path.dirname(folder)
        if is_top or above == folder:
            return
        folder = above


def _is_kin(one: str, other: str) -> bool:
    """Tell whether two roots are of one repository."""
    return (git := _common(one)) is not None and git == _common(other)


def _common(root: str) -> "str | None":
    git = git_folder(root)
    if git is None:
        return None
    try:
        with open(f"{git}/commondir", encoding="utf-8", errors="surrogateescape") as stream:
            return os.path.realpath(os.path.join(git, stream.read().strip()))
    except OSError:
        return os.path.realpath(git)


def _is_configured(folder: str) -> bool:
    return os.path.exists(f"{folder}/bylaw.toml") or _configures(f"{folder}/pyproject.toml")


def _configures(path: str) -> bool:
    try:
        with open(path, "rb") as stream:
            data = stream.read()
    except OSError:
        return False
    if b"bylaw" not in data:
        return False
    from bylaw.config_source import configures

    return configures(data)
