"""Scopes of Python: what binds a name, and what a name means where it stands."""

from collections.abc import Iterable
from typing import Final, Literal

from bylaw.facts.model import Role

Chain = tuple[str, ...]
Kind = Literal["module", "class", "function", "instant", "types"]
"""`instant` are comprehensions, which run where they stand; `types` are type parameters."""

Named = tuple[tuple[str | None, bool], ...]
"""Names that a chain may mean, and of each whether the file binds it, other than by an import."""

DEEPEST: Final = 200
"""Scopes and wrappers nested deeper are not told apart; CPython does not compile such code."""

_MOST_CANDIDATES = 24
"""Things that imports may bind one name to; nobody writes so many, and each use is one of each."""
_BUILTINS = ("builtins", "__builtins__", "__builtin__")


class Scope:
    """The names that one stretch of code binds.

    `bound` has the offset where the first binding of a name takes effect, `imports` all that
    imports bind a name to, `outward` the names of `global` and `nonlocal` statements, `members`
    what is defined here, in the order of the text.
    """

    __slots__ = ("bound", "depth", "imports", "kind", "members", "names", "outward", "parent")

    def __init__(self, kind: Kind, parent: "Scope | None" = None) -> None:
        self.kind = kind
        self.parent = parent
        self.depth: int = parent.depth + 1 if parent is not None else 0
        self.bound: dict[str, int] = {}
        self.imports: dict[str, list[str]] = {}
        self.outward: dict[str, str] = {}
        self.members: dict[str, None] = {}
        # Chains that mean the same everywhere in the scope.
        self.names: dict[Chain, Named] = {}

    def bind(self, name: str, offset: int) -> None:
        """Note that a name is bound, other than by an import, from an offset on."""
        self.bound.setdefault(name, offset)
        self.members.setdefault(name)

    def bind_import(self, name: str, meaning: str) -> bool:
        """Note that an import binds a name; tell whether it fits in."""
        known = self.imports.setdefault(name, [])
        if meaning in known:
            return True
        if len(known) < _MOST_CANDIDATES:
            known.append(meaning)
            return True
        return False


def settle(scopes: Iterable[Scope]) -> None:
    """Move what `global` and `nonlocal` names are bound to where these names live."""
    for scope in scopes:
        for name, word in scope.outward.items():
            home = _home(scope, name, word)
            offset = scope.bound.pop(name, None)
            meanings = scope.imports.pop(name, ())
            if offset is not None:
                # It takes effect when the function is called, which may be before any offset.
                home.bound[name] = 0
            for meaning in meanings:
                home.bind_import(name, meaning)


def _home(scope: Scope, name: str, word: str) -> Scope:
    outer: Scope = scope
    while outer.parent is not None:
        outer = outer.parent
        known = name in outer.bound or name in outer.imports
        if word == "nonlocal" and known and outer.kind != "class" and outer.parent is not None:
            return outer
    return outer


def meanings(scope: Scope, chain: Chain, offset: int) -> tuple[tuple[str, ...], bool]:
    """Return the names that a chain stands for, and whether it does so all over the scope.

    There are none where its start cannot be known, and several where several imports bind its
    start, as in the branches of a `try`.
    """
    starts, everywhere = _starts(scope, chain[0], offset)
    rest = chain[1:]
    return (tuple([_joined(start, rest) for start in starts]) if rest else starts), everywhere


def _joined(start: str, rest: Chain) -> str:
    return ".".join(rest) if start in _BUILTINS else ".".join((start, *rest))


def _starts(scope: Scope, name: str, offset: int) -> tuple[tuple[str, ...], bool]:
    """Return what a name may mean at an offset, and whether it means so all over the scope."""
    visible = True
    direct = True
    everywhere = True
    at: Scope | None = scope
    while at is not None:
        if visible or at.kind != "class":
            word = at.outward.get(name)
            if word is not None:
                at = _home(at, name, word)
                direct = False
            imports = at.imports.get(name)
            if imports is not None:
                return tuple(map(_builtin, imports)), everywhere
            start = at.bound.get(name)
            if start is not None:
                # A module and a class look a name up when they come to it, and find the one
                # outside before their own is bound; functions never do.
                early = direct and at.kind in ("module", "class")
                everywhere = everywhere and not early
                if not early or offset >= start:
                    return ((f":{name}",) if at.kind == "module" else ()), everywhere
        visible = visible and at.kind == "types"
        direct = direct and at.kind in ("types", "instant")
        at = at.parent
    return (name,), everywhere


def _builtin(meaning: str) -> str:
    module, _, name = meaning.partition(".")
    return name if name and module in _BUILTINS else meaning


class Wrapper:
    """What a stretch of code stands in, and what that stands in, up to the outermost.

    `chain` is None for `try`.
    """

    __slots__ = ("chain", "depth", "known", "offset", "outer", "scope")

    def __init__(
        self, chain: Chain | None, scope: Scope, offset: int, outer: "Wrapper | None"
    ) -> None:
        self.chain = chain
        self.scope = scope
        self.offset = offset
        self.outer = outer
        self.depth: int = outer.depth + 1 if outer is not None else 1
        self.known: tuple[str, ...] | None = None

    def names(self) -> tuple[str, ...]:
        """Return the names of all of them, outermost first and each once."""
        waiting: list[Wrapper] = []
        at: Wrapper | None = self
        while at is not None and at.known is None:
            waiting.append(at)
            at = at.outer
        known = at.known if at is not None and at.known is not None else ()
        for wrapper in reversed(waiting):
            fresh = [name for name in wrapper.own() if name not in known]
            known = wrapper.known = (*known, *fresh) if fresh else known
        return known

    def own(self) -> tuple[str, ...]:
        """Return the names of this one alone."""
        if self.chain is None:
            return ("try",)
        chain = self.chain
        # What `retry(3)` returns wraps as `retry` does.
        while len(chain) > 1 and chain[-1] in ("()", "[]"):
            chain = chain[:-1]
        found = meanings(self.scope, chain, self.offset)[0] if is_plain(chain) else ()
        if found:
            return found
        return (f"?.{chain[-1]}",) if len(chain) > 1 else ()


def is_plain(chain: Chain) -> bool:
    """Tell whether a chain is nothing but names."""
    return bool(chain[0]) and "()" not in chain and "[]" not in chain


class Context:
    """In what code stands: `entity` is an index into the definitions, `role` that of its reads."""

    __slots__ = ("entity", "role", "scope", "where", "wrapper")

    kind_id: Final = -1
    """Contexts stand among nodes on the stack of what is still to be walked."""

    def __init__(
        self,
        scope: Scope,
        entity: int = -1,
        where: int = 0,
        wrapper: Wrapper | None = None,
        role: Role = "read",
    ) -> None:
        self.scope = scope
        self.entity = entity
        self.where = where
        self.wrapper = wrapper
        self.role = role
