"""What the rules of one constraint share: message, metadata, severity."""

import re
from urllib.parse import quote

from bylaw.ir import Decision
from bylaw.scope import ScopedConstraint
from bylaw.sentence import in_full
from bylaw_targets.semgrep.yamltext import flow_list, quoted

_METAVARIABLE = re.compile(r"\$(?=\.\.\.|[A-Z_0-9])")

_WORD_JOINER = "\u2060"


def heading(scoped: ScopedConstraint, decision: Decision) -> str:
    """Return the YAML of a rule's `message`, `severity`, `metadata` and `options`."""
    constraint = scoped.constraint
    line = constraint.span.line
    link = f"{quote(decision.path)}#L{line}"
    severity = "ERROR" if constraint.severity == "error" else "WARNING"
    return (
        f"  severity: {severity}\n"
        f"  message: {quoted(message(scoped, decision))}\n"
        "  metadata:\n"
        f"    source: {quoted(link)}\n"
        f"    references: {flow_list((link,))}\n"
        f"    tags: {flow_list(('bylaw', decision.id))}\n"
        "    bylaw:\n"
        f"      decision: {quoted(decision.id)}\n"
        f"      id: {quoted(constraint.id)}\n"
        f"      sentence: {quoted(constraint.sentence)}\n"
        f"      path: {quoted(decision.path)}\n"
        f"      line: {line}\n"
        "  options:\n"
        # A value under another name is not followed, so a constant is no literal.
        "    constant_propagation: false\n"
    )


def message(scoped: ScopedConstraint, decision: Decision) -> str:
    """Return what a developer reads: the sentence and where it was decided."""
    constraint = scoped.constraint
    # An alternative is the sentence's own tail.
    text = f"{in_full(constraint, pattern=False)}\n\n"
    text += f"Decided in: {decision.title} ({decision.path}:{constraint.span.line})"
    return neutral(text)


def neutral(text: str) -> str:
    """Keep prose as it is: Semgrep would replace `$X` by what a rule has bound to it."""
    if "$" not in text:
        return text
    return _METAVARIABLE.sub("$" + _WORD_JOINER, text)
