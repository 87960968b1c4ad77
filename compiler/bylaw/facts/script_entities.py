"""Functions, methods and classes in TypeScript and JavaScript."""

from typing import TYPE_CHECKING, Literal

from bylaw.facts.bindings import LOCAL, PARAMETER
from bylaw.facts.draft import Context, Named
from bylaw.facts.model import Definition, Where
from bylaw.facts.script_chains import written
from bylaw.facts.script_values import (
    arguments_of,
    key_of,
    name_of,
    plain_children,
    value_of,
)
from bylaw.facts.script_walk import Walk

if TYPE_CHECKING:
    from tree_sitter import Node

_SPACE = frozenset(b" \t\n\f\v;")

Kind = Literal["class", "function", "method"]


def comment(walk: Walk, node: "Node", *_: object) -> None:
    """Remember where a doc comment ends."""
    if walk.source.data.startswith(b"/**", node.start_byte) and node.end_byte > node.start_byte + 4:
        walk.documents.add(node.end_byte)


def is_documented(walk: Walk, *starts: "Node") -> bool:
    """Tell whether a doc comment stands right before a definition."""
    for start in starts:
        at = start.start_byte
        while at > 0 and walk.source.data[at - 1] in _SPACE:
            at -= 1
        if at in walk.documents:
            return True
    return False


def program(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read the whole file; its own doc comment is the first, if it is not that of what follows."""
    parts = [child for child in node.named_children if child.type != "hash_bang_line"]
    walk.push_all(parts, context)
    if not parts or parts[0].type != "comment":
        return
    text = walk.source.text(parts[0])
    if not text.startswith("/**") or len(text) < 5:
        return
    told = any(word in text for word in ("@file", "@module", "@packageDocumentation", "@overview"))
    follows = parts[1] if len(parts) > 1 else None
    apart = follows is None or follows.type in ("comment", "import_statement")
    blank = follows is not None and follows.start_point[0] > parts[0].end_point[0] + 1
    walk.draft.documented = told or apart or blank


# --- functions ---------------------------------------------------------------------------------


def function(walk: Walk, node: "Node", context: Context, role: str) -> None:
    """Read a function, a method, a lambda, or a type or signature of one."""
    kind = node.type
    name = node.child_by_field_name("name")
    entity = context.entity
    decorators = walk.decorators.pop(node.id, [])
    decorators += [child for child in node.named_children if child.type == "decorator"]
    if kind in ("function_declaration", "generator_function_declaration") and name is not None:
        context.scope.bind(name_of(walk.source, name), LOCAL)
        entity = _define(walk, node, name, context, decorators, kind="function")
    elif kind in ("method_definition", "abstract_method_signature") and name is not None:
        # That of an object stands outside of a class body, so it is a function.
        of_class: Kind = "method" if role == "member" else "function"
        entity = _define(walk, node, name, context, decorators, kind=of_class)
    elif kind == "function_signature" and name is not None:
        context.scope.bind(name_of(walk.source, name), LOCAL)
    outside = Context(context.scope, entity, context.where, context.wrapper)
    where = context.where | Where.FUNCTION
    scope = walk.draft.scopes.open(context.scope)
    inside = Context(scope, entity, where, context.wrapper)
    if kind in ("function_expression", "generator_function") and name is not None:
        scope.bind(name_of(walk.source, name), LOCAL)
    walk.push_all(decorators, outside)
    parts: list[tuple[Node | None, Context, str]] = []
    if name is not None and name.type == "computed_property_name":
        parts.append((name, outside, "read"))
    for child in node.named_children:
        if child.type == "decorator" or child == name:
            continue
        if child.type == "statement_block":
            parts += [(one, inside, "read") for one in child.named_children]
        elif child.type == "identifier" and kind == "arrow_function" and not _is_body(node, child):
            scope.bind(name_of(walk.source, child), PARAMETER)
        else:
            parts.append((child, inside, "annotation" if role == "annotation" else "read"))
    walk.push(parts)


def _is_body(node: "Node", child: "Node") -> bool:
    body = node.child_by_field_name("body")
    return body is not None and body == child


def parameters(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read parameters: their names are the function's own."""
    for parameter in node.named_children:
        pattern = parameter
        if parameter.type in ("required_parameter", "optional_parameter"):
            found = parameter.child_by_field_name("pattern")
            walk.push_all((c for c in parameter.named_children if c != found), context)
            if found is None or found.type == "this":
                continue
            pattern = found
        walk.declare(pattern, context, context.scope, PARAMETER)


def _unannotated(walk: Walk, node: "Node") -> tuple[str, ...]:
    """Return the parameters without a type, and `return`; there is none to say of a constructor."""
    found: list[str] = []
    given = node.child_by_field_name("parameters")
    for parameter in plain_children(given) if given is not None else ():
        if parameter.child_by_field_name("type") is None:
            pattern = parameter.child_by_field_name("pattern") or parameter
            if pattern.type != "this":
                found.append(_shown(walk, pattern))
    kinds = {child.type for child in node.children}
    name = node.child_by_field_name("name")
    made = name is not None and walk.source.text(name) == "constructor"
    if node.child_by_field_name("return_type") is None and not made and "set" not in kinds:
        found.append("return")
    return tuple(found)


def _shown(walk: Walk, pattern: "Node") -> str:
    while pattern.type in ("rest_pattern", "assignment_pattern") and pattern.named_children:
        pattern = pattern.named_children[0]
    return " ".join(name_of(walk.source, pattern).split())


# --- definitions -------------------------------------------------------------------------------


def _define(
    walk: Walk,
    node: "Node",
    name: "Node | str",
    context: Context,
    decorators: "list[Node]",
    *,
    kind: Kind,
) -> int:
    """Note a definition; return its index."""
    source = walk.source
    start = walk.starts.get(node.id, node)
    if decorators and decorators[0].start_byte < start.start_byte:
        start = decorators[0]
    if isinstance(name, str):
        text, place = name, source.place(node)
    else:
        text, place = key_of(source, name) or source.text(name), source.place(name)
    index = walk.draft.define(
        Definition(
            kind,
            text,
            place,
            source.between(start, node),
            context.entity,
            members=_members(walk, node) if kind == "class" else (),
            documented=is_documented(walk, start, node, _undecorated(walk, node)),
            unannotated=_unannotated(walk, node) if kind != "class" else (),
        ),
        context,
    )
    outline = walk.draft.outlines[index]
    outline.decorators += [_decorator(walk, decorator) for decorator in decorators]
    if kind == "class":
        outline.bases += _bases(walk, node)
    return index


def _undecorated(walk: Walk, node: "Node") -> "Node":
    """Return where a definition starts behind its decorators, and read comments among them."""
    for child in node.named_children:
        if child.type == "comment":
            comment(walk, child)
    others = (c for c in node.children if c.type not in ("decorator", "comment"))
    return next(others, node)


def _decorator(walk: Walk, node: "Node") -> Named:
    """Return a decorator, without what calls it."""
    expression = plain_children(node)[0] if node.named_child_count else node
    chain, last = written(walk, expression)
    values: tuple[str | None, ...] = ()
    if chain[-1] != "()":
        return Named(chain, walk.source.place(node))
    given = last.child_by_field_name("arguments")
    if given is not None and given.type == "arguments":
        values = tuple(value_of(walk.source, one) for one in plain_children(given))
    return Named(chain[:-1], walk.source.place(node), values, arguments_of(walk.source, given)[1])


def _bases(walk: Walk, node: "Node") -> list[Named]:
    """Return what a class extends and implements, in order."""
    found: list[Named] = []
    for heritage in (child for child in node.named_children if child.type == "class_heritage"):
        for clause in plain_children(heritage):
            if clause.type == "extends_clause":
                bases = clause.children_by_field_name("value")
            elif clause.type == "implements_clause":
                bases = plain_children(clause)
            else:
                bases = [clause]
            found += [Named(_type_chain(walk, base), walk.source.place(base)) for base in bases]
    return found


def _type_chain(walk: Walk, node: "Node") -> tuple[str, ...]:
    """Return the chain of a base, without its type arguments."""
    if node.type == "generic_type":
        node = node.child_by_field_name("name") or node
    if node.type == "type_identifier":
        return (name_of(walk.source, node),)
    if node.type in ("nested_type_identifier", "nested_identifier"):
        return tuple(part.strip() for part in walk.source.text(node).split("."))
    return written(walk, node)[0]


def _members(walk: Walk, node: "Node") -> tuple[str, ...]:
    """Return the names of a class's fields and methods, in order, each once."""
    found: dict[str, None] = {}
    body = node.child_by_field_name("body")
    for child in body.named_children if body is not None else ():
        key = child.child_by_field_name("name") or child.child_by_field_name("property")
        name = key_of(walk.source, key)
        if name is not None:
            found[name] = None
        given = child.child_by_field_name("parameters") if name == "constructor" else None
        for parameter in given.named_children if given is not None else ():
            if any(c.type in ("accessibility_modifier", "readonly") for c in parameter.children):
                pattern = parameter.child_by_field_name("pattern")
                if pattern is not None:
                    found[name_of(walk.source, pattern)] = None
    return tuple(found)


def class_(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read a class: a declaration, or an expression that has a name or is given one."""
    name = node.child_by_field_name("name")
    declared = node.type != "class"
    given = walk.given.get(node.id)
    default = node.id in walk.starts
    decorators = walk.decorators.pop(node.id, [])
    decorators += [child for child in node.named_children if child.type == "decorator"]
    if declared and name is not None:
        context.scope.bind(name_of(walk.source, name), LOCAL)
    entity = context.entity
    if name is not None:
        entity = _define(walk, node, name, context, decorators, kind="class")
    elif given is not None or default:
        entity = _define(walk, node, given or "", context, decorators, kind="class")
    outside = Context(context.scope, entity, context.where, context.wrapper)
    inside = walk.inner(outside)
    if not declared and name is not None:
        inside.scope.bind(name_of(walk.source, name), LOCAL)
    parts: list[tuple[Node | None, Context, str]] = [(d, outside, "read") for d in decorators]
    for child in node.named_children:
        if child.type == "class_body":
            parts += _body(walk, child, inside)
        elif child.type != "decorator" and child != name:
            parts.append((child, inside, "read"))
    walk.push(parts)


def _body(walk: Walk, body: "Node", context: Context) -> "list[tuple[Node | None, Context, str]]":
    """Return the members of a class; decorators go to the member that follows them."""
    parts: list[tuple[Node | None, Context, str]] = []
    waiting: list[Node] = []
    for child in body.named_children:
        if child.type == "decorator":
            waiting.append(child)
        elif child.type == "comment":
            parts.append((child, context, "read"))
        else:
            if child.type in ("method_definition", "abstract_method_signature"):
                walk.decorators[child.id] = waiting
            else:
                parts += [(decorator, context, "read") for decorator in waiting]
            waiting = []
            parts.append((child, context, "member"))
    return [*parts, *((decorator, context, "read") for decorator in waiting)]


def decorator(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read a decorator."""
    walk.push_all(node.named_children, context, "decorator")


def heritage(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read what a class or an interface extends."""
    for child in node.named_children:
        role = "annotation" if child.type == "type_arguments" else "base"
        walk.push([(child, context, role)])
