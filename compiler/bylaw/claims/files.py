"""What the constraints on files say of a tree in which a task has done what it claims."""

from bylaw.check.engine import find
from bylaw.check.verdict import Violation
from bylaw.claims.read import Claim
from bylaw.claims.task import Task, refuse
from bylaw.diagnostics import Code, Report, Severity
from bylaw.ir import Exist, Live
from bylaw.modules import read_tree
from bylaw.scoped import ScopedConstraint
from bylaw.snapshot import MemoryTree

FORBIDDEN_FILE = Code("BL566", "forbidden-file", Severity.ERROR)

_BY_PATH = frozenset({"exist", "live", "named", "hold"})
_PAIRED = frozenset({"exist-with"})


def check_files(task: Task, report: Report) -> None:
    """Report what constraints on paths would find once all claims have come true."""
    _check_globs(task, report)
    created = {path: c for c in task.changes if c.verb == "create" for path in _made(task, c)}
    deleted = {path: c for c in task.changes if c.verb == "delete" for path in _gone(task, c)}
    if not created and not deleted:
        return
    # Whether a file gets its counterpart is only known where every file is named.
    exact = all(task.holdings.is_file(c.text) for c in task.changes if c.verb == "create")
    shapes = _BY_PATH | _PAIRED if exact else _BY_PATH
    judged = [
        s
        for s in task.constraints
        if s.constraint.shape in shapes and s.constraint.subject.noun != "entities"
    ]
    if not judged:
        return
    files = (set(task.evidence.tree.files) | created.keys()) - deleted.keys()
    before = _violations(judged, task, task.evidence.tree.files)
    after = _violations(judged, task, files)
    for scoped in judged:
        known = {violation.fingerprint for violation in before[scoped.full_id]}
        told: set[Claim] = set()
        for violation in after[scoped.full_id]:
            claim = created.get(violation.path or "")
            if violation.fingerprint in known or claim in told:
                continue
            if claim is not None and not task.holdings.is_file(claim.text):
                # Of what a glob can hold, one path is enough.
                told.add(claim)
            _report(violation, scoped, created, deleted, task, report)


def _made(task: Task, claim: Claim) -> list[str]:
    known = set(task.evidence.tree.files)
    return [path for path in task.holdings.samples(claim.text) if path not in known]


def _gone(task: Task, claim: Claim) -> list[str]:
    return task.holdings.matching(claim.text)


def _violations(
    judged: list[ScopedConstraint], task: Task, files: set[str] | tuple[str, ...]
) -> dict[str, list[Violation]]:
    tree = MemoryTree(dict.fromkeys(files, b""))
    layout = read_tree(tree.files)._replace(output=task.evidence.layout.output)
    evidence = task.evidence.elsewhere(tree=tree, layout=layout, change=None, keep=None)
    found = find(judged, evidence)
    return {
        name: [each for each in some if isinstance(each, Violation)] for name, some in found.items()
    }


def _report(  # noqa: PLR0917 - what a refusal rests on, each once
    violation: Violation,
    scoped: ScopedConstraint,
    created: dict[str, Claim],
    deleted: dict[str, Claim],
    task: Task,
    report: Report,
) -> None:
    path = violation.path or ""
    claim = created.get(path) or deleted.get(path)
    claim = claim or next(iter((*deleted.values(), *created.values())))
    what = f"`{path}` {violation.detail}" if path else violation.detail
    if not task.holdings.is_file(claim.text) and path in created:
        what = f"`{claim.text}` can hold `{path}`, which {violation.detail}"
    message = f"once it is done, {what}"
    refuse(report, FORBIDDEN_FILE, message, claim.span, scoped, advice="claim another path")


def _check_globs(task: Task, report: Report) -> None:
    """Report globs of files to create that can hold one which must not be there, or not there."""
    for scoped in task.constraints:
        constraint = scoped.constraint
        outside: tuple[str, ...] = ()
        inside: tuple[str, ...] = ()
        if isinstance(constraint, Exist) and constraint.modal == "must-not":
            what = "must not be there"
        elif isinstance(constraint, Live):
            homes = tuple(glob.text for glob in constraint.globs)
            outside, inside = (homes, ()) if constraint.modal == "must" else ((), homes)
            what = "must not lie there"
        else:
            continue
        for claim in task.changes:
            if claim.verb != "create" or task.holdings.is_file(claim.text):
                continue
            found = task.meets(claim, scoped, inside, outside)
            if found is not None:
                named = "" if found == "?" else f", such as `{found}`"
                message = f"`{claim.text}` can hold a file that {what}{named}"
                advice = "claim the files themselves, or a narrower glob"
                refuse(report, FORBIDDEN_FILE, message, claim.span, scoped, advice=advice)
