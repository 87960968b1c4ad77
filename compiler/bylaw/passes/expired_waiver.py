"""A waiver whose last day has passed."""

from datetime import date

from bylaw.diagnostics import Code, Label, Report, Severity
from bylaw.ir import Waiver
from bylaw.passes.compare.company import referrers
from bylaw.program import Program

EXPIRED_WAIVER = Code("BL221", "expired-waiver", Severity.ERROR)


def expired_waiver(program: Program, report: Report) -> None:
    """Report every waiver that was to end before the day of the run, and who answers for it."""
    for referrer in referrers(program):
        waiver = referrer.statement
        if not isinstance(waiver, Waiver) or waiver.until >= program.as_of:
            continue
        if not program.in_force(referrer.unit.header.path):
            continue
        report_expired(waiver, program.as_of, report)


def report_expired(waiver: Waiver, day: date, report: Report) -> None:
    """Report one waiver that has ended before a day."""
    owners = ", ".join(f"`{owner}`" for owner in waiver.approved_by)
    ticket = f" (ticket `{waiver.ticket}`)" if waiver.ticket else ""
    days = (day - waiver.until).days
    report.add(
        EXPIRED_WAIVER,
        f"the waiver for `{waiver.waives.text}` expired on {waiver.until}",
        waiver.until_span,
        note=f"{days} {'day' if days == 1 else 'days'} before this run",
        labels=[Label(waiver.span, f"approved by {owners}{ticket}")],
        help=f"ask {owners}: remove the waiver, or agree on a new date",
    )
