"""Keys of INI files: `section.key`, and keys before the first section by themselves."""

import re

from bylaw.keys.model import BrokenFileError, Document, Entry, Node, Table, null, string
from bylaw.keys.text import Text

_SECTION = re.compile(r"\[(?P<name>[^\n]*)\][ \t]*(?:[;#].*)?\Z")
_OPTION = re.compile(
    r"(?P<key>[^=:\s](?:[^=:\n]*?[^=:\s])?)[ \t]*(?:(?P<sign>[=:])[ \t]*(?P<value>.*))?\Z"
)


def read(text: Text) -> tuple[Document, ...]:
    """Return an INI file's one document."""
    reader = _Reader(text)
    position = 0
    for line in text.content.split("\n"):
        reader.line(line.removesuffix("\r"), position)
        position += len(line) + 1
    return (Document(reader.document(), text, "ini"),)


class _Option:
    """A key whose value may go on in the next lines."""

    def __init__(self, key: str, start: int, indent: int) -> None:
        self.key = key
        self.span = (start, start + len(key))
        self.indent = indent
        self.lines: list[str] | None = None
        self.start = self.end = start + len(key)

    def go_on(self, line: str, end: int) -> None:
        """Add a line to the value."""
        if self.lines is None:
            self.lines = []
        self.lines.append(line)
        self.end = end

    def entry(self) -> Entry:
        span = (self.start, self.end)
        value: Node = null(self.span)
        if self.lines is not None:
            value = string("\n".join(self.lines).strip(), span, plain=True)
        return Entry(self.key, self.span, value)


class _Reader:
    def __init__(self, text: Text) -> None:
        self.text = text
        self.top: list[_Option] = []
        self.sections: dict[str, tuple[tuple[int, int], list[_Option]]] = {}
        self.options = self.top

    def line(self, line: str, position: int) -> None:
        """Read one line that starts at a position."""
        bare = line.strip()
        if not bare or bare[0] in "#;":
            return
        start = position + len(line) - len(line.lstrip())
        indent = start - position
        last = self.options[-1] if self.options else None
        if last is not None and indent > last.indent:
            last.go_on(bare, start + len(bare))
            return
        if bare[0] == "[":
            self._section(bare, start)
        else:
            self._option(bare, start, indent)

    def _section(self, bare: str, start: int) -> None:
        match = _SECTION.match(bare)
        if match is None:
            raise BrokenFileError("a section's `]` is missing", self.text.place(start, start))
        name = match["name"].strip()
        span = (start + 1, start + 1 + len(match["name"]))
        self.options = self.sections.setdefault(name, (span, []))[1]

    def _option(self, bare: str, start: int, indent: int) -> None:
        match = _OPTION.match(bare)
        if match is None:
            raise BrokenFileError("a key is missing", self.text.place(start, start))
        option = _Option(match["key"], start, indent)
        if match["sign"]:
            option.lines = [match["value"]]
            option.start = start + match.start("value")
            option.end = start + match.end("value")
        self.options.append(option)

    def document(self) -> Table:
        """Return what has been read."""
        entries = [option.entry() for option in self.top]
        for name, (span, options) in self.sections.items():
            below = Table(tuple(option.entry() for option in options), span, dotted=True)
            entries.append(Entry(name, span, below))
        return Table(tuple(entries), (0, len(self.text.content)), dotted=True)
