"""Loading a grammar of tree-sitter without what its package imports besides."""

import sys
from importlib import import_module
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, PathFinder
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

_BINDING = "_binding"


def grammar(package: str, name: str = "language") -> Any:
    """Return what `tree_sitter.Language` takes: the pointer that a grammar's package gives out.

    The package's own module imports `importlib.resources`, for queries that we do not use, and
    that takes longer than to parse a file. Where its extension is not where it should be, the
    package is imported as ever.
    """
    found = sys.modules.get(package) or _extension(package) or import_module(package)
    return getattr(found, name)()


def _extension(package: str) -> Any:
    spec = PathFinder.find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or ():
        for suffix in EXTENSION_SUFFIXES:
            path = f"{folder}/{_BINDING}{suffix}"
            full = f"{package}.{_BINDING}"
            try:
                loader = ExtensionFileLoader(full, path)
                found = spec_from_file_location(full, path, loader=loader)
                if found is None:
                    continue
                module = module_from_spec(found)
                loader.exec_module(module)
            except (ImportError, OSError):
                continue
            return module
    return None
