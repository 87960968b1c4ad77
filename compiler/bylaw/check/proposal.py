"""A proposed change judged before it is made: what it would introduce, by the decisions that stand.

The change is laid over the working tree, and the same judges that `bylaw check` has look at both.
What only other calls, commits or people decide is said to be open, and why.
"""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path

from bylaw.adr.locate import adr_files
from bylaw.check import baseline as baselines
from bylaw.check.change import Change
from bylaw.check.engine import find
from bylaw.check.evidence import Evidence
from bylaw.check.judges import FileJudge, judge_of, sort_of
from bylaw.check.judges.changes import touched_in
from bylaw.check.kept import KeptFacts
from bylaw.check.new import Novelty
from bylaw.check.request import Request
from bylaw.check.resolve import says_what_imports_mean
from bylaw.check.rules import Rules
from bylaw.check.scene import Read, Scene, rules_of, set_scene
from bylaw.check.settle import Leave, settle
from bylaw.check.suppress import Suppressions, collect, read_admission
from bylaw.check.trees import Overlay, Part
from bylaw.check.verdict import Finding, NotEvaluated, Subject, Verdicts
from bylaw.config import Config
from bylaw.config_source import FILE, PYPROJECT, configures
from bylaw.diagnostics import Report
from bylaw.git import ignored
from bylaw.moments import ELSEWHERE
from bylaw.program import Ground
from bylaw.scoped import ScopedConstraint
from bylaw.snapshot import Snapshot
from bylaw.unevaluable import UnevaluableError

Contents = Mapping[str, bytes | None]
"""What a proposal makes of files, by path from the root: their bytes, or None where they go."""

_ALIKE = 0.5
"""Share of equal lines from which a file that goes and one that comes are one that was renamed."""

_MOST_LINES = 5_000
_MOST_PAIRS = 400
"""Beyond these, only what is equal byte for byte is taken for a renamed file."""

OPEN = {
    "command-pass": "the command is run by `bylaw check --run`",
    "name-match": "it is judged on commits and branches",
    "approve": "it needs an approval of the change when it is made",
    "change-with": "it is judged on the whole change",
    "agent-limit": "it is judged on the whole task",
    "agent-run": "it is judged on the whole task",
    "agent-read": "it is judged on the whole task",
    "agent-autonomy": "it is judged on the whole task",
}
"""By shape, why a constraint has no verdict on one proposal."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a proposal would introduce.

    No constraint looks at the `uncovered` paths: git ignores them, a build writes them, or they lie
    behind a link. Those that are `deciding` say what is judged, and do not count before they are
    made. `concerned` are the constraints, by full id, that speak of a path it touches.
    """

    verdicts: Verdicts
    uncovered: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()
    concerned: frozenset[str] = frozenset()
    deciding: tuple[str, ...] = ()


def judge_proposal(
    root: Path,
    config: Config,
    contents: Contents,
    *,
    agent: str | None = None,
    as_of: date | None = None,
    sorts: frozenset[str] | None = None,
) -> Proposal:
    """Judge a change that nobody has made yet by the decisions of the working tree.

    With `sorts` only constraints of these are judged; of the others there is no judgement.
    Violations are those only that the tree does not have already; what it has is excused as old.
    Paths are relative to the root, with `/`; the caller has seen to it that none leaves it.
    """
    report = Report()
    request = Request(as_of=as_of)
    scene = set_scene(root, config, request, report, None)
    if scene is None:
        return Proposal(Verdicts((), diagnostics=tuple(report)), tuple(sorted(contents)))
    covered, uncovered = _split(root, scene, config, contents)
    whole = Overlay(scene.whole, covered)
    after = Part(whole, frozenset(filter(None, (config.baseline,))), config.output)
    rules = _rules_in(scene, Part(whole, folder=config.output).files)
    change = change_between(scene.tree, after, covered)
    evidence = Evidence(
        tree=after,
        layout=rules.layout,
        tests=rules.tests,
        change=change,
        semgrep=shutil.which(os.environ.get("BYLAW_SEMGREP") or "semgrep"),
        agent=agent,
        keep=KeptFacts(scene.cache),
    )
    active = [s for s in rules.active if sorts is None or sort_of(s.constraint) in sorts]
    judged, open_ = _moments(active, evidence)
    findings = _find(judged, evidence, change, rules)
    leave = _leave(rules, evidence, change, findings, scene.read)
    judgements = [
        settle(scoped, findings.get(scoped.full_id, open_.get(scoped.full_id, ())), leave, evidence)
        for scoped in active
    ]
    verdicts = Verdicts(
        tuple(judgements),
        decisions=rules.refs,
        as_of=rules.as_of,
        subject=Subject("change", files=len(after.files)),
        inactive=rules.inactive,
        diagnostics=tuple(each for each in report if not config.allows(each)),
    )
    concerned = {s.full_id for s in rules.active if touched_in(s, evidence)}
    deciding = _deciding(scene, config, covered)
    return Proposal(verdicts, uncovered, change.touched, frozenset(concerned), deciding)


# --- the proposed tree -------------------------------------------------------------------------


def _split(
    root: Path, scene: Scene, config: Config, contents: Contents
) -> tuple[dict[str, bytes | None], tuple[str, ...]]:
    """Return the part of a proposal that is about the tree, and the paths of the rest, sorted."""
    known = frozenset(scene.whole.files)
    unseen = ignored(str(root), (path for path in contents if path not in known))
    covered: dict[str, bytes | None] = {}
    rest: list[str] = []
    for path in sorted(contents):
        data = contents[path]
        if path not in known and (
            data is None
            or path in unseen
            or path.startswith(f"{config.output}/")
            or _is_apart(root, path)
        ):
            if data is not None:
                rest.append(path)
            continue
        covered[path] = data
    # A file that takes a folder's place, or the reverse, leaves nothing of the other.
    for path in [path for path in covered if covered[path] is not None]:
        for other in known - covered.keys():
            if other.startswith(f"{path}/") or path.startswith(f"{other}/"):
                covered[other] = None
    return covered, tuple(rest)


def _is_apart(root: Path, path: str) -> bool:
    """Tell whether a path lies behind a link, or in another repository."""
    folder = root
    for segment in path.split("/")[:-1]:
        folder /= segment
        if folder.is_symlink() or (folder / ".git").exists():
            return True
    return (root / path).is_symlink()


def _deciding(scene: Scene, config: Config, contents: Contents) -> tuple[str, ...]:
    """Return the proposed paths that decide what is judged, sorted."""
    files = sorted({*scene.whole.files, *contents})
    ours = {*adr_files(files, config), FILE}
    pyproject = contents.get(PYPROJECT)
    if pyproject is not None and configures(pyproject):
        ours.add(PYPROJECT)
    return tuple(path for path in sorted(contents) if path in ours)


def _rules_in(scene: Scene, files: tuple[str, ...]) -> Rules:
    """Return the decisions that stand, scoped in the proposed tree."""
    program, config = scene.program, scene.rules.config
    if program is None or files == tuple(program.ground.files):
        return scene.rules
    ground = Ground(files, config.source_roots, config.tests)
    # What is wrong with the decisions, compiling them has said.
    return rules_of(replace(program, ground=ground), config, False, Report())


def change_between(before: Snapshot, after: Snapshot, contents: Contents) -> Change:
    """Return a proposal as a change of the tree, renamed files told as git tells them."""
    old, new = frozenset(before.files), frozenset(after.files)
    added = [path for path in sorted(contents) if path in new - old]
    deleted = [path for path in sorted(contents) if path in old - new]
    modified = [
        path
        for path in sorted(contents)
        if path in old & new and _bytes(before, path) != _bytes(after, path)
    ]
    renamed = dict(_renames(before, after, deleted, added))
    counts = {
        path: _lines_changed(_bytes(before, renamed.get(path, path)), _bytes(after, path))
        for path in (*added, *modified)
    }
    counts |= {
        path: len(_bytes(before, path).splitlines())
        for path in deleted
        if path not in renamed.values()
    }
    edited = [new for new, old in renamed.items() if _bytes(before, old) != _bytes(after, new)]
    return Change(
        base=before,
        added=tuple(path for path in added if path not in renamed),
        modified=tuple(sorted((*modified, *edited))),
        deleted=tuple(path for path in deleted if path not in renamed.values()),
        renamed=renamed,
        lines=sum(counts.values()),
        counts=counts,
    )


def _bytes(tree: Snapshot, path: str) -> bytes:
    try:
        return tree.read(path)
    except UnevaluableError:
        return b""


def _renames(
    before: Snapshot, after: Snapshot, deleted: Sequence[str], added: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield new and old path of files that are the same or alike, the most alike first."""
    pairs: list[tuple[float, str, str]] = []
    guess = len(deleted) * len(added) <= _MOST_PAIRS
    for old in deleted:
        for new in added:
            share = _alike(_bytes(before, old), _bytes(after, new), guess)
            if share >= _ALIKE:
                pairs.append((-share, new, old))
    taken: set[str] = set()
    for _, new, old in sorted(pairs):
        if new not in taken and old not in taken:
            taken |= {new, old}
            yield new, old


def _alike(one: bytes, other: bytes, guess: bool) -> float:
    if one == other:
        return 1.0 if one else 0.0
    lines, others = one.splitlines(), other.splitlines()
    if not guess or max(len(lines), len(others)) > _MOST_LINES:
        return 0.0
    return SequenceMatcher(None, lines, others, autojunk=False).ratio()


def _lines_changed(one: bytes, other: bytes) -> int:
    """Return how many lines are added and deleted together, about as a diff counts them."""
    lines, others = one.splitlines(), other.splitlines()
    if max(len(lines), len(others)) > _MOST_LINES:
        return abs(len(lines) - len(others)) or int(one != other)
    blocks = SequenceMatcher(None, lines, others, autojunk=False).get_matching_blocks()
    kept = sum(block.size for block in blocks)
    return len(lines) + len(others) - 2 * kept


# --- what is judged ----------------------------------------------------------------------------


def _moments(
    active: Sequence[ScopedConstraint], evidence: Evidence
) -> tuple[list[ScopedConstraint], dict[str, list[Finding]]]:
    """Return the constraints that one proposal decides, and why others stay open, by full id."""
    judged: list[ScopedConstraint] = []
    open_: dict[str, list[Finding]] = {}
    for scoped in active:
        shape = scoped.constraint.shape
        if shape not in OPEN and sort_of(scoped.constraint) not in ELSEWHERE:
            judged.append(scoped)
        elif shape != "approve" or touched_in(scoped, evidence):
            reason = OPEN.get(shape, "it is judged elsewhere")
            open_[scoped.full_id] = [NotEvaluated(scoped.full_id, reason)]
    return judged, open_


def _find(
    judged: Sequence[ScopedConstraint], evidence: Evidence, change: Change, rules: Rules
) -> dict[str, list[Finding]]:
    """Judge; where a file is judged by itself, only what the proposal touches can be new."""
    touched = frozenset(change.touched)
    before = Ground(change.base.files, rules.config.source_roots, rules.config.tests).facts
    same = before._replace(output=rules.layout.output) == rules.layout
    apart = same and not any(map(says_what_imports_mean, touched))
    few = [scoped for scoped in judged if apart and _is_apart_from_others(scoped)]
    rest = [scoped for scoped in judged if scoped not in few]
    return find(few, evidence, only=touched.__contains__) | find(rest, evidence)


def _is_apart_from_others(scoped: ScopedConstraint) -> bool:
    return isinstance(judge_of(scoped.constraint), FileJudge) and (
        scoped.constraint.shape != "inherit"
    )


def _leave(
    rules: Rules,
    evidence: Evidence,
    change: Change,
    findings: Mapping[str, Sequence[Finding]],
    read: Read,
) -> Leave:
    """Return what is let pass: permissions, waivers, comments that count, and what is old."""
    admission = read_admission(rules.config.suppressions)
    paths: Sequence[str] = ()
    if not admission.nothing:
        named = {f.path for some in findings.values() for f in some if f.path is not None}
        paths = sorted(evidence.file_set & named)
    path = rules.config.baseline
    data = read(path) if path is not None else None
    # What is wrong with the baseline, a check says.
    held = baselines.read(data, path, Report()) if path is not None and data is not None else None
    return Leave(
        suppressions=Suppressions(collect(evidence.tree, tuple(paths)), admission),
        baseline=held,
        novelty=Novelty(evidence, change, rules.config.source_roots),
        all_new=True,
    )
