"""Which sort of operand a code span is, told by the word before its list."""

from collections.abc import Mapping
from functools import cache
from typing import Literal, TypeAlias, get_args

from bylaw_grammar import CLOSE, OPEN
from bylaw_grammar.advice import WAIVER
from bylaw_grammar.reading import Reading, read
from bylaw_grammar.shapes import SHAPES

Sort: TypeAlias = Literal[
    "module",
    "import",
    "glob",
    "path",
    "folder",
    "manifest",
    "package",
    "group",
    "pattern",
    "exception",
    "wrapper",
    "decorator",
    "class",
    "name",
    "style",
    "argument",
    "regex",
    "text",
    "key",
    "config",
    "value",
    "bound",
    "command",
    "agents",
    "level",
    "owner",
    "ticket",
    "template",
    "entry",
    "layer",
    "type-checking",
]
SORTS: frozenset[str] = frozenset(get_args(Sort))

_BY_WORD: Mapping[str, Sort] = {
    "FILE": "path",
    "DIRECTORY": "folder",
    "IMPORT_OF": "import",
    "CALL_TO": "pattern",
    "KEY": "key",
    "WHEN": "template",
    "FOR_EACH": "template",
    "CHANGES": "template",
    "CHANGES_TO": "glob",
    "COMMAND": "command",
    "OF_CLASS": "agents",
    "MATCHING": "glob",
    "INHERITING": "class",
    "DECORATED": "decorator",
    "IMPORT": "import",
    "CODE_IN": "glob",
    "WITHIN": "module",
    "WRAPPED_IN": "wrapper",
    "DEPEND_ON": "package",
    "IN_EXTRA": "group",
    "IN_GROUP": "group",
    "EXTRA": "group",
    "GROUP": "group",
    "CALL": "pattern",
    "USE": "pattern",
    "CATCH": "exception",
    "PASS": "argument",
    "MATCH": "regex",
    "INHERIT": "class",
    "DEFINE": "name",
    "NAMED": "style",
    "LIVE_IN": "folder",
    "CONTAIN": "text",
    "START_WITH": "text",
    "IDENTICAL_TO": "path",
    "BE": "value",
    "AT_MOST": "bound",
    "AT_LEAST": "bound",
    "EQUAL_KEY": "key",
    "RUN": "command",
    "READ": "path",
    "BEFORE_CHANGING": "glob",
    "CHANGE": "glob",
    "WORK_AT_AUTONOMY": "level",
    "APPROVED_BY": "owner",
    "OF": "owner",
    "TICKET": "ticket",
    "EXCEPT_UNDER": "type-checking",
    "COLON": "glob",
}
_IN: Mapping[str, Sort] = {
    "MODULES": "module",
    "DIRECTORY": "folder",
    "DIRECTORIES": "folder",
    "DEPENDENCIES": "manifest",
    "KEY": "config",
    "EQUAL_KEY": "config",
}
"""What stands in a scope, by the noun before `in`; files where nothing is said."""
_EXCEPT: Mapping[str, Sort] = {
    "IMPORT": "import",
    "DEPEND_ON": "package",
    "CALL": "pattern",
    "USE": "pattern",
    "CATCH": "exception",
    "INHERIT": "class",
}


def sort_of(reading: Reading) -> Sort | None:
    """Return the sort of the code span that is due; None where none may stand."""
    if "CODE" not in reading.following():
        return None
    word = reading.keyword
    types = reading.types
    if word == "IN":
        before = [kind for kind in types[: _last(types, "IN")] if kind in _IN]
        return _IN[before[-1]] if before else "glob"
    if word == "EXCEPT":
        return next((_EXCEPT[kind] for kind in reading.predicate if kind in _EXCEPT), "glob")
    if word == "EXCEPT_IN":
        return "module" if reading.subject == "modules" else "glob"
    if word == "MATCHING" and reading.subject in {"entity", "module"}:
        return "name"
    if word == "MATCHING" and types[0] not in {"FILES", "DIRECTORIES"} and "EACH" in types:
        return "name"
    if word == "CONTAIN" and reading.subject == "directories":
        return "entry"
    if word in {"", "ONLY", "BRACKET"}:
        return "layer"
    return _BY_WORD.get(word)


def _last(types: list[str], kind: str) -> int:
    return len(types) - 1 - types[::-1].index(kind)


@cache
def examples() -> Mapping[Sort, tuple[str, ...]]:
    """Return by sort the operands of the examples that the table of shapes gives."""
    found: dict[Sort, dict[str, None]] = {}
    for sentence in (*(shape.example for shape in SHAPES.values()), WAIVER):
        parts = sentence.split("`")
        text = ""
        for index, part in enumerate(parts):
            if index % 2:
                reading = read(text, "item")
                sort = sort_of(reading) if reading is not None else None
                if sort is not None:
                    found.setdefault(sort, {})[part] = None
                text += f"{OPEN}{part}{CLOSE}"
            else:
                text += part
    return {sort: tuple(texts) for sort, texts in found.items()}
