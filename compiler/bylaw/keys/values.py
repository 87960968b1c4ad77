"""Values as a constraint compares them: as text, numbers by value, `true` and `null` by name."""

from functools import lru_cache
from itertools import zip_longest

from bylaw.keys.model import Node, Opaque, Scalar, Sequence, Table, decimal

HIDDEN = "a value not shown here"
"""Stands for what may be a secret."""

_LONGEST = 80
_MOST_PAIRS = 200_000


def spellings(value: Scalar) -> tuple[str, ...]:
    """Return the texts that a scalar is: its name, and how the file spells it."""
    if value.kind in {"boolean", "null"} and value.written is not None:
        return (value.text, value.written)
    return (value.text,)


@lru_cache(maxsize=4096)
def _number(text: str) -> object:
    return decimal(text)


def equals_text(value: Node, text: str) -> bool:
    """Tell whether a value is what a literal says."""
    if not isinstance(value, Scalar):
        return False
    if text in spellings(value):
        return True
    number = value.number
    if number is None and value.plain:
        # A format without types does not say whether it is a number.
        number = decimal(value.text)
    return number is not None and number == _number(text)


def same(one: Node, other: Node) -> bool | None:
    """Tell whether two values are one; None where one of them is not known."""
    pairs: list[tuple[Node, Node]] = [(one, other)]
    left = _MOST_PAIRS
    unknown = False
    while pairs:
        left -= 1
        if left < 0:
            return None
        first, second = pairs.pop()
        if isinstance(first, Opaque) or isinstance(second, Opaque):
            unknown = True
        elif isinstance(first, Scalar) and isinstance(second, Scalar):
            if not _same_scalar(first, second):
                return False
        elif isinstance(first, Sequence) and isinstance(second, Sequence):
            unknown |= first.open or second.open
            if len(first.items) != len(second.items):
                return None if first.open or second.open else False
            pairs += zip(first.items, second.items, strict=True)
        elif isinstance(first, Table) and isinstance(second, Table):
            unknown |= first.open or second.open
            ours, theirs = (sorted(t.entries, key=lambda e: e.key) for t in (first, second))
            for mine, yours in zip_longest(ours, theirs):
                if mine is None or yours is None or mine.key != yours.key:
                    return None if first.open or second.open else False
                pairs.append((mine.value, yours.value))
        else:
            return False
    return None if unknown else True


def _same_scalar(one: Scalar, other: Scalar) -> bool:
    if set(spellings(one)) & set(spellings(other)):
        return True
    if one.number is not None and other.number is not None:
        return one.number == other.number
    return False


def found_text(value: Node) -> str | None:
    """Return a scalar's text, unless it may be a secret."""
    return value.text if isinstance(value, Scalar) and not value.hidden else None


def shown(value: Node) -> str:
    """Return a value for a message: a scalar's text on one line, or what sort of value it is."""
    if isinstance(value, Scalar) and value.hidden and value.text:
        return HIDDEN
    if isinstance(value, Table):
        return "a table"
    if isinstance(value, Sequence):
        return "a list"
    if isinstance(value, Opaque):
        return "no literal"
    return quoted(value.text if value.written is None else value.written)


def quoted(text: str) -> str:
    """Return text in backticks, on one line and not too long."""
    if not text.strip():
        return "empty"
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 1] + "…"
    return f"`` {text} ``" if "`" in text else f"`{text}`"
