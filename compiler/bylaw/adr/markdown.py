"""The blocks of an ADR: headings, lists, tables and paragraphs, with the lines they stand on.

Inline markup is not parsed here; that is six times as much work, and only a constraints section
needs it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bylaw.adr.inline_text import plain_text
from bylaw.source import Source

MARKDOWN = MarkdownIt("commonmark").enable("table")
"""The one Markdown parser: CommonMark with tables."""

_FRONT_MATTER_KEY = re.compile(r"""["']?[\w][\w .-]*["']?[ \t]*:""")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the document itself; one inside a list or a quote opens no section.

    `line` counts from 0. `text` has no inline markup. `index` is that of the `heading_open`
    token, `end` one past the section: the next heading of the same or a higher level.
    """

    level: int
    line: int
    text: str
    index: int
    end: int


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The YAML before the body, without its fences; lines count from 0.

    `line` is the first line of `text`, `end_line` the line of the closing fence.
    """

    text: str
    line: int
    end_line: int


@dataclass
class Document:
    """A file's blocks: `token.map` counts lines of `source.lines`, from 0, front matter or not.

    `env` holds the link reference definitions that the block parser met.
    """

    source: Source
    tokens: list[Token]
    front_matter: FrontMatter | None = None
    env: dict[str, Any] = field(default_factory=dict)
    record: Any = field(default=None, repr=False)
    """What `bylaw.adr.fields` has read from it."""

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """The headings in the order of the file."""
        return tuple(_headings(self.tokens))

    @cached_property
    def headings_by_index(self) -> dict[int, Heading]:
        """The headings by the index of their first token."""
        return {heading.index: heading for heading in self.headings}

    def ancestors(self, heading: Heading) -> list[Heading]:
        """Return the headings whose sections hold this one, outermost first."""
        return [h for h in self.headings if h.index < heading.index < h.end]


def parse_blocks(source: Source) -> Document:
    """Parse the blocks of a Markdown file; never fails, whatever the text."""
    text = source.text
    front_matter = _cut_front_matter(source)
    if front_matter is not None:
        # Blank lines in place of the front matter keep every line number what it is on disk.
        skipped = front_matter.end_line + 1
        text = "\n" * skipped + "\n".join(source.lines[skipped:])
    tokens: list[Token] = []
    env: dict[str, Any] = {}
    MARKDOWN.block.parse(text, MARKDOWN, env, tokens)
    return Document(source, tokens, front_matter, env)


def _cut_front_matter(source: Source) -> FrontMatter | None:
    """Return the front matter: a first line `---`, at least one key, a closing line `---`."""
    if not source.text.startswith("---"):
        return None
    lines = source.lines
    if lines[0].rstrip() != "---":
        return None
    keyed = False
    for number in range(1, len(lines)):
        line = lines[number]
        if line.rstrip() in {"---", "..."}:
            # Two thematic breaks around a paragraph hold no key.
            if not keyed:
                return None
            return FrontMatter("\n".join(lines[1:number]), 1, number)
        keyed = keyed or _FRONT_MATTER_KEY.match(line) is not None
    return None


def _headings(tokens: list[Token]) -> Iterator[Heading]:
    places = [
        (index, int(token.tag[1]))
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0
    ]
    ends = [len(tokens)] * len(places)
    still_open: list[int] = []
    for number, (index, level) in enumerate(places):
        while still_open and places[still_open[-1]][1] >= level:
            ends[still_open.pop()] = index
        still_open.append(number)
    for (index, level), end in zip(places, ends, strict=True):
        token = tokens[index]
        line = token.map[0] if token.map else 0
        yield Heading(level, line, plain_text(tokens[index + 1].content), index, end)
