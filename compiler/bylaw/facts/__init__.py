"""Facts of files of code, extracted with tree-sitter: imports, uses, calls, definitions."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module

from bylaw.facts.model import FileFacts
from bylaw.facts.source import TooSlowError, too_slow

Extract = Callable[[bytes, str], FileFacts]
"""From a file's bytes and its ending (`.tsx`) to its facts; a pure function, and it never raises
for what a file may hold."""

_EXTRACTORS: Mapping[str, str] = {
    "python": "bylaw.facts.python",
    "typescript": "bylaw.facts.script",
    "javascript": "bylaw.facts.script",
    "go": "bylaw.facts.go",
    "java": "bylaw.facts.java",
}
"""By language, the module whose `extract` reads it; loaded when the first such file comes."""


def speaks(language: str | None) -> bool:
    """Tell whether there are facts for a language."""
    return language in _EXTRACTORS


@cache
def extractor(language: str) -> Extract:
    """Return what extracts the facts of a language's files; `speaks` says which there are."""
    extract: Extract = import_module(_EXTRACTORS[language]).extract

    def extract_in_time(data: bytes, ending: str) -> FileFacts:
        try:
            return extract(data, ending)
        except TooSlowError:
            return too_slow()

    return extract_in_time
