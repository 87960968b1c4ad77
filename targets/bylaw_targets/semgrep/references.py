"""Calls and other references in each language: one formula for one name."""

from collections.abc import Iterable
from functools import lru_cache

from bylaw.area import Area, TreeFacts
from bylaw.ir import Pattern
from bylaw_targets.semgrep.ask import Ask, is_internal
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
HIDES = "what only looks like a variable of that name hides the name"
GUARD = "code in the guard of a `case` or in the format of an f-string's field is not seen"
MEMBER = "a function that is imported by that name is taken for one on a receiver"
ALIASED = "what is imported under another name is not seen"
RELATIVE = "a relative import is not resolved"
BOUND = "a name that is given another value is taken for a reference to it"
HIDDEN_BUILTIN = "a variable that has the name of a builtin is taken for it"


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
    drafts.doubt("misses", GUARD)
    if name.any_receiver:
        drafts.doubt("over-reports", MEMBER)
    else:
        drafts.doubt("over-reports", HIDDEN_BUILTIN if name.name in python.BUILTINS else HIDDEN)
        drafts.doubt("misses", HIDES if is_dotted(name) else ALIASED)
    return python_name(name, tail)


def python_name(name: Pattern, tail: str) -> Formula:
    """Return the same without a word about what it misses."""
    found, conditions = code(name, tail)
    parts = [pattern(found)]
    if name.name in python.BUILTINS and not name.any_receiver:
        parts.append(pattern("builtins." + found))
        return all_of(any_of(*parts), *_unhidden(name.name, ""))
    if not is_dotted(name):
        return all_of(any_of(*parts), *conditions)
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
    drafts.doubt("over-reports", BOUND)
    if is_dotted(name):
        return any_of(reference, declared(Ask(Area(), (name.name,))))
    if name.name in python.BUILTINS:
        return reference
    _, conditions = code(name, "")
    if conditions:
        regex = r"\w*".join(map(escape, name.name.split("*")))
        return any_of(reference, all_of(FROM, where("$N", f"^{regex}$")))
    imported = declared(Ask(Area(), (name.name,)))
    return any_of(reference, imported, all_of(FROM, where("$N", f"^{escape(name.name)}$")))


def doubt_relative(names: Iterable[Pattern], facts: TreeFacts, drafts: Drafts) -> None:
    """Say that a name of the repository's own may be imported by a relative path."""
    if any(is_dotted(name) and is_internal(name.name, facts) for name in names):
        drafts.doubt("misses", RELATIVE)


def script_reference(name: Pattern, tail: str, drafts: Drafts) -> Formula:
    """Return a call or reference in TypeScript and JavaScript."""
    found, conditions = code(name, tail)
    drafts.doubt("over-reports", MEMBER if name.any_receiver else HIDDEN)
    if not name.any_receiver and not is_dotted(name):
        drafts.doubt("misses", ALIASED)
        owners = ("", *script.GLOBAL_OBJECTS)
        forms = [form for owner in owners for form in _made(owner + found, tail)]
        return all_of(any_of(*forms), *conditions)
    if name.any_receiver or "*" in name.name:
        return all_of(any_of(*_made(found, tail)), *conditions)
    module, _, member = name.name.partition(".")
    bound = where("$M", f"^(?:node:)?{escape(module)}$")
    forms = _made(found, tail)
    forms += [form for owner in script.GLOBAL_OBJECTS for form in _made(owner + found, tail)]
    forms += _made(f'require("{module}").{member}{tail}', tail)
    through = any_of(*_made(f"$MODULE.{member}{tail}", tail))
    forms += [all_of(inside(pattern(binding)), bound, through) for binding in script.BINDINGS]
    if "." not in member:
        named = inside(pattern(script.MEMBER_BINDING.format(name=member)))
        forms.append(all_of(named, bound, any_of(*_made(f"$MEMBER{tail}", tail))))
    return any_of(*forms)


def _made(found: str, tail: str) -> list[Formula]:
    """Return a reference, and a call with `new`, which makes an object."""
    return [pattern(found), pattern(f"new {found}")] if tail else [pattern(found)]


def script_use(name: Pattern, drafts: Drafts) -> Formula:
    """Return any reference to a name, its import among them."""
    reference = script_reference(name, "", drafts)
    drafts.doubt("over-reports", BOUND)
    module, _, member = name.name.partition(".")
    if not is_dotted(name) or "." in member or "*" in name.name:
        return reference
    imported = pattern(f'import {{{member}}} from "$M"')
    return any_of(reference, all_of(imported, where("$M", f"^(?:node:)?{escape(module)}$")))


def go_reference(name: Pattern, tail: str, drafts: Drafts) -> Formula:
    """Return a call or reference in Go, bound to an import of the package."""
    found, conditions = code(name, tail)
    if not is_dotted(name):
        if not tail:
            drafts.doubt("misses", "a name in a type is not seen in Go")
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
    if tail:
        forms.append(pattern(f"new {found}"))
    return all_of(any_of(*forms), *conditions)
