"""How a decision refers to others, as it is written in its file."""

import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

from bylaw.adr.fields import section_lines
from bylaw.adr.inline_text import EDGE, LINK
from bylaw.adr.markdown import Document
from bylaw.adr.names import RELATION_NAMES, STATUS_NAMES
from bylaw.adr.numbers import MARKDOWN_ENDINGS
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
    links = [match.span() for match in LINK.finditer(text)] if "[" in text else []
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
        named = kind in _TITLED and not linked_only and not text[: verb.start()].strip(EDGE)
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
    for match in LINK.finditer(text, start, stop):
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
    raw = segment.strip(EDGE)
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
