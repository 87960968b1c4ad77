"""Calls and other references in each language: one formula for one name."""

from functools import lru_cache

from bylaw.area import Area
from bylaw.ir import Pattern
from bylaw_targets.semgrep.ask import Ask
from bylaw_targets.semgrep.catalogue import go, java, python, script
from bylaw_targets.semgrep.draft import Drafts, UnsupportedError
from bylaw_targets.semgrep.formula import (
    Formula,
    all_of,
    any_of,
    focus,
    inside,
    outside,
    pattern,
    where,
)
from bylaw_targets.semgrep.names import escape
from bylaw_targets.semgrep.python_imports import FROM, declared

HIDDEN = "a local variable that has the name of an import is taken for it"


def code(name: Pattern, tail: str) -> tuple[str, list[Formula]]:
    """Return a pattern for a name and what follows it, with conditions for its wildcards."""
    if name.any_receiver:
        return _wild(["$RECEIVER", *name.name.lstrip(".").split(".")], tail)
    return _wild(name.name.split("."), tail)


def _wild(segments: list[str], tail: str) -> tuple[str, list[Formula]]:
    parts: list[str] = []
    conditions: list[Formula] = []
    for number, segment in enumerate(segments):
        if "*" in segment:
            if number == 0 and len(segments) > 1:
                raise UnsupportedError("a wildcard for the first name of a path has no rule")
            parts.append(f"$PART{number}")
            regex = r"\w*".join(map(escape, segment.split("*")))
            conditions.append(where(f"$PART{number}", f"^{regex}$"))
        else:
            parts.append(segment)
    return ".".join(parts) + tail, conditions


def is_dotted(name: Pattern) -> bool:
    """Tell whether a name is resolved through imports."""
    return "." in name.name.lstrip(".") and not name.any_receiver


def python_reference(name: Pattern, tail: str, drafts: Drafts) -> Formula:
    """Return a call (`tail` holds the arguments) or, with no tail, any reference."""
    found, conditions = code(name, tail)
    parts = [pattern(found)]
    if name.name in python.BUILTINS and not name.any_receiver:
        parts.append(pattern("builtins." + found))
    if not is_dotted(name):
        return all_of(any_of(*parts), *conditions)
    drafts.doubt("over-reports", HIDDEN)
    root, last = name.name.partition(".")[0], name.name.rpartition(".")[2]
    return all_of(*parts, *conditions, *_unhidden(root, "" if "*" in last else last))


@lru_cache(maxsize=4096)
def _unhidden(root: str, last: str) -> tuple[Formula, Formula]:
    """Leave out code in which a parameter or a variable has the name of an import."""
    hidden = [p.format(name=name) for name in (root, last) if name for p in python.SHADOWED]
    return (
        outside(all_of(any_of(*map(pattern, hidden)), focus("$BODY"))),
        outside(any_of(*(pattern(p.format(name=root)) for p in python.REBOUND))),
    )


def python_use(name: Pattern, drafts: Drafts) -> Formula:
    """Return any reference to a name, its import among them."""
    reference = python_reference(name, "", drafts)
    if name.any_receiver:
        return reference
    if is_dotted(name):
        return any_of(reference, declared(Ask(Area(), (name.name,))))
    if name.name in python.BUILTINS:
        return reference
    _, conditions = code(name, "")
    if conditions:
        regex = r"\w*".join(map(escape, name.name.split("*")))
        return any_of(reference, all_of(FROM, where("$N", f"^{regex}$")))
    return any_of(reference, all_of(FROM, where("$N", f"^{escape(name.name)}$")))


def script_reference(name: Pattern, tail: str, drafts: Drafts) -> Formula:
    """Return a call or reference in TypeScript and JavaScript."""
    found, conditions = code(name, tail)
    if not is_dotted(name):
        return all_of(pattern(found), *conditions)
    drafts.doubt("over-reports", HIDDEN)
    module, _, member = name.name.partition(".")
    if "*" in name.name:
        return all_of(pattern(found), *conditions)
    bound = where("$M", f"^(?:node:)?{escape(module)}$")
    forms = [pattern(found), pattern(f"globalThis.{found}")]
    forms.append(pattern(f'require("{module}").{member}{tail}'))
    through = pattern(f"$MODULE.{member}{tail}")
    forms += [all_of(inside(pattern(binding)), bound, through) for binding in script.BINDINGS]
    if "." not in member:
        named = inside(pattern(script.MEMBER_BINDING.format(name=member)))
        forms.append(all_of(named, bound, pattern(f"$MEMBER{tail}")))
    return any_of(*forms)


def script_use(name: Pattern, drafts: Drafts) -> Formula:
    """Return any reference to a name, its import among them."""
    reference = script_reference(name, "", drafts)
    module, _, member = name.name.partition(".")
    if not is_dotted(name) or "." in member or "*" in name.name:
        return reference
    imported = pattern(f'import {{{member}}} from "$M"')
    return any_of(reference, all_of(imported, where("$M", f"^(?:node:)?{escape(module)}$")))


def go_reference(name: Pattern, tail: str, drafts: Drafts) -> Formula:
    """Return a call or reference in Go, bound to an import of the package."""
    found, conditions = code(name, tail)
    if not is_dotted(name):
        return all_of(pattern(found), *conditions)
    drafts.doubt("misses", "what a dot import or another variable name hides in Go is not seen")
    drafts.doubt("over-reports", HIDDEN)
    package, _, _ = found.partition(".")
    member = found[len(package) :]
    path = where("$M", f"^(?:[^\\s]+/)?{escape(package)}$")
    plain = all_of(inside(pattern(go.INSIDE_IMPORT)), path, pattern(found), *conditions)
    aliased = all_of(
        inside(pattern(go.INSIDE_ALIASED_IMPORT)), path, pattern("$ALIAS" + member), *conditions
    )
    return any_of(plain, aliased)


def java_reference(name: Pattern, tail: str, drafts: Drafts) -> Formula:
    """Return a call or reference in Java."""
    found, conditions = code(name, tail)
    forms = [pattern(found)]
    if is_dotted(name):
        drafts.doubt("over-reports", HIDDEN)
        owner, _, member = found.removesuffix(tail).rpartition(".")
        if not tail:
            forms += [pattern(f"{owner}::{member}"), pattern(f"{owner}.{member}(...)")]
        if owner.count(".") == 0 and owner in java.LANG:
            forms += [pattern(f"java.lang.{form[len('pattern: ') :][1:-1]}") for form in forms]
    return all_of(any_of(*forms), *conditions)
