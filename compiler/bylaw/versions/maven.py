"""Versions in the order of Maven, and ranges of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import total_ordering
from typing import TypeAlias

from bylaw.versions.interval import intervals
from bylaw.versions.semver import Bound, BoundedRange

_TOKEN = re.compile(r"([.+_-]?)([0-9]+|[A-Za-z]+)")
_VERSION = re.compile(r"[0-9][0-9A-Za-z._+-]{0,99}\Z", re.ASCII)
_WANTED = re.compile(r"(?P<sign>===|==|!=|>=|<=|~=|>|<|\^|~|=)\s*(?P<version>[\w.*+!-]+)\Z")
_EARLY = {"alpha": 0, "beta": 1, "milestone": 2, "rc": 3, "cr": 3, "snapshot": 4}
_SHORT = {"a": "alpha", "b": "beta", "m": "milestone"}
_RELEASE = frozenset({"ga", "final", "release"})

Part: TypeAlias = tuple[int, int, str]
"""What sort of part it is, its number or rank, and its word; see the sorts below."""

_BEFORE, _NOTHING, _AFTER, _BUILD, _NUMBER = range(5)
"""The order of a word such as `alpha`, no part at all, another word, `-1`, and `.1`."""


@total_ordering
@dataclass(frozen=True, slots=True)
class MavenVersion:
    """Numbers and qualifiers, without the zeros that mean nothing."""

    parts: tuple[Part, ...]

    def __lt__(self, other: "MavenVersion") -> bool:
        length = max(len(self.parts), len(other.parts))
        return _padded(self.parts, length) < _padded(other.parts, length)

    @property
    def early(self) -> bool:
        """Whether it is a pre-release."""
        return any(part[0] == _BEFORE for part in self.parts)

    def same_release(self, other: "MavenVersion") -> bool:
        """Tell whether two versions differ in their qualifiers only."""
        mine, theirs = ([p for p in v.parts if p[0] == _NUMBER] for v in (self, other))
        return mine == theirs

    def neighbours(self) -> Iterator["MavenVersion"]:
        """Yield the version, and those closest below and above it."""
        yield self
        yield MavenVersion((*self.parts, (_BEFORE, -1, "")))
        yield MavenVersion((*self.parts, (_AFTER, -1, "")))


def _padded(parts: tuple[Part, ...], length: int) -> tuple[Part, ...]:
    return parts + ((_NOTHING, 0, ""),) * (length - len(parts))


def version(text: str) -> MavenVersion | None:
    """Parse a version; None where it is none."""
    bare = text.strip().lower()
    if not _VERSION.match(bare):
        return None
    parts: list[Part] = []
    found = list(_TOKEN.finditer(bare))
    for index, match in enumerate(found):
        separator, word = match.groups()
        if word.isdecimal():
            # A hyphen, or a word directly before it, makes a number a part of its own.
            build = bool(parts) and (separator == "-" or not separator)
            if build:
                _trim(parts)
            parts.append((_BUILD if build else _NUMBER, int(word), ""))
            continue
        if index + 1 < len(found) and not found[index + 1][1] and word in _SHORT:
            word = _SHORT[word]
        _trim(parts)
        if word in _EARLY:
            parts.append((_BEFORE, _EARLY[word], ""))
        elif word not in _RELEASE:
            parts.append((_AFTER, 0, "") if word == "sp" else (_AFTER, 1, word))
    _trim(parts)
    return MavenVersion(tuple(parts))


def _trim(parts: list[Part]) -> None:
    """Take away zeros at the end: 1.0-alpha is 1-alpha."""
    while parts and parts[-1] == (_NUMBER, 0, ""):
        parts.pop()


def parse(text: str) -> BoundedRange | None:
    """Parse a version, which is what Maven takes, or intervals such as `[1.0,2.0)`."""
    bare = text.strip()
    if bare[:1] in {"[", "("}:
        found = intervals(bare, version)
        return None if found is None else BoundedRange(found)
    known = version(bare)
    return None if known is None else BoundedRange(((Bound("==", known),),))


def wanted(specifier: str) -> BoundedRange | None:
    """Return the range of a sentence's requirement."""
    alternatives: list[tuple[Bound, ...]] = [()]
    for part in filter(None, specifier.replace(" ", "").split(",")):
        match = _WANTED.match(part)
        choices = _choices(match["sign"], match["version"]) if match else None
        if choices is None:
            return None
        alternatives = [(*known, *choice) for known in alternatives for choice in choices]
        if len(alternatives) > 64:
            return None
    return BoundedRange(tuple(alternatives))


def _choices(sign: str, text: str) -> list[tuple[Bound, ...]] | None:
    bare = text.removesuffix(".*")
    low = version(bare)
    if low is None:
        return None
    release = [int(number) for number in re.match(r"[0-9.]+", bare)[0].strip(".").split(".")]  # type: ignore[index]
    if bare != text or sign in {"^", "~", "~="}:
        index = len(release) - 1
        if sign == "^":
            index = next((i for i, number in enumerate(release) if number), index)
        elif sign == "~":
            index = min(1, index)
        elif sign == "~=":
            index -= 1
        if index < 0 or sign not in {"^", "~", "~=", "==", "=", "===", "!="}:
            return None
        high = _before([*release[:index], release[index] + 1])
        if sign == "!=":
            return [(Bound("<", low),), (Bound(">=", high),)]
        return [(Bound(">=", low), Bound("<", high))]
    if sign == "<" and not low.early:
        return [(Bound("<", _before(release)),)]
    return [(Bound("==" if sign in {"=", "==", "==="} else sign, low),)]


def _before(release: list[int]) -> MavenVersion:
    """Return what is below every version of a release, and its pre-releases."""
    parts = [(_NUMBER, number, "") for number in release]
    _trim(parts)
    return MavenVersion((*parts, (_BEFORE, -1, "")))
