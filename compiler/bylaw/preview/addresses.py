"""Where the links of an ADR lead when it is shown: no author writes an address of the page."""

import re
from collections.abc import Callable
from posixpath import dirname, join, normpath
from typing import NamedTuple
from urllib.parse import unquote

from bylaw.adr.numbers import MARKDOWN_ENDINGS
from bylaw.preview.page import Links
from bylaw.program import Header

Lookup = Callable[[str], Header | None]
"""Returns the decision at a path of the repository, or None where there is none."""

_OUTSIDE = re.compile(r"(?:https?://[^\s/]|mailto:[^\s])[^\s\x00-\x1f\x7f\"'<>\\`]*", re.IGNORECASE)
_SCHEME = re.compile(r"[^/?#]*:")
_LONGEST = 2_000
"""Characters of an address; what is longer is no address that somebody follows."""

_NOT_OF_A_SLUG = re.compile(r"[^\w\- ]")
_LONGEST_SLUG = 80


class Address(NamedTuple):
    """Where a link leads: an address that may be followed, else a path that is only named."""

    href: str = ""
    outside: bool = False
    path: str = ""


class Addresses:
    """The addresses of one ADR's links."""

    def __init__(self, path: str, links: Links, lookup: Lookup, anchors: frozenset[str]) -> None:
        self._path = path
        self._links = links
        self._lookup = lookup
        self._anchors = anchors

    def of(self, href: str) -> Address:
        """Return where a link leads; nothing at all where it may not be followed."""
        if len(href) > _LONGEST:
            return Address()
        if _OUTSIDE.fullmatch(href):
            return Address(href, outside=True)
        if href.startswith("#"):
            return self._here(unquote(href[1:]))
        if _SCHEME.match(href) or href.startswith(("//", "\\")):
            return Address()
        head, _, fragment = href.partition("#")
        path = unquote(head.partition("?")[0])
        target = path.lstrip("/") if path.startswith("/") else join(dirname(self._path), path)
        return self._there(normpath(target), unquote(fragment))

    def _here(self, fragment: str) -> Address:
        for anchor in (fragment, heading_anchor(fragment)):
            if anchor in self._anchors:
                return Address(f"#{anchor}")
        return Address()

    def _there(self, path: str, fragment: str) -> Address:
        if path.startswith(".."):
            return Address()
        stem = path.removesuffix(".html")
        for name in (path, *(stem + ending for ending in MARKDOWN_ENDINGS)):
            header = self._lookup(name)
            if header is not None:
                known = any(row.id == fragment for row in header.rows)
                return Address(self._links.decision(header.id, fragment if known else ""))
        return Address(path=path)


def heading_anchor(text: str) -> str:
    """Return the anchor of a heading: the underscore keeps it apart from all ids of constraints."""
    slug = _NOT_OF_A_SLUG.sub("", text.strip().lower()).replace(" ", "-")
    return f"h_{slug[:_LONGEST_SLUG]}"
