"""What binds names in Python: targets of assignments and loops, patterns of `match`."""

from typing import TYPE_CHECKING

from bylaw.facts.python_chains import follow, refer
from bylaw.facts.python_kinds import IDENTIFIER, TYPE
from bylaw.facts.python_scopes import Scope
from bylaw.facts.python_walk import Walk, children

if TYPE_CHECKING:
    from tree_sitter import Node

    from bylaw.facts.python_walk import Item

_ANNOTATED = 2


def target(walk: Walk, node: "Node", offset: int, *, lasting: bool = True) -> None:
    """Bind the names in a target, from an offset on; attributes in it are written.

    What does not last (`del`, `except … as`) is bound, and yet nothing that is defined.
    """
    waiting = [node]
    while waiting:
        at = waiting.pop()
        kind = at.type
        if kind == "identifier":
            name = walk.name(at)
            scope = walk.context.scope
            if lasting:
                scope.bind(name, offset)
            else:
                scope.bound.setdefault(name, offset)
        elif kind == "attribute":
            refer(walk, at, "write")
        elif kind == "subscript":
            follow(walk, at, "read")
        elif kind == "call":
            walk.push([at])
        else:
            waiting.extend(reversed(at.named_children))


def assignment(walk: Walk, node: "Node") -> None:
    """Bind what is assigned to; a declaration without a value defines a class's attribute only."""
    parts = children(node)
    if not parts:
        return
    left = parts[0]
    if left.kind_id == IDENTIFIER and parts[-1].kind_id != TYPE:
        walk.context.scope.bind(walk.name(left), node.end_byte)
        walk.stack += parts[:0:-1]
        return
    bare = len(parts) == _ANNOTATED and parts[1].kind_id == TYPE
    scope = walk.context.scope
    if not bare or left.type != "identifier":
        target(walk, left, node.end_byte)
    elif scope.kind == "class":
        scope.members.setdefault(walk.name(left))
    elif scope.kind != "module":
        scope.bind(walk.name(left), node.end_byte)
    walk.push([*parts[1:]])


def augmented(walk: Walk, node: "Node") -> None:
    """Bind what is changed, which is read, too."""
    parts = children(node)
    if parts and parts[0].type == "identifier":
        walk.bind(walk.name(parts[0]), node.end_byte)
    walk.push([*parts])


def named_expression(walk: Walk, node: "Node") -> None:
    """Bind `name := value`, from within comprehensions in what they stand in."""
    parts = children(node)
    if not parts:
        return
    scope: Scope = walk.context.scope
    while scope.kind == "instant" and scope.parent is not None:
        scope = scope.parent
    scope.bind(walk.name(parts[0]), node.end_byte)
    walk.push([*parts[1:]])


def deletion(walk: Walk, node: "Node") -> None:
    """`del name` makes a name local as an assignment does."""
    for part in children(node):
        target(walk, part, node.end_byte, lasting=False)


def loop(walk: Walk, node: "Node") -> None:
    """Bind the names of a `for` statement."""
    parts = children(node)
    if parts:
        target(walk, parts[0], parts[0].end_byte)
    walk.push([*parts[1:]])


def as_pattern(walk: Walk, node: "Node") -> None:
    """Bind the name after `as`."""
    for part in children(node):
        if part.type == "as_pattern_target":
            target(walk, part, node.end_byte)
        else:
            walk.push([part])


def comprehension(walk: Walk, node: "Node") -> None:
    """Walk a comprehension: its first source is evaluated outside of its scope."""
    outer = walk.context
    scope = walk.open("instant", outer.scope)
    inner = type(outer)(scope, outer.entity, outer.where, outer.wrapper, outer.role)
    items: list[Item] = [inner]
    first = True
    for part in children(node):
        if part.type != "for_in_clause":
            items.append(part)
            continue
        clause = children(part)
        walk.context = inner
        target(walk, clause[0], part.start_byte) if clause else None
        walk.context = outer
        items += [outer, *clause[1:], inner] if first else clause[1:]
        first = False
    walk.push([*items, outer])


def case_pattern(walk: Walk, node: "Node") -> None:
    """Bind what a pattern of `match` captures; classes and dotted names in it are read."""
    waiting = [node]
    while waiting:
        at = waiting.pop()
        kind = at.type
        parts = children(at)
        if kind == "dotted_name":
            _value(walk, at)
        elif kind == "identifier":
            walk.bind(walk.name(at), at.start_byte)
        elif kind == "class_pattern" and parts:
            chain = walk.chain(parts[0]) or tuple(walk.name(parts[0]).split("."))
            walk.use(parts[0], chain, "read")
            waiting.extend(reversed(parts[1:]))
        elif kind == "keyword_pattern":
            waiting.extend(reversed(parts[1:]))
        elif kind not in ("string", "concatenated_string"):
            waiting.extend(reversed(parts))


def _value(walk: Walk, node: "Node") -> None:
    name = walk.name(node)
    if "." in name:
        walk.use(node, tuple(name.split(".")), "read")
    elif name != "_":
        walk.bind(name, node.start_byte)
