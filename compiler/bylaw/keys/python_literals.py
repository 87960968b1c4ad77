"""Literals of Python, read from its syntax tree and not by the interpreter that runs."""

import re
import unicodedata
from typing import TYPE_CHECKING

from bylaw.keys import trees
from bylaw.keys.model import (
    DEEPEST,
    Entry,
    Node,
    Opaque,
    Scalar,
    Sequence,
    Table,
    boolean,
    null,
    number,
    string,
)
from bylaw.keys.text import Text

if TYPE_CHECKING:
    from tree_sitter import Node as TreeNode

_ESCAPE = re.compile(
    r"\\(?:(\r?\n|[\\'\"abfnrtv])|([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})"
    r"|U([0-9a-fA-F]{8})|N\{([^}]+)\})"
)
_ESCAPES = {
    "\n": "", "\r\n": "", "\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b",
    "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
}  # fmt: skip
_MOST_DIGITS = 4000
"""Longer numbers are not read: Python itself refuses them."""


class Literals:
    """Reads the literals of one module."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def value(self, node: "TreeNode", depth: int = 0) -> Node:
        """Return the value of an expression: Opaque where it is no literal."""
        span = trees.span_of(node, self.text)
        if depth > DEEPEST:
            return Opaque(span)
        match node.type:
            case "string" | "concatenated_string":
                text = _string(node)
                return Opaque(span) if text is None else string(text, span)
            case "true" | "false":
                return boolean(node.type == "true", span, trees.text_of(node))
            case "none":
                return null(span, "None")
            case "integer" | "float" | "unary_operator":
                return self._number(node) or Opaque(span)
            case "dictionary":
                return self._dictionary(node, depth)
            case "list" | "tuple" | "set" | "expression_list":
                parts = [child for child in node.named_children if child.type != "comment"]
                known = [child for child in parts if "splat" not in child.type]
                items = tuple(self.value(child, depth + 1) for child in known)
                return Sequence(items, span, open=len(known) < len(parts))
            case "parenthesized_expression":
                inner = [child for child in node.named_children if child.type != "comment"]
                return self.value(inner[0], depth + 1) if len(inner) == 1 else Opaque(span)
        return Opaque(span)

    def _dictionary(self, node: "TreeNode", depth: int) -> Table:
        entries: list[Entry] = []
        is_open = False
        for child in node.named_children:
            if child.type == "comment":
                continue
            key = child.child_by_field_name("key")
            value = child.child_by_field_name("value")
            name = self.value(key, depth + 1) if key is not None else None
            if key is None or value is None or not isinstance(name, Scalar):
                is_open = True
                continue
            written = name.written or name.text
            span = trees.span_of(key, self.text)
            entries.append(Entry(written, span, self.value(value, depth + 1)))
        return Table(tuple(entries), trees.span_of(node, self.text), open=is_open)

    def _number(self, node: "TreeNode") -> Scalar | None:
        written = "".join(trees.text_of(node).split())
        bare = written.replace("_", "").lower()
        sign = bare[:1] if bare[:1] in "+-" else ""
        digits = bare[len(sign) :]
        span = trees.span_of(node, self.text)
        if len(digits) > _MOST_DIGITS:
            return None
        if re.fullmatch(
            r"[0-9]+|[0-9]*\.?[0-9]+(?:e[-+]?[0-9]+)?|[0-9]+\.?(?:e[-+]?[0-9]+)?", digits
        ):
            plain = sign + digits
            return number(written, span)._replace(number=number(plain, span).number)
        if re.fullmatch(r"0[xob][0-9a-f]+", digits):
            try:
                value = int(digits, 0)
            except ValueError:
                return None
            return number(written, span, -value if sign == "-" else value)
        return None


def _string(node: "TreeNode") -> str | None:
    """Return a string's text; None for bytes, and where something is put in."""
    if node.type == "concatenated_string":
        parts = [_string(child) for child in node.named_children if child.type == "string"]
        return None if None in parts else "".join(part for part in parts if part is not None)
    prefix = trees.text_of(node.children[0]).rstrip("'\"").lower() if node.children else ""
    if "b" in prefix or "t" in prefix:
        return None
    found: list[str] = []
    for child in node.children[1:-1]:
        if child.type != "string_content":
            return None
        text = trees.text_of(child)
        if "f" in prefix:
            text = text.replace("{{", "{").replace("}}", "}")
        found.append(text if "r" in prefix else _ESCAPE.sub(_unescape, text))
    return "".join(found).replace("\r\n", "\n")


def _unescape(match: "re.Match[str]") -> str:
    simple, octal, *coded, name = match.groups()
    if simple is not None:
        return _ESCAPES[simple]
    if octal is not None:
        return chr(int(octal, 8))
    if name is not None:
        try:
            return unicodedata.lookup(name)
        except KeyError:
            return match[0]
    code = int(next(part for part in coded if part is not None), 16)
    return chr(code) if code <= 0x10FFFF else match[0]
