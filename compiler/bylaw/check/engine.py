"""From scoped constraints and evidence to findings: every judge, file by file or at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from bylaw.check.areas import judged_files
from bylaw.check.evidence import Evidence, FileView
from bylaw.check.finding import Finding, NotEvaluated, Violation
from bylaw.check.judges import FileJudge, TreeJudge, judge_of
from bylaw.check.prefilter import Prefilter
from bylaw.digest import sha256
from bylaw.parallel import fork_map
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.check.kept import KeptFindings
    from bylaw.scoped import ScopedConstraint

_LEAST = 60
"""Files below which starting processes costs more than it saves."""

Progress = Callable[[str, int, int], None]


def find(
    constraints: Sequence[ScopedConstraint],
    evidence: Evidence,
    kept: KeptFindings | None = None,
    progress: Progress | None = None,
    only: Callable[[str], bool] | None = None,
) -> dict[str, list[Finding]]:
    """Judge every constraint; return what was found of each, by full id, sorted by place.

    `kept` are the findings of an earlier run with the same constraints and the same list of files.
    `only` spares the judging of files that nobody asks about, where a file is judged by itself.
    """
    found: dict[str, list[Finding]] = {scoped.full_id: [] for scoped in constraints}
    apart: list[_Apart] = []
    tasks: list[_Task] = []
    for scoped in constraints:
        judge = judge_of(scoped.constraint)
        if isinstance(judge, FileJudge):
            files = frozenset(filter(only, judged_files(scoped, evidence)))
            tasks.append(_Task(scoped, judge, files))
            found[scoped.full_id] += judge.absent(scoped, evidence)
        else:
            apart.append((judge, scoped))
    for finding in _find_in_files(tasks, evidence, kept, progress):
        found[finding.constraint].append(finding)
    _prepare(apart, evidence)
    for tree_judge, scoped in apart:
        found[scoped.full_id] += _find_in_tree(tree_judge, scoped, evidence)
    return {identity: sorted(some, key=_by_place) for identity, some in found.items()}


_Apart = tuple[TreeJudge, "ScopedConstraint"]
"""A constraint that is judged on the tree as a whole, and by what."""


def _prepare(apart: Sequence[_Apart], evidence: Evidence) -> None:
    """Let each judge that wants it see all its constraints before it judges the first."""
    waiting: dict[TreeJudge, list[ScopedConstraint]] = {}
    for judge, scoped in apart:
        if judge.prepare is not None:
            waiting.setdefault(judge, []).append(scoped)
    for judge, group in waiting.items():
        if judge.prepare is not None:
            judge.prepare(group, evidence)


def _by_place(finding: Finding) -> tuple[str, tuple[int, ...], str]:
    said = finding.detail if isinstance(finding, Violation) else finding.reason
    return finding.path or "", tuple(finding.place or ()), said


def _find_in_tree(
    judge: TreeJudge, scoped: ScopedConstraint, evidence: Evidence
) -> Iterator[Finding]:
    try:
        yield from judge.judge(scoped, evidence)
    except UnevaluableError as error:
        yield NotEvaluated(scoped.full_id, error.reason, None, error.place, error.help)


# --- file by file ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Task:
    """One constraint that is judged file by file, and the files it is judged on."""

    scoped: ScopedConstraint
    judge: FileJudge
    files: frozenset[str]


@dataclass(frozen=True)
class _Plan:
    """All tasks, and what tells which of them a file concerns."""

    tasks: Sequence[_Task]
    evidence: Evidence
    known: Mapping[str, tuple[bytes, tuple[Finding, ...]]]

    @cached_property
    def prefilter(self) -> Prefilter:
        """What tells whom a file concerns; made by who first meets a file that is not known."""
        layout = self.evidence.layout
        return Prefilter({n: t.judge.words(t.scoped, layout) for n, t in enumerate(self.tasks)})


Judged = tuple[str, bytes, tuple[Finding, ...]]
"""A file's path, the digest of its content (empty where it cannot be read), and its findings."""


def _find_in_files(
    tasks: Sequence[_Task],
    evidence: Evidence,
    kept: KeptFindings | None,
    progress: Progress | None,
) -> Iterator[Finding]:
    paths = sorted(frozenset[str]().union(*(task.files for task in tasks)))
    if not paths:
        return
    known = kept.read() if kept is not None else {}
    plan = _Plan(tasks, evidence, known)
    done: dict[str, tuple[bytes, tuple[Finding, ...]]] = {}
    for chunk in fork_map(partial(_judge_files, plan=plan), paths, _LEAST):
        for path, digest, findings in chunk:
            done[path] = (digest, findings)
            yield from findings
        if progress:
            progress("check", len(done), len(paths))
    if kept is not None:
        kept.write(known, {**known, **{path: found for path, found in done.items() if found[0]}})


def _judge_files(paths: Sequence[str], plan: _Plan) -> list[Judged]:
    judged = [_judge_file(path, plan) for path in paths]
    plan.evidence.flush()
    return judged


def _judge_file(path: str, plan: _Plan) -> Judged:
    # A view of its own, which is gone when the file is done: a tree need not fit into memory.
    view = FileView(path, plan.evidence)
    try:
        data = view.data
    except UnevaluableError as error:
        return (
            path,
            b"",
            tuple(_unevaluated(t, path, error) for t in plan.tasks if path in t.files),
        )
    digest = sha256(data).digest()
    before, findings = plan.known.get(path, (b"", ()))
    if before == digest:
        return path, digest, findings
    found: list[Finding] = []
    for number in sorted(plan.prefilter.concerned(path, data)):
        task = plan.tasks[number]
        if path not in task.files:
            continue
        try:
            found += task.judge.judge(task.scoped, view)
        except UnevaluableError as error:
            found.append(_unevaluated(task, path, error))
    return path, digest, tuple(found)


def _unevaluated(task: _Task, path: str, error: UnevaluableError) -> NotEvaluated:
    return NotEvaluated(task.scoped.full_id, error.reason, path, error.place, error.help)
