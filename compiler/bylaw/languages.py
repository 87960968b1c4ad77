"""The languages of code, told by the endings of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bylaw.ir import Language

ENDINGS: dict[Language, tuple[str, ...]] = {
    "csharp": (".cs",),
    "go": (".go",),
    "java": (".java",),
    "javascript": (".js", ".jsx", ".mjs", ".cjs"),
    "kotlin": (".kt", ".kts"),
    "php": (".php",),
    "python": (".py", ".pyi"),
    "ruby": (".rb",),
    "rust": (".rs",),
    "typescript": (".ts", ".tsx", ".mts", ".cts"),
}
"""The file endings of each language."""

_TITLES: dict[Language, str] = {
    "csharp": "C#",
    "javascript": "JavaScript",
    "php": "PHP",
    "typescript": "TypeScript",
}

LANGUAGE_OF: dict[str, Language] = {
    ending: language for language, endings in ENDINGS.items() for ending in endings
}


HOLDERS: dict[str, tuple[Language, ...]] = {
    ".astro": ("typescript", "javascript"),
    ".ipynb": ("python",),
    ".svelte": ("typescript", "javascript"),
    ".vue": ("typescript", "javascript"),
}
"""Files that hold code among other text, by their ending, with the languages it may be in."""


def held_languages(path: str) -> tuple[Language, ...]:
    """Return the languages that code inside a file of another format may be in."""
    return HOLDERS.get(path[path.rfind(".") :], ())


def language_title(language: Language) -> str:
    """Return a language's name as its people write it."""
    return _TITLES.get(language, language.title())


def language_of(path: str) -> Language | None:
    """Return the language that a file's ending says it is in."""
    return LANGUAGE_OF.get(path[path.rfind(".") :])
