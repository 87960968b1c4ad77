"""How each kind of node of TypeScript and JavaScript is read: one table."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bylaw.facts.bindings import LOCAL, PARAMETER, Wrapper, below
from bylaw.facts.draft import TRY, Context, ImportSight
from bylaw.facts.model import Import, Role, Where
from bylaw.facts.script_chains import chain, name
from bylaw.facts.script_entities import (
    class_,
    comment,
    decorator,
    function,
    heritage,
    parameters,
    program,
)
from bylaw.facts.script_modules import (
    assignment,
    export_statement,
    import_statement,
    variable,
)
from bylaw.facts.script_values import name_of, plain_children
from bylaw.facts.script_walk import Walk
from bylaw.facts.walk import Step, skip

if TYPE_CHECKING:
    from tree_sitter import Node


def block(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read what has a scope of its own."""
    walk.push_all(node.named_children, walk.inner(context))


def declaration(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `var`, which binds in the whole function, and `let`, `const` and `using`."""
    scope = context.scope
    if node.type == "variable_declaration":
        scope = scope.home
    # What is pushed last is read first.
    for child in reversed(node.named_children):
        if child.type == "variable_declarator":
            variable(walk, child, context, scope)
        else:
            walk.push([(child, context, "read")])


def update(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `x++`."""
    walk.push([(node.child_by_field_name("argument"), context, "write")])


def unary(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `delete x`, which writes, and the operators that read."""
    operator = node.child_by_field_name("operator")
    writes = operator is not None and operator.type == "delete"
    walk.push_all(node.named_children, context, "write" if writes else "read")


def loop_over(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `for (const x of y)`."""
    inside = walk.inner(context)
    left, kind = node.child_by_field_name("left"), node.child_by_field_name("kind")
    others = [child for child in node.named_children if child != left]
    walk.push_all(others, inside)
    if kind is None:
        walk.push([(left, context, "write")])
    else:
        scope = context.scope.home if kind.type == "var" else inside.scope
        walk.declare(left, inside, scope, LOCAL)


def attempt(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `try`: its body stands in it, its handlers do not."""
    body = node.child_by_field_name("body")
    scope, entity, where, outer = context
    guarded = Context(scope, entity, where, Wrapper(TRY, scope, outer))
    walk.push((c, guarded if c == body else context, "read") for c in node.named_children)


def catch_clause(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `catch (e)`."""
    inside = walk.inner(context)
    pattern = node.child_by_field_name("parameter")
    walk.draft.catches.append(((), walk.source.place(node), context))
    walk.push_all((child for child in node.named_children if child != pattern), inside)
    walk.declare(pattern, inside, inside.scope, LOCAL)


def field(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read a field of a class; what it holds is no member."""
    key = node.child_by_field_name("name") or node.child_by_field_name("property")
    given = [child for child in node.named_children if child != key]
    if key is not None and key.type == "computed_property_name":
        given.insert(0, key)
    walk.push_all(given, context)


# --- types -------------------------------------------------------------------------------------


def types(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read types."""
    walk.push_all(node.named_children, context, "annotation")


def type_name(walk: Walk, node: "Node", context: Context, role: str) -> None:
    """Read the name of a type."""
    if node.start_byte in walk.source.modules:
        type_path(walk, node, context, role)
    else:
        name(walk, node, context, "base" if role == "base" else "annotation")


def type_path(walk: Walk, node: "Node", context: Context, role: str) -> None:
    """Read `a.b.C`."""
    parts = tuple(part.strip() for part in walk.source.text(node).split("."))
    place = walk.source.place(node)
    kind: Role = "base" if role == "base" else "annotation"
    module = walk.source.modules.get(node.start_byte)
    if module is None:
        walk.draft.use(parts, kind, place, context)
        return
    where = context.where | Where.TYPE_CHECKING
    found = Import(module, module, "qualified", place, where, (), None, "*")
    walk.draft.imports.append(ImportSight(found, context.wrapper))
    named = below(module, *parts[1:])
    walk.draft.use(("import", "()", *parts[1:]), kind, place, context, named)


def generic(walk: Walk, node: "Node", context: Context, role: str) -> None:
    """Read `A<B>`."""
    base = node.child_by_field_name("name")
    walk.push((c, context, role if c == base else "annotation") for c in node.named_children)


def type_parameter(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `<T extends A = B>`."""
    own = node.child_by_field_name("name") or node.named_children[0]
    context.scope.bind(name_of(walk.source, own), PARAMETER)
    walk.push_all((c for c in node.named_children if c != own), context, "annotation")


def type_declaration(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read an interface, a type's other name, or an enumeration."""
    own = node.child_by_field_name("name")
    if own is not None:
        context.scope.bind(name_of(walk.source, own), LOCAL)
    inside = walk.inner(context)
    role = "read" if node.type == "enum_declaration" else "annotation"
    walk.push_all((c for c in node.named_children if c != own), inside, role)


def index_signature(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `[key: string]: A`; the key's name means nothing."""
    own = node.child_by_field_name("name")
    walk.push_all((c for c in node.named_children if c != own), context, "annotation")


def labelled_type(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read a part of a tuple's type that has a name."""
    own = node.child_by_field_name("pattern") or node.child_by_field_name("name")
    walk.push_all((c for c in node.named_children if c != own), context, "annotation")


def namespace(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `namespace N {}` and `module "m" {}`."""
    own = node.child_by_field_name("name")
    if own is not None and own.type != "string":
        context.scope.bind(walk.source.text(own).partition(".")[0].strip(), LOCAL)
    inside = walk.inner(context, block=False)
    body = node.child_by_field_name("body")
    walk.push_all(body.named_children if body is not None else (), inside)


def ambient(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `declare …`: what it declares is elsewhere, so its names stay free."""
    walk.push_all(node.named_children, walk.inner(context, block=False))


def import_alias(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `import A = N.B`."""
    own, *others = node.named_children
    context.scope.bind(name_of(walk.source, own), LOCAL)
    walk.push_all(others, context)


# --- elements ----------------------------------------------------------------------------------


def element(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read the start of a JSX element: `<Foo/>` refers to `Foo`, `<div/>` to nothing."""
    own = node.child_by_field_name("name")
    others = [child for child in node.named_children if child != own]
    if own is not None and own.type == "identifier":
        text = walk.source.text(own)
        own = None if text[:1].islower() or "-" in text else own
    if own is not None and own.type == "jsx_namespace_name":
        own = None
    walk.push([(own, context, "read"), *((child, context, "read") for child in others)])


def attribute(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read an attribute of a JSX element: its value."""
    walk.push_all(plain_children(node)[1:], context)


STEPS: Mapping[str, Step] = {
    "program": program,
    "comment": comment,
    # names and chains
    "identifier": name,
    "shorthand_property_identifier": name,
    "shorthand_property_identifier_pattern": name,
    "member_expression": chain,
    "subscript_expression": chain,
    "call_expression": chain,
    "new_expression": chain,
    "await_expression": chain,
    "update_expression": update,
    "unary_expression": unary,
    "assignment_expression": assignment,
    "augmented_assignment_expression": assignment,
    # statements
    "import_statement": import_statement,
    "export_statement": export_statement,
    "lexical_declaration": declaration,
    "variable_declaration": declaration,
    "using_declaration": declaration,
    "statement_block": block,
    "for_statement": block,
    "switch_body": block,
    "class_static_block": block,
    "for_in_statement": loop_over,
    "try_statement": attempt,
    "catch_clause": catch_clause,
    # functions and classes
    "function_declaration": function,
    "generator_function_declaration": function,
    "function_expression": function,
    "generator_function": function,
    "arrow_function": function,
    "method_definition": function,
    "abstract_method_signature": function,
    "function_signature": function,
    "method_signature": function,
    "call_signature": function,
    "construct_signature": function,
    "function_type": function,
    "constructor_type": function,
    "formal_parameters": parameters,
    "class_declaration": class_,
    "abstract_class_declaration": class_,
    "class": class_,
    "public_field_definition": field,
    "field_definition": field,
    "property_signature": field,
    "decorator": decorator,
    "class_heritage": heritage,
    "extends_clause": heritage,
    "implements_clause": heritage,
    "extends_type_clause": heritage,
    # types
    "type_annotation": types,
    "type_predicate_annotation": types,
    "asserts_annotation": types,
    "type_arguments": types,
    "type_identifier": type_name,
    "nested_type_identifier": type_path,
    "nested_identifier": type_path,
    "generic_type": generic,
    "type_parameter": type_parameter,
    "infer_type": type_parameter,
    "mapped_type_clause": type_parameter,
    "interface_declaration": type_declaration,
    "type_alias_declaration": type_declaration,
    "enum_declaration": type_declaration,
    "index_signature": index_signature,
    "required_parameter": labelled_type,
    "optional_parameter": labelled_type,
    "internal_module": namespace,
    "module": namespace,
    "ambient_declaration": ambient,
    "import_alias": import_alias,
    # elements
    "jsx_opening_element": element,
    "jsx_self_closing_element": element,
    "jsx_closing_element": skip,
    "jsx_attribute": attribute,
    # leaves
    **dict.fromkeys(
        (
            "string",
            "number",
            "regex",
            "true",
            "false",
            "null",
            "undefined",
            "this",
            "super",
            "property_identifier",
            "private_property_identifier",
            "predefined_type",
            "string_fragment",
            "escape_sequence",
            "jsx_text",
            "statement_identifier",
            "optional_chain",
            "import_attribute",
        ),
        skip,
    ),
}
