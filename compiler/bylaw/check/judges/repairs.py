"""What the alternative of a sentence makes of a call or use, where that is mechanical.

It is not where the alternative is a module rather than a name in one, where the pattern is a
family of names, where the file gives the alternative's first name another meaning, where the
chain is laid out over lines, and in an import statement: what else uses the import is not known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bylaw.check.evidence import FileView
from bylaw.check.finding import Fix
from bylaw.check.patterns import Names, Segments, names_of, spelt
from bylaw.facts.model import Place, Use
from bylaw.modules import is_own
from bylaw.standard_library import PYTHON

if TYPE_CHECKING:
    from bylaw.ir import Pattern, Refer

_METHOD = re.compile(r"\.[^\W\d]\w*(?:\(\))?\Z")
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*(?:\(\))?\Z")


def repair(
    constraint: Refer, pattern: Pattern, use: Use | None, found: Segments, view: FileView
) -> Fix | None:
    """Return the edit that puts the alternative in place of what was found, if there is one."""
    alternative = constraint.alternative.code if constraint.alternative else None
    if alternative is None or use is None or "*" in pattern.name or use.role == "catch":
        return None
    length = _written_length(pattern, use, found, names_of(view))
    if length is None or not _is_plain(use, view):
        return None
    if pattern.any_receiver:
        if not _METHOD.match(alternative) or "." in pattern.name:
            return None
        name = alternative[1:].removesuffix("()")
        end = len(spelt(use.chain[:length]))
        return Fix(_part(use.place, end - len(use.chain[length - 1]), end), name)
    if not _DOTTED.match(alternative):
        return None
    name = alternative.removesuffix("()")
    needed = _import_of(name, view)
    if needed is None:
        return None
    place = _part(use.place, 0, len(spelt(use.chain[:length])))
    return Fix(place, name, (needed,) if needed else ())


def _written_length(pattern: Pattern, use: Use, found: Segments, names: Names) -> int | None:
    """Return how many parts of the chain, as it is written, are what the pattern means."""
    if pattern.any_receiver:
        return len(found)
    length = len(found)
    for whole, _ in names.resolve(use.name) if use.name is not None else ():
        if whole[:length] == found:
            # What follows the name is written as it is.
            written = len(use.chain) - (len(whole) - length)
            return written if written > 0 else None
    return length if use.chain[:length] == found else None


def _is_plain(use: Use, view: FileView) -> bool:
    """Tell whether the text at a use is its chain and nothing else, on one line."""
    place = use.place
    if place.line != place.end_line:
        return False
    line = view.lines[place.line - 1] if place.line <= len(view.lines) else ""
    return line[place.column - 1 : place.end_column - 1] == spelt(use.chain)


def _part(place: Place, start: int, end: int) -> Place:
    return Place(place.line, place.column + start, place.line, place.column + end)


def _import_of(name: str, view: FileView) -> str | None:
    """Return the import that an alternative needs, empty for none, None where nobody can tell."""
    first, _, rest = name.partition(".")
    names = names_of(view)
    if _is_taken(first, view):
        return None
    if not rest:
        # A name alone must be there already: the language's own.
        return "" if names.is_builtin(first) and first not in names.bound else None
    module = _module_in(name, view) if names.language == "python" else None
    return f"import {module}" if module is not None else None


def _is_taken(first: str, view: FileView) -> bool:
    """Tell whether a file gives a name a meaning of its own, or may."""
    facts = view.facts
    if any(use.chain[0] == first and (use.shadowed or use.name is None) for use in facts.uses):
        return True
    imports = [imported for imported in facts.imports if imported.bound == first]
    if imports:
        return any(imported.name.partition(".")[0] != first for imported in imports)
    if names_of(view).is_builtin(first):
        return False
    # A parameter that is never read is no use; but it is a word.
    return re.search(rf"\b{re.escape(first)}\b", view.text) is not None


def _module_in(name: str, view: FileView) -> str | None:
    """Return the module that holds an alternative; None where it is one itself, or not known."""
    layout = view.evidence.layout
    first = name.partition(".")[0]
    if is_own(first, layout):
        if name in layout.modules:
            return None
        module = name.rpartition(".")[0]
        while module and module not in layout.modules:
            module = module.rpartition(".")[0]
        return module or None
    # Of others only what stands directly in a top-level module is sure to be no module.
    return first if name.count(".") == 1 and first in PYTHON else None
