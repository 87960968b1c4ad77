"""Classes, methods and annotations in Java."""

from typing import TYPE_CHECKING, Literal

from bylaw.facts.draft import Context, Named
from bylaw.facts.java_chains import plain_children, type_chain, type_name, value_of
from bylaw.facts.java_walk import Walk
from bylaw.facts.model import Argument, Definition, Where

if TYPE_CHECKING:
    from tree_sitter import Node


def class_(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read a class or a record; interfaces and enumerations define no class of their own."""
    own = node.child_by_field_name("name")
    walk.bind(own, context.scope)
    entity = context.entity
    if own is not None and node.type in ("class_declaration", "record_declaration"):
        entity = _define(walk, node, "class", own, context)
        outline = walk.draft.outlines[entity]
        for child in node.named_children:
            if child.type in ("superclass", "super_interfaces"):
                outline.bases += _types(walk, child)
    outside = Context(context.scope, entity, context.where, context.wrapper)
    inside = walk.inner(outside, block=False)
    if own is not None:
        _bind_members(walk, node, inside)
    walk.push_all((c for c in node.named_children if c != own), inside)


def _types(walk: Walk, node: "Node") -> list[Named]:
    """Return the types that a clause names."""
    return [
        Named(type_chain(walk, one), walk.source.place(one))
        for child in plain_children(node)
        for one in (plain_children(child) if child.type == "type_list" else (child,))
    ]


def _define(
    walk: Walk,
    node: "Node",
    kind: Literal["class", "function", "method"],
    own: "Node",
    context: Context,
) -> int:
    source = walk.source
    definition = Definition(
        kind,
        source.text(own),
        source.place(own),
        source.place(node),
        context.entity,
        members=_members(walk, node) if kind == "class" else (),
        documented=walk.is_documented(node),
    )
    index = walk.draft.define(definition, context)
    walk.draft.outlines[index].decorators += _decorators(walk, node)
    return index


def _decorators(walk: Walk, node: "Node") -> list[Named]:
    """Return the annotations of a declaration."""
    found: list[Named] = []
    for modifiers in (c for c in node.named_children if c.type == "modifiers"):
        for child in modifiers.named_children:
            own = child.child_by_field_name("name")
            if own is None:
                continue
            values: list[str | None] = []
            named: list[Argument] = []
            for argument in plain_children(child.child_by_field_name("arguments")):
                if argument.type == "element_value_pair":
                    key = argument.child_by_field_name("key")
                    value = value_of(walk, argument.child_by_field_name("value"))
                    named.append(Argument(walk.source.text(key) if key is not None else "", value))
                else:
                    values.append(value_of(walk, argument))
            place = walk.source.place(child)
            found.append(Named(type_chain(walk, own), place, tuple(values), tuple(named)))
    return found


def _parts(node: "Node") -> "list[Node]":
    """Return what stands directly in the body of a type."""
    body = node.child_by_field_name("body") or node
    found: list[Node] = []
    for child in body.named_children:
        if child.type in ("enum_body_declarations", "class_body"):
            found += child.named_children
        else:
            found.append(child)
    return found


def _fields(node: "Node") -> "list[Node]":
    return [
        n for d in node.children_by_field_name("declarator") if (n := d.child_by_field_name("name"))
    ]


def _members(walk: Walk, node: "Node") -> tuple[str, ...]:
    """Return the names of fields, methods and a record's components, each once."""
    found: dict[str, None] = {}
    for component in plain_children(node.child_by_field_name("parameters")):
        own = component.child_by_field_name("name")
        if own is not None:
            found[walk.source.text(own)] = None
    for child in _parts(node):
        if child.type == "field_declaration":
            found.update((walk.source.text(one), None) for one in _fields(child))
        elif child.type == "method_declaration" and (own := child.child_by_field_name("name")):
            found[walk.source.text(own)] = None
    return tuple(found)


def _bind_members(walk: Walk, node: "Node", context: Context) -> None:
    """Bind the names of methods, so that calls without a receiver are known to be the file's."""
    for child in _parts(node):
        if child.type in ("method_declaration", "annotation_type_element_declaration"):
            walk.bind(child.child_by_field_name("name"), context.scope, method=True)


def class_body(walk: Walk, node: "Node", context: Context, role: str) -> None:
    """Read the body of a class: its methods are methods."""
    inside = context
    if role == "anonymous":
        inside = walk.inner(context, block=False)
        _bind_members(walk, node, inside)
    walk.push_all(node.named_children, inside, "member")


def method(walk: Walk, node: "Node", context: Context, role: str) -> None:
    """Read a method or a constructor."""
    own = node.child_by_field_name("name")
    entity = context.entity
    if own is not None and node.type == "method_declaration" and role in ("member", "read"):
        kind: Literal["function", "method"] = "method" if role == "member" else "function"
        if role == "read":
            walk.bind(own, context.scope, method=True)
        entity = _define(walk, node, kind, own, context)
    scope = walk.draft.scopes.open(context.scope)
    outside = Context(scope, entity, context.where, context.wrapper)
    inside = Context(scope, entity, context.where | Where.FUNCTION, context.wrapper)
    walk.push(
        (child, outside if child.type == "modifiers" else inside, "read")
        for child in node.named_children
        if child != own
    )


def interface_body(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read the body of an interface: what it declares are no methods."""
    walk.push_all(node.named_children, context, "declared")


def members(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read what an enumeration has besides its constants."""
    walk.push_all(node.named_children, context, "member")


def lambda_(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read a lambda."""
    scope = walk.draft.scopes.open(context.scope)
    inside = Context(scope, context.entity, context.where | Where.FUNCTION, context.wrapper)
    given = node.child_by_field_name("parameters")
    if given is not None and given.type == "identifier":
        walk.bind(given, scope)
    if given is not None and given.type == "inferred_parameters":
        for one in plain_children(given):
            walk.bind(one, scope)
    walk.push_all(
        (c for c in node.named_children if c != given or c.type == "formal_parameters"), inside
    )


def annotation(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `@A(b = c)`."""
    own = node.child_by_field_name("name")
    walk.push((c, context, "decorator" if c == own else "read") for c in node.named_children)


def scoped(walk: Walk, node: "Node", context: Context, role: str) -> None:
    """Read a name with dots outside of types: that of an annotation."""
    type_name(walk, node, context, role)
