"""A supersession that only one of the two decisions knows of, or that they tell differently."""

from bylaw.diagnostics import Code, Label, Report, Severity
from bylaw.passes.compare.where import status_span
from bylaw.program import Program, Unit

ONE_SIDED_SUPERSESSION = Code("BL216", "one-sided-supersession", Severity.NOTE)


def one_sided_supersession(program: Program, report: Report) -> None:
    """Report every `supersedes` and `superseded by` that its other end does not confirm.

    A note where the other end is silent, a warning where it names another decision.
    """
    for path, relations in sorted(program.relations.items()):
        unit = program.by_path[path]
        for relation in relations:
            target = program.by_path.get(relation.target or "")
            if target is None or relation.partial or relation.target == path:
                continue
            if relation.kind == "supersedes" and _counts(program, unit, target):
                _confirm(program, unit, target, ("supersedes", "superseded-by"), report)
            elif relation.kind == "superseded-by":
                _confirm(program, unit, target, ("superseded-by", "supersedes"), report)


def _counts(program: Program, newer: Unit, older: Unit) -> bool:
    """Tell whether the older one must know: not while its successor is proposed or rejected.

    One that is still called accepted has a diagnostic of its own.
    """
    in_force = program.standing[newer.header.path].state == "in-force"
    return in_force and older.header.meaning == "retired"


def _confirm(
    program: Program, unit: Unit, other: Unit, kinds: tuple[str, str], report: Report
) -> None:
    said, answer = kinds
    theirs = [r for r in program.relations.get(other.header.path, ()) if r.kind == answer]
    if any(relation.target in (unit.header.path, None) for relation in theirs):
        return
    span = next(
        r.span
        for r in program.relations[unit.header.path]
        if r.kind == said and r.target == other.header.path
    )
    elsewhere = [r for r in theirs if r.target is not None]
    differs = bool(elsewhere) and said == "supersedes"
    words = "superseded by" if said == "supersedes" else "supersedes"
    name, said_by = other.header.id, unit.header.id
    if differs:
        message = f"`{name}` names another successor than `{said_by}`"
    elif said == "supersedes":
        message = f"`{name}` does not say that `{said_by}` supersedes it"
    else:
        message = f"`{name}` does not say that it supersedes `{said_by}`"
    report.add(
        ONE_SIDED_SUPERSESSION,
        message,
        span,
        labels=[Label(elsewhere[0].span, "it says this")]
        if differs
        else [Label(status_span(other), f"no `{words} {unit.header.id}`")],
        help=f"write `{words} {unit.header.id}` there",
        severity=Severity.WARNING if differs else None,
    )
