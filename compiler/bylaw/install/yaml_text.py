"""A block put into a YAML file between two comments, and taken out again, byte for byte.

The block is text: comments, order and form of everything else stay as they are. A file whose last
line has no end keeps having none, so that the same bytes come back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from bylaw.install.faults import (
    BROKEN_HOST_FILE,
    UNFIT_HOST_FILE,
    InstallError,
    decoded,
    span_at,
)
from bylaw.source import Source

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines for a file, and where: behind the last item of the list at `path`, or at the end.

    `name` stands in the comments around them. `skeleton` is what a new file holds besides.
    """

    name: str
    lines: str
    path: tuple[str, ...] = ()
    skeleton: str = ""

    @property
    def begin(self) -> str:
        """The comment before the lines."""
        return f"# >>> {self.name} >>>"

    @property
    def end(self) -> str:
        """The comment behind them."""
        return f"# <<< {self.name} <<<"


def insert(path: str, data: bytes | None, block: Block) -> bytes:
    """Return a file with the block; `data` is None where there is no file."""
    if data is None:
        # A list at the end of the skeleton stands as deep as its keys.
        return (block.skeleton + _indented(block, "  " * len(block.path))).encode()
    text = decoded(path, data)
    root = _compose(path, data, text)
    newline = "\r\n" if "\r\n" in text else "\n"
    at, indent = len(text), ""
    if block.path:
        at, indent = _behind(path, data, text, root, block.path)
    elif root is not None and not isinstance(root, yaml.MappingNode):
        raise _unfit(path, data, root, "is no map of names to jobs")
    elif root is not None and root.flow_style:
        raise _unfit(path, data, root, "is written in braces")
    before, after = text[:at], text[at:]
    shown = _indented(block, indent).replace("\n", newline)
    if not before.endswith("\n"):
        # The line before has no end: ours takes its place, and has none either.
        shown = newline + shown.removesuffix(newline)
    changed = f"{before}{shown}{after}".encode()
    _verify(path, data, root, changed, block)
    return changed


def remove(path: str, data: bytes, block: Block) -> bytes | None:
    """Return a file without the block; None where nothing else was ever there."""
    text = decoded(path, data)
    found = _find(path, data, text, block)
    if found is None:
        return data
    start, end = found
    before, after = text[:start], text[end:]
    if not text[:end].endswith("\n") and before:
        before = before.removesuffix("\n").removesuffix("\r")
        return f"{before}{after}".encode()
    rest = before + after
    if rest.replace("\r\n", "\n") == block.skeleton:
        return None
    return rest.encode()


def holds(path: str, data: bytes | None, block: Block) -> bool:
    """Tell whether a file has the block as it is to be."""
    if data is None:
        return False
    text = decoded(path, data)
    found = _find(path, data, text, block)
    if found is None:
        return False
    shown = text[found[0] : found[1]].replace("\r\n", "\n")
    first = shown.partition("\n")[0]
    indent = first[: len(first) - len(first.lstrip())]
    return shown.rstrip("\n") == _indented(block, indent).rstrip("\n")


def loaded(path: str, data: bytes) -> Any:
    """Return the node of a file's last document, None where it says nothing."""
    return _compose(path, data, decoded(path, data))


def values_at(root: Any, keys: tuple[str, ...]) -> Iterator[Any]:
    """Yield the nodes at a path of keys."""
    if not keys:
        yield root
    elif isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            if isinstance(key, yaml.ScalarNode) and key.value == keys[0]:
                yield from values_at(value, keys[1:])


def scalars(node: Any, seen: int = 0) -> Iterator[str]:
    """Yield every scalar below a node."""
    if isinstance(node, yaml.ScalarNode):
        yield node.value
    elif seen < 100:
        for child in getattr(node, "value", None) or ():
            for each in child if isinstance(child, tuple) else (child,):
                yield from scalars(each, seen + 1)


_CLOSED = re.compile(r"[ \t]*# <<< bylaw install [^\n]*<<<[ \t]*\r?(?:\n|\Z)")


# --- the block ---------------------------------------------------------------------------------


def _indented(block: Block, indent: str) -> str:
    lines = [block.begin, *block.lines.splitlines(), block.end]
    return "".join(f"{indent}{line}\n" if line else "\n" for line in lines)


def _find(path: str, data: bytes, text: str, block: Block) -> tuple[int, int] | None:
    """Return the range of the block's lines, its comments included."""
    begins = list(re.finditer(rf"^[ \t]*{re.escape(block.begin)}[ \t]*\r?$\n?", text, re.M))
    ends = list(re.finditer(rf"^[ \t]*{re.escape(block.end)}[ \t]*\r?$\n?", text, re.M))
    if not begins and not ends:
        return None
    if len(begins) == len(ends) == 1 and begins[0].end() <= ends[0].start():
        return begins[0].start(), ends[0].end()
    odd = (begins or ends)[-1]
    raise InstallError(
        UNFIT_HOST_FILE,
        f"`{path}` holds a comment of bylaw's without its other half",
        "take out by hand what stands between the two comments, and both of them",
        span_at(Source(path, data), text.count("\n", 0, odd.start()), 0),
    )


# --- the file ----------------------------------------------------------------------------------


def _compose(path: str, data: bytes, text: str) -> Any:
    """Return the node of the last document; raise InstallError where the file is no YAML."""
    try:
        documents = list(yaml.compose_all(text.removeprefix(_BOM), Loader=yaml.SafeLoader))
    except RecursionError:
        message, span = "it is nested too deeply", None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        message = error.problem or "it cannot be read"
        span = span_at(Source(path, data), mark.line, mark.column) if mark else None
    except yaml.YAMLError as error:
        message, span = str(error).partition("\n")[0][:100], None
    else:
        return documents[-1] if documents else None
    raise InstallError(
        BROKEN_HOST_FILE,
        f"`{path}` is not YAML: {message}",
        "mend it first; its host does not read it either",
        span,
    )


def _unfit(path: str, data: bytes, node: Any, what: str) -> InstallError:
    mark = node.start_mark if node is not None else None
    span = span_at(Source(path, data), mark.line, mark.column) if mark is not None else None
    return InstallError(
        UNFIT_HOST_FILE,
        f"`{path}` {what}",
        "write it in lines, as its host's documentation shows, then install again",
        span,
    )


def _behind(path: str, data: bytes, text: str, root: Any, keys: tuple[str, ...]) -> tuple[int, str]:
    """Return the offset behind the last item of a list, and how deep its dashes stand."""
    named, shift = ".".join(keys), len(text) - len(text.removeprefix(_BOM))
    found = list(values_at(root, keys))
    if len(found) != 1:
        what = f"has no `{named}`" if not found else f"has `{named}` twice"
        raise _unfit(path, data, root, what)
    node = found[0]
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        raise _unfit(path, data, node, f"has no list of items as `{named}`")
    if node.flow_style:
        raise _unfit(path, data, node, f"writes `{named}` in brackets")
    at = text.find("\n", _end_of(node.value[-1], text)) + 1
    # The last item may be that of another installation: its block ends behind its comment.
    closed = _CLOSED.match(text, at)
    at = closed.end() if at and closed else at
    start = text.rfind("\n", 0, node.start_mark.index + shift) + 1
    line = text[start : node.start_mark.index + shift]
    return at or len(text), line[: len(line) - len(line.lstrip(" "))]


def _end_of(node: Any, text: str) -> int:
    """Return the offset behind the last character that a node has of its own."""
    shift = len(text) - len(text.removeprefix(_BOM))
    if isinstance(node, yaml.ScalarNode):
        end: int = node.end_mark.index + shift
        # The end of a block of text lies behind the blank lines, and comments, that follow it.
        return end if node.style not in ("|", ">") else len(text[:end].rstrip())
    if node.flow_style or not node.value:
        return int(node.end_mark.index) + shift
    last = node.value[-1]
    return _end_of(last[1] if isinstance(last, tuple) else last, text)


def _verify(path: str, data: bytes, root: Any, changed: bytes, block: Block) -> None:
    """See to it that nothing but the block is new: the file may be written in a way of its own."""
    before = list(_shape(root, block.path))
    after = list(_shape(loaded(path, changed), block.path))
    if after[: len(before)] != before or len(after) <= len(before):
        raise _unfit(path, data, root, "is written in a form into which nothing can be put")


def _shape(root: Any, keys: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the scalars of each child of what stands at a path of keys."""
    for node in values_at(root, keys):
        for child in getattr(node, "value", None) or ():
            pair = child if isinstance(child, tuple) else (child,)
            yield tuple(text for each in pair for text in scalars(each))
