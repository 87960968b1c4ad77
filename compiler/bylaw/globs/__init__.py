"""Globs over repository paths: one dialect, exact decisions, and proven translations."""

from bylaw.globs.decide import included, is_empty, overlap
from bylaw.globs.dialect import check, expand_braces, to_regex
from bylaw.globs.intersect import intersect
from bylaw.globs.matching import matcher
from bylaw.globs.names import check_module, module_matches, modules_included, modules_overlap
from bylaw.globs.translate import to_gitignore, to_semgrep

__all__ = [
    "check",
    "check_module",
    "expand_braces",
    "included",
    "intersect",
    "is_empty",
    "matcher",
    "module_matches",
    "modules_included",
    "modules_overlap",
    "overlap",
    "to_gitignore",
    "to_regex",
    "to_semgrep",
]
