"""Chains of names, calls and subscripts in TypeScript and JavaScript: the uses and the calls."""

from typing import TYPE_CHECKING, Literal, NamedTuple

from bylaw.facts.bindings import LONGEST, Wrapper, below, cut
from bylaw.facts.draft import Chain, Context, ImportSight
from bylaw.facts.model import Import, Role, Where
from bylaw.facts.script_values import (
    arguments_of,
    is_name,
    name_of,
    plain_children,
    string_of,
)
from bylaw.facts.script_walk import Walk

if TYPE_CHECKING:
    from tree_sitter import Node

_OBJECT = {
    "member_expression": "object",
    "subscript_expression": "object",
    "call_expression": "function",
    "new_expression": "constructor",
}
"""Where a link of a chain has what it is a link of."""

_CLEAR = frozenset(
    {
        "parenthesized_expression",
        "non_null_expression",
        "as_expression",
        "satisfies_expression",
        "instantiation_expression",
    }
)
"""What makes no difference to what a chain means; the first part is the chain."""

_CHAINS = frozenset({*_OBJECT, "await_expression"})

_STARTS = frozenset({"identifier", "this", "super", "import", "meta_property"})
_NOTHING_BOUND: list[tuple[str, str | None]] = [("*", None)]

_UNNAMED = ("", "this", "super", "import", "import.meta")


class Links(NamedTuple):
    """What a chain starts with, its links from the innermost on, and types that stand in it.

    `awaited` says that its start is an `import()` that is waited for.
    """

    start: "Node"
    links: "list[Node]"
    types: "list[Node]"
    awaited: bool


def links_of(node: "Node") -> Links:
    """Take a chain apart."""
    links: list[Node] = []
    types: list[Node] = []
    awaited = False
    at = node
    while True:
        kind = at.type
        field = _OBJECT.get(kind)
        if field is not None:
            inner = at.child_by_field_name(field)
            if inner is None:
                break
            links.append(at)
            at = inner
        elif kind in _CLEAR and (parts := plain_children(at)):
            types += parts[1:]
            at = parts[0]
        elif kind == "await_expression" and (found := _awaited(at)) is not None:
            at = found
            awaited = True
        else:
            break
    links.reverse()
    return Links(at, links, types, awaited)


def _awaited(node: "Node") -> "Node | None":
    """Return the `import()` that is awaited, if that is what it is."""
    parts = plain_children(node)
    if not parts or parts[0].type != "call_expression":
        return None
    called = parts[0].child_by_field_name("function")
    return parts[0] if called is not None and called.type == "import" else None


def name(walk: Walk, node: "Node", context: Context, role: Role) -> None:
    """Read a name that nothing follows; where one is missing, the grammar makes up an empty one."""
    source = walk.source
    text = name_of(source, node)
    if text:
        walk.draft.use((text,), role, source.place(node), context)


def chain(walk: Walk, node: "Node", context: Context, role: Role) -> None:
    """Read a chain: `a.b(c)[d].e`."""
    Reading(walk, node, context, role).read()


class Reading:
    """One chain while it is read: `parts` so far, and the module that it is known to be in."""

    def __init__(self, walk: Walk, node: "Node", context: Context, role: Role) -> None:
        self.walk = walk
        self.context = context
        self.role: Role = role
        self.later: list[tuple[Node, Context, Role]] = []
        self.start, self.links, types, self.awaited = links_of(node)
        self.later += [(one, context, "annotation") for one in types]
        # The place of a chain that is in parentheses begins with what is in them.
        self.first = self.start
        self.parts: list[str] = [_first_part(walk, self.start)]
        self.module: str | None = None
        self.fresh = 0

    def read(self) -> None:
        """Note the chain's uses and calls, and push what is inside of it."""
        start = self.start
        if self.parts[0] == "" and start.type not in _STARTS:
            role: Role = "read" if self.links else self.role
            # A chain that is none is not read as one again.
            inner = [start] if start.type not in _CHAINS else start.named_children
            self.later += [(one, self.context, role) for one in inner]
        last = start
        for link in self.links:
            kind = link.type
            if kind == "member_expression":
                named = link.child_by_field_name("property")
                self.parts.append(name_of(self.walk.source, named) if named else "")
            elif kind == "subscript_expression":
                self._subscript(link, last)
            else:
                self._call(link, last, outermost=link is self.links[-1])
            last = link
        if self.parts[-1] not in ("()", "[]"):
            self._use(self.role, last)
        self.walk.push(self.later)

    def _use(self, role: Role, last: "Node", *, called: bool = False) -> int:
        """Note what the parts are a use of, unless that is nothing with a name."""
        if len(self.parts) == 1 and self.parts[0] in _UNNAMED:
            return -1
        known = None
        if self.module is not None:
            taken = self.parts[self.fresh :]
            known = below(self.module, *taken) if taken else None
        place = self.walk.source.between(self.first, last)
        return self.walk.draft.use(cut(self.parts), role, place, self.context, known, called=called)

    def _subscript(self, link: "Node", last: "Node") -> None:
        index = link.child_by_field_name("index")
        key = string_of(self.walk.source, index)
        if key is not None and is_name(key):
            self.parts.append(key)
            return
        if self.parts[-1] not in ("()", "[]"):
            self._use("read", last)
        self.parts.append("[]")
        self.module = None
        if index is not None:
            self.later.append((index, self.context, "read"))

    def _call(self, link: "Node", last: "Node", *, outermost: bool) -> None:
        walk = self.walk
        given = link.child_by_field_name("arguments")
        self._types(link)
        role: Role = self.role if outermost and self.role == "decorator" else "call"
        use = self._use(role, last, called=True)
        read = arguments_of(walk.source, given)
        if use >= 0:
            walk.draft.call(use, walk.source.between(self.first, link), read, self.context)
        if given is not None and given.child_count:
            self.later.append((given, self._within(), "read"))
        self.module = self._imported(link, given)
        if self.parts == ["import"] and not (self.awaited or self.role == "annotation"):
            # What `import()` returns without `await` is no module yet.
            self.module = None
        self.parts.append("()")
        self.fresh = len(self.parts)

    def _types(self, link: "Node") -> None:
        types = link.child_by_field_name("type_arguments")
        if types is not None:
            self.later.append((types, self.context, "annotation"))

    def _within(self) -> Context:
        """Return the context of a call's arguments."""
        scope, entity, where, outer = self.context
        if self.parts == [""] or (outer is not None and outer.depth > 4 * LONGEST):
            return self.context
        return Context(scope, entity, where, Wrapper(cut(self.parts), scope, outer))

    def _imported(self, link: "Node", given: "Node | None") -> str | None:
        """Note an import, if the call is one; return the module."""
        if self.parts not in (["require"], ["import"]) or given is None:
            return None
        arguments = plain_children(given)
        module = string_of(self.walk.source, arguments[0]) if arguments else None
        if not module:
            return None
        source, typed = self.walk.source, self.role == "annotation"
        where = self.context.where | (Where.TYPE_CHECKING if typed else 0)
        place = source.between(self.first, link)
        form: Literal["qualified", "dynamic"] = "qualified" if typed else "dynamic"
        caller = self.context.scope if self.parts == ["require"] else None
        for member, bound in self.walk.bound.get(link.id, _NOTHING_BOUND):
            found = Import(module, module, form, place, where, (), bound, member)
            self.walk.draft.imports.append(ImportSight(found, self.context.wrapper, caller))
        return module


def _first_part(walk: Walk, start: "Node") -> str:
    kind = start.type
    if kind == "identifier":
        return name_of(walk.source, start)
    if kind == "meta_property":
        return "import.meta"
    return kind if kind in _STARTS else ""


def written(walk: Walk, node: "Node") -> "tuple[Chain, Node]":
    """Return a chain as it is written, without noting anything, and its last call or itself."""
    start, links, _, _ = links_of(node)
    parts = [_first_part(walk, start)]
    for link in links:
        if link.type == "member_expression":
            named = link.child_by_field_name("property")
            parts.append(name_of(walk.source, named) if named else "")
        elif link.type == "subscript_expression":
            key = string_of(walk.source, link.child_by_field_name("index"))
            parts.append(key if key is not None and is_name(key) else "[]")
        else:
            parts.append("()")
    return cut(parts), links[-1] if links else start


def required(walk: Walk, node: "Node | None") -> "tuple[Node, str] | None":
    """Return the call of `require` or awaited `import()` that a value is, and what it takes.

    That is a module, or what stands behind the call: `require("m").a` takes `m#a`.
    """
    if node is None or node.type not in ("await_expression", *_CLEAR, *_OBJECT):
        return None
    start, links, _, awaited = links_of(node)
    plain = start.type == "identifier" and walk.source.text(start) == "require"
    if not links or not (awaited or plain):
        return None
    call, *rest = links
    given = call.child_by_field_name("arguments")
    arguments = plain_children(given) if call.type == "call_expression" and given else []
    module = string_of(walk.source, arguments[0]) if arguments else None
    if not module or any(link.type != "member_expression" for link in rest):
        return None
    taken = [name_of(walk.source, p) for r in rest if (p := r.child_by_field_name("property"))]
    return call, below(module, *taken)
