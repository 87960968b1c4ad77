"""The edit that turns a banned import into the alternative that its sentence names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bylaw.check.evidence import FileView
from bylaw.check.finding import Fix
from bylaw.check.resolve import Imported
from bylaw.check.resolve.python import module_files
from bylaw.facts.model import Import, Place
from bylaw.modules import is_own
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw import ir

_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_HEAD = re.compile(r"(?<![\w.])from[ \t]+(?P<module>[.\w]+)[ \t]+import\b")
_ALIAS = re.compile(r"[ \t]+as[ \t]+")
_LONGEST_LINE = 1000
"""Longer lines were written by a program, which would write them again."""

_ALONE = re.compile(r"[ \t]*(?:[#;].*)?")


def fix_of(
    constraint: ir.Constraint, view: FileView, imported: Imported, operand: str
) -> Fix | None:
    """Return the edit that imports the alternative, or None where there is no safe one.

    It is offered in Python, where a statement can be pointed elsewhere so that all uses keep their
    names. The operand itself is what is imported:

    - `import a` becomes `import x as a`, `import a as r` becomes `import x as r`;
    - `from a import b` becomes `from x import y as b`, for the operand `a.b` and `x.y`.

    Or names are taken from it that the alternative is seen to define, which takes a module of the
    repository: `from a import b, c` becomes `from x import b, c`.

    It is not offered for names of another project's module, which nobody has looked at (what
    `pydantic` calls `BaseModel` is not in `dataclasses`, whatever the sentence says to use); for
    `import a.b`, which binds `a` and so serves other uses, too; for one of several names from
    `a`, where the statement would have to be split; for wildcard and dynamic imports; for what
    lies deeper below the operand; and in other languages, where a package is known by its default
    export.
    """
    wanted = constraint.alternative.code if constraint.alternative else None
    if wanted is None or view.language != "python" or _DOTTED.fullmatch(wanted) is None:
        return None
    source = imported.source
    line = view.lines[source.place.line - 1] if source.place.line <= len(view.lines) else ""
    if len(line) > _LONGEST_LINE:
        return None
    if source.form == "import" and source.name == operand and "." not in operand:
        return _renamed(view, source, line, wanted)
    if source.form != "from" or (head := _head(source, line)) is None:
        return None
    if operand == imported.name.rpartition(".")[0]:
        if _defines(view, wanted, _names_from(view, source), seen=True):
            first, last = head.span("module")
            return Fix(Place(source.place.line, first + 1, source.place.line, last + 1), wanted)
    elif operand == imported.name:
        return _replaced(view, source, line, head, wanted)
    return None


def _renamed(view: FileView, source: Import, line: str, wanted: str) -> Fix | None:
    if not _defines(view, wanted, _used(view, source.name)):
        return None
    place = source.place
    start = place.column - 1
    if line[start : start + len(source.name)] != source.name or place.end_line != place.line:
        return None
    alias = _ALIAS.search(line[start : place.end_column - 1])
    text = wanted if alias else f"{wanted} as {source.name}"
    return Fix(place._replace(end_column=place.column + len(source.name)), text)


def _head(source: Import, line: str) -> re.Match[str] | None:
    """Return `from a import` of a statement that starts on a line; the name follows, or a line."""
    for found in _HEAD.finditer(line):
        at_start = found.start() == source.place.column - 1
        if at_start or line[found.end() : source.place.column - 1].replace("(", "").strip() == "":
            return found
    return None


def _replaced(
    view: FileView, source: Import, line: str, head: re.Match[str], wanted: str
) -> Fix | None:
    place = source.place
    alone = place.column - 1 > head.end() and _ALONE.fullmatch(line[place.end_column - 1 :])
    module, _, name = wanted.rpartition(".")
    if not alone or "(" in line[head.end() : place.column - 1] or source.bound is None:
        return None
    if wanted not in view.evidence.layout.modules and not _defines(view, module or name, {name}):
        return None
    taken = f"from {module} import {name}" if module else f"import {name}"
    text = taken if source.bound == name else f"{taken} as {source.bound}"
    return Fix(Place(place.line, head.start() + 1, place.line, place.end_column), text)


def _names_from(view: FileView, source: Import) -> set[str]:
    """Return the names that a statement takes from its module."""
    known: dict[tuple[int, str], set[str]] | None = view.__dict__.get("_taken")
    if known is None:
        known = view.__dict__["_taken"] = {}
        for one in view.facts.imports:
            if one.form == "from":
                names = known.setdefault((one.place.line, one.module), set())
                names.add(one.name[len(one.module) :].lstrip("."))
    return known[source.place.line, source.module]


def _used(view: FileView, module: str) -> set[str]:
    """Return the names of a module that a file uses."""
    known: dict[str, set[str]] | None = view.__dict__.get("_used")
    if known is None:
        known = view.__dict__["_used"] = {}
        for use in view.facts.uses:
            first, _, rest = (use.name or "").partition(".")
            if rest:
                known.setdefault(first, set()).add(rest.partition(".")[0])
    return known.get(module, set())


def _is_module(view: FileView, name: str) -> bool:
    """Tell whether a name is a module; of another project's the sentence is believed."""
    layout = view.evidence.layout
    return name in layout.modules or not is_own(name.partition(".")[0], layout)


def _defines(view: FileView, module: str, names: set[str], *, seen: bool = False) -> bool:
    """Tell whether a module defines names; another project's may, unless to be `seen`."""
    if not _is_module(view, module):
        return False
    modules = view.evidence.layout.modules
    path = view.evidence.once(module_files).find(module, view.path)
    if path is None:
        return module not in modules and not seen
    other = type(view)(path, view.evidence)
    try:
        defined = {*other.facts.names, *(i.bound for i in other.facts.imports)}
    except UnevaluableError:
        return False
    return all(name in defined or f"{module}.{name}" in modules for name in names)
