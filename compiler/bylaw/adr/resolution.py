"""Which decision each relation means, told across all of them."""

import re
from collections.abc import Iterable, Sequence
from posixpath import basename, dirname, join, normpath
from typing import Protocol
from urllib.parse import unquote

from bylaw.adr.inline_text import EDGE, LINK, plain_text
from bylaw.adr.numbers import MARKDOWN_ENDINGS, number_of, stem_of
from bylaw.ir import Relation


class Referable(Protocol):
    """What resolution needs to know of a decision."""

    @property
    def path(self) -> str:
        """The path of the file."""

    @property
    def id(self) -> str:
        """The stem or the folder's name."""

    @property
    def number(self) -> int | None:
        """The display number."""

    @property
    def title(self) -> str:
        """The title."""

    @property
    def relations(self) -> tuple[Relation, ...]:
        """The relations as written."""


_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_NOT_WORD = re.compile(r"[\W_]+")


def _key(title: str) -> str:
    return _NOT_WORD.sub(" ", plain_text(title).casefold()).strip()


def _akin(href: str, path: str) -> bool:
    """Whether a decision found by number can be the missing file that the link names.

    A renamed file keeps a word of its name; where none is left, the number has been reused.
    """
    wanted = set(_LONG_WORD.findall(unquote(basename(href.rstrip("/"))).lower()))
    return not wanted or not wanted.isdisjoint(_LONG_WORD.findall(stem_of(path).lower()))


class _Index:
    """Decisions by path, by id, by number and by title; a list holds all that share a key."""

    def __init__(self, headers: Sequence[Referable]) -> None:
        self.paths: dict[str, str] = {}
        self.ids: dict[str, list[str]] = {}
        self.names: dict[str, list[str]] = {}
        self.numbers: dict[tuple[str, int], list[str]] = {}
        self.titles: dict[str, list[str]] = {}
        for header in headers:
            path = header.path
            self.paths[path] = path
            self.ids.setdefault(header.id.casefold(), []).append(path)
            self.names.setdefault(basename(path).casefold(), []).append(path)
            if header.number is not None:
                family = number_of(header.id)[0]
                for key in {family, ""}:
                    self.numbers.setdefault((key, header.number), []).append(path)
            self.titles.setdefault(_key(header.title), []).append(path)
        # A link without its extension, and a folder that its README or index stands for.
        for path in list(self.paths):
            stem, dot, ending = path.rpartition(".")
            if dot and f".{ending.lower()}" in MARKDOWN_ENDINGS:
                self.paths.setdefault(stem, path)
                if basename(stem).lower() in {"readme", "index"}:
                    self.paths.setdefault(dirname(stem), path)

    def find(self, raw: str, origin: str) -> str | None:
        """Return the one decision that `raw` names, seen from the file `origin`."""
        link = LINK.fullmatch(raw)
        text = raw
        if link is not None and link["href"] is not None:
            target = self._by_address(link["href"], origin)
            if target is not None:
                return target if target != origin else None
            target = self._by_text(plain_text(link["text"]), origin)
            return target if target and _akin(link["href"], target) else None
        return self._by_text(plain_text(text), origin)

    def _by_address(self, href: str, origin: str) -> str | None:
        path = unquote(href.partition("#")[0].partition("?")[0]).rstrip("/")
        if not path:
            return None
        relative = path
        if "://" in path:
            # …/blob/main/docs/adr/0007-x.md: the address names a branch, then the path.
            relative = re.sub(
                r"^[a-z+]+://[^/]+/[^/]+/[^/]+/(?:blob|tree|raw|src)/[^/]+/", "/", path
            )
        if relative.startswith("/"):
            found = self.paths.get(relative.lstrip("/"))
        else:
            found = self.paths.get(normpath(join(dirname(origin), relative)))
        if found is not None:
            return found
        name = basename(path)
        if name.isdigit():
            return self._one(self.numbers.get(("", int(name)), []), origin)
        return self._one(self.names.get(name.casefold(), []), origin) or self._one(
            self.ids.get(name.casefold(), []), origin
        )

    def _by_text(self, text: str, origin: str) -> str | None:
        text = text.strip(EDGE + "[]{}`")
        target = self._one(self.ids.get(text.casefold(), []), origin)
        if target is not None:
            return target
        reference = _LEADING_REFERENCE.match(text)
        if reference is not None:
            family = (reference["family"] or "").rstrip("-_ ").casefold()
            family = "" if family in {"adr", "decision", "record"} else family
            number = int(reference["number"])
            return self._one(self.numbers.get((family, number), []), origin)
        return self._one(self.titles.get(_key(text), []), origin)

    def _one(self, paths: list[str], origin: str) -> str | None:
        """Return the only candidate, or the only one beside `origin`; several are nobody."""
        others = [path for path in paths if path != origin]
        if len(others) > 1:
            folder = dirname(origin)
            others = [path for path in others if dirname(path) == folder]
        return others[0] if len(others) == 1 else None


_LEADING_REFERENCE = re.compile(
    r"(?P<family>(?:[A-Za-z]{1,12}[-_ ]){0,3}?[A-Za-z]{2,12}[-_ #]?)?(?P<number>\d{1,5})"
    r"(?=$|[\s.:,)\]—–-])"
)


def resolve(headers: Iterable[Referable]) -> dict[str, tuple[Relation, ...]]:
    """Return each decision's relations with their targets: by path, then number, then title.

    What names none, or more than one, stays without a target. Linear in the number of decisions.
    """
    ordered = list(headers)
    index: _Index | None = None
    resolved: dict[str, tuple[Relation, ...]] = {}
    for header in ordered:
        if not header.relations:
            resolved[header.path] = ()
            continue
        index = index or _Index(ordered)
        resolved[header.path] = tuple(
            Relation(
                kind=relation.kind,
                raw=relation.raw,
                target=index.find(relation.raw, header.path),
                partial=relation.partial,
                span=relation.span,
            )
            for relation in header.relations
        )
    return resolved
