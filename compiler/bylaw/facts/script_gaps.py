"""What TypeScript and JavaScript have and their grammars do not: put in a way that these read.

What is put otherwise has the same length, so that every place stays. It is only tried on lines in
which a tree has errors, and only kept where it has fewer of them afterwards.
"""

import re
from collections.abc import Callable

from bylaw.facts.source import Source, TooSlowError

_ROUNDS = 3


def _blank(match: re.Match[bytes]) -> bytes:
    """Leave out the group `gone`."""
    whole, start = match[0], match.start()
    first, last = match.span("gone")
    return whole[: first - start] + b" " * (last - first) + whole[last - start :]


def _constant(match: re.Match[bytes]) -> bytes:
    return b"const".ljust(len(match[0]))


def _name(match: re.Match[bytes]) -> bytes:
    return b"import".ljust(len(match[0]), b"_")


_GAPS: tuple[tuple[re.Pattern[bytes], Callable[[re.Match[bytes]], bytes]], ...] = (
    # interface Box<in T, out U>
    (
        re.compile(
            rb"(?:^|[<,])\s*(?P<gone>in\s+out|in|out)\s+(?=[A-Za-z_$][\w$]*\s*(?:extends\b|[=,>]))",
            re.M,
        ),
        _blank,
    ),
    # class A { accessor b = 1 }
    (re.compile(rb"\b(?P<gone>accessor)[ \t]+(?=[\w$#\[])"), _blank),
    # import defer * as a from "a"; import source a from "a"
    (re.compile(rb"\bimport\s+(?P<gone>defer|source)\s+(?=\*|[A-Za-z_$])"), _blank),
    # using a = b(); await using a = b()
    (re.compile(rb"\b(?:await[ \t]+)?using(?=[ \t]+[A-Za-z_$][\w$]*\s*=)"), _constant),
)

_NAMED_TYPE = re.compile(rb"""\bimport\(\s*(["'])(?P<module>[^"'\\\n]+)\1\s*\)(?=\s*\.)""")
"""`import("a").B<C>`, whose arguments the grammar does not know; it becomes a name."""


def mended(source: Source, *, typed: bool) -> Source:
    """Return a source with fewer errors, if putting things otherwise leads to one."""
    for _ in range(_ROUNDS):
        flawed = source.flawed()
        if not flawed:
            break
        data, modules = _put(source, typed=typed)
        if data == source.data:
            break
        try:
            other = Source(data, source.language)
        except TooSlowError:
            break
        if other.flawed() >= flawed:
            break
        other.marked = source.marked
        other.modules = source.modules | modules
        source = other
    return source


def _put(source: Source, *, typed: bool) -> tuple[bytes, dict[int, str]]:
    """Return the text with what is in the lines of errors put otherwise."""
    data = bytearray(source.data)
    modules: dict[int, str] = {}
    done = 0
    for error in source.errors():
        start = max(done, data.rfind(b"\n", 0, error.start_byte) + 1)
        end = data.find(b"\n", error.end_byte)
        done = len(data) if end < 0 else end
        part = bytes(data[start:done])
        for gap, put in _GAPS:
            part = gap.sub(put, part)
        for match in _NAMED_TYPE.finditer(part) if typed else ():
            modules[start + match.start()] = match["module"].decode()
        if typed:
            part = _NAMED_TYPE.sub(_name, part)
        data[start:done] = part
    return bytes(data), modules
