"""The rules of conflict about keys of configuration files and their values."""

from collections.abc import Callable, Sequence
from typing import Any

from bylaw.ir import KeyBound, KeysSubject, KeyValue, LiteralText
from bylaw.passes.compare import versions
from bylaw.passes.compare.claim import Claim
from bylaw.passes.compare.general import Clash
from bylaw.passes.compare.region import witness

Rule = Callable[[Claim, Claim], Clash | None]


def keys_apart(one: Claim, other: Claim) -> Clash | None:
    """Two demands on the value of one key that no value meets."""
    first, second = one.constraint, other.constraint
    if first.kind != "key" or second.kind != "key" or not _values_apart(first, second):
        return None
    key = shared_key(first.subject, second.subject, deeper=False)
    path = witness(one.bound() & other.bound()) if key else None
    return Clash(f"{key} in {path}", "no value is both") if path else None


def _values_apart(first: Any, second: Any) -> bool:
    if isinstance(first, KeyBound) and isinstance(second, KeyBound):
        low_high = (first.bound, second.bound) == ("at-least", "at-most")
        order = versions.order(first.value.text, second.value.text)
        return low_high and order is not None and order > 0
    if not isinstance(first, KeyValue) or first.modal != "must":
        return False
    if first.shape == "key-contain" and second.shape == "key-contain":
        banned = {v.text for v in second.values} if second.modal == "must-not" else set()
        held = [value.text in banned for value in first.values]
        return bool(held) and (all(held) if first.quantifier == "any" else any(held))
    if first.shape != "key-be":
        return False
    checks = [_refuses(second, value) for value in first.values]
    return all(checks) if first.quantifier == "any" else any(checks)


def _refuses(constraint: Any, value: Any) -> bool:
    """Tell whether a constraint does not let a key have a value; False where that is not known."""
    if not isinstance(value, LiteralText):
        return False
    if isinstance(constraint, KeyBound):
        order = versions.order(value.text, constraint.value.text)
        return order is not None and (order < 0 if constraint.bound == "at-least" else order > 0)
    if not isinstance(constraint, KeyValue) or constraint.shape not in ("key-be", "key-match"):
        return False
    fits = [_fits(value.text, given, constraint.shape) for given in constraint.values]
    if None in fits:
        return False
    if constraint.modal == "must-not":
        return any(fits)
    return not (any(fits) if constraint.quantifier == "any" else all(fits))


def _fits(value: str, given: Any, shape: str) -> bool | None:
    if shape == "key-be":
        return same_value(value, given.text)
    import re2  # noqa: PLC0415 - slow to import, and few programs need it

    try:
        return re2.fullmatch(given.text, value) is not None
    except re2.error:
        return None


def same_value(one: str, other: str) -> bool:
    """Tell whether two literals are one value: as text, or as numbers."""
    if one == other:
        return True
    from decimal import Decimal, InvalidOperation  # noqa: PLC0415 - rarely needed

    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False


def missing_and_there(must: Claim, never: Claim) -> Clash | None:
    """One demands a key, or something of it or below it, that the other forbids to exist."""
    demand, ban = must.constraint, never.constraint
    if demand.kind != "key" or demand.modal != "must" or ban.modal != "must-not":
        return None
    subject = demand.subject
    if ban.shape != "key-exist" or not isinstance(subject, KeysSubject):
        return None
    if subject.each:
        # `Each key` judges only what is there.
        return None
    key = shared_key(subject, ban.subject, deeper=True)
    path = witness(must.bound() & never.bound()) if key else None
    return (
        Clash(f"{key} in {path}", "one demands the key, and the other forbids it") if path else None
    )


def shared_key(one: Any, other: Any, deeper: bool) -> str | None:
    """Return a key that both subjects name; with `deeper`, one of `one` at or below `other`'s."""
    if not isinstance(one, KeysSubject) or not isinstance(other, KeysSubject):
        return None
    for mine in one.keys:
        if deeper and not {"*", "**", "[]"}.isdisjoint(mine.segments):
            # A wildcard asks for nothing where it finds nothing.
            continue
        for theirs in other.keys:
            above = theirs.segments
            length = len(above) if deeper else len(mine.segments)
            found = _join(mine.segments[:length], above)
            if found is not None:
                rest = mine.segments[length:]
                return ".".join(_written(s) for s in (*found, *rest))
    return None


def _join(one: Sequence[str], other: Sequence[str]) -> list[str] | None:
    """Return segments that two keys with wildcards both mean."""
    if not one or not other:
        rest = (*one, *other)
        return [] if all(segment == "**" for segment in rest) else None
    first, second = one[0], other[0]
    if first == "**" or second == "**":
        deep, flat = (one, other) if first == "**" else (other, one)
        skipped = _join(deep[1:], flat)
        if skipped is not None:
            return skipped
        taken = _join(deep, flat[1:]) if flat[0] != "**" else None
        return None if taken is None else [flat[0], *taken]
    if first != second and "*" not in (first, second):
        return None
    if "[]" in (first, second) and first != second:
        return None
    rest_of = _join(one[1:], other[1:])
    return None if rest_of is None else [second if first == "*" else first, *rest_of]


def _written(segment: str) -> str:
    if segment in ("*", "**"):
        return "x"
    return f'"{segment}"' if "." in segment else segment


KEY_RULES: tuple[Rule, ...] = (keys_apart, missing_and_there)
