"""The languages that rules are written for, as Semgrep knows them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from bylaw.globs import expand_braces
from bylaw.ir import Language
from bylaw.languages import language_of
from bylaw.scope import ScopedConstraint
from bylaw_targets.semgrep.draft import Drafts, UnsupportedError


@dataclass(frozen=True, slots=True)
class Dialect:
    """Languages that share their patterns: `keys` are Semgrep's names for them."""

    name: str
    keys: tuple[str, ...]
    endings: tuple[str, ...]


PYTHON = Dialect("python", ("python",), (".py", ".pyi"))
SCRIPT = Dialect(
    "typescript", ("typescript", "javascript"), (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs")
)
TYPESCRIPT = Dialect("typescript", ("typescript",), (".ts", ".tsx"))
JAVASCRIPT = Dialect("javascript", ("javascript",), (".js", ".jsx", ".mjs", ".cjs"))
GO = Dialect("go", ("go",), (".go",))
JAVA = Dialect("java", ("java",), (".java",))

ALL = (GO, JAVA, PYTHON, SCRIPT)

_TITLES: dict[Language, str] = {
    "csharp": "C#",
    "kotlin": "Kotlin",
    "php": "PHP",
    "ruby": "Ruby",
    "rust": "Rust",
}
"""Languages a scope can hold that no rule is written for."""


def dialects(scoped: ScopedConstraint) -> tuple[Dialect, ...]:
    """Return what rules a constraint needs; all where the tree does not tell."""
    ended = _ended(scoped.area.include or scoped.area.within)
    if not ended:
        return _DIALECTS.get(scoped.languages) or _dialects(scoped)
    if scoped.languages:
        ended = ended.intersection(scoped.languages)
    return _DIALECTS.get(tuple(sorted(ended))) or _dialects(scoped, ended)


def _dialects(
    scoped: ScopedConstraint, ended: frozenset[Language] = frozenset()
) -> tuple[Dialect, ...]:
    constraint = scoped.constraint
    languages = ended or frozenset(scoped.languages)
    if not languages:
        named = getattr(constraint.subject, "language", None)
        if named is None and constraint.subject.noun == "modules":
            named = "python"
        if named is None:
            return ALL
        languages = frozenset({named})
    found: list[Dialect] = []
    if "go" in languages:
        found.append(GO)
    if "java" in languages:
        found.append(JAVA)
    if "python" in languages:
        found.append(PYTHON)
    if {"typescript", "javascript"} <= languages:
        found.append(SCRIPT)
    elif "typescript" in languages:
        found.append(TYPESCRIPT)
    elif "javascript" in languages:
        found.append(JAVASCRIPT)
    return tuple(found)


@lru_cache(maxsize=16384)
def _ended(globs: tuple[str, ...]) -> frozenset[Language]:
    """Return the languages that the endings of all globs name, none where one names none."""
    found: set[Language] = set()
    for glob in globs:
        for path in expand_braces(glob):
            language = language_of(path)
            if language is None:
                return frozenset()
            found.add(language)
    return frozenset(found)


def for_each(scoped: ScopedConstraint, drafts: Drafts, draft: Callable[[Dialect], None]) -> Drafts:
    """Draft the rules of every language; one that has none leaves a doubt about the others."""
    refused: UnsupportedError | None = None
    for dialect in dialects(scoped):
        try:
            draft(dialect)
        except UnsupportedError as error:
            refused = error
            drafts.doubt("misses", str(error))
    if refused is not None and not drafts.rules:
        raise refused
    return drafts


_DIALECTS: dict[tuple[Language, ...], tuple[Dialect, ...]] = {
    ("python",): (PYTHON,),
    ("typescript",): (TYPESCRIPT,),
    ("javascript",): (JAVASCRIPT,),
    ("javascript", "typescript"): (SCRIPT,),
    ("go",): (GO,),
    ("java",): (JAVA,),
}
"""The usual cases, looked up; the others are worked out."""


def foreign(scoped: ScopedConstraint) -> tuple[str, ...]:
    """Return the languages in scope that no rule is written for, by name."""
    return tuple(_TITLES[language] for language in scoped.languages if language in _TITLES)
