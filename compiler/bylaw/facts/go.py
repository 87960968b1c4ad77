"""Facts of Go."""

from functools import cache
from typing import TYPE_CHECKING

from bylaw.facts.go_steps import STEPS
from bylaw.facts.go_walk import Walk
from bylaw.facts.grammar import grammar
from bylaw.facts.model import FileFacts
from bylaw.facts.source import Source, too_large
from bylaw.facts.walk import Step, by_number

if TYPE_CHECKING:
    from tree_sitter import Language


def extract(data: bytes, ending: str) -> FileFacts:  # noqa: ARG001 - Go has one ending
    """Return the facts of a file."""
    refused = too_large(data)
    if refused is not None:
        return refused
    language, steps = _grammar()
    walk = Walk(Source(data, language), steps)
    walk.run()
    walk.belong()
    return walk.draft.finish()


@cache
def _grammar() -> "tuple[Language, dict[int, Step]]":
    from tree_sitter import Language  # noqa: PLC0415 - the checker starts without it

    language = Language(grammar("tree_sitter_go"))
    return language, by_number(STEPS, language)
