"""Imports in Go and Java."""

from bylaw_targets.semgrep.ask import Ask
from bylaw_targets.semgrep.catalogue import go, java
from bylaw_targets.semgrep.formula import (
    Formula,
    all_of,
    any_of,
    focus,
    not_text,
    pattern,
    text,
    where,
)
from bylaw_targets.semgrep.names import escape, names_regex

_GO_IMPORT = pattern(go.IMPORT)
_JAVA_IMPORT = pattern(java.IMPORT)
_JAVA_DYNAMIC = any_of(*map(pattern, java.DYNAMIC_IMPORT))
_JAVA_CODE = not_text(java.NO_CODE)


def go_imports(ask: Ask, own: tuple[str, ...]) -> Formula:
    """Return the formula of Go imports; `own` are folders, for the module's path is not known."""
    names = [names_regex(ask.names, "/")] if ask.names else []
    folders = [f"(?:[^/]+/)*{'/'.join(map(escape, f.split('/')))}" for f in (*own, *ask.files)]
    wanted = "|".join([*names, *map(_folder, folders)])
    spared = f"(?!{names_regex(ask.excepts, '/')}(?:/|$))" if ask.excepts else ""
    if ask.only:
        # A package of the standard library has no dot in its first segment.
        allowed = f"(?!(?:{wanted})(?:/|$))" if wanted else ""
        regex = rf"^{spared}{allowed}(?=[^/]*\.)"
    else:
        regex = f"^{spared}(?:{wanted})(?:/|$)"
    return all_of(_GO_IMPORT, where("$M", regex), focus("$M"))


def _folder(regex: str) -> str:
    return regex.removesuffix(r"/\*\*")


def java_imports(ask: Ask) -> Formula:
    """Return the formula of Java imports: declared, written out in code, and by literal name."""
    spared = rf"(?!{names_regex(ask.excepts)}(?:\.|$))" if ask.excepts else ""
    if ask.only:
        allowed = "|".join([*([names_regex(ask.names)] if ask.names else []), "javax?"])
        named = where("$M", rf"^{spared}(?!(?:{allowed})(?:\.|$))\S")
        return all_of(any_of(_JAVA_IMPORT, _JAVA_DYNAMIC), named)
    names = names_regex(ask.names)
    within = rf"(?!{names_regex(ask.excepts)}(?![\w$]))" if ask.excepts else ""
    return any_of(
        all_of(any_of(_JAVA_IMPORT, _JAVA_DYNAMIC), where("$M", rf"^{spared}{names}(?:\.|$)")),
        all_of(text(java.QUALIFIED.format(names=within + names)), _JAVA_CODE),
    )
