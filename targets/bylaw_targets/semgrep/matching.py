"""`match:` and a fence: the author's own Semgrep pattern; and the ways to write an import."""

from bylaw import ir
from bylaw.area import TreeFacts
from bylaw.scope import ScopedConstraint
from bylaw_targets.semgrep.catalogue import go, java, script
from bylaw_targets.semgrep.draft import Drafts, Rule, UnsupportedError
from bylaw_targets.semgrep.formula import (
    Formula,
    all_of,
    any_of,
    focus,
    lacking,
    not_text,
    pattern,
    text,
    where,
)
from bylaw_targets.semgrep.languages import dialects
from bylaw_targets.semgrep.python_imports import FROM, STAR


def semgrep_pattern(scoped: ScopedConstraint, _: TreeFacts) -> Drafts:
    """Draft the rules of `match:`; one file without a match is one violation of MUST."""
    constraint = scoped.constraint
    if not isinstance(constraint, ir.MatchPattern):
        raise TypeError(constraint.shape)
    drafts = Drafts()
    found = dialects(scoped)
    if not scoped.languages and getattr(constraint.subject, "language", None) is None:
        raise UnsupportedError("the tree does not tell which language the pattern is in")
    wanted = pattern(constraint.pattern.strip("\n"))
    for dialect in found:
        if constraint.modal == "must":
            for key in dialect.keys:
                drafts.rules.append(Rule(key, (key,), lacking(wanted, key), dialect.endings))
        else:
            drafts.rules.append(Rule(dialect.name, dialect.keys, wanted, dialect.endings))
    if len(found) > 1:
        drafts.doubt("misses", "a pattern is code in one language, and the scope holds several")
    return drafts


def import_style(scoped: ScopedConstraint, _: TreeFacts) -> Drafts:
    """Draft the rules of relative imports, wildcard imports and default exports."""
    constraint = scoped.constraint
    if not isinstance(constraint, ir.ImportStyle):
        raise TypeError(constraint.shape)
    drafts = Drafts()
    for dialect in dialects(scoped):
        forms = [f for style in constraint.styles for f in _STYLES.get((style, dialect.name), ())]
        if forms:
            formula = any_of(*forms)
            drafts.rules.append(Rule(dialect.name, dialect.keys, formula, dialect.endings))
    return drafts


_SCRIPT_STYLES: dict[str, tuple[Formula, ...]] = {
    "relative": (
        all_of(
            any_of(*map(pattern, (*script.IMPORT, *script.CALLED_IMPORT))),
            where("$M", r"^\.\.?(?:/|$)"),
        ),
        text(script.EXPORT_TYPE.format(names=r"\.\.?(?:/[^\"'\n]*)?")),
    ),
    "wildcard": (all_of(pattern(script.NAMESPACE_IMPORT), not_text(script.ASSIGNED_IMPORT)),),
    "default-export": (pattern(script.DEFAULT_EXPORT), text(script.DEFAULT_NAMESPACE)),
}
_STYLES: dict[tuple[str, str], tuple[Formula, ...]] = {
    ("relative", "python"): (all_of(any_of(FROM, STAR), where("$M", r"^\.")),),
    ("wildcard", "python"): (STAR,),
    ("wildcard", "java"): (pattern(java.WILDCARD_IMPORT),),
    ("wildcard", "go"): (all_of(pattern(go.DOT_IMPORT), focus("$M")),),
    **{(style, "typescript"): forms for style, forms in _SCRIPT_STYLES.items()},
    **{(style, "javascript"): forms for style, forms in _SCRIPT_STYLES.items()},
}
