"""`go.mod`: what is required directly, and replaced."""

import re
from typing import NamedTuple

from bylaw.facts.model import Place
from bylaw.keys.model import BrokenFileError
from bylaw.keys.text import Text
from bylaw.manifests.model import Declared, Manifest, oneline

_OPEN = re.compile(r"(?P<verb>[a-z]+)\s*\(\s*\Z")
_INDIRECT = re.compile(r"//\s*indirect\b")


class _Replacement(NamedTuple):
    version: str | None
    name: str
    to: str | None
    place: Place


def read(content: Text, path: str) -> Manifest:  # noqa: ARG001 - every reader's arguments
    """Return what a `go.mod` requires, without what it marks as indirect."""
    required: list[Declared] = []
    replaced: dict[str, list[_Replacement]] = {}
    verb: str | None = None
    position = 0
    for raw in content.content.split("\n"):
        code = raw.partition("//")[0].strip()
        start = position + len(raw) - len(raw.lstrip())
        place = content.place(start, start + len(code))
        position += len(raw) + 1
        opened = _OPEN.match(code)
        if opened is not None and verb is None:
            verb = opened["verb"]
        elif code == ")":
            verb = None
        elif code:
            words = code.split() if verb is None else [verb, *code.split()]
            if words[0] == "require" and not _INDIRECT.search(raw):
                required.append(_require(words, place))
            elif words[0] == "replace":
                found = _replace(words, place)
                replaced.setdefault(words[1].strip('"'), []).append(found)
    if verb is not None:
        raise BrokenFileError("a block is not closed", content.place(position - 1, position - 1))
    declared: list[Declared] = []
    for one in required:
        declared += _replaced(one, replaced.get(one.name, []))
    return Manifest(tuple(declared))


def _require(words: list[str], place: Place) -> Declared:
    if len(words) < 3:
        raise BrokenFileError("a requirement has no version", place)
    name, version = words[1].strip('"'), words[2]
    return Declared(name, "go", version, oneline(f"{name} {version}"), place, pin="fixed")


def _replace(words: list[str], place: Place) -> _Replacement:
    if "=>" not in words[2:4] or words[-1] == "=>":
        raise BrokenFileError("a replacement has no `=>`", place)
    arrow = words.index("=>")
    target = words[arrow + 1 :]
    version = words[2] if arrow == 3 else None
    return _Replacement(version, target[0].strip('"'), target[1] if target[1:] else None, place)


def _replaced(one: Declared, replacements: list[_Replacement]) -> list[Declared]:
    """Return a requirement as its replacement has it, and the module that stands in for it."""
    for replacement in replacements:
        if replacement.version not in {None, one.range}:
            continue
        if replacement.to is None:
            return [one._replace(range=None)]
        if replacement.name == one.name:
            return [one._replace(range=replacement.to, written=f"{one.name} {replacement.to}")]
        stand_in = one._replace(
            name=replacement.name,
            range=replacement.to,
            written=oneline(f"{replacement.name} {replacement.to}"),
            place=replacement.place,
        )
        return [one._replace(range=None), stand_in]
    return [one]
