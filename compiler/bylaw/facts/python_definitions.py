"""Definitions in Python: classes, functions, methods, lambdas, and their parameters."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bylaw.facts.model import Argument, Role, Where
from bylaw.facts.python_chains import UNNAMED, bare, read_arguments, spelled
from bylaw.facts.python_kinds import IDENTIFIER, NAMES, TYPE, number
from bylaw.facts.python_literals import literal
from bylaw.facts.python_scopes import Context, Scope
from bylaw.facts.python_walk import Outline, SeenName, Sort, Walk, children

if TYPE_CHECKING:
    from tree_sitter import Node

    from bylaw.facts.python_walk import Item

_OWN = ("self", "cls")
_BARE = {number(f"{kind}_pattern") for kind in ("list_splat", "dictionary_splat", "tuple")}
_VALUED = {number(f"{kind}_parameter") for kind in ("default", "typed", "typed_default")}
_NOT_POSITIONAL = ("keyword_argument", "list_splat", "dictionary_splat")
_NO_DOCSTRING = frozenset("bft")


def decorated(walk: Walk, node: "Node") -> None:
    """Walk a definition with what decorates it."""
    parts = children(node)
    definition = parts[-1] if parts else None
    if definition is None or definition.type not in _DEFINE:
        walk.push([*parts])
        return
    decorators = [part for part in parts if part.type == "decorator"]
    _DEFINE[definition.type](walk, definition, node, decorators)


def class_definition(walk: Walk, node: "Node") -> None:
    """Walk a class without decorators."""
    _class(walk, node, node, [])


def function_definition(walk: Walk, node: "Node") -> None:
    """Walk a function or method without decorators."""
    _function(walk, node, node, [])


def _class(walk: Walk, node: "Node", whole: "Node", decorators: "list[Node]") -> None:
    outer = walk.context
    outline, head = _begin(walk, node, whole, "class")
    items = _decorate(walk, outline, head, decorators)
    types, declared = _type_parameters(walk, node, head)
    items += declared
    outline.own = walk.open("class", types.scope)
    within = Context(outline.own, head.entity, outer.where, outer.wrapper)
    bases = node.child_by_field_name("superclasses")
    if bases is not None:
        items += _bases(walk, outline, bases, types)
    items += _body(outline, node, within)
    walk.push([*items, outer])


def _bases(walk: Walk, outline: Outline, node: "Node", types: Context) -> "list[Item]":
    """Note a class's bases; what their type arguments use is no base."""
    base = _in_role(types, "base")
    items: list[Item] = []
    for child in children(node):
        if child.type in _NOT_POSITIONAL:
            items += [types, child]
            if child.type == "list_splat":
                outline.bases.append(SeenName(UNNAMED, child.start_byte, child.end_byte))
            continue
        named = bare(child)
        inside: list[Node] = []
        while named.type == "subscript" and named.named_children:
            inside = named.named_children[1:] + inside
            named = bare(named.named_children[0])
        chain = spelled(walk, named)
        outline.bases.append(SeenName(chain, named.start_byte, named.end_byte))
        items += [base, named, types, *inside]
    return items


def _in_role(context: Context, role: Role) -> Context:
    return Context(context.scope, context.entity, context.where, context.wrapper, role)


def _begin(walk: Walk, node: "Node", whole: "Node", kind: Sort) -> tuple[Outline, Context]:
    """Bind a definition's name and note it; return it, and the context of its head."""
    outer = walk.context
    name = node.child_by_field_name("name")
    at = name if name is not None else node
    text = walk.name(name) if name is not None else ""
    walk.bind(text, node.end_byte)
    outline = Outline(
        kind,
        text,
        (at.start_byte, at.end_byte),
        (whole.start_byte, whole.end_byte),
        outer,
    )
    walk.outlines.append(outline)
    return outline, Context(outer.scope, len(walk.outlines) - 1, outer.where, outer.wrapper)


def _decorate(
    walk: Walk, outline: Outline, head: Context, decorators: "list[Node]"
) -> "list[Item]":
    items: list[Item] = []
    for decorator in decorators:
        parts = children(decorator)
        if not parts:
            continue
        expression = bare(parts[-1])
        callee = expression
        values: tuple[str | None, ...] = ()
        named: tuple[Argument, ...] = ()
        if expression.type == "call" and expression.named_children:
            callee = expression.named_children[0]
            arguments = expression.named_children[-1]
            (_, named, *_), _, _ = read_arguments(walk, arguments)
            values = tuple([literal(v, walk.data) for v in _positional(arguments)])
        chain = spelled(walk, callee)
        place = expression.start_byte, expression.end_byte
        outline.decorators.append(SeenName(chain, *place, values, named))
        items.append(expression)
    return [_in_role(head, "decorator"), *items, head] if items else []


def _positional(arguments: "Node") -> "list[Node]":
    return [child for child in children(arguments) if child.type not in _NOT_POSITIONAL]


def _type_parameters(walk: Walk, node: "Node", head: Context) -> "tuple[Context, list[Item]]":
    """Open the scope of a definition's type parameters, if it has any."""
    parameters = node.child_by_field_name("type_parameters")
    if parameters is None:
        return head, [head]
    scope = walk.open("types", head.scope)
    types = Context(scope, head.entity, head.where, head.wrapper)
    return types, [*type_names(walk, parameters, types), types]


def type_names(walk: Walk, parameters: "Node", types: Context) -> "list[Item]":
    """Bind type parameters; return their bounds, which are to be walked."""
    items: list[Item] = [_in_role(types, "annotation")]
    for parameter in children(parameters):
        bounds: list[Node] = []
        at = parameter
        while at.type != "identifier":
            inner = children(at)
            if not inner:
                break
            at, bounds = inner[0], inner[1:] + bounds
        if at.type == "identifier":
            types.scope.bind(walk.name(at), at.start_byte)
        items += bounds
    return items


def type_alias(walk: Walk, node: "Node") -> None:
    """Bind the name of `type X[T] = …`."""
    outer = walk.context
    parts = children(node)
    named = children(parts[0]) if parts else []
    if named and named[0].type == "generic_type":
        named = children(named[0])
    if not named or named[0].type != "identifier":
        _no_alias(walk, node)
        return
    walk.bind(walk.name(named[0]), node.end_byte)
    scope = walk.open("types", outer.scope)
    types = Context(scope, outer.entity, outer.where, outer.wrapper)
    items: list[Item] = []
    for parameters in named[1:]:
        items += type_names(walk, parameters, types)
    walk.push([*items, types, *parts[1:], outer])


def _no_alias(walk: Walk, node: "Node") -> None:
    """Walk `type(x).y = z`, which the grammar takes for an alias.

    It starts with a call or subscript of `type`, and then come attributes, subscripts and calls.
    """
    parts = children(node)
    links: list[Node] = []
    at = node
    while at.named_children and at.type not in ("parenthesized_expression", "tuple", "list"):
        links.append(at)
        at = at.named_children[0]
    start = node.start_byte
    given = children(at)
    if at.type == "list":
        walk.uses.append((start, start + len("type"), ("type",), "read", walk.context, None))
    else:
        seen = (start, at.end_byte, len(given), (), False, False, None)
        walk.uses.append((start, start + len("type"), ("type",), "call", walk.context, seen))
    chain = ["type", "[]" if at.type == "list" else "()"]
    items: list[Item] = [*given]
    for link in reversed(links):
        if link.type == "attribute":
            chain.append(walk.name(link.named_children[-1]))
            end = link.end_byte
            walk.uses.append((start, end, tuple(chain), "write", walk.context, None))
        elif link is not node:
            items += link.named_children[1:]
            chain.append("[]")
    for part in parts[1:]:
        items += part.named_children if part.kind_id == TYPE else [part]
    walk.push(items)


def annotation(walk: Walk, node: "Node") -> None:
    """Walk an annotation; a string in it is no code."""
    outer = walk.context
    inner = node.named_children
    if len(inner) == 1 and inner[0].kind_id in NAMES:
        chain = walk.chain(inner[0])
        if chain is not None:
            walk.use(inner[0], chain, "annotation")
            return
    if outer.role == "annotation":
        walk.push([*inner])
        return
    walk.push([_in_role(outer, "annotation"), *inner, outer])


def _function(walk: Walk, node: "Node", whole: "Node", decorators: "list[Node]") -> None:
    outer = walk.context
    kind: Sort = "method" if outer.scope.kind == "class" else "function"
    outline, head = _begin(walk, node, whole, kind)
    items = _decorate(walk, outline, head, decorators)
    types, declared = _type_parameters(walk, node, head)
    items += declared
    scope = walk.open("function", types.scope)
    parameters = node.child_by_field_name("parameters")
    if parameters is not None:
        items += _parameters(walk, parameters, scope, outline.unannotated)
    result = node.child_by_field_name("return_type")
    if result is not None:
        items.append(result)
    else:
        outline.unannotated.append("return")
    within = Context(scope, head.entity, outer.where | Where.FUNCTION, outer.wrapper)
    items += _body(outline, node, within)
    walk.push([*items, outer])


def _parameters(
    walk: Walk, node: "Node", scope: Scope, unannotated: list[str] | None
) -> "list[Item]":
    """Bind parameters; return their annotations and defaults, which are to be walked."""
    items: list[Item] = []
    for parameter in node.named_children:
        kind = parameter.kind_id
        if kind == IDENTIFIER:
            name = walk.name(parameter)
            scope.bind(name, 0)
            if unannotated is not None and name not in _OWN:
                unannotated.append(name)
            continue
        if kind in _VALUED:
            bound, *rest = children(parameter)
        elif kind in _BARE:
            bound, rest = parameter, []
        else:
            continue
        items += rest
        _bind_parameter(walk, bound, scope)
        if unannotated is not None and not any(part.kind_id == TYPE for part in rest):
            text = walk.text(bound).lstrip("* \t")
            if text not in _OWN:
                unannotated.append(text)
    return items


def _bind_parameter(walk: Walk, node: "Node", scope: Scope) -> None:
    waiting = [node]
    while waiting:
        at = waiting.pop()
        if at.kind_id == IDENTIFIER:
            scope.bind(walk.name(at), 0)
        else:
            waiting.extend(at.named_children)


def lambda_expression(walk: Walk, node: "Node") -> None:
    """Walk a lambda, whose body is a function's."""
    outer = walk.context
    scope = walk.open("function", outer.scope)
    parts = children(node)
    items: list[Item] = []
    if parts and parts[0].type == "lambda_parameters":
        items += _parameters(walk, parts.pop(0), scope, None)
    where = outer.where | Where.FUNCTION
    walk.push([*items, Context(scope, outer.entity, where, outer.wrapper), *parts, outer])


# --- bodies ------------------------------------------------------------------------------------


def _body(outline: Outline, node: "Node", within: Context) -> "list[Item]":
    body = node.child_by_field_name("body")
    if body is None:
        return []
    outline.documented = has_docstring(body)
    return [within, body]


def has_docstring(block: "Node") -> bool:
    """Tell whether the first statement of a block or module is a string."""
    statements = children(block)
    if not statements or statements[0].type != "expression_statement":
        return False
    parts = children(statements[0])
    if len(parts) != 1:
        return False
    value = bare(parts[0])
    strings = children(value) if value.type == "concatenated_string" else [value]
    return all(one.type == "string" and not _prefix(one) & _NO_DOCSTRING for one in strings)


def _prefix(node: "Node") -> frozenset[str]:
    start = node.named_children[0] if node.named_children else None
    text = (start.text or b"").decode() if start is not None else "b"
    return frozenset(text.strip("'\"").lower())


_DEFINE: dict[str, Callable[[Walk, "Node", "Node", "list[Node]"], None]] = {
    "class_definition": _class,
    "function_definition": _function,
}
