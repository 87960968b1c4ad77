"""The back end over many decisions: scoped, compiled for each target, assembled into artifacts."""

import marshal
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import overload

from bylaw.cache import Cache
from bylaw.diagnostics import Diagnostic, Report
from bylaw.frontend import Progress
from bylaw.parallel import fork_map
from bylaw.plain import Plain, flatten_diagnostics, restore_diagnostics
from bylaw.program import Header, Unit
from bylaw.scope import ScopeContext, ScopedDecision, scope_decision
from bylaw.target import Fidelity, Fragment, Target

_LEAST = 150
"""Decisions below which starting processes costs more than it saves."""

Row = tuple[str, str, bytes]
"""Path, key and packed fragments of one decision."""


class _Answers(Mapping[str, Fidelity]):
    """What one target answers for one decision; twenty thousand are kept, few are looked at."""

    __slots__ = ("_plain",)

    def __init__(self, plain: dict[str, Plain]) -> None:
        self._plain = plain

    def __getitem__(self, identity: str) -> Fidelity:
        return Fidelity._make(self._plain[identity])

    def __iter__(self) -> Iterator[str]:
        return iter(self._plain)

    def __len__(self) -> int:
        return len(self._plain)


@dataclass(frozen=True)
class Emitted:
    """One decision in every target: its fragments, the scope's diagnostics, and its account.

    The account is the decision's share of the manifest, as a plain tuple.
    """

    path: str
    id: str
    diagnostics: tuple[Diagnostic, ...]
    fragments: Mapping[str, Fragment]
    account: Plain


@dataclass(frozen=True)
class Emission:
    """How decisions are emitted: in what context, for which targets, and how accounted for.

    `account` must be a function of the unit, the day and the answers of the targets `accounted`.
    """

    context: ScopeContext
    targets: Sequence[Target]
    accounted: Sequence[str]
    account: Callable[[Unit, Mapping[str, Mapping[str, Fidelity]]], Plain]

    @cached_property
    def _salt(self) -> str:
        names = " ".join(f"{target.name}={target.version}" for target in self.targets)
        return f"{names} {' '.join(self.accounted)}"

    def key(self, unit: Unit) -> str:
        """Return what decides a decision's row, besides its path."""
        return f"{unit.digest} {self._salt} {self.context.key(unit.header)}"


def emit_decisions(
    units: Sequence[Unit],
    emission: Emission,
    cache: Cache,
    progress: Progress | None = None,
) -> list[Emitted]:
    """Scope and compile each decision for each target, from the cache where nothing changed."""
    headers = {unit.header.path: unit.header for unit in units}
    keys = {unit.header.path: emission.key(unit) for unit in units}
    found = {
        path: _unpack(headers[path], data)
        for path, key, data in cache.emitted()
        if keys.get(path) == key
    }
    changed = [unit for unit in units if unit.header.path not in found]
    fresh: dict[str, bytes] = {}
    for chunk in fork_map(partial(_emit_chunk, emission=emission), changed, _LEAST):
        fresh.update(chunk)
        if progress:
            progress("emit", len(fresh), len(changed))
    if fresh:
        cache.keep_emitted((path, keys[path], data) for path, data in fresh.items())
    while fresh:
        path, data = fresh.popitem()
        found[path] = _unpack(headers[path], data)
    return [found[path] for path in headers]


class ScopedDecisions(Sequence[ScopedDecision]):
    """Decisions that are scoped when looked at: assembling rarely looks at one."""

    def __init__(self, units: Sequence[Unit], context: ScopeContext) -> None:
        self._units = units
        self._context = context

    def __len__(self) -> int:
        return len(self._units)

    @overload
    def __getitem__(self, index: int) -> ScopedDecision: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[ScopedDecision]: ...
    def __getitem__(self, index: int | slice) -> ScopedDecision | Sequence[ScopedDecision]:
        if isinstance(index, slice):
            return ScopedDecisions(self._units[index], self._context)
        return scope_decision(self._units[index].decision, self._context, Report())


def _emit_chunk(units: Sequence[Unit], emission: Emission) -> dict[str, bytes]:
    return {unit.header.path: _emit(unit, emission) for unit in units}


def _emit(unit: Unit, emission: Emission) -> bytes:
    report = Report()
    scoped = scope_decision(unit.decision, emission.context, report)
    fragments = {}
    for target in emission.targets:
        fragment = target.compile(scoped)
        fragments[target.name] = (
            {identity: tuple(answer) for identity, answer in fragment.fidelity.items()},
            fragment.payload,
            flatten_diagnostics(fragment.diagnostics),
        )
        scoped = replace(scoped, fidelity={**scoped.fidelity, target.name: fragment.fidelity})
    answers = {name: scoped.fidelity[name] for name in emission.accounted}
    account = tuple(emission.account(unit, answers))
    return marshal.dumps((flatten_diagnostics(tuple(report)), fragments, account))


def _unpack(header: Header, data: bytes) -> Emitted:
    # Only this program writes these rows, into the user's own cache folder.
    diagnostics, fragments, account = marshal.loads(data)  # noqa: S302
    return Emitted(
        header.path,
        header.id,
        restore_diagnostics(diagnostics) if diagnostics else (),
        {
            name: Fragment(_Answers(fidelity), payload, restore_diagnostics(found) if found else ())
            for name, (fidelity, payload, found) in fragments.items()
        },
        account,
    )
