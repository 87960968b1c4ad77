"""The table of all diagnostic codes, gathered from the modules that raise them."""

import pkgutil
from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from bylaw.diagnostics import Code

PACKAGES = ("bylaw", "bylaw_grammar", "bylaw_targets")


@cache
def known() -> dict[str, Code]:
    """Return every code by its number, sorted.

    A code stands beside what raises it, so this imports all of the compiler: a tenth of a second
    that only `explain` and the check of `allow` spend.
    """
    found: dict[str, Code] = {}
    for package in PACKAGES:
        below = pkgutil.walk_packages(import_module(package).__path__, f"{package}.")
        for name in (package, *(module.name for module in below)):
            if name.rpartition(".")[2] == "__main__":
                continue
            for value in vars(import_module(name)).values():
                if isinstance(value, Code):
                    found[value.number] = value
    return dict(sorted(found.items()))


def page(number: str) -> str | None:
    """Return the documentation page of a code, in Markdown, or None where there is none."""
    file = _pages() / f"{number}.md"
    return file.read_text("utf-8") if file.is_file() else None


def documented() -> list[str]:
    """Return the numbers of the codes that have a page, sorted."""
    return sorted(
        entry.name.removesuffix(".md")
        for entry in _pages().iterdir()
        if entry.name.startswith("BL") and entry.name.endswith(".md")
    )


def _pages() -> Traversable:
    """Return the folder of the pages: in the wheel beside this file, in a checkout under docs."""
    packed = files("bylaw") / "pages"
    if packed.is_dir():
        return packed
    return Path(__file__).parents[2] / "docs" / "diagnostics"
