"""How each kind of node of Java is read: one table."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from bylaw.facts.bindings import Wrapper
from bylaw.facts.draft import TRY, Context, ImportSight, Named
from bylaw.facts.java_chains import (
    CHAINS,
    chain,
    creation,
    generic,
    name,
    plain_children,
    type_chain,
    type_name,
)
from bylaw.facts.java_definitions import (
    annotation,
    class_,
    class_body,
    interface_body,
    lambda_,
    members,
    method,
    scoped,
)
from bylaw.facts.java_walk import Walk
from bylaw.facts.model import Import
from bylaw.facts.walk import Step, skip

if TYPE_CHECKING:
    from tree_sitter import Node

_MODULE = re.compile(r"import\s+module\s+([\w.]+)\s*;")


# --- the file ----------------------------------------------------------------------------------


def program(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read the whole file."""
    first = next(iter(node.named_children), None)
    if first is not None and first.type == "block_comment":
        follows = next((c for c in node.named_children if not c.type.endswith("_comment")), None)
        doc = walk.source.text(first).startswith("/**")
        walk.draft.documented = doc and follows is not None and follows.type.startswith("package")
    for child in node.named_children:
        if child.type.endswith("_declaration") and (own := child.child_by_field_name("name")):
            walk.draft.names[walk.source.text(own)] = None
    walk.push_all((c for c in node.named_children if c.type != "package_declaration"), context)


def import_declaration(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `import a.B`, `import a.*`, `import static a.B.c` and `import module m`."""
    source, place = walk.source, walk.source.place(node)
    module_import = _MODULE.match(source.text(node))
    if module_import is not None:
        for child in [node, *node.named_children, *node.children]:
            walk.source.forgiven.update(c.start_byte for c in child.children if c.is_error)
        named = module_import[1]
        found = Import(named, named, "wildcard", place)
        walk.draft.imports.append(ImportSight(found))
        return
    path = next((c for c in plain_children(node) if c.type.endswith("identifier")), None)
    if path is None:
        return
    written = "".join(source.text(path).split())
    if not written:
        return
    static = any(child.type == "static" for child in node.children)
    if any(child.type == "asterisk" for child in node.named_children):
        walk.draft.imports.append(ImportSight(Import(written, written, "wildcard", place)))
        return
    module, _, last = written.rpartition(".")
    form: Literal["from", "import"] = "from" if static else "import"
    found = Import(written, module or written, form, place, 0, (), last)
    walk.draft.imports.append(ImportSight(found))
    context.scope.bind(last, written)
    if static:
        context.scope.bind(last + "()", written)


def comment(walk: Walk, node: "Node", _context: Context, _role: str) -> None:
    """Remember where a doc comment ends."""
    if walk.source.data.startswith(b"/**", node.start_byte) and node.end_byte > node.start_byte + 4:
        walk.documents.add(node.end_byte)


# --- statements --------------------------------------------------------------------------------


def block(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read what has a scope of its own."""
    walk.push_all(node.named_children, walk.inner(context))


def named(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read what binds one name here: a variable, a parameter, a pattern, a constant."""
    own = node.child_by_field_name("name")
    walk.bind(own, context.scope)
    walk.push_all((c for c in node.named_children if c != own), context)


def pattern(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `Foo foo` in a pattern: the last is the name."""
    parts = plain_children(node)
    if parts and parts[-1].type == "identifier" and len(parts) > 1:
        walk.bind(parts[-1], context.scope)
        parts = parts[:-1]
    walk.push_all(parts, context, "annotation")


def record_pattern(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `Point(int x, int y)`: its first name is a type's."""
    first, *rest = plain_children(node)
    chain_ = type_chain(walk, first)
    walk.draft.use(chain_, "annotation", walk.source.place(first), context)
    walk.push_all(rest, context)


def loop_over(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `for (A a : b)`."""
    inside = walk.inner(context)
    named(walk, node, inside, "read")


def attempt(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `try`: its body and resources stand in it, its handlers do not."""
    inside = walk.inner(context)
    scope, entity, where, outer = inside
    guarded = Context(scope, entity, where, Wrapper(TRY, scope, outer))
    walk.push(
        (c, guarded if c.type in ("block", "resource_specification") else context, "read")
        for c in node.named_children
    )


def catch_clause(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `catch (A | B e)`."""
    inside = walk.inner(context)
    parts: list[tuple[Node | None, Context, str]] = []
    caught: list[Named] = []
    for child in node.named_children:
        if child.type != "catch_formal_parameter":
            parts.append((child, inside, "read"))
            continue
        walk.bind(child.child_by_field_name("name"), inside.scope)
        for one in child.named_children:
            if one.type == "catch_type":
                kinds = plain_children(one)
                caught += [Named(type_chain(walk, k), walk.source.place(k)) for k in kinds]
                parts += [(kind, inside, "catch") for kind in kinds]
            elif one.type == "modifiers":
                parts.append((one, inside, "read"))
    walk.draft.catches.append((tuple(caught), walk.source.place(node), context))
    walk.push(parts)


def labelled(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read a statement with a label, or one that goes to it."""
    walk.push_all((c for c in node.named_children if c.type != "identifier"), context)


def assigned(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `a = b`."""
    left = node.child_by_field_name("left")
    walk.push((c, context, "write" if c == left else "read") for c in node.named_children)


def updated(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `a++`."""
    walk.push_all(node.named_children, context, "write")


def types(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read types."""
    walk.push_all(node.named_children, context, "annotation")


def bases(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read what a type extends and implements."""
    walk.push_all(node.named_children, context, "base")


def type_parameter(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `<T extends A>`."""
    parts = node.named_children
    own = next((c for c in parts if c.type in ("type_identifier", "identifier")), None)
    walk.bind(own, context.scope)
    walk.push_all((c for c in parts if c != own), context, "annotation")


def pair(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `a = b` in an annotation."""
    walk.push([(node.child_by_field_name("value"), context, "read")])


STEPS: Mapping[str, Step] = {
    "program": program,
    "import_declaration": import_declaration,
    "block_comment": comment,
    "line_comment": skip,
    "class_declaration": class_,
    "record_declaration": class_,
    "interface_declaration": class_,
    "enum_declaration": class_,
    "annotation_type_declaration": class_,
    "class_body": class_body,
    "enum_body_declarations": members,
    "interface_body": interface_body,
    "annotation_type_body": interface_body,
    "method_declaration": method,
    "constructor_declaration": method,
    "compact_constructor_declaration": method,
    "annotation_type_element_declaration": method,
    "lambda_expression": lambda_,
    "annotation": annotation,
    "marker_annotation": annotation,
    "element_value_pair": pair,
    # names and chains
    "identifier": name,
    "type_identifier": type_name,
    "scoped_type_identifier": type_name,
    "scoped_identifier": scoped,
    "generic_type": generic,
    "object_creation_expression": creation,
    **dict.fromkeys(CHAINS, chain),
    # statements
    "block": block,
    "switch_block_statement_group": block,
    "switch_rule": block,
    "for_statement": block,
    "enhanced_for_statement": loop_over,
    "try_statement": attempt,
    "try_with_resources_statement": attempt,
    "catch_clause": catch_clause,
    "variable_declarator": named,
    "formal_parameter": named,
    "resource": named,
    "enum_constant": named,
    "instanceof_expression": named,
    "type_pattern": pattern,
    "record_pattern_component": pattern,
    "record_pattern": record_pattern,
    "assignment_expression": assigned,
    "update_expression": updated,
    "labeled_statement": labelled,
    "break_statement": labelled,
    "continue_statement": labelled,
    # types
    "type_arguments": types,
    "throws": types,
    "class_literal": types,
    "superclass": bases,
    "super_interfaces": bases,
    "extends_interfaces": bases,
    "type_parameter": type_parameter,
    **dict.fromkeys(
        (
            "string_literal",
            "character_literal",
            "decimal_integer_literal",
            "hex_integer_literal",
            "octal_integer_literal",
            "binary_integer_literal",
            "decimal_floating_point_literal",
            "hex_floating_point_literal",
            "true",
            "false",
            "null_literal",
            "this",
            "super",
            "integral_type",
            "floating_point_type",
            "boolean_type",
            "void_type",
            "underscore_pattern",
            "package_declaration",
        ),
        skip,
    ),
}
