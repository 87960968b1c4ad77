"""The LALR tables of the grammar, prebuilt: building them takes half as long as a whole run.

They are Lark's own serialised form, in a file of plain values beside the grammar. They count only
for the grammar and the version of Lark that they were made from; otherwise the grammar is built
anew, which gives the same parser, later.
"""

import marshal
from hashlib import sha256
from importlib.resources import files
from typing import Any

import lark
from lark import Lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

STARTS = ["item", "lead_in"]

# Version 2 has no back-references: the same tables are the same bytes, whatever made them.
_MARSHAL_VERSION = 2


def build(grammar: str) -> Lark:
    """Build the parser from the text of the grammar; any conflict or collision is an exception."""
    return Lark(grammar, parser="lalr", strict=True, start=STARTS, maybe_placeholders=False)


def pack(grammar: str) -> bytes:
    """Return the tables of a grammar as the bytes that `load` reads."""
    data, memo = build(grammar).memo_serialize([TerminalDef, Rule])
    return marshal.dumps([*_stamp(grammar), data, memo], _MARSHAL_VERSION)


def load() -> Lark:
    """Return the parser, from the prebuilt tables where they are those of the grammar."""
    folder = files("bylaw_grammar")
    grammar = folder.joinpath("constraint.lark").read_text(encoding="utf-8")
    tables = folder.joinpath("constraint.tables")
    if tables.is_file():
        stored: list[Any] = marshal.loads(tables.read_bytes())  # noqa: S302 - our own package's file
        if stored[:2] == _stamp(grammar):
            # The public `Lark.load` insists on a pickle, and this one has no types.
            loaded: Lark = Lark._load_from_dict(*stored[2:])  # type: ignore[no-untyped-call] # noqa: SLF001
            return loaded
    return build(grammar)


def _stamp(grammar: str) -> list[str]:
    return [lark.__version__, sha256(grammar.encode()).hexdigest()]
