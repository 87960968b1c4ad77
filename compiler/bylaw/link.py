"""Linking: what each decision means in the company of the others, on one day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bylaw.adr.resolution import resolve
from bylaw.ir import Relation
from bylaw.program import Ground, Header, Listed, Program, Standing, Unit

# A decision whose own status is one of these was never in force, so it has superseded nothing.
_NEVER_BOUND = ("reject", "declin", "withdr", "invalid", "not-impl", "not impl", "abandon")


def link(
    units: Iterable[Unit], listed: Iterable[Listed], as_of: date, ground: Ground | None = None
) -> Program:
    """Resolve the relations between decisions and decide which of them bind on `as_of`."""
    ordered = sorted(units, key=lambda unit: unit.header.path)
    headers = [unit.header for unit in ordered]
    relations = resolve(headers)
    return Program(
        units=ordered,
        listed=tuple(sorted(listed, key=lambda entry: entry.path)),
        as_of=as_of,
        relations=relations,
        standing=_standing(headers, relations),
        ground=ground or Ground(),
    )


@dataclass(frozen=True, slots=True)
class _Successors:
    """Who replaces a decision: by its successor's word, and by its own."""

    claimed: tuple[str, ...] = ()
    named: tuple[Relation, ...] = ()


def _standing(
    headers: Sequence[Header], relations: dict[str, tuple[Relation, ...]]
) -> dict[str, Standing]:
    by_path = {header.path: header for header in headers}
    claimed: dict[str, list[str]] = {}
    for header in headers:
        for relation in relations.get(header.path, ()):
            if relation.kind == "supersedes" and relation.target and not relation.partial:
                claimed.setdefault(relation.target, []).append(header.path)
    standing = {}
    for header in headers:
        named = tuple(
            r
            for r in relations.get(header.path, ())
            if r.kind == "superseded-by" and not r.partial and r.target != header.path
        )
        claims = tuple(p for p in claimed.get(header.path, ()) if p != header.path)
        standing[header.path] = _stand(header, _Successors(claims, named), by_path)
    return standing


def _stand(header: Header, successors: _Successors, by_path: dict[str, Header]) -> Standing:
    if header.meaning == "retired":
        targets = [r.target for r in successors.named if r.target] or list(successors.claimed)
        return Standing("retired", "its status says so", targets[0] if targets else None)
    if header.meaning != "in-force":
        return Standing(header.meaning)
    for path in successors.claimed:
        if _has_bound(by_path[path]):
            return Standing("retired", f"superseded by `{by_path[path].id}`", path)
    for relation in successors.named:
        if relation.target is None:
            return Standing("retired", f"superseded by `{relation.raw}`")
        successor = by_path.get(relation.target)
        if successor is None or _has_bound(successor):
            name = successor.id if successor else relation.target
            return Standing("retired", f"superseded by `{name}`", relation.target)
    return Standing("in-force")


def _has_bound(header: Header) -> bool:
    """Whether the decision is in force, or was until something else replaced it."""
    if header.meaning == "in-force":
        return True
    raw = (header.status_raw or "").casefold()
    return header.meaning == "retired" and not any(word in raw for word in _NEVER_BOUND)
