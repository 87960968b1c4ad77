"""A waiver that can hide nothing: its places are not the constraint's, or there are none."""

from bylaw.diagnostics import Code, Label, Report, Severity
from bylaw.ir import Constraint, Waiver
from bylaw.passes.compare.company import referrers
from bylaw.passes.compare.region import Region, file_glob, is_empty
from bylaw.program import Ground, Program

WAIVER_CANNOT_APPLY = Code("BL223", "waiver-cannot-apply", Severity.WARNING)

_WITHOUT_PATH = frozenset({"name-match", "agent-limit", "agent-run"})


def waiver_cannot_apply(program: Program, report: Report) -> None:
    """Report every waiver in force whose places no violation of its constraint can have."""
    for referrer in referrers(program):
        waiver, constraint = referrer.statement, referrer.constraint
        if not isinstance(waiver, Waiver) or constraint is None:
            continue
        if not program.in_force(referrer.unit.header.path):
            continue
        label = Label(constraint.span, f"`{constraint.id}`")
        if constraint.shape in _WITHOUT_PATH:
            report.add(
                WAIVER_CANNOT_APPLY,
                "violations of this constraint have no path and cannot be waived",
                waiver.waives.span,
                labels=[label],
                help="remove the waiver, or change the constraint",
            )
            continue
        if constraint.kind != "import":
            for edge in waiver.edges:
                report.add(
                    WAIVER_CANNOT_APPLY,
                    f"no import is a violation of `{constraint.id}`",
                    edge.span,
                    labels=[label],
                    help="name the paths instead",
                )
        _report_places(waiver, constraint, label, program.ground, report)


def _report_places(
    waiver: Waiver, constraint: Constraint, label: Label, ground: Ground, report: Report
) -> None:
    from bylaw.passes.compare.place import has_places, place  # noqa: PLC0415 - seldom needed

    if not has_places(constraint) or constraint.subject.noun == "layers":
        return
    bound = place(constraint, ground, loose=True).bound
    for glob in waiver.globs:
        # What has a file's ending is taken for a file; a folder could hold anything.
        is_file = "." in glob.text.rpartition("/")[2]
        path = file_glob(glob.text) if is_file else glob.text
        if is_empty(Region(((path,),)) & bound):
            report.add(
                WAIVER_CANNOT_APPLY,
                f"no violation of `{constraint.id}` can lie in `{glob.text}`",
                glob.span,
                labels=[label],
                help="name a path that the constraint speaks of",
            )
