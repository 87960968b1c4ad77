"""The statements of a whole program that have to do with each other, found once for all passes."""

from dataclasses import dataclass, field
from typing import Any

from bylaw.ir import Constraint, Permission, Reference, Waiver
from bylaw.passes.compare.pairs import At, candidates
from bylaw.program import Program, Unit

MOST_PAIRS = 10_000
"""Pairs that are looked for at most; real programs have some hundred."""

MOST_WORK = 4_000
"""Comparisons of two plain constraints that are made at most, which takes about a second."""


# --- waivers and permissions -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Referrer:
    """A waiver or permission, the decision it stands in, and the constraint it names, if found."""

    unit: Unit
    statement: Waiver | Permission
    target: Unit | None
    constraint: Constraint | None

    @property
    def reference(self) -> Reference:
        """The id as written."""
        statement = self.statement
        return statement.waives if isinstance(statement, Waiver) else statement.despite

    @property
    def word(self) -> str:
        """What a reader calls the statement."""
        return self.statement.statement


def referrers(program: Program) -> tuple[Referrer, ...]:
    """Return the waivers and permissions of all decisions, in the order of their paths."""
    return program.once(_referrers)


def _referrers(program: Program) -> tuple[Referrer, ...]:
    return tuple(
        _refer(program, unit, statement)
        for unit in program.units
        if unit.header.refers
        for statement in unit.decision.statements
        if isinstance(statement, Waiver | Permission)
    )


def _refer(program: Program, unit: Unit, statement: Waiver | Permission) -> Referrer:
    named = statement.waives if isinstance(statement, Waiver) else statement.despite
    units = [unit] if named.decision is None else program.by_id.get(named.decision, [])
    for target in units:
        if any(row.id == named.id for row in target.header.rows):
            constraints = target.decision.constraints
            found: Any = next(c for c in constraints if c.id == named.id)
            return Referrer(unit, statement, target, found)
    return Referrer(unit, statement, None, None)


# --- constraints that share a bucket -----------------------------------------------------------


@dataclass(slots=True)
class Company:
    """The pairs of constraints that may have to do with each other; `complete` if that is all."""

    pairs: list[tuple[Any, Any]] = field(default_factory=list)
    complete: bool = True


def company(program: Program) -> Company:
    """Return the pairs of constraints in force (or one of them proposed) that share a bucket."""
    return program.once(_company)


def _company(program: Program) -> Company:
    # Only what binds, or would, is compared; most decisions meet no other and stay packed.
    headers = [
        unit.header
        if program.standing[unit.header.path].state in ("in-force", "proposed")
        else None
        for unit in program.units
    ]
    pairs, complete = candidates(headers, MOST_PAIRS, program.ground)
    if not pairs:
        return Company([], complete)
    claims = _claims(program, sorted({at for pair in pairs for at in pair}))
    found = Company(complete=complete)
    work = 0
    for a, b in pairs:
        one, other = claims[a], claims[b]
        if one.proposed and other.proposed:
            # Perhaps neither of the two comes to bind.
            continue
        work += one.work * other.work
        if work > MOST_WORK:
            found.complete = False
            break
        found.pairs.append((one, other))
    return found


def _claims(program: Program, places: list[At]) -> dict[At, Any]:
    from bylaw.passes.compare.claim import make_claim  # noqa: PLC0415 - nothing to compare, as a rule

    permissions = _permissions(program)
    found: dict[At, Any] = {}
    last, constraints, proposed = -1, (), False
    for unit, row in places:
        header = program.units[unit].header
        if unit != last:
            last = unit
            constraints = program.units[unit].decision.constraints  # type: ignore[assignment]
            proposed = program.standing[header.path].state == "proposed"
        constraint: Any = constraints[row]
        granted = permissions.get(f"{header.id}/{constraint.id}", ())
        found[unit, row] = make_claim(
            header.path, header.id, constraint, granted, proposed, program.ground
        )
    return found


def _permissions(program: Program) -> dict[str, list[Permission]]:
    """Return the permissions in force, by the full id of the constraint they cut into."""
    found: dict[str, list[Permission]] = {}
    for referrer in referrers(program):
        statement, target = referrer.statement, referrer.target
        if target is None or not isinstance(statement, Permission):
            continue
        if program.in_force(referrer.unit.header.path):
            full_id = f"{target.header.id}/{referrer.reference.id}"
            found.setdefault(full_id, []).append(statement)
    return found


def replaces(program: Program, one: str, other: str) -> bool:
    """Tell whether one of two decisions is to supersede or amend the other."""
    kinds = ("supersedes", "superseded-by", "amends", "amended-by")
    return any(
        relation.kind in kinds and relation.target == target
        for path, target in ((one, other), (other, one))
        for relation in program.relations.get(path, ())
    )
