"""Where kept work of a repository lies: in the user's cache folder, never in the repository."""

import os

from bylaw.digest import sha256


def cache_folder() -> str | None:
    """Return where caches are kept: `BYLAW_CACHE_DIR`, else below the user's cache folder."""
    if named := os.environ.get("BYLAW_CACHE_DIR"):
        return named
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        home = os.path.expanduser("~")
        # A relative folder would be one of the repository's own.
        if not os.path.isabs(home):
            return None
        base = os.path.join(home, ".cache")
    return os.path.join(base, "bylaw")


def folder_name(root: "str | os.PathLike[str]") -> str:
    """Return the name of one repository's folder in there."""
    return sha256(os.fsencode(os.path.realpath(root))).hexdigest()[:16]
