"""Words for diagnostics: what a terminal looks like, and which shape a sentence is nearest to."""

import re
from difflib import get_close_matches
from functools import cache

from bylaw_grammar import CLOSE, OPEN
from bylaw_grammar.shapes import SHAPES, Shape
from bylaw_grammar.spelling import spellings

CODE_SPAN = re.compile(r"\ue000[^\ue001]*\ue001?")
"""A code span of the grammar's input; the end of the input closes an open one."""

_PLAIN_WORD = re.compile(r"[A-Za-z][A-Za-z_]*")

TERMINALS = {
    "CODE": "a code span",
    "MODAL": "`MUST` or `SHOULD`",
    "DATE": "a day such as 2026-12-01",
    "NUMBER": "a number",
    "BRACKET": "an id in brackets",
    "COLON": "`:`",
    "COMMA": "`,`",
    "END": "`.`",
    "TEXT": "text",
    "STYLE": "a style such as `snake_case`",
    "LANGUAGE": "a language",
    "SIZE_UNIT": "`lines` or `words`",
    "CHANGE_UNIT": "`files` or `lines`",
    "SPEND_UNIT": "`tokens`, `minutes` or `USD`",
    "IMPORT_STYLE": "`wildcard imports`",
    "ENTITY": "`class`, `function`, `method`, `test` or `module`",
    "CHANGES": "`changes,`",
    "FAILED_ATTEMPTS": "`failed attempts`",
    "BECAUSE": "`, because …`",
    "DOCSTRING": "`a docstring`",
    "IN": "``in `…` ``",
    "ALTERNATIVE": "`; use … instead`",
    "NOT": "`NOT`",
    "MATCH_FENCE": "`match:`",
    "WAIVER_FOR": "`Waiver for [id]: …`",
    "NOTE": "`Note: …`",
    "GUIDANCE": "`Guidance: …`",
    "EXCEPT": "``, except `…` ``",
    "EXCEPT_IN": "``, except in `…` ``",
    "EXCEPT_UNDER": "``, except under `TYPE_CHECKING` ``",
    "DESPITE": "`, despite [id]`",
    "APPROVED_BY": "``approved by `…` ``",
    "TICKET": "``ticket `…` ``",
    "FROM": "`from` and a day",
    "UNTIL": "`until` and a day",
    "$END": "the end of the sentence",
}
"""What an author would write for each terminal that is no fixed word, or needs more than that."""


def said(terminal: str) -> str:
    """Return what an author would write for a terminal."""
    known = TERMINALS.get(terminal)
    if known is not None:
        return known
    *others, last = (f"`{text.strip(', ')}`" for text in spellings()[terminal])
    return f"{', '.join(others)} or {last}" if others else last


BETTER_MODAL = {
    "shall": "MUST",
    "should": "SHOULD",
    "recommended": "SHOULD",
    "may": "MAY",
    "can": "MAY",
    "cannot": "MUST NOT",
    "can't": "MUST NOT",
    "mustn't": "MUST NOT",
    "forbidden": "MUST NOT",
    "prohibited": "MUST NOT",
    "not allowed": "MUST NOT",
    "never": "MUST NOT",
}
"""The modal that a word of everyday English stands for; `MUST` where it is not listed."""

_PLACES = "name places in one list of code spans, and tests on their own: `, except in tests`"
_GROUPS = "name them in one list, or each with an exception of its own: `, except in group …`"
_QUALIFIERS = "qualifiers follow each other without a comma or `and`"
_STYLES = "styles go with `be named`"
KEYWORD_ADVICE = {
    "in": _PLACES,
    "test": _PLACES,
    "tests": _PLACES,
    "extra": _GROUPS,
    "group": _GROUPS,
    "production": "`in production` stands directly after the packages",
    "matching": _QUALIFIERS,
    "inheriting": _QUALIFIERS,
    "extending": _QUALIFIERS,
    "implementing": _QUALIFIERS,
    "decorated": _QUALIFIERS,
    "snake_case": _STYLES,
    "pascalcase": _STYLES,
    "camelcase": _STYLES,
    "kebab-case": _STYLES,
    "upper_case": _STYLES,
}
"""Words of the language that stand where a code span is due: in backticks they would be wrong."""


def shown(text: str) -> str:
    """Return the author's text as it may stand in a message: short, without marks of its own."""
    plain = text.replace(OPEN, "").replace(CLOSE, "").replace("`", "")
    return plain if len(plain) <= 60 else plain[:57] + "…"


def close_form(text: str, forms: tuple[str, ...]) -> str | None:
    """Return the form whose first words are nearest to the author's."""
    heads: dict[str, str] = {}
    for form in forms:
        for head in _heads(form):
            heads.setdefault(head, form)
    words = _PLAIN_WORD.findall(text.lower())
    for count in (3, 2, 1):
        near = get_close_matches(" ".join(words[:count]), list(heads), n=1, cutoff=0.75)
        if near:
            return f"`{heads[near[0]].replace('`', '')}`"
    return None


def _heads(form: str) -> list[str]:
    """Return the beginnings of a form before its first operand, one for each alternative."""
    head = form.split("`", maxsplit=1)[0].split(" N ", maxsplit=1)[0].strip()
    first, *rest = head.split(" ")
    if "|" not in head:
        return [head.lower()]
    index, choices = next((i, w) for i, w in enumerate([first, *rest]) if "|" in w)
    words = [first, *rest]
    return [
        " ".join([*words[:index], choice, *words[index + 1 :]]).lower()
        for choice in choices.split("|")
    ]


_WORDS = "a an and at be by each for in is must not of only or should the to with"
_COMMON = frozenset(_WORDS.split())


@cache
def _shape_words() -> list[tuple[Shape, set[str], set[str]]]:
    """Return each shape with the words of its form and those of its example."""
    return [
        (
            shape,
            set(_PLAIN_WORD.findall(shape.form.split("`")[0].replace("|", " ").lower())),
            set(_PLAIN_WORD.findall(re.sub(r"`[^`]*`", " ", shape.example).lower())),
        )
        for shape in SHAPES.values()
    ]


def nearest(text: str, subject: str | None = None) -> Shape:
    """Return the shape, of those with the subject, whose words a sentence shares most of."""
    words = set(_PLAIN_WORD.findall(CODE_SPAN.sub(" ", text).lower())) - _COMMON
    shapes = [s for s in _shape_words() if subject is None or subject in s[0].subjects]
    best = shapes[0][0]
    most = 0
    for shape, form, plain in shapes:
        score = 4 * len(words & form) + len(words & plain)
        if score > most:
            best, most = shape, score
    return best
