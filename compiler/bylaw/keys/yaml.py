"""Keys of YAML files: every document, plain scalars as YAML 1.2 reads them, no tag executed."""

import re
from collections.abc import Iterable
from typing import Any

from bylaw.keys.model import (
    DEEPEST,
    BrokenFileError,
    Document,
    Entry,
    Node,
    Opaque,
    Scalar,
    Sequence,
    Span,
    Table,
    boolean,
    null,
    number,
    string,
)
from bylaw.keys.text import Text

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_BASED = re.compile(r"0(?:o[0-7]{1,64}|x[0-9a-fA-F]{1,64})\Z")
_MERGE = "<<"
_STANDARD = "tag:yaml.org,2002:"
_COLLECTIONS = frozenset(
    {"!", *(_STANDARD + name for name in ("map", "seq", "omap", "set", "pairs"))}
)
_MOST_ENTRIES = 200_000
"""More keys than this come from merges that were made to exhaust the reader."""


def read(text: Text) -> tuple[Document, ...]:
    """Return a YAML file's documents; those without content only where there is no other."""
    import yaml  # noqa: PLC0415 - few constraints are about keys

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder()
    try:
        roots = builder.documents(yaml.parse(text.content, Loader=loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = text.place(mark.index, mark.index) if mark else None
        problem = error.problem or error.context or "it cannot be read"
        raise BrokenFileError(problem, place) from None
    except yaml.YAMLError:
        raise BrokenFileError("it holds characters that YAML does not allow") from None
    except _BrokenAtError as error:
        raise BrokenFileError(error.reason, text.place(error.index, error.index)) from None
    full = [root for root in roots if not _is_blank(root)] or roots[:1]
    return tuple(Document(root, text, "yaml") for root in full or [null((0, 0))])


def _is_blank(node: Node) -> bool:
    return isinstance(node, Scalar) and node.kind == "null" and not node.written


class _BrokenAtError(Exception):
    def __init__(self, reason: str, index: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.index = index


class _Frame:
    """A collection that is being read."""

    def __init__(self, event: Any, mapping: bool) -> None:
        self.mapping = mapping
        self.anchor: str | None = event.anchor
        self.tag: str | None = event.tag
        self.start: int = event.start_mark.index
        self.key: Scalar | None = None
        self.entries: list[Entry] = []
        self.items: list[Node] = []
        self.merges: list[Node] = []

    def add(self, node: Node) -> None:
        if not self.mapping:
            self.items.append(node)
        elif self.key is None:
            # A key that is no scalar has no name in a path, but its value takes part in `*`.
            self.key = node if isinstance(node, Scalar) else string("?", node.span)
        else:
            key, self.key = self.key, None
            if key.written == _MERGE:
                self.merges.append(node)
            else:
                self.entries.append(Entry(_key_text(key), key.span, node))


def _key_text(key: Scalar) -> str:
    return key.written if key.written is not None else key.text


class _Builder:
    """Builds nodes from events, without recursion; an alias is the very node of its anchor."""

    def __init__(self) -> None:
        self.anchors: dict[str, Node] = {}
        self.stack: list[_Frame] = []
        self.roots: list[Node] = []
        self.size = 0

    def documents(self, events: Iterable[Any]) -> list[Node]:
        for event in events:
            kind = type(event).__name__
            if kind == "DocumentStartEvent":
                self.anchors = {}
            elif kind == "ScalarEvent":
                self._done(self._scalar(event), event.anchor)
            elif kind == "AliasEvent":
                index = event.start_mark.index
                node = self.anchors.get(event.anchor)
                if node is None:
                    raise _BrokenAtError(f"`{event.anchor}` is no anchor before it", index)
                self._done(node, None)
            elif kind in {"MappingStartEvent", "SequenceStartEvent"}:
                if len(self.stack) >= DEEPEST:
                    reason = f"values are nested deeper than {DEEPEST}"
                    raise _BrokenAtError(reason, event.start_mark.index)
                if event.anchor is not None:
                    # An alias inside its own anchor has no end.
                    self.anchors[event.anchor] = Opaque(_span(event))
                self.stack.append(_Frame(event, kind == "MappingStartEvent"))
            elif kind in {"MappingEndEvent", "SequenceEndEvent"}:
                frame = self.stack.pop()
                self._done(self._collection(frame, event.end_mark.index), frame.anchor)
        return self.roots

    def _done(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self.anchors[anchor] = node
        if self.stack:
            self.stack[-1].add(node)
        else:
            self.roots.append(node)

    def _collection(self, frame: _Frame, end: int) -> Node:
        span = (frame.start, end)
        # Whoever gives a tag of their own may make anything of what stands there.
        foreign = frame.tag is not None and frame.tag not in _COLLECTIONS
        if not frame.mapping:
            return Opaque(span) if foreign else Sequence(tuple(frame.items), span)
        entries = frame.entries
        if frame.merges:
            entries = self._merged(frame)
        self.size += len(entries)
        if self.size > _MOST_ENTRIES and frame.merges:
            raise _BrokenAtError("its merge keys make too many keys", frame.start)
        unknown = any(not isinstance(node, Table | Sequence) for node in frame.merges)
        return Table(tuple(entries), span, open=foreign or unknown)

    def _merged(self, frame: _Frame) -> list[Entry]:
        """Return a table's entries, and behind them those that it takes from other tables."""
        sources: list[Node] = []
        for node in frame.merges:
            sources += node.items if isinstance(node, Sequence) else [node]
        known = {entry.key for entry in frame.entries}
        entries = list(frame.entries)
        for source in sources:
            if not isinstance(source, Table):
                continue
            fresh = [entry for entry in source.entries if entry.key not in known]
            known.update(entry.key for entry in fresh)
            entries += fresh
            if len(entries) > _MOST_ENTRIES:
                raise _BrokenAtError("its merge keys make too many keys", frame.start)
        return entries

    def _scalar(self, event: Any) -> Node:
        span = _span(event)
        text: str = event.value
        tag: str | None = event.tag
        if tag in {None, "!"}:
            return _plain(text, span) if event.implicit[0] else string(text, span)
        if not tag.startswith(_STANDARD):
            return Opaque(span)
        name = tag.removeprefix(_STANDARD)
        if name in {"int", "float", "bool", "null"}:
            return _plain(text, span)
        return string(text, span) if name in {"str", "timestamp"} else Opaque(span)


def _span(event: Any) -> Span:
    return event.start_mark.index, event.end_mark.index


def _plain(text: str, span: Span) -> Scalar:
    """Return what YAML 1.2 makes of a scalar without quotes and tag."""
    if text in _NULL:
        return null(span, text)
    if text in _TRUE or text in _FALSE:
        return boolean(text in _TRUE, span, text)
    if text == _MERGE:
        # With quotes it is an ordinary key.
        return Scalar("string", text, span, written=_MERGE)
    if _NUMBER.match(text):
        return number(text, span)
    if _BASED.match(text):
        return number(text, span, int(text, 0))
    return string(text, span)
