"""Places to point at: a decision's title, status and relations."""

from bylaw.diagnostics import Span
from bylaw.program import Program, Unit


def title_span(unit: Unit) -> Span:
    """Return the span of a decision's title, or of its file's beginning."""
    decision = unit.decision
    return decision.title_span or start_of(decision.path)


def status_span(unit: Unit) -> Span:
    """Return the span of a decision's status, or of its title."""
    decision = unit.decision
    return decision.status.span or decision.title_span or start_of(decision.path)


def start_of(path: str) -> Span:
    """Return the empty span at the beginning of a file."""
    return Span(path, 1, 1, 0, 1, 1, 0)


def relation_span(program: Program, path: str, kind: str, target: str) -> Span | None:
    """Return where the decision at `path` says that it has this relation to `target`."""
    for relation in program.relations.get(path, ()):
        if relation.kind == kind and relation.target == target and not relation.partial:
            return relation.span
    return None
