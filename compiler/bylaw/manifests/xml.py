"""XML without entities of its own: elements with their places."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from bylaw.keys.model import DEEPEST, BrokenFileError
from bylaw.keys.text import Text


@dataclass(slots=True)
class Element:
    """An element: its local name, attributes, children, and its own text."""

    name: str
    attributes: dict[str, str]
    span: tuple[int, int]
    children: "list[Element]" = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text between its tags."""
        return "".join(self.parts).strip()

    def child(self, name: str) -> "Element | None":
        """Return the first child of a name."""
        return next((child for child in self.children if child.name == name), None)

    def value(self, name: str) -> str | None:
        """Return the text of the first child of a name."""
        child = self.child(name)
        return child.text if child is not None else None

    def all(self, *names: str) -> "Iterator[Element]":
        """Yield the elements that a path of names leads to."""
        if not names:
            yield self
            return
        for child in self.children:
            if child.name == names[0]:
                yield from child.all(*names[1:])


def parse(text: Text) -> Element:
    """Return the root element; raises BrokenFileError."""
    builder = _Builder(text)
    parser = builder.parser
    try:
        parser.Parse(text.encoded, True)
    except expat.ExpatError as error:
        place = text.place(*builder.offset(parser.ErrorByteIndex))
        raise BrokenFileError(expat.ErrorString(error.code), place) from None
    if builder.root is None:
        raise BrokenFileError("it has no element")
    return builder.root


class _Builder:
    def __init__(self, text: Text) -> None:
        self.text = text
        self.root: Element | None = None
        self.stack: list[Element] = []
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.EntityDeclHandler = self._entity

    def offset(self, index: int) -> tuple[int, int]:
        return self.text.span_of_bytes(max(index, 0), max(index, 0))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        start = self.offset(self.parser.CurrentByteIndex)[0]
        if len(self.stack) > DEEPEST:
            place = self.text.place(start, start)
            raise BrokenFileError(f"elements are nested deeper than {DEEPEST}", place)
        element = Element(name.rpartition(":")[2], attributes, (start, start + len(name) + 1))
        if self.stack:
            self.stack[-1].children.append(element)
        else:
            self.root = element
        self.stack.append(element)

    def _end(self, name: str) -> None:  # noqa: ARG002 - expat's arguments
        self.stack.pop()

    def _data(self, data: str) -> None:
        if self.stack:
            self.stack[-1].parts.append(data)

    def _entity(self, *_: object) -> None:
        raise BrokenFileError("it declares entities, which are not read")
