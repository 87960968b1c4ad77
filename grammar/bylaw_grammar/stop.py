"""Where the parser stopped in a statement, and what could have followed there."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lark import Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from bylaw_grammar import Statement
from bylaw_grammar.shapes import SUBJECTS
from bylaw_grammar.words import CODE_SPAN

_WORD = re.compile(r"\ue000[^\ue001]*\ue001?|[\w'’-]+|[^\s\w]")


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the parser stopped: `found` is what stands there, empty at the end of the text."""

    statement: Statement
    text: str
    position: int
    found: str
    expected: frozenset[str]
    subject: str | None

    @property
    def bare(self) -> str:
        """The sentence with its code spans blanked, each character where it was."""
        return CODE_SPAN.sub(lambda span: "\ue000" * len(span[0]), self.text)


def find_stop(statement: Statement, unexpected: UnexpectedInput) -> Stop:
    """Return where a parser stopped."""
    text = statement.text
    position = len(text)
    expected: frozenset[str] = frozenset()
    if isinstance(unexpected, UnexpectedToken):
        if unexpected.token.type != "$END":
            position = unexpected.token.start_pos or 0
    elif isinstance(unexpected, UnexpectedCharacters):
        position = unexpected.pos_in_stream or 0
    parser = getattr(unexpected, "interactive_parser", None)
    if parser is not None:
        # What the state's table lists is too much: LALR merges states, and with them what may
        # follow. Only trying says what would really be taken.
        expected = accepted(parser)
    position += len(text[position:]) - len(text[position:].lstrip(" "))
    match = _WORD.match(text, position)
    found = match[0] if match is not None else ""
    return Stop(statement, text, position, found, expected, _subject(unexpected))


_ACCEPTED: dict[tuple[int, ...], frozenset[str]] = {}
"""What may follow in a state, by its stack: trying takes half a millisecond, and faults repeat."""


def accepted(parser: Any) -> frozenset[str]:
    """Return the terminals that an interactive parser of Lark's would take next."""
    stack = tuple(parser.parser_state.state_stack)
    found = _ACCEPTED.get(stack)
    if found is None:
        found = frozenset(parser.accepts())
        if len(_ACCEPTED) < 1000:
            _ACCEPTED[stack] = found
    return found


def _subject(unexpected: UnexpectedInput) -> str | None:
    parser = getattr(unexpected, "interactive_parser", None)
    return None if parser is None else subject_read(parser)


def subject_read(parser: Any) -> str | None:
    """Return the subject that an interactive parser has read, by its name in the table."""
    return subject_in(parser.parser_state.value_stack)


def subject_in(parts: Iterable[Any]) -> str | None:
    """Return the subject among the parts of a sentence, by its name in the table."""
    for value in parts:
        if not isinstance(value, Tree):
            continue
        name = str(value.data)
        if name in {"entity", "entities"}:
            nouns = [t for t in value.children if isinstance(t, Token) and t.type == "ENTITY"]
            return "module" if nouns and nouns[0].lower() == "module" else "entity"
        if name in SUBJECTS:
            return name
    return None
