"""The glob dialect: its faults, its parts, and its regular expression.

A glob is anchored at the repository's root. Braces are shorthand for a list, so a glob is a set of
**alternatives**; an alternative is a tuple of segments in which None stands for `**` (any number
of segments, also none) and `"*"` for exactly one. A path without wildcards ends in None: it means
itself and everything below, which in a real tree is a file or a folder, never both. `a/` and
`a/**` end in `"*", None`: at least one segment below.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

Alternative = tuple[str | None, ...]

WILDCARDS = frozenset("*?[")

# PATH_MAX on Linux: no longer glob can name a file, and limits keep hostile input cheap.
_MAX_LENGTH = 4096
_MAX_ALTERNATIVES = 256
_MAX_SEGMENTS = 64

_SPECIAL = frozenset("\\.+*?()|[]{}^$")


def check(glob: str) -> str | None:
    """Return what is wrong with a glob, as a clause, or None."""
    fault = _text_fault(glob) or _bracket_fault(glob)
    if fault is not None:
        return fault
    alternatives = expand_braces(glob)
    if len(alternatives) > _MAX_ALTERNATIVES:
        return f"its braces stand for more than {_MAX_ALTERNATIVES} globs"
    for text in alternatives:
        fault = _segment_fault(text)
        if fault is not None:
            return fault
    return None


def _text_fault(glob: str) -> str | None:
    if not glob:
        return "it is empty"
    if len(glob) > _MAX_LENGTH:
        return f"it is longer than {_MAX_LENGTH} characters"
    if glob != glob.strip():
        return "it starts or ends with white space"
    if "\\" in glob:
        return "`\\` is no separator and escapes nothing; write `/`, or `[*]` for the character `*`"
    for char in glob:
        # Control and invisible characters, lone surrogates, line and paragraph separators.
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            return f"it holds the invisible character U+{ord(char):04X}"
    return None


def _bracket_fault(glob: str) -> str | None:
    """Find the first bracket or brace that is out of place."""
    depth = 0
    position = 0
    while position < len(glob):
        char = glob[position]
        if char == "[":
            end = glob.find("]", position)
            if end < 0:
                return "the `[` is never closed"
            fault = _class_fault(glob[position + 1 : end])
            if fault is not None:
                return fault
            position = end
        elif char == "{":
            depth += 1
            if depth > 1:
                return "braces do not nest"
        elif char == "}":
            depth -= 1
            if depth < 0:
                return "the `}` closes nothing"
        position += 1
    return "the `{` is never closed" if depth else None


def _class_fault(body: str) -> str | None:
    if body.startswith("^"):
        return "the negated form is `[!…]`, not `[^…]`"
    members = body.removeprefix("!")
    if not members:
        return "the brackets hold no character"
    if "/" in members:
        return "brackets match within a segment and cannot hold `/`"
    if members.startswith(":") or "[:" in members:
        return "named character classes are not part of the dialect"
    if any(low > high for low, high in _ranges(members)):
        return f"the range in `[{body}]` runs backwards"
    return None


def _segment_fault(text: str) -> str | None:
    if text.startswith("/"):
        return "it starts with `/`; every glob starts at the root of the repository"
    if text.startswith("./"):
        return "it starts with `./`; every glob starts at the root of the repository"
    segments = text.removesuffix("/").split("/")
    if len(segments) > _MAX_SEGMENTS:
        return f"it has more than {_MAX_SEGMENTS} segments"
    for segment in segments:
        if segment == "..":
            return "`..` leaves the place where it stands; write the path from the root"
        if segment in ("", "."):
            return "it has an empty segment" if not segment else "the segment `.` names nothing"
        if "**" in segment and segment != "**":
            return f"`**` stands for whole segments; write `{segment.replace('**', '*')}` or `**/…`"
    return None


def expand_braces(glob: str) -> tuple[str, ...]:
    """Return the globs without braces that a glob stands for, in the order written, each once.

    Stops soon after the limit that `check` reports. Faulty braces are kept as they are.
    """
    head, brace, rest = glob.partition("{")
    if not brace:
        return (glob,)
    inner, closed, tail = rest.partition("}")
    if closed and "{" not in tail and "[" not in glob:
        return tuple(dict.fromkeys([head + option + tail for option in inner.split(",")]))
    return _expand(glob)


def _expand(glob: str) -> tuple[str, ...]:
    """Expand braces one after another, with brackets in which a brace is a plain character."""
    done: list[str] = [""]
    position = 0
    while position < len(glob):
        char = glob[position]
        if char == "{":
            end, options = _options(glob, position)
            if end < 0:
                return (glob,)
            done = [head + option for head in done for option in options]
            if len(done) > _MAX_ALTERNATIVES:
                break
        else:
            end = glob.find("]", position) if char == "[" else position
            end = position if end < 0 else end
            text = glob[position : end + 1]
            done = [head + text for head in done]
        position = end + 1
    return tuple(dict.fromkeys(done))


def _options(glob: str, start: int) -> tuple[int, list[str]]:
    """Read the options of the brace at `start`; the end is -1 where it is never closed."""
    options = [""]
    position = start + 1
    while position < len(glob):
        char = glob[position]
        if char == "}":
            return position, options
        end = glob.find("]", position) if char == "[" else position
        end = position if end < 0 else end
        if char == ",":
            options.append("")
        else:
            options[-1] += glob[position : end + 1]
        position = end + 1
    return -1, []


def is_literal(glob: str) -> bool:
    """Tell whether a glob without braces is a plain path."""
    return WILDCARDS.isdisjoint(glob)


@lru_cache(maxsize=65536)
def alternatives(glob: str) -> tuple[Alternative, ...]:
    """Return the alternatives of a sound glob, in normal form."""
    if "{" not in glob:
        return (_alternative(glob),)
    return tuple(dict.fromkeys(_alternative(text) for text in expand_braces(glob)))


def _alternative(text: str) -> Alternative:
    parts: list[str | None] = [p if p != "**" else None for p in text.removesuffix("/").split("/")]
    if text.endswith("/"):
        parts += ["*", None]
    elif is_literal(text):
        parts.append(None)
    elif parts[-1] is None:
        parts += ["*", None]
    # Within a run of `*` and `**` the order means nothing: `**/*` and `*/**` are one thing.
    normal: list[str | None] = []
    anywhere = False
    for part in parts:
        if part is None:
            anywhere = True
            continue
        if anywhere and part != "*":
            normal.append(None)
            anywhere = False
        normal.append(part)
    if anywhere:
        normal.append(None)
    return tuple(normal)


# --- segments ----------------------------------------------------------------------------------

Ranges = tuple[tuple[int, int], ...]
"""Code points as closed ranges, sorted and apart."""

ANY: Ranges = ((0, 0x2E), (0x30, 0x10FFFF))
"""Every character but `/`."""


class Star:
    """The token `*`: any number of characters but `/`."""


STAR = Star()

Token = Ranges | Star


@lru_cache(maxsize=65536)
def tokens(segment: str) -> tuple[Token, ...]:
    """Return the tokens of one segment: a set of characters each, or `STAR`."""
    found: list[Token] = []
    position = 0
    while position < len(segment):
        char = segment[position]
        if char == "*":
            found.append(STAR)
        elif char == "?":
            found.append(ANY)
        elif char == "[":
            end = segment.index("]", position)
            found.append(_members(segment[position + 1 : end]))
            position = end
        else:
            found.append(((ord(char), ord(char)),))
        position += 1
    return tuple(found)


def _ranges(members: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    position = 0
    while position < len(members):
        low = members[position]
        if position + 2 < len(members) and members[position + 1] == "-":
            found.append((ord(low), ord(members[position + 2])))
            position += 3
        else:
            found.append((ord(low), ord(low)))
            position += 1
    return found


def _members(body: str) -> Ranges:
    """Return the characters of a bracket, `/` never among them."""
    negated = body.startswith("!")
    listed = _ranges(body.removeprefix("!"))
    slash = (ord("/"), ord("/"))
    if negated:
        return complement([*listed, slash])
    return complement([*complement(listed), slash])


def complement(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return all code points that the ranges leave out."""
    found: list[tuple[int, int]] = []
    start = 0
    for low, high in sorted(ranges):
        if low > start:
            found.append((start, low - 1))
        start = max(start, high + 1)
    if start <= 0x10FFFF:
        found.append((start, 0x10FFFF))
    return tuple(found)


# --- regular expressions -----------------------------------------------------------------------


def to_regex(glob: str) -> str:
    """Return the anchored regular expression of a sound glob.

    Python `re`, RE2, Go, PCRE and ECMAScript (flag `u`) read it alike. As `$` allows a final line
    feed in Python and PCRE, ask for a full match there.
    """
    found = [plain_regex(alternative) for alternative in alternatives(glob)]
    body = found[0] if len(found) == 1 else "(?:" + "|".join(found) + ")"
    return "^" + body + "$"


@lru_cache(maxsize=65536)
def plain_regex(alternative: Alternative) -> str:
    """Return the regular expression of an alternative, not anchored."""
    out: list[str] = []
    slash = ""
    for index, segment in enumerate(alternative):
        if segment is not None:
            out.append(slash + segment_regex(segment))
            slash = "/"
        elif index:
            out.append("(?:/[^/]+)*")
        else:
            out.append("(?:[^/]+/)*")
    return "".join(out)


@lru_cache(maxsize=65536)
def segment_regex(segment: str) -> str:
    """Return the regular expression of one segment, not anchored."""
    if segment == "*":
        return "[^/]+"
    if is_literal(segment):
        return _escape(segment)
    out: list[str] = []
    for token in tokens(segment):
        if isinstance(token, Star):
            if not out or out[-1] != "[^/]*":
                out.append("[^/]*")
        elif token == ANY:
            out.append("[^/]")
        elif len(token) == 1 and token[0][0] == token[0][1]:
            out.append(_escape(chr(token[0][0])))
        else:
            out.append(_class_regex(token))
    return "".join(out)


def _class_regex(ranges: Ranges) -> str:
    # The complement is the shorter and more readable one where the glob negates.
    negated = ranges[-1][1] == 0x10FFFF
    shown = complement(ranges) if negated else ranges
    body = "".join(
        _escape_member(low)
        if low == high
        else _escape_member(low) + ("-" if high > low + 1 else "") + _escape_member(high)
        for low, high in shown
    )
    return f"[{'^' if negated else ''}{body}]"


def _escape_member(point: int) -> str:
    char = chr(point)
    return "\\" + char if char in "\\]^[-" else char


def _escape(text: str) -> str:
    """Escape what is special everywhere, and nothing else: ECMAScript rejects the rest."""
    if _SPECIAL.isdisjoint(text):
        return text
    return "".join("\\" + char if char in _SPECIAL else char for char in text)


@lru_cache(maxsize=65536)
def literal_prefix(alternative: Alternative) -> tuple[str, Alternative]:
    """Split an alternative into its leading plain segments, joined, and what follows."""
    count = 0
    for segment in alternative:
        if segment is None or not is_literal(segment):
            break
        count += 1
    head = [segment for segment in alternative[:count] if segment is not None]
    return "/".join(head), alternative[count:]
