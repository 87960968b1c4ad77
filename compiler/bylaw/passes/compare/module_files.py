"""Modules as files: where the tree and the configuration say that they lie."""

from collections.abc import Iterable

from bylaw.ir import Language
from bylaw.modules import is_own, module_of, paths_of
from bylaw.passes.compare.region import ENDINGS, Region
from bylaw.program import Ground


def module_region(
    patterns: Iterable[str], ground: Ground, language: Language | None = None
) -> Region:
    """Return the files of module patterns and of all modules below."""
    language = language or "python"
    include, exclude = paths_of(patterns, ground.facts, language)
    files = (ENDINGS[language],)
    return Region((files,) if include == ("**",) else (include, files), exclude)


def module_files(
    patterns: Iterable[str], ground: Ground, language: Language | None = None
) -> tuple[str, ...]:
    """Return globs that hold all files of module patterns, and what else lies beside them."""
    return paths_of(patterns, ground.facts, language or "python")[0]


def possible_files(
    patterns: Iterable[str], ground: Ground, language: Language | None = None
) -> tuple[str, ...]:
    """Return globs as `module_files` does; modules that the tree does not hold may lie anywhere."""
    found: list[str] = []
    for pattern in patterns:
        first = pattern.partition(".")[0]
        if "*" in first or is_own(first, ground.facts):
            found += module_files((pattern,), ground, language)
        else:
            path = pattern.removesuffix(".**").replace(".", "/")
            found += (f"**/{path}.*", f"**/{path}/**")
    return tuple(found)


def all_modules(ground: Ground, language: Language | None = None) -> Region:
    """Return the files that are modules at all: those below a source root."""
    return module_region(("**",), ground, language)


def module_name(path: str, ground: Ground) -> str:
    """Return the module that a file is, or its path where it is none."""
    return module_of(path, ground.facts) or path
