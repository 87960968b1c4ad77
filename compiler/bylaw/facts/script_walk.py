"""The walk over a tree of TypeScript or JavaScript, and what every part of it shares."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bylaw.facts.bindings import EMPTY, LOCAL, LONGEST, Binding, Scope, below
from bylaw.facts.draft import Chain, Context
from bylaw.facts.script_values import key_of, name_of
from bylaw.facts.source import Source
from bylaw.facts.walk import Step
from bylaw.facts.walk import Walk as AnyWalk

if TYPE_CHECKING:
    from tree_sitter import Node


_PATTERNS = frozenset(
    {
        "object_pattern",
        "array_pattern",
        "rest_pattern",
        "pair_pattern",
        "assignment_pattern",
        "object_assignment_pattern",
    }
)


class Walk(AnyWalk):
    """A walk that knows how the languages bind names.

    What one node has to say about another that is read later is kept by the other's id: the
    decorators before a definition, the node where it starts (its `export`), the name it is given
    by a variable, and the names that an import's result is bound to. Members of a class are read
    in the role `member`.
    """

    def __init__(self, source: Source, steps: Mapping[int, Step]) -> None:
        super().__init__(source, steps, self.resolve)
        self.decorators: dict[int, list[Node]] = {}
        self.starts: dict[int, Node] = {}
        self.given: dict[int, str] = {}
        self.bound: dict[int, list[tuple[str, str | None]]] = {}
        self.assigned: list[tuple[Scope, str, str]] = []
        self.documents: set[int] = set()

    def resolve(self, chain: Chain, scope: Scope) -> tuple[str | None, bool]:
        """Return the name that a chain means, and whether the file binds its start."""
        first = chain[0]
        if first in ("", "this", "super", "import", "import.meta"):
            return None, False
        binding, top = self.draft.scopes.find(first, scope)
        shadowed = isinstance(binding, int)
        if len(chain) > 1 and ("()" in chain or "[]" in chain):
            return None, shadowed
        if binding is None:
            return ".".join(chain), False
        if isinstance(binding, str):
            return below(binding, *chain[1:]), False
        return (":" + ".".join(chain) if top else None), True

    def settle(self) -> None:
        """Bind what is declared empty and gets the result of `require` later."""
        for scope, name, target in self.assigned:
            at: Scope | None = scope
            while at is not None:
                if name in at.names:
                    at.names[name] = target if at.names[name] in (EMPTY, target) else LOCAL
                    break
                at = at.parent

    def declare(
        self, pattern: "Node | None", context: Context, scope: Scope, binding: Binding
    ) -> None:
        """Bind the names in a pattern, and read the expressions in it."""
        for node, path in self.names_in(pattern, context):
            target = binding
            if isinstance(binding, str):
                target = LOCAL if path is None else below(binding, *path)
            scope.bind(name_of(self.source, node), target)

    def names_in(
        self, pattern: "Node | None", context: Context, *, quiet: bool = False
    ) -> "list[tuple[Node, tuple[str, ...] | None]]":
        """Return the names in a pattern, each with the path of keys to it, if that is plain.

        Defaults, computed keys and what else is read in the pattern are pushed, if not `quiet`.
        """
        found: list[tuple[Node, tuple[str, ...] | None]] = []
        later: list[tuple[Node | None, Context, Any]] = []
        waiting: list[tuple[Node | None, tuple[str, ...] | None]] = [(pattern, ())]
        while waiting:
            node, path = waiting.pop()
            kind = node.type if node is not None else "comment"
            if node is None or kind == "comment":
                continue
            if kind == "identifier":
                found.append((node, path))
            elif kind == "shorthand_property_identifier_pattern":
                found.append((node, _longer(path, name_of(self.source, node))))
            elif kind in _PATTERNS:
                waiting += self._within(node, path)
            else:
                later.append((node, context, "write"))
                continue
            # What a pattern computes: its keys, and values for what is missing.
            key, right = node.child_by_field_name("key"), node.child_by_field_name("right")
            if key is not None and key.type == "computed_property_name":
                later.append((key, context, "read"))
            later.append((right, context, "read"))
        if not quiet:
            self.push(later)
        return found

    def _within(
        self, node: "Node", path: tuple[str, ...] | None
    ) -> "list[tuple[Node | None, tuple[str, ...] | None]]":
        """Return the patterns within one, the last first, each with its path."""
        children = node.named_children
        if node.type == "pair_pattern":
            key = key_of(self.source, node.child_by_field_name("key"))
            return [(node.child_by_field_name("value"), _longer(path, key))]
        if node.type in ("assignment_pattern", "object_assignment_pattern"):
            return [(node.child_by_field_name("left"), path)]
        whole = node.type == "object_pattern"
        if node.type == "rest_pattern":
            whole = len(children) == 1 and children[0].type == "identifier"
        return [(child, path if whole else None) for child in reversed(children)]


def _longer(path: tuple[str, ...] | None, key: str | None) -> tuple[str, ...] | None:
    """Return a path that goes on with a key, None where it is not plain (or too long)."""
    if path is None or key is None or len(path) > LONGEST:
        return None
    return (*path, key)
