"""Names, chains and calls in Go."""

from typing import TYPE_CHECKING

from bylaw.facts.bindings import LONGEST, Wrapper, cut
from bylaw.facts.draft import Chain, Context
from bylaw.facts.go_walk import Walk
from bylaw.facts.model import Argument, Place, Role

if TYPE_CHECKING:
    from tree_sitter import Node


def type_chain(walk: Walk, node: "Node") -> Chain:
    """Return the name of a type, without its arguments."""
    while node.type in ("generic_type", "pointer_type", "parenthesized_type"):
        inner = node.child_by_field_name("type") or node.named_children[0]
        node = inner
    return tuple(part.strip() for part in walk.source.text(node).split("."))


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


LINKS = {
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
        inner = at.child_by_field_name(LINKS[at.type]) if at.type in LINKS else None
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
        elif links or start.type not in LINKS:
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
