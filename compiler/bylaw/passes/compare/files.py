"""The rules of conflict about which files there are: their existence, their place, their pairs."""

from collections.abc import Callable, Iterator
from typing import Any

from bylaw.ir import (
    AgentChange,
    Exist,
    HoldEntry,
    Import,
    Independent,
    Layered,
    Live,
    Module,
    Named,
    Pair,
)
from bylaw.passes.compare.claim import Claim
from bylaw.passes.compare.general import Clash
from bylaw.passes.compare.module_files import module_files, module_name, module_region
from bylaw.passes.compare.operands import within
from bylaw.passes.compare.region import (
    EVERYTHING,
    Region,
    contains,
    file_glob,
    is_empty,
    witness,
)
from bylaw.places import template_glob

Rule = Callable[[Claim, Claim], Clash | None]


def _allowed(claim: Claim) -> Region | None:
    """Return where files of the subject may be, or None where the constraint is not about that."""
    constraint: Any = claim.constraint
    if constraint.subject.noun not in ("files", "directories"):
        return None
    negative = constraint.modal == "must-not"
    if isinstance(constraint, Live):
        globs = tuple(glob.text for glob in constraint.globs)
    elif isinstance(constraint, Named) and all(name.form == "glob" for name in constraint.names):
        if constraint.quantifier == "all" and len(constraint.names) > 1:
            return None
        globs = tuple(f"**/{name.text}" for name in constraint.names)
    elif isinstance(constraint, Exist) and negative:
        return Region(((),))
    else:
        return None
    return EVERYTHING.without(globs) if negative else EVERYTHING.within(globs)


def homes_apart(one: Claim, other: Claim) -> Clash | None:
    """Files of both subjects have a place under each constraint, and none under both."""
    first, second = _allowed(one), _allowed(other)
    if first is None or second is None:
        return None
    if one.constraint.subject.noun != other.constraint.subject.noun:
        return None
    common = one.bound() & other.bound()
    found, other_found = witness(common & first), witness(common & second)
    if found is None or other_found is None or not is_empty(common & first & second):
        return None
    return Clash(min(found, other_found), "no place or name is right for both")


def wanted_and_forbidden(must: Claim, never: Claim) -> Clash | None:
    """One demands a file, or files, that the other lets be nowhere."""
    allowed = _allowed(never)
    if allowed is None or never.constraint.subject.noun != "files":
        return None
    banned = never.bound()
    for wanted in _wanted(must.constraint, must.place.named):
        # What is demanded lies wholly in the other's subject, and none of it where that may be.
        if contains(banned, wanted) and is_empty(wanted & allowed):
            found = witness(wanted)
            if found is not None:
                return Clash(found, "one demands the file, and the other forbids it")
    return None


def _wanted(constraint: Any, named: Region) -> list[Region]:
    """Return the sets of files of each of which one must exist."""
    if constraint.modal != "must":
        return []
    if isinstance(constraint, Exist) and constraint.subject.noun == "files":
        whole = named.unions[0] if named.unions else ()
        single = constraint.subject.single
        return [named.within((file_glob(glob) if single else glob,)) for glob in whole]
    if isinstance(constraint, HoldEntry):
        if constraint.quantifier == "any" and len(constraint.entries) > 1:
            return []
        folders = named.unions[0] if named.unions else ()
        return [
            Region(((f"{folder.rstrip('/')}/{entry.text}",),), named.exclude)
            for folder in folders
            for entry in constraint.entries
            if not folder.endswith(("/", "/**")) and any(char in folder for char in "*?[{")
        ]
    if isinstance(constraint, Pair) and constraint.shape == "exist-with":
        if constraint.quantifier == "any" and len(constraint.counterparts) > 1:
            return []
        return [Region(((template_glob(t.text),),)) for t in constraint.counterparts]
    return []


def changes_apart(pair: Claim, lane: Claim) -> Clash | None:
    """Find a change that asks an agent for another one, which the agent may not make."""
    first, second = pair.constraint, lane.constraint
    if not isinstance(first, Pair) or first.shape != "change-with":
        return None
    if not isinstance(second, AgentChange) or second.modal not in ("must-not", "must-only"):
        return None
    if second.exceptions or second.lead_in or getattr(second.subject, "globs", ()):
        return None
    globs = tuple(glob.text for glob in second.globs)
    free = EVERYTHING.within(globs) if second.modal == "must-only" else EVERYTHING.without(globs)
    partners = [Region(((template_glob(t.text),),)) for t in first.counterparts]
    shut = [is_empty(partner & free) for partner in partners]
    if not (all(shut) if first.quantifier == "any" else any(shut)):
        return None
    found = witness(pair.bound() & free)
    if found is None:
        return None
    return Clash(found, "an agent may change it, but not what must change with it")


def upward_demand(must: Claim, layers: Claim) -> Clash | None:
    """Find an import that one demands, and that the other's layers or independence forbid."""
    demand, order = must.constraint, layers.constraint
    if not isinstance(demand, Import) or not isinstance(order, Layered | Independent):
        return None
    if demand.modal != "must" or order.modal != "must" or demand.reach == "indirect":
        return None
    if getattr(order, "within", ()) or (demand.quantifier == "any" and len(demand.operands) > 1):
        return None
    if order.exceptions:
        return None
    for lower, forbidden in _forbidden(order):
        for operand in demand.operands:
            if not any(within(operand, module, "import", "import") for module in forbidden):
                continue
            ground = must.ground
            below = module_region((module.text for module in lower), ground)
            own = module_files((module.text for module in forbidden), ground)
            found = witness((must.bound(operand) & below).within(("**/*.py",)).without(own))
            if found is not None:
                edge = f"{module_name(found, ground)} -> {getattr(operand, 'text', '')}"
                return Clash(edge, "one demands an import that the other's order forbids")
    return None


def _forbidden(order: Any) -> Iterator[tuple[tuple[Module, ...], tuple[Module, ...]]]:
    """Yield modules with those that they must not import."""
    layers = [layer.modules for layer in order.subject.layers]
    for position, lower in enumerate(layers):
        others = layers[:position]
        if order.shape == "independent":
            others += layers[position + 1 :]
        yield lower, tuple(module for other in others for module in other)


FILE_RULES: tuple[Rule, ...] = (
    homes_apart,
    wanted_and_forbidden,
    changes_apart,
    upward_demand,
)
