"""What an author may have meant by a sentence that does not parse, as a value.

The diagnostics of `bylaw_grammar.errors` say it in a clause; whoever has room for more shows what
would have been taken at the caret, the nearest shape, and an example that parses. Both come from
the same stop, the same table and the same words.
"""

import re
from dataclasses import dataclass

from lark import Token, Tree
from lark.exceptions import UnexpectedInput

from bylaw.diagnostics import Report
from bylaw_grammar import Statement, parser
from bylaw_grammar.errors import (
    FAULTY_LEAD_IN,
    FAULTY_WAIVER,
    LOWER_CASE_MODAL,
    NO_MODAL,
    explain,
    explain_lead_in,
    known_to,
    nearest_shape,
)
from bylaw_grammar.shapes import MODALS, SHAPES, SUBJECTS, Shape
from bylaw_grammar.stop import Stop, find_stop, subject_in
from bylaw_grammar.words import nearest, said

LEAD_IN = "In `src/shop/**`, except `src/shop/legacy/**`:"
WAIVER = (
    "Waiver for [no-orm]: `shop/report.py` until 2026-12-31, approved by `@arch`, because it is "
    "rewritten."
)
_MOST = 12
"""Forms beyond which a list is no longer read."""
_FEW = 6

_WRITE = re.compile(r"write `([^`]+)`")
_PREDICATES = {"DEPEND_ON", "EXIST", "CONTAIN"}
"""What is due together only where any predicate is."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What would have parsed: what was expected, the form of the nearest shape, and an example.

    `expected` are words and forms for a reader, the likeliest first.
    """

    expected: tuple[str, ...]
    shape: str
    example: str


def advise(statement: Statement, start: str = "item") -> Advice | None:
    """Return what the author of a statement may have meant; None where it parses."""
    try:
        parser().parse(statement.text, start=start)
    except UnexpectedInput as unexpected:
        stop = find_stop(statement, unexpected)
        report = Report()
        (explain if start == "item" else explain_lead_in)(statement, unexpected, report)
        fault = next(iter(report))
        if fault.code == FAULTY_LEAD_IN.number:
            return Advice(_terminals(stop), "In `G`, except `G`:", LEAD_IN)
        if fault.code == FAULTY_WAIVER.number:
            form = "Waiver for [id]: `path` until DAY, approved by `A`, because …"
            return Advice(_terminals(stop), form, WAIVER)
        shape = nearest_shape(stop)
        return Advice(_expected(fault.code, fault.note, stop, shape), form_of(shape), shape.example)
    return None


def advise_on(tree: "Tree[Token]", text: str) -> Advice | None:
    """Return what the subject of a parsed sentence can do; None where it is no sentence.

    For what parses, and pairs what the table does not. `text` is what the tree was made from.
    """
    if str(tree.data) not in {"sentence", "only"}:
        return None
    subject = subject_in(tree.children)
    predicate = next(
        SHAPES[str(child.data)]
        for child in tree.children
        if isinstance(child, Tree) and str(child.data) in SHAPES
    )
    if subject is not None and subject in predicate.subjects:
        modals = tuple(f"`{MODALS[sign][1]}`" for sign in predicate.subjects[subject])
        return Advice(modals, form_of(predicate, subject), predicate.example)
    shape = nearest(text, subject)
    return Advice(_forms(known_to(subject), shape), form_of(shape, subject), shape.example)


def form_of(shape: Shape, subject: str | None = None) -> str:
    """Return how a shape is written, from subject to predicate."""
    if subject not in shape.subjects:
        noun = shape.example.split()[0]
        alike = (each for each in shape.subjects if SUBJECTS[each].split()[0] == noun)
        subject = next(alike, next(iter(shape.subjects)))
    signs = shape.subjects[subject]
    modal = "MUST" if "+" in signs else "MUST NOT"
    return f"{SUBJECTS[subject]} {modal} {shape.form}"


def _expected(code: str, note: str | None, stop: Stop, shape: Shape) -> tuple[str, ...]:
    if code == NO_MODAL.number:
        return ("`MUST`", "`SHOULD`")
    if code == LOWER_CASE_MODAL.number and note and (better := _WRITE.search(note)):
        return (f"`{better[1]}`",)
    if "MODULES" in stop.expected:
        likely = [SUBJECTS[name] for name in shape.subjects]
        return tuple(dict.fromkeys((*likely, *SUBJECTS.values())))[:_MOST]
    known = known_to(stop.subject)
    if stop.expected >= _PREDICATES:
        return _forms(known, shape)
    if "LAYERED" in stop.expected:
        # Behind `be` the grammar takes what only other subjects can be.
        return _forms([each for each in known if each.form.startswith("be ")] or known, shape)
    return _terminals(stop)


def _forms(shapes: list[Shape], likely: Shape) -> tuple[str, ...]:
    first = [likely] if likely in shapes else []
    return tuple(dict.fromkeys(each.form for each in (*first, *shapes)))[:_MOST]


def _terminals(stop: Stop) -> tuple[str, ...]:
    """Return what would be taken, parts of the sentence before what only goes on with a list."""
    words = {said(name) for name in stop.expected}
    if len(words) > _FEW:
        words -= {said(name) for name in ("COMMA", "AND", "OR", "COLON", "END")}
    return tuple(sorted(words, key=lambda word: (word[0] == "`", word.strip("`, "))))
