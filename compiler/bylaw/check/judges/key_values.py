"""What a constraint asks of the value of a key, and what is wrong with one that is not so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bylaw.keys.model import Node, Opaque, Scalar, Table, decimal
from bylaw.keys.values import equals_text, found_text, quoted, shown
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.ir import KeyBound, KeyValue

NO_LITERAL = "its value is no literal"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one value: a clause that follows the key, and the operand."""

    clause: str
    operand: str | None = None
    found: str | None = None


Test = Callable[[Node], Iterable[Fault]]
"""Return what is wrong with a value; raises UnevaluableError where that cannot be told."""


_VERBS = {
    "key-be": ("is {shown}, not {wanted}", "is {wanted}"),
    "key-match": (
        "is {shown}, which does not match {wanted}",
        "is {shown}, which matches {wanted}",
    ),
    "key-contain": ("does not contain {wanted}", "contains {wanted}"),
}


def value_faults(constraint: KeyValue, value: Node) -> Iterator[Fault]:
    """Return what is wrong with a value under `be`, `match`, `contain` or `exist`."""
    if constraint.shape == "key-exist":
        if constraint.modal == "must-not":
            yield Fault("is there")
        return
    fits = [_fits(constraint.shape, value, operand) for operand in constraint.values]
    texts = [_operand_text(operand) for operand in constraint.values]
    lacking, holding = _VERBS[constraint.shape]
    if constraint.modal == "must" and constraint.quantifier == "any":
        if any(fits):
            return
        operand = texts[0] if len(texts) == 1 else None
        faults = [_fault(lacking, value, " or ".join(map(quoted, texts)), operand)]
        # What is no literal may be one of them after all.
        faults = [] if None in fits else faults
    else:
        wrong, clause = (True, holding) if constraint.modal == "must-not" else (False, lacking)
        judged = zip(fits, texts, strict=True)
        faults = [_fault(clause, value, quoted(t), t) for fit, t in judged if fit is wrong]
    yield from faults
    if None in fits and not faults:
        raise UnevaluableError(NO_LITERAL)


def _fault(clause: str, value: Node, wanted: str, operand: str | None) -> Fault:
    return Fault(clause.format(shown=shown(value), wanted=wanted), operand, found_text(value))


def _operand_text(operand: Any) -> str:
    return f"/{operand.text}/" if operand.sort == "regex" else str(operand.text)


def _fits(shape: str, value: Node, operand: Any) -> bool | None:
    """Tell whether a value is as one operand says; None where it is no literal."""
    if isinstance(value, Opaque):
        return None
    if shape == "key-be":
        return equals_text(value, operand.text)
    if shape == "key-match":
        return _matches(value, operand.text)
    if isinstance(value, Scalar):
        return any(operand.text in text for text in (value.text, value.written or ""))
    if isinstance(value, Table):
        held = any(entry.key == operand.text for entry in value.entries)
        return held or (None if value.open else False)
    held = any(equals_text(item, operand.text) for item in value.items)
    unknown = value.open or any(isinstance(item, Opaque) for item in value.items)
    return held or (None if unknown else False)


def _matches(value: Node, expression: str) -> bool:
    if not isinstance(value, Scalar):
        return False
    regex = _compiled(expression)
    texts = {value.text, value.written} - {None}
    return any(regex.fullmatch(text) is not None for text in texts)


@lru_cache(maxsize=256)
def _compiled(expression: str) -> Any:
    import re2  # noqa: PLC0415 - few constraints have a regular expression

    return re2.compile(expression)


def bound_faults(constraint: KeyBound, value: Node) -> Iterator[Fault]:
    """Return what is wrong with a value under `be at least` or `be at most`."""
    if isinstance(value, Opaque):
        raise UnevaluableError(NO_LITERAL)
    bound = constraint.value.text
    words = constraint.bound.replace("-", " ")
    kept = isinstance(value, Scalar) and _keeps(value, bound, constraint.bound == "at-least")
    if not kept:
        said = shown(value)
        if isinstance(value, Scalar) and value.kind == "number":
            said = quoted(_plain(value))
        yield Fault(f"is {said}, not {words} {quoted(bound)}", bound, found_text(value))


def _keeps(value: Scalar, bound: str, at_least: bool) -> bool:
    """Tell whether a version, a range of versions or a number keeps a bound."""
    from bylaw.versions.bounds import keeps, number_keeps  # noqa: PLC0415 - slow to import

    if value.kind not in {"string", "number"}:
        return False
    number = value.number if value.kind == "number" or not value.plain else decimal(value.text)
    limit = decimal(bound)
    text = value.text if value.kind == "string" or value.number is None else _plain(value)
    if number is None or limit is None:
        return keeps(text, bound, at_least=at_least) == "kept"
    by_value = number_keeps(number, limit, at_least=at_least)
    as_version = keeps(text, bound, at_least=at_least)
    if as_version != "none" and (as_version == "kept") != by_value:
        raise UnevaluableError(
            f"{quoted(text)} and {quoted(bound)} compare one way as numbers, the other as versions",
            help="put a version in quotes, and give a number as many digits as the bound has",
        )
    return by_value


def _plain(value: Scalar) -> str:
    """Return a number's value as text: YAML reads 3.10 as 3.1, and so does whoever uses it."""
    number = value.number
    if number is None or number.adjusted() > 30 or number.adjusted() < -30:
        return value.text
    return format(number.normalize(), "f")
