"""The rules of conflict that hold for every shape with operands: demands, bans and closed doors.

A rule answers for an ordered pair. Whatever it cannot decide it leaves alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bylaw.ir import Constraint, Depend, ExceptGroups, ExceptTypeChecking, Import, Refer
from bylaw.passes.compare.claim import Claim, meeting, subjects_meet
from bylaw.passes.compare.module_files import module_files, module_name
from bylaw.passes.compare.operands import Named, covered, excepted, meet, operands, text
from bylaw.passes.compare.region import Region, contains, is_empty, witness
from bylaw.program import Ground


@dataclass(frozen=True, slots=True)
class Clash:
    """What both constraints claim, and why they cannot both have it."""

    witness: str
    reason: str


Rule = Callable[[Claim, Claim], Clash | None]

_FAMILIES = (
    {"import"},
    {"depend"},
    {"call", "use"},
    {"catch"},
    {"pass"},
    {"decorated"},
    {"inherit"},
    {"define"},
    {"contain", "start"},
    {"match"},
    {"ci-run"},
    {"agent-run"},
    {"hold"},
    {"semgrep"},
    {"named"},
    {"name-match"},
)
_FAMILY = {shape: index for index, shapes in enumerate(_FAMILIES) for shape in shapes}

_PLACELESS = {
    "ci": "CI",
    "branches": "every branch name",
    "commits": "every commit message",
    "command": "the command",
}


def same_family(one: Constraint, other: Constraint) -> bool:
    """Tell whether the operands of two constraints are of one sort and can be compared."""
    family = _FAMILY.get(one.shape)
    return family is not None and family == _FAMILY.get(other.shape)


# --- MUST against MUST NOT ---------------------------------------------------------------------


def required(constraint: Any) -> tuple[Named, ...]:
    """Return what a MUST asks for, or nothing."""
    return operands(constraint) if constraint.modal == "must" else ()


def demanded_and_forbidden(must: Claim, never: Claim) -> Clash | None:
    """One demands what the other forbids, or reserves for others."""
    demand, ban = must.constraint, never.constraint
    if demand.modal != "must" or ban.modal not in ("must-not", "only-may"):
        return None
    if not same_family(demand, ban) or not _no_way_round(demand, ban):
        return None
    if demand.shape == "semgrep":
        same = _words(demand) == _words(ban)
        return _clash_at(must, never, None) if same else None
    asked = required(demand)
    banned = [operand for operand in asked if covered(operand, ban, demand.shape)]
    # `or` leaves a choice: all of it must be forbidden. `and` leaves none.
    if not banned or (_choice(demand) and len(banned) < len(asked)):
        return None
    return _clash_at(must, never, banned[0])


def _choice(constraint: Any) -> bool:
    return getattr(constraint, "quantifier", "any") == "any"


def _words(constraint: Any) -> list[str]:
    return str(constraint.pattern).split()


def _no_way_round(demand: Constraint, ban: Constraint) -> bool:
    """Tell whether keeping the demand always breaks the ban."""
    if demand.shape == "use" and ban.shape == "call":
        return False
    if any(isinstance(exception, ExceptTypeChecking) for exception in ban.exceptions):
        return False
    if isinstance(demand, Import) and isinstance(ban, Import):
        # The demand can be kept inside a function, or through another module.
        return ban.reach in ("indirect", demand.reach) or (
            ban.reach == "direct" and demand.reach == "module-level"
        )
    if isinstance(demand, Depend) and isinstance(ban, Depend):
        return _covers_where(ban, demand) and not any(
            isinstance(exception, ExceptGroups) for exception in ban.exceptions
        )
    if demand.shape == "agent-run" and ban.shape == "agent-run":
        return bool(ban.when in ("always", demand.when))
    return not isinstance(demand, Refer) or demand.shape != "catch" or ban.shape == "catch"


def _covers_where(outer: Depend, inner: Depend) -> bool:
    """Tell whether all places in manifests that `inner` speaks of are spoken of by `outer`."""
    if outer.where == "anywhere":
        return True
    same = outer.where == inner.where
    return same and {n.text for n in inner.names} <= {n.text for n in outer.names}


def _clash_at(must: Claim, never: Claim, operand: Named | None) -> Clash | None:
    """Find the file, and name what it would both have to have and not to have."""
    demand, ban = must.constraint, never.constraint
    if demand.subject.noun in _PLACELESS or ban.subject.noun in _PLACELESS:
        if demand.subject.noun != ban.subject.noun or not subjects_meet(demand, ban):
            return None
        found: str | None = _PLACELESS[demand.subject.noun]
    else:
        found = meeting(must, never.judged, operand)
    if found is None or not _project_is_covered(must, never):
        return None
    thing = _thing(must, found, operand)
    verb = "reserves for others" if ban.modal == "only-may" else "forbids"
    return Clash(thing, f"one demands what the other {verb}")


def _project_is_covered(must: Claim, never: Claim) -> bool:
    """Tell whether the ban speaks of every manifest that could keep a demand on the project."""
    if must.constraint.subject.noun != "project":
        return True
    return contains(never.bound(), must.place.named)


def _thing(claim: Claim, path: str, operand: Named | None) -> str:
    """Name the witness: an import edge, a key, a call or a file."""
    constraint = claim.constraint
    name = "" if operand is None else text(operand)
    if constraint.shape == "import":
        return f"{module_name(path, claim.ground)} -> {name}"
    if constraint.shape in ("ci-run", "agent-run"):
        return name
    if constraint.kind == "key":
        keys: Any = constraint.subject
        return f"{keys.keys[0].text} in {path}"
    return path


# --- closed doors ------------------------------------------------------------------------------


def shut_door(only: Claim, other: Claim) -> Clash | None:
    """One lets only some places have a thing, and the other forbids it to all of those."""
    door, ban = only.constraint, other.constraint
    if door.modal != "only-may" or ban.modal not in ("must-not", "only-may"):
        return None
    if not same_family(door, ban) or door.shape != ban.shape:
        return None
    if door.subject.noun in ("agents", *_PLACELESS) or not subjects_meet(door, ban):
        return None
    shared = _shared_operand(door, ban)
    if shared is None:
        return None
    operand, name = shared
    if not _is_shut(only, other) or (ban.modal == "only-may" and not _is_shut(other, only)):
        return None
    opened = _open_side(only, other, operand)
    if opened is not None and ban.modal == "only-may":
        # Either door would do; taking the first name makes the answer the same both ways round.
        opened = min(opened, _open_side(other, only, operand) or opened)
    if opened is None:
        return None
    edge = f"{module_name(opened, only.ground)} -> {name}"
    thing = edge if door.shape == "import" else opened
    if ban.modal == "only-may":
        return Clash(thing, "each lets in only what the other keeps out, so nothing may")
    return Clash(thing, "one allows it to these places only, and the other forbids it there")


def _shared_operand(door: Constraint, ban: Constraint) -> tuple[Named, str] | None:
    for operand in operands(door):
        if ban.modal == "must-not" and not covered(operand, ban, door.shape):
            continue
        for theirs in operands(ban):
            name = meet(operand, theirs)
            left_out = (*excepted(door), *excepted(ban))
            if name is not None and not any(meet(operand, out) for out in left_out):
                return operand, name
    return None


def _is_shut(only: Claim, other: Claim) -> bool:
    return contains(other.judged.bound(), only.place.named)


def _open_side(only: Claim, other: Claim, operand: Named) -> str | None:
    """Return a file in the door that the other constraint binds."""
    region: Region = only.place.named & other.judged.bound(operand)
    return witness(region.within(("**/*.py",))) or witness(region)


# --- MUST against MUST only --------------------------------------------------------------------


def outside_the_allowed(must: Claim, only: Claim) -> Clash | None:
    """One demands what is not on the other's list of all that is allowed."""
    demand, allowed = must.constraint, only.constraint
    if demand.modal != "must" or allowed.modal != "must-only":
        return None
    if not same_family(demand, allowed) or not _no_way_round(demand, allowed):
        return None
    asked = required(demand)
    left = [operand for operand in asked if not _is_allowed(operand, only, demand)]
    if not left or (_choice(demand) and len(left) < len(asked)):
        return None
    found = meeting(must, only, left[0])
    if found is None or not _project_is_covered(must, only):
        return None
    return Clash(_thing(must, found, left[0]), "one demands what is not on the other's list")


def _is_allowed(operand: Named, only: Claim, demand: Constraint) -> bool:
    """Tell whether an operand may be on the list, which it is where that is not known."""
    if isinstance(demand, Import):
        from bylaw.standard_library import may_be_standard  # noqa: PLC0415 - a long table

        if operand.__class__.__name__ != "Module" or any(
            allowed.__class__.__name__ != "Module" for allowed in operands(only.constraint)
        ):
            return True
        first = text(operand).partition("/")[0].partition(".")[0]
        if (
            may_be_standard(first)
            or "*" in first
            or _may_be_own(first, only.place.named, only.ground)
        ):
            return True
    return any(meet(operand, allowed) for allowed in operands(only.constraint))


def _may_be_own(first: str, region: Region, ground: Ground) -> bool:
    """Tell whether modules below a first name may be among those of the region."""
    if any(first in glob.split("/") for union in region.unions for glob in union):
        return True
    return not is_empty(region.within(module_files((first,), ground)))


GENERAL_RULES: tuple[Rule, ...] = (demanded_and_forbidden, shut_door, outside_the_allowed)
