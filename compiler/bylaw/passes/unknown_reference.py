"""A waiver or a permission for a constraint that does not exist."""

from bylaw.diagnostics import Code, Report, Severity
from bylaw.passes.compare.company import Referrer, referrers
from bylaw.program import Program

UNKNOWN_REFERENCE = Code("BL220", "unknown-reference", Severity.ERROR)


def unknown_reference(program: Program, report: Report) -> None:
    """Report every `[id]` after `Waiver for` or `despite` that names no constraint."""
    for referrer in referrers(program):
        retired = program.standing[referrer.unit.header.path].state == "retired"
        if referrer.target is None and not retired:
            reference = referrer.reference
            report.add(
                UNKNOWN_REFERENCE,
                f"the {referrer.word} names `{reference.text}`, which is no constraint",
                reference.span,
                help=_advice(program, referrer),
            )


def _advice(program: Program, referrer: Referrer) -> str:
    """Say which constraint may be meant: the nearest name, here or in another decision."""
    from difflib import get_close_matches  # noqa: PLC0415 - most programs have no such fault

    reference = referrer.reference
    same = [
        f"{unit.header.id}/{row.id}"
        for unit in program.units
        for row in unit.header.rows
        if row.id == reference.id
    ]
    if same:
        return f"did you mean `[{same[0]}]`?"
    if reference.decision is None:
        here = [row.id for row in referrer.unit.header.rows]
        close = get_close_matches(reference.id, here, 1)
        if close:
            return f"did you mean `[{close[0]}]`?"
        return "write `[decision/id]` for a constraint of another decision"
    units = program.by_id.get(reference.decision)
    if units is None:
        # A name with a slip has about its length: few of ten thousand need a closer look.
        length = len(reference.decision)
        near = [name for name in program.by_id if abs(len(name) - length) <= 2]
        names = get_close_matches(reference.decision, sorted(near)[:2000], 1, 0.8)
        if not names:
            return f"there is no decision `{reference.decision}`"
        units = program.by_id[names[0]]
    rows = {row.id: f"{unit.header.id}/{row.id}" for unit in units for row in unit.header.rows}
    close = get_close_matches(reference.id, sorted(rows), 1)
    if close:
        return f"did you mean `[{rows[close[0]]}]`?"
    known = ", ".join(f"`{identity}`" for identity in sorted(rows)[:8])
    name = units[0].header.id
    return f"`{name}` has {known}" if known else f"`{name}` has no constraints"
