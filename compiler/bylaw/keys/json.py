"""Keys of JSON files, with comments and trailing commas."""

import json
import re

from bylaw.keys.model import (
    DEEPEST,
    BrokenFileError,
    Document,
    Entry,
    Node,
    Scalar,
    Sequence,
    Table,
    boolean,
    null,
    number,
    string,
)
from bylaw.keys.text import Text

_BLANK = re.compile(r"(?:[ \t\r\n]+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_STRING = re.compile(r'"[^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*"')
_WORD = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true\b|false\b|null\b")


def read(text: Text) -> tuple[Document, ...]:
    """Return a JSON file's one document."""
    return (Document(_Reader(text).document(), text, "json"),)


class _Frame:
    """An object or a list that is being read."""

    def __init__(self, start: int, mapping: bool) -> None:
        self.start = start
        self.mapping = mapping
        self.key: Scalar | None = None
        self.entries: list[Entry] = []
        self.items: list[Node] = []


class _Reader:
    def __init__(self, text: Text) -> None:
        self.text = text
        self.content = text.content
        self.position = 0
        self.stack: list[_Frame] = []

    def document(self) -> Node:
        self._skip()
        node = self._value()
        while self.stack:
            node = self._member()
        self._skip()
        if self.position < len(self.content) or node is None:
            raise self._broken("something follows its end")
        return node

    def _member(self) -> Node | None:
        """Read on in the innermost collection; return what it is once it ends."""
        frame = self.stack[-1]
        self._skip()
        close = "}" if frame.mapping else "]"
        if self.content.startswith(close, self.position):
            return self._close(frame)
        if frame.mapping:
            frame.key = self._string("a key in double quotes is missing")
            self._skip()
            if not self.content.startswith(":", self.position):
                raise self._broken("a `:` is missing")
            self.position += 1
            self._skip()
        node = self._value()
        return None if node is None else self._add(node)

    def _add(self, node: Node) -> Node | None:
        """Put a value into the innermost collection, and pass the comma behind it."""
        if not self.stack:
            return node
        frame = self.stack[-1]
        if frame.key is not None:
            frame.entries.append(Entry(frame.key.text, frame.key.span, node))
        else:
            frame.items.append(node)
        self._skip()
        if self.content.startswith(",", self.position):
            self.position += 1
        elif self.content[self.position : self.position + 1] != ("}" if frame.mapping else "]"):
            raise self._broken("a `,` is missing" if self.position < len(self.content) else None)
        return None

    def _close(self, frame: _Frame) -> Node | None:
        self.position += 1
        self.stack.pop()
        span = (frame.start, self.position)
        if frame.mapping:
            return self._add(Table(tuple(frame.entries), span))
        return self._add(Sequence(tuple(frame.items), span))

    def _value(self) -> Node | None:
        """Read a scalar; open a collection and return None."""
        start = self.position
        first = self.content[start : start + 1]
        if first and first in "{[":
            if len(self.stack) >= DEEPEST:
                raise self._broken(f"values are nested deeper than {DEEPEST}")
            self.position += 1
            self.stack.append(_Frame(start, first == "{"))
            return None
        if first == '"':
            return self._string("a string is not closed")
        match = _WORD.match(self.content, start)
        if match is None:
            raise self._broken("a value is missing" if first else None)
        self.position = match.end()
        word, span = match[0], match.span()
        if word == "null":
            return null(span)
        return boolean(word == "true", span) if word in {"true", "false"} else number(word, span)

    def _string(self, reason: str) -> Scalar:
        match = _STRING.match(self.content, self.position)
        if match is None:
            raise self._broken(reason)
        try:
            value = json.loads(match[0]) if "\\" in match[0] else match[0][1:-1]
        except ValueError:
            raise self._broken("a string has an unknown escape") from None
        self.position = match.end()
        return string(value, match.span())

    def _skip(self) -> None:
        match = _BLANK.match(self.content, self.position)
        if match is not None:
            self.position = match.end()

    def _broken(self, reason: str | None) -> BrokenFileError:
        place = self.text.place(self.position, self.position)
        return BrokenFileError(reason or "it ends too early", place)
