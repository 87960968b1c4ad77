"""The LALR tables of the grammar, prebuilt: building them takes half as long as a whole run.

They are Lark's own serialised form, in a file of plain values beside the grammar. They count only
for the grammar and the version of Lark that they were made from; otherwise the grammar is built
anew, which gives the same parser, later.
"""

import marshal
from hashlib import sha256
from operator import itemgetter
from pkgutil import get_data
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
    parser = data["parser"]["parser"]
    parser.update(_canonical(parser))
    return marshal.dumps([*_stamp(grammar), data, memo], _MARSHAL_VERSION)


_SHIFT = 0
"""Lark's mark of an action that goes to another state; the others reduce by a rule."""


def _canonical(parser: dict[str, Any]) -> dict[str, Any]:
    """Return the tables with symbols numbered by name, states as the start symbols reach them.

    Lark numbers both in the order of sets, which is another in each process.
    """
    names: dict[int, str] = parser["tokens"]
    symbols = {name: number for number, name in enumerate(sorted(names.values()))}
    states = {
        state: sorted(
            ((names[each], action) for each, action in actions.items()), key=itemgetter(0)
        )
        for state, actions in parser["states"].items()
    }
    found = [state for _, state in sorted(parser["start_states"].items())]
    numbers = {state: number for number, state in enumerate(found)}
    for state in found:  # grows while it is walked
        for _, (kind, target) in states[state]:
            if kind == _SHIFT and target not in numbers:
                numbers[target] = len(found)
                found.append(target)
    return {
        "tokens": {number: name for name, number in symbols.items()},
        "states": {
            numbers[state]: {
                symbols[name]: (kind, numbers[target] if kind == _SHIFT else target)
                for name, (kind, target) in states[state]
            }
            for state in found
        },
        "start_states": {name: numbers[parser["start_states"][name]] for name in sorted(STARTS)},
        "end_states": {name: numbers[parser["end_states"][name]] for name in sorted(STARTS)},
    }


def load() -> Lark:
    """Return the parser, from the prebuilt tables where they are those of the grammar."""
    grammar = (get_data("bylaw_grammar", "constraint.lark") or b"").decode()
    try:
        tables = get_data("bylaw_grammar", "constraint.tables")
    except FileNotFoundError:
        tables = None
    if tables is not None:
        stored: list[Any] = marshal.loads(tables)  # noqa: S302 - our own package's file
        if stored[:2] == _stamp(grammar):
            # The public `Lark.load` insists on a pickle, and this one has no types.
            loaded: Lark = Lark._load_from_dict(*stored[2:])  # type: ignore[no-untyped-call] # noqa: SLF001
            return loaded
    return build(grammar)


def _stamp(grammar: str) -> list[str]:
    return [lark.__version__, sha256(grammar.encode()).hexdigest()]
