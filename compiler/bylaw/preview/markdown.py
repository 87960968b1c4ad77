"""An ADR's Markdown as HTML that is safe to show, its statements marked by how they fare.

Every tag and every attribute is written here; of the author's text nothing gets into the page but
as text, and an address only where it is one that may be followed. Comments vanish, as they do for
the compiler; other HTML is shown as it is written, since it means nothing to the compiler either.
"""

import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from html import escape
from itertools import count
from typing import TYPE_CHECKING

from bylaw.adr.front_matter import read_front_matter
from bylaw.adr.markdown import Document, FrontMatter, parse_blocks
from bylaw.diagnostics import Report
from bylaw.preview.addresses import Addresses, Lookup, heading_anchor
from bylaw.preview.model import Preview, StatementView
from bylaw.preview.page import Links
from bylaw.preview.page.prose import prose
from bylaw.render.characters import safe
from bylaw.source import Source

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from markupsafe import Markup

MOST_CHARACTERS = 1_000_000
"""Characters of HTML after which an ADR is cut: only what was made to be large is larger."""

_MOST_READ = 500_000
_MOST_LINES = 10_000
"""Characters and lines of an ADR that are shown."""

_LONGEST = 20_000
_MOST_MARKS = 1_000
_MOST_MARKS_IN_ALL = 20_000
"""Characters of a paragraph, and brackets and stars in it and in all, whose markup is shown."""

_MOST_PLAIN = 100_000
"""Characters of a paragraph that are shown without its markup."""

_COMMENT = re.compile(r"<!--(?:>|->|.*?(?:-->|\Z))", re.DOTALL)

_TAGS: Mapping[str, tuple[str, str]] = {
    "paragraph_open": ("<p>", "</p>\n"),
    "bullet_list_open": ("<ul>\n", "</ul>\n"),
    "list_item_open": ("<li>", "</li>\n"),
    "blockquote_open": ("<blockquote>\n", "</blockquote>\n"),
    "table_open": ("<table>\n", "</table>\n"),
    "thead_open": ("<thead>\n", "</thead>\n"),
    "tbody_open": ("<tbody>\n", "</tbody>\n"),
    "tr_open": ("<tr>", "</tr>\n"),
    "em_open": ("<em>", "</em>"),
    "strong_open": ("<strong>", "</strong>"),
    "s_open": ("<s>", "</s>"),
}
"""What opens and closes an element that has no attributes, by the token that opens it."""


def anchors_of(statements: Sequence[StatementView]) -> list[str]:
    """Return the anchor of each statement: its id, or its line where that is taken or missing."""
    taken: set[str] = set()
    found = []
    for each in statements:
        identity = each.key.rpartition("/")[2] if "/" in each.key else ""
        anchor = identity if identity and identity not in taken else f"L{each.span.line}"
        taken.add(anchor)
        found.append(anchor)
    return found


def _nowhere(path: str) -> None:
    """Find no decision."""


def adr_html(preview: Preview, links: Links, lookup: Lookup = _nowhere) -> "Markup":
    """Return an ADR as HTML; `lookup` finds the decision that a relative link leads to.

    The list item of each statement has its anchor as id, and `data-key`, `data-about`,
    `data-state` and `data-line` (from 1).
    """
    from markupsafe import Markup  # noqa: PLC0415 - it comes with an extra

    text = _head(preview.text)
    document = parse_blocks(Source(preview.path, text.encode("utf-8", "surrogateescape")))
    # Every part has been escaped where it was written.
    return Markup("".join(_Writer(document, preview, links, lookup).parts()))  # noqa: S704


def _head(text: str) -> str:
    """Return as much of an ADR as is shown, in whole lines where it has any."""
    if len(text) > _MOST_READ:
        text = text[:_MOST_READ].rpartition("\n")[0] or text[:_MOST_READ]
    if text.count("\n") > _MOST_LINES:
        text = "\n".join(text.split("\n", _MOST_LINES)[:_MOST_LINES])
    return text


@cache
def _markdown() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - the cache of records does without

    return MarkdownIt("commonmark").enable("strikethrough")


def _text(text: str) -> str:
    return escape(safe(text))


def _lines(text: str) -> str:
    """Return text of several lines, each with its tabs."""
    return "\n".join("\t".join(map(_text, line.split("\t"))) for line in text.split("\n"))


def _cut(left: int) -> str:
    return f'<p class="cut">The last {left:,} lines of this file are not shown.</p>\n' * (left > 0)


def _end(token: "Token") -> int:
    """Return the last line of a block, from 1; none where that is not known."""
    return token.map[1] if token.map else 0


def _lines_of_faults(preview: Preview) -> set[int]:
    """Return the lines, from 1, that diagnostics point at and that are no statement's anchor."""
    spans = [each.span for each in preview.diagnostics]
    spans += [label.span for each in preview.diagnostics for label in each.labels]
    lines = {span.line for span in spans if span is not None and span.path == preview.path}
    taken = set(anchors_of(preview.statements))
    return {line for line in lines if f"L{line}" not in taken}


class _Writer:
    """One ADR being written."""

    def __init__(self, document: Document, preview: Preview, links: Links, lookup: Lookup) -> None:
        self._document = document
        self._links = links
        self._anchors = anchors_of(preview.statements)
        self._statements = preview.statements
        self._lines = [each.span.line for each in preview.statements]
        self._shown: set[int] = set()
        self._headings = self._heading_anchors()
        known = frozenset([*self._headings.values(), *self._anchors])
        self._addresses = Addresses(preview.path, links, lookup, known)
        self._marked_lines = sorted(_lines_of_faults(preview), reverse=True)
        self._length = preview.text.count("\n") + 1
        self._open: list[str] = []
        self._spent = 0
        self._marks = 0

    def parts(self) -> Iterator[str]:
        """Yield the document's pieces, until there are too many."""
        if self._document.front_matter is not None:
            yield self._line_anchors(self._document.front_matter.end_line + 1)
            yield from self._front_matter(self._document.front_matter)
        for index, token in enumerate(self._document.tokens):
            if self._spent > MOST_CHARACTERS and token.nesting >= 0:
                yield from reversed(self._open)
                yield _cut(self._length - (token.map[0] if token.map else 0))
                break
            for part in self._block(index, token):
                self._spent += len(part)
                yield part
        else:
            yield _cut(self._length - len(self._document.source.lines))
        yield self._line_anchors(sys.maxsize)
        yield from self._unplaced()

    def _line_anchors(self, until: int) -> str:
        """Return the anchors of lines with faults, up to one: a problem's place leads there."""
        found = ""
        while self._marked_lines and self._marked_lines[-1] <= until:
            found += f'<span id="L{self._marked_lines.pop()}"></span>'
        return found

    # --- blocks ----------------------------------------------------------------------------------

    def _block(self, index: int, token: "Token") -> Iterator[str]:
        if token.hidden:
            # A paragraph of a tight list.
            yield "\n" if token.nesting < 0 else self._line_anchors(_end(token))
        elif token.nesting < 0:
            yield self._open.pop()
        elif token.type in self._BLOCKS:
            yield from self._BLOCKS[token.type](self, index, token)
        elif token.type in _TAGS:
            yield self._opened(*_TAGS[token.type])
            if token.type == "paragraph_open":
                yield self._line_anchors(_end(token))

    def _opened(self, opening: str, closing: str) -> str:
        self._open.append(closing)
        return opening

    def _heading(self, index: int, token: "Token") -> Iterator[str]:
        level = int(token.tag[1])
        anchor = self._headings.get(index)
        identity = f' id="{escape(anchor)}"' if anchor else ""
        yield self._opened(f"<h{level}{identity}>", f"</h{level}>\n")
        yield self._line_anchors(_end(token))

    def _ordered(self, index: int, token: "Token") -> Iterator[str]:  # noqa: ARG002 - one signature
        start = token.attrs.get("start", 1)
        yield self._opened(f'<ol start="{start}">\n' if start != 1 else "<ol>\n", "</ol>\n")

    def _item(self, index: int, token: "Token") -> Iterator[str]:  # noqa: ARG002 - as above
        number = self._statement_in(token)
        if number is None:
            yield self._opened(*_TAGS["list_item_open"])
            return
        self._shown.add(number)
        yield self._opened(self._marked(number), "</li>\n")

    def _cell(self, index: int, token: "Token") -> Iterator[str]:  # noqa: ARG002 - as above
        style = str(token.attrs.get("style", ""))
        side = style.rpartition(":")[2]
        aligned = f' class="to-{side}"' if side in {"left", "center", "right"} else ""
        yield self._opened(f"<{token.tag}{aligned}>", f"</{token.tag}>")
        yield self._line_anchors(_end(token))

    def _fence(self, index: int, token: "Token") -> Iterator[str]:  # noqa: ARG002 - as above
        yield self._line_anchors(_end(token))
        info = token.info.strip()
        code = f"<pre><code>{_lines(token.content)}</code></pre>"
        if " " in info:
            verdict = next((word for word in ("violates", "complies") if word in info.split()), "")
            yield f'<figure class="example" data-verdict="{verdict}">'
            yield f"<figcaption>{_text(info[:200])}</figcaption>{code}</figure>\n"
        else:
            yield f"{code}\n"

    def _rule(self, index: int, token: "Token") -> Iterator[str]:  # noqa: ARG002 - as above
        yield "<hr>\n"

    def _raw(self, index: int, token: "Token") -> Iterator[str]:  # noqa: ARG002 - as above
        yield self._line_anchors(_end(token))
        shown = _COMMENT.sub("", token.content).strip()
        if shown:
            yield f'<pre class="raw"><code>{_lines(shown)}</code></pre>\n'

    def _paragraph(self, index: int, token: "Token") -> Iterator[str]:  # noqa: ARG002 - as above
        content = token.content
        marks = sum(map(content.count, "[*_~<!&`"))
        self._marks += marks
        # Pairing marks takes more than linear time, and nobody means this many.
        if len(content) > _LONGEST or marks > _MOST_MARKS or self._marks > _MOST_MARKS_IN_ALL:
            yield _lines(content[:_MOST_PLAIN]) + "…" * (len(content) > _MOST_PLAIN)
            return
        markdown = _markdown()
        children: list[Token] = []
        markdown.inline.parse(content, markdown, self._document.env, children)
        yield from self._inline(children)

    _BLOCKS: Mapping[str, Callable[["_Writer", int, "Token"], Iterator[str]]] = {
        "heading_open": _heading,
        "ordered_list_open": _ordered,
        "list_item_open": _item,
        "th_open": _cell,
        "td_open": _cell,
        "fence": _fence,
        "code_block": _fence,
        "hr": _rule,
        "html_block": _raw,
        "inline": _paragraph,
    }

    # --- inline ----------------------------------------------------------------------------------

    def _inline(self, children: "Sequence[Token]") -> Iterator[str]:
        closing: list[str] = []
        in_link = False
        for token in children:
            kind = token.type
            if kind in {"text", "text_special"}:
                yield _lines(token.content)
            elif kind == "code_inline":
                yield f"<code>{_lines(token.content)}</code>"
            elif kind == "softbreak":
                yield "\n"
            elif kind == "hardbreak":
                yield "<br>\n"
            elif kind == "html_inline":
                yield _text(_COMMENT.sub("", token.content))
            elif kind == "link_open":
                opening, end = self._link(str(token.attrs.get("href", "")))
                closing.append(end)
                in_link = True
                yield opening
            elif kind == "image":
                yield self._image(token, in_link)
            elif token.nesting > 0 and kind in _TAGS:
                closing.append(_TAGS[kind][1])
                yield _TAGS[kind][0]
            elif token.nesting < 0 and closing:
                in_link = in_link and kind != "link_close"
                yield closing.pop()

    def _link(self, href: str) -> tuple[str, str]:
        """Return what opens and closes a link, or what stands for one that leads nowhere."""
        address = self._addresses.of(href) if self._spent <= MOST_CHARACTERS else None
        if address is None or not (address.href or address.path):
            return "<span>", "</span>"
        if address.path:
            return f'<span class="path" title="{_text(address.path)}">', "</span>"
        # What is spent is counted here as well: one paragraph may repeat a long address.
        self._spent += len(address.href)
        kind = ' class="outside" rel="noopener noreferrer nofollow"' if address.outside else ""
        return f'<a href="{escape(address.href)}"{kind}>', "</a>"

    def _image(self, token: "Token", in_link: bool) -> str:
        """Return a link to an image, in its alternative words: nothing is fetched to be shown."""
        words = "".join(child.content for child in token.children or ())
        label = f"image: {_text(words)}" if words.strip() else "image"
        if in_link:
            return f'<span class="image">{label}</span>'
        opening, closing = self._link(str(token.attrs.get("src", "")))
        return f'<span class="image">{opening}{label}{closing}</span>'

    # --- statements ------------------------------------------------------------------------------

    def _statement_in(self, token: "Token") -> int | None:
        """Return the statement that a list item makes, if any."""
        if token.level != 1 or token.map is None:
            return None
        first, end = token.map
        number = bisect_left(self._lines, first + 1)
        if number == len(self._lines) or self._lines[number] > end or number in self._shown:
            return None
        return number

    def _marked(self, number: int) -> str:
        """Return the start of a statement's list item: what scripts look for, and its state."""
        view = self._statements[number]
        named = {
            "id": self._anchors[number],
            "data-key": view.key,
            "data-about": " ".join(view.about),
            "data-state": view.state,
            "data-line": str(view.span.line),
        }
        attributes = "".join(f' {name}="{_text(value)}"' for name, value in named.items())
        words = f'<span class="state" data-state="{view.state}">{view.state}</span>'
        if view.why:
            words += f' <span class="why">{prose(safe(view.why))}</span>'
        if view.statement == "constraint":
            place = escape(self._links.constraint(view.key))
            name = _text(view.key.rpartition("/")[2])
            words += f' <a class="to-constraint" href="{place}">{name}</a>'
        return f'<li class="statement" tabindex="0"{attributes}><div class="fate">{words}</div>\n'

    def _unplaced(self) -> Iterator[str]:
        """Yield the statements that no list item was found for, so that each has its anchor."""
        left = [n for n in range(len(self._statements)) if n not in self._shown]
        if not left:
            return
        yield '<ul class="unplaced">\n'
        for number in left:
            part = f"{self._marked(number)}{_text(self._statements[number].sentence)}</li>\n"
            self._spent += len(part)
            yield part
            if self._spent > 2 * MOST_CHARACTERS:
                break
        yield "</ul>\n"

    # --- what stands around ----------------------------------------------------------------------

    def _front_matter(self, front_matter: FrontMatter) -> Iterator[str]:
        entries = read_front_matter(self._document.source, front_matter, Report())
        if entries is None:
            text = front_matter.text[:_LONGEST]
            yield f'<pre class="front-matter"><code>{_lines(text)}</code></pre>\n'
            return
        yield '<table class="front-matter"><tbody>\n'
        for entry in entries[:100]:
            key, value = _text(entry.key[:200]), _lines(entry.text[:2_000])
            yield f'<tr><th scope="row">{key}</th><td>{value}</td></tr>\n'
        yield "</tbody></table>\n"

    def _heading_anchors(self) -> dict[int, str]:
        """Return the anchors of headings, by the index of the token that opens each."""
        taken: dict[str, Iterator[int]] = {}
        found = {}
        used: set[str] = set()
        for heading in self._document.headings:
            anchor = first = heading_anchor(safe(heading.text))
            while anchor in used:
                anchor = f"{first}-{next(taken.setdefault(first, count(1)))}"
            used.add(anchor)
            found[heading.index] = anchor
        return found
