"""Dates of a decision that cannot have followed each other."""

from bylaw.diagnostics import Code, Label, Report, Severity
from bylaw.ir import ConstraintNode, DatedEvent, Decision, Waiver

DATES_OUT_OF_ORDER = Code("BL203", "decision-dates-out-of-order", Severity.WARNING)

_ORDER: dict[str, int] = {
    **dict.fromkeys(("introduced", "created", "created-at", "created-on", "creation-date"), 0),
    **dict.fromkeys(("date-created", "proposed", "proposed-on", "date-proposed"), 0),
    **dict.fromkeys(("accepted", "accepted-on", "date-accepted", "approved", "approved-on"), 1),
    **dict.fromkeys(("decided", "decided-on", "decision-date", "date-of-decision"), 1),
    **dict.fromkeys(("superseded", "superseded-on", "deprecated", "deprecated-on"), 2),
}
"""What comes before what. A plain `date` and the last change say nothing of the kind."""


def dates_out_of_order(decision: Decision, report: Report) -> None:
    """Report events in the wrong order, and statements that end before the decision was taken."""
    ranked = [(_ORDER[e.event], e) for e in decision.dates if e.event in _ORDER]
    for index, (rank, event) in enumerate(ranked):
        for other_rank, other in ranked[:index]:
            early, late = (event, other) if rank < other_rank else (other, event)
            if rank != other_rank and early.day > late.day:
                _report(early, late, report)
    taken = _taken(decision)
    if taken is None:
        return
    for statement in decision.statements:
        if not isinstance(statement, ConstraintNode | Waiver) or statement.until is None:
            continue
        if statement.until < taken.day:
            span = statement.until_span if isinstance(statement, Waiver) else statement.span
            report.add(
                DATES_OUT_OF_ORDER,
                f"it ends on {statement.until}, before the decision was taken",
                span,
                note="never in force",
                labels=[Label(taken.span, f"taken on {taken.day}")],
                help="one of the two dates is wrong",
            )


def _taken(decision: Decision) -> DatedEvent | None:
    """Return the last day on which the decision can have been taken, where it is said."""
    events = [e for e in decision.dates if _ORDER.get(e.event) == 1] or [
        e for e in decision.dates if e.event == "date"
    ]
    return max(events, key=lambda e: (e.day, e.span.offset), default=None)


def _report(early: DatedEvent, late: DatedEvent, report: Report) -> None:
    report.add(
        DATES_OUT_OF_ORDER,
        f"{_words(late)} on {late.day}, before it was {_words(early)}",
        late.span,
        labels=[Label(early.span, f"{_words(early)} on {early.day}")],
        help="one of the two dates is wrong",
    )


def _words(event: DatedEvent) -> str:
    for word in ("accepted", "approved", "superseded", "deprecated", "proposed", "introduced"):
        if word in event.event:
            return word
    return "created" if _ORDER[event.event] == 0 else "decided"
