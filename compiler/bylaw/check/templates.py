"""Globs with captures: which paths a template matches, and what its captures then stand for.

A capture stands for the same text wherever it occurs, and a path may be read in several ways:
`<a>_<b>` reads `x_y_z` as `x` and `y_z`, and as `x_y` and `z`. Every reading counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from bylaw.globs import expand_braces, matcher
from bylaw.globs.segments import segment_matches
from bylaw.places import template_glob
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.ir import Template

Reading = tuple[tuple[str, str], ...]
"""Captures and what they stand for, sorted by name."""

_CAPTURE = re.compile(r"<(\*\*)?([a-z][a-z0-9_]*)>")
_MOST_STEPS = 20_000
"""Steps of trying after which a path is held to be beyond reading."""


@dataclass(frozen=True, slots=True)
class _Many:
    """Any number of segments, kept under a name where there is one."""

    name: str | None


_Part = _Many | tuple[str, ...]
"""A segment: plain pieces, wildcards, and captures as `<name>`."""


def readings(template: Template, path: str) -> tuple[Reading, ...]:
    """Return every way to read a path by a template, each once; the widest first captures first.

    Raises UnevaluableError where there are too many ways to try.
    """
    if not template.captures:
        return ((),) if matcher((template.text,))(path) else ()
    found: dict[Reading, None] = {}
    for form in _forms(template.text):
        if form.test(path):
            for known in form.read(path):
                found[tuple(sorted(known.items()))] = None
    return tuple(found)


def filled(template: Template, reading: Mapping[str, str]) -> str:
    """Return a template's text with its captures replaced."""
    text = _CAPTURE.sub(lambda match: reading.get(match[2], match[0]), template.text)
    return re.sub(r"/{2,}", "/", text).lstrip("/")


@dataclass(frozen=True, slots=True)
class Counterparts:
    """The readings of all paths that are counterparts, by the captures of the template."""

    captures: tuple[str, ...]
    known: frozenset[tuple[str, ...]]

    def holds(self, reading: Mapping[str, str]) -> bool:
        """Tell whether a path is among them in which the captures stand for the same."""
        return tuple(reading[name] for name in self.captures) in self.known


def counterparts(template: Template, paths: Iterable[str]) -> Counterparts:
    """Read every path that a template matches."""
    captures = tuple(sorted(template.captures))
    known = frozenset(
        tuple(value for _, value in reading)
        for path in paths
        for reading in readings(template, path)
    )
    return Counterparts(captures, known)


# --- reading -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Form:
    """One alternative of a template: which paths may be of it, and how they are read."""

    test: Callable[[str], bool]
    parts: tuple[_Part, ...]

    def read(self, path: str) -> Iterator[dict[str, str]]:
        """Yield every reading of a path that passes the test."""
        if self._plain is None:
            yield from _read(self.parts, path.split("/"))
            return
        pattern, names = self._plain
        match = pattern.fullmatch(path)
        known: dict[str, str] = {}
        for name, value in zip(names, match.groups(default="") if match else (), strict=False):
            if known.setdefault(name, value) != value:
                return
        if match is not None:
            yield known

    @cached_property
    def _plain(self) -> tuple[re.Pattern[str], list[str]] | None:
        """The form as an expression, where each path has one reading: most forms are such."""
        many = [part for part in self.parts if isinstance(part, _Many)]
        if len(many) > 1 or any(map(_is_open, self.parts)):
            return None
        names: list[str] = []
        text = ""
        for index, part in enumerate(self.parts):
            last = index == len(self.parts) - 1
            if not isinstance(part, _Many):
                text += "".join(_expression(piece, names) for piece in part) + "/" * (not last)
                continue
            if part.name is not None:
                names.append(part.name)
            group = "(" if part.name is not None else "(?:"
            run = rf"{group}[^/]+(?:/[^/]+)*)"
            if not last:
                text += rf"(?:{run}/)?"
            else:
                text = rf"{text.removesuffix('/')}(?:/{run})?" if text else f"{run}?"
        return re.compile(text, re.S), names


def _is_open(part: _Part) -> bool:
    """Tell whether a segment can be divided between its pieces in more than one way."""
    if isinstance(part, _Many):
        return False
    return sum(piece == "*" or _is_capture(piece) for piece in part) > 1


def _is_capture(piece: str) -> bool:
    return len(piece) > 2 and piece.startswith("<")


def _expression(piece: str, names: list[str]) -> str:
    if _is_capture(piece):
        names.append(piece[1:-1])
        return "([^/]+)"
    if piece == "*":
        return "[^/]*"
    # What glob's test has admitted fits a set of characters.
    return "[^/]" if piece == "?" or piece.startswith("[") else re.escape(piece)


@lru_cache(maxsize=1024)
def _forms(text: str) -> tuple[_Form, ...]:
    """Return the forms of a template; a plain path is one form, and what lies below it another."""
    found: list[_Form] = []
    for alternative in expand_braces(text):
        glob = template_glob(alternative)
        parts = _parts(alternative)
        found.append(_Form(matcher((glob,)), parts))
        is_plain = not any(char in _CAPTURE.sub("", alternative) for char in "*?[")
        if is_plain and not alternative.endswith("/") and not isinstance(parts[-1], _Many):
            found.append(_Form(matcher((f"{glob}/**",)), (*parts, ("*",), _Many(None))))
    return tuple(found)


def _parts(text: str) -> tuple[_Part, ...]:
    below = text.endswith("/")
    found: list[_Part] = []
    for segment in text.removesuffix("/").split("/"):
        match = _CAPTURE.fullmatch(segment)
        if segment == "**":
            found.append(_Many(None))
        elif match is not None and match[1]:
            found.append(_Many(match[2]))
        else:
            found.append(_pieces(segment))
    if below or found[-1] == _Many(None):
        # Everything below, as in a glob.
        found += [("*",), _Many(None)]
    return tuple(found)


def _pieces(segment: str) -> tuple[str, ...]:
    """Split a segment into captures, wildcards and the text between them."""
    return tuple(re.findall(r"<[a-z][a-z0-9_]*>|\*|\?|\[[!]?[^\]]+\]|[^<*?\[]+|.", segment))


State = tuple[int, int, int, int, Reading]
"""Part, piece within it, segment, character within it, and what is known so far."""


def _read(parts: Sequence[_Part], segments: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield every reading, by trying all ways depth first; no call nests in another."""
    pending: list[State] = [(0, 0, 0, 0, ())]
    steps = 0
    while pending:
        steps += 1
        if steps > _MOST_STEPS:
            raise UnevaluableError("there are too many ways to read its path")
        part, piece, segment, char, known = pending.pop()
        if part == len(parts):
            if segment == len(segments):
                yield dict(known)
            continue
        pattern = parts[part]
        if isinstance(pattern, _Many):
            pending += _take_segments(pattern, part, segment, segments, known)
        elif segment < len(segments):
            if piece == len(pattern):
                if char == len(segments[segment]):
                    pending.append((part + 1, 0, segment + 1, 0, known))
                continue
            for end, now in _take(pattern[piece], segments[segment], char, known):
                pending.append((part, piece + 1, segment, end, now))


def _take_segments(
    pattern: _Many, part: int, segment: int, segments: Sequence[str], known: Reading
) -> Iterator[State]:
    bound = dict(known).get(pattern.name or "")
    for end in range(segment, len(segments) + 1):
        taken = "/".join(segments[segment:end])
        if pattern.name is None:
            yield part + 1, 0, end, 0, known
        elif bound is None:
            yield part + 1, 0, end, 0, (*known, (pattern.name, taken))
        elif bound == taken:
            yield part + 1, 0, end, 0, known


def _take(piece: str, text: str, char: int, known: Reading) -> Iterator[tuple[int, Reading]]:
    """Yield where a piece can end that starts at a character; the last yielded is tried first."""
    if _is_capture(piece):
        name = piece[1:-1]
        bound = dict(known).get(name)
        if bound is not None:
            if text.startswith(bound, char):
                yield char + len(bound), known
            return
        for end in range(char + 1, len(text) + 1):
            yield end, (*known, (name, text[char:end]))
    elif piece == "*":
        for end in range(char, len(text) + 1):
            yield end, known
    elif piece == "?" or piece.startswith("["):
        if char < len(text) and segment_matches(piece, text[char]):
            yield char + 1, known
    elif text.startswith(piece, char):
        yield char + len(piece), known
