"""Statements of Python that others stand in: `if`, `try`, `with`, and imports."""

import re
from typing import TYPE_CHECKING

from bylaw.facts.model import Where
from bylaw.facts.python_chains import bare, refer, spelled
from bylaw.facts.python_scopes import Chain, Context, Scope
from bylaw.facts.python_targets import target
from bylaw.facts.python_walk import CHECKING, Form, SeenCatch, SeenImport, Walk, children

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from bylaw.facts.python_walk import Item

_SPACE = re.compile(r"[^.]+")
_DEEPEST = 16
"""Conditions nested deeper than this do not speak of the type checker."""


# --- imports -----------------------------------------------------------------------------------


def import_statement(walk: Walk, node: "Node") -> None:
    """Note `import a.b` and `import a.b as c`."""
    for part in children(node):
        name, alias = _imported(walk, part)
        if not name:
            continue
        bound = alias or name.partition(".")[0]
        _bind(walk, bound, name if alias else bound)
        _note(walk, node, part, (name, name, "import", bound))


def import_from(walk: Walk, node: "Node") -> None:
    """Note `from a import b`, `from . import c` and `from a import *`."""
    parts = children(node)
    if node.type == "future_import_statement":
        module = "__future__"
    elif parts:
        module = _module(walk, parts.pop(0))
    else:
        return
    for part in parts:
        if part.type == "wildcard_import":
            _note(walk, node, part, (module, module, "wildcard", None))
            continue
        name, alias = _imported(walk, part)
        if not name:
            continue
        full = f"{module}{name}" if module.endswith(".") else f"{module}.{name}"
        bound = alias or name
        _bind(walk, bound, full)
        _note(walk, node, part, (full, module, "from", bound))


def _bind(walk: Walk, name: str, meaning: str) -> None:
    if not walk.context.scope.bind_import(name, meaning):
        walk.fault(0, len(walk.data), f"too many imports bind `{name}`")


def _imported(walk: Walk, node: "Node") -> tuple[str, str | None]:
    """Return what a part of an import names, and after `as`."""
    if node.type == "dotted_name":
        return walk.name(node), None
    if node.type != "aliased_import":
        return "", None
    parts = children(node)
    return walk.name(parts[0]), walk.name(parts[-1])


def _module(walk: Walk, node: "Node") -> str:
    if node.type != "relative_import":
        return walk.name(node)
    dots = ""
    name = ""
    for part in children(node):
        if part.type == "import_prefix":
            dots = _SPACE.sub("", walk.text(part))
        else:
            name = walk.name(part)
    return dots + name


def _note(
    walk: Walk, statement: "Node", part: "Node", found: tuple[str, str, Form, str | None]
) -> None:
    """Note an import, at its name where that stands in the statement's first line."""
    name, module, form, bound = found
    start, end = part.start_byte, part.end_byte
    if statement.start_point.row != part.start_point.row:
        start = statement.start_byte
        end = start + len(walk.data[start:end].split(b"\n", 1)[0].rstrip())
    walk.imports.append(SeenImport(name, module, form, start, end, bound, walk.context))


# --- if ----------------------------------------------------------------------------------------


def if_statement(walk: Walk, node: "Node") -> None:
    """Walk the branches of an `if`, of which some may be for the type checker only."""
    if not walk.typed:
        walk.stack += node.named_children[::-1]
        return
    outer = walk.context
    typed = outer
    if not outer.where & Where.TYPE_CHECKING:
        where = outer.where | Where.TYPE_CHECKING
        typed = Context(outer.scope, outer.entity, where, outer.wrapper, outer.role)
    items: list[Item] = []
    rest = False
    for clause in [node, *(c for c in children(node) if c.type in ("elif_clause", "else_clause"))]:
        parts = [c for c in children(clause) if c.type not in ("elif_clause", "else_clause")]
        then = otherwise = False
        if clause.type != "else_clause" and parts:
            then, otherwise = _conditions(walk, parts[0])
            items += [typed if rest else outer, parts.pop(0)]
        items += [typed if rest or then else outer, *parts]
        rest = rest or otherwise
    walk.push([*items, outer])


def _conditions(walk: Walk, node: "Node", depth: int = 0) -> tuple[bool, bool]:
    """Tell whether code runs for the type checker only: where a condition holds, and where not."""
    node = bare(node)
    if depth > _DEEPEST:
        return False, False
    if node.type in ("identifier", "attribute"):
        return _speaks_of_checking(walk, node), False
    parts = children(node)
    if node.type == "not_operator" and parts:
        then, otherwise = _conditions(walk, parts[-1], depth + 1)
        return otherwise, then
    if node.type != "boolean_operator" or not parts:
        return False, False
    left = _conditions(walk, parts[0], depth + 1)
    right = _conditions(walk, parts[-1], depth + 1)
    conjunction = any(child.type == "and" for child in node.children)
    if conjunction:
        return left[0] or right[0], left[1] and right[1]
    return left[0] and right[0], left[1] or right[1]


def _speaks_of_checking(walk: Walk, node: "Node") -> bool:
    chain = walk.chain(node)
    if chain is None or chain[-1] == CHECKING:
        return chain is not None
    scope: Scope | None = walk.context.scope
    while scope is not None and len(chain) == 1:
        found = scope.imports.get(chain[0])
        if found is not None:
            return any(name.endswith(f".{CHECKING}") for name in found)
        scope = scope.parent
    return False


# --- try and with ------------------------------------------------------------------------------


def try_statement(walk: Walk, node: "Node") -> None:
    """Walk a `try`, whose body is wrapped in it; handlers and what follows are not."""
    parts = children(node)
    if not parts:
        return
    body = walk.within(walk.wrapped(None, node.start_byte), parts[:1])
    walk.push([*body, *parts[1:]])


def except_clause(walk: Walk, node: "Node") -> None:
    """Note what a handler catches; `except A, B` is a handler of both."""
    parts = children(node)
    values = [part for part in parts if part.type != "block"]
    start = node.start_byte
    end = values[-1].end_byte if values else start + len("except")
    walk.push([part for part in parts if part.type == "block"])
    chains: list[Chain] = []
    for value in values:
        caught, *names = children(value) if value.type == "as_pattern" else [value]
        for name in names:
            target(walk, name, value.end_byte, lasting=False)
        chains += [refer(walk, one, "catch") for one in _alternatives(caught)]
    if not values:
        chains.append(("BaseException",))
    walk.catches.append(SeenCatch(tuple(chains), start, end, walk.context))


def _alternatives(node: "Node") -> "Iterable[Node]":
    node = bare(node)
    if node.type != "tuple":
        return [node]
    found: list[Node] = []
    waiting = [node]
    while waiting:
        at = bare(waiting.pop())
        if at.type in ("tuple", "list_splat"):
            waiting.extend(reversed(children(at)))
        else:
            found.append(at)
    return found


def with_statement(walk: Walk, node: "Node") -> None:
    """Walk a `with`: each item wraps the items after it, and the body."""
    outer = walk.context
    items: list[Item] = []
    for part in children(node):
        if part.type != "with_clause":
            items.append(part)
            continue
        for item in children(part):
            items.append(item)
            walk.context = walk.wrapped(spelled(walk, _entered(item)), item.start_byte)
            items.append(walk.context)
    walk.context = outer
    walk.push([*items, outer])


def _entered(node: "Node") -> "Node":
    """Return the expression that an item of a `with` enters."""
    for kind in ("with_item", "as_pattern"):
        inner = children(node)
        if node.type == kind and inner:
            node = inner[0]
    return node
