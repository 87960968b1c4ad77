"""What a configuration file says: tables, lists and scalars, and where each stands.

Ranges (`Span`) count the characters of the file's text; `Document.place` makes places of them.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias

from bylaw.facts.model import Place
from bylaw.keys.text import Text

Format = Literal["toml", "yaml", "json", "ini", "env", "hcl", "python"]

Span: TypeAlias = tuple[int, int] | None
"""A half-open range of characters; None where it is not known."""

DEEPEST = 200
"""Values nested deeper than this are not read: no person writes them."""


class BrokenFileError(Exception):
    """A file is not what its name says; `reason` is one lower-case clause."""

    def __init__(self, reason: str, place: Place | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place


class Scalar(NamedTuple):
    """A value without parts.

    `text` is the value of a string, and `true`, `false`, `null` or the number as written of the
    others; `written` the spelling of a boolean or null where it differs (`True`, `None`). `number`
    is set where the file's format says that it is one; `plain` where the format has no types.
    `hidden` is what may be a secret, and is not repeated in reports.
    """

    kind: Literal["string", "number", "boolean", "null"]
    text: str
    span: Span
    number: Decimal | None = None
    written: str | None = None
    plain: bool = False
    hidden: bool = False


class Entry(NamedTuple):
    """A key of a table, where it stands, and its value."""

    key: str
    span: Span
    value: "Node"


class Table(NamedTuple):
    """A map, in the order of the file; a key written several times is there several times.

    `open` says that it may have keys which the file does not show; `dotted` that the keys
    themselves hold dots (`[a.b]` of INI is the key `a.b`); `block` that it is one of several of
    its name, as blocks of HCL are, and so an element.
    """

    entries: tuple[Entry, ...]
    span: Span
    open: bool = False
    dotted: bool = False
    block: bool = False


class Sequence(NamedTuple):
    """A list; `open` says that it may have elements which the file does not show."""

    items: "tuple[Node, ...]"
    span: Span
    open: bool = False


class Opaque(NamedTuple):
    """A value that is no literal: a call, a name, an expression.

    `code` says that it is a definition or an import, which is no value at all.
    """

    span: Span
    code: bool = False


Node: TypeAlias = Scalar | Table | Sequence | Opaque


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file. `fault` is where its text stops being what its format asks for."""

    root: Node
    text: Text
    format: Format
    fault: Place | None = None

    def place(self, span: Span) -> Place | None:
        """Return the place of a range."""
        return self.text.place(*span) if span is not None else None


def string(text: str, span: Span, *, plain: bool = False) -> Scalar:
    """Make a string, or with `plain` a word of a format without types."""
    return Scalar("string", text, span, plain=plain)


def boolean(value: bool, span: Span, written: str | None = None) -> Scalar:
    """Make a boolean."""
    return Scalar("boolean", "true" if value else "false", span, written=written)


def null(span: Span, written: str | None = None) -> Scalar:
    """Make a null."""
    return Scalar("null", "null", span, written=written)


def number(written: str, span: Span, value: int | Decimal | None = None) -> Scalar:
    """Make a number; `value` where the spelling is not that of a decimal number."""
    if value is None:
        value = decimal(written)
    elif isinstance(value, int):
        value = Decimal(value)
    return Scalar("number", written, span, value)


def decimal(text: str) -> Decimal | None:
    """Read a decimal number; None where it is none, or not finite."""
    try:
        value = Decimal(text)
    except ArithmeticError:
        return None
    return value if value.is_finite() else None
