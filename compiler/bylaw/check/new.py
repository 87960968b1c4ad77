"""What is new: the multiset of fingerprints that a tree has gained since its base."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from functools import cached_property

from bylaw.check.change import Change
from bylaw.check.engine import find
from bylaw.check.evidence import Evidence
from bylaw.check.finding import Finding, NotEvaluated, Violation
from bylaw.check.judges import FileJudge, judge_of
from bylaw.check.resolve import says_what_imports_mean
from bylaw.modules import read_tree
from bylaw.scoped import ScopedConstraint
from bylaw.snapshot import Snapshot
from bylaw.unevaluable import UnevaluableError

# These judge the change itself, or what no tree holds: all that they find is of the change.
OF_THE_CHANGE = frozenset(
    {
        "change-with",
        "name-match",
        "approve",
        "command-pass",
        "agent-change",
        "agent-limit",
        "agent-run",
        "agent-read",
        "agent-autonomy",
    }
)

_MOST_LINES = 20_000
"""Longer files are not compared line by line; the last of equal violations counts as new."""


class Novelty:
    """Tells what of the findings in a tree its base does not have.

    Only what was found is looked for again, and only in files that can differ.
    """

    def __init__(self, evidence: Evidence, change: Change, roots: tuple[str, ...]) -> None:
        self._evidence = evidence
        self._change = change
        self._roots = roots
        touched = frozenset(change.touched)
        self._touched: Callable[[str], bool] = touched.__contains__

    @cached_property
    def _base(self) -> Evidence:
        tree = self._change.base
        layout = read_tree(tree.files, self._roots)
        layout = layout._replace(output=self._evidence.layout.output)
        return Evidence(
            tree=tree,
            layout=layout,
            tests=self._evidence.tests,
            semgrep=self._evidence.semgrep,
            keep=self._evidence.keep,
        )

    @cached_property
    def _same_layout(self) -> bool:
        return self._base.layout == self._evidence.layout

    def old(
        self, scoped: ScopedConstraint, findings: Sequence[Finding]
    ) -> tuple[list[Violation], list[NotEvaluated]]:
        """Return the violations that the base has, too, and what could not be judged there either.

        A file that cannot be judged counts as old only where the change has not touched it.
        """
        if scoped.constraint.shape in OF_THE_CHANGE or not findings:
            return [], []
        violations = [f for f in findings if isinstance(f, Violation)]
        unjudged = [
            f
            for f in findings
            if isinstance(f, NotEvaluated) and f.path is not None and not self._touched(f.path)
        ]
        old: list[Violation] = []
        if self._judged_apart(scoped):
            # What a file holds is judged from its bytes and the layout alone.
            old = [v for v in violations if v.path is not None and not self._touched(v.path)]
            kept = set(map(id, old))
            violations = [v for v in violations if id(v) not in kept]
        if violations:
            old += self._matched(violations, self._found_at_base(scoped, violations))
        return old, unjudged

    def _judged_apart(self, scoped: ScopedConstraint) -> bool:
        """Tell whether nothing that the change has touched can matter in another file."""
        return (
            isinstance(judge_of(scoped.constraint), FileJudge)
            and scoped.constraint.shape != "inherit"
            and self._same_layout
            and not any(map(says_what_imports_mean, self._change.touched))
        )

    def _found_at_base(
        self, scoped: ScopedConstraint, violations: Iterable[Violation]
    ) -> Counter[str]:
        paths = frozenset(self._change.old_name(v.path) for v in violations if v.path is not None)
        found = find([scoped], self._base, only=paths.__contains__)[scoped.full_id]
        return Counter(
            self._renamed(finding).fingerprint
            for finding in found
            if isinstance(finding, Violation)
        )

    def _renamed(self, violation: Violation) -> Violation:
        """Return a violation of the base under the name that its file has now."""
        new = self._by_old_name.get(violation.path or "")
        return violation._replace(path=new) if new is not None else violation

    @cached_property
    def _by_old_name(self) -> dict[str, str]:
        return {old: new for new, old in self._change.renamed.items()}

    def _matched(self, violations: Sequence[Violation], base: Counter[str]) -> list[Violation]:
        """Return so many of each fingerprint as the base has, those on untouched lines first."""
        by_fingerprint: dict[str, list[Violation]] = {}
        for violation in violations:
            by_fingerprint.setdefault(violation.fingerprint, []).append(violation)
        old: list[Violation] = []
        for fingerprint, same in by_fingerprint.items():
            number = base[fingerprint]
            if 0 < number < len(same):
                fresh = self._fresh_lines(same[0].path)
                same.sort(key=lambda v: v.place is not None and v.place.line in fresh)
            old += same[:number]
        return old

    def _fresh_lines(self, path: str | None) -> frozenset[int]:
        """Return the numbers of a file's lines that its base does not have."""
        if path is None:
            return frozenset()
        before = _lines(self._change.base, self._change.old_name(path))
        now = _lines(self._evidence.tree, path)
        if max(len(before), len(now)) > _MOST_LINES:
            return frozenset()
        blocks = SequenceMatcher(None, before, now, autojunk=False).get_matching_blocks()
        kept = {block.b + offset for block in blocks for offset in range(block.size)}
        return frozenset(number + 1 for number in range(len(now)) if number not in kept)


def _lines(tree: Snapshot, path: str) -> list[bytes]:
    try:
        return tree.read(path).split(b"\n")
    except UnevaluableError:
        return []
