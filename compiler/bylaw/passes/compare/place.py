"""Where a constraint binds: its subject, lead-in and exceptions as a region of paths."""

from dataclasses import dataclass

from bylaw.ir import (
    AgentChange,
    ConstraintNode,
    DependenciesSubject,
    ExceptPlaces,
    ExceptTests,
    Glob,
    Language,
    Module,
    ModulesSubject,
    ProjectSubject,
    TemplatesSubject,
)
from bylaw.passes.compare.module_files import (
    all_modules,
    module_files,
    module_region,
    possible_files,
)
from bylaw.passes.compare.region import ENDINGS, EVERYTHING, Region
from bylaw.places import ALL_MANIFESTS, MANIFESTS, TESTS, template_glob
from bylaw.program import Ground

_PLACELESS = frozenset({"branches", "commits", "ci", "command"})
"""Subjects that have no files."""


@dataclass(frozen=True, slots=True)
class Place:
    """The files that a constraint speaks of.

    `named` is what stands in the sentence. `bound` is where a violation can lie: for
    `Only … MAY` all that `named` is not, the exceptions in neither.
    """

    named: Region
    bound: Region


def texts(globs: tuple[Glob, ...] | tuple[Module, ...]) -> tuple[str, ...]:
    """Return the globs or modules as written."""
    return tuple(glob.text for glob in globs)


def place(constraint: ConstraintNode, ground: Ground, *, loose: bool = False) -> Place:
    """Return where a constraint binds.

    With `loose`, modules that the tree does not hold may lie anywhere.
    """
    language = _language(constraint)
    named = _subject(constraint, ground, loose)
    outer = EVERYTHING if language is None else EVERYTHING.within((ENDINGS[language],))
    lead_in = constraint.lead_in
    if lead_in is not None:
        outer = outer.within(texts(lead_in.globs)) if lead_in.globs else outer
        outer = outer.without(texts(lead_in.excepts))
    excepted = _excepted(constraint, ground)
    if constraint.modal == "only-may":
        if isinstance(constraint.subject, ModulesSubject) and not loose:
            outer &= all_modules(ground, language)
        # The door may be several unions; as one union it can be taken away.
        door = named.unions[0] if named.unions else ("**",)
        return Place((named & outer).without(excepted), outer.without((*door, *excepted)))
    found = (named & outer).without(excepted)
    return Place(found, found)


def has_places(constraint: ConstraintNode) -> bool:
    """Tell whether violations of a constraint lie in files."""
    return constraint.subject.noun not in _PLACELESS


def _language(constraint: ConstraintNode) -> Language | None:
    if isinstance(constraint.subject, ModulesSubject):
        return constraint.subject.language or "python"
    if isinstance(constraint.subject, ProjectSubject):
        return None
    language: Language | None = getattr(constraint.subject, "language", None)
    return language


def _subject(constraint: ConstraintNode, ground: Ground, loose: bool) -> Region:
    subject = constraint.subject
    if isinstance(constraint, AgentChange) and constraint.modal == "must-not":
        inner = Region((texts(constraint.globs),))
        scope = texts(getattr(subject, "globs", ()))
        return inner.within(scope) if scope else inner
    if isinstance(subject, ModulesSubject):
        modules = texts(subject.modules)
        if loose:
            return Region((possible_files(modules, ground, subject.language),))
        return module_region(modules, ground, subject.language)
    if isinstance(subject, ProjectSubject):
        language = subject.language
        return Region((MANIFESTS[language] if language else ALL_MANIFESTS,))
    if isinstance(subject, TemplatesSubject):
        return Region((tuple(template_glob(t.text) for t in subject.templates),))
    globs = texts(getattr(subject, "globs", ()))
    if not globs and isinstance(subject, DependenciesSubject):
        return Region((ALL_MANIFESTS,))
    return Region((globs,)) if globs else EVERYTHING


def _excepted(constraint: ConstraintNode, ground: Ground) -> tuple[str, ...]:
    language = _language(constraint)
    found: list[str] = []
    for exception in constraint.exceptions:
        if isinstance(exception, ExceptPlaces):
            found += texts(exception.globs)
            found += module_files(texts(exception.modules), ground, language)
        elif isinstance(exception, ExceptTests):
            found += ground.tests or TESTS
    return tuple(dict.fromkeys(found))
