"""How each kind of node of Go is read: one table."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from bylaw.facts.draft import Context, ImportSight
from bylaw.facts.go_chains import LINKS, chain, name, type_name
from bylaw.facts.go_definitions import field, function, type_spec
from bylaw.facts.go_walk import Walk, packages_of
from bylaw.facts.model import Import
from bylaw.facts.walk import Step, skip

if TYPE_CHECKING:
    from tree_sitter import Node


# --- the file ----------------------------------------------------------------------------------


def source_file(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read the whole file: what it binds at its top level is known everywhere in it."""
    imports: list[tuple[str, str | None]] = []
    for child in node.named_children:
        if child.type == "comment":
            walk.comment(child)
        elif child.type == "package_clause":
            walk.draft.documented = walk.is_documented(child)
        elif child.type == "import_declaration":
            for spec in _specs(child, "import_spec"):
                _import(walk, spec, context, imports)
        else:
            _names(walk, child)
    for path, alias in imports:
        if alias is None:
            walk.top.setdefault(packages_of(path)[0] if packages_of(path) else path, path)
    for path, alias in imports:
        for other in packages_of(path)[1:] if alias is None else ():
            walk.top.setdefault(other, path)
    walk.push_all(
        (c for c in node.named_children if c.type not in ("import_declaration", "package_clause")),
        context,
    )


def _specs(node: "Node", kind: str) -> "list[Node]":
    """Return the specifications of a declaration, with or without parentheses."""
    found: list[Node] = []
    for child in node.named_children:
        if child.type == kind:
            found.append(child)
        elif child.type.endswith("_list"):
            found += [spec for spec in child.named_children if spec.type == kind]
    return found


def _import(
    walk: Walk, spec: "Node", context: Context, imports: list[tuple[str, str | None]]
) -> None:
    path_node, name = spec.child_by_field_name("path"), spec.child_by_field_name("name")
    path = walk.source.text(path_node)[1:-1] if path_node is not None else ""
    if not path:
        return
    form: Literal["import", "wildcard"] = "import"
    bound: str | None = None
    if name is None:
        imports.append((path, None))
        bound = next(iter(packages_of(path)), None)
    elif name.type == "dot":
        form = "wildcard"
        walk.dotted.append(path)
    elif name.type != "blank_identifier":
        bound = walk.source.text(name)
        walk.top[bound] = path
    found = Import(path, path, form, walk.source.place(spec), context.where, (), bound)
    walk.draft.imports.append(ImportSight(found))


def _names(walk: Walk, node: "Node") -> None:
    """Note the names that a declaration at the top level binds."""
    if node.type == "function_declaration":
        named = [node.child_by_field_name("name")]
    elif node.type == "type_declaration":
        specs = _specs(node, "type_spec") + _specs(node, "type_alias")
        named = [spec.child_by_field_name("name") for spec in specs]
    elif node.type in ("var_declaration", "const_declaration"):
        specs = _specs(node, "var_spec") + _specs(node, "const_spec")
        named = [name for spec in specs for name in spec.children_by_field_name("name")]
    else:
        return
    for one in named:
        name = walk.source.text(one) if one is not None else "_"
        if name != "_":
            walk.draft.names[name] = None
            walk.top[name] = ""


def closing(read: Step) -> Step:
    """Return a step that closes the scope that it opened once all in it is read."""

    def step(walk: Walk, node: "Node", context: Context, role: str) -> None:
        if role == "close":
            walk.close()
        else:
            read(walk, node, context, role)

    return step


def block(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read what has a scope of its own."""
    walk.open()
    walk.push([*((c, context, "read") for c in node.named_children), (node, context, "close")])


def comment(walk: Walk, node: "Node", _context: Context, _role: str) -> None:
    """Remember a comment."""
    walk.comment(node)


# --- declarations within functions -------------------------------------------------------------


def parameter(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read parameters of one type."""
    for own in node.children_by_field_name("name"):
        walk.bind(walk.source.text(own))
    walk.push([(node.child_by_field_name("type"), context, "annotation")])


def variables(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `var a, b T = x`; the names count from behind it."""
    names = node.children_by_field_name("name")
    kind, value = node.child_by_field_name("type"), node.child_by_field_name("value")
    parts = [(kind, context, "annotation"), (value, context, "read")]
    walk.push([*parts, *((name, context, "bind") for name in names)])


def short(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `a, b := x` and the clauses that bind so; the names count from behind it."""
    left = node.child_by_field_name("left")
    right = node.child_by_field_name("right")
    binds = any(child.type == ":=" for child in node.children)
    others = [c for c in node.named_children if c not in (left, right)]
    if binds:
        walk.push(
            [
                *((c, context, "read") for c in others),
                (right, context, "read"),
                (left, context, "bind"),
            ]
        )
    else:
        walk.push(
            [
                (left, context, "write"),
                *((c, context, "read") for c in others),
                (right, context, "read"),
            ]
        )


def assigned(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `x++` and `x--`."""
    walk.push_all(node.named_children, context, "write")


def type_switch(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `switch x := y.(type)`."""
    alias = node.child_by_field_name("alias")
    walk.open()
    others = [(child, context, "read") for child in node.named_children if child != alias]
    first = next(
        (i for i, part in enumerate(others) if part[0].type.endswith("_case")), len(others)
    )
    parts = [*others[:first], (alias, context, "bind"), *others[first:]]
    walk.push([*parts, (node, context, "close")])


def case(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read a case, which has a scope of its own."""
    walk.open()
    kinds = node.children_by_field_name("type")
    parts = [(c, context, "annotation" if c in kinds else "read") for c in node.named_children]
    walk.push([*parts, (node, context, "close")])


# --- literals and types --------------------------------------------------------------------------


def composite(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `T{a: b}`; the keys of a struct's literal are no uses."""
    kind, body = node.child_by_field_name("type"), node.child_by_field_name("body")
    keyed = kind is not None and kind.type in ("map_type", "array_type", "slice_type")
    keyed = keyed or (kind is not None and kind.type == "implicit_length_array_type")
    walk.push([(kind, context, "annotation"), (body, context, "keyed" if keyed else "read")])


def element(walk: Walk, node: "Node", context: Context, role: str) -> None:
    """Read `key: value` in a literal."""
    key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
    plain = key is not None and key.named_child_count == 1
    if plain and role != "keyed" and key is not None and key.named_children[0].type == "identifier":
        key = None
    walk.push([(key, context, "read"), (value, context, "read")])


def plain_element(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read an element of a literal; the keys in it are of another literal."""
    walk.push_all(node.named_children, context)


def labelled(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read a statement with a label."""
    walk.push_all((c for c in node.named_children if c.type != "label_name"), context)


def method_element(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read a method of an interface, or the type of a function."""
    walk.open()
    own = node.child_by_field_name("name")
    parts = [(child, context, "annotation") for child in node.named_children if child != own]
    walk.push([*parts, (node, context, "close")])


def type_parameter(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read parameters of a type or function that are types."""
    for own in node.children_by_field_name("name"):
        walk.bind(walk.source.text(own))
    walk.push([(node.child_by_field_name("type"), context, "annotation")])


_BLOCKS = (
    "block",
    "if_statement",
    "for_statement",
    "expression_switch_statement",
    "select_statement",
)
_CASES = ("expression_case", "default_case", "type_case", "communication_case")

STEPS: Mapping[str, Step] = {
    "source_file": source_file,
    "comment": comment,
    **dict.fromkeys(_BLOCKS, closing(block)),
    **dict.fromkeys(_CASES, closing(case)),
    "type_switch_statement": closing(type_switch),
    "function_declaration": closing(function),
    "method_declaration": closing(function),
    "func_literal": closing(function),
    "function_type": closing(method_element),
    "method_elem": closing(method_element),
    "type_spec": closing(type_spec),
    "type_alias": closing(type_spec),
    "type_parameter_declaration": type_parameter,
    "field_declaration": field,
    "parameter_declaration": parameter,
    "variadic_parameter_declaration": parameter,
    "var_spec": variables,
    "const_spec": variables,
    "short_var_declaration": short,
    "range_clause": short,
    "receive_statement": short,
    "assignment_statement": short,
    "inc_statement": assigned,
    "dec_statement": assigned,
    "identifier": name,
    "type_identifier": type_name,
    "qualified_type": type_name,
    **dict.fromkeys(LINKS, chain),
    "composite_literal": composite,
    "keyed_element": element,
    "literal_element": plain_element,
    "labeled_statement": labelled,
    **dict.fromkeys(
        (
            "interpreted_string_literal",
            "raw_string_literal",
            "rune_literal",
            "int_literal",
            "float_literal",
            "imaginary_literal",
            "true",
            "false",
            "nil",
            "iota",
            "label_name",
            "field_identifier",
            "package_identifier",
            "blank_identifier",
            "empty_statement",
            "dot",
        ),
        skip,
    ),
}
