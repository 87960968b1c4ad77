"""A walk over a syntax tree with a stack of its own, so that no depth of nesting is too much."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from bylaw.facts.draft import Context, Draft, Resolve
from bylaw.facts.source import Source

if TYPE_CHECKING:
    from tree_sitter import Language, Node

Step = Callable[[Any, "Node", Context, Any], None]
"""Reads one node: notes what it says, and pushes those of its parts that are still to be read.

Its arguments are the walk, the node, in what it stands, and the role that a name has there.
"""

AnyStep = TypeVar("AnyStep")


class Walk:
    """What every walk has: the source, what was found so far, and what is still to be read."""

    def __init__(self, source: Source, steps: Mapping[int, Step], resolve: Resolve) -> None:
        self.source = source
        self.draft = Draft(source, resolve)
        self._steps = steps
        self._stack: list[tuple[Node, Context, Any]] = []

    def run(self) -> None:
        """Read the whole tree; what has no step is read part by part, in the same role."""
        stack, steps = self._stack, self._steps
        stack.append((self.source.root, Context(self.draft.scopes.top), "read"))
        while stack:
            node, context, role = stack.pop()
            step = steps.get(node.kind_id)
            if step is not None:
                step(self, node, context, role)
            else:
                children = node.named_children
                if children:
                    stack += [(child, context, role) for child in reversed(children)]

    def push(self, parts: "Iterable[tuple[Node | None, Context, Any]]") -> None:
        """Read parts next, in this order; None are left out."""
        found = [(node, context, role) for node, context, role in parts if node is not None]
        found.reverse()
        self._stack += found

    def push_all(self, nodes: "Iterable[Node]", context: Context, role: Any = "read") -> None:
        """Read nodes next, in this order and the same role."""
        found = [(node, context, role) for node in nodes]
        found.reverse()
        self._stack += found

    def inner(self, context: Context, *, block: bool = True) -> Context:
        """Return a context in a new scope."""
        scope = self.draft.scopes.open(context.scope, block=block)
        return Context(scope, context.entity, context.where, context.wrapper)


def skip(walk: Walk, node: "Node", context: Context, role: str) -> None:
    """Read nothing."""


def by_number(steps: Mapping[str, AnyStep], language: "Language") -> dict[int, AnyStep]:
    """Return steps by the numbers that a grammar has for the kinds of nodes."""
    found: dict[int, AnyStep] = {}
    for kind, step in steps.items():
        number = language.id_for_node_kind(kind, True)
        if number is not None:
            found[number] = step
    return found
