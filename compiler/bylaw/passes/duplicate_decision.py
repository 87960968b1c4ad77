"""Two decisions of one name: their constraints' full ids are the same."""

from bylaw.diagnostics import Code, Label, Report, Severity
from bylaw.passes.compare.where import title_span
from bylaw.program import Program

DUPLICATE_DECISION = Code("BL210", "duplicate-decision", Severity.ERROR)


def duplicate_decision(program: Program, report: Report) -> None:
    """Report every decision whose id an earlier path has."""
    for identity, units in program.by_id.items():
        first, *others = units
        for unit in others:
            report.add(
                DUPLICATE_DECISION,
                f"duplicate decision id `{identity}`",
                title_span(unit),
                labels=[Label(title_span(first), "the other one")],
                help="rename one of the files; waivers and emitted rules name decisions by it",
            )
