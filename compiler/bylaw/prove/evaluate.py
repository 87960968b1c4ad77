"""Cases through the built-in evaluator: each alone in a stand-in for the repository's tree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bylaw.area import TreeFacts
from bylaw.check.areas import judged_area
from bylaw.check.change import Change, Commit
from bylaw.check.engine import find
from bylaw.check.evidence import Approval, Evidence, area_test
from bylaw.check.excuse import Permissions, waiver_of
from bylaw.check.verdict import Finding, NotEvaluated, Violation
from bylaw.ir import Approve, Identical, KeyEqual
from bylaw.languages import language_of
from bylaw.prove.batch import lay_out
from bylaw.prove.case import Case
from bylaw.scope import ScopedConstraint
from bylaw.snapshot import MemoryTree, Snapshot

_CODE = frozenset({"import", "use", "have"})
_AUTHOR = "Somebody <somebody@example.com>"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine has found in a case: lines (0 is the file), or why nothing can be said."""

    lines: frozenset[int] = frozenset()
    unevaluated: str | None = None


@dataclass(frozen=True)
class _Stage:
    """A tree of the repository's paths: code is empty, other files are what they are."""

    tree: Snapshot
    files: tuple[str, ...]
    own: Mapping[str, bytes]

    def read(self, path: str) -> bytes:
        if path in self.own:
            return self.own[path]
        return b"" if language_of(path) is not None else self.tree.read(path)


@dataclass
class Evaluator:
    """The evaluator, in one repository's layout."""

    tree: Snapshot
    layout: TreeFacts
    tests: tuple[str, ...] = ()
    semgrep: str | None = None
    _before: dict[tuple[str, object], frozenset[str]] = field(default_factory=dict)

    def evaluate(self, scoped: ScopedConstraint, some: Sequence[Case]) -> list[Answer]:
        """Judge one constraint in each of its cases, each alone."""
        base = self._paths(scoped)
        return [self._answer(scoped, case, base) for case in some]

    def _paths(self, scoped: ScopedConstraint) -> tuple[str, ...]:
        """Return the repository's paths, less what the constraint itself speaks of but code."""
        constraint = scoped.constraint
        if constraint.kind in _CODE:
            return self.tree.files
        evidence = Evidence(self.tree, self.layout, self.tests)
        test = area_test(judged_area(scoped, evidence))
        keep = {constraint.path.text} if isinstance(constraint, Identical | KeyEqual) else set()
        placeless = constraint.subject.noun in ("branches", "commits", "ci", "command", "agents")
        if placeless:
            return tuple(p for p in self.tree.files if not p.startswith(".github/"))
        return tuple(p for p in self.tree.files if p in keep or not test(p))

    def _evidence(
        self, scoped: ScopedConstraint, case: Case | None, base: tuple[str, ...], like: Case
    ) -> Evidence:
        gone = set(like.absent)
        files = case.files if case is not None else {}
        paths = tuple(sorted({p for p in base if p not in gone} | files.keys()))
        situation = like.situation
        change = None
        if situation.change and case is not None:
            commit = Commit("0" * 40, _AUTHOR, situation.message or "A change")
            before = _Stage(self.tree, base, {})
            added = tuple(sorted(p for p in files if p not in base))
            modified = tuple(sorted(p for p in files if p in base))
            change = Change(before, "0" * 40, added, modified, commits=(commit,), lines=len(files))
        approvals: Sequence[Approval] | None = None
        constraint = scoped.constraint
        if isinstance(constraint, Approve):
            approvals = _approvals(constraint) if situation.approved else ()
        return Evidence(
            tree=_Stage(self.tree, paths, files),
            layout=self.layout,
            tests=self.tests,
            change=change,
            semgrep=self.semgrep,
            agent=situation.agent,
            approvals=approvals,
            branch=situation.branch,
        )

    def _answer(self, scoped: ScopedConstraint, case: Case, base: tuple[str, ...]) -> Answer:
        evidence = self._evidence(scoped, case, base, case)
        findings = find([scoped], evidence, only=case.files.__contains__)[scoped.full_id]
        known = self._known(scoped, case, base)
        return _read(scoped, findings, case, evidence, known)

    def _known(self, scoped: ScopedConstraint, case: Case, base: tuple[str, ...]) -> frozenset[str]:
        """Return the fingerprints of what is found without the case's files."""
        key = (scoped.full_id, (case.absent, case.situation))
        if key not in self._before and not case.absent:
            evidence = self._evidence(scoped, None, base, case)
            found = (
                []
                if case.situation.change or case.situation.branch
                else find([scoped], evidence, only=lambda _: False)[scoped.full_id]
            )
            self._before[key] = frozenset(f.fingerprint for f in found if isinstance(f, Violation))
        return self._before.get(key, frozenset())

    def evaluate_at_once(
        self, some: Sequence[tuple[ScopedConstraint, Sequence[Case]]]
    ) -> dict[str, list[Answer]]:
        """Judge constraints that ask another engine, in few trees: each run of it takes long."""
        by_id = {scoped.full_id: scoped for scoped, _ in some}
        answers: dict[int, Answer] = {}
        for batch in lay_out([case for _, cases in some for case in cases]):
            evidence = Evidence(
                MemoryTree(batch.files), self.layout, self.tests, semgrep=self.semgrep
            )
            findings = find(list(by_id.values()), evidence)
            for case in batch.cases:
                identity = case.constraint
                answers[id(case)] = _read(
                    by_id[identity], findings[identity], case, evidence, frozenset()
                )
        return {scoped.full_id: [answers[id(case)] for case in cases] for scoped, cases in some}


def _approvals(constraint: Approve) -> list[Approval]:
    teams = tuple(approver.text for approver in constraint.approvers)
    if constraint.quantifier == "all":
        return [Approval(f"@reviewer{n}", teams) for n in range(constraint.count)]
    return [Approval(f"@reviewer{n}", teams) for n in range(constraint.count)]


def _read(
    scoped: ScopedConstraint,
    findings: Sequence[Finding],
    case: Case,
    evidence: Evidence,
    known: frozenset[str],
) -> Answer:
    violations = [f for f in findings if isinstance(f, Violation)]
    permitted = Permissions(scoped, violations, evidence) if scoped.permissions else None
    here = [
        violation
        for violation in violations
        if waiver_of(violation, scoped) is None
        and (permitted is None or permitted(violation) is None)
        and _is_of(violation, case, known)
    ]
    lines = frozenset(v.place.line if v.place and v.path == case.path else 0 for v in here)
    reason = next(
        (f.reason for f in findings if isinstance(f, NotEvaluated) and f.path in (None, case.path)),
        None,
    )
    return Answer(lines, None if lines else reason)


def _is_of(violation: Violation, case: Case, known: frozenset[str]) -> bool:
    if violation.path is not None and violation.path == case.path:
        return True
    if violation.path in case.files and case.source == "generated" and not case.absent:
        # What the programs beside it do is not asked, but for what only they can be blamed for.
        return violation.fingerprint not in known and not case.files[violation.path or ""].strip()
    return violation.fingerprint not in known
