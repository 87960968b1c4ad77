"""Judges of single imports: what is imported, what must be, and in which style."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, cast

from bylaw.area import TreeFacts
from bylaw.check.evidence import FileView
from bylaw.check.finding import Finding, NotEvaluated, Violation
from bylaw.check.judges.asked import Asked, Operand, asked_of, quoted, unread
from bylaw.check.judges.base import FileJudge, Words
from bylaw.check.judges.rewrite import fix_of
from bylaw.check.resolve import Imported, importer_name, imports_of
from bylaw.facts.model import FileFacts, Import, Place
from bylaw.modules import is_own, paths_of

if TYPE_CHECKING:
    from bylaw import ir
    from bylaw.scoped import ScopedConstraint

_RELATIVE = re.compile(r"\.\.?(?:/|$)")


# --- import ------------------------------------------------------------------------------------


def _judge(scoped: ScopedConstraint, view: FileView) -> Iterator[Finding]:
    found = list(_judge_imports(scoped, view))
    yield from found
    yield from unread(scoped.full_id, view, found)


def _judge_imports(scoped: ScopedConstraint, view: FileView) -> Iterator[Finding]:
    asked = asked_of(scoped, view.evidence)
    seen: set[tuple[str, Place]] = set()
    for imported in imports_of(view):
        if imported.source.where & asked.skipped:
            continue
        operand: Operand | None = None
        if asked.modal == "must-only":
            if asked.allows(imported) or asked.excepts(imported):
                continue
        else:
            operand = asked.violated(view, imported)
            if operand is None or asked.excepts(imported):
                if imported.unknown and asked.asks_files:
                    yield _unknown(asked, view, imported)
                continue
        place = imported.source.place
        if (imported.shown, place) in seen:
            continue
        seen.add((imported.shown, place))
        if imported.unknown and asked.modal == "must-only":
            yield _unknown(asked, view, imported)
        else:
            yield _violation(scoped, view, imported, operand)


def _violation(
    scoped: ScopedConstraint, view: FileView, imported: Imported, operand: Operand | None
) -> Violation:
    return Violation(
        scoped.full_id,
        view.path,
        f"imports {quoted(imported.shown)}",
        imported.source.place,
        operand=operand.text if operand else None,
        found=imported.shown,
        edge=(importer_name(view), imported.shown),
        fix=fix_of(scoped.constraint, view, imported, operand.text) if operand else None,
    )


def _unknown(asked: Asked, view: FileView, imported: Imported) -> NotEvaluated:
    return NotEvaluated(
        asked.full_id,
        f"what {quoted(imported.name)} imports cannot be told: {imported.unknown}",
        view.path,
        imported.source.place,
    )


def _words(scoped: ScopedConstraint, layout: TreeFacts) -> Words | None:
    """Return the last names of the operands, which every import of them writes.

    Only a relative import from within the operand need not. `code in` can have other names
    (a path alias, a package's name), and of `MUST only` every import could be a violation.
    """
    constraint = scoped.constraint
    if constraint.shape != "import" or constraint.modal == "must-only":
        return None
    words: set[bytes] = set()
    always: list[str] = []
    forms: list[bytes] = []
    for operand in constraint.operands:
        if operand.sort != "module":
            return None
        last = re.split(r"[./:]", operand.text)[-1]
        if not last or "*" in last:
            return None
        words.add(last.encode())
        forms += _forms(operand.text, layout)
        first = operand.text.partition(".")[0]
        if "*" in first or is_own(first, layout):
            always += paths_of((operand.text,), layout)[0]
    return Words(
        frozenset(words),
        tuple(dict.fromkeys(always)),
        whole=True,
        confirm=_search([*forms, rb"import_module|__import__"]),
        imported=True,
    )


def _forms(module: str, layout: TreeFacts) -> Iterator[bytes]:
    """Yield expressions one of which matches in every Python file that imports a module."""
    *parents, last = (re.escape(name).encode() for name in module.split("."))
    if "*" in module:
        yield last
    elif parents:
        parent = rb"[\s\\]*\.[\s\\]*".join(parents)
        yield parent + rb"[\s\\]*\.[\s\\]*" + last
        yield rb"from[\s\\]+" + parent + rb"[\s\\]+import"
    else:
        # After `import` others may stand before it, on as many lines as backslashes join.
        yield rb"(?:import|from)\b(?:[^\n\\]|\\\r?\n)*?\b" + last
    if is_own(module.partition(".")[0], layout):
        yield rb"from[\s\\]*\."


def _search(forms: Iterable[bytes]) -> re.Pattern[bytes]:
    # In linear time, however many imports a hostile line of a megabyte starts.
    import re2  # noqa: PLC0415 - slow to import

    found: re.Pattern[bytes] = re2.compile(b"|".join(dict.fromkeys(forms)))
    return found


IMPORT = FileJudge(_judge, _words)


# --- import that must be there -----------------------------------------------------------------


def _require(scoped: ScopedConstraint, view: FileView) -> Iterator[Finding]:
    asked = asked_of(scoped, view.evidence)
    counted = [imported for imported in imports_of(view) if asked.counts(imported)]
    missing = [o for o in asked.operands if not any(map(o.names, counted))]
    if scoped.constraint.shape == "import" and scoped.constraint.quantifier == "any":
        if len(missing) < len(asked.operands):
            return
        missing = missing[:1] if len(asked.operands) == 1 else []
        if not missing:
            names = ", ".join(quoted(operand.text) for operand in asked.operands)
            yield from _missing(asked, view, f"imports none of {names}", None)
    for operand in missing:
        what = f"code in {quoted(operand.text)}" if operand.files else quoted(operand.text)
        yield from _missing(asked, view, f"does not import {what}", operand.text)


def _missing(asked: Asked, view: FileView, detail: str, operand: str | None) -> Iterator[Finding]:
    faults = view.facts.faults
    if faults:
        # The import may stand where the file could not be read.
        yield NotEvaluated(asked.full_id, faults[0].reason, view.path, faults[0].place)
    elif asked.asks_files and any(imported.unknown for imported in imports_of(view)):
        first = next(imported for imported in imports_of(view) if imported.unknown)
        yield _unknown(asked, view, first)
    else:
        yield Violation(asked.full_id, view.path, detail, operand=operand)


IMPORT_REQUIRED = FileJudge(_require)


# --- style -------------------------------------------------------------------------------------


def _judge_style(scoped: ScopedConstraint, view: FileView) -> Iterator[Finding]:
    constraint = cast("ir.ImportStyle", scoped.constraint)
    found: list[Finding] = []
    seen: set[tuple[Place, str]] = set()
    for style in constraint.styles:
        for place, detail in _STYLES[style](view.facts, view.language == "python"):
            if (place, detail) not in seen:
                seen.add((place, detail))
                found.append(Violation(scoped.full_id, view.path, detail, place, operand=style))
    yield from found
    yield from unread(scoped.full_id, view, found)


def _relative(facts: FileFacts, python: bool) -> Iterator[tuple[Place, str]]:
    for found in facts.imports:
        if _is_relative(found, python):
            yield found.place, f"imports {quoted(found.name)} by a relative name"


def _is_relative(found: Import, python: bool) -> bool:
    if python:
        # A relative name that is handed to a function is a string, and no relative import.
        return found.name.startswith(".") and found.form != "dynamic"
    return _RELATIVE.match(found.name) is not None


def _wildcard(facts: FileFacts, python: bool) -> Iterator[tuple[Place, str]]:  # noqa: ARG001 - a style's
    for found in facts.imports:
        if found.form == "wildcard":
            yield found.place, f"imports all of {quoted(found.name)}"


def _default_export(facts: FileFacts, python: bool) -> Iterator[tuple[Place, str]]:  # noqa: ARG001 - a style's
    for place in facts.default_exports:
        yield place, "has a default export"


_STYLES: Mapping[str, Callable[[FileFacts, bool], Iterable[tuple[Place, str]]]] = {
    "relative": _relative,
    "wildcard": _wildcard,
    "default-export": _default_export,
}


def _style_words(scoped: ScopedConstraint, layout: TreeFacts) -> Words | None:  # noqa: ARG001 - a judge's
    styles = getattr(scoped.constraint, "styles", ())
    return Words(frozenset({b"default"})) if styles == ("default-export",) else None


STYLE = FileJudge(_judge_style, _style_words)
