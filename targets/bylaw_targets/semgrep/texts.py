"""`contain`, `match` and `start with`: the text of files, comments and strings included."""

import re

from bylaw import ir
from bylaw.area import TreeFacts
from bylaw.scope import ScopedConstraint
from bylaw_targets.semgrep.draft import Drafts, Rule, UnsupportedError
from bylaw_targets.semgrep.formula import Formula, any_of, text
from bylaw_targets.semgrep.names import escape
from bylaw_targets.semgrep.places import without

_TEXT = ("regex",)

_LOOSE = re.compile(r"\\[AzCQE]|\(\?[a-zA-Z]*s|\\[pP]")


def texts(scoped: ScopedConstraint, facts: TreeFacts) -> Drafts:
    """Draft the rules of a constraint on text."""
    constraint = scoped.constraint
    if not isinstance(constraint, ir.Text):
        raise TypeError(constraint.shape)
    drafts = Drafts()
    regexes = [_regex(operand, drafts) for operand in constraint.texts]
    # The compiler's own output quotes the sentences, and so the words that they ban.
    area = without(scoped.area, (f"{facts.output}/**",)) if not scoped.area.include else None
    for formula in _formulas(constraint, regexes):
        drafts.rules.append(Rule("text", _TEXT, formula, area=area))
    drafts.doubt("misses", "Semgrep skips files over 1 MB, binary files and empty ones")
    return drafts


def _formulas(constraint: ir.Text, regexes: list[str]) -> list[Formula]:
    if constraint.shape == "start":
        found = [rf"\A\x{{FEFF}}?(?:#![^\n]*\n)?{regex}" for regex in regexes]
    else:
        found = regexes
    if constraint.modal in ("must-not", "only-may"):
        return [any_of(*map(text, found))]
    if constraint.shape == "start":
        lead = r"\A(?!\x{FEFF}?(?:#![^\n]*\n)?"
        heads = regexes if constraint.quantifier == "all" else [f"(?:{'|'.join(regexes)})"]
        return [text(rf"{lead}{head})(?s:.)") for head in heads]
    heads = regexes if constraint.quantifier == "all" else [f"(?:{'|'.join(regexes)})"]
    return [text(rf"\A(?!(?s:.*?){head})(?s:.)") for head in heads]


def _regex(operand: ir.TextOperand, drafts: Drafts) -> str:
    if isinstance(operand, ir.LiteralText):
        return escape(operand.text)
    if _LOOSE.search(operand.text):
        drafts.doubt("misses", "RE2 and Semgrep's PCRE read this expression differently")
    if "\\C" in operand.text:
        raise UnsupportedError("`\\C` is not in Semgrep's expressions")
    # `^` and `$` stand at line ends in the language.
    return f"(?m:{operand.text})"
