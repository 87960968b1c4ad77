"""Facts while a tree is walked: names stay unresolved until every scope is known."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from bylaw.facts.bindings import LONGEST, Scope, Scopes, Wrapper
from bylaw.facts.model import (
    Argument,
    Base,
    Call,
    Catch,
    Decorator,
    Definition,
    FileFacts,
    Import,
    Place,
    Role,
    Use,
)

if TYPE_CHECKING:
    from bylaw.facts.source import Source

Chain = tuple[str, ...]
Resolve = Callable[[Chain, Scope], tuple[str | None, bool]]
"""From a chain and where it stands to its name, and whether the file binds its start."""

TRY: Chain = ("try",)


class Context(NamedTuple):
    """In what a node stands: `entity` is an index into the definitions."""

    scope: Scope
    entity: int = -1
    where: int = 0
    wrapper: Wrapper | None = None


class Sight(NamedTuple):
    """A use whose name is not resolved yet."""

    chain: Chain
    role: Role
    place: Place
    context: Context
    call: int = -1
    name: str | None = None
    """Its name, where that is known already."""
    shadowed: bool | None = None
    """Whether the file binds its start, where that is known already."""
    method: bool = False
    """Whether it is looked up among methods, where they have names of their own."""


class CallSight(NamedTuple):
    """A call whose wrappers are not resolved yet."""

    use: int
    place: Place
    positional: int
    arguments: tuple[Argument, ...]
    spread: bool
    star: bool
    wrapper: Wrapper | None


class ImportSight(NamedTuple):
    """An import whose wrappers are not resolved yet; `caller` is the scope of a `require`."""

    found: Import
    wrapper: Wrapper | None = None
    caller: Scope | None = None


class Named(NamedTuple):
    """A chain that becomes the name of a decorator, a base or what a handler catches."""

    chain: Chain
    place: Place
    positional: tuple[str | None, ...] = ()
    arguments: tuple[Argument, ...] = ()


class Outline:
    """A definition while its parts are found."""

    __slots__ = ("bases", "decorators", "definition", "scope")

    def __init__(self, definition: Definition, scope: Scope) -> None:
        self.definition = definition
        self.scope = scope
        self.decorators: list[Named] = []
        self.bases: list[Named] = []


class Draft:
    """Everything found so far, in the order of the walk."""

    def __init__(self, source: "Source", resolve: Resolve | None = None) -> None:
        self.source = source
        self.scopes = Scopes()
        self.uses: list[Sight] = []
        self.calls: list[CallSight] = []
        self.imports: list[ImportSight] = []
        self.catches: list[tuple[tuple[Named, ...], Place, Context]] = []
        self.outlines: list[Outline] = []
        self.names: dict[str, None] = {}
        self.default_exports: list[Place] = []
        self.documented = False
        self.resolve: Resolve = resolve or (lambda chain, _: (".".join(chain), False))

    def use(
        self,
        chain: Chain,
        role: Role,
        place: Place,
        context: Context,
        name: str | None = None,
        *,
        shadowed: bool | None = None,
        method: bool = False,
        called: bool = False,
    ) -> int:
        """Note a use; return its index.

        `method` says that its one name is looked up as such, `called` that `call` comes next.
        """
        call = len(self.calls) if called else -1
        self.uses.append(Sight(chain, role, place, context, call, name, shadowed, method))
        return len(self.uses) - 1

    def call(
        self,
        use: int,
        place: Place,
        arguments: "tuple[int, tuple[Argument, ...], bool, bool]",
        context: Context,
    ) -> None:
        """Note that the use that was noted last is called."""
        self.calls.append(CallSight(use, place, *arguments, context.wrapper))

    def define(self, definition: Definition, context: Context) -> int:
        """Note a definition; return its index."""
        self.outlines.append(Outline(definition, context.scope))
        return len(self.outlines) - 1

    def finish(self, imports: Iterable[ImportSight] | None = None) -> FileFacts:
        """Resolve all names and return the facts, in the order of the text."""
        self.scopes.close()
        resolve = self.resolve
        uses = []
        for chain, role, place, context, call, known, bound, method in self.uses:
            scope, entity, where, _ = context
            if known is not None or bound is not None:
                name, shadowed = known, bool(bound)
            else:
                name, shadowed = resolve((chain[0] + "()",) if method else chain, scope)
            uses.append(Use(name, chain, role, place, entity, shadowed, where, call))
        calls = [Call(*sight[:-1], self._wrappers(sight.wrapper)) for sight in self.calls]
        uses, calls = _in_order(uses, calls)
        found = [
            sight.found._replace(wrappers=self._wrappers(sight.wrapper))
            for sight in (self.imports if imports is None else imports)
        ]
        return FileFacts(
            imports=tuple(sorted(found, key=_start)),
            uses=tuple(uses),
            calls=tuple(calls),
            catches=tuple(self._caught()),
            definitions=tuple(map(self._defined, self.outlines)),
            names=tuple(self.names),
            documented=self.documented,
            default_exports=tuple(self.default_exports),
            faults=self.source.faults(),
        )

    def _caught(self) -> Iterable[Catch]:
        for names, place, context in self.catches:
            resolved = tuple(self.resolve(one.chain, context.scope)[0] for one in names)
            yield Catch(resolved, place, context.entity)

    def _defined(self, outline: Outline) -> Definition:
        if not outline.decorators and not outline.bases:
            return outline.definition
        scope, resolve = outline.scope, self.resolve
        return outline.definition._replace(
            decorators=tuple(
                Decorator(resolve(chain, scope)[0], chain, place, positional, arguments)
                for chain, place, positional, arguments in outline.decorators
            ),
            bases=tuple(
                Base(resolve(one.chain, scope)[0], one.chain, one.place) for one in outline.bases
            ),
        )

    def _wrappers(self, wrapper: Wrapper | None) -> tuple[str, ...]:
        """Return the names of wrappers, outermost first and each once."""
        waiting: list[Wrapper] = []
        while wrapper is not None and wrapper.known is None:
            waiting.append(wrapper)
            wrapper = wrapper.outer
        known = wrapper.known if wrapper is not None and wrapper.known is not None else ()
        for one in reversed(waiting):
            name = self._wrapper(one)
            if name not in known and len(known) < LONGEST:
                known = (*known, name)
            one.known = known
        return known

    def _wrapper(self, wrapper: Wrapper) -> str:
        chain = wrapper.chain
        if chain is TRY:
            return "try"
        if wrapper.name is not None:
            return wrapper.name
        # What `retry(3)` returns wraps as `retry` does.
        while chain and chain[-1] == "()":
            chain = chain[:-1]
        if not chain:
            # A call of nothing, which only broken code has.
            return "?"
        name, _ = self.resolve(chain, wrapper.scope)
        if name is not None:
            return name
        return f"?.{chain[-1]}" if len(chain) > 1 else "?"


def _start(found: Import) -> tuple[int, int]:
    return found.place[:2]


def _in_order(uses: list[Use], calls: list[Call]) -> tuple[list[Use], list[Call]]:
    """Sort uses and calls by where they start and end, keeping what they say of each other."""
    order = sorted(range(len(uses)), key=lambda index: uses[index].place)
    if order != list(range(len(uses))):
        new = {old: index for index, old in enumerate(order)}
        uses = [uses[index] for index in order]
        calls = [call._replace(use=new[call.use]) for call in calls]
    order = sorted(range(len(calls)), key=lambda index: calls[index].place)
    if order != list(range(len(calls))):
        new = {old: index for index, old in enumerate(order)}
        calls = [calls[index] for index in order]
        uses = [u if u.call < 0 else u._replace(call=new[u.call]) for u in uses]
    return uses, calls
