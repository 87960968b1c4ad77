"""TOML files: read within limits, and where keys and values stand, which `tomllib` hides."""

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]
"""Keys and list positions from the top of the file: `("tool", "bylaw", "adrs", 1)`."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL
)
_SCALAR = re.compile(r"[^,\]}\n#]*[^,\]}\n# \t\r]")


_MOST_CHARACTERS = 1 << 20
_MOST_DOTS = 1000
"""A file that is larger, or has a key with more parts, was made to exhaust `tomllib`."""


class TooLargeError(Exception):
    """The text is larger or deeper than any that a person writes."""


def parse(text: str) -> dict[str, Any]:
    """Return a TOML file's tables; raises TooLargeError, and ValueError where it is none."""
    deepest = max(line.partition("=")[0].count(".") for line in text.split("\n"))
    if len(text) > _MOST_CHARACTERS or deepest > _MOST_DOTS:
        raise TooLargeError
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise TooLargeError from None


@dataclass(frozen=True, slots=True)
class Place:
    """Half-open ranges of characters: of a key (None for a list's element) and of its value."""

    key: tuple[int, int] | None
    value: tuple[int, int]


def places(text: str) -> dict[KeyPath, Place]:
    """Return the place of every key and value of a file that `tomllib` has accepted.

    Empty where the text is none, or nested deeper than Python recurses.
    """
    scanner = _Scanner(text)
    try:
        scanner.document()
    except (_LostError, RecursionError, ValueError):
        return {}
    return scanner.found


class _LostError(Exception):
    """The text is not what a valid file has here."""


@dataclass
class _Scanner:
    text: str
    position: int = 0
    found: dict[KeyPath, Place] = field(default_factory=dict)
    tables: dict[KeyPath, int] = field(default_factory=dict)
    """How many tables each `[[list]]` has so far."""

    def document(self) -> None:
        prefix: KeyPath = ()
        while self._skip():
            start = self.position
            if self._take("[["):
                names = self._dotted()
                path = self._resolve(names)
                self.tables[path] = self.tables.get(path, 0) + 1
                prefix = (*path, self.tables[path] - 1)
                place = (start + 2, self.position)
                self.found.setdefault(path, Place(place, place))
                self._note(prefix, names, place)
                self._expect("]]")
            elif self._take("["):
                names = self._dotted()
                prefix = self._resolve(names)
                self._note(prefix, names, (start + 1, self.position))
                self._expect("]")
            else:
                self._pair(prefix)

    def _resolve(self, names: tuple[str, ...]) -> KeyPath:
        """Return a header's path: below a `[[list]]` it speaks of the last table."""
        path: KeyPath = ()
        for index, name in enumerate(names):
            path = (*path, name)
            if path in self.tables and index < len(names) - 1:
                path = (*path, self.tables[path] - 1)
        return path

    def _note(self, path: KeyPath, names: tuple[str, ...], place: tuple[int, int]) -> None:
        """Record a header, and the tables that only its dots name."""
        for depth in range(1, len(names)):
            self.found.setdefault(self._resolve(names[:depth]), Place(place, place))
        self.found[path] = Place(place, place)

    def _pair(self, prefix: KeyPath) -> None:
        start = self.position
        names = self._dotted()
        key = (start, self._end_of_key)
        self._expect("=")
        self._skip()
        value = self._value((*prefix, *names))
        for depth in range(1, len(names)):
            self.found.setdefault((*prefix, *names[:depth]), Place(key, value))
        self.found[(*prefix, *names)] = Place(key, value)

    def _dotted(self) -> tuple[str, ...]:
        names = [self._name()]
        while self._take("."):
            names.append(self._name())
        return tuple(names)

    def _name(self) -> str:
        self._skip()
        if match := _BARE.match(self.text, self.position):
            name = match.group()
        elif match := _STRING.match(self.text, self.position):
            name = tomllib.loads("x=" + match.group())["x"]
        else:
            raise _LostError
        self.position = self._end_of_key = match.end()
        self._skip()
        return name

    _end_of_key: int = 0

    def _value(self, path: KeyPath) -> tuple[int, int]:
        start = self.position
        if self._take("["):
            self._array(path)
        elif self._take("{"):
            self._inline_table(path)
        else:
            match = _STRING.match(self.text, start) or _SCALAR.match(self.text, start)
            if match is None:
                raise _LostError
            self.position = match.end()
        return start, self.position

    def _array(self, path: KeyPath) -> None:
        index = 0
        while self._skip() and not self._take("]"):
            element = (*path, index)
            self.found[element] = Place(None, self._value(element))
            index += 1
            self._skip()
            self._take(",")

    def _inline_table(self, path: KeyPath) -> None:
        while self._skip() and not self._take("}"):
            self._pair(path)
            self._skip()
            self._take(",")

    def _skip(self) -> bool:
        """Pass white space and comments, and say whether there is more."""
        match = _BLANK.match(self.text, self.position)
        if match is not None:
            self.position = match.end()
        return self.position < len(self.text)

    def _take(self, token: str) -> bool:
        if self.text.startswith(token, self.position):
            self.position += len(token)
            return True
        return False

    def _expect(self, token: str) -> None:
        self._skip()
        if not self._take(token):
            raise _LostError
