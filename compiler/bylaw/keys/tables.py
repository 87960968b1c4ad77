"""Looking things up in a document whose form is known: a manifest, a file of CI."""

from collections.abc import Iterator

from bylaw.facts.model import Place
from bylaw.keys.model import Document, Entry, Node, Scalar, Sequence, Table


def at(node: Node | None, *names: str) -> Node | None:
    """Return what a path of keys leads to, or None."""
    for name in names:
        if not isinstance(node, Table):
            return None
        node = next((entry.value for entry in reversed(node.entries) if entry.key == name), None)
    return node


def entries(node: Node | None) -> tuple[Entry, ...]:
    """Return a table's entries; none where it is no table."""
    return node.entries if isinstance(node, Table) else ()


def items(node: Node | None) -> tuple[Node, ...]:
    """Return a list's elements; none where it is no list."""
    return node.items if isinstance(node, Sequence) else ()


def text(node: Node | None) -> str | None:
    """Return a string's text; None where it is no string."""
    return node.text if isinstance(node, Scalar) and node.kind == "string" else None


def truth(node: Node | None) -> bool:
    """Tell whether a value is `true`."""
    return isinstance(node, Scalar) and node.kind == "boolean" and node.text == "true"


def place(document: Document, node: Node | Entry) -> Place | None:
    """Return where something stands."""
    return document.place(node.span)


def lines(document: Document, node: Node | None) -> Iterator[tuple[str, int]]:
    """Yield the lines of a value of INI, each with the position of its first character."""
    if node is None or node.span is None:
        return
    position, end = node.span
    for line in document.text.content[position:end].split("\n"):
        bare = line.strip()
        if bare and bare[0] not in "#;":
            yield bare, position + len(line) - len(line.lstrip())
        position += len(line) + 1
