"""Arguments by their names and literals: whether a call, or a decorator, passes one."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from bylaw.facts.model import Argument
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.ir import Argument as Wanted

_LONGEST = 4096
"""Literals beyond are compared as they are written."""

_WORDS = frozenset({"true", "false", "null", "undefined"})


def passes(wanted: Wanted, given: Iterable[Argument]) -> bool:
    """Tell whether one of the named arguments is the one that is meant, with its literal."""
    for argument in given:
        if argument.name != wanted.name:
            continue
        if wanted.value is None:
            return True
        if argument.value is not None and literal(argument.value) == literal_of(wanted):
            return True
    return False


def passes_all(
    wanted: Iterable[Wanted], given: Sequence[Argument], positional: Sequence[str | None]
) -> bool:
    """Tell whether all arguments that are meant are there; one without a name is a literal."""
    return all(
        passes(one, given)
        if one.name is not None
        else any(value is not None and literal(value) == literal_of(one) for value in positional)
        for one in wanted
    )


def literal_of(wanted: Wanted) -> str:
    """Return the literal that a constraint names; nothing else can be compared."""
    found = literal(wanted.value or "")
    if found is None:
        raise UnevaluableError(
            f"`{wanted.value}` is no literal",
            help="write a string in quotes, a number, `True`, `False` or `None`",
        )
    return found


@lru_cache(maxsize=4096)
def literal(text: str) -> str | None:
    """Return a literal in a form that is the same for equal values, None for what is none."""
    if text in _WORDS:
        return text
    if len(text) > _LONGEST:
        return text
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is None or isinstance(value, str | bytes | bool | int | float | complex):
        return repr(value)
    return None
