"""Constraints that nobody can say are in force: their decision has no status, or an unclear one."""

from bylaw.diagnostics import Code, Label, Report, Severity
from bylaw.passes.compare.where import status_span
from bylaw.program import Program

CONSTRAINTS_WITHOUT_STATUS = Code("BL217", "constraints-without-status", Severity.ERROR)


def constraints_without_status(program: Program, report: Report) -> None:
    """Report every decision with constraints under no status, or under one that is unclear."""
    for unit in program.units:
        header = unit.header
        if not header.rows or program.standing[header.path].state not in ("none", "unclear"):
            continue
        first = unit.decision.constraints[0].span
        count = len(header.rows)
        what = "constraint stands" if count == 1 else "constraints stand"
        status = f"the unclear status `{header.status_raw}`" if header.status_raw else "no status"
        report.add(
            CONSTRAINTS_WITHOUT_STATUS,
            f"{count} {what} under {status}",
            status_span(unit),
            note="binds nothing",
            labels=[Label(first, "the first one")],
            help="write `accepted`, `proposed` or `rejected` as the decision's status",
        )
