"""Uses and calls in Python: chains of names, attributes, calls and subscripts."""

from typing import TYPE_CHECKING

from bylaw.facts.model import Argument, Role
from bylaw.facts.python_kinds import (
    ARGUMENTS,
    ATTRIBUTE,
    CALL,
    EXTRAS,
    IDENTIFIER,
    KEYWORD_ARGUMENT,
    LEAVES,
    LINKS,
    NAMES,
    PARENTHESES,
    STRING,
    SUBSCRIPT,
    number,
)
from bylaw.facts.python_literals import literal
from bylaw.facts.python_scopes import Chain, Context
from bylaw.facts.python_walk import Walk, children

if TYPE_CHECKING:
    from tree_sitter import Node

    from bylaw.facts.python_walk import Given, Item

LONGEST = 64
"""Of longer chains only the end is kept: what comes before cannot be named anyway."""

UNNAMED: Chain = ("",)
"""What a chain starts with that starts with no name: `"a".join`, `(a or b).c`."""

_LIST_SPLAT = number("list_splat")
_DICTIONARY_SPLAT = number("dictionary_splat")
_SPREADING = ("read", "annotation")
"""Roles that an argument of a call has, too, where the call stands in them."""
_LONG = 200
_BACKTICK = ord("`")
_ASTERISK = ord("*")
_TAKEN = ("", "()", "[]")
_STAR = (b"*", b" ", b"\n")


def attribute(walk: Walk, node: "Node") -> None:
    """Note a chain of attributes that is read."""
    chain = walk.chain(node)
    if chain is not None:
        at = walk.context
        walk.uses.append((node.start_byte, node.end_byte, chain, at.role, at, None))
    else:
        follow(walk, node, walk.context.role)


def call(walk: Walk, node: "Node") -> None:
    """Note a call: mostly of a plain name."""
    parts = node.named_children
    callee = parts[0]
    chain = walk.chain(callee) if callee.kind_id in NAMES else None
    if chain is None:
        follow(walk, node, walk.context.role)
        return
    start = callee.start_byte
    items = _note_call(walk, chain, (start, callee.end_byte), (start, node.end_byte), parts[-1])
    if items:
        walk.stack.extend(reversed(items))


def linked(walk: Walk, node: "Node") -> None:
    """Note what a chain with subscripts uses."""
    follow(walk, node, walk.context.role)


def refer(walk: Walk, node: "Node", role: Role) -> Chain:
    """Note the use that an expression is as a whole, in a role; return its chain."""
    inner = bare(node)
    chain = walk.chain(inner) if inner.kind_id in NAMES else None
    if chain is not None:
        walk.use(inner, chain, role)
        return chain
    if inner.kind_id in LINKS:
        return follow(walk, inner, role)
    walk.push([inner])
    return UNNAMED


def bare(node: "Node") -> "Node":
    """Return an expression without the parentheses around it."""
    while node.kind_id in PARENTHESES:
        inner = children(node)
        if len(inner) != 1:
            break
        node = inner[0]
    return node


def follow(walk: Walk, top: "Node", role: Role) -> Chain:
    """Note all uses and calls along a chain, innermost first; return the whole chain."""
    links, head, pending = _take_apart(walk, top)
    chain = list(head)
    for link in reversed(links):
        kind = link.kind_id
        parts = link.named_children
        if kind == CALL:
            callee = bare(parts[0])
            at = _start(walk, callee), callee.end_byte
            whole = _start(walk, link), link.end_byte
            pending += _note_call(walk, _cut(chain), at, whole, parts[-1])
            chain.append("()")
        elif kind == SUBSCRIPT:
            _note(walk, _cut(chain), bare(parts[0]), _reading(walk))
            chain.append("[]")
            pending += parts[1:]
        else:
            chain.append(walk.name(parts[-1]))
    found = _cut(chain)
    if not links or links[0].kind_id not in (CALL, SUBSCRIPT):
        _note(walk, found, top, role)
    walk.push(pending)
    return found


def _take_apart(walk: Walk, node: "Node") -> "tuple[list[Node], Chain, list[Item]]":
    """Return a chain's links, outermost first, what it starts with, and what to walk of that."""
    links: list[Node] = []
    while True:
        node = bare(node)
        kind = node.kind_id
        if kind == IDENTIFIER or (kind == ATTRIBUTE and _is_short(node)):
            known = walk.chain(node)
            if known is not None:
                return links, known, []
        if node.kind_id not in LINKS or not node.named_children:
            return links, UNNAMED, [] if node.kind_id in LEAVES else [node]
        links.append(node)
        node = node.named_children[0]


def _is_short(node: "Node") -> bool:
    """Tell whether to look at an attribute's text, which each attribute around it holds, too."""
    return node.end_byte - node.start_byte <= _LONG


def _start(walk: Walk, node: "Node") -> int:
    start = node.start_byte
    while walk.data[start : start + 1] in _STAR:
        start += 1
    return start


def _reading(walk: Walk) -> Role:
    role = walk.context.role
    return role if role == "annotation" else "read"


def _cut(chain: list[str]) -> Chain:
    if len(chain) > LONGEST and ("()" in chain or "[]" in chain):
        last = max(i for i, part in enumerate(chain) if part in ("()", "[]"))
        chain[: last + 1] = [""]
    return tuple(chain)


def _note(walk: Walk, chain: Chain, node: "Node", role: Role) -> None:
    if chain[-1] not in _TAKEN:
        start = _start(walk, node)
        walk.uses.append((start, node.end_byte, chain, role, walk.context, None))


def _note_call(
    walk: Walk, chain: Chain, at: tuple[int, int], whole: tuple[int, int], arguments: "Node"
) -> "list[Item]":
    """Note a call of a chain that stands `at` a place; return what of it is to be walked."""
    given, inside, deep = read_arguments(walk, arguments)
    context = walk.context
    if chain[-1] not in _TAKEN:
        walk.uses.append((*at, chain, "call", context, (*whole, *given)))
    if not inside:
        return inside
    if deep and chain != UNNAMED:
        return walk.within(_plain(walk.wrapped(chain, at[0])), inside)
    if context.role in _SPREADING:
        return inside
    return walk.within(_plain(context), inside)


def _plain(context: Context) -> Context:
    """Return a context in which names are read, and decorate or base nothing."""
    if context.role in _SPREADING:
        return context
    return Context(context.scope, context.entity, context.where, context.wrapper)


def read_arguments(walk: Walk, node: "Node") -> "tuple[Given, list[Item], bool]":
    """Read the arguments of a call: a list of them, or one generator.

    Return them, what of them is to be walked, and whether there may be a call in it.
    """
    if node.kind_id != ARGUMENTS:
        return (1, (), False, False, None), [node], True
    children = node.named_children
    if not children:
        return _NOTHING, [], False
    positional = 0
    named: list[Argument] = []
    inside: list[Item] = []
    spread = star = deep = texts = False
    for child in children:
        kind = child.kind_id
        value = child
        if kind == KEYWORD_ARGUMENT:
            parts = child.named_children
            value = parts[-1]
            kind = value.kind_id
            known = literal(value, walk.data) if kind not in NAMES else None
            named.append(Argument(walk.name(parts[0]), known))
        elif kind == _LIST_SPLAT:
            star = True
        elif kind == _DICTIONARY_SPLAT:
            spread = True
        elif kind in EXTRAS:
            continue
        elif walk.data[child.start_byte] == _ASTERISK:
            # In calls of `print` the grammar reads `*a.b()` as a chain that starts with `*a`.
            star = True
        else:
            positional += 1
        if kind in NAMES:
            inside.append(value)
            continue
        texts = True
        if kind not in LEAVES and not (kind == STRING and walk.is_plain(value)):
            inside.append(value)
            deep = True
    given = positional, tuple(named), spread, star, node if texts else None
    return given, inside, deep


_NOTHING: "Given" = (0, (), False, False, None)


def statement_call(walk: Walk, node: "Node") -> None:
    """Note `print x` and `exec x` of Python 2 as calls of these functions."""
    word = node.type.partition("_")[0]
    start = node.start_byte
    given = children(node)
    seen = (start, node.end_byte, len(given), (), False, False, None)
    walk.uses.append((start, start + len(word), (word,), "call", walk.context, seen))
    walk.push([*given])


def string(walk: Walk, node: "Node") -> None:
    """Walk what an f-string or t-string fills in; other strings hold no code."""
    if walk.is_plain(node):
        return
    if walk.data[node.start_byte] == _BACKTICK:
        walk.fault(node.start_byte, node.end_byte, "code in backticks is not read")
        return
    inner = [child for child in node.named_children if child.type == "interpolation"]
    walk.push([*inner])


def spelled(walk: Walk, node: "Node") -> Chain:
    """Return the chain that an expression is, and note nothing."""
    node = bare(node)
    while node.type == "await" and node.named_children:
        node = bare(node.named_children[-1])
    links, head, _ = _take_apart(walk, node)
    chain = list(head)
    for link in reversed(links):
        kind = link.kind_id
        if kind == CALL:
            chain.append("()")
        elif kind == SUBSCRIPT:
            chain.append("[]")
        else:
            chain.append(walk.name(link.named_children[-1]))
    return _cut(chain)
