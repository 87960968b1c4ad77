"""Functions, methods and structs in Go."""

from typing import TYPE_CHECKING

from bylaw.facts.draft import Context
from bylaw.facts.go_chains import type_chain
from bylaw.facts.go_walk import Walk, base_of
from bylaw.facts.model import Base, Definition, Where

if TYPE_CHECKING:
    from tree_sitter import Node


def function(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read a function, a method or a function literal."""
    source, entity = walk.source, context.entity
    name = node.child_by_field_name("name")
    receiver = node.child_by_field_name("receiver")
    if name is not None:
        definition = Definition(
            "function" if receiver is None else "method",
            source.text(name),
            source.place(name),
            source.place(node),
            entity,
            documented=walk.is_documented(node),
        )
        entity = walk.draft.define(definition, context)
        if receiver is not None:
            walk.methods.append((entity, _owner(walk, receiver)))
    inside = Context(context.scope, entity, context.where | Where.FUNCTION, context.wrapper)
    walk.open()
    if receiver is not None:
        _bind_type_parameters(walk, receiver)
    parts = [(child, inside, "read") for child in node.named_children if child != name]
    walk.push([*parts, (node, inside, "close")])


_RECEIVER = ("parameter_declaration", "pointer_type", "generic_type", "type_arguments")


def _owner(walk: Walk, receiver: "Node") -> str:
    """Return the name of the type that a method is of."""
    at: Node | None = receiver.named_children[0] if receiver.named_children else None
    while at is not None and at.type != "type_identifier":
        at = at.child_by_field_name("type") or (at.named_children[0] if at.named_children else None)
    return walk.source.text(at) if at is not None else ""


def _bind_type_parameters(walk: Walk, receiver: "Node") -> None:
    """Bind the names that a receiver gives to the parameters of its type."""
    stack = list(receiver.named_children)
    while stack:
        node = stack.pop()
        if node.type == "type_elem":
            walk.bind(walk.source.text(node))
        elif node.type in _RECEIVER:
            stack += node.named_children


def type_spec(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read the declaration of a type; a struct is a class."""
    name, kind = node.child_by_field_name("name"), node.child_by_field_name("type")
    if name is None:
        return
    walk.bind(walk.source.text(name))
    entity = context.entity
    if kind is not None and kind.type == "struct_type":
        members, bases = _fields(walk, kind)
        definition = Definition(
            "class",
            walk.source.text(name),
            walk.source.place(name),
            walk.source.place(node),
            entity,
            bases=bases,
            members=members,
            documented=walk.is_documented(node),
        )
        entity = walk.draft.define(definition, context)
    inside = Context(context.scope, entity, context.where, context.wrapper)
    walk.open()
    parts = [(child, inside, "annotation") for child in node.named_children if child != name]
    walk.push([*parts, (node, inside, "close")])


def _fields(walk: Walk, struct: "Node") -> tuple[tuple[str, ...], tuple[Base, ...]]:
    """Return a struct's fields, and the types that it embeds."""
    members: dict[str, None] = {}
    bases = []
    for fields in struct.named_children:
        for field in fields.named_children:
            if field.type != "field_declaration":
                continue
            names = field.children_by_field_name("name")
            kind = field.child_by_field_name("type")
            for name in names:
                members[walk.source.text(name)] = None
            if not names and kind is not None:
                chain = type_chain(walk, kind)
                members[chain[-1]] = None
                bases.append(base_of(walk, chain, kind))
    return tuple(members), tuple(bases)


def field(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read a field of a struct; one without a name is a base."""
    kind = node.child_by_field_name("type")
    role = "annotation" if node.child_by_field_name("name") is not None else "base"
    walk.push([(kind, context, role)])
