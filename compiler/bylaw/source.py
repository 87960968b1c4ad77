"""A file's text with exact positions, whatever its line ends, byte order mark or characters."""

from functools import cached_property
from hashlib import sha256

from bylaw.diagnostics import Span

BOM = b"\xef\xbb\xbf"


class Source:
    r"""The bytes of one file and the lines the parsers read.

    `text` has every line end as `\n`, no byte order mark and NUL as U+FFFD: the form that
    markdown-it works on, so its line numbers are these. `path` is relative to the repository,
    with `/`.
    """

    __slots__ = ("__dict__", "data", "path", "text")

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data
        body = data[len(BOM) :] if data.startswith(BOM) else data
        # Undecodable bytes become lone surrogates, one for one, so that positions stay exact; such
        # a file is rejected before anything of it reaches an artifact.
        text = body.decode("utf-8", errors="surrogateescape")
        self.text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")

    @property
    def undecodable(self) -> int | None:
        """The offset of the first byte that is not UTF-8, or None."""
        try:
            self.data.decode("utf-8")
        except UnicodeDecodeError as error:
            return error.start
        return None

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the bytes, in hexadecimal."""
        return sha256(self.data).hexdigest()

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends; the first is `lines[0]`."""
        return self.text.split("\n")

    @cached_property
    def _line_offsets(self) -> list[int]:
        """The byte offset at which each line starts."""
        data = self.data
        start = len(BOM) if data.startswith(BOM) else 0
        offsets = [start]
        if b"\r" not in data:
            position = data.find(b"\n", start)
            while position >= 0:
                offsets.append(position + 1)
                position = data.find(b"\n", position + 1)
            return offsets
        position = start
        while position < len(data):
            byte = data[position]
            position += 1
            if byte == 0x0A:
                offsets.append(position)
            elif byte == 0x0D:
                if data[position : position + 1] == b"\n":
                    position += 1
                offsets.append(position)
        return offsets

    def offset(self, line: int, column: int) -> int:
        """Return the byte offset of a zero-based line and column (in code points)."""
        head = self.lines[line][:column]
        if head.isascii():
            return self._line_offsets[line] + len(head)
        # A NUL became U+FFFD (three bytes) in `text` and is one byte on disk.
        width = len(head.encode("utf-8", errors="surrogateescape"))
        if b"\0" in self.data:
            width = self._width_with_nul(line, column)
        return self._line_offsets[line] + width

    def _width_with_nul(self, line: int, column: int) -> int:
        offsets = self._line_offsets
        end = offsets[line + 1] if line + 1 < len(offsets) else len(self.data)
        raw = self.data[offsets[line] : end].decode("utf-8", errors="surrogateescape")
        return len(raw[:column].encode("utf-8", errors="surrogateescape"))

    def span(self, line: int, column: int, end_line: int, end_column: int) -> Span:
        """Make a span from zero-based lines and columns; the end is exclusive."""
        return Span(
            self.path,
            line + 1,
            column + 1,
            self.offset(line, column),
            end_line + 1,
            end_column + 1,
            self.offset(end_line, end_column),
        )

    def line_span(self, line: int) -> Span:
        """Return the span of a zero-based line's text, without indentation and trailing space."""
        text = self.lines[line]
        start = len(text) - len(text.lstrip())
        return self.span(line, start, line, max(start, len(text.rstrip())))
