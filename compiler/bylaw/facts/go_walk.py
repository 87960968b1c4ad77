"""The walk over a tree of Go: names are bound in the order of the text, as the language has it."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bylaw.facts.bindings import Scope, below
from bylaw.facts.draft import Chain, Context
from bylaw.facts.model import Base, Role
from bylaw.facts.source import Source
from bylaw.facts.walk import Step
from bylaw.facts.walk import Walk as AnyWalk

if TYPE_CHECKING:
    from tree_sitter import Node

_VERSION = re.compile(r"v\d+")
_DIRECTIVE = re.compile(rb"//[a-z0-9]+:[a-z0-9]|//line |//export |//nolint|//extern ")


class Walk(AnyWalk):
    """A walk that resolves names as it goes: a name counts from its declaration on.

    `locals` has for each name how many scopes around here bind it; `top` what the file binds at
    its top level: an import's path with `#`-less text, or the empty string for its own.
    """

    def __init__(self, source: Source, steps: Mapping[int, Step]) -> None:
        super().__init__(source, steps, self.resolve)
        self.locals: dict[str, int] = {}
        self.top: dict[str, str] = {}
        self.dotted: list[str] = []
        self.documents: set[int] = set()
        self.directives: set[int] = set()
        self.methods: list[tuple[int, str]] = []
        self._scopes: list[set[str]] = []

    # --- scopes ----------------------------------------------------------------------------------

    def open(self) -> None:
        """Open a scope; it closes when a node is read in the role `close`."""
        self._scopes.append(set())

    def close(self) -> None:
        """Close the innermost scope."""
        for name in self._scopes.pop():
            self.locals[name] -= 1

    def bind(self, name: str) -> None:
        """Bind a name in the innermost scope."""
        if name != "_" and self._scopes and name not in self._scopes[-1]:
            self._scopes[-1].add(name)
            self.locals[name] = self.locals.get(name, 0) + 1

    def resolve(self, chain: Chain, scope: Scope) -> tuple[str | None, bool]:  # noqa: ARG002 - see Resolve
        """Return the name that a chain means here, and whether the file binds its start."""
        names, shadowed = self.meanings(chain)
        return names[0], shadowed

    def meanings(self, chain: Chain) -> tuple[list[str | None], bool]:
        """Return the names that a chain may mean: with several dot imports, one for each."""
        first = chain[0]
        if first == "":
            return [None], False
        if self.locals.get(first):
            return [None], True
        module = self.top.get(first)
        shadowed = module == ""
        if "()" in chain or "[]" in chain:
            return [None], shadowed
        if module:
            return [below(module, *chain[1:])], False
        whole = ".".join(chain)
        if shadowed:
            return [":" + whole], True
        if self.dotted and first[0].isupper():
            return [below(path, *chain) for path in self.dotted], False
        return [whole], False

    def note(self, chain: Chain, role: Role, first: "Node", last: "Node", context: Context) -> None:
        """Note what a chain is a use of."""
        place = self.source.between(first, last)
        names, shadowed = self.meanings(chain)
        for name in names:
            self.draft.use(chain, role, place, context, name, shadowed=shadowed)

    # --- comments and types ----------------------------------------------------------------------

    def comment(self, node: "Node") -> None:
        """Remember the line that a comment ends on, if it stands by itself."""
        start = node.start_byte - node.start_point[1]
        if self.source.data[start : node.start_byte].strip():
            return
        directive = _DIRECTIVE.match(self.source.data, node.start_byte) is not None
        (self.directives if directive else self.documents).add(node.end_point[0])

    def is_documented(self, node: "Node") -> bool:
        """Tell whether a comment ends on the line above."""
        line = node.start_point[0] - 1
        while line in self.directives:
            line -= 1
        return line in self.documents

    def belong(self) -> None:
        """Give methods to the structs of this file that they are of."""
        outlines = self.draft.outlines
        structs = {
            outline.definition.name: index
            for index, outline in enumerate(outlines)
            if outline.definition.kind == "class" and outline.definition.parent < 0
        }
        for index, owner in self.methods:
            parent = structs.get(owner)
            if parent is None:
                continue
            method, struct = outlines[index], outlines[parent]
            method.definition = method.definition._replace(parent=parent)
            members = dict.fromkeys((*struct.definition.members, method.definition.name))
            struct.definition = struct.definition._replace(members=tuple(members))


def packages_of(path: str) -> list[str]:
    """Return the names that the package at a path may have, the likeliest first.

    A file does not say which it is; by custom it is the last segment but a version, without what
    marks the repository as one of Go.
    """
    *rest, last = path.split("/")
    if _VERSION.fullmatch(last) and rest:
        last = rest[-1]
    last = re.sub(r"\.v\d+$", "", last)
    found = [last]
    bare = last.removesuffix(".go").removesuffix("-go").removesuffix("_go")
    bare = bare.removeprefix("go-").removeprefix("go.")
    found += [bare, bare.replace("-", "_"), bare.replace("-", ""), *bare.split("-")[::-1]]
    return [name for name in dict.fromkeys(found) if name.isidentifier()]


def base_of(walk: Walk, chain: Chain, node: "Node") -> Base:
    """Return an embedded type."""
    return Base(walk.meanings(chain)[0][0], chain, walk.source.place(node))
