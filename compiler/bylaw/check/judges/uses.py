"""The judges of `call`, `use` and `catch`: what code does with a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

from bylaw.area import TreeFacts
from bylaw.check.evidence import FileView
from bylaw.check.finding import Finding, NotEvaluated, Violation
from bylaw.check.judges.base import FileJudge, Words
from bylaw.check.judges.repairs import repair
from bylaw.check.judges.subjects import (
    Entity,
    entities_of,
    fault_in,
    is_in,
    selection_words,
    unread,
)
from bylaw.check.patterns import (
    Names,
    Segments,
    first_match,
    import_matched,
    matched,
    names_of,
    spelt,
)
from bylaw.check.words import are_whole, bound_names, words_of
from bylaw.facts.model import Import, Place, Use
from bylaw.languages import language_title
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.ir import Constraint, Pattern, Refer
    from bylaw.scoped import ScopedConstraint

_SCRIPTS = frozenset({"typescript", "javascript"})


class Occurrence(NamedTuple):
    """One place where a pattern occurs: `found` is the name as the code has it."""

    pattern: Pattern
    found: Segments
    place: Place
    entity: int
    use: Use | None = None
    imported: Import | None = None

    @property
    def text(self) -> str:
        """The name as a reader is told it."""
        return spelt(self.found)


class _Index:
    """The uses of one file by each word in them, so that a pattern looks at few."""

    def __init__(self, uses: Sequence[Use]) -> None:
        self._uses = uses
        self._by_word: dict[str, list[int]] = {}
        for number, use in enumerate(uses):
            words = set(use.chain)
            if use.name is not None:
                words.update(_split(use.name))
            for word in words:
                self._by_word.setdefault(word, []).append(number)

    def of(self, pattern: Pattern) -> Iterable[Use]:
        """Return the uses that a pattern may mean, in the order of the text."""
        last = pattern.name.rpartition(".")[2]
        if "*" in last:
            return self._uses
        return [self._uses[number] for number in self._by_word.get(last, ())]


@lru_cache(maxsize=65536)
def _split(name: str) -> tuple[str, ...]:
    return tuple(name.replace("#", ".").replace("/", ".").replace(":", ".").split("."))


@lru_cache(maxsize=4)
def _index_of(view: FileView) -> _Index:
    return _Index(view.facts.uses)


def spared_of(constraint: Constraint) -> tuple[Pattern, ...]:
    """Return the patterns of ``except `x` ``."""
    return tuple(
        operand
        for exception in constraint.exceptions
        if exception.excepts == "operands"
        for operand in exception.operands
        if operand.sort == "pattern"
    )


def calls_of(patterns: Iterable[Pattern], view: FileView) -> Iterator[Occurrence]:
    """Yield the calls of any of the patterns."""
    names = names_of(view)
    index = _index_of(view)
    for pattern in patterns:
        for use in index.of(pattern):
            if use.call < 0:
                continue
            found = matched(pattern, use, names, whole=True)
            if found is not None:
                yield Occurrence(pattern, found, use.place, use.entity, use)


def _uses_of(patterns: Iterable[Pattern], view: FileView) -> Iterator[Occurrence]:
    names = names_of(view)
    index = _index_of(view)
    for pattern in patterns:
        for use in index.of(pattern):
            # A name that is given a value is bound there, not referred to.
            if use.role == "write" and len(use.chain) == 1:
                continue
            found = matched(pattern, use, names, whole=False)
            if found is not None:
                yield Occurrence(pattern, found, use.place, use.entity, use)
        yield from _imports_of(pattern, view, names)


def _imports_of(pattern: Pattern, view: FileView, names: Names) -> Iterator[Occurrence]:
    seen: set[tuple[Segments, Place]] = set()
    for imported in view.facts.imports:
        found = import_matched(pattern, imported, names)
        if found is not None and (found, imported.place) not in seen:
            seen.add((found, imported.place))
            entity = _entity_around(imported, view)
            yield Occurrence(pattern, found, imported.place, entity, imported=imported)


def _entity_around(imported: Import, view: FileView) -> int:
    """Return the innermost definition that an import stands in, -1 for none."""
    around = -1
    start = imported.place[:2]
    for index, definition in enumerate(view.facts.definitions):
        body = definition.body
        if body[:2] <= start and imported.place[2:] <= body[2:]:
            around = index
    return around


def _catches_of(patterns: Iterable[Pattern], view: FileView) -> Iterator[Occurrence]:
    names = names_of(view)
    caught = [use for use in view.facts.uses if use.role == "catch"]
    for pattern in patterns:
        for use in caught:
            found = matched(pattern, use, names, whole=True)
            if found is None and _is_simple_java(pattern, use, names):
                found = use.chain
            if found is not None:
                yield Occurrence(pattern, found, use.place, use.entity, use)
        if pattern.name in ("BaseException", "builtins.BaseException"):
            yield from _bare_handlers(pattern, view)


def _is_simple_java(pattern: Pattern, use: Use, names: Names) -> bool:
    """Tell whether a handler of Java names an exception that no import of the file explains.

    It may come from the file's own package or through `.*`; its name is all there is to go by.
    """
    free = names.language == "java" and len(use.chain) == 1 and use.name == use.chain[0]
    last = pattern.name.rpartition(".")[2]
    return free and not pattern.any_receiver and last == use.chain[0]


def _bare_handlers(pattern: Pattern, view: FileView) -> Iterator[Occurrence]:
    named = {use.place for use in view.facts.uses if use.role == "catch"}
    for handler in view.facts.catches:
        if handler.names == ("BaseException",) and not any(
            handler.place[:2] <= place[:2] and place[2:] <= handler.place[2:] for place in named
        ):
            yield Occurrence(pattern, ("BaseException",), handler.place, handler.entity)


_FIND = {"call": calls_of, "use": _uses_of, "catch": _catches_of}
_VERB = {"call": ("calls", "call"), "use": ("uses", "use"), "catch": ("catches", "catch")}


def _occurrences(constraint: Refer, view: FileView) -> list[Occurrence]:
    """Return where the patterns of a constraint occur, but for what it excepts, by place."""
    found = _FIND[constraint.shape](constraint.patterns, view)
    spared = spared_of(constraint)
    if spared:
        names = names_of(view)
        found = (o for o in found if not _is_spared(o, spared, constraint.shape, names))
    return sorted(found, key=lambda occurrence: occurrence.place)


def _is_spared(
    occurrence: Occurrence, spared: tuple[Pattern, ...], shape: str, names: Names
) -> bool:
    if occurrence.imported is not None:
        imported = occurrence.imported
        return any(import_matched(pattern, imported, names) is not None for pattern in spared)
    if occurrence.use is None:
        return any(pattern.name == occurrence.text for pattern in spared)
    return first_match(spared, occurrence.use, names, whole=shape != "use") is not None


def _judge(scoped: ScopedConstraint, view: FileView) -> Iterator[Finding]:
    constraint = cast("Refer", scoped.constraint)
    if constraint.shape == "catch":
        _check_handlers(view)
    found = _occurrences(constraint, view)
    if constraint.subject.noun == "entities":
        yield from _judge_entities(scoped, constraint, found, view)
        return
    for occurrence in found:
        yield _violation(scoped, constraint, occurrence, view)
    if not found:
        yield from unread(scoped, view)


def _check_handlers(view: FileView) -> None:
    """Raise UnevaluableError where a handler does not name what it catches."""
    if view.language in _SCRIPTS and view.facts.catches:
        raise UnevaluableError(
            f"a handler of {language_title(view.language)} does not name what it catches",
            view.facts.catches[0].place,
            help="name the language: `Python code in … MUST NOT catch …`",
        )


def _violation(
    scoped: ScopedConstraint,
    constraint: Refer,
    occurrence: Occurrence,
    view: FileView,
    entity: Entity | None = None,
) -> Violation:
    does = "imports" if occurrence.imported else _VERB[constraint.shape][0]
    who = f"{entity.title} " if entity is not None and entity.definition is not None else ""
    return Violation(
        scoped.full_id,
        view.path,
        f"{who}{does} `{occurrence.text}`",
        occurrence.place,
        operand=occurrence.pattern.text,
        found=occurrence.text,
        fix=repair(constraint, occurrence.pattern, occurrence.use, occurrence.found, view),
    )


def _judge_entities(
    scoped: ScopedConstraint, constraint: Refer, found: list[Occurrence], view: FileView
) -> Iterator[Finding]:
    entities = entities_of(scoped, view)
    definitions = view.facts.definitions
    any_found = False
    if constraint.modal == "must-not":
        # What stands in one entity inside another is one violation, of the innermost.
        for occurrence in found:
            around = [e for e in entities if is_in(occurrence.entity, e, definitions)]
            if around:
                any_found = True
                yield _violation(scoped, constraint, occurrence, view, around[-1])
    else:
        for entity in entities:
            inside = [o.pattern for o in found if is_in(o.entity, entity, definitions)]
            for finding in _lacking(scoped, constraint, inside, entity, view):
                any_found = True
                yield finding
    if not any_found:
        yield from unread(scoped, view)


def _lacking(
    scoped: ScopedConstraint,
    constraint: Refer,
    inside: list[Pattern],
    entity: Entity,
    view: FileView,
) -> Iterator[Finding]:
    wanted = [(p,) for p in constraint.patterns]
    groups = wanted if constraint.quantifier == "all" else [constraint.patterns]
    for group in groups:
        if any(pattern in inside for pattern in group):
            continue
        fault = fault_in(entity, view)
        if fault is not None:
            yield NotEvaluated(scoped.full_id, fault.reason, view.path, fault.place)
            continue
        listed = " or ".join(f"`{pattern.text}`" for pattern in group)
        detail = f"{entity.title} does not {_VERB[constraint.shape][1]} {listed}"
        operand = group[0].text if len(group) == 1 else None
        yield Violation(scoped.full_id, view.path, detail, entity.place, operand=operand)


def _words(scoped: ScopedConstraint, layout: TreeFacts) -> Words | None:
    constraint = cast("Refer", scoped.constraint)
    if constraint.subject.noun == "entities" and constraint.modal == "must":
        return selection_words(constraint.subject)
    found = words_of(constraint.patterns)
    if found is None:
        return None
    if constraint.shape == "catch":
        # A handler of JavaScript names nothing, nor does a bare one of Python.
        found |= {b"catch", b"except"} if b"BaseException" in found else {b"catch"}
    beside = bound_names(constraint.patterns, layout)
    return Words(found, whole=are_whole(constraint.patterns), beside=beside)


CALL = USE = CATCH = FileJudge(_judge, _words)
