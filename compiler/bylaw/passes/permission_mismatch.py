"""A permission that takes nothing out of the constraint it names."""

from bylaw.diagnostics import Code, Label, Report, Severity
from bylaw.ir import Constraint, Permission
from bylaw.passes.compare.company import referrers
from bylaw.passes.compare.region import is_empty
from bylaw.program import Ground, Program

PERMISSION_MISMATCH = Code("BL224", "permission-mismatch", Severity.ERROR)


def permission_mismatch(program: Program, report: Report) -> None:
    """Report every permission of another predicate, other operands or other places."""
    for referrer in referrers(program):
        permission, constraint = referrer.statement, referrer.constraint
        if not isinstance(permission, Permission) or constraint is None:
            continue
        if program.standing[referrer.unit.header.path].state == "retired":
            continue
        fault = _fault(permission.grant, constraint, program.ground)
        if fault is not None:
            message, advice = fault
            report.add(
                PERMISSION_MISMATCH,
                message,
                permission.span,
                labels=[Label(constraint.span, f"`{constraint.id}`")],
                help=advice,
            )


def _fault(grant: Constraint, constraint: Constraint, ground: Ground) -> tuple[str, str] | None:
    from bylaw.passes.compare.claim import subjects_meet  # noqa: PLC0415 - seldom needed
    from bylaw.passes.compare.place import has_places, place  # noqa: PLC0415

    if grant.shape != constraint.shape:
        return (
            f"the permission has another predicate than `{constraint.id}`",
            "permit with the predicate of the constraint",
        )
    if not _share_operands(grant, constraint):
        return (
            f"`{constraint.id}` says nothing about what the permission names",
            "permit what the constraint forbids",
        )
    if not has_places(constraint) or not has_places(grant) or "agents" in _nouns(grant, constraint):
        return None
    if _nouns(grant, constraint) == {"entities"} and not subjects_meet(grant, constraint):
        return None
    # Two lists of modules start at the same roots, wherever those are.
    loose = _nouns(grant, constraint) != {"modules"}
    granted = place(grant, ground, loose=loose).named
    if is_empty(granted & place(constraint, ground, loose=loose).bound):
        return (
            f"`{constraint.id}` does not bind where the permission is for",
            "permit it in places that the constraint speaks of",
        )
    return None


def _share_operands(grant: Constraint, constraint: Constraint) -> bool:
    """Tell whether a ban's operands and the granted ones meet; True where that is not known."""
    from bylaw.passes.compare.operands import meet, operands  # noqa: PLC0415 - seldom needed

    granted, named = operands(grant), operands(constraint)
    sorts = {operand.__class__ for operand in (*granted, *named)}
    if constraint.modal not in ("must-not", "only-may") or not named or len(sorts) != 1:
        return True
    return any(meet(a, b) or meet(b, a) for a in granted for b in named)


def _nouns(*constraints: Constraint) -> set[str]:
    return {constraint.subject.noun for constraint in constraints}
