"""`bylaw fmt`: ids written in, tails in their normal order, words in their normal spelling.

Nothing else of the file changes, and neither does the meaning: a rewriting that would change it is
left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lark import Token, Tree

from bylaw import ir
from bylaw.adr.inline import Inline
from bylaw.adr.markdown import parse_blocks
from bylaw.adr.sections import read_items
from bylaw.diagnostics import Report
from bylaw.lower.clause import Clause, tokens_of
from bylaw.lower.items import lower_items
from bylaw.source import Source
from bylaw_grammar import parse

_ParseTree = Tree[Token]

_ORDER = (
    "except_in",
    "except_tests",
    "except_group",
    "except_operands",
    "except_under",
    "despite",
    "for_new_code",
    "from_day",
    "until_day",
    "approved_by",
    "ticket",
    "alternative",
)
_WITHOUT_COMMA = frozenset({"for_new_code", "from_day", "until_day", "alternative"})
# The exceptions stand together, in the order of the table; places among themselves keep theirs.
_RANK = {rule: max(rank, 2) if rank < 3 else rank for rank, rule in enumerate(_ORDER)}
_SPELLING = {
    "SHALL": "MUST",
    "extend": "inherit from",
    "implement": "inherit from",
    "extending": "inheriting from",
    "implementing": "inheriting from",
}


@dataclass(frozen=True, slots=True)
class _Edit:
    """Bytes of the file from `start` to `end`, and what stands there afterwards."""

    start: int
    end: int
    data: bytes


def format_source(source: Source) -> bytes | None:
    """Return the file in its normal form, or None where it is in it."""
    if source.undecodable is not None:
        return None
    edits = list(_edits(source))
    if not edits:
        return None
    wanted = _meaning(source)
    # Unusual markup can make a rewriting mean something else; then only the ids go in.
    for chosen in (edits, [edit for edit in edits if edit.start == edit.end]):
        data = _apply(source.data, chosen)
        if _meaning(Source(source.path, data)) == wanted:
            return data if data != source.data else None
    return None


def missing_ids(source: Source) -> Iterable[tuple[int, str]]:
    """Yield what would be written where a statement has no id: a byte of the file, and the text."""
    if source.undecodable is None:
        for edit in _edits(source):
            if edit.start == edit.end and edit.data.startswith(b"["):
                yield edit.start, edit.data.decode()


def _apply(data: bytes, edits: Iterable[_Edit]) -> bytes:
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        data = data[: edit.start] + edit.data + data[edit.end :]
    return data


def _edits(source: Source) -> Iterable[_Edit]:
    report = Report()
    items = read_items(parse_blocks(source), report)
    for item, statement in zip(items, lower_items(items, report), strict=True):
        inline = item.statement
        if inline is None or isinstance(statement, ir.Rejected | ir.Note | ir.Guidance):
            continue
        tree = parse(inline, report)
        if tree is None:
            continue
        if not getattr(statement, "named", True):
            place = inline.first_offset
            yield _Edit(place, place, f"[{getattr(statement, 'id', '')}] ".encode())
        yield from _spelling(inline, tree)
        yield from _tails(Clause(inline, report), tree, source.data)


def _spelling(inline: Inline, tree: _ParseTree) -> Iterable[_Edit]:
    for token in tokens_of(tree):
        if token.type not in {"MODAL", "INHERIT", "INHERITING"}:
            continue
        normal = _SPELLING.get(str(token) if token.type == "MODAL" else token.lower())
        if normal is not None:
            span = inline.span(token.start_pos or 0, token.end_pos or 0)
            yield _Edit(span.offset, span.end_offset, normal.encode())


def _tails(clause: Clause, tree: _ParseTree, data: bytes) -> Iterable[_Edit]:
    """Yield one edit that puts all tails in order, with the commas they are written with."""
    children = list(tree.children)
    first = next((i for i, child in enumerate(children) if _rule(child) in _RANK), None)
    because = next((c for c in children if isinstance(c, Token) and c.type == "BECAUSE"), None)
    pieces: list[tuple[str, bytes]] = []
    if first is None:
        if because is None:
            return
        first = children.index(because)
    start = end = clause.inline.span(0, _last(children[first - 1]).end_pos or 0).end_offset
    for child in children[first:]:
        rule = _rule(child)
        if rule not in _RANK or not isinstance(child, Tree):
            continue
        span = clause.tree_span(child)
        begin = span.offset
        if rule == "alternative":
            # Its `;` belongs to it, as the comma of the others does not.
            begin = data.rindex(b";", end, begin)
        if not _is_plain(data[end:begin]):
            return
        pieces.append((rule, _gap(data[end:begin], rule) + data[begin : span.end_offset]))
        end = span.end_offset
    written = b"".join(piece for _, piece in sorted(pieces, key=lambda piece: _RANK[piece[0]]))
    if because is not None:
        begin = clause.keyword_span(because).offset
        if not _is_plain(data[end:begin]):
            return
        written += _gap(data[end:begin], "because")
        end = begin
    if written != data[start:end]:
        yield _Edit(start, end, written)


def _rule(child: "Token | _ParseTree") -> str:
    return str(child.data) if isinstance(child, Tree) else ""


def _last(node: "Token | _ParseTree") -> Token:
    return tokens_of(node)[-1] if isinstance(node, Tree) else node


def _is_plain(gap: bytes) -> bool:
    """Whether nothing but space and commas stands there: markup, a comment or an address stays."""
    return not gap.strip(b", \t\r\n")


def _gap(gap: bytes, rule: str) -> bytes:
    """Return what separates a tail from what stands before it."""
    space = gap.replace(b",", b"")
    if rule in _WITHOUT_COMMA:
        return space
    return b"," + (space or b" ")


# --- meaning -----------------------------------------------------------------------------------

_PLACES = frozenset(
    {"span", "id_span", "modal_span", "until_span", "pattern_span", "named", "sentence"}
)


def _meaning(source: Source) -> list[object]:
    """Return what a file's statements say, without places, and diagnostics by code."""
    report = Report()
    statements = lower_items(read_items(parse_blocks(source), report), report)
    said: list[object] = [meaning(statement) for statement in statements]
    return [*said, sorted(diagnostic.code for diagnostic in report)]


def meaning(node: object) -> object:
    """Return what a node says: its fields without places, ids as they are."""
    if isinstance(node, ir.Node):
        fields: dict[str, Any] = {
            name: meaning(value) for name, value in node if name not in _PLACES
        }
        if "exceptions" in fields:
            fields["exceptions"] = sorted(fields["exceptions"], key=repr)
        return (type(node).__name__, sorted(fields.items()))
    if isinstance(node, tuple):
        return [meaning(each) for each in node]
    return node
