"""What values of the configuration are made of: paths, globs, tables."""

import re
from typing import Annotated, NoReturn

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from bylaw.globs import check

_PATH_MAX = 4096


def _kebab(name: str) -> str:
    return name.replace("_", "-")


def refuse(message: str, advice: str) -> NoReturn:
    """Raise the fault that a value is not one that its key takes."""
    raise PydanticCustomError("bylaw", "{message}", {"message": message, "advice": advice})


def _path(text: str) -> str:
    """Check a path or glob of the repository, and return it without a trailing `/`."""
    below = "write it from the folder of the configuration down, as in `docs/adr`"
    if not text or text.isspace():
        refuse("is empty", "write `.` for the folder of the configuration itself")
    if not text.isprintable():
        refuse("holds a character that cannot be seen", below)
    if len(text) > _PATH_MAX:
        refuse("is longer than a path can be", below)
    if text.startswith("/") or re.match(r"[A-Za-z]:", text):
        refuse("is an absolute path", below)
    if "\\" in text:
        refuse("holds a `\\`", "separate folders with `/` on every system")
    if ".." in text.split("/"):
        refuse("leaves the folder of the configuration through `..`", below)
    if text in {".", "./"}:
        return "."
    if text.startswith("./"):
        refuse("starts with `./`", f"write `{text.removeprefix('./')}`")
    return text.rstrip("/")


def glob_text(text: str) -> str:
    """Check a glob of the repository."""
    path = _path(text)
    if path == ".":
        return "**"
    if path.isalnum():
        return path
    if fault := check(path):
        refuse(f"is no glob: {fault}", "`*` stands for part of a segment, `**` for any segments")
    return path


def _folder(text: str) -> str:
    path = _path(text)
    if set(path) & set("*?[]{}"):
        refuse("is a glob", "name the folder itself")
    return path


def _root(text: str) -> str:
    """Check a source root; the repository's own folder is the empty path."""
    path = _folder(text)
    return "" if path == "." else path


def output_folder(text: str) -> str:
    """Check a folder that belongs to bylaw alone."""
    path = _folder(text)
    if path == ".":
        refuse("is the folder of the configuration", "name a folder of its own, as in `.bylaw`")
    if path.split("/")[0] == ".git":
        refuse("lies in git's own folder", "name a folder of its own, as in `.bylaw`")
    return path


def file_name(text: str) -> str:
    """Check the path of a file of the repository."""
    path = _folder(text)
    if path == "." or text.endswith("/"):
        refuse("is a folder", "name a file, as in `bylaw-baseline.json`")
    return path


Glob = Annotated[str, AfterValidator(glob_text)]
Root = Annotated[str, AfterValidator(_root)]


class Table(BaseModel):
    """A table of the configuration: closed, immutable, its keys in kebab case."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=_kebab, populate_by_name=True
    )
