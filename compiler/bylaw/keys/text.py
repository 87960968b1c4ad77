"""A file's text, and the places of ranges of its characters."""

from bisect import bisect_right
from functools import cached_property

from bylaw.facts.model import Place


class Text:
    """Text without a byte order mark; offsets count its characters."""

    def __init__(self, content: str) -> None:
        self.content = content

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        position = self.content.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.content.find("\n", position + 1)
        return starts

    def place(self, start: int, end: int) -> Place:
        """Return the place of a range of characters."""
        line, end_line = bisect_right(self._starts, start), bisect_right(self._starts, end)
        return Place(
            line, start - self._starts[line - 1] + 1, end_line, end - self._starts[end_line - 1] + 1
        )

    @cached_property
    def encoded(self) -> bytes:
        """The text as UTF-8, as tree-sitter reads it."""
        return self.content.encode("utf-8")

    @cached_property
    def _ascii(self) -> bool:
        return self.content.isascii()

    @cached_property
    def _offsets(self) -> list[int]:
        """The byte at which each character begins, and the end."""
        offsets = [0]
        total = 0
        for char in self.content:
            code = ord(char)
            total += 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4
            offsets.append(total)
        return offsets

    def span_of_bytes(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of characters that a range of bytes of `encoded` is."""
        if self._ascii:
            return start, end
        return bisect_right(self._offsets, start) - 1, bisect_right(self._offsets, end) - 1
