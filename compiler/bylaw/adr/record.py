"""What is read of an ADR's own metadata: lines, named fields and the record of them all."""

import re
from dataclasses import dataclass
from functools import lru_cache

from bylaw.adr.markdown import Heading
from bylaw.adr.names import SECTION_WORDS
from bylaw.diagnostics import Diagnostic, Span
from bylaw.source import Source


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text with its markers cut off, and where it starts (from 0)."""

    text: str
    line: int
    column: int
    kind: str = "text"
    """`text`, `item`, `quote` or `code`."""

    def span(self, source: Source) -> Span:
        """Return the place of the text."""
        return source.span(self.line, self.column, self.line, self.column + len(self.text))


@dataclass(frozen=True, slots=True)
class Field:
    """A name and what stands behind it.

    `name` is in lower case with single spaces. `rest` are the lines that follow the value within
    its block or section. `items` are the members of a YAML list.
    """

    name: str
    value: str
    place: str
    line: int
    column: int
    end_line: int
    end_column: int
    rest: tuple[Line, ...] = ()
    items: tuple[str, ...] = ()

    def span(self, source: Source) -> Span:
        """Return the place of the value."""
        return source.span(self.line, self.column, self.end_line, self.end_column)


@dataclass(frozen=True, slots=True)
class Record:
    """What a file says about itself: the heading that is its title, and its fields.

    `lines` are the lines before the first section that are no fields. `broken` is true where the
    front matter is there but cannot be read.
    """

    title: Heading | None
    fields: tuple[Field, ...]
    lines: tuple[Line, ...]
    broken: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()

    def named(self, names: frozenset[str]) -> list[Field]:
        """Return the fields with one of these names, in the order of the file."""
        return [field for field in self.fields if field.name in names]


PREFIX = re.compile(r"[ \t]*(?:>[ \t]?|[-*+][ \t]+|\d{1,9}[.)][ \t]+|\[[ xX]\][ \t]+|[ \t]+)*")
"""The indentation, quote, list and task markers that a line can start with."""
_NAME_EDGE = " \t*_`:>~\u00a0"
_LEADING_NUMBER = re.compile(r"(?:\d{1,3}(?:\.\d{1,3}){0,3}[.):]?|[IVX]{1,4}\.)\s+")
_COMMENT = re.compile(r"<!--.*?(?:-->|$)")


# The same few names stand in every file of a repository.
@lru_cache(maxsize=8192)
def field_name(text: str) -> str:
    """Return a field's name in the form in which names are looked up."""
    name = text.strip(_NAME_EDGE).lower().replace("-", " ").replace("_", " ")
    return " ".join(name.replace("(s)", "s").split())


@lru_cache(maxsize=8192)
def _heading_name(text: str) -> str:
    return field_name(_LEADING_NUMBER.sub("", text, count=1))


def section_name(heading: Heading) -> str:
    """Return a heading's words in lower case, without a leading number and trailing colon."""
    return _heading_name(heading.text)


def is_adr_section(heading: Heading) -> bool:
    """Whether a heading is one that ADRs have."""
    return section_name(heading).startswith(SECTION_WORDS)


def cut_line(raw: str, number: int, kind: str = "text") -> Line:
    """Cut the indentation, quote and list markers, comments and hard break off a line."""
    match = PREFIX.match(raw)
    start = match.end() if match else 0
    text = raw[start:]
    if "<!--" in text:
        # A comment is blanked where it stands before text, so that columns stay exact.
        text = _COMMENT.sub(lambda found: " " * len(found[0]), text)
        start += len(text) - len(text.lstrip())
        text = text.strip()
    return Line(text.rstrip(" \t\u00a0").removesuffix("\\").rstrip(), number, start, kind)
