"""Regions: what bylaw writes into files that people write too, between marks.

A region begins and ends with a line that is a comment of its file. The first one holds a digest of
the file's path and of what stands between, so that a region which somebody has edited, or copied
elsewhere, is told from one that a build has left. A file that is bylaw's as a whole ends in such a
line. Everything here is a function of bytes; it imports nothing that is slow to load.
"""

import re
from typing import NamedTuple

from bylaw.digest import sha256

BEGIN = "bylaw:begin"
END = "bylaw:end"
WHOLE = "bylaw:file"

_KEEP_OUT = "Written by bylaw from the decisions. Do not edit: change the decision, and build."
_JOINED = b"joined"
_JOINED_CR = b"joined-cr"
"""In a first mark: the line feed before it is ours, because the text before it had none.

Behind a lone carriage return it is no part of a pair.
"""

_BOM = b"\xef\xbb\xbf"
_COMMENTED = (".md", ".mdc", ".markdown", ".html", ".xml")
_MARK = (
    rb"^(?:\xef\xbb\xbf)?[ \t]*(?:<!--|#)[ \t]*bylaw:(begin|end|file)(?![\w-])"
    rb"[ \t]*([^\r\n]*?)\r?$"
)
_DIGEST = rb"([0-9a-f]{16})(?: (joined(?:-cr)?))?(?![0-9a-z-])"
_COMMENT_KEY = re.compile(rb'"\$comment": "Written by bylaw(?: \(([0-9a-f]{16})\))?')
"""In JSON, which has no comments, this is the mark of a file that is ours."""

_NAMES = frozenset(("AGENTS.md", "CLAUDE.md", "GEMINI.md", "CODEOWNERS", "copilot-instructions.md"))
_FOLDERS = frozenset((".cursor/rules", ".windsurf/rules", ".clinerules", ".github/instructions"))


class BrokenRegionError(Exception):
    """Marks that are no region: from and to are offsets in bytes of the mark that is wrong."""

    def __init__(self, message: str, start: int, end: int, other: tuple[int, int] | None = None):
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.other = other


class Region(NamedTuple):
    """A region in a file: offsets of its first and behind its last byte, and what it holds.

    `content` has line feeds only. `joined` says that the line end before the region is its own.
    """

    start: int
    end: int
    content: bytes
    digest: str
    joined: bytes | None = None

    def is_true(self, path: str) -> bool:
        """Tell whether a build has left the region as it is, in this very file."""
        return self.digest == digest_of(path, self.content)


def may_hold(path: str) -> bool:
    """Tell whether a path is one of those that artifacts outside of the output folder have.

    Only there does a mark keep text from being judged, so that nobody hides code behind one: anyone
    can compute a digest. Nothing that a machine runs is among them.
    """
    folder, _, name = path.rpartition("/")
    if name in _NAMES or path == ".gemini/settings.json":
        return True
    return name.startswith("bylaw") and name.endswith((".md", ".mdc")) and folder in _FOLDERS


def digest_of(path: str, content: bytes) -> str:
    """Return the digest that a first mark holds."""
    return sha256(path.encode("utf-8", "surrogateescape") + b"\0" + content).hexdigest()[:16]


def find(data: bytes) -> Region | None:
    """Return the region of a file, or None where it has none; raises BrokenRegionError."""
    marks = [match for match in re.finditer(_MARK, data, re.MULTILINE) if match[1] != b"file"]
    if not marks:
        return None
    first = marks[0]
    if first[1] == b"end":
        raise _broken("an end mark stands before any begin mark", first)
    if len(marks) == 1:
        raise _broken("a region begins and does not end", first)
    second = marks[1]
    if second[1] == b"begin":
        raise _broken("a region begins inside another one", second, first)
    if len(marks) > 2:
        what = "a second region begins" if marks[2][1] == b"begin" else "a second end mark stands"
        raise _broken(f"{what} in one file", marks[2], first)
    found = re.match(_DIGEST, first[2])
    if found is None:
        raise _broken("a begin mark has lost its digest", first)
    start = first.start()
    if start == 0 and data.startswith(_BOM):
        start = len(_BOM)
    joined = found[2] if start else None
    if joined:
        start -= 2 if joined == _JOINED and data[start - 2 : start] == b"\r\n" else 1
    content = data[_after(data, first) : second.start()].replace(b"\r\n", b"\n")
    return Region(start, _after(data, second), content, found[1].decode(), joined)


def _after(data: bytes, mark: "re.Match[bytes]") -> int:
    """Return the offset behind a mark's line."""
    return mark.end() + 1 if mark.end() < len(data) else len(data)


def _broken(
    message: str, mark: "re.Match[bytes]", other: "re.Match[bytes] | None" = None
) -> BrokenRegionError:
    return BrokenRegionError(message, *_line(mark), _line(other) if other else None)


def _line(mark: "re.Match[bytes]") -> tuple[int, int]:
    """Return the offsets of a mark without white space around it."""
    text = mark[0]
    start = mark.start() + len(text) - len(text.removeprefix(_BOM).lstrip())
    return start, mark.start() + len(text.rstrip())


def splice(path: str, data: bytes | None, content: bytes) -> bytes:
    """Return a file with this content in its region, behind its text where it has none.

    `data` is None where there is no such file. Raises BrokenRegionError.
    """
    before, region = (data or b""), find(data) if data is not None else None
    after, joined = b"", None
    if region is not None and data is not None:
        before, after, joined = data[: region.start], data[region.end :], region.joined
    elif before.removeprefix(_BOM) and not before.endswith(b"\n"):
        joined = _JOINED_CR if before.endswith(b"\r") else _JOINED
    word = f" {joined.decode()}" if joined else ""
    begin = _comment(path, f"{BEGIN} {digest_of(path, content)}{word} {_KEEP_OUT}")
    style = before + after if b"\n" in before + after or before else data or b""
    lead = b"" if not joined else b"\n" if joined == _JOINED_CR else _ended_as(style, b"\n")
    return before + lead + _ended_as(style, begin + content + _comment(path, END)) + after


def remove(data: bytes) -> bytes:
    """Return a file without its region: what people have written, byte for byte."""
    region = find(data)
    return data if region is None else data[: region.start] + data[region.end :]


def stamp(path: str, content: bytes) -> bytes:
    """Return a file that is bylaw's as a whole, with its mark."""
    if path.endswith(".json"):
        mark = b'"$comment": "Written by bylaw (%s)' % digest_of(path, content).encode()
        return _COMMENT_KEY.sub(mark, content, count=1)
    return content + _comment(path, f"{WHOLE} {digest_of(path, content)} {_KEEP_OUT}")


def stamped(path: str, data: bytes) -> bool | None:
    """Tell of a file whether a build has left it as it is; None where it is somebody else's."""
    if path.endswith(".json"):
        mark = _COMMENT_KEY.search(data[:512])
        if mark is None or mark[1] is None:
            return None
        end = mark.end()
        bare = data[: end - len(" (0123456789abcdef)")] + data[end:]
        content = bare.replace(b"\r\n", b"\n")
        return mark[1].decode() == digest_of(path, content)
    marks = [match for match in re.finditer(_MARK, data, re.MULTILINE) if match[1] == b"file"]
    if not marks:
        return None
    mark = marks[-1]
    found = re.match(_DIGEST, mark[2])
    content = data[: mark.start()].replace(b"\r\n", b"\n")
    return (
        len(marks) == 1
        and not data[mark.end() :].strip()
        and found is not None
        and found[1].decode() == digest_of(path, content)
    )


def same(one: bytes, other: bytes) -> bool:
    """Tell whether two files hold the same, whichever way git has ended their lines."""
    return one == other or one.replace(b"\r\n", b"\n") == other.replace(b"\r\n", b"\n")


def handwritten(path: str, data: bytes) -> bytes | None:
    """Return what people have written of a file: None where that is nothing.

    Lines of a region are blank where others follow, so that these keep their numbers. Anything
    that a build has not left as it is counts as written by people.
    """
    if not may_hold(path) or (b"bylaw:" not in data and b"Written by bylaw" not in data):
        return data
    if stamped(path, data):
        return None
    try:
        region = find(data)
    except BrokenRegionError:
        return data
    if region is None or not region.is_true(path):
        return data
    before, after = data[: region.start], data[region.end :]
    if not before.removeprefix(_BOM).strip() and not after.strip():
        return None
    if not after.strip():
        return before
    return before + b"\n" * data.count(b"\n", region.start, region.end) + after


def _comment(path: str, text: str) -> bytes:
    """Return a line that is a comment in the file."""
    marked = f"<!-- {text} -->" if path.endswith(_COMMENTED) else f"# {text}"
    return f"{marked}\n".encode()


def _ended_as(data: bytes, text: bytes) -> bytes:
    """Return text with the line ends of a file."""
    first = data.find(b"\n")
    paired = first > 0 and data[first - 1 : first] == b"\r"
    return text.replace(b"\n", b"\r\n") if paired else text
