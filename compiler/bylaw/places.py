"""From a constraint's subject, lead-in and exceptions to the files it speaks of, as globs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from bylaw.area import Area, TreeFacts
from bylaw.globs import included, intersect, modules_included
from bylaw.globs.dialect import alternatives
from bylaw.globs.segments import UndecidedError, same_names
from bylaw.languages import ENDINGS, language_of
from bylaw.modules import is_own, paths_of

if TYPE_CHECKING:
    from bylaw.ir import (
        AnySubject,
        Constraint,
        Glob,
        Import,
        Language,
        Module,
        Operand,
        Template,
    )

TESTS: tuple[str, ...] = (
    "**/tests/**",
    "**/test/**",
    "**/__tests__/**",
    "**/test_*.*",
    "**/*_test.*",
    "**/*.test.*",
    "**/*.spec.*",
    "**/conftest.py",
)
"""The test files where the configuration does not say; `src/test/` is among `**/test/**`."""

_PYTHON_MANIFESTS = (
    "**/pyproject.toml",
    "**/requirements*.{txt,in}",
    "**/requirements/*.{txt,in}",
    "**/Pipfile",
    "**/setup.cfg",
    "**/setup.py",
)
_MAVEN_MANIFESTS = ("**/{pom.xml,build.gradle,build.gradle.kts}",)
MANIFESTS: dict[Language, tuple[str, ...]] = {
    "python": _PYTHON_MANIFESTS,
    "javascript": ("**/package.json",),
    "typescript": ("**/package.json",),
    "go": ("**/go.mod",),
    "rust": ("**/Cargo.toml",),
    "java": _MAVEN_MANIFESTS,
    "kotlin": _MAVEN_MANIFESTS,
    "csharp": ("**/{*.csproj,*.fsproj,*.vbproj,packages.config}",),
    "ruby": ("**/{Gemfile,*.gemspec}",),
    "php": ("**/composer.json",),
}
"""The manifests of each language's registry; those that nobody reads have no verdict."""

ALL_MANIFESTS = tuple(sorted({glob for globs in MANIFESTS.values() for glob in globs}))

# Subjects that name no files: their area says nothing.
_PLACELESS = frozenset({"branches", "commits", "ci", "command"})

_CODE_KINDS = frozenset({"import", "use", "have"})

Globs = tuple[str, ...]


def area_of(constraint: Constraint, facts: TreeFacts, tests: Globs = ()) -> Area:
    """Return the area of a constraint by its own words: lead-in and exceptions, no waivers.

    `Only S MAY …` has the complement of S within the lead-in; an operand's own modules may import
    themselves.
    """
    subject = constraint.subject
    include, left_out = _subject_globs(constraint, facts)
    exclude: list[str] = []
    if constraint.modal == "only-may" and subject.noun != "agents":
        exclude += include
        if constraint.shape == "import":
            exclude += _own_files(constraint, facts)
        include, left_out = _universe(subject, facts)
    exclude += left_out
    within: Globs = ()
    lead_in = constraint.lead_in
    if lead_in is not None and subject.noun not in _PLACELESS:
        within = _texts(lead_in.globs)
        exclude += _texts(lead_in.excepts)
    exclude += exempted(constraint, facts, tests)
    return Area(include, within, tuple(dict.fromkeys(exclude)))


def exempted(constraint: Constraint, facts: TreeFacts, tests: Globs = ()) -> Globs:
    """Return the globs of a constraint's exceptions that name places."""
    found: list[str] = []
    for exception in constraint.exceptions:
        if exception.excepts == "places":
            found += _texts(exception.globs)
            if exception.modules:
                found += paths_of(_texts(exception.modules), facts, _module_language(constraint))[0]
        elif exception.excepts == "tests":
            found += tests or TESTS
    return tuple(found)


def members(subject: AnySubject) -> tuple[Glob | Module | Template, ...]:
    """Return the spans that name places in a subject: globs, modules or templates."""
    if subject.noun == "modules":
        return subject.modules
    if subject.noun == "layers":
        return tuple(module for layer in subject.layers for module in layer.modules)
    if subject.noun == "templates":
        return subject.templates
    return getattr(subject, "globs", ())


def member_globs(
    constraint: Constraint, member: Glob | Module | Template, facts: TreeFacts
) -> Globs:
    """Return what one member of a subject includes, as globs."""
    if member.sort == "template":
        return (template_glob(member.text),)
    if member.sort == "glob":
        return (member.text,)
    names = [member.text]
    if constraint.shape == "layered" and constraint.within:
        names = [f"{container.text}.{member.text}" for container in constraint.within]
    return paths_of(names, facts, _module_language(constraint))[0]


@lru_cache(maxsize=4096)
def template_glob(text: str) -> str:
    """Return the glob of a template's paths: `<n>` is a name's part, `<**p>` any segments.

    Where a capture occurs twice the glob admits more than the template.
    """
    return re.sub(r"<\*\*[^<>]*>", "**", re.sub(r"<[^*<>][^<>]*>", "?*", text))


def languages_of(constraint: Constraint, area: Area, facts: TreeFacts) -> tuple[Language, ...]:
    """Return the languages a constraint on code speaks of and its area's endings admit.

    Those of the tree, and one that the subject names. Exceptions are not counted.
    """
    if constraint.kind not in _CODE_KINDS:
        return ()
    named: Language | None = getattr(constraint.subject, "language", None)
    if named is None and constraint.subject.noun in ("modules", "layers"):
        named = "python"
    spoken = (named,) if named is not None else facts.languages
    return tuple(
        language
        for language in spoken
        if all(
            not globs or any(language in _admitted(glob) for glob in globs)
            for globs in (area.include, area.within)
        )
    )


@lru_cache(maxsize=65536)
def _admitted(glob: str) -> frozenset[Language]:
    return frozenset(
        language
        for alternative in alternatives(glob)
        for language in _languages_of_name(alternative[-1])
    )


@lru_cache(maxsize=8192)
def _languages_of_name(segment: str | None) -> frozenset[Language]:
    """Return the languages that a file can be in whose name a segment's pattern matches."""
    if segment is None or segment.endswith("*"):
        return frozenset(ENDINGS)
    tail = segment[max(segment.rfind(char) for char in "*?]") + 1 :]
    if "." in tail:
        language = language_of(tail)
        return frozenset((language,)) if language else frozenset()
    return frozenset(
        language
        for language, endings in ENDINGS.items()
        if any(_may_end(segment, ending) for ending in endings)
    )


def _may_end(segment: str, ending: str) -> bool:
    try:
        return not same_names((segment, "*" + ending), ())
    except UndecidedError:
        return True


def granted(
    constraint: Constraint, grant: Constraint, facts: TreeFacts, tests: Globs = ()
) -> Globs | None:
    """Return the places that a permission takes out of a constraint; None where globs cannot say.

    They cannot where only some of the constraint's operands are granted, or the grant itself has
    exceptions.
    """
    if not _covers(grant, constraint):
        return None
    area = area_of(grant, facts, tests)
    if area.exclude or len(grant.exceptions) > 0:
        return None
    if not area.within or not area.include:
        return area.include or area.within or ("**",)
    found: list[str] = []
    for glob in area.include:
        for limit in area.within:
            joint = intersect(glob, limit)
            if joint is None:
                return None
            found += joint
    return tuple(found)


_OPERAND_FIELDS = (
    "patterns",
    "requirements",
    "texts",
    "names",
    "arguments",
    "values",
    "commands",
    "styles",
    "entries",
    "regexes",
    "approvers",
    "globs",
)


def _covers(grant: Constraint, constraint: Constraint) -> bool:
    """Tell whether a grant's operands are all of the constraint's, or more."""
    if grant.shape != constraint.shape:
        return False
    if grant.shape == "import" and constraint.shape == "import":
        granted_modules = [o.text for o in grant.operands if o.sort == "module"]
        granted_files = _file_operands(grant)
        if constraint.reach == "direct" and grant.reach != "direct":
            return False
        return modules_included(
            [o.text for o in constraint.operands if o.sort == "module"], granted_modules
        ) and included(_file_operands(constraint), granted_files)
    # What parts of a manifest are called is compared with the other names.
    if grant.shape == "depend" and grant.where not in (
        "anywhere",
        getattr(constraint, "where", ""),
    ):
        return False
    for name in _OPERAND_FIELDS:
        wanted = getattr(constraint, name, ())
        given = {_operand_text(operand) for operand in getattr(grant, name, ())}
        if any(_operand_text(operand) not in given for operand in wanted):
            return False
    return True


def _operand_text(operand: object) -> object:
    if isinstance(operand, str):
        return operand
    text = getattr(operand, "text", None)
    if text is not None:
        return text
    return getattr(operand, "name", None), getattr(operand, "value", None)


def _file_operands(constraint: Import) -> Globs:
    return tuple(
        glob.text
        for operand in constraint.operands
        if operand.sort == "files"
        for glob in operand.globs
    )


# --- subjects ----------------------------------------------------------------------------------


def _subject_globs(constraint: Constraint, facts: TreeFacts) -> tuple[Globs, Globs]:
    """Return the globs of a subject: those it includes, and those they do not mean."""
    subject = constraint.subject
    if subject.noun in ("modules", "layers"):
        names = _texts(members(subject))
        if constraint.shape == "layered" and constraint.within:
            names = tuple(f"{c.text}.{name}" for c in constraint.within for name in names)
        return paths_of(names, facts, _module_language(constraint))
    if subject.noun == "templates":
        return tuple(template_glob(template.text) for template in subject.templates), ()
    found = _texts(members(subject))
    return (found, ()) if found else _universe(subject, facts)


def _universe(subject: AnySubject, facts: TreeFacts) -> tuple[Globs, Globs]:
    """Return everything that the subject's noun can mean; no globs are the whole repository."""
    if subject.noun == "project" and subject.language is not None:
        return MANIFESTS[subject.language], ()
    if subject.noun in ("project", "manifests", "dependencies"):
        return ALL_MANIFESTS, ()
    if subject.noun == "modules":
        found = paths_of(("**",), facts)
        return (() if found[0] == ("**",) else found[0]), found[1]
    return (), ()


def _own_files(constraint: Import, facts: TreeFacts) -> Globs:
    """Return the files of an operand of the repository's own, if there is but one operand.

    With several, an operand's modules may import themselves but not each other, which no area
    can say; there the law that an import within the operand is never judged takes care of it.
    """
    if len(constraint.operands) != 1:
        return ()
    operand = constraint.operands[0]
    if operand.sort == "files":
        return _texts(operand.globs)
    first = operand.text.partition(".")[0]
    if not is_own(first, facts):
        return ()
    return paths_of((operand.text,), facts, _module_language(constraint))[0]


def _module_language(constraint: Constraint) -> Language:
    return getattr(constraint.subject, "language", None) or "python"


def _texts(operands: Iterable[Operand] | Sequence[Operand]) -> Globs:
    return tuple(operand.text for operand in operands)
