"""Globs in other dialects: translated where the meaning is kept, refused where it is not.

Semgrep's path patterns and `.gitignore` share one trap: a pattern that matches a folder takes
everything in it. So ``src/*`` there means all of `src/`, and a translation needs a last segment
that names no folder: one that ends like a file (`.py`). Folders named like code files are left out
of account.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from bylaw.globs.dialect import ANY, Alternative, Ranges, Star, alternatives, complement, tokens
from bylaw.globs.intersect import meet
from bylaw.globs.segments import UndecidedError, same_names

_FILE_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]*\Z")


def to_semgrep(glob: str, endings: Sequence[str] = ()) -> tuple[str, ...] | None:
    """Return Semgrep path patterns that match the same files, or None where none do.

    With `endings` (`.py`, `.ts`), only files so named count, as in a rule for one language; then
    nearly every glob can be translated, and an empty tuple says that it matches no such file.
    """
    return _to_ignore_patterns(glob, tuple(endings))


def to_gitignore(glob: str, endings: Sequence[str] = ()) -> tuple[str, ...] | None:
    """Return `.gitignore` patterns that match the same files, or None where none do.

    `?` and negated brackets are refused: git compares bytes, so they fail on non-ASCII names.
    """
    for alternative in alternatives(glob):
        for segment in alternative:
            for token in tokens(segment) if segment else ():
                if not isinstance(token, Star) and _more_than_ascii(token):
                    return None
    return _to_ignore_patterns(glob, tuple(endings))


def _more_than_ascii(token: Ranges) -> bool:
    return (len(token) > 1 or token[0][0] != token[0][1]) and token[-1][1] > 0x7F


@lru_cache(maxsize=65536)
def _to_ignore_patterns(glob: str, endings: tuple[str, ...]) -> tuple[str, ...] | None:
    found: dict[str, None] = {}
    for alternative in alternatives(glob):
        narrowed = _narrow(alternative, endings)
        if narrowed is None:
            return None
        for one in narrowed:
            pattern = _pattern(one)
            if pattern is None:
                return None
            found[pattern] = None
    return tuple(found)


def _narrow(alternative: Alternative, endings: tuple[str, ...]) -> list[Alternative] | None:
    """Make the last segment name files only; None where that cannot be said."""
    last = alternative[-1]
    if last is None:
        return [alternative]
    if not endings:
        return [alternative] if _FILE_ENDING.search(last) else None
    found: list[Alternative] = []
    for ending in endings:
        names = _with_ending(last, ending)
        if names is None:
            return None
        found += [(*alternative[:-1], name) for name in names]
    return found


@lru_cache(maxsize=8192)
def _with_ending(segment: str, ending: str) -> tuple[str, ...] | None:
    """Return patterns for the names that a segment's pattern matches and that end so."""
    wanted = "*" + ending
    names = meet(segment, wanted)
    try:
        if same_names((segment, wanted), ()):
            return ()
        if names is None:
            names = _proposal(segment, ending)
        if not same_names((segment, wanted), names):
            return None
    except UndecidedError:
        return None
    return names


def _proposal(segment: str, ending: str) -> tuple[str, ...]:
    """Propose names for an odd pattern: the ending after its last star, or melted into its tail."""
    if not segment.endswith("*"):
        return (segment,)
    head = segment[:-1]
    melted = [
        head + ending[size:] for size in range(1, len(ending) + 1) if head.endswith(ending[:size])
    ]
    names = [*melted, segment + ending]
    return tuple(n for n in names if not any(m != n and same_names((n, m), (n,)) for m in names))


def _pattern(alternative: Alternative) -> str | None:
    """Write an alternative, anchored by a leading `/`."""
    parts: list[str] = []
    below = alternative[-1] is None
    for segment in alternative[:-1] if below else alternative:
        if segment is None:
            parts.append("**")
            continue
        text = _segment(segment)
        if text is None:
            return None
        parts.append(text)
    if below and alternative[-2:-1] == ("*",):
        parts[-1] = "**"
    return "/" + "/".join(parts)


@lru_cache(maxsize=65536)
def _segment(segment: str) -> str | None:
    out: list[str] = []
    for token in tokens(segment):
        if isinstance(token, Star):
            out.append("*")
        elif token == ANY:
            out.append("?")
        elif len(token) == 1 and token[0][0] == token[0][1]:
            out.append(_character(chr(token[0][0])))
        else:
            text = _bracket(token)
            if text is None:
                return None
            out.append(text)
    return "".join(out)


def _character(char: str) -> str:
    return "\\" + char if char in "*?[" else char


def _bracket(ranges: Ranges) -> str | None:
    """Write a set of characters so that no dialect reads `!`, `^`, `-`, `[:` or `]` in it oddly."""
    negated = ranges[-1][1] == 0x10FFFF
    members = complement(ranges) if negated else ranges
    parts = [
        chr(low) + ("" if low == high else ("-" if high > low + 1 else "") + chr(high))
        for low, high in members
        if not negated or (low, high) != (0x2F, 0x2F)
    ]
    # `]` can only be an end of a range that was normalised; a leading `-` is a plain character.
    if any("]" in part or "\\" in part for part in parts):
        return None
    odd = {"!", "^"}
    plain = [part for part in parts if part[0] not in odd and part != "-"]
    rest = [part for part in parts if part[0] in odd]
    head = "-" if "-" in parts else ""
    body = head + "".join(plain + rest)
    if not negated and body[0] in odd:
        return None
    return f"[{'!' if negated else ''}{body}]"
