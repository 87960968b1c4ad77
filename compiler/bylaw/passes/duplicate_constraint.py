"""Two constraints that say the same."""

from bylaw.diagnostics import Code, Label, Report, Severity
from bylaw.passes.compare.company import company
from bylaw.program import Program

DUPLICATE_CONSTRAINT = Code("BL232", "duplicate-constraint", Severity.WARNING)


def duplicate_constraint(program: Program, report: Report) -> None:
    """Report every constraint in force that an earlier one in force already says."""
    pairs = company(program).pairs
    if not pairs:
        return
    from bylaw.passes.compare.redundant import are_duplicates  # noqa: PLC0415 - seldom needed

    done: set[tuple[str, int]] = set()
    for first, second in pairs:
        early, late = sorted((first, second), key=lambda claim: claim.sort_key)
        if first.proposed or second.proposed or late.sort_key in done:
            continue
        if not are_duplicates(first, second):
            continue
        done.add(late.sort_key)
        report.add(
            DUPLICATE_CONSTRAINT,
            f"`{late.full_id}` says what `{early.full_id}` says",
            late.span,
            labels=[Label(early.span, "said here")],
            help="remove one of them",
        )
