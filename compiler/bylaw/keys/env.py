"""Keys of environment files: `KEY=value`, with quotes and `export`."""

import re

from bylaw.keys.model import BrokenFileError, Document, Entry, Node, Table, null, string
from bylaw.keys.text import Text

_LINE = re.compile(
    r"[ \t]*(?:export[ \t]+)?(?P<key>[A-Za-z_][\w.-]*)[ \t]*(?P<sign>=)?[ \t]*", re.ASCII
)
_SINGLE = re.compile(r"'(?P<text>[^']*)'")
_DOUBLE = re.compile(r'"(?P<text>[^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
_REST = re.compile(r"[ \t]*(?:#[^\n]*)?\r?(?=\n|\Z)")
_BARE = re.compile(r"(?P<text>(?:[^\n#]|(?<![ \t=])#)*)")
_BLANK = re.compile(r"[ \t]*(?:#[^\n]*)?\r?(?:\n|\Z)")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\n": ""}


def read(text: Text) -> tuple[Document, ...]:
    """Return an environment file's one document."""
    content = text.content
    entries: list[Entry] = []
    position = 0
    while position < len(content):
        blank = _BLANK.match(content, position)
        if blank is not None:
            position = blank.end()
            continue
        match = _LINE.match(content, position)
        if match is None:
            raise BrokenFileError("it is no `KEY=value`", text.place(position, position))
        if match["sign"]:
            value, position = _value(content, match.end())
        else:
            value, position = null(match.span("key")), match.end()
        rest = _REST.match(content, position)
        if rest is None:
            raise BrokenFileError("it is no `KEY=value`", text.place(position, position))
        entries.append(Entry(match["key"], match.span("key"), value))
        position = rest.end() + 1
    return (Document(Table(tuple(entries), (0, len(content)), dotted=True), text, "env"),)


def _value(content: str, position: int) -> tuple[Node, int]:
    """Read a value; return it, and where it ends."""
    for quoted in (_SINGLE, _DOUBLE):
        match = quoted.match(content, position)
        if match is not None and _REST.match(content, match.end()) is not None:
            inner = match["text"]
            if quoted is _DOUBLE and "\\" in inner:
                inner = _ESCAPE.sub(lambda m: _ESCAPES.get(m[1], m[1]), inner)
            return _word(inner, match.span()), match.end()
    match = _BARE.match(content, position)
    bare = match["text"].rstrip() if match else ""
    end = match.end() if match else position
    return _word(bare, (position, position + len(bare))), end


def _word(text: str, span: tuple[int, int]) -> Node:
    return string(text, span, plain=True)._replace(hidden=True)
