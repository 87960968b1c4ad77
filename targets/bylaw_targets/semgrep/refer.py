"""`call`, `use`, `catch`, `pass` and `be wrapped in`: what code does with a name."""

import re
from collections.abc import Callable

from bylaw import ir
from bylaw.area import Area, TreeFacts
from bylaw.ir import Pattern
from bylaw.scope import ScopedConstraint
from bylaw_targets.semgrep import entities
from bylaw_targets.semgrep.ask import DOTTED, Ask
from bylaw_targets.semgrep.catalogue import java, python, script
from bylaw_targets.semgrep.draft import Drafts, Rule, UnsupportedError
from bylaw_targets.semgrep.formula import (
    Formula,
    all_of,
    any_of,
    focus,
    inside,
    lacking,
    none_of,
    not_text,
    outside,
    pattern,
    text,
)
from bylaw_targets.semgrep.languages import Dialect, for_each
from bylaw_targets.semgrep.names import escape
from bylaw_targets.semgrep.python_imports import absolute
from bylaw_targets.semgrep.references import (
    HIDDEN,
    HIDDEN_BUILTIN,
    HIDES,
    MEMBER,
    code,
    doubt_relative,
    go_reference,
    is_dotted,
    java_reference,
    python_name,
    python_reference,
    python_use,
    script_reference,
    script_use,
)
from bylaw_targets.semgrep.script_imports import packages

Reference = Callable[[Pattern, str, Drafts], Formula]

_REFERENCE: dict[str, Reference] = {
    "python": python_reference,
    "typescript": script_reference,
    "javascript": script_reference,
    "go": go_reference,
    "java": java_reference,
}


def refer(scoped: ScopedConstraint, facts: TreeFacts) -> Drafts:
    """Draft the rules of `call`, `use` and `catch`."""
    constraint = scoped.constraint
    if not isinstance(constraint, ir.Refer):
        raise TypeError(constraint.shape)
    drafts = Drafts()
    spared = _spared(constraint)

    def draft(dialect: Dialect) -> None:
        seen = Drafts()
        found = [_found(constraint.shape, name, dialect, seen) for name in constraint.patterns]
        but = [_found(constraint.shape, name, dialect, seen) for name in spared]
        if dialect.name == "python":
            doubt_relative(constraint.patterns, facts, seen)
        if constraint.subject.noun == "entities" and constraint.modal == "must":
            # What the rule overlooks is missed by what has to have it.
            seen.turn()
            drafts.doubts += [doubt for doubt in seen.doubts if doubt not in drafts.doubts]
            _require(constraint, dialect, drafts, found)
            return
        drafts.doubts += [doubt for doubt in seen.doubts if doubt not in drafts.doubts]
        formula = all_of(any_of(*found), *map(none_of, but))
        if constraint.subject.noun == "entities":
            formula = all_of(formula, inside(entities.body(constraint.subject, dialect, drafts)))
        fix = _fix(constraint) if len(found) == 1 and not but else None
        if fix is not None:
            formula = pattern(f"{code(constraint.patterns[0], '')[0]}($...ARGUMENTS)")
        drafts.rules.append(Rule(dialect.name, dialect.keys, formula, dialect.endings, fix=fix))

    return for_each(scoped, drafts, draft)


_METHOD = re.compile(r"\.[A-Za-z_]\w*(?:\(\))?")


def _fix(constraint: ir.Refer) -> str | None:
    """Return what a call of a method becomes where another method of the same name's form does.

    Only this needs no import and keeps the arguments, so only this is mechanical.
    """
    alternative = constraint.alternative.code if constraint.alternative else None
    name = constraint.patterns[0]
    plain = name.any_receiver and constraint.subject.noun == "code" and "*" not in name.name
    if not plain or constraint.shape != "call" or alternative is None:
        return None
    if _METHOD.fullmatch(alternative) is None:
        return None
    return f"$RECEIVER{alternative.removesuffix('()')}($...ARGUMENTS)"


def _spared(constraint: ir.ConstraintNode) -> list[Pattern]:
    return [
        operand
        for exception in constraint.exceptions
        if isinstance(exception, ir.ExceptOperands)
        for operand in exception.operands
        if isinstance(operand, Pattern)
    ]


def _found(shape: str, name: Pattern, dialect: Dialect, drafts: Drafts) -> Formula:
    if shape == "catch":
        return _CATCH[dialect.name](name, drafts)
    if shape == "call":
        return _REFERENCE[dialect.name](name, "(...)", drafts)
    if dialect.name == "python":
        return python_use(name, drafts)
    if dialect.name in ("typescript", "javascript"):
        return script_use(name, drafts)
    return _REFERENCE[dialect.name](name, "", drafts)


def _require(constraint: ir.Refer, dialect: Dialect, drafts: Drafts, found: list[Formula]) -> None:
    """Each entity has the call somewhere in it: all of the names, or one of them."""
    subject = constraint.subject
    if not isinstance(subject, ir.EntitiesSubject):
        raise TypeError(subject.noun)
    wanted = found if constraint.quantifier == "all" else [any_of(*found)]
    if subject.entity == "module":
        formulas = [lacking(one, dialect.keys[0]) for one in wanted]
    elif constraint.shape == "call" and dialect.name == "python":
        names = constraint.patterns
        calls = [[_deep(name)] for name in names]
        if constraint.quantifier == "any":
            calls = [[deep for one in calls for deep in one]]
        whole = entities.body(subject, dialect, drafts)
        formulas = [
            all_of(whole, *(none_of(pattern(deep)) for deep in deeps), focus("$NAME"))
            for deeps in calls
        ]
    else:
        raise UnsupportedError("Semgrep has no rule for an entity that lacks such code")
    for formula in formulas:
        drafts.rules.append(Rule(dialect.name, dialect.keys, formula, dialect.endings))


def _deep(name: Pattern) -> str:
    if "*" in name.name:
        raise UnsupportedError("a call by a wildcard cannot be required")
    call, _ = code(name, "(...)")
    return python.CALLING.format(call=call)


# --- catch -------------------------------------------------------------------------------------


def _python_catch(name: Pattern, drafts: Drafts) -> Formula:
    handled = inside(all_of(any_of(*map(pattern, python.HANDLERS)), focus("$TYPE")))
    if name.any_receiver:
        drafts.doubt("over-reports", MEMBER)
    else:
        drafts.doubt("over-reports", HIDDEN_BUILTIN if name.name in python.BUILTINS else HIDDEN)
        if is_dotted(name):
            drafts.doubt("misses", HIDES)
    caught = all_of(python_name(name, ""), handled)
    if name.name != "BaseException":
        return caught
    return any_of(caught, all_of(text(python.BARE_HANDLER), not_text(python.NO_CODE)))


def _java_catch(name: Pattern, drafts: Drafts) -> Formula:
    if name.any_receiver or "*" in name.name:
        raise UnsupportedError("a pattern for the names of exceptions has no rule")
    package, _, short = name.name.rpartition(".")
    if package:
        drafts.doubt("over-reports", "an exception is told by its short name in Java")
    written = rf"(?:{escape(package or 'java.lang')}\.)?{escape(short)}"
    return all_of(text(java.HANDLER.replace("{name}", written)), not_text(java.NO_CODE))


def _no_catch(_name: Pattern, _drafts: Drafts) -> Formula:
    raise UnsupportedError("only Python and Java name what a handler catches")


_CATCH: dict[str, Callable[[Pattern, Drafts], Formula]] = {
    "python": _python_catch,
    "java": _java_catch,
    "typescript": _no_catch,
    "javascript": _no_catch,
    "go": _no_catch,
}


# --- pass --------------------------------------------------------------------------------------


def pass_argument(scoped: ScopedConstraint, facts: TreeFacts) -> Drafts:
    """Draft the rules of `Each call to P MUST pass A`."""
    constraint = scoped.constraint
    subject = constraint.subject
    if not isinstance(constraint, ir.Pass) or not isinstance(subject, ir.CallsSubject):
        raise TypeError(constraint.shape)
    drafts = Drafts()

    def draft(dialect: Dialect) -> None:
        if constraint.arguments and dialect.name not in _KEYWORD:
            raise UnsupportedError(f"{dialect.name.title()} has no keyword arguments")
        for formula in _passing(constraint, subject.patterns, dialect, drafts):
            drafts.rules.append(Rule(dialect.name, dialect.keys, formula, dialect.endings))
        if dialect.name == "python":
            doubt_relative(subject.patterns, facts, drafts)

    return for_each(scoped, drafts, draft)


def _passing(
    constraint: ir.Pass, names: tuple[Pattern, ...], dialect: Dialect, drafts: Drafts
) -> list[Formula]:
    def calls(tail: str) -> Formula:
        return any_of(*(_REFERENCE[dialect.name](name, tail, drafts) for name in names))

    if not constraint.arguments:
        return [calls("()")]
    tails = [_tails(a, dialect) for a in constraint.arguments]
    if constraint.modal == "must-not":
        return [any_of(*(calls(tail) for forms in tails for tail in forms))]
    groups = tails if constraint.quantifier == "all" else [[t for forms in tails for t in forms]]
    spreads = _SPREAD[dialect.name]
    return [
        all_of(
            calls("(...)"), *(none_of(_bare_call(names, t, dialect)) for t in (*group, *spreads))
        )
        for group in groups
    ]


def _bare_call(names: tuple[Pattern, ...], tail: str, dialect: Dialect) -> Formula:
    """Match a call that is to be left out, where it need not be told from its look-alikes."""
    found = []
    for name in names:
        call, conditions = code(name, tail)
        calls = [call]
        if dialect.name in ("typescript", "javascript"):
            owned = () if name.any_receiver else script.GLOBAL_OBJECTS
            calls = [made + owner + call for made in ("", "new ") for owner in ("", *owned)]
        found.append(all_of(any_of(*map(pattern, calls)), *conditions))
    return any_of(*found)


def _tails(argument: ir.Argument, dialect: Dialect) -> list[str]:
    """Return the argument lists that hold an argument by its name."""
    if argument.name is None:
        raise UnsupportedError("an argument without a name cannot be told from others")
    forms = _KEYWORD[dialect.name]
    if argument.value is None:
        forms += _SHORTHAND.get(dialect.name, ())
    value = argument.value or "$VALUE"
    return [form.replace("NAME", argument.name).replace("VALUE", value) for form in forms]


_KEYWORD: dict[str, tuple[str, ...]] = {
    "python": python.KEYWORD,
    "typescript": script.KEYWORD,
    "javascript": script.KEYWORD,
}
_SHORTHAND = {"typescript": (script.SHORTHAND,), "javascript": (script.SHORTHAND,)}
_SPREAD = {"python": python.SPREAD, "typescript": script.SPREAD, "javascript": script.SPREAD}


# --- be wrapped in -----------------------------------------------------------------------------


def wrapped(scoped: ScopedConstraint, facts: TreeFacts) -> Drafts:
    """Draft the rules of `Each import of M MUST be wrapped in P`, and of calls."""
    constraint = scoped.constraint
    subject = constraint.subject
    if not isinstance(constraint, ir.Wrapped):
        raise TypeError(constraint.shape)
    drafts = Drafts()

    def draft(dialect: Dialect) -> None:
        if isinstance(subject, ir.CallsSubject):
            calls = [_REFERENCE[dialect.name](n, "(...)", drafts) for n in subject.patterns]
            if dialect.name == "python":
                doubt_relative(subject.patterns, facts, drafts)
            found: Formula | None = any_of(*calls)
        elif isinstance(subject, ir.ImportsSubject):
            found = _imports(tuple(m.text for m in subject.modules), dialect)
        else:
            raise TypeError(subject.noun)
        if found is None:
            return
        around = [_around(name, dialect) for name in constraint.wrappers]
        groups = around if constraint.quantifier == "all" else [[f for fs in around for f in fs]]
        for group in groups:
            formula = all_of(found, *map(outside, group))
            drafts.rules.append(Rule(dialect.name, dialect.keys, formula, dialect.endings))

    return for_each(scoped, drafts, draft)


def _imports(names: tuple[str, ...], dialect: Dialect) -> Formula | None:
    if dialect.name == "python":
        known = tuple(name for name in names if DOTTED.fullmatch(name))
        return absolute(Ask(Area(), known)) if known else None
    if dialect.name in ("typescript", "javascript"):
        return packages(Ask(Area(), names))
    raise UnsupportedError("an import in Go or Java stands in nothing")


def _around(name: Pattern, dialect: Dialect) -> list[Formula]:
    if name.name == "try" and not name.any_receiver:
        if not _TRY[dialect.name]:
            raise UnsupportedError("Go has no try")
        return [all_of(any_of(*map(pattern, _TRY[dialect.name])), focus("$BODY"))]
    call, conditions = code(name, "(...)")
    if conditions:
        raise UnsupportedError("a wildcard for what wraps code has no rule")
    # An argument, not the callee: `retry(x)(send())` wraps, `send()(retry)` does not.
    argument = all_of(pattern(call.removesuffix("(...)") + "(..., $BODY, ...)"), focus("$BODY"))
    if dialect.name in ("typescript", "javascript"):
        made = pattern("new " + call.removesuffix("(...)") + "(..., $BODY, ...)")
        return [argument, all_of(made, focus("$BODY"))]
    if dialect.name != "python":
        return [argument]
    bare, _ = code(name, "")
    keyword = pattern(call.removesuffix("(...)") + "(..., $KEY=$BODY, ...)")
    forms = [pattern(p.format(name=n)) for n in (bare, call) for p in python.WITH]
    return [argument, all_of(keyword, focus("$BODY")), all_of(any_of(*forms), focus("$BODY"))]


_TRY = {
    "python": python.TRY,
    "typescript": script.TRY,
    "javascript": script.TRY,
    "java": java.TRY,
    "go": (),
}
