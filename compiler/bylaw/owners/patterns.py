"""Globs as the patterns of a `CODEOWNERS` file, and such patterns as globs.

The patterns look like those of `.gitignore` and are fewer: no `!`, no `[ ]`, no braces, and `#`
starts a comment. A leading `/` anchors; `/a/b` is a file, or a folder with all that it holds, and
`/a/` what a folder holds. `/a/*` is the files of a folder alone, but any other last segment takes
a folder of that name with all that it holds, on GitHub. As everywhere in bylaw, folders that are
named like files (`x.sql/`) are left out of account.
"""

import re
from functools import lru_cache
from itertools import islice, product
from typing import Literal, NamedTuple, TypeAlias

from bylaw.globs.dialect import (
    ANY,
    Alternative,
    Ranges,
    Star,
    alternatives,
    check,
    is_literal,
    tokens,
)

Forge: TypeAlias = Literal["github", "gitlab"]

_FILE_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]*\Z")
_TEST_NAMES = frozenset(("test_*.*", "*_test.*", "*.test.*", "*.spec.*"))
"""The ends of the usual globs of tests, which name files."""

_MOST_MEMBERS = 12
_MOST_PATTERNS = 64
"""Brackets of more members, and globs that would need more patterns, are said more widely."""

# What ends a pattern, escapes, or means something to one reader or another.
_ODD = frozenset("*?[]{}\\#")


class Pattern(NamedTuple):
    """A pattern, and why it matches more than its glob, where it does."""

    text: str
    wider: str | None = None


@lru_cache(maxsize=8192)
def to_patterns(glob: str, forge: Forge = "github") -> tuple[Pattern, ...]:
    """Return patterns that match at least the files of a glob, and say where they match more."""
    found: dict[str, Pattern] = {}
    for alternative in alternatives(glob):
        for pattern in _patterns(alternative, forge):
            found.setdefault(pattern.text, pattern)
    return tuple(found.values())


def _patterns(alternative: Alternative, forge: Forge) -> list[Pattern]:
    if alternative == ("*", None):
        return [Pattern("*")]
    below = alternative[-2:] == ("*", None)
    either = alternative[-1] is None and not below
    segments = alternative[:-2] if below else alternative[:-1] if either else alternative
    texts, odd = _spell(segments)
    wider = "it has characters that no pattern can say" if odd else None
    if not below and not either and forge == "github":
        names = [text.rpartition("/")[2] for text in texts]
        if not all(map(_names_files, names)):
            wider = wider or "a folder of such a name counts with all that it holds"
    tails = [""]
    if below:
        tails = ["/"]
    elif either and forge == "gitlab":
        tails = ["", "/"]
    return [Pattern(text + tail, wider) for text in texts for tail in tails]


def _names_files(segment: str) -> bool:
    return segment == "*" or segment in _TEST_NAMES or bool(_FILE_ENDING.search(segment))


def _spell(segments: Alternative) -> tuple[list[str], bool]:
    """Write segments, brackets member by member, and say whether some are written more widely."""
    choices = [("**",) if segment is None else _segment(segment) for segment in segments]
    odd = any(choice is None for choice in choices)
    spelt = [
        choice if choice is not None else (_wide(segment or ""),)
        for choice, segment in zip(choices, segments, strict=True)
    ]
    texts = list(islice(product(*spelt), _MOST_PATTERNS + 1))
    if len(texts) > _MOST_PATTERNS:
        texts, odd = [tuple(_wide(s) if s is not None else "**" for s in segments)], True
    return ["/" + "/".join(parts) for parts in texts], odd


@lru_cache(maxsize=8192)
def _segment(segment: str) -> tuple[str, ...] | None:
    """Return the texts that together say a segment, or None where none do."""
    parts: list[tuple[str, ...]] = []
    for token in tokens(segment):
        if isinstance(token, Star):
            parts.append(("*",))
        elif token == ANY:
            parts.append(("?",))
        else:
            members = _members(token)
            if members is None:
                return None
            parts.append(members)
    found = ["".join(text) for text in islice(product(*parts), _MOST_PATTERNS + 1)]
    return tuple(found) if len(found) <= _MOST_PATTERNS else None


def _members(ranges: Ranges) -> tuple[str, ...] | None:
    if sum(high - low + 1 for low, high in ranges) > _MOST_MEMBERS:
        return None
    found = [chr(point) for low, high in ranges for point in range(low, high + 1)]
    if any(char in _ODD or (char.isspace() and char != " ") for char in found):
        return None
    return tuple("\\ " if char == " " else char for char in found)


def _wide(segment: str) -> str:
    """Write a segment with `?` for what no pattern can say."""
    out: list[str] = []
    for token in tokens(segment):
        if isinstance(token, Star):
            out.append("*")
            continue
        members = None if token == ANY else _members(token)
        out.append(members[0] if members is not None and len(members) == 1 else "?")
    return "".join(out)


# --- what people have written ------------------------------------------------------------------


def to_globs(pattern: str) -> tuple[str, ...] | None:
    """Return globs for the files that a pattern somebody has written matches.

    None where it is no pattern: GitHub passes over such a line.
    """
    text = pattern.replace("\\ ", " ")
    if text.startswith("!") or "[" in text or "]" in text or "\\" in text or not text.strip("/"):
        return None
    body = text.strip("/")
    anchored = "/" in text.rstrip("/")
    parts = ["**" if set(part) == {"*"} and len(part) > 1 else part for part in body.split("/")]
    if any(part in ("", ".", "..") for part in parts):
        return None
    parts = [re.sub(r"\*\*+", "*", part) if part != "**" else part for part in parts]
    parts = [re.sub(r"[{}]", "?", part) for part in parts]
    if not anchored:
        parts.insert(0, "**")
    glob = "/".join(parts)
    if check(glob) is not None:
        return None
    if text.endswith("/"):
        return (f"{glob}/**",)
    if parts[-1] == "**":
        return (glob,)
    if parts[-1] == "*" and anchored:
        return (glob,)
    return (glob,) if is_literal(glob) else (glob, f"{glob}/**")
