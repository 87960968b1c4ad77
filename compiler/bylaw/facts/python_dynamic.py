"""Imports by a call with a literal: `importlib.import_module("a.b")` and `__import__("a.b")`."""

from typing import TYPE_CHECKING

from bylaw.facts.model import Import, Place
from bylaw.facts.python_literals import literal, string
from bylaw.facts.python_walk import children

if TYPE_CHECKING:
    from tree_sitter import Node

_PARAMETERS = {
    "importlib.import_module": ("name", "package"),
    "importlib.__import__": ("name", "globals", "locals", "fromlist", "level"),
    "__import__": ("name", "globals", "locals", "fromlist", "level"),
}

DYNAMIC = frozenset(_PARAMETERS)
"""The functions that import what they are told."""

_MOST_DOTS = 32


def dynamic_imports(
    callee: str,
    arguments: "Node",
    data: bytes,
    place: Place,
    stands: tuple[int, tuple[str, ...]],
) -> list[Import]:
    """Return what a call imports, as far as its arguments are literals.

    `stands` are the import's `where` and `wrappers`.
    """
    given = _given(callee, arguments, data)
    name = string(given["name"], data) if "name" in given else None
    if not name or not name.isprintable():
        return []
    if callee == "importlib.import_module":
        found = [(module := _in_package(name, given.get("package"), data), module)]
    else:
        module = "." * _level(given.get("level"), data) + name
        members = _members(given.get("fromlist"), data)
        found = [(f"{module}.{member}", module) for member in members] or [(module, module)]
    return [
        Import(full, module, "dynamic", place, stands[0], stands[1])
        for full, module in found
        if full.strip(".")
    ]


def _given(callee: str, arguments: "Node", data: bytes) -> "dict[str, Node]":
    """Return the arguments of a call by their names, up to a `*rest`."""
    found: dict[str, Node] = {}
    names = _PARAMETERS[callee]
    position = 0
    for child in children(arguments) if arguments.type == "argument_list" else ():
        parts = children(child)
        if child.type == "keyword_argument" and parts:
            name = data[parts[0].start_byte : parts[0].end_byte].decode()
            found.setdefault(name, parts[-1])
        elif child.type == "list_splat":
            position = len(names)
        elif child.type != "dictionary_splat" and position < len(names):
            found[names[position]] = child
            position += 1
    return found


def _in_package(name: str, package: "Node | None", data: bytes) -> str:
    """Return a module's name; a relative one stays so where its package is no literal."""
    rest = name.lstrip(".")
    dots = len(name) - len(rest)
    base = string(package, data) if package is not None else None
    if not dots or not base or not base.isprintable():
        return name if dots <= _MOST_DOTS else ""
    parts = base.split(".")
    if dots > len(parts):
        return ""
    return ".".join([*parts[: len(parts) - dots + 1], *([rest] if rest else [])])


def _level(node: "Node | None", data: bytes) -> int:
    value = literal(node, data) if node is not None else None
    return min(int(value), _MOST_DOTS) if value is not None and value.isdecimal() else 0


def _members(node: "Node | None", data: bytes) -> list[str]:
    """Return the names of a `fromlist`."""
    if node is None or node.type not in ("list", "tuple"):
        return []
    found = [string(child, data) for child in children(node)]
    return [name for name in found if name and name != "*" and name.isprintable()]


__all__ = ["DYNAMIC", "dynamic_imports"]
