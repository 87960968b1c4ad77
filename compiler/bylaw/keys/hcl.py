"""Keys of HCL files: a block's type and labels, then its attributes."""

import re
from typing import TYPE_CHECKING

from bylaw.keys import trees
from bylaw.keys.model import (
    DEEPEST,
    BrokenFileError,
    Document,
    Entry,
    Node,
    Opaque,
    Sequence,
    Span,
    Table,
    boolean,
    null,
    number,
    string,
)
from bylaw.keys.text import Text

if TYPE_CHECKING:
    from tree_sitter import Node as TreeNode

_ESCAPE = re.compile(r'\\(?:([nrt"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))|([$%])\4\{')
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def read(text: Text) -> tuple[Document, ...]:
    """Return an HCL file's one document; what a fault leaves readable is in it."""
    root = trees.parse(text, "tree_sitter_hcl")
    reader = _Reader(text)
    bodies = [child for child in root.children if child.type == "body"]
    entries = tuple(entry for body in bodies for entry in reader.body(body, 0)[0])
    span = (0, len(text.content))
    return (Document(Table(entries, span), text, "hcl", trees.first_fault(root, text)),)


class _Group:
    """Blocks of one type, or of one type and the same first labels."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.below: dict[str, _Group] = {}
        self.blocks: list[Entry] = []

    def entries(self) -> tuple[Entry, ...]:
        found = list(self.blocks)
        for name, group in self.below.items():
            below = group.entries()
            found += [Entry(name, entry.span, entry.value) for entry in below if not entry.key]
            named = tuple(entry for entry in below if entry.key)
            if named:
                found.append(Entry(name, group.span, Table(named, group.span)))
        return tuple(found)


class _Reader:
    def __init__(self, text: Text) -> None:
        self.text = text

    def body(self, body: "TreeNode", depth: int) -> tuple[tuple[Entry, ...], bool]:
        """Return a body's entries, and whether it may have some that it does not show."""
        if depth > DEEPEST:
            raise BrokenFileError(f"blocks are nested deeper than {DEEPEST}")
        attributes: list[Entry] = []
        blocks = _Group(None)
        is_open = False
        for child in body.children:
            if child.type == "attribute":
                name = child.children[0]
                value = self._value(child.children[-1], depth + 1)
                attributes.append(Entry(trees.text_of(name), self._span(name), value))
            elif child.type == "block":
                # A dynamic block makes blocks of the type that its label names.
                is_open |= trees.text_of(child.children[0]) == "dynamic"
                self._block(child, blocks, depth)
        return (*attributes, *blocks.entries()), is_open

    def _block(self, block: "TreeNode", group: _Group, depth: int) -> None:
        span: Span = None
        for child in block.children:
            if child.type in {"identifier", "string_lit"}:
                name = trees.text_of(child)
                name = self._string(child) if child.type == "string_lit" else name
                span = self._span(child)
                group = group.below.setdefault(name, _Group(span))
        bodies = [child for child in block.children if child.type == "body"]
        entries: tuple[Entry, ...] = ()
        is_open = False
        for body in bodies:
            entries, is_open = self.body(body, depth + 1)
        table = Table(entries, self._span(block), open=is_open, block=True)
        group.blocks.append(Entry("", span, table))

    def _span(self, node: "TreeNode") -> tuple[int, int]:
        return trees.span_of(node, self.text)

    def _value(self, node: "TreeNode", depth: int) -> Node:
        """Return the value of an expression."""
        while node.type in {"expression", "literal_value", "collection_value", "template_expr"}:
            named = node.named_children
            if len(named) != 1 or node.child_count != 1:
                return Opaque(self._span(node))
            node = named[0]
        if depth > DEEPEST:
            raise BrokenFileError(f"values are nested deeper than {DEEPEST}")
        span = self._span(node)
        match node.type:
            case "object":
                return self._object(node, depth)
            case "tuple":
                elements = [child for child in node.children if child.type == "expression"]
                items = tuple(self._value(element, depth + 1) for element in elements)
                return Sequence(items, span, open=any(c.is_error for c in node.children))
            case "heredoc_template":
                return self._heredoc(node)
            case "string_lit" | "quoted_template":
                if any(child.type.startswith("template_i") for child in node.children):
                    return Opaque(span)
                if any(child.type == "template_directive" for child in node.children):
                    return Opaque(span)
                return string(self._string(node), span)
        return self._literal(node, span)

    def _literal(self, node: "TreeNode", span: Span) -> Node:
        text = trees.text_of(node)
        if node.type == "bool_lit":
            return boolean(text == "true", span)
        if node.type == "null_lit":
            return null(span)
        if node.type == "numeric_lit" or (
            node.type == "operation" and re.fullmatch(r"-\s*[0-9.]+(?:[eE][-+]?[0-9]+)?", text)
        ):
            return number("".join(text.split()), span)
        return Opaque(span)

    def _object(self, node: "TreeNode", depth: int) -> Node:
        entries: list[Entry] = []
        is_open = False
        for element in node.children:
            if element.type != "object_elem":
                continue
            parts = [child for child in element.children if child.type == "expression"]
            key = self._key(parts[0]) if len(parts) == 2 else None
            if key is None:
                is_open = True
                continue
            entries.append(Entry(key, self._span(parts[0]), self._value(parts[1], depth + 1)))
        return Table(tuple(entries), self._span(node), open=is_open)

    def _key(self, node: "TreeNode") -> str | None:
        text = trees.text_of(node)
        if re.fullmatch(r"[^\W\d][\w-]*", text):
            return text
        value = self._value(node, 0)
        if isinstance(value, Opaque | Table | Sequence):
            return None
        return value.text

    def _string(self, node: "TreeNode") -> str:
        # The grammar leaves white space at the edges out of the literal, and HCL does not.
        raw = trees.text_of(node).removeprefix('"').removesuffix('"')
        if "\\" not in raw and "{" not in raw:
            return raw
        return _ESCAPE.sub(_unescape, raw)

    def _heredoc(self, node: "TreeNode") -> Node:
        if any(c.type in {"template_interpolation", "template_directive"} for c in node.children):
            return Opaque(self._span(node))
        raw = trees.text_of(node).replace("\r\n", "\n")
        lines = raw.split("\n")[1:-1]
        if raw.startswith("<<-"):
            filled = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip()]
            lines = [line[min(filled, default=0) :] for line in lines]
        return string("\n".join([*lines, ""]), self._span(node))


def _unescape(match: "re.Match[str]") -> str:
    if match[4]:
        return match[4] + "{"
    if match[1]:
        return _ESCAPES[match[1]]
    code = int(match[2] or match[3], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else "\ufffd"
