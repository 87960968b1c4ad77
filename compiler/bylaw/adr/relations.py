"""How decisions refer to each other, as written in one file and resolved across all of them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from posixpath import basename, dirname, join, normpath
from typing import Literal, Protocol, TypeAlias
from urllib.parse import unquote

from bylaw.adr.fields import section_lines
from bylaw.adr.markdown import Document, plain_text
from bylaw.adr.names import RELATION_NAMES, STATUS_NAMES
from bylaw.adr.numbers import MARKDOWN_ENDINGS, number_of, stem_of
from bylaw.adr.record import Line, Record, section_name
from bylaw.ir import Relation

Kind: TypeAlias = Literal[
    "supersedes", "superseded-by", "amends", "amended-by", "depends-on", "relates-to"
]

_ACTIVE: dict[str, Kind] = {
    "supersedes": "supersedes",
    "supercedes": "supersedes",
    "superseding": "supersedes",
    "replaces": "supersedes",
    "overrides": "supersedes",
    "obsoletes": "supersedes",
    "invalidates": "supersedes",
    "reverts": "supersedes",
    "amends": "amends",
    "extends": "amends",
    "refines": "amends",
    "modifies": "amends",
    "depends on": "depends-on",
    "requires": "depends-on",
    "builds on": "depends-on",
    "relates to": "relates-to",
    "related to": "relates-to",
    "complements": "relates-to",
    "completes": "relates-to",
    "see also": "relates-to",
    "see": "relates-to",
}
_PASSIVE: dict[str, Kind] = {
    "superseded": "superseded-by",
    "superceded": "superseded-by",
    "superseeded": "superseded-by",
    "replaced": "superseded-by",
    "overridden": "superseded-by",
    "obsoleted": "superseded-by",
    "invalidated": "superseded-by",
    "reverted": "superseded-by",
    "deprecated": "superseded-by",
    "retired": "superseded-by",
    "amended": "amended-by",
    "extended": "amended-by",
    "refined": "amended-by",
    "modified": "amended-by",
    "complemented": "relates-to",
    "rejected": "relates-to",
}
_TITLED = frozenset({"supersedes", "superseded-by", "amends", "amended-by"})
"""The kinds whose object may be a bare title; `see the wiki` names no decision."""

_VERB = re.compile(
    r"\b(?P<partial>(?:partly|partially|in part)\s+)?(?P<verb>"
    + "|".join(
        word.replace(" ", r"\s+") for word in sorted({*_ACTIVE, *_PASSIVE}, key=len, reverse=True)
    )
    + r")\b",
    re.IGNORECASE,
)
_BY = re.compile(
    r"[\s*_]*+(?:(?P<partly>partly|partially|in part)\s+)?(?:\([^()]{0,60}\))?[\s(*_]*+"
    r"(?:by|in favou?r of)\b[\s:*_]*",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?<!!)\[(?P<text>(?:[^\[\]\\]|\\.)*)\](?:\((?P<href>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)"
    r"(?:\s+[^()]*)?\)|\[(?P<label>[^\[\]\n]*)\])?"
)
_REFERENCE = re.compile(
    r"\b(?:(?:[A-Z][A-Za-z]{0,11}-){0,3}(?:ADR|RFC)(?:-[A-Z][A-Za-z]{0,11})?[-_ ]?\d{1,5}"
    r"|[A-Z]{2,10}-\d{3,5})\b"
)
_NUMBERS = re.compile(r"[\d\s,;&#]+(?:and[\d\s#]+)?")
_PARTIAL_TAIL = re.compile(
    r"\b(?:sections?|parts?|portions?|paragraphs?|chapters?|clauses?|aspects?)\b|§"
)
_NOTHING = frozenset(
    {"", "n/a", "na", "none", "-", "--", "–", "—", "tbd", "nothing", "null", "~", "[]"}
)
_RELATION_SECTIONS = ("links", "link", "relations", "more information")
_MAX_TITLE_WORDS = 15
_MAX_LINE = 4_000
_EDGE = " \t*_().,;:\"'\u00a0"


def read_relations(document: Document, record: Record) -> tuple[Relation, ...]:
    """Find the relations in the metadata, the status and the sections for links.

    Prose elsewhere is not read: a sentence that mentions another decision relates nothing.
    """
    found: dict[tuple[str, str], Relation] = {}
    for relation in _all_relations(document, record):
        found.setdefault((relation.kind, relation.raw), relation)
    return tuple(found.values())


def _all_relations(document: Document, record: Record) -> Iterator[Relation]:
    for field in record.fields:
        if field.name in RELATION_NAMES:
            kind: Kind = RELATION_NAMES[field.name]  # type: ignore[assignment]  # a table of kinds
            for line in (Line(field.value, field.line, field.column), *field.rest):
                whole = (0, len(line.text))
                yield from _objects(document, line, kind, whole, named=kind in _TITLED)
        elif field.name in STATUS_NAMES:
            yield from _sentence(document, Line(field.value, field.line, field.column))
            for line in field.rest:
                yield from _sentence(document, line)
    for line in record.lines:
        # A quote above the first section may be a template's guidance: only a link counts there.
        yield from _sentence(document, line, linked_only=line.kind == "quote")
    for heading in document.headings:
        if section_name(heading).startswith(_RELATION_SECTIONS):
            for line in section_lines(document, heading):
                if line.kind == "item" and _VERB.match(line.text.lstrip("*_")):
                    yield from _sentence(document, line, linked_only=True)


def _sentence(document: Document, line: Line, *, linked_only: bool = False) -> Iterator[Relation]:
    """Find each verb of a line; its objects reach to the next verb."""
    text = line.text[:_MAX_LINE]
    links = [match.span() for match in _LINK.finditer(text)] if "[" in text else []
    verbs = [
        match
        for match in _VERB.finditer(text)
        if not any(start < match.start() < end for start, end in links)
    ]
    for index, verb in enumerate(verbs):
        stop = verbs[index + 1].start() if index + 1 < len(verbs) else len(text)
        word = " ".join(verb["verb"].lower().split())
        start = verb.end()
        partial = verb["partial"] is not None
        kind = _ACTIVE.get(word)
        if kind is None:
            by = _BY.match(text, start)
            if by is None:
                continue
            kind, start = _PASSIVE[word], by.end()
            partial = partial or by["partly"] is not None
        named = kind in _TITLED and not linked_only and not text[: verb.start()].strip(_EDGE)
        yield from _objects(
            document, line, kind, (start, stop), named=named, partial=partial, linked=linked_only
        )


def _objects(
    document: Document,
    line: Line,
    kind: Kind,
    part: tuple[int, int],
    *,
    named: bool,
    partial: bool = False,
    linked: bool = False,
) -> Iterator[Relation]:
    """Yield what a verb points at: links, else references such as `ADR-7`, else a title."""
    text = line.text[:_MAX_LINE]
    start, stop = part
    pieces: list[tuple[int, int, str]] = []
    for match in _LINK.finditer(text, start, stop):
        raw = _link_text(document, match)
        if raw is not None:
            pieces.append((match.start(), match.end(), raw))
    if not pieces and "](" in text[start:stop]:
        return
    if not pieces and not linked:
        pieces = [(m.start(), m.end(), m[0]) for m in _REFERENCE.finditer(text, start, stop)]
    if not pieces and named:
        pieces = _title(text, start, stop)
    # "supersedes parts of A and B": what stands before the first object holds for all.
    partial = partial or (
        bool(pieces) and _PARTIAL_TAIL.search(text, start, pieces[0][0]) is not None
    )
    for index, (begin, end, raw) in enumerate(pieces):
        following = pieces[index + 1][0] if index + 1 < len(pieces) else stop
        yield Relation(
            kind=kind,
            raw=raw,
            partial=partial or _PARTIAL_TAIL.search(text, end, following) is not None,
            span=document.source.span(line.line, line.column + begin, line.line, line.column + end),
        )


def _link_text(document: Document, match: re.Match[str]) -> str | None:
    """Return a link with its address, or None where it leads away from the decisions."""
    href = match["href"]
    if href is None:
        label = (match["label"] or match["text"]).strip()
        references = document.env.get("references", {})
        known = references.get(" ".join(label.split()).upper()) or references.get(label.upper())
        if known is None:
            return None
        href = known["href"]
    if "://" in href or href.startswith(("mailto:", "#")):
        path = href.partition("#")[0].partition("?")[0]
        if not path.endswith(MARKDOWN_ENDINGS) and "/adr/" not in path:
            return None
    return match[0] if match["href"] is not None else f"[{match['text']}]({href})"


def _title(text: str, start: int, stop: int) -> list[tuple[int, int, str]]:
    """Return the bare title that a verb or a field names, or bare numbers, with their places."""
    segment = text[start:stop]
    if _NUMBERS.fullmatch(segment):
        return [
            (m.start(), m.end(), m[0])
            for m in re.finditer(r"\d+", text[:stop])
            if m.start() >= start
        ]
    raw = segment.strip(_EDGE)
    if raw.count("(") > raw.count(")") and segment[segment.index(raw) + len(raw) :].startswith(")"):
        raw += ")"
    if "://" in raw:
        return []
    if raw.lower() in _NOTHING or raw.lower().startswith(("none", "n/a")):
        return []
    if len(raw.split()) > _MAX_TITLE_WORDS or not any(c.isalnum() for c in raw):
        return []
    begin = start + segment.index(raw)
    return [(begin, begin + len(raw), raw)]


# --- resolution --------------------------------------------------------------------------------


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
        link = _LINK.fullmatch(raw)
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
        text = text.strip(_EDGE + "[]{}`")
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
