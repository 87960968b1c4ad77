"""Imports in TypeScript and JavaScript: packages by name, the repository's own files by path."""

from collections.abc import Iterator
from functools import lru_cache

from bylaw_targets.semgrep.ask import Ask
from bylaw_targets.semgrep.catalogue import script as catalogue
from bylaw_targets.semgrep.formula import (
    Formula,
    all_of,
    any_of,
    not_text,
    outside,
    pattern,
    text,
    where,
)
from bylaw_targets.semgrep.languages import SCRIPT
from bylaw_targets.semgrep.names import escape, names_regex
from bylaw_targets.semgrep.places import at_depth

_DECLARED = tuple(map(pattern, catalogue.IMPORT))
_CALLED = tuple(map(pattern, catalogue.CALLED_IMPORT))
_ANY_IMPORT = any_of(*_DECLARED, *_CALLED)
_CALLED_EAGERLY = all_of(any_of(*_CALLED), *(outside(pattern(p)) for p in catalogue.FUNCTIONS))
_EAGER_IMPORT = any_of(*_DECLARED, _CALLED_EAGERLY)
_NOT_TYPE_ONLY = not_text(catalogue.TYPE_ONLY)
_BUILTIN = frozenset(catalogue.BUILTIN_MODULES)
_ALLOWED_BUILTINS = "node:|(?:" + "|".join(catalogue.BUILTIN_MODULES) + ")(?:/|$)"

_DEEPEST = 8
"""How many folders below the last common one rules reach; deeper trees are rare."""

_ENDING = r"(?:/index)?(?:\.d)?(?:\.[cm]?[jt]sx?)?$"


def packages(ask: Ask) -> Formula | None:
    """Return the formula of imports of packages, or None where the ask names none."""
    if ask.only:
        allowed = _specifiers((*ask.names, *ask.excepts)) if ask.names or ask.excepts else ""
        spared = f"(?!{allowed}(?:/|$))" if allowed else ""
        return _formula(rf"(?!\.{{0,2}}/|\.\.?$|{_ALLOWED_BUILTINS}){spared}", "[^\"'\\n]*", ask)
    if not ask.names:
        return None
    spared = rf"(?!{_specifiers(ask.excepts)}(?:/|$))" if ask.excepts else ""
    return _formula(f"{spared}{_specifiers(ask.names)}", "(?:/[^\"'\\n]*)?", ask)


@lru_cache(maxsize=16384)
def _specifiers(names: tuple[str, ...]) -> str:
    """Return the regex of package names; a module of Node.js has two."""
    found: list[str] = []
    for name in names:
        bare = name.removeprefix("node:")
        builtin = bare.partition("/")[0] in _BUILTIN
        found.append(f"(?:node:)?{escape(bare)}" if builtin else names_regex((name,), "/"))
    return found[0] if len(found) == 1 else f"(?:{'|'.join(found)})"


def _formula(head: str, rest: str, ask: Ask) -> Formula:
    named = all_of(_EAGER_IMPORT if ask.eager else _ANY_IMPORT, where("$M", f"^{head}{rest}$"))
    if ask.runtime:
        return all_of(named, _NOT_TYPE_ONLY)
    # In the text a specifier ends at its quote.
    written = (head + rest).replace("$", "(?![^\"'])")
    return any_of(named, text(catalogue.EXPORT_TYPE.format(names=written)))


# --- the repository's own files ----------------------------------------------------------------


def own_files(ask: Ask) -> Iterator[tuple[Formula, Ask]]:
    """Yield formulas of relative imports of files, each with the files it is for."""
    for glob in ask.files:
        target = _folders(glob)
        if target is None:
            continue
        for base in range(len(target)):
            for up in range(_DEEPEST):
                area = at_depth(ask.area, target[:base], up, SCRIPT.endings)
                if area is not None:
                    yield _climb(up, target[base:], ask), Ask(area, ())


def _climb(up: int, rest: tuple[str, ...], ask: Ask) -> Formula:
    start = r"(?:\./)?" + r"\.\./" * up if up else r"\./"
    path = "/".join(map(escape, rest))
    tail = path.removesuffix(r"\.ts").removesuffix(r"\.js")
    body = f"{start}{tail}(?:/[^\"'\\n]*|{_ENDING[:-1]})"
    return _formula(body, "", ask)


def strays(ask: Ask, own: tuple[str, ...]) -> Iterator[tuple[Formula, Ask]]:
    """Yield formulas of relative imports that leave the subject's folders, for `only`."""
    for glob in own:
        home = _folders(glob)
        if home is None:
            continue
        for below in range(_DEEPEST):
            area = at_depth(ask.area, home, below, SCRIPT.endings)
            if area is not None:
                yield _leave(home, below, ask), Ask(area, ())


def _leave(home: tuple[str, ...], below: int, ask: Ask) -> Formula:
    """Match a path that climbs out of the subject and does not come back to what is allowed."""
    back: list[str] = []
    for other in (home, *filter(None, map(_folders, ask.files))):
        for common in range(len(home)):
            if other[:common] == home[:common]:
                climb = r"\.\./" * (len(home) - common - 1)
                back.append(climb + "/".join(map(escape, other[common:])))
    allowed = f"(?!/(?:{'|'.join(dict.fromkeys(back))})(?:/|{_ENDING}))" if back else ""
    up = r"\.\./" * below + r"\.\."
    return _formula(rf"(?:\./)?{up}{allowed}", "(?:/[^\"'\\n]*)?", ask)


def _folders(glob: str) -> tuple[str, ...] | None:
    """Return the plain folders (and file) of a glob that means all below, or None."""
    path = glob.removesuffix("/**").removesuffix("/")
    return None if any(c in path for c in "*?[{") else tuple(path.split("/"))
