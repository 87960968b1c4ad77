"""What a file of claims holds: the task, its agent, and the files and commands it will touch."""

import re
import shlex
from typing import Annotated, Any, Literal, NoReturn

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from bylaw.globs import check

Verb = Literal["create", "edit", "delete", "read"]
VERBS: tuple[Verb, ...] = ("create", "edit", "delete", "read")
CHANGES: tuple[Verb, ...] = ("create", "edit", "delete")

Level = Literal["assisted", "supervised", "autonomous", "ase"]

_LONGEST = 4096


def _refuse(message: str, advice: str) -> NoReturn:
    raise PydanticCustomError("bylaw", "{message}", {"message": message, "advice": advice})


def _path(text: str) -> str:
    below = "write it from the root of the repository down, as in `src/shop/order.py`"
    if not text or text.isspace():
        _refuse("is empty", below)
    if not text.isprintable():
        _refuse("holds a character that cannot be seen", below)
    if len(text) > _LONGEST:
        _refuse("is longer than a path can be", below)
    if text.startswith("/") or re.match(r"[A-Za-z]:", text):
        _refuse("is an absolute path", below)
    if "\\" in text:
        _refuse("holds a `\\`", "separate folders with `/` on every system")
    segments = text.rstrip("/").split("/")
    if ".." in segments:
        _refuse("leaves the repository through `..`", below)
    if "." in segments or "" in segments:
        _refuse("is not the plain form of a path", "leave out `./` and doubled `/`")
    # On some systems case does not count, and git's folder of a submodule lies anywhere.
    if any(segment.casefold() == ".git" for segment in segments):
        _refuse("lies in git's own folder", "no task may touch that")
    if fault := check(text):
        _refuse(f"is no glob: {fault}", "`*` stands for part of a segment, `**` for any segments")
    return text


def _command(text: str) -> str:
    try:
        words = shlex.split(text)
    except ValueError:
        _refuse("is no command: a quote is not closed", "write it as in a shell")
    if not words:
        _refuse("is empty", "name the command, as in `make test`")
    return text


def _name(text: str) -> str:
    if not text.strip() or not text.isprintable() or len(text) > 200:
        _refuse("is no name", "write a word on one line")
    return text


Path = Annotated[str, AfterValidator(_path)]
Command = Annotated[str, AfterValidator(_command)]
Name = Annotated[str, AfterValidator(_name)]
Count = Annotated[int, Field(strict=True, ge=0, le=1 << 40)]
Amount = Annotated[float, Field(strict=True, ge=0, le=1 << 40)]


class _Table(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=lambda name: name.rstrip("_").replace("_", "-"),
        populate_by_name=True,
    )


class Budget(_Table):
    """What the task may use up, at most."""

    files: Count | None = Field(None, description="Files changed; one that is moved is one.")
    lines: Count | None = Field(None, description="Lines added and removed.")
    tokens: Count | None = None
    minutes: Amount | None = None
    usd: Amount | None = None
    failed_attempts: Count | None = None


class Claims(_Table):
    """What one task claims to touch.

    Paths and globs start at the root of the repository; a folder ends in `/`.
    """

    model_config = ConfigDict(title="Claims of a task")

    task: Name = Field(description="Which task it is.", examples=["SHOP-42"])
    class_: Name | None = Field(None, description="The class of the agent.", examples=["B"])
    autonomy: Level | None = Field(None, description="The level at which it works.")
    create: tuple[Path, ...] = Field((), description="Files that are not there, and will be.")
    edit: tuple[Path, ...] = Field((), description="Files that are there, and will be changed.")
    delete: tuple[Path, ...] = Field((), description="Files that are there, and will not be.")
    read: tuple[Path, ...] = Field((), description="Files that will be read.")
    commands: tuple[Command, ...] = Field((), description="Commands that will be run.")
    budget: Budget = Field(default_factory=Budget, description="What it may use up.")


TAKES = {
    "task": 'a name, as in `"SHOP-42"`',
    "class": 'the class of an agent, as in `"B"`',
    "autonomy": 'one of `"assisted"`, `"supervised"`, `"autonomous"` and `"ase"`',
    "create": 'a list of paths or globs, as in `["src/shop/refund.py"]`',
    "edit": 'a list of paths or globs, as in `["src/shop/order.py"]`',
    "delete": 'a list of paths or globs, as in `["src/shop/old.py"]`',
    "read": 'a list of paths or globs, as in `["docs/payments.md"]`',
    "commands": 'a list of commands, as in `["make test"]`',
    "budget": "a table, as in `[budget]`",
    "budget.files": "a whole number, without quotes",
    "budget.lines": "a whole number, without quotes",
    "budget.tokens": "a whole number, without quotes",
    "budget.minutes": "a number, without quotes",
    "budget.usd": "a number, without quotes",
    "budget.failed-attempts": "a whole number, without quotes",
}
"""What each key takes, in words."""


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a file of claims."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Claims.model_json_schema(by_alias=True),
    }
