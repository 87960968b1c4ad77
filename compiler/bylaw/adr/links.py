"""Relative links of an ADR, and those among them that lead nowhere."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from bylaw.adr.numbers import MARKDOWN_ENDINGS
from bylaw.diagnostics import Code, Report, Severity, Span

if TYPE_CHECKING:
    # A run that finds every record in the cache reads no Markdown.
    from bylaw.adr.markdown import Document

BROKEN_LINK = Code("BL073", "broken-link", Severity.WARNING)

_LINK = re.compile(
    r"\]\(\s*(?:<(?P<angled>[^<>\n]*)>|(?P<bare>[^\s()<>]+(?:\([^\s()]*\)[^\s()]*)*))"
)
_CODE = re.compile(r"(`+)[^`].*?(?<!`)\1(?!`)")
# An address with a scheme, a place in the same file, a site's route and a template's blank are not
# paths of the repository.
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[#/{<?]|$")
_MAX_LINE = 20_000


@dataclass(frozen=True, slots=True)
class Link:
    """A relative link: the path from the file's folder, decoded, and the place of the address."""

    path: str
    span: Span


class Tree:
    """The repository's files, and the folders that hold them, for looking up links."""

    def __init__(self, files: Iterable[str]) -> None:
        self._known = set(files)
        folders: set[str] = {""}
        for path in self._known:
            folder = dirname(path)
            while folder not in folders:
                folders.add(folder)
                folder = dirname(folder)
        self._known |= folders

    def has(self, origin: str, path: str) -> bool:
        """Whether a link from the file `origin` leads to a file or folder of the repository.

        A link may leave the ending out, or name the page that a site makes of a file. One that
        leaves the repository cannot be judged and counts as whole.
        """
        target = normpath(join(dirname(origin), path))
        if target.startswith(".."):
            return True
        if target in {".", ""} or target in self._known:
            return True
        stem = target.removesuffix(".html")
        return any(stem + ending in self._known for ending in MARKDOWN_ENDINGS)


def find_links(document: "Document") -> tuple[Link, ...]:
    """Return the relative links and images in a document's text, not those in code."""
    return tuple(_links(document))


def _links(document: "Document") -> Iterator[Link]:
    source = document.source
    for token in document.tokens:
        if token.type != "inline" or token.map is None or "](" not in token.content:
            continue
        for number in range(token.map[0], token.map[1]):
            line = source.lines[number][:_MAX_LINE]
            if "](" not in line:
                continue
            codes = [match.span() for match in _CODE.finditer(line)] if "`" in line else []
            for match in _LINK.finditer(line):
                group = "angled" if match["angled"] is not None else "bare"
                start, end = match.span(group)
                if any(first <= match.start() < last for first, last in codes):
                    continue
                path = _path(match[group])
                if path:
                    yield Link(path, source.span(number, start, number, end))
    for reference in document.env.get("references", {}).values():
        path = _path(reference["href"])
        if path and reference.get("map"):
            yield Link(path, source.line_span(reference["map"][0]))


def _path(href: str) -> str:
    if _ELSEWHERE.match(href):
        return ""
    return unquote(href.partition("#")[0].partition("?")[0])


def report_broken_links(origin: str, links: Iterable[Link], tree: Tree, report: Report) -> None:
    """Warn of each link of the file `origin` that leads to nothing in the repository."""
    for link in links:
        if not tree.has(origin, link.path):
            report.add(
                BROKEN_LINK,
                f"the link to `{link.path}` leads nowhere",
                link.span,
                help="correct the path; it starts at this file's folder",
            )


def check_links(document: "Document", files: Iterable[str], report: Report) -> None:
    """Find the broken links of one document, given every file of the repository."""
    report_broken_links(document.source.path, find_links(document), Tree(files), report)
