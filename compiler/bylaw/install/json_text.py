"""Members put into a JSON file and taken out again, while everything else stays byte for byte.

A container that is made here breaks its line after the bracket. Into an empty one of somebody
else's a member goes directly behind the bracket. So what was there before can be told from the
text alone, and nothing has to be remembered beside it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from bylaw.install.faults import (
    BROKEN_HOST_FILE,
    UNFIT_HOST_FILE,
    InstallError,
    decoded,
    span_at,
)
from bylaw.keys.json import read as read_json
from bylaw.keys.model import BrokenFileError, Node, Sequence, Span, Table
from bylaw.keys.text import Text
from bylaw.source import Source

Mine: TypeAlias = Callable[[Any], bool]
"""Tells whether a value is one that an installation has written."""


@dataclass(frozen=True, slots=True)
class Member:
    """A value in a list, or with a `key` in an object, at a path of keys from the top.

    `mine` tells of a value that stands there whether bylaw has written it. `within` names the list
    in such a value whose elements are told by `mine`, where people may have added their own.
    """

    path: tuple[str, ...]
    value: Any
    mine: Mine
    key: str | None = None
    within: str | None = None


@dataclass(frozen=True, slots=True)
class _Piece:
    """A child of a container: its range in the text, its key where it has one, and its node."""

    start: int
    end: int
    key: str | None
    node: Node


_BOM = "\ufeff"


def value_of(path: str, data: bytes) -> Any:
    """Return what a JSON file says; raise InstallError with the place where it is none."""
    text = decoded(path, data).removeprefix(_BOM)
    source = Source(path, data)
    try:
        return json.loads(text)
    except RecursionError:
        message, span = "it is nested too deeply", None
    except json.JSONDecodeError as error:
        what = error.msg.partition(":")[0]
        message = what[:1].lower() + what[1:]
        span = span_at(source, error.lineno - 1, error.colno - 1)
    except ValueError:
        message, span = "a number in it is too long", None
    if not text.strip():
        message, span = "it is empty", None
    raise InstallError(
        BROKEN_HOST_FILE,
        f"`{path}` is not JSON: {message}",
        "mend it first; comments and trailing commas are none of JSON",
        span,
    )


def insert(path: str, data: bytes | None, members: tuple[Member, ...], tail: Any = None) -> bytes:
    """Return a file with these members, each behind what stands there.

    `data` is None where there is no file; then `tail` are further top-level keys of the new one.
    """
    if data is None:
        whole: dict[str, Any] = {}
        for member in members:
            _place(whole, member)
        return f"{json.dumps(whole | (tail or {}), indent=2, ensure_ascii=False)}\n".encode()
    value_of(path, data)
    text = decoded(path, data)
    for member in members:
        text = _insert(path, text, member)
    return text.encode()


def remove(path: str, data: bytes, members: tuple[Member, ...], tail: Any = None) -> bytes | None:
    """Return a file without what is ours in it; None where nothing else was ever there."""
    value_of(path, data)
    text: str | None = decoded(path, data)
    first = _first_key(text)
    for member in members:
        while text is not None and (found := _find_mine(_root(path, text), member)) is not None:
            text = _cut(path, text, *found)
    if text is None:
        return None
    if tail and first != next(iter(tail)) and json.loads(text.removeprefix(_BOM)) == tail:
        # We have put our own first, which nobody does to a file that is there.
        return None if text != decoded(path, data) else data
    return text.encode()


def holds(path: str, data: bytes | None, members: tuple[Member, ...]) -> bool:
    """Tell whether a file has each member once, and as it is to be."""
    if data is None:
        return False
    value = value_of(path, data)
    for member in members:
        found = [each for each in _values(value, member) if _is_mine(each, member)]
        if found != [member.value]:
            return False
    return True


# --- values ------------------------------------------------------------------------------------


def _place(whole: dict[str, Any], member: Member) -> None:
    at = whole
    for key in member.path[: None if member.key is not None else -1]:
        at = at.setdefault(key, {})
    if member.key is not None:
        at[member.key] = member.value
    else:
        at.setdefault(member.path[-1], []).append(member.value)


def _values(value: Any, member: Member) -> list[Any]:
    """Return the values that stand where a member stands."""
    for key in member.path:
        value = value.get(key) if isinstance(value, dict) else None
    if member.key is not None:
        return [value[member.key]] if isinstance(value, dict) and member.key in value else []
    return value if isinstance(value, list) else []


def _is_mine(value: Any, member: Member) -> bool:
    if member.within is None:
        return member.mine(value)
    inner = value.get(member.within) if isinstance(value, dict) else None
    return isinstance(inner, list) and any(map(member.mine, inner))


# --- text --------------------------------------------------------------------------------------


def _root(path: str, text: str) -> Node:
    """Return the tree of a text; its offsets are those of the text without byte order mark."""
    try:
        return read_json(Text(text.removeprefix(_BOM)))[0].root
    except BrokenFileError as error:
        raise InstallError(
            BROKEN_HOST_FILE, f"`{path}` is not read: {error.reason}", "write it more simply"
        ) from None


def _first_key(text: str | None) -> str | None:
    value = json.loads((text or "").removeprefix(_BOM))
    return next(iter(value), None) if isinstance(value, dict) else None


def _range(span: Span) -> tuple[int, int]:
    """Return a range of the text; the reader of JSON knows that of every node."""
    return span or (0, 0)


def _pieces(node: Node) -> list[_Piece]:
    if isinstance(node, Table):
        return [
            _Piece(
                (entry.span or (0, 0))[0], (entry.value.span or (0, 0))[1], entry.key, entry.value
            )
            for entry in node.entries
        ]
    if isinstance(node, Sequence):
        return [_Piece(*_range(item.span), None, item) for item in node.items]
    return []


def _insert(path: str, text: str, member: Member) -> str:
    """Put one member into a text: into its container, or with the containers that are missing."""
    bom = _BOM if text.startswith(_BOM) else ""
    plain = text.removeprefix(_BOM)
    node = _root(path, text)
    keys = list(member.path)
    while keys:
        if not isinstance(node, Table):
            break
        _refuse_twins(path, plain, node, keys[0])
        piece = next((p for p in _pieces(node) if p.key == keys[0]), None)
        if piece is None:
            break
        node = piece.node
        keys.pop(0)
    wants_list = not keys and member.key is None
    if not isinstance(node, Sequence if wants_list else Table):
        raise _unfit(path, plain, member, node, len(keys))
    value, key = member.value, member.key
    if keys:
        value, key = _wrapped(member, keys[1:]), keys[0]
    elif key is not None and any(p.key == key for p in _pieces(node)):
        raise InstallError(
            UNFIT_HOST_FILE,
            f"`{path}` has a `{key}` of its own in `{'.'.join(member.path)}`",
            "rename it, or do without this installation",
        )
    return bom + _put(plain, node, key, value)


def _wrapped(member: Member, keys: list[str]) -> Any:
    """Return a member's value in the containers that are missing, of which `keys` are left."""
    value: Any = [member.value] if member.key is None else {member.key: member.value}
    for key in reversed(keys):
        value = {key: value}
    return value


def _refuse_twins(path: str, text: str, node: Table, key: str) -> None:
    twins = [entry for entry in node.entries if entry.key == key]
    if len(twins) > 1:
        start = _range(twins[1].span)[0]
        raise InstallError(
            UNFIT_HOST_FILE,
            f"`{key}` stands twice in `{path}`",
            "drop one of them; a reader takes the last",
            _span(path, text, start),
        )


def _unfit(path: str, text: str, member: Member, node: Node, missing: int) -> InstallError:
    where = ".".join(member.path[: len(member.path) - missing]) or "the file"
    wanted = "a list" if not missing and member.key is None else "an object"
    return InstallError(
        UNFIT_HOST_FILE,
        f"`{where}` in `{path}` is not {wanted}"
        if where != "the file"
        else f"`{path}` is not {wanted}",
        "write it as its host wants it, then install again",
        _span(path, text, _range(node.span)[0]),
    )


def _span(path: str, text: str, offset: int) -> Any:
    line = text.count("\n", 0, offset)
    column = offset - (text.rfind("\n", 0, offset) + 1)
    return span_at(Source(path, text.encode()), line, column)


def _put(text: str, container: Node, key: str | None, value: Any) -> str:
    """Return the text with one more value at the end of a container."""
    start, _ = _range(container.span)
    pieces = _pieces(container)
    newline = "\r\n" if "\r\n" in text else "\n"
    unit = _indent_unit(text)
    if not pieces:
        at, lead, own = start + 1, "", _indent_of(text, start)
    else:
        last = pieces[-1]
        at = last.end
        gap = text[_opened(container, pieces) : last.start]
        broken = "\n" in gap
        own = _indent_of(text, last.start)
        lead = f",{newline}{own}" if broken else ", "
    shown = json.dumps(value, indent=unit, ensure_ascii=False)
    shown = shown.replace("\n", f"{newline}{own}")
    name = "" if key is None else f"{json.dumps(key, ensure_ascii=False)}: "
    return text[:at] + lead + name + shown + text[at:]


def _opened(container: Node, pieces: list[_Piece]) -> int:
    """Return where the gap before the last child begins."""
    start, _ = _range(container.span)
    return pieces[-2].end if len(pieces) > 1 else start + 1


def _indent_of(text: str, offset: int) -> str:
    """Return the white space that the line of an offset begins with."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _indent_unit(text: str) -> str:
    """Return by what a file indents: that of its first indented line, else two spaces."""
    for line in text.splitlines():
        white = line[: len(line) - len(line.lstrip(" \t"))]
        if white and line.strip():
            return white if len(white) <= 8 else "  "
    return "  "


# --- taking out --------------------------------------------------------------------------------


def _find_mine(root: Node, member: Member) -> tuple[list[Node], int] | None:
    """Return the containers down to the first value of ours, and its place in the last of them."""
    chain, node = [root], root
    for key in member.path:
        piece = next((p for p in reversed(_pieces(node)) if p.key == key), None)
        if piece is None:
            return None
        node = piece.node
        chain.append(node)
    for index, piece in enumerate(_pieces(node)):
        if member.key is not None and piece.key != member.key:
            continue
        value = _value(piece.node)
        if not _is_mine(value, member):
            continue
        if member.within is None or all(map(member.mine, value[member.within])):
            return chain, index
        inner = next(p.node for p in _pieces(piece.node) if p.key == member.within)
        elements = [_value(p.node) for p in _pieces(inner)]
        return [*chain, piece.node, inner], next(
            i for i, each in enumerate(elements) if member.mine(each)
        )
    return None


def _value(node: Node) -> Any:
    """Return what a node says, as far as telling what is ours needs it."""
    if isinstance(node, Table):
        return {entry.key: _value(entry.value) for entry in node.entries}
    if isinstance(node, Sequence):
        return [_value(item) for item in node.items]
    return getattr(node, "text", None)


def _cut(path: str, text: str, chain: list[Node], index: int) -> str | None:
    """Return the text without one child of the last container; None where the file was ours."""
    bom = _BOM if text.startswith(_BOM) else ""
    plain = text.removeprefix(_BOM)
    container = chain[-1]
    pieces = _pieces(container)
    piece = pieces[index]
    if index:
        return bom + plain[: pieces[index - 1].end] + plain[piece.end :]
    if len(pieces) > 1:
        return bom + plain[: piece.start] + plain[pieces[1].start :]
    start, _ = _range(container.span)
    if "\n" not in plain[start + 1 : piece.start]:
        return bom + plain[: piece.start] + plain[piece.end :]
    if len(chain) == 1:
        return None
    parents = _pieces(chain[-2])
    place = next(i for i, each in enumerate(parents) if each.node is container)
    return _cut(path, text, chain[:-1], place)
