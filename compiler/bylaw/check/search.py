"""Searching the bytes of a text in linear time: literals, RE2 expressions, lines and words."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from bylaw.facts.model import Place

MOST_LINES = 10_000
"""On so many lines of one file a text is found at most."""

_BOM = b"\xef\xbb\xbf"
_CHUNK_CHARACTERS = 1 << 18

Span = tuple[int, int]
"""A half-open range of bytes."""


def find_literal(data: bytes, text: str) -> Iterator[Span]:
    """Yield where a text stands, once on each line that holds it."""
    wanted = text.encode()
    start = data.find(wanted)
    while start >= 0:
        yield start, start + len(wanted)
        line_end = data.find(b"\n", start)
        if line_end < 0:
            return
        start = data.find(wanted, max(line_end + 1, start + len(wanted)))


def find_regex(data: bytes, expression: str) -> Iterator[Span]:
    """Yield where an expression matches, once for each line on which a match begins.

    A byte order mark, and the return before a line feed, can be matched and can be passed over:
    `^` and `$` are where a reader sees the line begin and end.
    """
    if not data.startswith(_BOM) and b"\r\n" not in data:
        for start, end, _ in _matches(data, expression):
            yield start, end
        return
    yield from _in_both(data, expression)


def _in_both(data: bytes, expression: str) -> Iterator[Span]:
    """Search a text as it is and as a reader sees it; lines are the same in both."""
    plain = data.removeprefix(_BOM).replace(b"\r\n", b"\n")
    found = {line: (start, end) for start, end, line in _matches(data, expression)}
    missed = {
        line: (start, end) for start, end, line in _matches(plain, expression) if line not in found
    }
    starts = _line_starts(data) if missed else []

    def original(position: int, line: int) -> int:
        column = position - plain.rfind(b"\n", 0, position) - 1
        return starts[line] + column

    for line, (start, end) in missed.items():
        last = line + plain.count(b"\n", start, end)
        found[line] = (original(start, line), original(end, last))
    for line in sorted(found):
        yield found[line]


def _line_starts(data: bytes) -> list[int]:
    starts = [len(_BOM) if data.startswith(_BOM) else 0]
    position = data.find(b"\n")
    while position >= 0:
        starts.append(position + 1)
        position = data.find(b"\n", position + 1)
    return starts


def _matches(data: bytes, expression: str) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and line (from 0) of matches, the first on each line."""
    search = compiled(expression).search
    found = search(data, 0)
    line = counted = number = 0
    while found is not None and number <= MOST_LINES:
        start, end = found.span()
        if start == len(data) and data.endswith(b"\n"):
            # Behind the last line feed no line begins.
            return
        line += data.count(b"\n", counted, start)
        counted = start
        yield start, end, line
        number += 1
        line_end = data.find(b"\n", start)
        if line_end < 0 or line_end + 1 >= len(data):
            return
        found = search(data, max(line_end + 1, end))


@lru_cache(maxsize=1024)
def compiled(expression: str) -> Any:
    """Return an expression of RE2 for bytes of UTF-8, with `^` and `$` at line ends."""
    import re2  # noqa: PLC0415 - not every repository has a regex, and this is a C++ library

    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    return re2.compile(f"(?m:{expression})".encode(), options)


def readable(data: bytes) -> bytes:
    """Return bytes as UTF-8: what is none is replaced, and everything else kept."""
    if data.isascii():
        return data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace").encode()
    return data


def place_in(data: bytes) -> Callable[[int, int], Place]:
    """Return what makes places of ranges; they must come in the order of the text to be fast."""
    counted = line = 0

    def place(start: int, end: int) -> Place:
        nonlocal counted, line
        if start < counted:
            counted = line = 0
        line += data.count(b"\n", counted, start)
        counted = start
        end_line = line + data.count(b"\n", start, end)
        return Place(line + 1, _column(data, start), end_line + 1, _column(data, end))

    return place


def _column(data: bytes, position: int) -> int:
    begin = data.rfind(b"\n", 0, position) + 1
    return len(data[begin:position].decode("utf-8", "replace").lstrip("\ufeff")) + 1


# --- how a text begins, and how long it is -----------------------------------------------------


def head_of(data: bytes) -> tuple[int, ...]:
    """Return where a text can be said to start: behind its byte order mark, behind its `#!` line.

    The last is where a reader takes it to start.
    """
    first = len(_BOM) if data.startswith(_BOM) else 0
    if not data.startswith(b"#!", first):
        return (first,)
    end = data.find(b"\n", first)
    return (first, len(data) if end < 0 else end + 1)


def count_lines(data: bytes) -> int:
    """Return how many lines a text has; a line feed at the end starts no other line."""
    return data.count(b"\n") + (data != b"" and not data.endswith(b"\n"))


def count_words(data: bytes) -> int:
    """Return how many words a text has, separated by white space."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    count = 0
    inside = False
    # In pieces: the words of one piece need not all be held at once.
    for start in range(0, len(text), _CHUNK_CHARACTERS):
        piece = text[start : start + _CHUNK_CHARACTERS]
        words = len(piece.split())
        count += words - (inside and not piece[0].isspace())
        inside = not piece[-1].isspace()
    return count
