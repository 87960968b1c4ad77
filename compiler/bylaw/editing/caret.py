"""Where in an ADR the caret stands: in which statement, after which words."""

import re
from dataclasses import dataclass
from typing import Literal

from bylaw.adr.inline import parse_inline
from bylaw.adr.markdown import Document, parse_blocks
from bylaw.adr.sections import opens_constraints
from bylaw.source import Source

MARK = "\ue002"
"""Stands at the caret while what is before it is read: a character that nobody types."""

_TICKS = re.compile(r"`+")
_REST = re.compile(r"[^`\s]*`")
_LEAD_IN = re.compile(r"(?:in|except)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Caret:
    """A caret in a statement, or in the paragraph before a list that scopes it.

    `before` is what the grammar reads up to the caret; in an open code span it ends with that,
    unclosed. `after` is the rest of the line.
    """

    start: Literal["item", "lead_in"]
    before: str
    after: str
    line: int
    column: int
    line_before: str = ""
    in_code: bool = False
    ticks: int = 0

    def line_text_ends(self, typed: str) -> bool:
        """Tell whether the caret's line ends, up to the caret, with what is typed of a word."""
        return self.line_before.endswith(typed)

    @property
    def closing(self) -> tuple[int, str]:
        """How many characters of an open code span follow, and what is missing to close it."""
        rest = _REST.match(self.after)
        return (rest.end() - 1, "") if rest else (0, "`" * self.ticks)


def find_caret(source: Source, line: int, column: int) -> Caret | None:
    """Return where a caret stands in a statement; None where it is in none."""
    if not 0 <= line < len(source.lines):
        return None
    text = source.lines[line]
    head = [*source.lines[:line], text[:column] + MARK]
    before = Source(source.path, "\n".join(head).encode("utf-8", "surrogateescape"))
    document = parse_blocks(before)
    if not any(h.end == len(document.tokens) and opens_constraints(h) for h in document.headings):
        return None
    found = _paragraph(document)
    if found is None:
        return None
    start, index = found
    token = document.tokens[index]
    ticks = _open_ticks(token.content.partition(MARK)[0])
    token.content += "`" * ticks
    inline = parse_inline(before, token, document.env)
    said, mark, _ = inline.text.partition(MARK)
    if not mark or (start == "lead_in" and _LEAD_IN.match(said) is None):
        return None
    return Caret(start, said, text[column:], line, column, text[:column], ticks > 0, ticks)


def _paragraph(document: Document) -> tuple[Literal["item", "lead_in"], int] | None:
    """Return what the paragraph with the mark is, and the index of its token."""
    tokens = document.tokens
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if token.type != "inline" or MARK not in token.content:
            continue
        if token.level == 1 and tokens[index - 1].type == "paragraph_open":
            return "lead_in", index
        first = tokens[index - 2].type == "list_item_open"
        return ("item", index) if token.level == 3 and first else None
    return None


def _open_ticks(text: str) -> int:
    """Return how many backticks open the code span that a text ends in; 0 where it is in none."""
    opening = 0
    for match in _TICKS.finditer(text):
        length = len(match[0])
        if not opening:
            escaped = (len(text[: match.start()]) - len(text[: match.start()].rstrip("\\"))) % 2
            opening = length - escaped
        elif length == opening:
            opening = 0
    return opening
