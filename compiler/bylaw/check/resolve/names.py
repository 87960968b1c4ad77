"""Names of modules and packages: what a pattern means, in the language of the importing file."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from bylaw.standard_library import NODE

Test = Callable[[str], bool]


@lru_cache(maxsize=65536)
def name_test(patterns: tuple[str, ...], separator: str) -> Test:
    """Return a test for names that any of the patterns means, or that lie below one."""
    plain = tuple(p for p in patterns if "*" not in p)
    wild = [_searcher(p, separator) for p in patterns if "*" in p]
    exact = frozenset(plain)
    below = tuple(p + separator for p in plain)

    def test(name: str) -> bool:
        return (
            name in exact
            or name.startswith(below)
            or any(search(name + separator) for search in wild)
        )

    return test


def _searcher(pattern: str, separator: str) -> Callable[[str], object]:
    parts = pattern.split(separator)
    while parts and parts[-1] == "**":
        parts.pop()
    end = re.escape(separator)
    one = f"[^{end}]+{end}"
    body = "".join(
        f"(?:{one})*" if part == "**" else one if part == "*" else re.escape(part) + end
        for part in parts
    )
    if parts.count("**") < 2:
        return re.compile(body).match
    import re2  # noqa: PLC0415 - only patterns that could backtrack need it

    whole = re2.compile(f"(?:{body})(?s:.*)")
    return lambda name: whole.fullmatch(name) is not None


def node_name(name: str) -> str:
    """Return a module of Node's own without its `node:`, and any other name as it is."""
    bare = name.removeprefix("node:")
    return bare if bare.partition("/")[0] in NODE else name


def node_names(patterns: Iterable[str]) -> tuple[str, ...]:
    """Return patterns as `node_name` names what they mean."""
    return tuple(map(node_name, patterns))
