"""In which files a class may inherit from something: what must be read to know it, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from bylaw.check.evidence import Evidence, FileView
from bylaw.check.heritage import real_name
from bylaw.check.words import word_of
from bylaw.facts import speaks
from bylaw.languages import language_of
from bylaw.parallel import fork_map
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.ir import Pattern

_SCRIPTS = frozenset({"typescript", "javascript"})


_SEPARATORS = re.compile(r"[./#]")

_LEAST = 60
"""Files below which starting processes costs more than it saves."""


def may_inherit(
    patterns: Iterable[Pattern], evidence: Evidence, languages: frozenset[str]
) -> frozenset[str] | None:
    """Return the files in some languages in which a class may reach a base that a pattern means.

    A file that says neither the pattern's name, nor that of a class which may have it as a base,
    nor an alias of one, has no such class. None where nothing can be told from names.
    """
    patterns = tuple(patterns)
    words = {word_of(pattern) for pattern in patterns}
    if None in words:
        return None
    for pattern in patterns if "python" in languages else ():
        real = real_name(pattern, evidence)
        if real is not None:
            words.add(real.encode())
    if any(language in _SCRIPTS for language in languages):
        languages |= _SCRIPTS
    files = [path for path in evidence.tree.files if _is_in(path, languages)]
    found: dict[str, _Passing] = {}
    known: set[bytes] = set()
    fresh = {word for word in words if word is not None}
    # Of a pattern with a wildcard only a part of the name is known.
    loose = frozenset(w for p in patterns if "*" in p.name and (w := word_of(p)) is not None)
    while fresh:
        known |= fresh
        paths = [path for path in _saying(fresh, files, evidence) if path not in found]
        for part in fork_map(partial(_passing_all, evidence), paths, _LEAST):
            found.update(part)
        passed_on = {word for one in found.values() for word in _passed_on(one, known, loose)}
        fresh = passed_on - known
    return frozenset(found)


def _is_in(path: str, languages: frozenset[str]) -> bool:
    language = language_of(path)
    return language in languages and speaks(language)


def _saying(words: set[bytes], files: Sequence[str], evidence: Evidence) -> list[str]:
    """Return the files that hold one of some words."""
    search = re.compile(b"|".join(re.escape(word) for word in sorted(words))).search
    found: list[str] = []
    for path in files:
        try:
            data = evidence.tree.read(path)
        except UnevaluableError:
            # Whoever judges it will say that it cannot be read.
            found.append(path)
            continue
        if search(data) or _is_veiled(data, path):
            found.append(path)
    return found


def _is_veiled(data: bytes, path: str) -> bool:
    """Tell whether a file may spell a name otherwise than with these very bytes."""
    return not data.isascii() or (b"\\u" in data and language_of(path) != "python")


class _Passing(NamedTuple):
    """What one file can pass on: a name, and what it takes for it to be known."""

    names: tuple[tuple[bytes, frozenset[bytes]], ...] = ()
    always: bytes | None = None


def _passing_all(evidence: Evidence, paths: Sequence[str]) -> dict[str, _Passing]:
    found = {path: _passing(path, evidence) for path in paths}
    evidence.flush()
    return found


def _passing(path: str, evidence: Evidence) -> _Passing:
    """Return the names by which other files may reach what a file defines or imports."""
    try:
        facts = FileView(path, evidence).facts
    except UnevaluableError:
        return _Passing()
    names: list[tuple[bytes, frozenset[bytes]]] = []
    for definition in facts.definitions:
        if definition.kind == "class" and definition.bases:
            parts = {part.encode() for base in definition.bases for part in base.chain}
            names.append((definition.name.encode(), frozenset(parts)))
    for imported in facts.imports:
        if imported.bound:
            taken = f"{imported.name}.{imported.member or ''}"
            parts = {part.encode() for part in _SEPARATORS.split(taken)}
            names.append((imported.bound.encode(), frozenset(parts)))
    if not facts.default_exports:
        return _Passing(tuple(names))
    # A default export has no name of its own: its file's is what an import says.
    stem = path.rpartition("/")[2].partition(".")[0]
    folder = path.rpartition("/")[0].rpartition("/")[2]
    return _Passing(tuple(names), (folder if stem == "index" and folder else stem).encode())


def _passed_on(one: _Passing, known: set[bytes], loose: frozenset[bytes]) -> Iterator[bytes]:
    """Yield the names that a file gives to what is known by others."""
    if one.always is not None:
        yield one.always
    for name, parts in one.names:
        if name in known:
            continue
        if not parts.isdisjoint(known) or any(word in part for word in loose for part in parts):
            yield name
