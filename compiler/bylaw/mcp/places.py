"""Paths that a client names, held to the repository."""

import os
from pathlib import Path

_LONGEST = 4096


class AskError(Exception):
    """A question that cannot be answered: one clause that says why, and what to ask instead."""


def inside(root: Path, path: str) -> str:
    """Return a path relative to the root, with `/`; raise AskError where it is not in there."""
    if not path or len(path) > _LONGEST:
        raise AskError("a path is empty or longer than a path can be; name a file or a folder")
    if not path.isprintable() or "\\" in path:
        raise AskError(f"{path[:80]!a} holds a character that no path here has; write it with `/`")
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        raise AskError(f"{path[:80]!a} is not UTF-8; name a file as git does") from None
    plain = os.path.normpath(path)
    if os.path.isabs(plain):
        for top in (root, root.resolve()):
            if Path(plain).is_relative_to(top):
                plain = Path(plain).relative_to(top).as_posix()
                break
    parts = plain.split("/")
    if os.path.isabs(plain) or parts[0] == ".." or ".git" in map(str.lower, parts):
        raise AskError(f"`{path}` lies outside of the repository; name a path from its root down")
    if not _leads_inside(root, plain):
        raise AskError(f"`{path}` leads out of the repository through a link")
    return plain


def _leads_inside(root: Path, path: str) -> bool:
    """Tell whether what a path leads to on this disk, through links, is in the repository."""
    real = root.resolve()
    try:
        return (real / path).resolve().is_relative_to(real)
    except (OSError, RuntimeError):
        return False
