"""Two lists of layers that put the same two modules in opposite order."""

from itertools import combinations
from typing import Any, NamedTuple

from bylaw.diagnostics import Code, Label, Report, Severity
from bylaw.ir import Layer, Layered
from bylaw.passes.compare.company import company
from bylaw.program import Program

CONTRADICTING_LAYERS = Code("BL231", "contradicting-layers", Severity.ERROR)


class Contradiction(NamedTuple):
    """Two lists of layers, by where they are written; the late one puts `upper` above `lower`.

    It is `weak` where one of them is a SHOULD or a proposal.
    """

    early: Any
    late: Any
    upper: str
    lower: str
    weak: bool


def contradicting_layers(program: Program, report: Report) -> None:
    """Report every pair of layered lists that disagree on which of two modules is higher."""
    for early, late, upper, lower, weak in contradictions(program):
        report.add(
            CONTRADICTING_LAYERS,
            f"`{late.full_id}` puts `{upper}` above `{lower}`, and `{early.full_id}` below it",
            late.constraint.subject.span,
            labels=[Label(early.constraint.subject.span, "the other order")],
            help="give the layers one order, or supersede one of the two",
            severity=Severity.WARNING if weak else None,
        )


def contradictions(program: Program) -> tuple[Contradiction, ...]:
    """Return the pairs of layered lists that disagree on which of two modules is higher."""
    return program.once(_contradictions)


def _contradictions(program: Program) -> tuple[Contradiction, ...]:
    result: list[Contradiction] = []
    for first, second in company(program).pairs:
        one, other = first.constraint, second.constraint
        if not isinstance(one, Layered) or not isinstance(other, Layered):
            continue
        found = inversion(one, other)
        if found is None:
            continue
        (upper, lower), (high, low) = found
        early, late = sorted((first, second), key=lambda claim: claim.sort_key)
        if late is first:
            upper, lower = high, low
        else:
            # The later list is the other one: its higher layer is the first one's lower.
            upper, lower = lower, upper
        weak = "warning" in (one.severity, other.severity) or first.proposed or second.proposed
        result.append(Contradiction(early, late, upper, lower, weak))
    return tuple(result)


def inversion(one: Layered, other: Layered) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """Return two modules as each list orders them, higher first, or None where they agree.

    Lists within different packages say nothing of each other.
    """
    from bylaw.globs import modules_included, modules_overlap  # noqa: PLC0415 - seldom needed

    if sorted(m.text for m in one.within) != sorted(m.text for m in other.within):
        return None

    def same(mine: Layer, theirs: Layer) -> str | None:
        for a in mine.modules:
            for b in theirs.modules:
                if modules_included((a.text,), (b.text,)) or modules_included((b.text,), (a.text,)):
                    return modules_overlap((a.text,), (b.text,))
        return None

    first: Any = one.subject
    second: Any = other.subject
    shared = [
        (mine, theirs, name)
        for mine, layer in enumerate(first.layers)
        for theirs, rival in enumerate(second.layers)
        if (name := same(layer, rival)) is not None
    ]
    for (upper, low, top), (lower, high, bottom) in combinations(shared, 2):
        if upper < lower and high < low and top != bottom:
            return (top, bottom), (bottom, top)
    return None
