"""A constraint whose last day has passed."""

from bylaw.diagnostics import Code, Report, Severity
from bylaw.program import Program

ENDED_CONSTRAINT = Code("BL225", "ended-constraint", Severity.WARNING)


def ended_constraint(program: Program, report: Report) -> None:
    """Report every constraint of a decision in force that was to end before the day of the run."""
    for unit in program.units:
        header = unit.header
        if not header.days or header.days[0] > program.as_of or not program.in_force(header.path):
            continue
        for constraint in unit.decision.constraints:
            if constraint.until is not None and constraint.until < program.as_of:
                report.add(
                    ENDED_CONSTRAINT,
                    f"`{constraint.id}` ended on {constraint.until}",
                    constraint.span,
                    note="binds nobody any more",
                    help="remove it, or give it a new date",
                )
