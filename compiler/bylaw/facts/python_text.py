"""The bytes of a Python file: its encoding, its lines, and the places in it."""

import codecs
import re
from bisect import bisect_left, bisect_right
from itertools import accumulate

from bylaw.facts.model import Place

_COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"[ \t\f]*(?:#.*)?\r?")
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_new = tuple.__new__

_CONTINUATION = re.compile(rb"[\x80-\xbf]")

# Encodings that leave ASCII where it is. Others (UTF-7, escapes, punycode) are for hiding code.
_PLAIN_ENCODING = re.compile(
    r"utf-8(-sig)?|ascii|iso8859-\d+|cp\d+|koi8[-_][rtu]|mac[-_]\w+|big5(hkscs)?|euc_\w+|gbk?\d*"
    r"|shift_jis\w*|johab|kz1048|ptcp154|tis-620|hp-roman8"
)


def as_utf8(data: bytes) -> tuple[bytes, str | None]:
    """Return a file as UTF-8 with the line ends that Python sees, and what is wrong with it.

    The encoding is what a comment in the first two lines says, else UTF-8; undecodable bytes are
    replaced. A byte order mark is dropped.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"\r" in data:
        data = _LONE_RETURN.sub(b"\n", data)
    if data.isascii() and not may_name_encoding(data):
        return data, None
    named = _named_encoding(data)
    try:
        encoding = codecs.lookup(named).name
    except LookupError:
        encoding = ""
    if _PLAIN_ENCODING.fullmatch(encoding) is None:
        return _replaced(data, "utf-8"), "its encoding is not one that is read"
    return _replaced(data, encoding), None


def may_name_encoding(data: bytes) -> bool:
    """Tell whether the first two lines of a file, however long, may say how it is encoded."""
    # Nearly all files say it nowhere, so that no line needs to be found.
    at = data.find(b"coding")
    return at >= 0 and data.count(b"\n", 0, at) + data.count(b"\r", 0, at) < 4


def _replaced(data: bytes, encoding: str) -> bytes:
    return data.decode(encoding, errors="replace").encode("utf-8", errors="replace")


def _named_encoding(data: bytes) -> str:
    """Return the encoding that a file's first two lines name (PEP 263)."""
    for line in data.split(b"\n", 2)[:2]:
        found = _COOKIE.match(line)
        if found is not None:
            return found[1].decode("ascii", errors="replace").replace("_", "-")
        if _BLANK.fullmatch(line) is None:
            break
    return "utf-8"


class Lines:
    """Where the lines of a text begin: from offsets in bytes to places."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._starts = list(accumulate(map(len, data.splitlines(keepends=True)), initial=0))
        if data and not data.endswith(b"\n"):
            self._starts.pop()
        # The line after the last one begins where no offset is.
        self._starts.append(len(data) + 1)
        self._row = 1
        self._ascii = data.isascii()
        self._wide: dict[int, list[int]] = {}

    def place(self, start: int, end: int) -> Place:
        """Return the place of a range of bytes; quickest in the order of the text."""
        starts = self._starts
        row = self._row
        if not starts[row - 1] <= start < starts[row]:
            row = self._row = bisect_right(starts, start, 0, len(starts) - 1)
        below = row if end < starts[row] else bisect_right(starts, end, row, len(starts) - 1)
        if self._ascii:
            begin = starts[row - 1] - 1
            if below == row:
                return _new(Place, (row, start - begin, row, end - begin))
            return _new(Place, (row, start - begin, below, end - starts[below - 1] + 1))
        return Place(row, self._column(row, start), below, self._column(below, end))

    def _column(self, row: int, offset: int) -> int:
        """Return the column of an offset: bytes that continue a code point do not count."""
        begin = self._starts[row - 1]
        wide = self._wide.get(row)
        if wide is None:
            found = _CONTINUATION.finditer(self._data, begin, self._starts[row])
            wide = self._wide[row] = [match.start() for match in found]
        return offset - begin + 1 - bisect_left(wide, offset)
