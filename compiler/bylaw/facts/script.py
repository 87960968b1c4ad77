"""Facts of TypeScript and JavaScript, with and without JSX."""

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from bylaw.facts.grammar import grammar
from bylaw.facts.model import FileFacts
from bylaw.facts.script_gaps import mended
from bylaw.facts.script_modules import imported
from bylaw.facts.script_steps import STEPS
from bylaw.facts.script_walk import Walk
from bylaw.facts.source import Source, TooSlowError, too_large
from bylaw.facts.walk import Step, by_number

if TYPE_CHECKING:
    from tree_sitter import Language

_TYPED = {".ts": "typescript", ".mts": "typescript", ".cts": "typescript", ".tsx": "tsx"}
"""Grammars by ending; all other endings are JavaScript."""


def extract(data: bytes, ending: str) -> FileFacts:
    """Return the facts of a file."""
    refused = too_large(data)
    if refused is not None:
        return refused
    grammar = _TYPED.get(ending, "javascript")
    source = Source(data, _language(grammar))
    if grammar == "javascript" and source.root.has_error:
        # It may be annotated for Flow, whose types look like those of TypeScript.
        with suppress(TooSlowError):
            other = Source(data, _language("tsx"))
            if other.flawed() < source.flawed():
                grammar, source = "tsx", other
    if source.root.has_error:
        source = mended(source, typed=grammar != "javascript")
    walk = Walk(source, _steps(grammar))
    walk.run()
    walk.settle()
    return walk.draft.finish(imported(walk))


@cache
def _steps(grammar: str) -> dict[int, Step]:
    return by_number(STEPS, _language(grammar))


@cache
def _language(dialect: str) -> "Language":
    from tree_sitter import Language  # noqa: PLC0415 - the checker starts without it

    if dialect == "javascript":
        return Language(grammar("tree_sitter_javascript"))
    return Language(grammar("tree_sitter_typescript", f"language_{dialect}"))
