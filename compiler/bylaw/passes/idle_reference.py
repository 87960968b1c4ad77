"""A waiver or a permission for a constraint that is not in force."""

from bylaw.diagnostics import Code, Label, Report, Severity
from bylaw.passes.compare.company import referrers
from bylaw.program import Program

IDLE_REFERENCE = Code("BL222", "idle-reference", Severity.WARNING)


def idle_reference(program: Program, report: Report) -> None:
    """Report every waiver and permission, itself in force, for a constraint that is not."""
    for referrer in referrers(program):
        target, constraint = referrer.target, referrer.constraint
        if target is None or constraint is None:
            continue
        if not program.in_force(referrer.unit.header.path):
            continue
        standing = program.standing[target.header.path]
        if standing.state != "in-force":
            why = f"`{target.header.id}` is {_word(standing.state)}"
        elif constraint.until is not None and constraint.until < program.as_of:
            why = f"it ended on {constraint.until}"
        else:
            continue
        report.add(
            IDLE_REFERENCE,
            f"the {referrer.word} is for `{referrer.reference.text}`, which is not in force",
            referrer.reference.span,
            note=why,
            labels=[Label(constraint.id_span or constraint.span, "the constraint")],
            help=f"remove the {referrer.word}",
        )


def _word(state: str) -> str:
    return {"none": "without a status", "unclear": "of an unclear status"}.get(state, state)
