"""Facts as bytes: what the cache keeps. Each part is restored when it is first asked for."""

import marshal
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from bylaw.facts.model import (
    PARTS,
    Argument,
    Base,
    Call,
    Catch,
    Decorator,
    Definition,
    Fault,
    FileFacts,
    Import,
    Place,
    Use,
)

T = TypeVar("T")


def pack(facts: FileFacts) -> bytes:
    """Return facts as bytes."""
    dumps = marshal.dumps
    # `marshal` takes plain tuples only, and to find out what is one costs more than to know it.
    return dumps(
        (
            dumps([(*i[:3], tuple(i[3]), *i[4:]) for i in facts.imports]),
            dumps([(*u[:3], tuple(u[3]), *u[4:]) for u in facts.uses]),
            dumps(
                [(c[0], tuple(c[1]), c[2], [tuple(a) for a in c[3]], *c[4:]) for c in facts.calls]
            ),
            dumps([(c[0], tuple(c[1]), *c[2:]) for c in facts.catches]),
            dumps([_plain(definition) for definition in facts.definitions]),
            dumps(facts.names),
            dumps(facts.documented),
            dumps([tuple(place) for place in facts.default_exports]),
            dumps([(tuple(fault[0]), *fault[1:]) for fault in facts.faults]),
        )
    )


def _plain(value: Any) -> Any:
    """Return nested named tuples as plain ones."""
    return tuple([_plain(v) if isinstance(v, tuple) else v for v in value])


def unpack(data: bytes) -> FileFacts | None:
    """Undo `pack`; None for what is no facts."""
    # Only this program writes these rows, into the user's own cache folder; `marshal` makes plain
    # values and runs nothing.
    try:
        parts = marshal.loads(data)  # noqa: S302
    except (ValueError, EOFError, TypeError):
        return None
    if not isinstance(parts, tuple) or len(parts) != len(PARTS):
        return None
    return _KeptFacts(cast("tuple[bytes, ...]", parts))


class _KeptFacts(FileFacts):
    """Facts whose parts are restored when asked for."""

    def __init__(self, parts: tuple[bytes, ...]) -> None:
        # The parts themselves are not there yet: what is missing is looked for below.
        self._kept = dict(zip(PARTS, parts, strict=True))

    def __getattr__(self, name: str) -> Any:
        """Restore a part, once."""
        if name not in _RESTORE:
            raise AttributeError(name)
        plain: Any = marshal.loads(self._kept[name])  # noqa: S302 - see unpack
        restore = _RESTORE[name]
        found = bool(plain) if restore is bool else tuple([restore(each) for each in plain])
        self.__dict__[name] = found
        return found


def _with_place(kind: Callable[..., T], plain: tuple[Any, ...], index: int) -> T:
    return kind(*plain[:index], Place._make(plain[index]), *plain[index + 1 :])


def _import(plain: tuple[Any, ...]) -> Import:
    return _with_place(Import, plain, 3)


def _use(plain: tuple[Any, ...]) -> Use:
    return _with_place(Use, plain, 3)


def _call(plain: tuple[Any, ...]) -> Call:
    use, place, positional, arguments, *rest = plain
    named = tuple([Argument._make(a) for a in arguments])
    return Call(use, Place._make(place), positional, named, *rest)


def _catch(plain: tuple[Any, ...]) -> Catch:
    return _with_place(Catch, plain, 1)


def _definition(plain: tuple[Any, ...]) -> Definition:
    kind, name, place, body, parent, decorators, bases, *rest = plain
    return Definition(
        kind,
        name,
        Place._make(place),
        Place._make(body),
        parent,
        tuple([_decorator(d) for d in decorators]),
        tuple([_with_place(Base, b, 2) for b in bases]),
        *rest,
    )


def _decorator(plain: tuple[Any, ...]) -> Decorator:
    name, chain, place, positional, arguments = plain
    named = tuple([Argument._make(a) for a in arguments])
    return Decorator(name, chain, Place._make(place), positional, named)


_RESTORE: Mapping[str, Callable[[Any], Any]] = {
    "imports": _import,
    "uses": _use,
    "calls": _call,
    "catches": _catch,
    "definitions": _definition,
    "names": str,
    "documented": bool,
    "default_exports": Place._make,
    "faults": lambda plain: _with_place(Fault, plain, 0),
}
