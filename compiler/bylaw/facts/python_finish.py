"""From what a walk has seen to facts: names resolved, offsets turned into places."""

from collections.abc import Iterator
from operator import itemgetter

from bylaw.facts.model import (
    Base,
    Call,
    Catch,
    Decorator,
    Definition,
    Fault,
    FileFacts,
    Import,
    Use,
    Where,
)
from bylaw.facts.python_dynamic import DYNAMIC, dynamic_imports
from bylaw.facts.python_scopes import Chain, Context, Named, Scope, is_plain, meanings, settle
from bylaw.facts.python_text import Lines
from bylaw.facts.python_walk import Outline, SeenCall, Walk

_QUIET = ("read", "annotation")
_LOCAL: Named = ((None, True),)
_UNNAMED: Named = ((None, False),)

_new = tuple.__new__
"""Makes a named tuple of very many in a third of the time."""


def finish(walk: Walk, *, documented: bool) -> FileFacts:
    """Return the facts that a walk has seen."""
    settle(walk.scopes)
    lines = Lines(walk.data)
    names = Names(walk)
    uses, calls, dynamic = _uses(walk, lines, names)
    imports = [*_imports(walk, lines), *dynamic]
    return FileFacts(
        imports=tuple(sorted(imports, key=lambda one: one.place[:2])),
        uses=tuple(uses),
        calls=tuple(calls),
        catches=tuple(_catches(walk, lines, names)),
        definitions=tuple([_definition(outline, lines, names) for outline in walk.outlines]),
        names=tuple(walk.module.members),
        documented=documented,
        faults=tuple(
            [Fault(lines.place(start, end), why) for start, end, why in sorted(walk.faults)]
        ),
    )


class Names:
    """What the names of a file mean; most mean the same wherever they stand."""

    def __init__(self, walk: Walk) -> None:
        self._module = module = walk.module
        self._inner: set[str] = set()
        for scope in walk.scopes[1:]:
            self._inner.update(scope.bound, scope.imports, scope.outward)
        self._ordered = module.bound.keys() - module.imports.keys()
        self._shared: dict[Chain, Named] = {}

    def of(self, context: Context, chain: Chain, offset: int) -> Named:
        """Return what a chain means where it stands."""
        first = chain[0]
        if first in self._inner:
            scope = context.scope
            plainly = scope.kind == "function" and first in scope.bound
            if plainly and first not in scope.imports:
                return _LOCAL
            known = scope.names.get(chain)
            return known if known is not None else _named(scope, chain, offset)
        if first in self._ordered and not context.where & Where.FUNCTION:
            return _named(context.scope, chain, offset)
        known = self._shared.get(chain)
        if known is None:
            known = self._shared[chain] = _named(self._module, chain, offset=1 << 62)
        return known


def _named(scope: Scope, chain: Chain, offset: int) -> Named:
    if not chain[0]:
        return _UNNAMED
    plain = is_plain(chain)
    found, everywhere = meanings(scope, chain if plain else chain[:1], offset)
    if not found:
        named = _LOCAL
    elif not plain:
        named = ((None, found[0][0] == ":"),)
    else:
        named = tuple([(name, name[0] == ":") for name in found])
    if everywhere:
        scope.names[chain] = named
    return named


def _uses(walk: Walk, lines: Lines, names: Names) -> tuple[list[Use], list[Call], list[Import]]:
    """Resolve uses; one that several imports may mean is several."""
    uses: list[Use] = []
    calls: list[Call] = []
    dynamic: list[Import] = []
    resolve, place = names.of, lines.place
    walk.uses.sort(key=itemgetter(0, 1))
    for start, end, chain, role, context, call in walk.uses:
        found = resolve(context, chain, start)
        if len(chain) == 1 and role in _QUIET and found[0][0] is None:
            # A local variable that is read: whatever it holds, it is not what a sentence names.
            continue
        at = place(start, end)
        where, entity = context.where, context.entity
        for name, shadowed in found:
            index = -1
            if call is not None:
                index = len(calls)
                made = _call(len(uses), call, lines, context)
                calls.append(made)
                if name in DYNAMIC and call[-1] is not None:
                    stands = where, made.wrappers
                    dynamic += dynamic_imports(name, call[-1], walk.data, made.place, stands)
            uses.append(_new(Use, (name, chain, role, at, entity, shadowed, where, index)))
    return uses, calls, dynamic


def _call(use: int, call: SeenCall, lines: Lines, context: Context) -> Call:
    start, end, positional, arguments, spread, star, _ = call
    wrappers = context.wrapper.names() if context.wrapper is not None else ()
    place = lines.place(start, end)
    return _new(Call, (use, place, positional, arguments, spread, star, wrappers))


def _imports(walk: Walk, lines: Lines) -> Iterator[Import]:
    for name, module, form, start, end, bound, context in walk.imports:
        wrappers = context.wrapper.names() if context.wrapper is not None else ()
        place = lines.place(start, end)
        yield Import(name, module, form, place, context.where, wrappers, bound)


def _catches(walk: Walk, lines: Lines, names: Names) -> Iterator[Catch]:
    for chains, start, end, context in walk.catches:
        found = tuple([n for chain in chains for n, _ in names.of(context, chain, start)])
        yield Catch(found, lines.place(start, end), context.entity)


def _definition(outline: Outline, lines: Lines, names: Names) -> Definition:
    context = outline.context
    return Definition(
        outline.kind,
        outline.name,
        lines.place(*outline.place),
        lines.place(*outline.body),
        context.entity,
        tuple(
            Decorator(name, one.chain, lines.place(one.start, one.end), one.positional, one.named)
            for one in outline.decorators
            for name, _ in names.of(context, one.chain, one.start)
        ),
        tuple(
            Base(name, one.chain, lines.place(one.start, one.end))
            for one in outline.bases
            for name, _ in names.of(context, one.chain, one.start)
        ),
        tuple(outline.own.members) if outline.own is not None else (),
        outline.documented,
        tuple(outline.unannotated),
    )
