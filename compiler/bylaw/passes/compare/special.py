"""The rules of conflict between two demands that cannot both be kept, shape by shape."""

from collections.abc import Callable, Sequence
from typing import Any

from bylaw.ir import (
    AgentAutonomy,
    AgentsSubject,
    Argument,
    Depend,
    KeyBound,
    KeysSubject,
    KeyValue,
    LiteralText,
    Named,
    NameMatch,
    Pass,
    Size,
    Text,
)
from bylaw.passes.compare import names, versions
from bylaw.passes.compare.claim import Claim, meeting, subjects_meet
from bylaw.passes.compare.general import Clash
from bylaw.passes.compare.packages import package
from bylaw.passes.compare.region import witness

Rule = Callable[[Claim, Claim], Clash | None]


def _both(one: Claim, other: Claim, modal: str = "must") -> bool:
    return one.constraint.modal == other.constraint.modal == modal


def _at(one: Claim, other: Claim, reason: str) -> Clash | None:
    found = meeting(one, other)
    return Clash(found, reason) if found is not None else None


# --- bounds and ranges -------------------------------------------------------------------------


def sizes_apart(low: Claim, high: Claim) -> Clash | None:
    """At least as many lines as one wants are more than the other allows."""
    least, most = low.constraint, high.constraint
    if not isinstance(least, Size) or not isinstance(most, Size):
        return None
    if (least.bound, most.bound) != ("at-least", "at-most") or least.unit != most.unit:
        return None
    if least.count <= most.count:
        return None
    return _at(
        low, high, f"no file has at least {least.count} and at most {most.count} {most.unit}"
    )


def ranges_apart(one: Claim, other: Claim) -> Clash | None:
    """Two demands on the versions of one package that no version meets."""
    first, second = one.constraint, other.constraint
    if not isinstance(first, Depend) or not isinstance(second, Depend):
        return None
    if first.modal != "must" or second.modal not in ("must", "must-only"):
        return None
    if "project" in (first.subject.noun, second.subject.noun):
        # Any manifest keeps such a demand: it takes two named ones to contradict each other.
        return None
    if first.quantifier == "any" and len(first.requirements) > 1:
        return None
    if second.modal == "must" and second.quantifier == "any" and len(second.requirements) > 1:
        return None
    if (first.where, {n.text for n in first.names}) != (
        second.where,
        {n.text for n in second.names},
    ):
        return None
    for mine in first.requirements:
        ranges = [r.specifier for r in second.requirements if package(r.name) == package(mine.name)]
        if ranges and all(versions.disjoint(mine.specifier, theirs) for theirs in ranges):
            return _at(one, other, f"no version of `{mine.name}` is in both ranges")
    return None


def autonomies_apart(one: Claim, other: Claim) -> Clash | None:
    """Two levels of autonomy for one agent at one place."""
    first, second = one.constraint, other.constraint
    if not isinstance(first, AgentAutonomy) or not isinstance(second, AgentAutonomy):
        return None
    if first.level == second.level or not _both(one, other):
        return None
    return _at(one, other, f"an agent works there as `{first.level}` or as `{second.level}`")


# --- names -------------------------------------------------------------------------------------


def names_apart(one: Claim, other: Claim) -> Clash | None:
    """Two demands on a name that no name meets."""
    first, second = one.constraint, other.constraint
    if not isinstance(first, Named) or not isinstance(second, Named) or not _both(one, other):
        return None
    for mine in _choices(first.names, first.quantifier):
        for theirs in _choices(second.names, second.quantifier):
            if names.disjoint(
                [names.expression(n) for n in mine], [names.expression(n) for n in theirs]
            ):
                return _at(one, other, "no name is both")
    return None


def texts_apart(one: Claim, other: Claim) -> Clash | None:
    """Two expressions for branch names or commit messages that nothing matches both of."""
    first, second = one.constraint, other.constraint
    if not isinstance(first, NameMatch) or not isinstance(second, NameMatch):
        return None
    if not _both(one, other) or not subjects_meet(first, second):
        return None
    for mine in _choices(first.regexes, first.quantifier):
        for theirs in _choices(second.regexes, second.quantifier):
            if names.disjoint([r.text for r in mine], [r.text for r in theirs]):
                noun = {"branches": "every branch name", "commits": "every commit message"}
                return Clash(noun[first.subject.noun], "nothing matches both expressions")
    return None


def _choices(operands: Sequence[Any], quantifier: str) -> list[list[Any]]:
    """Return the alternatives that must each be met: one of all for `or`, each for `and`."""
    return [list(operands)] if quantifier == "any" else [[operand] for operand in operands]


def starts_apart(one: Claim, other: Claim) -> Clash | None:
    """Two different texts at the start of one file."""
    first, second = one.constraint, other.constraint
    if not isinstance(first, Text) or not isinstance(second, Text) or not _both(one, other):
        return None
    if first.shape != "start" or second.shape != "start":
        return None
    for mine in _choices(first.texts, first.quantifier):
        for theirs in _choices(second.texts, second.quantifier):
            if not any(
                a.text.startswith(b.text) or b.text.startswith(a.text) for a in mine for b in theirs
            ):
                return _at(one, other, "a file starts with one text or the other")
    return None


def held_and_matched(must: Claim, never: Claim) -> Clash | None:
    """One demands a text that the other's expression finds, whatever stands around it."""
    demand, ban = must.constraint, never.constraint
    if not isinstance(demand, Text) or not isinstance(ban, Text) or demand.modal != "must":
        return None
    if ban.shape != "match" or ban.modal not in ("must-not", "only-may") or demand.shape == "match":
        return None
    found = [_always_found(t.text, [r.text for r in ban.texts], demand.shape) for t in demand.texts]
    hit = any(found) if demand.quantifier == "all" else bool(found) and all(found)
    return _at(must, never, "the demanded text is what the expression finds") if hit else None


def _always_found(held: str, expressions: Sequence[str], shape: str) -> bool:
    import re2  # noqa: PLC0415 - slow to import, and few programs need it

    # Assertions look one character to each side; these are the kinds of character there are.
    sides = ("", "a", " ", "\n")
    options = re2.Options()
    options.log_errors = False
    options.never_nl = False
    for expression in expressions:
        try:
            search = re2.compile(f"(?m){expression}", options).search
        except re2.error:
            continue
        before = sides if shape == "contain" else ("", "\n")
        if all(search(left + held + right) for left in before for right in sides):
            return True
    return False


# --- arguments ---------------------------------------------------------------------------------


def arguments_apart(one: Claim, other: Claim) -> Clash | None:
    """Two values for one argument of one call."""
    first, second = one.constraint, other.constraint
    if not isinstance(first, Pass) or not isinstance(second, Pass) or not _both(one, other):
        return None
    for mine in _choices(first.arguments, first.quantifier):
        for theirs in _choices(second.arguments, second.quantifier):
            if mine and theirs and all(_differ(a, b) for a in mine for b in theirs):
                return _at(one, other, "an argument is passed with one value or the other")
    return None


def _differ(one: Argument, other: Argument) -> bool:
    return (
        one.name is not None
        and one.name == other.name
        and one.value is not None
        and other.value is not None
        and _literal(one.value) != _literal(other.value)
    )


def _literal(value: str) -> str:
    """Return a literal in one spelling: the quotes are the writer's choice."""
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\"`"
    return f"'{value[1:-1]}'" if quoted else value


# --- keys --------------------------------------------------------------------------------------


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
    if subject.each and demand.shape != "key-exist":
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


# --- agents ------------------------------------------------------------------------------------


def lanes_apart(one: Claim, other: Claim) -> Clash | None:
    """Find an agent that may change nothing: one lets it only where the other does not."""
    first, second = one.constraint, other.constraint
    if first.shape != "agent-change" or second.shape != "agent-change":
        return None
    if first.modal != "must-only" or second.modal not in ("must-not", "must-only"):
        return None
    if not subjects_meet(first, second) or _scoped(first) or _scoped(second):
        return None
    if first.exceptions or second.exceptions or one.permissions or other.permissions:
        return None
    from bylaw.passes.compare.region import Region, contains, is_empty  # noqa: PLC0415

    mine = Region((tuple(g.text for g in first.globs),))
    theirs = Region((tuple(g.text for g in second.globs),))
    shut = contains(theirs, mine) if second.modal == "must-not" else is_empty(mine & theirs)
    found = witness(mine) if shut else None
    if found is not None and second.modal == "must-only":
        found = min(found, witness(theirs) or found)
    return Clash(found, "together they let an agent change nothing") if found else None


def _scoped(constraint: Any) -> bool:
    subject: AgentsSubject = constraint.subject
    return bool(subject.globs) or constraint.lead_in is not None


SPECIAL_RULES: tuple[Rule, ...] = (
    sizes_apart,
    ranges_apart,
    autonomies_apart,
    names_apart,
    texts_apart,
    starts_apart,
    held_and_matched,
    arguments_apart,
    keys_apart,
    missing_and_there,
    lanes_apart,
)
