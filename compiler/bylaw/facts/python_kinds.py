"""The grammar of Python, and the numbers it gives to the kinds of nodes that are met often."""

from collections.abc import Iterable
from typing import Final

from tree_sitter import Language

from bylaw.facts.grammar import grammar

GRAMMAR: Final = Language(grammar("tree_sitter_python"))

_ABSENT = -2
"""For a kind that this version of the grammar does not have."""


def number(kind: str) -> int:
    """Return the number of a kind of nodes."""
    return GRAMMAR.id_for_node_kind(kind, True) or _ABSENT


def _numbers(kinds: Iterable[str]) -> frozenset[int]:
    return frozenset(map(number, kinds))


ERROR: Final = 0xFFFF
"""What is not Python; the grammar does not list it."""

IDENTIFIER: Final = number("identifier")
ATTRIBUTE: Final = number("attribute")
CALL: Final = number("call")
SUBSCRIPT: Final = number("subscript")
STRING: Final = number("string")
TYPE: Final = number("type")
ARGUMENTS: Final = number("argument_list")
KEYWORD_ARGUMENT: Final = number("keyword_argument")

EXTRAS: Final = _numbers(("comment", "line_continuation"))
"""Nodes that may stand between any two others."""

PARENTHESES: Final = _numbers(("parenthesized_expression", "list_splat"))
"""What may stand around an expression: the grammar reads `[*a.b()]` as a chain from `*a`."""

LINKS: Final = _numbers(("attribute", "call", "subscript", "member_type"))
"""What a chain is made of."""

NAMES: Final = _numbers(("identifier", "attribute"))

LEAVES: Final = _numbers(
    (
        "comment",
        "line_continuation",
        "integer",
        "float",
        "true",
        "false",
        "none",
        "ellipsis",
        "pass_statement",
        "break_statement",
        "continue_statement",
        "type_conversion",
    )
)
"""Nodes without code in them."""
