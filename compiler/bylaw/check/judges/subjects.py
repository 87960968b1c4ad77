"""What a subject selects in one file: classes, functions, methods, tests, or the module."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from bylaw.check.arguments import passes_all
from bylaw.check.evidence import FileView
from bylaw.check.finding import NotEvaluated
from bylaw.check.heritage import inherits
from bylaw.check.judges.base import Words
from bylaw.check.naming import is_named
from bylaw.check.patterns import matched, names_of
from bylaw.check.words import are_whole, words_of
from bylaw.facts.model import Decorator, Definition, Fault, Place
from bylaw.globs import matcher
from bylaw.places import TESTS

if TYPE_CHECKING:
    from bylaw.ir import AnySubject, EntitiesSubject, Name, Pattern
    from bylaw.scoped import ScopedConstraint


class Entity(NamedTuple):
    """One thing that is judged: `number` is that of its definition, -1 for the module.

    `name` is its own name, `title` what a reader is told (`class `Shop.Order``). A module has no
    place.
    """

    number: int
    name: str
    title: str
    place: Place | None = None
    definition: Definition | None = None


def entities_of(scoped: ScopedConstraint, view: FileView) -> list[Entity]:
    """Return what the subject selects in a file, in the order of the text."""
    subject = cast("EntitiesSubject", scoped.constraint.subject)
    if subject.entity == "module":
        return list(_module(subject, view))
    tests = subject.entity == "test"
    if tests and not matcher(view.evidence.tests or scoped.tests or TESTS)(view.path):
        return []
    return [
        Entity(index, found.name, titled(index, view), found.place, found)
        for index, found in enumerate(view.facts.definitions)
        if (_is_test(found, view) if tests else found.kind == subject.entity)
        and _is_selected(subject, index, view)
    ]


def _is_test(found: Definition, view: FileView) -> bool:
    # In Go a test's name starts with a capital, or nothing runs it.
    starts = ("test", "Test") if view.language == "go" else ("test",)
    return found.kind != "class" and found.name.startswith(starts)


def _is_selected(subject: EntitiesSubject, index: int, view: FileView) -> bool:
    found = view.facts.definitions[index]
    if subject.matching and not any(is_named(name, found.name) for name in subject.matching):
        return False
    if subject.decorated and not any(
        is_decorated(pattern, found.decorators, view) for pattern in subject.decorated
    ):
        return False
    if not subject.inheriting:
        return True
    owner = index if found.kind == "class" else _class_around(index, view.facts.definitions)
    return owner >= 0 and any(
        inherits(view, owner, pattern) is not None for pattern in subject.inheriting
    )


def _class_around(index: int, definitions: Sequence[Definition]) -> int:
    """Return the innermost class that a definition stands in, -1 for none."""
    index = definitions[index].parent
    while index >= 0 and definitions[index].kind != "class":
        index = definitions[index].parent
    return index


def _module(subject: EntitiesSubject, view: FileView) -> Iterator[Entity]:
    base = view.path.rpartition("/")[2]
    stem = base.partition(".")[0]
    if subject.inheriting or subject.decorated:
        return
    if subject.matching and not any(is_module_named(n, base) for n in subject.matching):
        return
    yield Entity(-1, stem, "the module")


def is_module_named(name: Name, base: str) -> bool:
    """Tell whether a module's file, with or without its ending, is named so."""
    return is_named(name, base.partition(".")[0]) or is_named(name, base)


def titled(index: int, view: FileView) -> str:
    """Return a definition as a reader is told it: class `Shop.Order`."""
    definitions = view.facts.definitions
    parts = [definitions[index].name]
    parent = definitions[index].parent
    while parent >= 0:
        parts.append(definitions[parent].name)
        parent = definitions[parent].parent
    return f"{definitions[index].kind} `{'.'.join(reversed(parts))}`"


def is_decorated(pattern: Pattern, decorators: Sequence[Decorator], view: FileView) -> bool:
    """Tell whether one of the decorators is the one that is meant, with its arguments."""
    names = names_of(view)
    return any(
        matched(pattern, decorator, names, whole=True) is not None
        and passes_all(pattern.arguments, decorator.arguments, decorator.positional)
        for decorator in decorators
    )


def is_in(index: int, entity: Entity, definitions: Sequence[Definition]) -> bool:
    """Tell whether what stands in a definition stands in an entity, at any depth."""
    if entity.number < 0:
        return True
    while index > entity.number:
        index = definitions[index].parent
    return index == entity.number


# --- what cannot be read -----------------------------------------------------------------------


def unread(scoped: ScopedConstraint, view: FileView) -> Iterator[NotEvaluated]:
    """Say where the file is not of its language: whether more is there nobody can tell."""
    for fault in view.facts.faults[:1]:
        yield NotEvaluated(scoped.full_id, fault.reason, view.path, fault.place)


def fault_in(entity: Entity, view: FileView) -> Fault | None:
    """Return the first fault that lies in an entity: what the entity lacks is not known then."""
    faults = view.facts.faults
    if entity.definition is None:
        return faults[0] if faults else None
    body = entity.definition.body
    return next((f for f in faults if f.place[:2] <= body[2:] and body[:2] <= f.place[2:]), None)


# --- prefilter ---------------------------------------------------------------------------------


def selection_words(subject: AnySubject) -> Words | None:
    """Return what stands in every file that the subject selects an entity of, or None."""
    if subject.noun != "entities" or subject.entity == "module":
        return None
    if subject.decorated:
        words = words_of(subject.decorated)
        if words is not None:
            return Words(words, whole=are_whole(subject.decorated))
    plain = [
        _plain_part(name.text) if name.form == "glob" and name.text.isascii() else ""
        for name in subject.matching
    ]
    if plain and all(plain):
        return Words(frozenset(part.encode() for part in plain))
    return None


def _plain_part(glob: str) -> str:
    """Return the longest part of a glob that is taken as it is written; none of odd globs."""
    if "{" in glob or "[" in glob:
        return ""
    return max(re.split(r"[*?]+", glob), key=len)
