"""Scopes of a file: which names they bind, and what a chain that starts with one of them means."""

from typing import Final

LOCAL: Final = 0
"""Bound to what cannot be known."""
PARAMETER: Final = 1
EMPTY: Final = 2
"""Declared without a value."""

Binding = str | int
"""What an import binds a name to, or one of the numbers above."""

LONGEST = 64
"""Chains and rows of wrappers longer than this are cut."""


class Scope:
    """Names that are bound in one stretch of code; `parent` is None at the top level.

    `home` is the scope of the function around it, where `var` of JavaScript binds its names.
    """

    __slots__ = ("home", "names", "parent")

    def __init__(self, parent: "Scope | None" = None, home: "Scope | None" = None) -> None:
        self.parent = parent
        self.home: Scope = home or self
        self.names: dict[str, Binding] = {}

    def bind(self, name: str, binding: Binding) -> None:
        """Bind a name; one that is bound to two things is bound to what cannot be known."""
        old = self.names.get(name)
        if old is None or old == EMPTY:
            self.names[name] = binding
        elif binding not in (EMPTY, old):
            self.names[name] = LOCAL


class Scopes:
    """All scopes of a file, in the order in which they open."""

    def __init__(self) -> None:
        self.top = Scope()
        self._inner: list[Scope] = []
        self._bound: set[str] = set()

    def open(self, parent: Scope, *, block: bool = False) -> Scope:
        """Open a scope within another one: a function's, or that of a mere block."""
        scope = Scope(parent, parent.home if block else None)
        self._inner.append(scope)
        return scope

    def close(self) -> None:
        """Leave out scopes that bind nothing, once all names are known."""
        self._bound.update(self.top.names)
        for scope in self._inner:
            self._bound.update(scope.names)
            parent = scope.parent
            # The parent opened earlier, so its own parent is already one that binds something.
            if parent is not None and parent.parent is not None and not parent.names:
                scope.parent = parent.parent

    def find(self, name: str, scope: Scope) -> tuple[Binding | None, bool]:
        """Return what a name is bound to, None where it is free, and whether at the top level."""
        if name in self._bound:
            at: Scope | None = scope
            while at is not None:
                binding = at.names.get(name)
                if binding is not None:
                    return binding, at.parent is None
                at = at.parent
        return None, False


def below(module: str, *members: str) -> str:
    """Return the name of what is taken from a module, or from what was taken from it."""
    if not members:
        return module
    mark = "." if "#" in module[1:] else "#"
    return module + mark + ".".join(members)


def cut(chain: list[str]) -> tuple[str, ...]:
    """Return a chain as it is kept."""
    return tuple(chain) if len(chain) <= LONGEST else ("", *chain[1 - LONGEST :])


class Wrapper:
    """What a stretch of code stands in, and what that stands in, up to the outermost.

    `name` is set where the chain is resolved at once, `known` once the names of all are.
    """

    __slots__ = ("chain", "depth", "known", "name", "outer", "scope")

    def __init__(self, chain: tuple[str, ...], scope: Scope, outer: "Wrapper | None") -> None:
        self.chain = chain
        self.scope = scope
        self.outer = outer
        self.depth: int = outer.depth + 1 if outer is not None else 1
        self.name: str | None = None
        self.known: tuple[str, ...] | None = None
