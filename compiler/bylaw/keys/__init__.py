"""Configuration files as documents of keys and values, each with its place."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import import_module

from bylaw.facts.model import Place
from bylaw.keys.model import BrokenFileError, Document, Format
from bylaw.keys.text import Text

__all__ = ["BrokenFileError", "Document", "format_of", "is_unread", "read_documents"]

_BY_ENDING: Mapping[str, Format] = {
    ".toml": "toml",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".jsonc": "json",
    ".webmanifest": "json",
    ".ipynb": "json",
    ".ini": "ini",
    ".cfg": "ini",
    ".env": "env",
    ".tf": "hcl",
    ".hcl": "hcl",
    ".tfvars": "hcl",
    ".py": "python",
    ".pyi": "python",
}
_BY_NAME: Mapping[str, Format] = {
    "Pipfile": "toml",
    "Cargo.lock": "toml",
    "poetry.lock": "toml",
    "uv.lock": "toml",
    "pdm.lock": "toml",
    "pylock.toml": "toml",
    "Pipfile.lock": "json",
    "composer.lock": "json",
    ".babelrc": "json",
    ".eslintrc": "json",
    ".jshintrc": "json",
    ".swcrc": "json",
    ".prettierrc": "yaml",
    ".stylelintrc": "yaml",
    ".clang-format": "yaml",
    ".clang-tidy": "yaml",
    ".editorconfig": "ini",
    ".flake8": "ini",
    ".pylintrc": "ini",
    "pylintrc": "ini",
    ".coveragerc": "ini",
    ".gitconfig": "ini",
    ".gitmodules": "ini",
    ".npmrc": "ini",
    ".pypirc": "ini",
    "pip.conf": "ini",
}
_NAMES: Mapping[Format, str] = {
    "toml": "TOML",
    "yaml": "YAML",
    "json": "JSON",
    "ini": "INI",
    "env": "environment file",
    "hcl": "HCL",
    "python": "Python",
}
_UNREAD = frozenset({".xml", ".properties", ".conf", ".json5", ".plist"})


def format_of(path: str) -> Format | None:
    """Return the format that a file's name says it has; None where its keys are not read."""
    name = path.rpartition("/")[2]
    known = _BY_NAME.get(name)
    if known is not None:
        return known
    if name == ".env" or name.startswith(".env."):
        return "env"
    dot = name.rfind(".")
    return _BY_ENDING.get(name[dot:].lower()) if dot >= 0 else None


def is_unread(path: str) -> bool:
    """Tell whether a file holds configuration in a format that is not read."""
    name = path.rpartition("/")[2]
    dot = name.rfind(".")
    return dot >= 0 and name[dot:].lower() in _UNREAD


@lru_cache(maxsize=32)
def read_documents(path: str, content: bytes) -> tuple[Document, ...]:
    """Return the documents of a configuration file: one, or in YAML any number of them.

    Raises BrokenFileError where the file is not what its name says, or its format is not read.
    """
    known = format_of(path)
    if known is None:
        raise BrokenFileError("it is no configuration file that is read")
    text = decode(content)
    read: Callable[[Text], tuple[Document, ...]] = import_module(f"bylaw.keys.{known}").read
    try:
        return read(text)
    except BrokenFileError as error:
        place = error.place
        at = f" in line {place.line}" if place else ""
        raise BrokenFileError(f"broken {_NAMES[known]}{at}: {error.reason}", place) from None


def decode(content: bytes) -> Text:
    """Return a file's text without its byte order mark; BrokenFileError where it is no UTF-8."""
    if b"\0" in content:
        raise BrokenFileError("it is binary")
    try:
        return Text(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        place = Place(line, 1, line, 1)
        raise BrokenFileError(f"it is not UTF-8 in line {line}", place) from None
