"""A file's bytes and syntax tree: text and places of nodes, and where the tree has faults."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bylaw.facts.model import Fault, FileFacts, Place

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Tree

LARGEST = 4_000_000
"""More bytes than this nobody wrote; reading them would take too long."""

_FEWEST_CALLS = 1000
_BYTES_PER_CALL = 8
"""How often a parser may ask whether to go on, at least and for a text's length: real text takes a
third of that, and on some errors a parser goes in circles for ever. It is counted and not timed, so
that facts are the same on every machine."""

_MOST_FAULTS = 20

_CONTINUATION = re.compile(rb"[\x80-\xbf]")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Source:
    """The bytes that were parsed: UTF-8, lines ended by line feeds, no byte order mark."""

    def __init__(self, data: bytes, language: "Language") -> None:
        self.language = language
        self.marked = data.startswith(_BYTE_ORDER_MARK)
        self.data = _plain(data[3:] if self.marked else data)
        self.ascii = self.data.isascii()
        self.forgiven: set[int] = set()
        """Where errors start that are gaps of the grammar, and were read after all."""
        self.modules: dict[int, str] = {}
        """Names that stand for a module, by where they start (see `bylaw.facts.script_gaps`)."""
        self._continuations: list[int] | None = None
        self.tree = parse(self.data, language)

    @property
    def root(self) -> "Node":
        """The tree's root."""
        return self.tree.root_node

    def text(self, node: "Node") -> str:
        """Return a node's text."""
        return self.data[node.start_byte : node.end_byte].decode()

    def place(self, node: "Node") -> Place:
        """Return a node's place."""
        return self.between(node, node)

    def between(self, first: "Node", last: "Node") -> Place:
        """Return the place from where one node starts to where another one ends."""
        line, column = first.start_point
        end_line, end_column = last.end_point
        if not self.ascii:
            column -= self._wide(first.start_byte, column)
            end_column -= self._wide(last.end_byte, end_column)
        if self.marked:
            # The mark is a character of the first line, as editors' columns are not.
            column += line == 0
            end_column += end_line == 0
        return Place(line + 1, column + 1, end_line + 1, end_column + 1)

    def _wide(self, offset: int, column: int) -> int:
        """Count the bytes in a line, up to an offset, that go on with a character."""
        if self._continuations is None:
            self._continuations = [m.start() for m in _CONTINUATION.finditer(self.data)]
        found = self._continuations
        return bisect_left(found, offset) - bisect_left(found, offset - column)

    def faults(self) -> tuple[Fault, ...]:
        """Return where the tree has errors, the first of them, in the order of the text."""
        found: list[Fault] = []
        for node in self.errors():
            if node.start_byte in self.forgiven:
                continue
            reason = f"`{node.type}` is missing" if node.is_missing else _reason(self.text(node))
            found.append(Fault(self.place(node), reason))
            if len(found) == _MOST_FAULTS:
                break
        return tuple(found)

    def errors(self) -> "Iterator[Node]":
        """Yield the outermost nodes that are errors, in the order of the text."""
        stack = [self.root] if self.root.has_error else []
        while stack:
            node = stack.pop()
            if node.is_error or node.is_missing:
                yield node
            elif node.has_error:
                stack += reversed(node.children)

    def flawed(self) -> int:
        """Return how much of the text, in bytes, is in errors."""
        return sum(node.end_byte - node.start_byte + 1 for node in self.errors())


class TooSlowError(Exception):
    """A text that would take too long to be read."""


def parse(data: bytes, language: "Language") -> "Tree":
    """Return the syntax tree of a text; TooSlowError where the parser does not come to an end."""
    from tree_sitter import Parser  # noqa: PLC0415 - the checker starts without it

    left = _FEWEST_CALLS + len(data) // _BYTES_PER_CALL

    def is_enough(*_: object) -> bool:
        nonlocal left
        left -= 1
        return left < 0

    try:
        # Only a text that is handed over by a function can be given up on.
        return Parser(language).parse(lambda offset, _: data[offset:], progress_callback=is_enough)
    except ValueError:
        raise TooSlowError from None


def _plain(data: bytes) -> bytes:
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace").encode()
    return data


def _reason(text: str) -> str:
    words = text.split()
    shown = words[0][:30] if words else ""
    return f"syntax error at `{shown}`" if shown else "syntax error"


def too_large(data: bytes) -> FileFacts | None:
    """Return facts that say that a file is too large to be read, where it is."""
    if len(data) <= LARGEST:
        return None
    reason = f"it is larger than {LARGEST // 1_000_000} MB"
    return FileFacts(faults=(Fault(Place(1, 1, 1, 1), reason),))


def too_slow() -> FileFacts:
    """Return facts that say that a file would take too long to be read."""
    reason = "reading it takes too long"
    return FileFacts(faults=(Fault(Place(1, 1, 1, 1), reason),))
