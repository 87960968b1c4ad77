"""Which paths globs match: one test for many paths."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from bylaw.globs.dialect import Alternative, alternatives, literal_prefix, plain_regex


def matcher(globs: Iterable[str]) -> Callable[[str], bool]:
    """Return a test for paths that any of these sound globs matches; none match nothing."""
    return _matcher(tuple(dict.fromkeys(globs)))


@lru_cache(maxsize=4096)
def _matcher(globs: tuple[str, ...]) -> Callable[[str], bool]:
    whole: list[str] = []
    below: list[str] = []
    rest: list[Alternative] = []
    for alternative in dict.fromkeys(a for glob in globs for a in alternatives(glob)):
        prefix, tail = literal_prefix(alternative)
        if tail == (None,):
            whole.append(prefix)
            below.append(prefix + "/")
        elif tail == ("*", None):
            below.append(prefix + "/" if prefix else "")
        else:
            rest.append(alternative)
    exact = frozenset(whole)
    folders = tuple(sorted(set(below)))
    if not rest:
        if len(folders) > 32:
            return _folder_test(exact, frozenset(folders))
        return lambda path: path in exact or path.startswith(folders)
    search = _searcher(rest)
    if not folders:
        return search
    return lambda path: path in exact or path.startswith(folders) or search(path)


def _folder_test(exact: frozenset[str], folders: frozenset[str]) -> Callable[[str], bool]:
    """Look a path's ancestors up, which beats comparing it with very many beginnings."""
    everything = "" in folders

    def matches(path: str) -> bool:
        if everything or path in exact:
            return True
        end = path.find("/")
        while end >= 0:
            if path[: end + 1] in folders:
                return True
            end = path.find("/", end + 1)
        return False

    return matches


def _searcher(found: list[Alternative]) -> Callable[[str], bool]:
    body = "|".join(plain_regex(alternative) for alternative in found)
    if any(_backtracks(alternative) for alternative in found):
        import re2  # noqa: PLC0415 - slow to import, and only odd globs need linear time

        full = re2.compile(body).fullmatch
        return lambda path: full(path) is not None
    match = re.compile(body).fullmatch
    return lambda path: match(path) is not None


def _backtracks(alternative: Alternative) -> bool:
    """Tell whether Python's `re` could take more than quadratic time on it."""
    return alternative.count(None) > 2 or any(s and s.count("*") > 2 for s in alternative)
