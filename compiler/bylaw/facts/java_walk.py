"""The walk over a tree of Java, and what names mean there."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from bylaw.facts.bindings import LOCAL, Scope
from bylaw.facts.draft import Chain, Context, ImportSight
from bylaw.facts.model import Import, Place
from bylaw.facts.source import Source
from bylaw.facts.walk import Step
from bylaw.facts.walk import Walk as AnyWalk

if TYPE_CHECKING:
    from tree_sitter import Node

_SPACE = frozenset(b" \t\n\f;")
_UNNAMED = ("", "this", "super")


class Walk(AnyWalk):
    """A walk that knows how Java binds names.

    Methods have names apart from variables and types: they are bound with `()` behind them.
    """

    def __init__(self, source: Source, steps: Mapping[int, Step]) -> None:
        super().__init__(source, steps, self.resolve)
        self.documents: set[int] = set()
        self.qualified: list[tuple[Chain, Place, Context]] = []

    def bind(self, node: "Node | None", scope: Scope, *, method: bool = False) -> None:
        """Bind a name to something of the file's own."""
        if node is not None:
            scope.bind(self.source.text(node) + ("()" if method else ""), LOCAL)

    def resolve(self, chain: Chain, scope: Scope) -> tuple[str | None, bool]:
        """Return the name that a chain means, and whether the file binds its start.

        A chain of one name that is called is looked up with `()` behind it.
        """
        first = chain[0]
        if first in _UNNAMED:
            return None, False
        binding, top = self.draft.scopes.find(first, scope)
        plain = first.removesuffix("()")
        shadowed = isinstance(binding, int)
        if len(chain) > 1 and ("()" in chain or "[]" in chain):
            return None, shadowed
        if isinstance(binding, str):
            return unpackaged((*binding.split("."), *chain[1:])), False
        if shadowed:
            return (":" + ".".join(chain) if top else None), True
        return unpackaged((plain, *chain[1:])), False

    def is_documented(self, node: "Node") -> bool:
        """Tell whether a doc comment stands right before a definition."""
        at = node.start_byte
        while at > 0 and self.source.data[at - 1] in _SPACE:
            at -= 1
        return at in self.documents

    def written(self, chain: Chain, place: Place, context: Context) -> None:
        """Note a class that is written out with its package, as an import of it."""
        if len(chain) > 1 and chain[0][:1].islower():
            self.qualified.append((chain, place, context))

    def imported(self) -> Iterator[ImportSight]:
        """Yield the imports, and the classes that are written out with their package."""
        yield from self.draft.imports
        for chain, place, context in self.qualified:
            if self.draft.scopes.find(chain[0], context.scope)[0] is not None:
                continue
            start = next((i for i, part in enumerate(chain) if part[:1].isupper()), None)
            if start is None:
                continue
            end = start + 1
            while end < len(chain) and chain[end][:1].isupper():
                end += 1
            name = ".".join(chain[:end])
            module = ".".join(chain[:start])
            found = Import(name, module, "qualified", place, context.where)
            yield ImportSight(found, context.wrapper)


def unpackaged(chain: Chain) -> str:
    """Return a name without the package that needs no import."""
    if chain[:2] == ("java", "lang") and len(chain) > 2 and chain[2][:1].isupper():
        chain = chain[2:]
    return ".".join(chain)
