"""From a constraint to its cases: the author's examples, and programs made from its operands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bylaw.area import Area, TreeFacts
from bylaw.check.judges import sort_of
from bylaw.ir import EntitiesSubject, FilesOperand, Import, Language, Module
from bylaw.languages import ENDINGS
from bylaw.modules import is_own, paths_of
from bylaw.places import TESTS
from bylaw.prove.case import NO_LINES, Case, Draft
from bylaw.prove.places import Places
from bylaw.prove.shapes import CODE, OTHERS
from bylaw.prove.shapes.stage import Stage
from bylaw.scope import ScopedConstraint

_SPOKEN: tuple[Language, ...] = ("python", "typescript", "javascript", "go", "java")
_OUTSIDE = frozenset(
    {"import", "call", "use", "catch", "pass", "import-style", "contain", "match", "start", "size"}
)
"""Shapes of which a program that violates is none where the constraint does not bind."""


@dataclass(frozen=True)
class Ground:
    """The tree that cases are made for."""

    layout: TreeFacts
    files: frozenset[str]
    tests: tuple[str, ...] = ()
    taken: set[str] = field(default_factory=set)
    """The paths that cases stand at: each has its own, so that few trees hold all."""
    numbers: dict[tuple[Area, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.taken.update(self.files)


def cases(scoped: ScopedConstraint, ground: Ground) -> list[Case]:
    """Return a constraint's cases: examples first, then what was made."""
    return [*examples(scoped), *generated(scoped, ground)]


def examples(scoped: ScopedConstraint) -> Iterator[Case]:
    """Yield the author's examples."""
    for number, example in enumerate(scoped.constraint.examples, 1):
        yield Case(
            constraint=scoped.full_id,
            title=f"example {number}",
            verdict=example.verdict,
            source="example",
            path=example.path,
            files={example.path: example.text.encode()},
            span=example.span,
            line=example.line,
        )


def generated(scoped: ScopedConstraint, ground: Ground) -> Iterator[Case]:
    """Yield programs whose verdict follows from how they are made."""
    sort = sort_of(scoped.constraint)
    if sort in CODE:
        for language in _languages(scoped):
            yield from _in_code(scoped, ground, language)
    elif sort in OTHERS:
        yield from _in_files(scoped, ground)


def _languages(scoped: ScopedConstraint) -> Sequence[Language]:
    named: Language | None = getattr(scoped.constraint.subject, "language", None)
    if named is None and scoped.constraint.subject.noun in ("modules", "layers"):
        named = "python"
    if scoped.languages:
        return [language for language in _SPOKEN if language in scoped.languages]
    return [named] if named in _SPOKEN else ["python"]


def _in_code(scoped: ScopedConstraint, ground: Ground, language: Language) -> Iterator[Case]:
    ending = ENDINGS[language][0]
    places = _places(scoped, ground)
    path = places.inside(ending)
    if path is None:
        return
    stage = Stage(scoped, ground.layout, ground.files, places, path, language, ending)
    drafts = list(CODE[sort_of(scoped.constraint)](stage))
    for draft in (*drafts, *_elsewhere(stage, drafts)):
        place = draft.path or places.inside(ending, _own(stage))
        if place is not None:
            yield _case(stage, draft, place)


def _in_files(scoped: ScopedConstraint, ground: Ground) -> Iterator[Case]:
    places = _places(scoped, ground)
    path = places.inside("") or "sample.txt"
    stage = Stage(scoped, ground.layout, ground.files, places, path)
    drafts = list(OTHERS[sort_of(scoped.constraint)](stage))
    for draft in (*drafts, *_elsewhere(stage, drafts)):
        place = draft.path or places.inside("")
        if draft.absent and draft.path is None:
            place = draft.absent[0]
        if place is not None:
            yield _case(stage, draft, place)


def _places(scoped: ScopedConstraint, ground: Ground) -> Places:
    subject = scoped.constraint.subject
    only_tests = isinstance(subject, EntitiesSubject) and subject.entity == "test"
    numbers = {} if only_tests else ground.numbers
    return Places(scoped.area, ground.tests or TESTS, ground.taken, numbers, only_tests)


def _own(stage: Stage) -> tuple[str, ...]:
    """Return what the operands hold themselves, where an import is never judged."""
    constraint = stage.constraint
    if not isinstance(constraint, Import) or stage.language != "python":
        return ()
    found: list[str] = []
    for operand in constraint.operands:
        if isinstance(operand, FilesOperand):
            found += [glob.text for glob in operand.globs]
        elif isinstance(operand, Module) and is_own(operand.text.partition(".")[0], stage.layout):
            found += paths_of((operand.text,), stage.layout)[0]
    return tuple(found) if constraint.modal != "must-only" else ()


def _elsewhere(stage: Stage, drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Yield the first program that violates, where the constraint does not bind."""
    if stage.constraint.shape not in _OUTSIDE or stage.constraint.modal == "must-only":
        return
    reach = getattr(stage.constraint, "reach", "direct")
    first = next((d for d in drafts if d.lines != NO_LINES and d.path is None), None)
    if first is None or first.absent or reach == "indirect":
        return
    ending = stage.ending
    if not ending:
        name = stage.path.rpartition("/")[2]
        ending = name[name.rfind(".") :] if "." in name else ""
    for why, path in stage.places.outside(ending):
        yield replace(first, title=f"{first.title}, {why}", lines=NO_LINES, path=path)


def _case(stage: Stage, draft: Draft, path: str) -> Case:
    files = {other: text.encode() for other, text in draft.beside.items()}
    if not draft.absent or draft.path is not None:
        files[path] = draft.text.encode()
    return Case(
        constraint=stage.scoped.full_id,
        title=draft.title,
        verdict="complies" if draft.lines == NO_LINES else "violates",
        source="generated",
        path=path,
        files=files,
        span=stage.constraint.span,
        lines=draft.lines,
        absent=draft.absent,
        situation=draft.situation,
    )
