"""Names, chains and calls in Java."""

from typing import TYPE_CHECKING

from bylaw.facts.bindings import LONGEST, Wrapper, cut
from bylaw.facts.draft import Chain, Context, ImportSight
from bylaw.facts.java_walk import Walk
from bylaw.facts.model import Argument, Import, Role

if TYPE_CHECKING:
    from tree_sitter import Node

_INNER = {
    "method_invocation": "object",
    "field_access": "object",
    "array_access": "array",
}
"""Where a link of a chain has what it is a link of."""

_ROLES: dict[str, Role] = {"base": "base", "catch": "catch", "decorator": "decorator"}
"""Roles of the names of types, besides annotations."""

CHAINS = (*_INNER, "method_reference")

_TYPES = ("type_identifier", "scoped_type_identifier", "generic_type", "array_type")


def plain_children(node: "Node | None") -> "list[Node]":
    """Return a node's named children but comments."""
    if node is None:
        return []
    return [c for c in node.named_children if not c.type.endswith("_comment")]


def name(walk: Walk, node: "Node", context: Context, role: Role) -> None:
    """Read a name that nothing follows; where one is missing, the grammar makes up an empty one."""
    text = walk.source.text(node)
    if text:
        walk.draft.use((text,), role, walk.source.place(node), context)


def type_chain(walk: Walk, node: "Node") -> Chain:
    """Return the name of a type, without its arguments, annotations and dimensions."""
    parts: list[str] = []
    stack = [node]
    while stack:
        at = stack.pop()
        if at.type in ("type_identifier", "identifier"):
            parts.append(walk.source.text(at))
        elif at.type == "array_type":
            inner = at.child_by_field_name("element")
            stack += [inner] if inner is not None else []
        elif at.type in ("generic_type", "annotated_type"):
            named = [c for c in at.named_children if c.type.endswith("identifier")]
            stack += reversed(named)
        elif at.type in ("scoped_type_identifier", "scoped_identifier"):
            named = [c for c in at.named_children if "annotation" not in c.type]
            stack += reversed(named)
    return cut(parts) if parts else ("",)


def type_name(walk: Walk, node: "Node", context: Context, role: str) -> None:
    """Read the name of a type."""
    chain = type_chain(walk, node)
    if chain in (("var",), ("",)):
        return
    kept = _ROLES.get(role, "annotation")
    place = walk.source.place(node)
    walk.draft.use(chain, kept, place, context)
    walk.written(chain, place, context)
    others = [c for c in node.named_children if not c.type.endswith("identifier")]
    walk.push_all(others, context, "annotation")


def generic(walk: Walk, node: "Node", context: Context, role: str) -> None:
    """Read `A<B>`."""
    parts = node.named_children
    first = next((c for c in parts if c.type.endswith("identifier")), None)
    walk.push((c, context, role if c == first else "annotation") for c in parts)


def chain(walk: Walk, node: "Node", context: Context, role: Role) -> None:
    """Read a chain: `a.b(c)[d].e`, `A::b`."""
    links: list[Node] = []
    at = node
    while True:
        inner = at.child_by_field_name(_INNER[at.type]) if at.type in _INNER else None
        if at.type == "method_reference" and at.named_children:
            inner = at.named_children[0]
        if at.type == "method_invocation" and inner is None:
            links.append(at)
            break
        if at.type == "parenthesized_expression" and len(plain_children(at)) == 1:
            at = plain_children(at)[0]
            continue
        if inner is None:
            break
        links.append(at)
        at = inner
    links.reverse()
    Reading(walk, at, links, context).read(role)


class Reading:
    """One chain while it is read."""

    def __init__(self, walk: Walk, start: "Node", links: "list[Node]", context: Context) -> None:
        self.walk = walk
        self.links = links
        self.context = context
        self.later: list[tuple[Node, Context, str]] = []
        self.first = start
        self.parts: list[str] = []
        self.open = True
        self.named = False
        """Whether all so far may be the name of a package or class."""
        if start.type == "identifier":
            self.parts = [walk.source.text(start)]
            self.named = True
        elif start.type in ("this", "super"):
            self.parts = [start.type]
        elif start.type in _TYPES:
            self.parts = list(type_chain(walk, start))
            self.named = True
            others = [c for c in start.named_children if c.type == "type_arguments"]
            self.later += [(c, context, "annotation") for c in others]
        elif start.type == "object_creation_expression" and links:
            kind = start.child_by_field_name("type")
            self.parts = [*(type_chain(walk, kind) if kind else ("",)), "()"]
            self.open = False
            self.later.append((start, context, "read"))
        elif start.type != "method_invocation":
            self.parts = [""]
            self.open = False
            inner = [start] if start.type not in CHAINS else start.named_children
            self.later += [(one, context, "read") for one in inner]

    def read(self, role: Role) -> None:
        """Note the chain's uses and calls, and push what is inside of it."""
        source, last = self.walk.source, self.first
        for link in self.links:
            if link.type == "method_invocation":
                self._call(link)
            elif link.type == "array_access":
                self._close(last)
                self.parts.append("[]")
                index = link.child_by_field_name("index")
                self.later += [(index, self.context, "read")] if index is not None else []
            elif link.type == "field_access":
                field = link.child_by_field_name("field")
                self.parts.append(source.text(field) if field is not None else "")
                self.open = True
            else:
                self._reference(link)
            last = link
        if self.open:
            self._use(role, last)
        self.walk.push(self.later)

    def _close(self, last: "Node") -> None:
        if self.open:
            self._use("read", last)
        self.open = self.named = False

    def _use(self, role: Role, last: "Node", *, method: bool = False) -> int:
        walk = self.walk
        if self.parts in (["this"], ["super"], [""]):
            return -1
        place = walk.source.between(self.first, last)
        parts = cut(self.parts)
        if self.named:
            walk.written(parts[:-1] if method else parts, place, self.context)
        return walk.draft.use(
            parts, role, place, self.context, method=method and len(parts) == 1, called=method
        )

    def _reference(self, link: "Node") -> None:
        """Read `::name`."""
        children = link.named_children
        last = children[-1] if len(children) > 1 else None
        made = last is None or last.type != "identifier"
        self.parts.append("new" if made or last is None else self.walk.source.text(last))
        others = [c for c in children[1:] if c != last or made]
        self.later += [(c, self.context, "annotation") for c in others]
        self.open = True

    def _call(self, link: "Node") -> None:
        walk = self.walk
        own = link.child_by_field_name("name")
        given = link.child_by_field_name("arguments")
        types = link.child_by_field_name("type_arguments")
        if types is not None:
            self.later.append((types, self.context, "annotation"))
        if own is None:
            return
        self.parts.append(walk.source.text(own))
        use = self._use("call", own, method=True)
        arguments = plain_children(given)
        read: tuple[int, tuple[Argument, ...], bool, bool] = (len(arguments), (), False, False)
        place = walk.source.between(self.first, link)
        if use >= 0:
            walk.draft.call(use, place, read, self.context)
        if self.parts == ["Class", "forName"]:
            self._by_name(link, arguments)
        inside = within(self.parts, self.context)
        self.later += [(argument, inside, "read") for argument in arguments]
        self.parts.append("()")
        self.open = self.named = False

    def _by_name(self, link: "Node", arguments: "list[Node]") -> None:
        """Note the class that is loaded by its name."""
        text = string_of(self.walk, arguments[0]) if arguments else None
        if text:
            name_ = text.replace("$", ".")
            module = name_.rpartition(".")[0]
            place = self.walk.source.place(link)
            found = Import(name_, module, "dynamic", place, self.context.where)
            self.walk.draft.imports.append(ImportSight(found, self.context.wrapper))


def within(parts: list[str], context: Context) -> Context:
    """Return the context of a call's arguments."""
    scope, entity, where, outer = context
    if outer is not None and outer.depth > 4 * LONGEST:
        return context
    chain_ = (f"{parts[0]}()",) if len(parts) == 1 else cut(parts)
    return Context(scope, entity, where, Wrapper(chain_, scope, outer))


def creation(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `new A(b) {…}`."""
    kind = node.child_by_field_name("type")
    given = node.child_by_field_name("arguments")
    if kind is None or kind.start_byte == kind.end_byte:
        return
    parts = type_chain(walk, kind)
    place = walk.source.place(kind)
    use = walk.draft.use(parts, "call", place, context, called=True)
    walk.written(parts, place, context)
    arguments = plain_children(given)
    walk.draft.call(use, walk.source.place(node), (len(arguments), (), False, False), context)
    inside = context
    if arguments:
        scope, entity, where, outer = context
        if outer is None or outer.depth <= 4 * LONGEST:
            inside = Context(scope, entity, where, Wrapper(parts, scope, outer))
    rest: list[tuple[Node | None, Context, str]] = []
    for child in node.named_children:
        if child == kind:
            types = [c for c in kind.named_children if c.type == "type_arguments"]
            rest += [(c, context, "annotation") for c in types]
        elif child != given:
            rest.append((child, context, "anonymous"))
    walk.push([*((c, inside, "read") for c in arguments), *rest])


def string_of(walk: Walk, node: "Node") -> str | None:
    """Return the value of a string literal, without what escapes mean."""
    if node.type != "string_literal":
        return None
    text = walk.source.text(node)
    return text[3:-3].strip() if text.startswith('"""') else text[1:-1]


def value_of(walk: Walk, node: "Node | None") -> str | None:
    """Return a literal in its normal form (see `Argument`), or None where it is none."""
    if node is None:
        return None
    text = walk.source.text(node)
    if node.type in ("true", "false", "null_literal"):
        return text
    if node.type == "string_literal":
        return repr(string_of(walk, node))
    if node.type.endswith("_literal") and node.type != "character_literal":
        return _number(text)
    if node.type == "unary_expression" and text[:1] == "-":
        inner = value_of(walk, node.child_by_field_name("operand"))
        return f"-{inner}" if inner is not None else None
    return None


def _number(text: str) -> str:
    plain = text.replace("_", "")
    if len(plain) > 300:
        return plain
    base = 0 if plain[1:2] in ("x", "X", "b", "B") else 8 if plain[:1] == "0" else 10
    try:
        return str(int(plain.rstrip("lL"), base))
    except ValueError:
        pass
    try:
        return repr(float(plain.rstrip("fFdD")))
    except ValueError:
        return plain
