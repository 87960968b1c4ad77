"""The rules of conflict between two demands that cannot both be kept, shape by shape."""

from collections.abc import Callable, Sequence
from typing import Any

from bylaw.ir import (
    AgentAutonomy,
    AgentsSubject,
    Argument,
    Depend,
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
from bylaw.passes.compare.region import Region, contains, is_empty, witness

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
    levels = sorted((first.level, second.level))
    return _at(one, other, f"an agent works there as `{levels[0]}` or as `{levels[1]}`")


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
    mine, theirs = _changed(first), _changed(second)
    shut = contains(theirs, mine) if second.modal == "must-not" else is_empty(mine & theirs)
    found = witness(mine) if shut else None
    if found is not None and second.modal == "must-only":
        found = min(found, witness(theirs) or found)
    return Clash(found, "together they let an agent change nothing") if found else None


def agent_doors_apart(one: Claim, other: Claim) -> Clash | None:
    """Find files that only some agents may change, and those may not either."""
    door, ban = one.constraint, other.constraint
    if door.shape != "agent-change" or ban.shape != "agent-change" or door.modal != "only-may":
        return None
    if ban.modal not in ("must-not", "only-may") or _scoped(door) or _scoped(ban):
        return None
    if door.exceptions or ban.exceptions or one.permissions or other.permissions:
        return None
    let_in, classes = _classes(door), _classes(ban)
    if ban.modal == "only-may":
        shut = bool(let_in) and bool(classes) and not let_in & classes
    else:
        shut = not classes or (bool(let_in) and let_in <= classes)
    found = witness(_changed(door) & _changed(ban)) if shut else None
    return Clash(found, "no agent is left that may change it") if found else None


def _classes(constraint: Any) -> set[str]:
    return {name.text for name in constraint.subject.classes}


def _changed(constraint: Any) -> Region:
    return Region((tuple(glob.text for glob in constraint.globs),))


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
    lanes_apart,
    agent_doors_apart,
)
