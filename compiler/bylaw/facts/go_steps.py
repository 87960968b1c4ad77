"""How each kind of node of Go is read: one table."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from bylaw.facts.bindings import LONGEST, Wrapper, cut
from bylaw.facts.draft import Chain, Context, ImportSight
from bylaw.facts.go_walk import Walk, base_of, packages_of
from bylaw.facts.model import Argument, Base, Definition, Import, Place, Role, Where
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
        for name in packages_of(path)[1:] if alias is None else ():
            walk.top.setdefault(name, path)
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


# --- definitions -------------------------------------------------------------------------------


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


def type_chain(walk: Walk, node: "Node") -> Chain:
    """Return the name of a type, without its arguments."""
    while node.type in ("generic_type", "pointer_type", "parenthesized_type"):
        inner = node.child_by_field_name("type") or node.named_children[0]
        node = inner
    return tuple(part.strip() for part in walk.source.text(node).split("."))


def field(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read a field of a struct; one without a name is a base."""
    kind = node.child_by_field_name("type")
    role = "annotation" if node.child_by_field_name("name") is not None else "base"
    walk.push([(kind, context, role)])


# --- declarations within functions -------------------------------------------------------------


def parameter(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read parameters of one type."""
    for name in node.children_by_field_name("name"):
        walk.bind(walk.source.text(name))
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


# --- names and chains --------------------------------------------------------------------------


def name(walk: Walk, node: "Node", context: Context, role: Role | str) -> None:
    """Read a name: one that is bound here, or a use."""
    text = walk.source.text(node)
    if role == "bind":
        walk.bind(text)
    elif text not in ("_", ""):
        walk.note((text,), "write" if role == "write" else "read", node, node, context)


def type_name(walk: Walk, node: "Node", context: Context, role: str) -> None:
    """Read the name of a type."""
    if node.start_byte == node.end_byte:
        return
    kept: Role = "base" if role == "base" else "annotation"
    walk.note(type_chain(walk, node), kept, node, node, context)


_INNER = {
    "selector_expression": "operand",
    "call_expression": "function",
    "index_expression": "operand",
    "slice_expression": "operand",
    "type_assertion_expression": "operand",
    "type_conversion_expression": "type",
}
"""Where a link of a chain has what it is a link of."""


def chain(walk: Walk, node: "Node", context: Context, role: Role | str) -> None:
    """Read a chain: `a.b(c)[d].e`."""
    links: list[Node] = []
    at = node
    while True:
        inner = at.child_by_field_name(_INNER[at.type]) if at.type in _INNER else None
        if at.type == "parenthesized_expression" and at.named_child_count == 1:
            inner = at.named_children[0]
        elif inner is not None:
            links.append(at)
        if inner is None:
            break
        at = inner
    links.reverse()
    kept: Role = "write" if role == "write" else "read"
    Reading(walk, at, links, context).read(kept)


class Reading:
    """One chain while it is read."""

    def __init__(self, walk: Walk, start: "Node", links: "list[Node]", context: Context) -> None:
        self.walk = walk
        self.start = start
        self.links = links
        self.context = context
        self.later: list[tuple[Node, Context, str]] = []
        self.parts: list[str] = [""]
        self.open = False
        if start.type == "identifier":
            self.parts = [walk.source.text(start)]
            self.open = True
        elif start.type in ("type_identifier", "qualified_type", "generic_type"):
            self.parts = list(type_chain(walk, start))
            self.open = True
            if start.type == "generic_type":
                self.later += [(c, context, "annotation") for c in start.named_children[1:]]
        elif links or start.type not in _INNER:
            self.later.append((start, context, "read"))

    def read(self, role: Role) -> None:
        """Note the chain's uses and calls, and push what is inside of it."""
        last = self.start
        for link in self.links:
            if link.type == "selector_expression":
                named = link.child_by_field_name("field")
                self.parts.append(self.walk.source.text(named) if named is not None else "")
                self.open = True
            elif link.type in ("call_expression", "type_conversion_expression"):
                self._call(link, last)
            else:
                if self.open:
                    self._note("read", last)
                self.parts.append("[]")
                self.open = False
                inner = link.child_by_field_name("operand")
                kind = "annotation" if link.type.startswith("type_") else "read"
                self.later += [(c, self.context, kind) for c in link.named_children if c != inner]
            last = link
        if self.open:
            self._note(role, last)
        self.walk.push(self.later)

    def _note(self, role: Role, last: "Node") -> None:
        self.walk.note(cut(self.parts), role, self.start, last, self.context)

    def _call(self, link: "Node", last: "Node") -> None:
        given = link.child_by_field_name("arguments")
        operand = link.child_by_field_name("operand")
        arguments = [c for c in given.named_children if c.type != "comment"] if given else []
        arguments += [operand] if operand is not None else []
        star = any(c.type == "variadic_argument" for c in arguments)
        star = star or (given is not None and any(c.type == "..." for c in given.children))
        place = self.walk.source.between(self.start, link)
        inside = self.context
        if self.parts != [""]:
            self._note_call(place, last, (len(arguments), (), False, star))
            inside = self._within(arguments)
        types = link.child_by_field_name("type_arguments")
        if types is not None:
            self.later.append((types, self.context, "annotation"))
        self.later += [(argument, inside, "read") for argument in arguments]
        self.parts.append("()")
        self.open = False

    def _note_call(
        self, place: Place, last: "Node", read: tuple[int, tuple[Argument, ...], bool, bool]
    ) -> None:
        chain_, draft = cut(self.parts), self.walk.draft
        names, shadowed = self.walk.meanings(chain_)
        here = self.walk.source.between(self.start, last)
        for name_ in names:
            use = draft.use(
                chain_, "call", here, self.context, name_, shadowed=shadowed, called=True
            )
            draft.call(use, place, read, self.context)

    def _within(self, arguments: "list[Node]") -> Context:
        """Return the context of a call's arguments."""
        scope, entity, where, outer = self.context
        if not arguments or (outer is not None and outer.depth > 4 * LONGEST):
            return self.context
        wrapper = Wrapper(cut(self.parts), scope, outer)
        wrapper.name = self.walk.meanings(wrapper.chain)[0][0]
        return Context(scope, entity, where, wrapper)


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
    **dict.fromkeys(_INNER, chain),
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
