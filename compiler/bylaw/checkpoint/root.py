"""The folder whose decisions bind a call: the one every command finds, found in less time."""

import os


def find_root(start: str) -> str:
    """Return the folder of the configuration above `start`, else that of the repository."""
    base = os.path.realpath(start)
    folder = base
    while True:
        if os.path.exists(f"{folder}/bylaw.toml") or _configures(f"{folder}/pyproject.toml"):
            return folder
        if os.path.exists(f"{folder}/.git"):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return base
        folder = above


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
