"""The languages that rules are written for, as Semgrep knows them."""

from dataclasses import dataclass

from bylaw.ir import Language
from bylaw.scope import ScopedConstraint


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
    return _DIALECTS.get(scoped.languages) or _dialects(scoped)


def _dialects(scoped: ScopedConstraint) -> tuple[Dialect, ...]:
    constraint = scoped.constraint
    languages = set(scoped.languages)
    if not languages:
        named = getattr(constraint.subject, "language", None)
        if named is None and constraint.subject.noun == "modules":
            named = "python"
        if named is None:
            return ALL
        languages = {named}
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
