"""A constraint that another one makes needless: whatever violates it violates the other."""

from bylaw.diagnostics import Code, Label, Report, Severity
from bylaw.passes.compare.company import company
from bylaw.program import Program

SUBSUMED_CONSTRAINT = Code("BL233", "subsumed-constraint", Severity.WARNING)


def subsumed_constraint(program: Program, report: Report) -> None:
    """Report every constraint in force of which another in force says all and more."""
    pairs = company(program).pairs
    if not pairs:
        return
    from bylaw.passes.compare.redundant import are_duplicates, says_no_less  # noqa: PLC0415

    done: set[tuple[str, int]] = set()
    for first, second in pairs:
        if first.proposed or second.proposed or are_duplicates(first, second):
            continue
        # Of two that say the same in different words, the later one is needless.
        early, late = sorted((first, second), key=lambda claim: claim.sort_key)
        for outer, inner in ((early, late), (late, early)):
            if (
                inner.sort_key not in done
                and outer.sort_key not in done
                and says_no_less(outer, inner)
            ):
                done.add(inner.sort_key)
                report.add(
                    SUBSUMED_CONSTRAINT,
                    f"`{inner.full_id}` is redundant: `{outer.full_id}` says all of it",
                    inner.span,
                    labels=[Label(outer.span, "the wider one")],
                    help="remove the narrower one, or say what it adds",
                )
