"""Which function drafts the rules of which shape, and why the other shapes have none."""

from collections.abc import Callable

from bylaw.area import TreeFacts
from bylaw.ir import ConstraintNode
from bylaw.scope import ScopedConstraint
from bylaw_targets.semgrep.draft import Drafts
from bylaw_targets.semgrep.imports import imports

Draft = Callable[[ScopedConstraint, TreeFacts], Drafts]

SHAPES: dict[str, Draft] = {
    "import": imports,
}


def reason_against(constraint: ConstraintNode) -> str:
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
