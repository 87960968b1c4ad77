"""Imports in Python: absolute, relative, dynamic, and where they do not count."""

from bylaw_targets.semgrep.ask import Ask
from bylaw_targets.semgrep.catalogue import python as catalogue
from bylaw_targets.semgrep.formula import (
    Formula,
    all_of,
    any_of,
    focus,
    none_of,
    outside,
    pattern,
    where,
)
from bylaw_targets.semgrep.names import names_regex, parents
from bylaw_targets.semgrep.python_relative import Level

IMPORT = pattern("import $M")
FROM = pattern("from $M import $N")
PLAIN = none_of(all_of(pattern("import $PLAIN"), where("$PLAIN", r"^\S+$")))
STAR = pattern("from $M import *")
NO_STAR = none_of(pattern("from $STAR import *"))
DYNAMIC = any_of(*map(pattern, catalogue.DYNAMIC_IMPORT))
UNDER_TYPE_CHECKING = outside(
    all_of(any_of(*map(pattern, catalogue.TYPE_CHECKING)), focus("$BODY"))
)
IN_FUNCTION = outside(all_of(any_of(*map(pattern, catalogue.FUNCTIONS)), focus("$BODY")))


_STANDARD = "|".join(catalogue.STANDARD_LIBRARY)


def absolute(ask: Ask) -> Formula:
    """Return the formula of imports that name their module in full."""
    names = where("$M", _full(ask))
    parts = [
        all_of(IMPORT, names),
        all_of(FROM, names, *_apart(parents(ask.names if ask.only else ask.excepts))),
        *([] if ask.only else (_member(p, lasts) for p, lasts in parents(ask.names).items())),
        all_of(DYNAMIC, names),
    ]
    return limited(any_of(*parts), ask)


def declared(ask: Ask) -> Formula:
    """Return the formula of imports that name a module or a member in full."""
    names = where("$M", _full(ask))
    members = [_member(parent, lasts) for parent, lasts in parents(ask.names).items()]
    return any_of(all_of(IMPORT, names), all_of(FROM, names), *members, all_of(DYNAMIC, names))


def limited(formula: Formula, ask: Ask) -> Formula:
    """Leave out the imports that do not count."""
    parts = [formula]
    if ask.runtime:
        parts.append(UNDER_TYPE_CHECKING)
    if ask.eager:
        parts.append(IN_FUNCTION)
    return all_of(*parts)


def _full(ask: Ask) -> str:
    """Return the regex of a whole module name; Semgrep shows `a import b` too, hence the end."""
    names = names_regex(ask.names) if ask.names else ""
    if ask.only:
        allowed = f"{names}|{_STANDARD}" if names else _STANDARD
        return rf"^(?!(?:{allowed})(?:\.|$))[^.\s]\S*$"
    spared = rf"(?!{names_regex(ask.excepts)}(?:\.|$))" if ask.excepts else ""
    return rf"^{spared}{names}(?:\.\S*)?$"


def _member(parent: str, lasts: list[str]) -> Formula:
    """``from a import b`` imports `a.b`."""
    return all_of(
        FROM,
        where("$M", f"^{names_regex((parent,))}$"),
        where("$N", f"^{names_regex(tuple(lasts))}$"),
    )


def _apart(members: dict[str, list[str]]) -> list[Formula]:
    """Leave out members of from-imports; `import a.b` looks like one, and is judged elsewhere."""
    return [*map(none_of, map(_member, members, members.values())), *([PLAIN] if members else [])]


# --- relative imports --------------------------------------------------------------------------


def relative(level: Level, ask: Ask) -> Formula | None:
    """Return the formula of one level's imports, or None where none can be wrong."""
    if ask.only:
        if level.rests is None:
            return None
        refused, kept = None, level.rests
    else:
        if level.spared is None or level.rests == ():
            return None
        refused, kept = level.rests, level.spared
    dots = rf"^\.{{{level.dots}}}"
    spared = rf"(?!{names_regex(kept)}(?:\.|$))" if kept else ""
    body = r"[^.\s]" if refused is None else rf"{names_regex(refused)}(?:\.|$)"
    named = where("$M", f"{dots}{spared}{body}")
    parts = [all_of(any_of(FROM, STAR), named, *_kept_members(dots, kept))]
    for parent, lasts in parents(refused or ()).items():
        parts.append(
            all_of(
                FROM,
                where("$M", f"{dots}{names_regex((parent,))}$"),
                where("$N", f"^{names_regex(tuple(lasts))}$"),
            )
        )
    parts += _bare(level.dots, refused, kept)
    return limited(any_of(*parts), ask)


def _kept_members(dots: str, kept: tuple[str, ...]) -> list[Formula]:
    return [
        none_of(
            all_of(
                FROM,
                where("$M", f"{dots}{names_regex((parent,))}$"),
                where("$N", f"^{names_regex(tuple(lasts))}$"),
            )
        )
        for parent, lasts in parents(kept).items()
    ]


def _bare(dots: int, refused: tuple[str, ...] | None, kept: tuple[str, ...]) -> list[Formula]:
    """``from .. import name``: Semgrep shows its module as `.`, so the dots are in the pattern."""
    level = "." * dots
    spared = tuple(name for name in kept if "." not in name)
    guard = rf"(?!{names_regex(spared)}$)" if spared else ""
    if refused is None:
        name, star = rf"^\.*{guard}\w", [pattern(f"from {level} import *")]
    else:
        single = tuple(name for name in refused if "." not in name)
        if not single:
            return []
        name, star = rf"^\.*{guard}{names_regex(single)}$", []
    found = all_of(
        FROM,
        where("$M", r"^\.+$"),
        pattern(f"from {level} import $N"),
        none_of(pattern(f"from {level}. import $N")),
        # Semgrep takes `from ..a import *` for `from .. import a`, too.
        NO_STAR,
        where("$N", name),
    )
    return [found, *(_only_dots(one, dots) for one in star)]


def _only_dots(star: Formula, dots: int) -> Formula:
    level = "." * dots
    return all_of(star, STAR, where("$M", r"^\.+$"), none_of(pattern(f"from {level}. import *")))
