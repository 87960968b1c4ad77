"""Literals of Python in a normal form, so that two spellings of one value compare equal."""

import re
import unicodedata
from collections.abc import Callable

from tree_sitter import Node

_ESCAPE = re.compile(
    r"\\(\n|[\\'\"abfnrtv]|[0-7]{1,3}|x[0-9a-fA-F]{2}|N\{[^}]+\}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})"
)
_SIMPLE = {
    "\n": "",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}
_STRING = re.compile(r"([A-Za-z]*)('''|\"\"\"|'|\")(.*)\2", re.DOTALL)
_LONGEST = 2000
"""Longer values are left as written: nobody writes them into a sentence."""


def literal(node: Node, data: bytes) -> str | None:
    """Return a literal's value as Python's `repr` writes it; None where it is no literal."""
    while node.type == "parenthesized_expression" and node.named_child_count == 1:
        node = node.named_children[0]
    read = _READ.get(node.type)
    return read(node, data) if read is not None else None


def string(node: Node, data: bytes) -> str | None:
    """Return the text of a string literal, also of several side by side; None for all else."""
    value = _string_value(node, data)
    return value if isinstance(value, str) else None


def _text(node: Node, data: bytes) -> str:
    return data[node.start_byte : node.end_byte].decode("utf-8", errors="replace")


def _keyword(node: Node, data: bytes) -> str:
    return _text(node, data)


def _integer(node: Node, data: bytes) -> str:
    text = _text(node, data)
    digits = text.replace("_", "")
    if len(digits) > _LONGEST or digits[-1:] in "jJ":
        return text
    if digits[-1:] in "lL":
        digits = digits[:-1]
    try:
        # A leading zero is octal in Python 2, and an error in Python 3.
        octal = digits.isdigit() and digits.startswith("0")
        return str(int(digits, 8 if octal and digits.strip("0") else 0))
    except ValueError:
        return text


def _float(node: Node, data: bytes) -> str:
    text = _text(node, data)
    try:
        return repr(float(text.replace("_", "")))
    except ValueError:
        return text


def _signed(node: Node, data: bytes) -> str | None:
    sign = data[node.start_byte : node.start_byte + 1]
    operand = node.named_children[-1] if node.named_children else None
    if operand is None or operand.type not in ("integer", "float") or sign not in b"+-":
        return None
    value = literal(operand, data)
    return value if sign == b"+" or value == "0" else f"-{value}"


def _quoted(node: Node, data: bytes) -> str | None:
    value = _string_value(node, data)
    return repr(value) if value is not None else None


def _string_value(node: Node, data: bytes) -> str | bytes | None:
    if node.type == "string":
        return _one_string(_text(node, data))
    if node.type != "concatenated_string":
        return None
    parts = [_string_value(n, data) for n in node.named_children if n.type == "string"]
    texts = [part for part in parts if isinstance(part, str)]
    octets = [part for part in parts if isinstance(part, bytes)]
    if len(texts) == len(parts):
        return "".join(texts)
    return b"".join(octets) if len(octets) == len(parts) else None


def _one_string(text: str) -> str | bytes | None:
    found = _STRING.fullmatch(text)
    if found is None:
        return None
    prefix, body = found[1].lower(), found[3]
    # With nothing to fill in, an f-string is a string like any other.
    if "t" in prefix or ("f" in prefix and ("{" in body or "}" in body)):
        return None
    if "r" not in prefix and "\\" in body:
        body = _ESCAPE.sub(_octet if "b" in prefix else _character, body)
    if "b" not in prefix:
        return body
    try:
        return body.encode("latin-1")
    except UnicodeEncodeError:
        return None


def _character(found: re.Match[str]) -> str:
    escape = found[1]
    if escape in _SIMPLE:
        return _SIMPLE[escape]
    if escape[0] == "N":
        try:
            return unicodedata.lookup(escape[2:-1])
        except KeyError:
            return found[0]
    code = int(escape[1:], 16) if escape[0] in "xuU" else int(escape, 8)
    return chr(code) if code < 0x110000 else found[0]


def _octet(found: re.Match[str]) -> str:
    escape = found[1]
    if escape[0] in "NuU":
        return found[0]
    if escape in _SIMPLE:
        return _SIMPLE[escape]
    return chr(int(escape[1:], 16) if escape[0] == "x" else int(escape, 8) & 0xFF)


def _collection(node: Node, data: bytes) -> str | None:
    """Return a list or tuple of literals; nothing that holds a long or deep one."""
    if node.end_byte - node.start_byte > _LONGEST:
        return None
    return _nested(node, data, depth=0)


def _nested(node: Node, data: bytes, depth: int) -> str | None:
    if node.type not in ("list", "tuple"):
        return literal(node, data)
    if depth > _DEEPEST:
        return None
    items: list[str] = []
    for child in node.named_children:
        if child.type in ("comment", "line_continuation"):
            continue
        item = _nested(child, data, depth + 1)
        if item is None:
            return None
        items.append(item)
    joined = ", ".join(items)
    if node.type == "list":
        return f"[{joined}]"
    return f"({joined},)" if len(items) == 1 else f"({joined})"


_DEEPEST = 8

_READ: dict[str, Callable[[Node, bytes], str | None]] = {
    "true": _keyword,
    "false": _keyword,
    "none": _keyword,
    "ellipsis": _keyword,
    "integer": _integer,
    "float": _float,
    "unary_operator": _signed,
    "string": _quoted,
    "concatenated_string": _quoted,
    "list": _collection,
    "tuple": _collection,
}
