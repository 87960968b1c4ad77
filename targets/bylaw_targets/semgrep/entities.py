"""Classes, functions and methods: `Each class in G` and what it must have or be named."""

from collections.abc import Callable
from functools import lru_cache

from bylaw import ir
from bylaw.area import TreeFacts
from bylaw.ir import AnySubject, EntitiesSubject, Pattern
from bylaw.places import TESTS
from bylaw.scope import ScopedConstraint
from bylaw_targets.semgrep.catalogue import go, java, python, script
from bylaw_targets.semgrep.draft import Drafts, Rule, UnsupportedError
from bylaw_targets.semgrep.formula import (
    Formula,
    all_of,
    any_of,
    focus,
    having_some,
    inside,
    lacking,
    none_of,
    outside,
    pattern,
    where,
)
from bylaw_targets.semgrep.languages import Dialect, for_each
from bylaw_targets.semgrep.places import narrow
from bylaw_targets.semgrep.references import HIDDEN, MEMBER, doubt_relative, is_dotted
from bylaw_targets.semgrep.style import any_regex, name_regex

_HERITAGE = "a class that inherits through another class of the repository is not seen to"
_IN_BLOCK = "a method in a loop, `with` or `try` of its class is taken for a function"
_ELSE_READ = "in a file with a `match` statement docstrings are not told from other strings"
_ON_NAME = focus("$NAME")

# Semgrep's own names for the entities of each language; what is missing does not exist there.
_PYTHON_METHOD = any_of(
    *(all_of(pattern(python.FUNCTION), inside(pattern(p))) for p in python.METHOD_PLACES)
)
_ENTITY: dict[tuple[str, str], Formula] = {
    ("python", "class"): pattern(python.CLASS),
    ("python", "method"): _PYTHON_METHOD,
    ("python", "function"): all_of(pattern(python.FUNCTION), none_of(_PYTHON_METHOD)),
    ("python", "test"): all_of(pattern(python.FUNCTION), where("$NAME", "^test")),
    ("typescript", "class"): any_of(*map(pattern, script.CLASSES)),
    ("typescript", "method"): all_of(
        pattern(script.FUNCTION), inside(pattern(script.METHOD_PLACE))
    ),
    ("typescript", "function"): all_of(
        pattern(script.FUNCTION),
        none_of(all_of(pattern(script.FUNCTION), inside(pattern(script.METHOD_PLACE)))),
    ),
    ("go", "class"): pattern(go.STRUCT),
    ("go", "function"): all_of(
        any_of(*map(pattern, go.FUNCTIONS)), *(none_of(pattern(m)) for m in go.METHODS)
    ),
    ("go", "method"): any_of(*map(pattern, go.METHODS)),
    ("go", "test"): all_of(any_of(*map(pattern, go.FUNCTIONS)), where("$NAME", "^[tT]est")),
    ("java", "class"): all_of(pattern(java.CLASS), none_of(pattern(java.ENUM))),
    ("java", "method"): all_of(
        any_of(*map(pattern, java.METHODS)), outside(pattern(java.INTERFACE))
    ),
    ("typescript", "test"): all_of(pattern(script.FUNCTION), where("$NAME", "^test")),
    ("java", "test"): all_of(any_of(*map(pattern, java.METHODS)), where("$NAME", "^test")),
}
_ENTITY |= {
    ("javascript", entity): formula
    for (name, entity), formula in _ENTITY.items()
    if name == "typescript"
}


def body(subject: AnySubject, dialect: Dialect, drafts: Drafts) -> Formula:
    """Return the entities of a subject, each as a whole; `$NAME` is its name."""
    if not isinstance(subject, EntitiesSubject):
        raise TypeError(subject.noun)
    found = _ENTITY.get((dialect.name, subject.entity))
    if found is None:
        raise UnsupportedError(f"there is no {subject.entity} in {dialect.name.title()}")
    parts = [found]
    if dialect.name == "python" and subject.entity in ("function", "method"):
        drafts.doubt("over-reports" if subject.entity == "function" else "misses", _IN_BLOCK)
    script_like = dialect.name in ("typescript", "javascript")
    if script_like and subject.entity == "class":
        drafts.doubt("misses", "a class inside an expression is not seen")
    if script_like and subject.entity == "method":
        drafts.doubt("over-reports", "a function held by a field of a class counts as a method")
        drafts.doubt("misses", "an abstract method is not seen")
    if subject.matching:
        parts.append(where("$NAME", any_regex([name_regex(name) for name in subject.matching])))
    if subject.inheriting:
        drafts.doubt("misses", _HERITAGE)
        parts.append(any_of(*(b for p in subject.inheriting for b in _bases(p, dialect))))
    if subject.decorated:
        kind = "class" if subject.entity == "class" else "function"
        decorated = [d for p in subject.decorated for d in _decorators(p, kind, dialect)]
        parts.append(any_of(*decorated))
    return all_of(*parts)


def add(
    scoped: ScopedConstraint,
    dialect: Dialect,
    drafts: Drafts,
    formulas: list[Formula],
    *,
    shallow: bool = False,
) -> None:
    """Draft one rule for each formula, for tests in test files only."""
    area = None
    subject = scoped.constraint.subject
    if isinstance(subject, EntitiesSubject) and subject.entity == "test":
        area = narrow(scoped.area, scoped.tests or test_files(dialect.endings))
        if area is None:
            return
    for formula in formulas:
        rule = Rule(dialect.name, dialect.keys, formula, dialect.endings, area, shallow=shallow)
        drafts.rules.append(rule)


# --- be decorated with -------------------------------------------------------------------------


def decorated(scoped: ScopedConstraint, facts: TreeFacts) -> Drafts:
    """Draft the rules of `be decorated with`."""
    constraint = scoped.constraint
    if not isinstance(constraint, ir.Decorated):
        raise TypeError(constraint.shape)
    subject = constraint.subject
    kind = (
        "class"
        if isinstance(subject, EntitiesSubject) and subject.entity == "class"
        else "function"
    )
    drafts = _have(
        scoped,
        constraint.modal,
        constraint.quantifier,
        lambda dialect: [_decorators(p, kind, dialect) for p in constraint.patterns],
    )
    _doubt_names(constraint, facts, drafts)
    if kind == "class" and any(rule.suffix == "typescript" for rule in drafts.rules):
        drafts.doubt(
            "over-reports" if constraint.modal == "must" else "misses",
            "the decorators of an abstract class are not seen",
        )
    return drafts


def _doubt_names(constraint: ir.Decorated | ir.Inherit, facts: TreeFacts, drafts: Drafts) -> None:
    """Say where a decorator or a base class is taken for one that is imported, or not seen."""
    if not any(rule.suffix == "python" for rule in drafts.rules):
        return
    seen = Drafts()
    if any(name.any_receiver for name in constraint.patterns):
        seen.doubt("over-reports", MEMBER)
    if any(map(is_dotted, constraint.patterns)):
        seen.doubt("over-reports", HIDDEN)
    doubt_relative(constraint.patterns, facts, seen)
    if constraint.modal == "must":
        seen.turn()
    for errs, reason in seen.doubts:
        drafts.doubt(errs, reason)


def _decorators(name: Pattern, kind: str, dialect: Dialect) -> list[Formula]:
    if "*" in name.name:
        raise UnsupportedError("a wildcard for a decorator has no rule")
    path = f"$RECEIVER.{name.name.lstrip('.')}" if name.any_receiver else name.name
    if name.arguments and dialect.name != "python":
        raise UnsupportedError("the arguments of a decorator have rules in Python only")
    called = f"@{path}({_arguments(name)})"
    heads = [called] if name.arguments else [f"@{path}", called]
    templates = _DECORATED.get((dialect.name, kind))
    if templates is None:
        raise UnsupportedError(f"{dialect.name.title()} has no rule for a decorated {kind}")
    return [pattern(form.replace("{decorator}", head)) for head in heads for form in templates]


def _arguments(name: Pattern) -> str:
    if not name.arguments:
        return "..."
    parts: list[str] = []
    for argument in name.arguments:
        value = argument.value or "$ARGUMENT"
        parts.append(value if argument.name is None else f"{argument.name}={value}")
    return f"..., {', ..., '.join(parts)}, ..."


_DECORATED = {
    ("python", "class"): python.DECORATED_CLASS,
    ("python", "function"): python.DECORATED_FUNCTION,
    ("typescript", "class"): script.DECORATED_CLASS,
    ("typescript", "function"): script.DECORATED_METHOD,
    ("javascript", "class"): script.DECORATED_CLASS[:1],
    ("javascript", "function"): script.DECORATED_METHOD,
    ("java", "class"): java.DECORATED_CLASS,
    ("java", "function"): java.DECORATED_METHOD,
}


# --- inherit from ------------------------------------------------------------------------------


def inherit(scoped: ScopedConstraint, facts: TreeFacts) -> Drafts:
    """Draft the rules of `inherit from`."""
    constraint = scoped.constraint
    if not isinstance(constraint, ir.Inherit):
        raise TypeError(constraint.shape)
    drafts = _have(
        scoped,
        constraint.modal,
        constraint.quantifier,
        lambda dialect: [_bases(p, dialect) for p in constraint.patterns],
    )
    drafts.doubt("over-reports" if constraint.modal == "must" else "misses", _HERITAGE)
    _doubt_names(constraint, facts, drafts)
    return drafts


def _bases(name: Pattern, dialect: Dialect) -> list[Formula]:
    if "*" in name.name:
        raise UnsupportedError("a wildcard for a base class has no rule")
    path = f"$RECEIVER.{name.name.lstrip('.')}" if name.any_receiver else name.name
    templates = _INHERITING.get(dialect.name)
    if templates is None:
        raise UnsupportedError("Go has no classes that inherit")
    return [pattern(template.replace("{base}", path)) for template in templates]


_INHERITING = {
    "python": python.INHERITING,
    "typescript": script.INHERITING,
    "javascript": script.INHERITING[:1],
    "java": java.INHERITING,
}


# --- the common form ---------------------------------------------------------------------------


def _have(
    scoped: ScopedConstraint,
    modal: str,
    quantifier: str,
    forms: Callable[[Dialect], list[list[Formula]]],
) -> Drafts:
    """Draft rules for entities that lack, or have, what some patterns describe."""
    drafts = Drafts()

    def draft(dialect: Dialect) -> None:
        whole = body(scoped.constraint.subject, dialect, drafts)
        add(scoped, dialect, drafts, judged(whole, forms(dialect), modal, quantifier))

    return for_each(scoped, drafts, draft)


@lru_cache(maxsize=16)
def test_files(endings: tuple[str, ...]) -> tuple[str, ...]:
    """Return the language of decisions' own globs for the test files in one language."""
    named = [glob for glob in TESTS if not glob.endswith("/**") and "*" in glob.rpartition("/")[2]]
    return (
        *(glob for glob in TESTS if glob.endswith("/**")),
        *(glob.removesuffix(".*") + ending for glob in named for ending in endings),
    )


def judged(
    whole: Formula, having: list[list[Formula]], modal: str, quantifier: str
) -> list[Formula]:
    """Return the entities that have one of some forms, or lack one; reported at their names."""
    flat = [one for group in having for one in group]
    if modal == "must-not":
        return [all_of(whole, any_of(*flat), _ON_NAME)]
    groups = having if quantifier == "all" else [flat]
    return [all_of(whole, *map(none_of, group), _ON_NAME) for group in groups]


# --- define ------------------------------------------------------------------------------------


def define(scoped: ScopedConstraint, _: TreeFacts) -> Drafts:
    """Draft the rules of `define N`."""
    constraint = scoped.constraint
    subject = constraint.subject
    if not isinstance(constraint, ir.Define) or not isinstance(subject, EntitiesSubject):
        raise TypeError(constraint.shape)
    if any(name.form != "glob" or "*" in name.text for name in constraint.names):
        raise UnsupportedError("a pattern for the names that are defined has no rule")
    if subject.entity not in ("class", "module"):
        raise UnsupportedError(f"a {subject.entity} defines nothing")
    drafts = Drafts()
    drafts.doubt(
        "misses" if constraint.modal == "must-not" else "over-reports",
        "a name that is bound by an import, with others or by a loop is not seen",
    )

    def draft(dialect: Dialect) -> None:
        if dialect.name != "python":
            raise UnsupportedError("what a class or module defines has rules in Python only")
        having = [_definitions(name.text, subject.entity) for name in constraint.names]
        if subject.entity == "class":
            drafts.doubt(
                "over-reports" if constraint.modal == "must-not" else "misses",
                "a class in another of the same name shares what it defines",
            )
            whole = body(subject, dialect, drafts)
            formulas = judged(whole, having, constraint.modal, constraint.quantifier)
        else:
            flat = [one for group in having for one in group]
            groups = having if constraint.quantifier == "all" else [flat]
            formulas = [lacking(any_of(*group), "python") for group in groups]
            if constraint.modal == "must-not":
                formulas = [having_some(any_of(*flat), "python")]
        add(scoped, dialect, drafts, formulas)

    return for_each(scoped, drafts, draft)


def _definitions(name: str, entity_: str) -> list[Formula]:
    if entity_ == "class":
        return [pattern(p.format(name=name)) for p in python.MEMBERS]
    nested = outside(all_of(any_of(*map(pattern, python.NESTED)), focus("$BODY")))
    return [all_of(pattern(p.format(name=name)), nested) for p in python.DEFINED]


# --- docstrings, annotations, names ------------------------------------------------------------


def documented(scoped: ScopedConstraint, _: TreeFacts) -> Drafts:
    """Draft the rules of `have a docstring` and `be annotated`."""
    constraint = scoped.constraint
    subject = constraint.subject
    if not isinstance(subject, EntitiesSubject):
        raise TypeError(subject.noun)
    drafts = Drafts()

    def draft(dialect: Dialect) -> None:
        if dialect.name != "python":
            raise UnsupportedError("docstrings and annotations have rules in Python only")
        whole = body(subject, dialect, drafts) if subject.entity != "module" else ""
        if constraint.shape == "annotated":
            formulas = [_unannotated(whole)]
        elif subject.entity == "module":
            raise UnsupportedError("Semgrep does not tell a module's docstring from other strings")
        else:
            is_class = subject.entity == "class"
            form = python.DOCUMENTED_CLASS if is_class else python.DOCUMENTED_FUNCTION
            others = [pattern(form.format(first=first)) for first in python.NO_DOCSTRINGS]
            string = any_of(
                all_of(
                    pattern(form.format(first="$FIRST")), where("$FIRST", python.DOCSTRING_TEXT)
                ),
                all_of(pattern(form.format(first=python.DOCSTRING)), *map(none_of, others)),
            )
            formulas = [all_of(whole, none_of(string), _ON_NAME)]
            drafts.doubt("misses", _ELSE_READ)
            drafts.doubt("over-reports", _ELSE_READ)
            drafts.doubt("misses", "a definition in another of the same name shares its docstring")
        add(scoped, dialect, drafts, formulas, shallow=constraint.shape == "docstring")

    return for_each(scoped, drafts, draft)


def _unannotated(whole: Formula) -> Formula:
    untyped = all_of(
        any_of(*map(pattern, python.PARAMETERS)),
        where("$PARAMETER", r"^(?!(?:self|cls)$)\w+$"),
        *(none_of(pattern(typed)) for typed in python.TYPED_PARAMETERS),
    )
    bare = all_of(whole, none_of(pattern(python.RETURNS)), _ON_NAME)
    return any_of(bare, all_of(whole, untyped, _ON_NAME))


def named(scoped: ScopedConstraint, _: TreeFacts) -> Drafts:
    """Draft the rules of `be named N` for entities in code."""
    constraint = scoped.constraint
    subject = constraint.subject
    if not isinstance(constraint, ir.Named):
        raise TypeError(constraint.shape)
    if not isinstance(subject, EntitiesSubject) or subject.entity == "module":
        raise UnsupportedError("the names of files and folders are not in the code")
    regexes = [name_regex(name) for name in constraint.names]
    if constraint.modal == "must-not":
        wrong = [any_regex(regexes)]
    elif constraint.quantifier == "all":
        wrong = [f"^(?!{regex}$)" for regex in regexes]
    else:
        wrong = [f"^(?!(?:{'|'.join(regexes)})$)"]
    drafts = Drafts()

    def draft(dialect: Dialect) -> None:
        whole = body(subject, dialect, drafts)
        formulas = [all_of(whole, where("$NAME", regex), _ON_NAME) for regex in wrong]
        add(scoped, dialect, drafts, formulas)

    return for_each(scoped, drafts, draft)
