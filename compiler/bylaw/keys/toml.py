"""Keys of TOML files."""

import re
from decimal import Decimal
from typing import Any

from bylaw import toml
from bylaw.keys.model import (
    DEEPEST,
    BrokenFileError,
    Document,
    Entry,
    Node,
    Sequence,
    Span,
    Table,
    boolean,
    number,
    string,
)
from bylaw.keys.text import Text

_LINE = re.compile(r" \(at line (\d+), column (\d+)\)$")


def read(text: Text) -> tuple[Document, ...]:
    """Return a TOML file's one document."""
    # tomllib takes CRLF for a line's end, and so the columns stay what they are.
    content = text.content
    try:
        values = toml.parse(content)
    except toml.TooLargeError:
        raise BrokenFileError("it is larger or deeper than any that a person writes") from None
    except ValueError as error:
        raise _broken(str(error), text) from None
    places = toml.places(content)
    return (Document(_Reader(content, places).node(values, (), None), text, "toml"),)


def _broken(message: str, text: Text) -> BrokenFileError:
    match = _LINE.search(message)
    reason = message[: match.start()] if match else message.removesuffix(" (at end of document)")
    reason = reason[:1].lower() + reason[1:]
    if match is None:
        end = len(text.content)
        return BrokenFileError(reason, text.place(end, end))
    line, column = int(match[1]), int(match[2])
    place = text.place(0, 0)._replace(line=line, column=column, end_line=line, end_column=column)
    return BrokenFileError(reason, place)


class _Reader:
    """Joins the values that `tomllib` reads with the places where they stand."""

    def __init__(self, content: str, places: dict[toml.KeyPath, toml.Place]) -> None:
        self.content = content
        self.places = places

    def node(self, value: Any, path: toml.KeyPath, span: Span, depth: int = 0) -> Node:
        if depth > DEEPEST:
            raise BrokenFileError(f"values are nested deeper than {DEEPEST}")
        if isinstance(value, dict):
            entries = []
            for key, below in value.items():
                place = self.places.get((*path, key))
                inner = place.value if place else None
                node = self.node(below, (*path, key), inner, depth + 1)
                entries.append(Entry(key, place.key if place else None, node))
            return Table(tuple(entries), span)
        if isinstance(value, list):
            items = []
            for index, below in enumerate(value):
                place = self.places.get((*path, index))
                inner = place.value if place else span
                items.append(self.node(below, (*path, index), inner, depth + 1))
            return Sequence(tuple(items), span)
        return self._scalar(value, span)

    def _scalar(self, value: Any, span: Span) -> Node:
        if isinstance(value, bool):
            return boolean(value, span)
        if isinstance(value, str):
            return string(value, span)
        written = self.content[slice(*span)] if span else str(value)
        if isinstance(value, int):
            return number(written, span, value)
        if isinstance(value, float):
            return number(written, span, _finite(written))
        return string(written, span)


def _finite(written: str) -> Decimal | None:
    bare = written.replace("_", "")
    return None if bare.lstrip("+-") in {"inf", "nan"} else Decimal(bare)
