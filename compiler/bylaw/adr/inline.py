"""The inline tree of a paragraph as one line of text in which every character keeps its place.

This is what the grammar reads. Emphasis and links are transparent, entities and backslash escapes
decoded, HTML comments gone, white space single spaces; a code span stands verbatim between two
private characters. What no statement may hold is kept as faults, for whoever reads the paragraph
as a statement to report.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from markdown_it.token import Token

from bylaw.adr.placed import PlacedState, placed_markdown
from bylaw.diagnostics import Span
from bylaw.source import Source
from bylaw_grammar import CLOSE, OPEN

LONGEST = 4000
"""Code points of a paragraph that is still read; the longest real statements have some hundred."""

MOST_MARKS = 400
"""Brackets, stars and their like in such a paragraph: pairing them is what costs time."""

FaultKind: TypeAlias = Literal[
    "unclosed", "struck", "html", "image", "invisible", "span-character", "long"
]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a paragraph that no statement may hold; `text` is what stands there."""

    kind: FaultKind
    text: str
    span: Span


class Inline:
    """A paragraph as the grammar reads it; see the module's own words.

    `pieces` are `(start, from, to, verbatim)`: the characters of `text` from `start` on are
    `content[from:to]`, one for one where `verbatim`.
    """

    __slots__ = ("_ascii", "_lines", "_pieces", "_source", "_starts", "content", "faults", "text")

    def __init__(
        self,
        source: Source,
        lines: "list[tuple[int, int, int, int]]",
        content: str,
        text: str,
        pieces: "list[tuple[int, int, int, bool]]",
    ) -> None:
        self.text = text
        self.content = content
        self.faults: tuple[Fault, ...] = ()
        self._source = source
        self._lines = lines
        # Where each character is a byte, the byte of a place follows from its line's.
        self._ascii = lines[0][3] >= 0
        self._pieces = pieces
        self._starts = [piece[0] for piece in pieces]

    def span(self, start: int, end: int) -> Span:
        """Return the place in the file of `text[start:end]`."""
        if not self._pieces:
            return self.content_span(0, 0)
        first = self._at(start, after=False)
        if end <= start:
            return self.content_span(first, first)
        return self.content_span(first, self._at(end - 1, after=True))

    @property
    def first_offset(self) -> int:
        """The byte of the file at which the paragraph starts, after a task marker."""
        marker = _TASK.match(self.content)
        return self.content_span(marker.end() + 1 if marker else 0, 0).offset

    def content_span(self, start: int, end: int) -> Span:
        """Return the place in the file of `content[start:end]`."""
        line, column, offset = self._place(start)
        if end <= start:
            return Span(self._source.path, line, column, offset, line, column, offset)
        # The character after the last one may stand on the next line.
        end_line, end_column, end_offset = self._place(end - 1)
        if self._ascii:
            end_offset += 1
        else:
            end_offset = self._source.offset(end_line - 1, end_column)
        path = self._source.path
        return Span(path, line, column, offset, end_line, end_column + 1, end_offset)

    def _at(self, position: int, *, after: bool) -> int:
        """Return the offset in the content of a character of `text`, or the one after it."""
        index = bisect_right(self._starts, position) - 1
        start, begin, end, verbatim = self._pieces[index if index > 0 else 0]
        if not verbatim:
            return end if after else begin
        found = begin + position - start + after
        return found if found < end else end

    def _place(self, offset: int) -> tuple[int, int, int]:
        """Return the line and column, from 1, and the byte of an offset in the content."""
        lines = self._lines
        start, line, column, byte = (
            lines[bisect_right(lines, (offset, _LAST, 0, 0)) - 1] if len(lines) > 1 else lines[0]
        )
        column += offset - start
        if self._ascii:
            return line + 1, column + 1, byte + column
        return line + 1, column + 1, self._source.offset(line, column)


_LAST = 1 << 60


def parse_inline(source: Source, token: Token, env: dict[str, Any]) -> Inline:
    """Parse an `inline` block token, whose lines are those of `source`."""
    content = token.content
    lines = _lines(source, token)
    if len(content) > LONGEST or (
        len(content) > MOST_MARKS and sum(map(content.count, "[*_~<!&")) > MOST_MARKS
    ):
        inline = Inline(source, lines, content, "", [])
        inline.faults = (Fault("long", "", inline.content_span(0, min(len(content), LONGEST))),)
        return inline
    line = _read_plain(content) if not env.get("references") else None
    if line is None:
        line = _read(content, env)
    inline = Inline(source, lines, content, line.finish(), line.pieces)
    if _INVISIBLE.search(content):
        for match in _INVISIBLE.finditer(content):
            line.faults.append(("invisible", match[0], match.start(), match.end()))
    if line.faults:
        line.faults.sort(key=lambda fault: fault[2])
        inline.faults = tuple(
            Fault(kind, text, inline.content_span(start, end))
            for kind, text, start, end in line.faults
        )
    return inline


def _read(content: str, env: dict[str, Any]) -> "_Line":
    """Read a paragraph through markdown-it."""
    markdown = placed_markdown()
    state = PlacedState(content, markdown, env, [])
    markdown.inline.tokenize(state)
    if "*" in content or "_" in content or "~" in content:
        for rule in markdown.inline.ruler2.getRules(""):
            rule(state)
    line = _Line(content)
    line.read(state.tokens)
    return line


def _read_plain(content: str) -> "_Line | None":
    """Read a paragraph that holds code spans and no other markup; None where it may hold some.

    Nearly all statements are of this kind, and markdown-it takes three times as long for the same.
    """
    parts = content.split("`")
    if len(parts) % 2 == 0 or "``" in content or "](" in content:
        return None
    if _MARKUP.search("`".join(parts[::2])):
        return None
    line = _Line(content)
    for text in parts[1::2]:
        if text[0] == " " or "\n" in text or _SPAN_CHARACTER.search(text):
            return None
    line.write_plain(parts)
    return line


def _lines(source: Source, token: Token) -> list[tuple[int, int, int, int]]:
    """Return where each line of a block's content starts.

    That is its offset, the line, the column, and the byte at which the line of the file starts:
    -1 throughout where a character may be more than one byte. Block parsing strips indentation and
    nothing else, so each line of the content is the end of its line in the file.
    """
    number = token.map[0] if token.map else 0
    places = []
    offset = 0
    content = token.content
    texts = content.split("\n") if "\n" in content else [content]
    plain = all(source.lines[number + index].isascii() for index in range(len(texts)))
    for text in texts:
        column = len(source.lines[number].rstrip()) - len(text.rstrip())
        byte = source.offset(number, 0) if plain else -1
        places.append((offset, number, column, byte))
        offset += len(text) + 1
        number += 1
    return places


# --- the line ----------------------------------------------------------------------------------

_MARKUP = re.compile(r"[\\*_~<&]|!\[|[^\S ]|  ")
_ODD_SPACE = re.compile(r"\s{2,}|[^\S ]")
_INVISIBLE = re.compile(
    # Controls, soft hyphen, joiners, zero widths, directions, fillers, private sentinels, lone
    # surrogates, tags. U+FE0F stays: it only makes an emoji colourful.
    "[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb"
    "\ue000\ue001\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_SPAN_CHARACTER = re.compile("[\u00a0\u2007\u202f\u2018-\u201f\u2039\u203a\u00ab\u00bb]")
_TASK = re.compile(r"\[[ xX]\](?= )")
_ID_WORD = re.compile(r"[A-Za-z0-9][\w.-]*(?:/[\w.-]+)*\Z")
_STARTS = re.compile(r"\A(?:\[[ xX]\] ?)?\Z")
_REFERS = re.compile(r"\b(?:for|despite) \Z", re.IGNORECASE)


_REFUSED: dict[str, FaultKind] = {"html_inline": "html", "s_open": "struck", "image": "image"}


class _Line:
    """The line being written: its text, its pieces, and the faults met."""

    def __init__(self, content: str) -> None:
        self.content = content
        self.out: list[str] = []
        self.length = 0
        self.pieces: list[tuple[int, int, int, bool]] = []
        self.faults: list[tuple[FaultKind, str, int, int]] = []
        self._spaced = True
        self._brackets: list[tuple[bool, int]] = []

    def read(self, tokens: list[Token]) -> None:
        """Write out the tokens of an inline tree."""
        for index, token in enumerate(tokens):
            start, end = token.map or (0, 0)
            kind = token.type
            if kind == "text":
                if token.content:
                    self._text(token.content, start)
            elif kind == "code_inline":
                self._code(token, start, end)
            elif kind in {"softbreak", "hardbreak"}:
                self._write(" ", start, end, verbatim=False)
            elif kind == "text_special":
                if _INVISIBLE.search(token.content):
                    self.faults.append(("invisible", token.content, start, end))
                self._write(token.content, start, end, verbatim=False)
            elif kind == "link_open":
                self._open_link(tokens, index)
            elif kind == "link_close":
                self._close_link(end)
            elif kind in _REFUSED and not token.content.startswith("<!--"):
                self.faults.append((_REFUSED[kind], token.content or "~~", start, end))

    def write_plain(self, parts: list[str]) -> None:
        """Write out text and, at each second place, code spans of one backtick."""
        length = position = 0
        for index, part in enumerate(parts):
            size = len(part)
            if index % 2:
                end = position + size + 1
                self.pieces += (
                    (length, position, position + 1, False),
                    (length + 1, position + 1, end, True),
                    (length + size + 1, end, end + 1, False),
                )
                self.out.append(f"{OPEN}{part}{CLOSE}")
                size += 2
            elif size:
                self.pieces.append((length, position, position + size, True))
                self.out.append(part)
            length += size
            position += size

    def finish(self) -> str:
        """Return the text, without a task marker before it and a space behind."""
        text = "".join(self.out).rstrip(" ")
        marker = _TASK.match(text)
        if marker is None:
            return text
        # `[x]` is three characters and a space of the text; what follows moves to the front.
        cut = marker.end() + 1
        self.pieces = [
            (max(start - cut, 0), begin + max(cut - start, 0) * verbatim, end, verbatim)
            for start, begin, end, verbatim in self.pieces
            if start + (end - begin if verbatim else 1) > cut
        ]
        return text[cut:]

    def _text(self, text: str, start: int) -> None:
        tick = text.find("`")
        if tick >= 0:
            self.faults.append(("unclosed", "`", start + tick, start + tick + 1))
        position = 0
        if _ODD_SPACE.search(text):
            for match in _ODD_SPACE.finditer(text):
                self._write(text[position : match.start()], start + position, start + match.start())
                self._write(" ", start + match.start(), start + match.end(), verbatim=False)
                position = match.end()
        self._write(text[position:], start + position, start + len(text))

    def _write(self, text: str, start: int, end: int, *, verbatim: bool = True) -> None:
        if self._spaced and text.startswith(" "):
            text = text[1:]
            start += 1
        elif text.isspace() and not verbatim:
            text = " "
        if not text:
            return
        self.pieces.append((self.length, start, end, verbatim))
        self.out.append(text)
        self.length += len(text)
        self._spaced = text.endswith(" ")

    def _code(self, token: Token, start: int, end: int) -> None:
        ticks = len(token.markup)
        raw_start, raw_end = start + ticks, end - ticks
        # One space on each side belongs to the marks, not to the text.
        if raw_end - raw_start != len(token.content):
            raw_start, raw_end = raw_start + 1, raw_end - 1
        for match in _SPAN_CHARACTER.finditer(token.content):
            place = raw_start + match.start()
            self.faults.append(("span-character", match[0], place, place + 1))
        length = self.length
        self.pieces.append((length, start, raw_start, False))
        self.pieces.append((length + 1, raw_start, raw_end, True))
        self.pieces.append((length + 1 + len(token.content), raw_end, end, False))
        self.out.append(f"{OPEN}{token.content}{CLOSE}")
        self.length += len(token.content) + 2
        self._spaced = False

    def _open_link(self, tokens: list[Token], index: int) -> None:
        """Keep the brackets of an id or a reference that Markdown takes for a link."""
        start, end = tokens[index].map or (0, 0)
        inner = tokens[index + 1].content if index + 2 < len(tokens) else ""
        closing = start + 1 + len(inner)
        named = (
            index + 2 < len(tokens)
            and tokens[index + 2].type == "link_close"
            and tokens[index].info != "auto"
            and _ID_WORD.match(inner) is not None
        )
        if named:
            before = "".join(self.out) if self.length < 12 else "…" + "".join(self.out[-3:])[-12:]
            # `[text](address)` at the start is how plain prose begins an item; `[id]` alone is an
            # id even where the file defines a link of that name.
            shortcut = end == closing + 1 and _STARTS.search(before) is not None
            named = shortcut or _REFERS.search(before) is not None
        self._brackets.append((named, closing))
        if named:
            self._write("[", start, start + 1)

    def _close_link(self, end: int) -> None:
        named, closing = self._brackets.pop()
        if named:
            self._write("]", closing, end, verbatim=False)
