"""The judges of what entities have: decorators, bases, members, docstrings, annotations, names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, cast

from bylaw.area import TreeFacts
from bylaw.check.areas import judged_files
from bylaw.check.evidence import Evidence, FileView
from bylaw.check.finding import Finding, NotEvaluated, Violation
from bylaw.check.heirs import may_inherit
from bylaw.check.heritage import inherits
from bylaw.check.judges.base import FileJudge, TreeJudge, Words
from bylaw.check.judges.subjects import (
    Entity,
    entities_of,
    fault_in,
    is_decorated,
    is_module_named,
    selection_words,
    titled,
    unread,
)
from bylaw.check.judges.uses import spared_of
from bylaw.check.naming import is_named
from bylaw.check.patterns import spelt
from bylaw.check.words import are_whole, words_of
from bylaw.facts.model import Place, Where
from bylaw.languages import language_of
from bylaw.parallel import fork_map
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.ir import (
        Constraint,
        Decorated,
        Define,
        Inherit,
        Name,
        Named,
        Pattern,
    )
    from bylaw.scoped import ScopedConstraint

_LEAST = 60
"""Files below which starting processes costs more than it saves."""


# --- one operand after another -----------------------------------------------------------------

Test = Callable[[Entity, FileView], str | None]
"""Whether an entity is as one operand says: what was found of it, or None."""


def _judge_operands(
    scoped: ScopedConstraint,
    view: FileView,
    tests: Sequence[tuple[str, Test]],
    verbs: tuple[str, str],
) -> Iterator[Finding]:
    """Judge entities by operands: all of them, one of them, or none, as the modal says."""
    any_found = False
    for entity in entities_of(scoped, view):
        for finding in _judge_entity(scoped, view, entity, tests, verbs):
            any_found = True
            yield finding
    if not any_found:
        yield from unread(scoped, view)


def _judge_entity(
    scoped: ScopedConstraint,
    view: FileView,
    entity: Entity,
    tests: Sequence[tuple[str, Test]],
    verbs: tuple[str, str],
) -> Iterator[Finding]:
    constraint = scoped.constraint
    does, lacks = verbs
    if constraint.modal == "must-not":
        for operand, test in tests:
            found = test(entity, view)
            if found is not None:
                detail = f"{entity.title} {does} `{found}`"
                yield _violation(scoped, view, entity, detail, operand, found)
        return
    wanted = [[one] for one in tests]
    for group in wanted if getattr(constraint, "quantifier", "any") == "all" else [list(tests)]:
        if any(test(entity, view) is not None for _, test in group):
            continue
        fault = fault_in(entity, view)
        if fault is not None:
            yield NotEvaluated(scoped.full_id, fault.reason, view.path, fault.place)
            continue
        listed = " or ".join(f"`{operand}`" for operand, _ in group)
        only = group[0][0] if len(group) == 1 else None
        yield _violation(scoped, view, entity, f"{entity.title} {lacks} {listed}", only)


def _violation(  # noqa: PLR0917 - the parts of a violation, each once
    scoped: ScopedConstraint,
    view: FileView,
    entity: Entity,
    detail: str,
    operand: str | None = None,
    found: str | None = None,
) -> Violation:
    return Violation(scoped.full_id, view.path, detail, entity.place, operand=operand, found=found)


def _select_words(scoped: ScopedConstraint, layout: TreeFacts) -> Words | None:  # noqa: ARG001 - a judge's
    return selection_words(scoped.constraint.subject)


# --- be decorated with -------------------------------------------------------------------------


def _judge_decorated(scoped: ScopedConstraint, view: FileView) -> Iterator[Finding]:
    constraint = cast("Decorated", scoped.constraint)
    tests = [(pattern.text, partial(_decoration, pattern)) for pattern in constraint.patterns]
    yield from _judge_operands(scoped, view, tests, ("is decorated with", "is not decorated with"))


def _decoration(pattern: Pattern, entity: Entity, view: FileView) -> str | None:
    if entity.definition is None:
        raise UnevaluableError("a module has no decorators")
    if not is_decorated(pattern, entity.definition.decorators, view):
        return None
    return pattern.text.removeprefix("@")


def _decorated_words(scoped: ScopedConstraint, layout: TreeFacts) -> Words | None:
    constraint = scoped.constraint
    if constraint.shape == "decorated" and constraint.modal == "must-not":
        words = words_of(constraint.patterns)
        if words is not None:
            return Words(words, whole=are_whole(constraint.patterns))
    return _select_words(scoped, layout)


DECORATED = FileJudge(_judge_decorated, _decorated_words)


# --- inherit from ------------------------------------------------------------------------------


def _judge_inherit(scoped: ScopedConstraint, view: FileView) -> Iterator[Finding]:
    constraint = cast("Inherit", scoped.constraint)
    spared = spared_of(constraint)
    tests = [(p.text, partial(_inheritance, p, spared)) for p in constraint.patterns]
    yield from _judge_operands(scoped, view, tests, ("inherits from", "does not inherit from"))


def _inheritance(
    pattern: Pattern, spared: tuple[Pattern, ...], entity: Entity, view: FileView
) -> str | None:
    if entity.definition is None or entity.definition.kind != "class":
        raise UnevaluableError(f"a {_kind_of(entity)} inherits from nothing")
    found = inherits(view, entity.number, pattern, spared)
    return spelt(found) if found is not None else None


def _kind_of(entity: Entity) -> str:
    """Return what kind of thing an entity is."""
    return entity.definition.kind if entity.definition is not None else "module"


# --- across files ------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def across_files(judge: FileJudge) -> TreeJudge:
    """Return a judge of the tree that judges each file, where that depends on others, too.

    What was found in such a file must not be kept for the file's own content.
    """
    return TreeJudge(partial(_judge_tree, judge))


def _judge_tree(
    judge: FileJudge, scoped: ScopedConstraint, evidence: Evidence
) -> Iterator[Finding]:
    paths = judged_files(scoped, evidence)
    languages = frozenset(language for path in paths if (language := language_of(path)))
    heirs = _heirs(scoped.constraint, evidence, languages)
    if heirs is not None:
        paths = tuple(path for path in paths if path in heirs or language_of(path) is None)
    if not paths:
        return
    for findings in fork_map(partial(_judge_paths, judge, scoped, evidence), paths, _LEAST):
        yield from findings


def _heirs(
    constraint: Constraint, evidence: Evidence, languages: frozenset[str]
) -> frozenset[str] | None:
    """Return the files in which a class can inherit from what is banned, or selected; or None."""
    if constraint.shape == "inherit" and constraint.modal == "must-not":
        return may_inherit(constraint.patterns, evidence, languages)
    subject = constraint.subject
    if subject.noun == "entities" and subject.inheriting:
        return may_inherit(subject.inheriting, evidence, languages)
    return None


def _judge_paths(
    judge: FileJudge, scoped: ScopedConstraint, evidence: Evidence, paths: Sequence[str]
) -> list[Finding]:
    found: list[Finding] = []
    for path in paths:
        view = FileView(path, evidence)
        try:
            found += judge.judge(scoped, view)
        except UnevaluableError as error:
            found.append(NotEvaluated(scoped.full_id, error.reason, path, error.place, error.help))
    evidence.flush()
    return found


INHERIT = across_files(FileJudge(_judge_inherit))


# --- define ------------------------------------------------------------------------------------


def _judge_define(scoped: ScopedConstraint, view: FileView) -> Iterator[Finding]:
    constraint = cast("Define", scoped.constraint)
    tests = [(name_text(name), partial(_defined, name)) for name in constraint.names]
    yield from _judge_operands(scoped, view, tests, ("defines", "does not define"))


def _defined(name: Name, entity: Entity, view: FileView) -> str | None:
    if entity.definition is None:
        members: Iterable[str] = _top_level(view)
    elif entity.definition.kind == "class":
        members = entity.definition.members
    else:
        raise UnevaluableError(f"a {entity.definition.kind} defines nothing")
    return next((member for member in members if is_named(name, member)), None)


def _top_level(view: FileView) -> Iterator[str]:
    """Yield the names that a module has: its own, and in Python those that imports bind."""
    yield from view.facts.names
    if view.language == "python":
        for imported in view.facts.imports:
            if imported.bound is not None and imported.where == Where.NOWHERE:
                yield imported.bound


def name_text(name: Name) -> str:
    """Return a name's operand as its author wrote it."""
    return f"/{name.text}/" if name.form == "regex" else name.text


def _define_words(scoped: ScopedConstraint, layout: TreeFacts) -> Words | None:
    constraint = scoped.constraint
    if constraint.shape == "define" and constraint.modal == "must-not":
        plain = [name.text for name in constraint.names if _is_plain(name)]
        if len(plain) == len(constraint.names):
            return Words(frozenset(text.encode() for text in plain))
    return _select_words(scoped, layout)


def _is_plain(name: Name) -> bool:
    return name.form == "glob" and name.text.isascii() and name.text.isidentifier()


DEFINE = FileJudge(_judge_define, _define_words)


# --- docstrings, annotations -------------------------------------------------------------------


def _judge_docstring(scoped: ScopedConstraint, view: FileView) -> Iterator[Finding]:
    any_found = False
    for entity in entities_of(scoped, view):
        found = entity.definition
        if found.documented if found is not None else view.facts.documented:
            continue
        any_found = True
        yield _violation(scoped, view, entity, f"{entity.title} has no docstring")
    if not any_found:
        yield from unread(scoped, view)


DOCSTRING = FileJudge(_judge_docstring, _select_words)


def _judge_annotated(scoped: ScopedConstraint, view: FileView) -> Iterator[Finding]:
    if view.language == "javascript":
        raise UnevaluableError(
            "JavaScript has no annotations", help="name the language: `TypeScript functions …`"
        )
    any_found = False
    for entity in entities_of(scoped, view):
        for title, place, missing in _unannotated(entity, view):
            any_found = True
            parts = [f"parameter `{part}`" if part != "return" else "result" for part in missing]
            detail = f"{title} has no annotation for its {', '.join(parts)}"
            yield Violation(scoped.full_id, view.path, detail, place)
    if not any_found:
        yield from unread(scoped, view)


def _unannotated(
    entity: Entity, view: FileView
) -> Iterator[tuple[str, Place | None, tuple[str, ...]]]:
    """Yield what lacks an annotation: the entity, or of a class or module what is defined in it."""
    definitions = view.facts.definitions
    if entity.definition is not None and entity.definition.kind != "class":
        if entity.definition.unannotated:
            yield entity.title, entity.place, entity.definition.unannotated
        return
    for index, found in enumerate(definitions):
        # A class inside this one is judged by itself.
        if found.unannotated and (entity.definition is None or found.parent == entity.number):
            yield titled(index, view), found.place, found.unannotated


ANNOTATED = FileJudge(_judge_annotated, _select_words)


# --- be named ----------------------------------------------------------------------------------


def _judge_named(scoped: ScopedConstraint, view: FileView) -> Iterator[Finding]:
    constraint = cast("Named", scoped.constraint)
    tests = [(name_text(name), partial(_named, name)) for name in constraint.names]
    yield from _judge_operands(scoped, view, tests, ("is named", "is not named"))


def _named(name: Name, entity: Entity, view: FileView) -> str | None:
    if entity.definition is None:
        base = view.path.rpartition("/")[2]
        return name_text(name) if is_module_named(name, base) else None
    return name_text(name) if is_named(name, entity.name) else None


NAMED = FileJudge(_judge_named, _select_words)
