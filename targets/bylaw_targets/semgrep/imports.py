"""`import X`: what is banned, allowed or kept to one place, in each language."""

import re

from bylaw import ir
from bylaw.area import TreeFacts
from bylaw.scope import ScopedConstraint
from bylaw_targets.semgrep.ask import Ask, ask, python_asks
from bylaw_targets.semgrep.draft import Drafts, Rule, UnsupportedError
from bylaw_targets.semgrep.languages import Dialect, dialects
from bylaw_targets.semgrep.other_imports import go_imports, java_imports
from bylaw_targets.semgrep.python_imports import absolute, relative
from bylaw_targets.semgrep.python_relative import levels
from bylaw_targets.semgrep.script_imports import own_files, packages, strays

_JAVA_NAME = re.compile(r"[\w*$]+(?:\.[\w*$]+)*")
_JAVA_ROOT = re.compile(r"(?:.*/)?java/([\w/*]+?)(?:/\*\*|/|\.java)?")


def imports(scoped: ScopedConstraint, facts: TreeFacts) -> Drafts:
    """Draft the rules of an `import` constraint."""
    constraint = scoped.constraint
    if not isinstance(constraint, ir.Import):
        raise TypeError(constraint.shape)
    if constraint.reach == "indirect":
        raise UnsupportedError("Semgrep reads one file at a time and follows no chain of imports")
    if constraint.subject.noun == "entities":
        raise UnsupportedError("Semgrep finds code that is there, not an import that is missing")
    drafts = Drafts()
    for dialect in dialects(scoped):
        _IMPORTS[dialect.name](scoped, facts, dialect, drafts)
    return drafts


def _python(
    scoped: ScopedConstraint, facts: TreeFacts, dialect: Dialect, drafts: Drafts
) -> None:
    rules = drafts.rules
    for part in python_asks(scoped, facts):
        if not part.names and not part.only:
            continue
        formula = absolute(part)
        rules.append(Rule("python", dialect.keys, formula, dialect.endings, part.area))
        for level in levels(part, facts):
            found = relative(level, part)
            if found is not None:
                rules.append(
                    Rule("python-relative", dialect.keys, found, dialect.endings, level.area)
                )


def _script(
    scoped: ScopedConstraint, _: TreeFacts, dialect: Dialect, drafts: Drafts
) -> None:
    whole = ask(scoped)
    formula = packages(whole)
    if formula is not None:
        drafts.rules.append(Rule(dialect.name, dialect.keys, formula, dialect.endings))
    subject = scoped.constraint.subject
    own = tuple(g.text for g in subject.globs) if isinstance(subject, ir.CodeSubject) else ()
    pieces = strays(whole, own) if whole.only else own_files(whole)
    for found, part in pieces:
        suffix = f"{dialect.name}-relative"
        drafts.rules.append(Rule(suffix, dialect.keys, found, dialect.endings, part.area))
    if whole.only:
        drafts.doubt("over-reports", "a path alias of the bundler is taken for a package")
    elif whole.files:
        drafts.doubt("misses", "files imported through a path alias or a package name are not seen")


def _go(scoped: ScopedConstraint, _: TreeFacts, dialect: Dialect, drafts: Drafts) -> None:
    whole = ask(scoped)
    own: tuple[str, ...] = ()
    subject = scoped.constraint.subject
    if whole.only and isinstance(subject, ir.CodeSubject):
        own = tuple(glob.text for glob in subject.globs)
    if own or whole.files:
        drafts.doubt(
            "misses" if whole.only else "over-reports",
            "Go packages are told by the end of their path, for the module's own is not in scope",
        )
    if whole.only or whole.names or whole.files:
        formula = go_imports(whole, own)
        drafts.rules.append(Rule("go", dialect.keys, formula, dialect.endings))


def _java(scoped: ScopedConstraint, _: TreeFacts, dialect: Dialect, drafts: Drafts) -> None:
    whole = ask(scoped)
    names = [name for name in whole.names if _JAVA_NAME.fullmatch(name)]
    subject = scoped.constraint.subject
    own = tuple(g.text for g in subject.globs) if isinstance(subject, ir.CodeSubject) else ()
    for glob in (*whole.files, *(own if whole.only else ())):
        found = _JAVA_ROOT.fullmatch(glob)
        if found is None:
            drafts.doubt(
                "over-reports" if whole.only else "misses",
                f"which Java package `{glob}` is cannot be told",
            )
        else:
            names.append(found[1].replace("/", "."))
    if names or whole.only:
        part = Ask(whole.area, tuple(names), whole.excepts, (), whole.only)
        formula = java_imports(part)
        drafts.rules.append(Rule("java", dialect.keys, formula, dialect.endings))


_IMPORTS = {
    "python": _python,
    "typescript": _script,
    "javascript": _script,
    "go": _go,
    "java": _java,
}
