"""The grammar of the constraint language: a statement's text to its tree.

`constraint.lark` is the grammar; everything here only runs it.
"""

from functools import cache
from typing import TYPE_CHECKING, Protocol

from bylaw.diagnostics import Report, Span

if TYPE_CHECKING:
    from lark import Lark, Tree
    from lark.lexer import Token

__all__ = ["CLOSE", "OPEN", "Statement", "parse", "parse_lead_in"]

OPEN = "\ue000"
"""Stands before the text of a code span, so that the whole span is one lexeme."""
CLOSE = "\ue001"
"""Stands after the text of a code span."""


class Statement(Protocol):
    """A list item as the lexer reads it: one line of text, and where each character stands.

    White space is single spaces; each code span stands verbatim between `OPEN` and `CLOSE`.
    """

    @property
    def text(self) -> str:
        """The line."""

    def span(self, start: int, end: int) -> Span:
        """Return the place in the file of `text[start:end]`."""


@cache
def parser() -> "Lark":
    """Return the one parser, made from the prebuilt tables."""
    # Lark takes longer to import than a small repository to compile; not every run parses.
    from bylaw_grammar.tables import load  # noqa: PLC0415

    return load()


def parse(statement: Statement, report: Report) -> "Tree[Token] | None":
    """Parse a list item; where it is no statement of the language, report why."""
    return _parse(statement, report, "item")


def parse_lead_in(statement: Statement, report: Report) -> "Tree[Token] | None":
    """Parse the paragraph before a list that scopes its items."""
    return _parse(statement, report, "lead_in")


def _parse(statement: Statement, report: Report, start: str) -> "Tree[Token] | None":
    from lark.exceptions import UnexpectedInput  # noqa: PLC0415 - see `parser`

    try:
        return parser().parse(statement.text, start=start)
    except UnexpectedInput as unexpected:
        from bylaw_grammar.errors import explain, explain_lead_in  # noqa: PLC0415 - faults only

        (explain if start == "item" else explain_lead_in)(statement, unexpected, report)
        return None
