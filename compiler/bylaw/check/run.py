"""One run of the checker, top to bottom: read, judge, let pass what may pass, compare, say."""

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bylaw.check import baseline as baselines
from bylaw.check import suppress
from bylaw.check.approval.gather import Gathered, gather
from bylaw.check.approval.tiers import judge_risk, told_approvals
from bylaw.check.baseline import Baseline
from bylaw.check.change import Change
from bylaw.check.command import run_command
from bylaw.check.engine import find
from bylaw.check.evidence import CommandResult, Evidence
from bylaw.check.excuse import report_unused
from bylaw.check.git import current_branch
from bylaw.check.kept import KeptFacts, KeptFindings
from bylaw.check.measure import (
    day_of,
    find_change,
    is_base_certain,
    report_moved_root,
    report_uncovered,
)
from bylaw.check.new import Novelty
from bylaw.check.recorded import agent_of, report_class
from bylaw.check.request import Request
from bylaw.check.resolve import says_what_imports_mean
from bylaw.check.rules import Rules, version_of_rules
from bylaw.check.scene import (
    Read,
    Scene,
    compile_rules,
    file_list_key,
    read_published,
    reader,
    set_scene,
)
from bylaw.check.settle import Leave, settle
from bylaw.check.trees import Part
from bylaw.check.verdict import Finding, Judgement, Subject, Verdicts, Violation
from bylaw.check.weaken import Side, judge_by_base, meaning, settled
from bylaw.config import Config
from bylaw.config_file import load
from bylaw.diagnostics import Code, Report, Severity
from bylaw.frontend import Progress
from bylaw.program import Program
from bylaw.scoped import ScopedConstraint
from bylaw.snapshot import Snapshot
from bylaw.unevaluable import UnevaluableError

PATH_WITHOUT_FILES = Code("BL522", "path-without-files", Severity.WARNING)

Findings = dict[str, list[Finding]]


@dataclass(frozen=True)
class CheckRun:
    """What came of a run: the verdicts, and what a report, a fix or a baseline needs besides.

    `usable` is false where what was asked for could not be found, so that nothing was judged.
    `program` are the decisions as they were compiled, None where they were published.
    """

    verdicts: Verdicts
    config: Config
    request: Request
    side: Side | None = None
    findings: Findings | None = None
    program: Program | None = None
    usable: bool = True

    def lines(self, path: str) -> Sequence[str] | None:
        """Return the lines of a file of the tree under check; None where it cannot be read."""
        if self.side is None:
            return None
        try:
            return self.side.evidence.view(path).lines
        except UnevaluableError:
            return None

    @property
    def baseline(self) -> Baseline:
        """What a baseline of this run holds: all that no decision and no comment lets pass."""
        held = [v for j in self.verdicts.judgements if j.by == "own" for v in j.violations]
        held += [
            each.violation
            for j in self.verdicts.judgements
            if j.by == "own"
            for each in j.excused
            if each.excuse in ("baseline", "old")
        ]
        return baselines.count(held, self.request.baseline or self.config.baseline or "")

    @property
    def gone(self) -> "dict[baselines.Entry, int]":
        """What the baseline holds that is there no more."""
        return _gone(self.side.leave, self.verdicts.judgements) if self.side else {}


def check_repository(
    root: Path, config: Config, request: Request, progress: Progress | None = None
) -> CheckRun:
    """Judge a tree, or a change of it, by the decisions that bind it.

    Nothing is raised for what a repository may hold: what is wrong is among the diagnostics, and
    what cannot be judged among the verdicts.
    """
    report = Report()
    request = replace(request, as_of=day_of(root, request), agent=agent_of(request, report))
    scene = set_scene(root, config, request, report, progress)
    if scene is None:
        return CheckRun(_verdicts((), report, config), config, request, usable=False)
    scene = replace(scene, rules=replace(scene.rules, sorts=request.sorts))
    config = scene.rules.config
    change = find_change(root, scene.whole, scene.rules, request, report)
    if request.measures and change is None:
        return CheckRun(_verdicts((), report, config), config, request, usable=False)
    if request.measures and change is not None and not request.trust:
        report_moved_root(root, change, request, report)
        report_uncovered(scene.whole, config, change, report)
    base_rules = _base_rules(scene, change, request) if request.measures or request.run else None
    sets = [scene.rules, *([base_rules] if base_rules is not None else [])]
    report_class(request.agent, sets, report)
    gathered = gather(root, request.approvals, change, sets, report)
    if gathered is None:
        return CheckRun(_verdicts((), report, config), config, request, usable=False)
    evidence = _evidence(root, scene, change, request, gathered)
    within = _within(request, scene.tree, report)
    findings = _find(root, scene, evidence, base_rules, request, within, progress)
    leave = read_leave(scene.rules, evidence, change, request, findings, scene.read, report)
    leave.within = within
    judgements = [
        settle(scoped, findings[scoped.full_id], leave, evidence) for scoped in scene.rules.active
    ]
    own = Side(scene.rules, evidence, leave)
    _report_leave(own, judgements, report)
    added: list[Judgement] = []
    if request.measures and base_rules is not None and change is not None:
        base = _base_side(base_rules, scene, own, change, request, findings)
        added = judge_by_base(own, base, findings, judgements, report)
        config = config if request.trust else settled(config, base.rules.config)
    risk = None
    if request.measures and change is not None:
        risk = judge_risk(sets[:1] if request.trust else sets, change, evidence, report)
    refs = {**(base_rules.refs if added and base_rules else {}), **scene.rules.refs}
    verdicts = _verdicts(
        (*judgements, *([] if request.trust else added)),
        report,
        config,
        decisions=refs,
        as_of=scene.rules.as_of,
        subject=_subject(scene, change, request, within),
        inactive=scene.rules.inactive,
        policy=version_of_rules(scene.rules),
        risk=risk,
        approvals=told_approvals(gathered.approvals, change),
    )
    return CheckRun(verdicts, config, request, own, findings, scene.program)


def _verdicts(
    judgements: Sequence[Judgement], report: Report, config: Config, **more: object
) -> Verdicts:
    told = tuple(each for each in report if not config.allows(each))
    return Verdicts(tuple(judgements), diagnostics=told, **more)  # type: ignore[arg-type] # by name


def _subject(
    scene: Scene, change: Change | None, request: Request, within: Callable[[str], bool] | None
) -> Subject:
    base = change.base_commit if change is not None else None
    files = len(scene.tree.files) if within is None else sum(map(within, scene.tree.files))
    what = "tree"
    if request.diff is not None:
        what = "change"
    elif request.staged:
        what = "index"
    elif request.paths:
        what = "paths"
    return Subject(what, request.paths, base, files)  # type: ignore[arg-type] # one of its words


# --- what is judged ----------------------------------------------------------------------------


def _within(request: Request, tree: Snapshot, report: Report) -> Callable[[str], bool] | None:
    """Return what tells whether a path was asked about; None where all were."""
    if not request.paths or "." in request.paths:
        return None
    exact = frozenset(request.paths)
    folders = tuple(f"{path}/" for path in request.paths)

    def test(path: str) -> bool:
        return path in exact or path.startswith(folders)

    files = [path for path in tree.files if test(path)]
    for path in sorted(exact):
        if path not in files and not any(each.startswith(f"{path}/") for each in files):
            report.add(
                PATH_WITHOUT_FILES,
                f"`{path}` holds no file of the tree under check",
                help="what git ignores, and what is not there, is not checked",
            )
    return test


def _evidence(
    root: Path, scene: Scene, change: Change | None, request: Request, gathered: Gathered
) -> Evidence:
    named = any(scoped.constraint.shape == "name-match" for scoped in scene.rules.active)
    return Evidence(
        tree=scene.tree,
        layout=scene.rules.layout,
        tests=scene.rules.tests,
        change=change,
        semgrep=shutil.which(os.environ.get("BYLAW_SEMGREP") or "semgrep"),
        agent=request.agent,
        record=request.record,
        approvals=gathered.approvals,
        approvals_open=gathered.open,
        branch=current_branch(root) if named and change is None else None,
        keep=KeptFacts(scene.cache),
    )


def _find(  # noqa: PLR0917 - what decides the findings, each once
    root: Path,
    scene: Scene,
    evidence: Evidence,
    base: Rules | None,
    request: Request,
    within: Callable[[str], bool] | None,
    progress: Progress | None,
) -> Findings:
    """Judge every constraint in force; commands run only where that is asked for and safe."""
    commands = [s for s in scene.rules.active if s.constraint.shape == "command-pass"]
    others = [s for s in scene.rules.active if s.constraint.shape != "command-pass"]
    key = f"{scene.rules.key} {file_list_key(scene.tree, says_what_imports_mean)}"
    kept = KeptFindings(scene.cache, key) if request.cache else None
    found = find(others, evidence, kept, progress, within)
    run = partial(run_command, root=root, timeout=request.timeout)
    if commands and request.run and not is_base_certain(root, scene.rules.config, request):
        base = None
    for scoped in commands:
        allowed: Callable[[str], CommandResult] | None = None
        if request.run:
            trusted = request.trust or _stood_at_base(scoped, scene.rules, base)
            allowed = run if trusted else _refuse
        found |= find([scoped], evidence.running(allowed), only=within)
    return found


def _stood_at_base(scoped: ScopedConstraint, rules: Rules, base: Rules | None) -> bool:
    """Tell whether a command is one that the base asks for, in the very same decision."""
    if base is None or scoped.full_id not in base.by_id:
        return False
    before, path = base.by_id[scoped.full_id], scoped.constraint.span.path
    return (
        before.constraint.sentence == scoped.constraint.sentence
        # A published set may say one thing to people and another to us.
        and meaning(before) == meaning(scoped)
        and before.constraint.span.path == path
        and base.digests.get(path) == rules.digests.get(path)
    )


def _refuse(command: str) -> CommandResult:
    raise UnevaluableError(
        f"`{command}` is not run: its decision is not the one of the base",
        help="read what it runs, then let it with `--trust`, or name the base with `--base`",
    )


# --- what is let pass --------------------------------------------------------------------------


def read_leave(  # noqa: PLR0917 - what decides it, each once
    rules: Rules,
    evidence: Evidence,
    change: Change | None,
    request: Request,
    findings: Findings,
    read: Read,
    report: Report,
) -> Leave:
    """Return what a constraint set lets pass: comments that count, what is old, the baseline."""
    admission = suppress.read_admission(rules.config.suppressions)
    paths = evidence.tree.files
    if admission.nothing:
        # Where no comment counts, only one that somebody may rely on is worth a word.
        named = {f.path for some in findings.values() for f in some if isinstance(f, Violation)}
        paths = tuple(sorted(evidence.file_set & named))
    comments = suppress.collect(evidence.tree, paths)
    novelty = None
    if change is not None:
        novelty = Novelty(evidence, change, rules.config.source_roots)
    path = request.baseline or rules.config.baseline
    data = read(path) if path is not None else None
    baseline = baselines.read(data, path, report) if path is not None and data is not None else None
    return Leave(
        suppressions=suppress.Suppressions(comments, admission),
        baseline=baseline,
        novelty=novelty,
        all_new=request.diff is not None,
    )


def _report_leave(own: Side, judgements: Sequence[Judgement], report: Report) -> None:
    """Say what is let pass in vain: waivers, comments, entries of the baseline."""
    open_ = frozenset(j.scoped.full_id for j in judgements if j.not_evaluated)
    leave = own.leave
    known = frozenset(own.rules.by_id)
    if leave.within is None:
        for judgement in judgements:
            if judgement.scoped.full_id not in open_:
                used = leave.used_waivers.get(judgement.scoped.full_id, ())
                report_unused(judgement.scoped, used, report)
        missing = _gone(leave, judgements)
        if leave.baseline is not None:
            baselines.report_gone(leave.baseline, missing, report)
        leave.suppressions.report(own.evidence.tree, known, open_, report)


def _gone(leave: Leave, judgements: Sequence[Judgement]) -> "dict[baselines.Entry, int]":
    """Return what the baseline holds too much, as far as everything could be judged."""
    if leave.baseline is None or leave.within is not None:
        return {}
    own = [judgement for judgement in judgements if judgement.by == "own"]
    unjudged = {(j.scoped.full_id, each.path) for j in own for each in j.not_evaluated}
    return {
        entry: number
        for entry, number in baselines.gone(leave.baseline, leave.seen).items()
        if not {(entry.constraint, None), (entry.constraint, entry.path)} & unjudged
    }


# --- the base ----------------------------------------------------------------------------------


def _base_rules(scene: Scene, change: Change | None, request: Request) -> Rules | None:
    """Return the constraint set that the base has, scoped in the tree under check."""
    if change is None:
        return None
    # Nothing that the change says keeps what stands at the base from being read.
    whole = change.base.tree if isinstance(change.base, Part) else change.base
    read = reader(whole)
    # What is wrong at the base, its own check has said.
    aside = Report()
    config = load(read, aside)
    mine = scene.rules.config
    files = Part(scene.whole, folder=config.output).files
    if request.constraints is not None and read(request.constraints) is not None:
        published = read_published(config, request, files, read, scene.rules.as_of, aside)
        return published and replace(published, sorts=request.sorts)
    # A set that nobody commits was built from the change's own decisions, as may be.
    alike = (config.default_status, config.max_file_bytes) == (
        mine.default_status,
        mine.max_file_bytes,
    )
    rules, _ = compile_rules(
        whole,
        config,
        request,
        files,
        scene.rules.as_of,
        aside,
        scene.program if alike else None,
    )
    return replace(rules, sorts=request.sorts)


def _base_side(  # noqa: PLR0917 - what decides it, each once
    rules: Rules,
    scene: Scene,
    own: Side,
    change: Change,
    request: Request,
    findings: Findings,
) -> Side:
    """Return the base's set with all that it is judged on, and what it lets pass."""
    written = filter(None, (request.baseline, rules.config.baseline, request.constraints))
    tree = Part(scene.whole, frozenset(written), rules.config.output)
    evidence = own.evidence
    if (tree.files, rules.layout, rules.tests) != (
        evidence.tree.files,
        evidence.layout,
        evidence.tests,
    ):
        evidence = evidence.elsewhere(tree=tree, layout=rules.layout, tests=rules.tests)
    read = reader(change.base)
    leave = read_leave(rules, evidence, change, request, findings, read, Report())
    leave.within = own.leave.within
    return Side(rules, evidence, leave)
