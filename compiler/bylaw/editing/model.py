"""What editing offers: values that a page and an editor show each in their own way."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

Position: TypeAlias = tuple[int, int]
"""A line and a column, both from 0."""

Kind: TypeAlias = Literal[
    "shape",
    "subject",
    "modal",
    "predicate",
    "tail",
    "word",
    "module",
    "package",
    "path",
    "folder",
    "key",
    "value",
    "command",
    "id",
    "status",
    "decision",
]


_DAYS = 90


def due(day: date) -> date:
    """Return the day by which a debt of this day should be paid, if nobody names another."""
    return date.fromordinal(min(day.toordinal() + _DAYS, date.max.toordinal()))


@dataclass(frozen=True, slots=True)
class Completion:
    """A text to put in the place of `start` to `end`, both on one line.

    `snippet` is the same text in the language server's syntax, with stops where the author has to
    choose; `detail` says in a few words what it is.
    """

    label: str
    insert: str
    start: Position
    end: Position
    kind: Kind
    detail: str = ""
    snippet: str | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A text in the place of another one."""

    path: str
    start: Position
    end: Position
    text: str
