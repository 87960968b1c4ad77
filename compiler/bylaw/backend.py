"""The back end over many decisions: scoped, compiled for each target, assembled into artifacts."""

import marshal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import overload

from bylaw.cache import Cache
from bylaw.diagnostics import Diagnostic, Report
from bylaw.frontend import Progress
from bylaw.parallel import fork_map
from bylaw.plain import flatten_diagnostics, restore_diagnostics
from bylaw.program import Header, Unit
from bylaw.scope import ScopeContext, ScopedDecision, scope_decision
from bylaw.target import Fidelity, Fragment, Target

_LEAST = 150
"""Decisions below which starting processes costs more than it saves."""

Row = tuple[str, str, bytes]
"""Path, key and packed fragments of one decision."""


@dataclass(frozen=True)
class Emitted:
    """One decision in every target: its fragments, unpacked, and the scope's diagnostics."""

    path: str
    id: str
    diagnostics: tuple[Diagnostic, ...]
    fragments: Mapping[str, Fragment]


def emit_decisions(
    units: Sequence[Unit],
    context: ScopeContext,
    targets: Sequence[Target],
    cache: Cache,
    progress: Progress | None = None,
) -> list[Emitted]:
    """Scope and compile each decision for each target, from the cache where nothing changed."""
    kept = cache.emitted()
    salt = _salt(targets)
    keys = {unit.header.path: _key(unit, context, salt) for unit in units}
    found: dict[str, bytes] = {}
    changed = []
    for unit in units:
        path = unit.header.path
        row = kept.get(path)
        if row is not None and row[0] == keys[path]:
            found[path] = row[1]
        else:
            changed.append(unit)
    work = partial(_emit_chunk, context=context, targets=targets)
    fresh: dict[str, bytes] = {}
    for chunk in fork_map(work, changed, _LEAST) if changed else ():
        fresh.update(chunk)
        if progress:
            progress("emit", len(fresh), len(changed))
    if fresh:
        cache.keep_emitted((path, keys[path], data) for path, data in fresh.items())
    found.update(fresh)
    return [_unpack(unit.header, found[unit.header.path]) for unit in units]


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


def _emit_chunk(
    units: Sequence[Unit], context: ScopeContext, targets: Sequence[Target]
) -> dict[str, bytes]:
    return {unit.header.path: _emit(unit, context, targets) for unit in units}


def _emit(unit: Unit, context: ScopeContext, targets: Sequence[Target]) -> bytes:
    report = Report()
    scoped = scope_decision(unit.decision, context, report)
    fragments = {}
    for target in targets:
        fragment = target.compile(scoped)
        fragments[target.name] = (
            {i: tuple(f) for i, f in fragment.fidelity.items()},
            fragment.payload,
            flatten_diagnostics(fragment.diagnostics),
        )
        scoped = replace(scoped, fidelity={**scoped.fidelity, target.name: fragment.fidelity})
    return marshal.dumps((flatten_diagnostics(tuple(report)), fragments))


def _unpack(header: Header, data: bytes) -> Emitted:
    # Only this program writes these rows, into the user's own cache folder.
    diagnostics, fragments = marshal.loads(data)  # noqa: S302
    return Emitted(
        header.path,
        header.id,
        restore_diagnostics(diagnostics) if diagnostics else (),
        {
            name: Fragment(
                {i: Fidelity._make(plain) for i, plain in fidelity.items()},
                payload,
                restore_diagnostics(found) if found else (),
            )
            for name, (fidelity, payload, found) in fragments.items()
        },
    )


def _salt(targets: Sequence[Target]) -> str:
    return " ".join(f"{target.name}={target.version}" for target in targets)


def _key(unit: Unit, context: ScopeContext, salt: str) -> str:
    """Return a digest of all that decides a decision's fragments."""
    parts = (unit.digest, unit.header.path, salt, context.key(unit.header))
    return sha256("\0".join(parts).encode()).hexdigest()
