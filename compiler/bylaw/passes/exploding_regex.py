"""A regular expression that a backtracking engine can take exponential time on."""

from collections.abc import Iterator
from typing import Any

from bylaw.diagnostics import Code, Report, Severity, Span
from bylaw.ir import ConstraintNode, Decision, EntitiesSubject, Name, Regex, Text

EXPLODING_REGEX = Code("BL204", "exploding-regex", Severity.WARNING)

_FIELDS = {
    "define": "names",
    "named": "names",
    "name-match": "regexes",
    "contain": "texts",
    "match": "texts",
    "start": "texts",
    "key-match": "values",
}
"""Where the expressions stand in the shapes that can have one."""


def exploding_regex(decision: Decision, report: Report) -> None:
    """Report every expression that can match one text in exponentially many ways.

    RE2 reads them in linear time; Python, PCRE and ECMAScript, on which targets run, do not.
    """
    for statement in decision.statements:
        if not isinstance(statement, ConstraintNode):
            continue
        for text, span in _expressions(statement):
            from bylaw.passes.compare.backtracking import explodes  # noqa: PLC0415 - rarely needed

            if explodes(text, searched=isinstance(statement, Text)):
                report.add(
                    EXPLODING_REGEX,
                    f"`/{text}/` takes exponential time in engines that backtrack",
                    span,
                    note="a repetition here can split one text in many ways",
                    help="let each repetition start with a character that the one before it "
                    "cannot take, or unnest them",
                )


def _expressions(constraint: Any) -> Iterator[tuple[str, Span]]:
    field = _FIELDS.get(constraint.shape)
    found = [*getattr(constraint, field)] if field else []
    if isinstance(constraint.subject, EntitiesSubject):
        found += constraint.subject.matching
    for operand in found:
        is_regex = isinstance(operand, Regex) or (
            isinstance(operand, Name) and operand.form == "regex"
        )
        if is_regex:
            yield operand.text, operand.span
