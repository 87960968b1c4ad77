"""The texts that a client has open."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from lsprotocol import types

from bylaw.lsp.positions import Encoding, column, line_starts, split_lines


class Snapshot(NamedTuple):
    """An open text as it is at one moment: what another thread may look at."""

    uri: str
    text: str
    version: int | None
    pristine: bool
    known: object = None
    """What was published of it last."""

    @property
    def data(self) -> bytes:
        """The text as bytes; what is no Unicode at all stays wrong."""
        return self.text.encode("utf-8", "surrogatepass")


@dataclass
class Document:
    """One open text, with the line ends and the byte order mark that the client has sent."""

    uri: str
    file: Path
    text: str
    version: int | None
    pristine: bool = True
    """Whether it is as it was opened or saved, so that the file on disk says the same."""
    shown: object = None
    """What was published of it last."""

    def snapshot(self) -> Snapshot:
        """Return it as it is now."""
        return Snapshot(self.uri, self.text, self.version, self.pristine, self.shown)

    def change(
        self, changes: Iterable[types.TextDocumentContentChangeEvent], encoding: Encoding
    ) -> None:
        """Apply changes, one after the other; places outside the text are at its ends."""
        for each in changes:
            if isinstance(each, types.TextDocumentContentChangePartial):
                start = self._offset(each.range.start, encoding)
                end = self._offset(each.range.end, encoding)
                start, end = min(start, end), max(start, end)
                self.text = self.text[:start] + each.text + self.text[end:]
            else:
                self.text = each.text
        self.pristine = False

    def _offset(self, at: types.Position, encoding: Encoding) -> int:
        starts = line_starts(self.text)
        if at.line >= len(starts):
            return len(self.text)
        line = split_lines(self.text)[at.line]
        return starts[at.line] + column(line, at.character, encoding)


def file_of(uri: str) -> Path | None:
    """Return the file that an address means; None where it is none of this machine."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"} or not parts.path:
        return None
    path = unquote(parts.path)
    if "\0" in path:
        return None
    file = Path(path)
    return file if file.is_absolute() else None


class Documents:
    """The open texts, by the address that the client calls them by."""

    def __init__(self) -> None:
        self._open: dict[str, Document] = {}

    def open(self, uri: str, text: str, version: int | None) -> Document | None:
        """Take up a text; None where it is no file."""
        file = file_of(uri)
        if file is None:
            return None
        document = self._open[uri] = Document(uri, file, text, version)
        return document

    def get(self, uri: str) -> Document | None:
        """Return an open text."""
        return self._open.get(uri)

    def close(self, uri: str) -> Document | None:
        """Let a text go, and return it."""
        return self._open.pop(uri, None)

    def __iter__(self) -> Iterator[Document]:
        return iter(tuple(self._open.values()))
