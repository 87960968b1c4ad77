"""Completion in a statement: whole sentences where it starts, then part after part."""

import re
from collections.abc import Iterator
from itertools import chain, islice

from bylaw.editing.caret import Caret
from bylaw.editing.linked import Linked
from bylaw.editing.model import Completion, due
from bylaw.editing.names import names_of
from bylaw.editing.operands import MOST, Wanted, operands
from bylaw.editing.phrases import (
    Phrase,
    continued_modals,
    fence_snippet,
    modals,
    openings,
    predicate_phrases,
    words_after,
)
from bylaw.editing.sorts import sort_of
from bylaw_grammar import CLOSE, OPEN
from bylaw_grammar.advice import form_of
from bylaw_grammar.reading import Reading, read
from bylaw_grammar.shapes import SHAPES

_WORDS = re.compile(r"[^\s\ue000\ue001]+")
_MOST_WORDS = 8
"""Words of the longest text of the grammar, and some of a sentence's beginning."""
_SPAN = re.compile(r"`([^`]*)`|(?<![\w`-])(\d+)(?![\w`-])")
_INSTEAD = re.compile(
    r"; ?use [^;.]*?(?P<space> ?)(?P<typed>(?:i(?:n(?:s(?:t(?:e(?:a)?)?)?)?)?)?)$"
)
_REFERENCE = re.compile(r"(?:waiver for|despite) \[(?P<typed>[^\[\]\ue000]*)\Z", re.IGNORECASE)


def in_statement(linked: Linked, path: str, caret: Caret) -> Iterator[Completion]:
    """Yield what may stand at a caret in a statement, likeliest first."""
    if caret.in_code:
        before, _, typed = caret.before.rpartition(OPEN)
        reading = read(before, caret.start)
        if reading is not None:
            yield from _in_code(linked, caret, reading, typed)
        return
    reference = _REFERENCE.search(caret.before)
    if reference is not None:
        yield from _references(linked, path, caret, reference["typed"])
        return
    yield from _words(linked, caret)


# --- words -------------------------------------------------------------------------------------


def _words(linked: Linked, caret: Caret) -> Iterator[Completion]:
    instead = _INSTEAD.search(caret.before)
    if instead is not None and (instead["space"] or instead["typed"] or caret.before[-1] == CLOSE):
        space = "" if instead["space"] or instead["typed"] else " "
        phrase = Phrase(f"{space}instead", "instead", "tail", "the end of the alternative")
        yield _completion(caret, phrase, instead["typed"])
    # What has just been begun comes before what a longer beginning could mean.
    for start in reversed(_starts(caret.before)):
        typed = caret.before[start:]
        on_this_line = caret.line_text_ends(typed)
        reading = read(caret.before[:start], caret.start) if on_this_line else None
        if reading is None:
            continue
        words = (
            _completion(caret, phrase, typed)
            for phrase in _phrases(caret, reading)
            if _fits(phrase, typed)
        )
        operands_ = chain(
            _bare(linked, caret, reading, typed) if "CODE" in reading.following() else (),
            () if typed else _plain(linked, caret, reading),
        )
        # A sentence may start with a code span, and hardly ever does.
        yield from chain(operands_, words) if reading.types else chain(words, operands_)


def _starts(text: str) -> list[int]:
    """Return where what is being typed may have begun: at one of the last words, or here."""
    tail = text.rfind(CLOSE) + 1
    found = [match.start() for match in _WORDS.finditer(text, tail)][-_MOST_WORDS:]
    if not text or not text[-1].isalnum():
        found.append(len(text))
    if tail < len(text) and text[tail] == " " and tail not in found:
        found.append(tail)
    return sorted({*found, *([0] if len(text) < 40 else [])})


def _fits(phrase: Phrase, typed: str) -> bool:
    said = phrase.text.casefold()
    wanted = typed.casefold()
    if not wanted.strip():
        return wanted == "" or said.startswith((",", ";", ".", ":"))
    return said.startswith(wanted) and said.strip() != wanted.strip()


def _phrases(caret: Caret, reading: Reading) -> Iterator[Phrase]:
    types = reading.types
    if caret.start == "item" and (not types or types == ["BRACKET"]):
        yield from _skeletons()
        yield from openings(only=False)
        yield from _others(bracket=bool(types))
    elif types and types[-1] == "ONLY" and reading.modal is None:
        yield from openings(only=True)
    elif reading.modal is None:
        if "MODAL" in reading.expected:
            yield from modals(reading)
        yield from words_after(reading)
    elif not reading.predicate:
        if reading.sign in {"+", "M"}:
            yield from continued_modals(reading)
        yield from predicate_phrases(reading)
    elif types[-1] not in {"BE", "HAVE"}:
        yield from words_after(reading)


def _skeletons() -> Iterator[Phrase]:
    """Yield one whole sentence for each shape."""
    for name, shape in SHAPES.items():
        text = shape.example
        snippet = _stops(text)
        if name == "match_fence":
            text += "\n\n  ```semgrep\n  execute($X)\n  ```"
            snippet += fence_snippet("\n\n  ```semgrep\n  execute($X)\n  ```").replace("{1:", "{9:")
        form = form_of(shape).replace("`", "")
        yield Phrase(
            text, shape.example.removesuffix("."), "shape", f"{shape.kind}: {form}", snippet
        )


def _stops(text: str) -> str:
    """Return a sentence as a snippet in which the author passes from operand to operand."""
    count = 0

    def stop(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        held = (match[1] if match[1] is not None else match[2]).replace("}", "\\}")
        ticks = "`" if match[1] is not None else ""
        return f"{ticks}${{{count}:{held}}}{ticks}"

    return _SPAN.sub(stop, text.replace("$", "\\$"))


def _others(*, bracket: bool) -> Iterator[Phrase]:
    yield Phrase("Only ", "Only …", "subject", "everything else must not")
    yield Phrase("Guidance: ", "Guidance: …", "shape", "for agents; no machine checks it")
    if not bracket:
        yield Phrase("Waiver for [", "Waiver for [id]: …", "shape", "a debt, with a last day")
        yield Phrase("Note: ", "Note: …", "shape", "commentary")


def _completion(caret: Caret, phrase: Phrase, typed: str) -> Completion:
    """Return a phrase in the place of what is typed of it."""
    text, snippet = phrase.text, phrase.snippet
    length = len(typed)
    before = caret.before[: len(caret.before) - length]
    if text[0] in ",;.:" and before.endswith(" ") and not typed:
        # Their place is at the end of the word before.
        length += 1
    elif before and before[-1] not in " [" and text[0] not in " ,;.:" and not typed:
        text = f" {text}"
        snippet = f" {snippet}" if snippet else None
    if text.endswith(" ") and caret.after.startswith(" "):
        text = text[:-1]
    start, end = (caret.line, caret.column - length), (caret.line, caret.column)
    return Completion(phrase.label, text, start, end, phrase.kind, phrase.detail, snippet)


# --- operands ----------------------------------------------------------------------------------


def _in_code(linked: Linked, caret: Caret, reading: Reading, typed: str) -> Iterator[Completion]:
    """Yield the operands for an open code span."""
    wanted = _wanted(reading, typed, caret.after)
    if wanted is None:
        return
    rest, closing = caret.closing
    start, end = (caret.line, caret.column - len(typed)), (caret.line, caret.column + rest)
    for each in operands(names_of(linked), wanted):
        ending = "" if each.open and closing else closing + (each.more if closing else "")
        yield Completion(
            each.text + each.more.replace("`", ""),
            each.text + ending,
            start,
            end,
            each.kind,
            each.detail,
        )


def _bare(linked: Linked, caret: Caret, reading: Reading, typed: str) -> Iterator[Completion]:
    """Yield the operands where no code span is open yet, with their backticks."""
    bare = typed.strip()
    if len(typed.split()) > 1 or (bare and not re.match(r"[\w./@*-]+\Z", bare)):
        return
    wanted = _wanted(reading, bare, "")
    if wanted is None:
        return
    before = caret.before[: len(caret.before) - len(typed)]
    space = " " if before and before[-1] not in " [" and not typed.startswith(" ") else ""
    space = space or (" " if typed.startswith(" ") else "")
    start, end = (caret.line, caret.column - len(typed)), (caret.line, caret.column)
    for each in operands(names_of(linked), wanted):
        closing = "" if each.open else "`" + each.more
        text = f"{space}`{each.text}{closing}"
        label = each.text + each.more.replace("`", "")
        yield Completion(label, text, start, end, each.kind, each.detail)


def _wanted(reading: Reading, typed: str, after: str) -> Wanted | None:
    sort = sort_of(reading)
    if sort is None:
        return None
    named = tuple(token[1:-1] for token in reading.tokens if token.type == "CODE")
    return Wanted(sort, typed, named, tuple(reading.operands), after)


def _plain(linked: Linked, caret: Caret, reading: Reading) -> Iterator[Completion]:
    """Yield days and numbers, which stand outside code spans."""
    following = reading.following()
    if "DATE" in following:
        today = linked.program.as_of
        for day in (due(today), today.replace(month=12, day=31)):
            phrase = Phrase(f"{day.isoformat()} ", day.isoformat(), "value")
            yield _completion(caret, phrase, "")
    if "NUMBER" in following:
        numbers = (
            number
            for _, shape in reading.shapes()
            for number in re.findall(r"(?<![\w`-])\d+(?![\w`-])", shape.example)
            if not reading.predicate or shape.form.split()[0] in _said(reading)
        )
        for number in dict.fromkeys((*numbers, "2")):
            yield _completion(caret, Phrase(f"{number} ", number, "value", "a number"), "")


def _said(reading: Reading) -> set[str]:
    return {word for token in reading.tokens for word in token.lower().split()}


# --- ids ---------------------------------------------------------------------------------------


def _references(linked: Linked, path: str, caret: Caret, typed: str) -> Iterator[Completion]:
    """Yield the constraints that a waiver or a permission may name: its decision's own first."""
    program = linked.program
    unit = program.by_path.get(path)
    own = (row.id for row in unit.header.rows) if unit is not None else ()
    others = (
        f"{each.header.id}/{row.id}"
        for each in program.units
        if each.header.path != path
        for row in each.header.rows
    )
    wanted = typed.casefold()
    closing = "" if caret.after.startswith("]") else "]"
    waives = re.search(r"waiver for \[[^\[\]]*\Z", caret.before, re.IGNORECASE) is not None
    closing += ": " if waives and closing else ""
    start, end = (caret.line, caret.column - len(typed)), (caret.line, caret.column)
    fitting = (
        name
        for name in chain(own, others)
        if name.casefold().startswith(wanted)
        or name.partition("/")[2].casefold().startswith(wanted)
    )
    for name in islice(fitting, MOST):
        yield Completion(name, name + closing, start, end, "id")
