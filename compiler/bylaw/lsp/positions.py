"""Places as a client counts them: in UTF-8, UTF-16 or UTF-32 code units, as has been agreed."""

import re
from typing import Literal

Encoding = Literal["utf-8", "utf-16", "utf-32"]

_LINE_END = re.compile(r"\r\n|\r|\n")


def split_lines(text: str) -> list[str]:
    """Return a text's lines without their ends: those that the protocol knows, and no others."""
    return _LINE_END.split(text)


def line_starts(text: str) -> list[int]:
    """Return where each line of a text starts."""
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def units(text: str, encoding: Encoding) -> int:
    """Return how many code units a text has."""
    if encoding == "utf-32" or text.isascii():
        return len(text)
    if encoding == "utf-8":
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) + sum(char > "\uffff" for char in text)


def column(line: str, character: int, encoding: Encoding) -> int:
    """Return the code points before a place in a line; beyond its end is its end."""
    if character <= 0:
        return 0
    if encoding == "utf-32" or line.isascii():
        return min(character, len(line))
    seen = 0
    for index, char in enumerate(line):
        if seen >= character:
            return index
        seen += units(char, encoding)
    return len(line)
