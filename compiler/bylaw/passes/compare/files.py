"""The rules of conflict about which files there are: their existence, their place, their pairs."""

import re
from collections.abc import Callable
from typing import Any

from bylaw.ir import AgentChange, Exist, HoldEntry, Import, Layered, Live, Named, Pair
from bylaw.passes.compare.claim import Claim
from bylaw.passes.compare.general import Clash
from bylaw.passes.compare.region import (
    EVERYTHING,
    Region,
    contains,
    is_empty,
    module_globs,
    module_name,
    witness,
)
from bylaw.places import template_glob

_PLAIN_END = re.compile(r"\w")

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
        return [named.within((_exact(glob) if single else glob,)) for glob in whole]
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


def _exact(path: str) -> str:
    """Return a glob for a plain path alone, which otherwise means all below it too."""
    wild = not _PLAIN_END.match(path[-1:])
    return path if wild or any(char in path for char in "*?[{") else f"{path[:-1]}[{path[-1]}]"


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
    """One demands an import that the other's layers forbid."""
    demand, order = must.constraint, layers.constraint
    if not isinstance(demand, Import) or not isinstance(order, Layered) or order.within:
        return None
    subject: Any = order.subject
    if demand.modal != "must" or order.modal != "must" or demand.reach == "indirect":
        return None
    if demand.quantifier == "any" and len(demand.operands) > 1:
        return None
    from bylaw.passes.compare.operands import within  # noqa: PLC0415

    for position, lower in enumerate(subject.layers):
        above = [module for layer in subject.layers[:position] for module in layer.modules]
        for operand in demand.operands:
            if not any(within(operand, module, "import", "import") for module in above):
                continue
            globs = tuple(g for module in lower.modules for g in module_globs(module.text))
            found = witness(must.bound(operand).within(globs).within(("**/*.py",)))
            if found is not None:
                edge = f"{module_name(found)} -> {getattr(operand, 'text', '')}"
                return Clash(edge, "one demands an import of a higher layer by a lower one")
    return None


FILE_RULES: tuple[Rule, ...] = (
    homes_apart,
    wanted_and_forbidden,
    changes_apart,
    upward_demand,
)
