"""Two constraints that cannot both be kept, with something that both claim."""

from typing import Any, NamedTuple

from bylaw.diagnostics import Code, Label, Report, Severity
from bylaw.passes.compare.company import company, replaces
from bylaw.program import Program

CONFLICT = Code("BL230", "conflict", Severity.ERROR)
NOT_ALL_COMPARED = Code("BL234", "not-all-compared", Severity.WARNING)


class Conflict(NamedTuple):
    """Two constraints that contradict each other, by where they are written, and on what.

    It is `weak` where one of them is a SHOULD or a proposal: neither stops a build.
    """

    early: Any
    late: Any
    witness: str
    reason: str
    weak: bool


def conflict(program: Program, report: Report) -> None:
    """Report every pair of constraints with a witness that both claim; weak ones are warnings."""
    if not company(program).complete:
        report.add(
            NOT_ALL_COMPARED,
            "more constraints could contradict each other than are compared",
            help="give them narrower places; this many wide ones for the same things overlap",
        )
    for early, late, witness, reason, weak in conflicts(program):
        report.add(
            CONFLICT,
            f"`{late.full_id}` and `{early.full_id}` contradict each other on `{witness}`",
            late.span,
            note=reason,
            labels=[Label(early.span, f"`{early.full_id}`, which claims it too")],
            help="supersede one of them, permit it (`MAY … despite [id]`), or write an exception",
            severity=Severity.WARNING if weak else None,
        )


def conflicts(program: Program) -> tuple[Conflict, ...]:
    """Return the pairs of constraints with a witness that both claim."""
    return program.once(_conflicts)


def _conflicts(program: Program) -> tuple[Conflict, ...]:
    found: list[Conflict] = []
    pairs = company(program).pairs
    if not pairs:
        return ()
    from bylaw.passes.compare.claim import coincide  # noqa: PLC0415 - nothing to compare, as a rule
    from bylaw.passes.compare.clash import clash  # noqa: PLC0415

    for first, second in pairs:
        one, other = first.constraint, second.constraint
        if not coincide(one, other, program.as_of):
            continue
        if (first.proposed or second.proposed) and replaces(program, first.path, second.path):
            continue
        clashing = clash(first, second)
        if clashing is None:
            continue
        weak = "warning" in (one.severity, other.severity) or first.proposed or second.proposed
        early, late = sorted((first, second), key=lambda claim: claim.sort_key)
        found.append(Conflict(early, late, clashing.witness, clashing.reason, weak))
    return tuple(found)
