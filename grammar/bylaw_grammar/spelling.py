"""How the words of the grammar are spelt, read from its own terminals."""

import re
from collections.abc import Mapping
from functools import cache

from bylaw_grammar import parser

_END_OF_WORD = "(?!\\w)"
_OWN_COMMA = "(, ?)?"
"""Stands before words that take the comma before them with them."""

_GROUP = re.compile(r"\(([^()]*)\)")
_MAYBE = re.compile(r"\w\?")
_CAPITALS = {"usd": "USD", "ci": "CI", "pascalcase": "PascalCase", "camelcase": "camelCase"}
_CAPITALS |= {"upper_case": "UPPER_CASE", "typescript": "TypeScript", "javascript": "JavaScript"}
_LANGUAGES = ("python", "go", "java", "kotlin", "rust", "ruby", "c#", "php")
_CAPITALS |= {name: name.capitalize() for name in _LANGUAGES} | {"php": "PHP", "csharp": "C#"}


@cache
def spellings() -> Mapping[str, tuple[str, ...]]:
    """Return by terminal all that is taken for it, as an author writes it.

    A comma that belongs to a word stands before it. What is no fixed text, such as a code span, a
    day or a reason, is left out.
    """
    found: dict[str, tuple[str, ...]] = {}
    for terminal in parser().terminals:
        texts = _expand(terminal.pattern.value)
        if texts:
            found[terminal.name] = texts
    return found


def _expand(pattern: str) -> tuple[str, ...]:
    """Return the texts that a plain pattern matches; none where it is not plain."""
    comma = pattern.startswith(_OWN_COMMA)
    bare = pattern.removeprefix(_OWN_COMMA).replace(_END_OF_WORD, "")
    if bare in {":", ",", ".", r"\:", r"\,", r"\."}:
        return (bare[-1],)
    # The optional letter of a plural is written where a word needs it, a comma always.
    bare = _MAYBE.sub(lambda match: match[0][0], bare.replace(",?", ","))
    group = _GROUP.search(bare)
    texts: list[str] = []
    for part in group[1].split("|") if group else [bare]:
        text = f"{bare[: group.start()]}{part}{bare[group.end() :]}" if group else part
        texts += text.split("|")
    if any(re.search(r"[\\^$.*+?()\[\]{}\ue000]", text) for text in texts):
        return ()
    spelt = dict.fromkeys(_CAPITALS.get(text, text) for text in texts)
    return tuple(f", {text}" if comma else text for text in spelt)
