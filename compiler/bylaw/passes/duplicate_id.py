"""Two statements of one decision under one id."""

from bylaw.diagnostics import Code, Label, Report, Severity
from bylaw.ir import ConstraintNode, Decision, Guidance, Permission, StatementNode

DUPLICATE_ID = Code("BL201", "duplicate-id", Severity.ERROR)


def duplicate_id(decision: Decision, report: Report) -> None:
    """Report every id that an earlier statement of the decision has."""
    first: dict[str, StatementNode] = {}
    for statement in decision.statements:
        if not isinstance(statement, ConstraintNode | Permission | Guidance):
            continue
        if statement.id is None or not getattr(statement, "named", True):
            continue
        earlier = first.setdefault(statement.id, statement)
        if earlier is statement:
            continue
        report.add(
            DUPLICATE_ID,
            f"duplicate constraint id `{statement.id}`",
            getattr(statement, "id_span", None) or statement.span,
            note="used before",
            labels=[Label(getattr(earlier, "id_span", None) or earlier.span, "first used here")],
            help="rename one of them; ids appear in emitted rules and in waivers",
        )
