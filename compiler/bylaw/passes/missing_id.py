"""A statement without an id: nothing can hang on it that outlives a change of its words."""

from bylaw.diagnostics import Code, Report, Severity
from bylaw.ir import ConstraintNode, Decision, Permission

MISSING_ID = Code("BL202", "missing-id", Severity.WARNING)


def missing_id(decision: Decision, report: Report) -> None:
    """Report every constraint and permission whose id is derived from its words."""
    for statement in decision.statements:
        if isinstance(statement, ConstraintNode | Permission) and not statement.named:
            report.add(
                MISSING_ID,
                "statement without an id",
                statement.span,
                note=f"goes by `{statement.id}` until its words change",
                help=f"start it with `[{statement.id}]`; `bylaw fmt` writes one in",
            )
