"""Which function drafts the rules of which shape, and why the other shapes have none."""

from collections.abc import Callable

from bylaw.area import TreeFacts
from bylaw.ir import Constraint
from bylaw.scope import ScopedConstraint
from bylaw_targets.semgrep.draft import Drafts
from bylaw_targets.semgrep.entities import decorated, define, documented, inherit, named
from bylaw_targets.semgrep.imports import imports
from bylaw_targets.semgrep.matching import import_style, semgrep_pattern
from bylaw_targets.semgrep.refer import pass_argument, refer, wrapped
from bylaw_targets.semgrep.texts import texts

Draft = Callable[[ScopedConstraint, TreeFacts], Drafts]

SHAPES: dict[str, Draft] = {
    "annotated": documented,
    "call": refer,
    "catch": refer,
    "contain": texts,
    "decorated": decorated,
    "define": define,
    "docstring": documented,
    "import": imports,
    "import-style": import_style,
    "inherit": inherit,
    "match": texts,
    "named": named,
    "pass": pass_argument,
    "semgrep": semgrep_pattern,
    "start": texts,
    "use": refer,
    "wrapped": wrapped,
}


def reason_against(constraint: Constraint) -> str:
    """Return why no Semgrep rule can say a constraint, for its author to read."""
    return _REASONS.get(constraint.shape) or _KINDS[constraint.kind]


_REASONS = {
    "layered": "layers are a property of the import graph, and Semgrep reads one file at a time",
    "independent": "independence is a property of the import graph, not of one file",
    "acyclic": "a cycle of imports is a property of the import graph, not of one file",
    "identical": "Semgrep cannot compare two files",
    "size": "Semgrep cannot count lines or words",
    "name-match": "branches and commits are not files",
}

_KINDS = {
    "depend": "a manifest is data, and Semgrep does not know which of it declares a dependency",
    "name": "file names are not code",
    "file": "Semgrep looks into files, not at which files there are",
    "key": "Semgrep matches text and has no notion of a key's value in every notation",
    "pair": "a change is a property of the history, and Semgrep sees one state",
    "run": "Semgrep runs no commands and reads no CI steps",
    "approve": "an approval is not in the code",
    "agent": "what an agent does is not in the code",
    "import": "the import graph is more than one file",
    "text": "Semgrep cannot say this about the text of a file",
    "use": "Semgrep cannot say this about code",
    "have": "Semgrep cannot say this about code",
}
