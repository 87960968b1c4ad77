"""From the names in import statements to modules, packages and the repository's own files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from bylaw.check.evidence import FileView
from bylaw.check.resolve.imported import Imported
from bylaw.check.resolve.names import name_test
from bylaw.check.resolve.python import module_name
from bylaw.check.resolve.settings import says_what_imports_mean
from bylaw.globs import check, matcher

if TYPE_CHECKING:
    from bylaw import ir

__all__ = [
    "Imported",
    "edge_matches",
    "importer_name",
    "imports_of",
    "own_name",
    "says_what_imports_mean",
]

# By language, the module here, what reads the imports of a file and what names it. Each is loaded
# when the first such file comes.
_RESOLVERS: Mapping[str, tuple[str, str, str]] = {
    "python": ("python", "python_imports", "module_name"),
    "typescript": ("script", "script_imports", "script_name"),
    "javascript": ("script", "script_imports", "script_name"),
    "go": ("go", "go_imports", "go_name"),
    "java": ("java", "java_imports", "java_name"),
}


def imports_of(view: FileView) -> tuple[Imported, ...]:
    """Return what a file imports, in the order of its text; UnevaluableError as for its facts."""
    known: tuple[Imported, ...] | None = view.__dict__.get("_imports")
    if known is None:
        facts = view.facts
        module, name, _ = _RESOLVERS[view.language or ""]
        resolve: Callable[[FileView], Iterator[Imported]] = getattr(
            import_module(f"bylaw.check.resolve.{module}"), name
        )
        known = tuple(resolve(view)) if facts.imports else ()
        view.__dict__["_imports"] = known
    return known


def importer_name(view: FileView) -> str:
    """Return how an edge names the importing file: its module, in Python, or else its path."""
    return module_name(view) if view.language == "python" else view.path


def own_name(view: FileView) -> str | None:
    """Return the name that others import a file by, or one below it; None where it has none."""
    entry = _RESOLVERS.get(view.language or "")
    if entry is None:
        return None
    name: Callable[[FileView], str | None] = getattr(
        import_module(f"bylaw.check.resolve.{entry[0]}"), entry[2]
    )
    return name(view)


def edge_matches(named: ir.Edge, edge: tuple[str, str]) -> bool:
    """Tell whether a waiver's edge means an import, given as in `Violation.edge`.

    Each end means the module, or the package, that it names and all below; a path is a glob.
    """
    return _end_matches(named.importer, edge[0]) and _end_matches(named.imported, edge[1])


def _end_matches(pattern: str, name: str) -> bool:
    if any(name_test((pattern,), separator)(name) for separator in "./"):
        return True
    return "/" in pattern and check(pattern) is None and matcher((pattern,))(name)
