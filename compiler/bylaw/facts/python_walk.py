"""The walk over the tree of a Python file: one pass, with a stack instead of recursion."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from bylaw.facts.model import Argument, Role
from bylaw.facts.python_kinds import EXTRAS, IDENTIFIER, STRING
from bylaw.facts.python_scopes import DEEPEST, Chain, Context, Kind, Scope, Wrapper

if TYPE_CHECKING:
    from tree_sitter import Node

    Item: TypeAlias = Node | Context

Form = Literal["import", "from", "wildcard"]
Sort = Literal["class", "function", "method"]

CHECKING: Final = "TYPE_CHECKING"
"""The name that is true for the type checker only."""

_QUOTES = b"\"'"
"""A string that starts with one of these has no prefix, and holds no code."""

_DOTTED = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")


# The arguments of a call: the number of those without a name, those with one, whether `**rest` and
# `*rest` are among them, and the node of all of them where there may be a literal in it.
Given: TypeAlias = "tuple[int, tuple[Argument, ...], bool, bool, Node | None]"

# A call before its names are resolved: its start and end in bytes, and its arguments. Plain tuples,
# because there are very many.
SeenCall: TypeAlias = "tuple[int, int, int, tuple[Argument, ...], bool, bool, Node | None]"

# A use before its name is resolved: start and end in bytes, chain, role, context, call.
SeenUse: TypeAlias = "tuple[int, int, Chain, Role, Context, SeenCall | None]"


class SeenImport(NamedTuple):
    """An import before its wrappers are resolved."""

    name: str
    module: str
    form: Form
    start: int
    end: int
    bound: str | None
    context: Context


class SeenCatch(NamedTuple):
    """A handler before the names that it catches are resolved."""

    chains: tuple[Chain, ...]
    start: int
    end: int
    context: Context


class SeenName(NamedTuple):
    """A decorator or base before its name is resolved."""

    chain: Chain
    start: int
    end: int
    positional: tuple[str | None, ...] = ()
    named: tuple[Argument, ...] = ()


class Outline:
    """A definition whose names are not resolved yet."""

    __slots__ = (
        "bases",
        "body",
        "context",
        "decorators",
        "documented",
        "kind",
        "name",
        "own",
        "place",
        "unannotated",
    )

    def __init__(
        self, kind: Sort, name: str, place: tuple[int, int], body: tuple[int, int], context: Context
    ) -> None:
        self.kind = kind
        self.name = name
        self.place = place
        self.body = body
        self.context = context
        self.own: Scope | None = None
        self.decorators: list[SeenName] = []
        self.bases: list[SeenName] = []
        self.documented = False
        self.unannotated: list[str] = []


class Walk:
    """What is still to be walked, where the walk stands, and what it has seen."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.typed = CHECKING.encode() in data
        self.module = Scope("module")
        self.scopes = [self.module]
        self.context = Context(self.module)
        # Nodes and contexts, in the order from the last to the first; what tells them apart is
        # `kind_id`, which a type checker cannot see.
        self.stack: list[Any] = []
        self.uses: list[SeenUse] = []
        self.imports: list[SeenImport] = []
        self.catches: list[SeenCatch] = []
        self.outlines: list[Outline] = []
        self.faults: dict[tuple[int, int, str], None] = {}
        self._chains: dict[bytes, Chain] = {}

    def run(self, root: "Node", actions: "Mapping[int, Action | None]") -> None:
        """Walk all of a tree: by kind an action, None for what holds no code."""
        stack = self.stack
        pop, extend, chains = stack.pop, stack.extend, self._chains
        data, note, find, quotes = self.data, self.uses.append, actions.get, _QUOTES
        stack.append(root)
        while stack:
            node = pop()
            kind = node.kind_id
            if kind == IDENTIFIER:
                start, end = node.start_byte, node.end_byte
                chain = chains.get(data[start:end]) or self.chain(node)
                if chain is not None:
                    context = self.context
                    note((start, end, chain, context.role, context, None))
            elif kind == Context.kind_id:
                self.context = node
            elif kind != STRING or data[node.start_byte] not in quotes:
                action = find(kind, _descend)
                if action is _descend:
                    extend(node.named_children[::-1])
                elif action is not None:
                    action(self, node)

    def push(self, items: "list[Item]") -> None:
        """Put off items, the first to be walked first."""
        self.stack.extend(items[::-1])

    def within(self, context: Context, items: "Iterable[Item]") -> "list[Item]":
        """Return items as they stand in another context than the present one."""
        return [context, *items, self.context]

    def open(self, kind: Kind, parent: Scope) -> Scope:
        """Open a scope within another one."""
        if parent.depth >= DEEPEST:
            self.fault(0, len(self.data), "it is nested too deeply")
            return parent
        scope = Scope(kind, parent)
        self.scopes.append(scope)
        return scope

    def wrapped(self, chain: Chain | None, offset: int) -> Context:
        """Return the present context within a `try` (None), or a `with` or call of a chain."""
        at = self.context
        outer = at.wrapper
        if outer is not None and outer.depth >= DEEPEST:
            self.fault(0, len(self.data), "it is nested too deeply")
            return at
        wrapper = Wrapper(chain, at.scope, offset, outer)
        return Context(at.scope, at.entity, at.where, wrapper, at.role)

    def fault(self, start: int, end: int, reason: str) -> None:
        """Note that something cannot be read; each such thing once."""
        self.faults.setdefault((start, end, reason))

    def chain(self, node: "Node") -> Chain | None:
        """Return an identifier's or attribute's chain where it is written without a break."""
        text = self.data[node.start_byte : node.end_byte]
        known = self._chains.get(text)
        if known is not None:
            return known
        if _DOTTED.fullmatch(text) is not None:
            chain = tuple(text.decode().split("."))
        elif text and node.kind_id == IDENTIFIER:
            chain = (unicodedata.normalize("NFKC", text.decode()),)
        else:
            return None
        self._chains[text] = chain
        return chain

    def name(self, node: "Node") -> str:
        """Return the name that an identifier, or a name with dots, is."""
        chain = self._chains.get(self.data[node.start_byte : node.end_byte]) or self.chain(node)
        if chain is None:
            chain = tuple(self.name(c) for c in node.named_children if c.type == "identifier")
        return chain[0] if len(chain) == 1 else ".".join(chain)

    def is_plain(self, node: "Node") -> bool:
        """Tell whether a string has no prefix, and so no code in it."""
        return self.data[node.start_byte] in _QUOTES

    def text(self, node: "Node") -> str:
        """Return a node's text."""
        return self.data[node.start_byte : node.end_byte].decode()

    def use(self, node: "Node", chain: Chain, role: Role) -> None:
        """Note that a node is a use."""
        self.uses.append((node.start_byte, node.end_byte, chain, role, self.context, None))

    def bind(self, name: str, offset: int) -> None:
        """Bind a name in the present scope."""
        self.context.scope.bind(name, offset)


Action = Callable[[Walk, "Node"], None]


def _descend(walk: Walk, node: "Node") -> None:
    walk.stack.extend(node.named_children[::-1])


def children(node: "Node") -> "list[Node]":
    """Return a node's named children, but for comments."""
    return [child for child in node.named_children if child.kind_id not in EXTRAS]
