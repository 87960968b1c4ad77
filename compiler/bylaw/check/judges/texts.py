"""Judges of the text of files: what it holds, how it starts, how long it is, what it equals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal, cast

from bylaw.area import TreeFacts
from bylaw.check.areas import judged_area
from bylaw.check.evidence import Evidence, FileView
from bylaw.check.finding import Finding, NotEvaluated, Violation
from bylaw.check.judges.base import FileJudge, TreeJudge, Words
from bylaw.check.judges.files import is_plain, missing_files
from bylaw.check.judges.phrases import either, quoted, shown, written
from bylaw.check.search import (
    MOST_LINES,
    Span,
    count_lines,
    count_words,
    find_literal,
    find_regex,
    head_of,
    place_in,
    readable,
)
from bylaw.globs import matcher
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.ir import Identical, Size, Text, TextOperand
    from bylaw.scoped import ScopedConstraint

_BANS = ("must-not", "only-may")


def _text(scoped: ScopedConstraint) -> Text:
    return cast("Text", scoped.constraint)


# --- contain and match -------------------------------------------------------------------------


def _contain(scoped: ScopedConstraint, view: FileView) -> Iterator[Finding]:
    # Only a literal can ask for the character that stands for what is not UTF-8.
    asks = any("\ufffd" in operand.text for operand in _text(scoped).texts)
    data = readable(view.data) if asks else view.data
    return _held(scoped, view.path, data, "contain", find_literal)


def _match(scoped: ScopedConstraint, view: FileView) -> Iterator[Finding]:
    return _held(scoped, view.path, readable(view.data), "match", find_regex)


def _held(
    scoped: ScopedConstraint,
    path: str,
    data: bytes,
    verb: Literal["contain", "match"],
    find: Callable[[bytes, str], Iterator[Span]],
) -> Iterator[Finding]:
    constraint = _text(scoped)
    texts = constraint.texts
    if constraint.modal in _BANS:
        for operand in texts:
            yield from _each(scoped.full_id, path, data, operand, find(data, operand.text))
        return
    found = {operand: next(find(data, operand.text), None) is not None for operand in texts}
    if constraint.quantifier == "any":
        if not any(found.values()):
            detail = f"does not {verb} {either(map(written, texts))}"
            yield Violation(scoped.full_id, path, detail, operand=texts[0].text)
        return
    for operand, present in found.items():
        if not present:
            detail = f"does not {verb} {quoted(written(operand))}"
            yield Violation(scoped.full_id, path, detail, operand=operand.text)


def _each(
    constraint: str, path: str, data: bytes, operand: TextOperand, spans: Iterator[Span]
) -> Iterator[Finding]:
    """Yield a violation for each line on which an operand was found."""
    places = place_in(data)
    for number, (start, end) in enumerate(spans):
        if number == MOST_LINES:
            reason = f"{quoted(written(operand))} stands on more than {MOST_LINES} lines of it"
            yield NotEvaluated(constraint, reason, path)
            return
        # So much is enough to show, and a match may be the whole file.
        found = data[start : min(end, start + 400)].decode("utf-8", "replace")
        is_literal = operand.sort == "literal"
        detail = f"contains {quoted(operand.text)}" if is_literal else f"matches {shown(found)}"
        place = places(start, end)
        yield Violation(constraint, path, detail, place, operand=operand.text, found=found)


def _literals(scoped: ScopedConstraint, layout: TreeFacts) -> Words | None:  # noqa: ARG001 - a judge's
    """Return the literals that are banned; a file that has to hold them is looked at anyway."""
    constraint = _text(scoped)
    if constraint.modal not in _BANS or any("\ufffd" in text.text for text in constraint.texts):
        return None
    return Words(frozenset(text.text.encode() for text in constraint.texts))


# --- start with --------------------------------------------------------------------------------


def _start(scoped: ScopedConstraint, view: FileView) -> Iterator[Finding]:
    constraint = _text(scoped)
    data = view.data
    heads = head_of(data)

    def begins(operand: TextOperand) -> bool:
        text = operand.text.encode()
        return any(data.startswith(text, head) for head in heads)

    head = heads[-1]
    if constraint.modal in _BANS:
        for operand in constraint.texts:
            text = operand.text.encode()
            start = next((head for head in heads if data.startswith(text, head)), None)
            if start is not None:
                detail = f"starts with {quoted(operand.text)}"
                place = place_in(data)(start, start + len(text))
                yield Violation(
                    scoped.full_id, view.path, detail, place, operand.text, operand.text
                )
        return
    lacking = [operand for operand in constraint.texts if not begins(operand)]
    if constraint.quantifier == "any" and len(lacking) < len(constraint.texts):
        return
    place = place_in(data)(head, head)
    groups = [lacking] if constraint.quantifier == "any" else [[operand] for operand in lacking]
    for group in groups:
        detail = f"does not start with {either(operand.text for operand in group)}"
        yield Violation(scoped.full_id, view.path, detail, place, group[0].text)


# --- size --------------------------------------------------------------------------------------


def _size(scoped: ScopedConstraint, view: FileView) -> Iterator[Finding]:
    constraint = cast("Size", scoped.constraint)
    count = count_lines(view.data) if constraint.unit == "lines" else count_words(view.data)
    over = constraint.bound == "at-most" and count > constraint.count
    under = constraint.bound == "at-least" and count < constraint.count
    if over or under:
        detail = f"has {'more' if over else 'fewer'} than {constraint.count} {constraint.unit}"
        yield Violation(scoped.full_id, view.path, detail, note=f"it has {count}")


# --- identical ---------------------------------------------------------------------------------


def _identical(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    constraint = cast("Identical", scoped.constraint)
    yield from missing_files(scoped, evidence)
    model = constraint.path.text
    test = matcher((model,))
    models = [path for path in evidence.tree.files if test(path)]
    if is_plain(model):
        models = [path for path in models if path == model] or models
    detail = f"is not identical to {quoted(model)}"
    for path in evidence.files(judged_area(scoped, evidence)):
        if not models:
            note = f"{quoted(model)} does not exist"
            yield Violation(scoped.full_id, path, detail, operand=model, note=note)
            continue
        try:
            other = next((m for m in models if m != path and not _equal(path, m, evidence)), None)
        except UnevaluableError as error:
            yield NotEvaluated(scoped.full_id, error.reason, path)
            continue
        if other is not None:
            differs = f"it differs from {quoted(other)}" if other != model else None
            yield Violation(scoped.full_id, path, detail, operand=model, found=other, note=differs)


def _equal(path: str, model: str, evidence: Evidence) -> bool:
    try:
        expected = evidence.view(model).data
    except UnevaluableError as error:
        raise UnevaluableError(
            f"{quoted(model)}, which it is compared with: {error.reason}"
        ) from None
    return evidence.tree.read(path) == expected


CONTAIN = FileJudge(_contain, _literals, missing_files)
MATCH = FileJudge(_match, absent=missing_files)
START = FileJudge(_start, absent=missing_files)
SIZE = FileJudge(_size, absent=missing_files)
IDENTICAL = TreeJudge(_identical)
