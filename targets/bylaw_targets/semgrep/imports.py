"""`import X`: what is banned, allowed or kept to one place, in each language."""

import re
from dataclasses import replace

from bylaw import ir
from bylaw.area import TreeFacts
from bylaw.scope import ScopedConstraint
from bylaw_targets.semgrep.ask import Ask, ask, is_internal, python_asks, spare, spared
from bylaw_targets.semgrep.draft import Drafts, Rule, UnsupportedError
from bylaw_targets.semgrep.formula import any_of, lacking
from bylaw_targets.semgrep.languages import Dialect, dialects
from bylaw_targets.semgrep.other_imports import go_imports, java_imports
from bylaw_targets.semgrep.python_imports import absolute, declared, relative
from bylaw_targets.semgrep.python_relative import levels
from bylaw_targets.semgrep.references import RELATIVE
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
        return _require(scoped, facts)
    drafts = Drafts()
    for dialect in dialects(scoped):
        _IMPORTS[dialect.name](scoped, facts, dialect, drafts)
    return drafts


def _require(scoped: ScopedConstraint, facts: TreeFacts) -> Drafts:
    """Each module imports all of the operands, or one of them."""
    constraint = scoped.constraint
    drafts = Drafts()
    if not isinstance(constraint, ir.Import):
        raise TypeError(constraint.shape)
    whole = ask(scoped)
    for dialect in dialects(scoped):
        if dialect.name == "python":
            found = [declared(replace(whole, names=(name,))) for name in whole.names]
            if any(is_internal(name, facts) for name in whole.names):
                drafts.doubt("over-reports", RELATIVE)
        elif dialect.name in ("typescript", "javascript"):
            found = [p for n in whole.names if (p := packages(replace(whole, names=(n,))))]
        else:
            raise UnsupportedError("an import that must be there has no rule in Go or Java")
        if not found or whole.files:
            raise UnsupportedError("an import of files that must be there has no rule")
        wanted = found if constraint.quantifier == "all" else [any_of(*found)]
        for formula in wanted:
            for key in dialect.keys:
                drafts.rules.append(Rule(key, (key,), lacking(formula, key), dialect.endings))
    return drafts


def _python(scoped: ScopedConstraint, facts: TreeFacts, dialect: Dialect, drafts: Drafts) -> None:
    rules = drafts.rules
    for part in python_asks(scoped, facts):
        if not part.names and not part.only:
            continue
        if any("**" in name and is_internal(name, facts) for name in part.names):
            drafts.doubt("misses", "a relative import of what a `**` stands for is not seen")
        formula = absolute(part)
        rules.append(Rule("python", dialect.keys, formula, dialect.endings, part.area))
        for level in levels(part, facts):
            found = relative(level, part)
            if found is not None:
                rules.append(
                    Rule("python-relative", dialect.keys, found, dialect.endings, level.area)
                )


def _script(scoped: ScopedConstraint, facts: TreeFacts, dialect: Dialect, drafts: Drafts) -> None:
    whole = ask(scoped)
    for part in spare(whole, spared(scoped, facts)):
        formula = packages(part)
        if formula is not None:
            drafts.rules.append(
                Rule(dialect.name, dialect.keys, formula, dialect.endings, part.area)
            )
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


def _go(scoped: ScopedConstraint, facts: TreeFacts, dialect: Dialect, drafts: Drafts) -> None:
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
        for part in spare(whole, spared(scoped, facts)):
            formula = go_imports(part, own)
            drafts.rules.append(Rule("go", dialect.keys, formula, dialect.endings, part.area))


def _java(scoped: ScopedConstraint, facts: TreeFacts, dialect: Dialect, drafts: Drafts) -> None:
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
    if whole.only:
        drafts.doubt("misses", "a qualified name in the code is not judged in Java")
    if names or whole.only:
        judged = Ask(whole.area, tuple(names), whole.excepts, (), whole.only)
        for part in spare(judged, spared(scoped, facts)):
            formula = java_imports(part)
            drafts.rules.append(Rule("java", dialect.keys, formula, dialect.endings, part.area))


_IMPORTS = {
    "python": _python,
    "typescript": _script,
    "javascript": _script,
    "go": _go,
    "java": _java,
}
