"""A decision that another in force has superseded, and that still calls itself accepted."""

from bylaw.diagnostics import Code, Label, Report, Severity
from bylaw.passes.compare.where import relation_span, status_span
from bylaw.program import Program

SUPERSEDED_BUT_ACCEPTED = Code("BL214", "superseded-but-accepted", Severity.WARNING)


def superseded_but_accepted(program: Program, report: Report) -> None:
    """Report every decision whose status a successor in force has overtaken."""
    for unit in program.units:
        header = unit.header
        standing = program.standing[header.path]
        if header.meaning != "in-force" or standing.state != "retired":
            continue
        successor = standing.superseded_by
        other = program.by_path.get(successor) if successor is not None else None
        span = successor and relation_span(program, successor, "supersedes", header.path)
        name = other.header.id if other is not None else "another decision"
        report.add(
            SUPERSEDED_BUT_ACCEPTED,
            f"`{header.id}` is superseded and still called `{header.status_raw}`",
            status_span(unit),
            note="binds nothing any more",
            labels=[Label(span, "superseded here")] if span else (),
            help=f"write `superseded by {name}` as its status",
        )
