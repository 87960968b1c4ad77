"""Literals, names and arguments in TypeScript and JavaScript."""

import re
from typing import TYPE_CHECKING

from bylaw.facts.model import Argument
from bylaw.facts.source import Source

if TYPE_CHECKING:
    from tree_sitter import Node

_ESCAPE = re.compile(
    r"\\(?:u\{(?P<brace>[0-9a-fA-F]{1,6})\}|u(?P<four>[0-9a-fA-F]{4})|x(?P<two>[0-9a-fA-F]{2})"
    r"|(?P<line>\r?\n)|(?P<one>.))",
    re.S,
)
_SINGLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_NAME = re.compile(r"[^\W\d][\w$]*|\$[\w$]*")

_WORDS = frozenset({"true", "false", "null", "undefined"})


def _unescaped(match: re.Match[str]) -> str:
    code = match["brace"] or match["four"] or match["two"]
    if code is not None:
        number = int(code, 16)
        # What is no character by itself cannot stand in a name of anything.
        return "\ufffd" if number > 0x10FFFF or 0xD800 <= number < 0xE000 else chr(number)
    return "" if match["line"] else _SINGLE.get(match["one"], match["one"])


def unescape(text: str) -> str:
    """Undo the escapes of a string or an identifier."""
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def name_of(source: Source, node: "Node") -> str:
    """Return an identifier as it is meant."""
    return unescape(source.text(node))


def string_of(source: Source, node: "Node | None") -> str | None:
    """Return the value of a string literal, or of a template without substitutions."""
    if node is None or node.type not in ("string", "template_string"):
        return None
    if node.type == "template_string" and any(
        child.type == "template_substitution" for child in node.named_children
    ):
        return None
    return unescape(source.text(node)[1:-1])


def is_name(text: str) -> bool:
    """Tell whether a text could be written after a dot."""
    return _NAME.fullmatch(text) is not None


def value_of(source: Source, node: "Node") -> str | None:
    """Return a literal in its normal form (see `Argument`), or None where it is none."""
    kind = node.type
    if kind in _WORDS:
        return kind
    if kind == "number":
        return _number(source.text(node))
    if kind in ("string", "template_string"):
        text = string_of(source, node)
        return None if text is None else repr(text)
    if kind == "unary_expression" and source.data[node.start_byte] in b"-+":
        operand = node.child_by_field_name("argument")
        if operand is not None and operand.type == "number":
            sign = "-" if source.data[node.start_byte] == ord("-") else ""
            return sign + _number(source.text(operand))
    return None


def _number(text: str) -> str:
    plain = text.replace("_", "")
    if len(plain) > 300:
        return plain
    try:
        return str(int(plain, 0))
    except ValueError:
        pass
    try:
        return repr(float(plain))
    except ValueError:
        return plain


def key_of(source: Source, node: "Node | None") -> str | None:
    """Return the name that a key of an object, a class or a pattern is, if it is plain."""
    if node is None:
        return None
    if node.type == "computed_property_name":
        inner = plain_children(node)
        return string_of(source, inner[0]) if inner else None
    if node.type == "string":
        return string_of(source, node)
    if node.type == "number":
        return _number(source.text(node))
    return name_of(source, node)


def plain_children(node: "Node") -> "list[Node]":
    """Return a node's named children but comments."""
    return [child for child in node.named_children if child.type != "comment"]


def arguments_of(
    source: Source, node: "Node | None"
) -> "tuple[int, tuple[Argument, ...], bool, bool]":
    """Return how many arguments there are, the properties of objects, and the two spreads.

    An object counts as an argument, too. What a template is tagged with gets its parts, which
    could be anything.
    """
    if node is None:
        return 0, (), False, False
    if node.type == "template_string":
        return 1, (), True, False
    found: list[Argument] = []
    count = 0
    spread = star = False
    for argument in plain_children(node):
        if argument.type == "spread_element":
            star = True
            continue
        count += 1
        if argument.type == "object":
            spread = _properties(source, argument, found) or spread
    return count, tuple(found), spread, star


def _properties(source: Source, node: "Node", found: list[Argument]) -> bool:
    """Add an object's properties; tell whether there is a spread among them."""
    spread = False
    for child in node.named_children:
        if child.type == "spread_element":
            spread = True
        elif child.type == "shorthand_property_identifier":
            found.append(Argument(name_of(source, child)))
        elif child.type == "pair":
            name = key_of(source, child.child_by_field_name("key"))
            value = child.child_by_field_name("value")
            if name is not None:
                found.append(Argument(name, value_of(source, value) if value else None))
        elif child.type == "method_definition":
            name = key_of(source, child.child_by_field_name("name"))
            if name is not None:
                found.append(Argument(name))
    return spread
