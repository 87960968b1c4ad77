"""Claims checked and settled in a repository, top to bottom."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from bylaw.check.change import Change
from bylaw.check.evidence import Evidence
from bylaw.check.git import NO_BASE
from bylaw.check.measure import day_of, find_change
from bylaw.check.recorded import agent_of
from bylaw.check.request import Request
from bylaw.check.rules import Rules
from bylaw.check.scene import Scene, compile_rules, reader, set_scene
from bylaw.check.trees import Part
from bylaw.claims.check import Terms, check_claims
from bylaw.claims.read import Sheet, read_claims
from bylaw.claims.settle import (
    Settled,
    deeds_of,
    settle_budget,
    settle_deeds,
    settle_paths,
    settle_record,
)
from bylaw.claims.task import Task
from bylaw.config import Config
from bylaw.config_file import load
from bylaw.diagnostics import Code, Diagnostic, Report, Severity
from bylaw.frontend import Progress
from bylaw.git import run_git
from bylaw.record.history import Record
from bylaw.snapshot import Snapshot

OTHER_CLAIMS = Code("BL578", "other-claims", Severity.ERROR)


@dataclass(frozen=True, slots=True)
class Asked:
    """What claims are held against, and what is said of the agent besides."""

    data: bytes
    path: str
    agent: str | None = None
    digest: str | None = None
    base: str | None = None
    staged: bool = False
    record: Record | None = None
    include_proposed: bool = False
    as_of: date | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of checking or settling: diagnostics, the terms, and what was settled.

    `usable` is false where there was nothing to hold the claims against; `known` where something
    that has a budget could not be counted.
    """

    sheet: Sheet | None
    diagnostics: tuple[Diagnostic, ...]
    agent: str | None = None
    level: str | None = None
    terms: Terms = field(default_factory=Terms)
    settled: tuple[Settled, ...] | None = None
    base: str | None = None
    usable: bool = True
    known: bool = True

    @property
    def accepted(self) -> bool:
        """Whether nothing forbids the claims, or the diff."""
        errors = any(each.severity is Severity.ERROR for each in self.diagnostics)
        return self.usable and not errors

    def status(self, *, strict: bool = False, lenient: bool = False) -> int:
        """Return the exit status: 1 where it is refused, 3 where something is not known."""
        if not self.usable:
            return 2
        warned = any(each.severity is Severity.WARNING for each in self.diagnostics)
        if not self.accepted or (strict and warned):
            return 1
        return 0 if self.known or lenient else 3


def check(root: Path, config: Config, asked: Asked, progress: Progress | None = None) -> Outcome:
    """Hold a task's claims against the constraints, before its work."""
    report = Report()
    sheet = _read(asked, report)
    if sheet is None:
        return Outcome(None, tuple(report), usable=False)
    scene = _scene(root, config, asked, report, progress)
    if scene is None:
        return Outcome(sheet, tuple(report), usable=False)
    task = _task(sheet, scene.rules, scene.tree, asked)
    terms = check_claims(task, report)
    return Outcome(sheet, tuple(report), task.agent, task.level, terms)


def settle(root: Path, config: Config, asked: Asked, progress: Progress | None = None) -> Outcome:
    """Hold a real diff against the claims of its task.

    The claims are compiled anew, by the constraints of the base and by those of the tree, so that
    claims which were widened on the way let nothing pass that is forbidden.
    """
    report = Report()
    sheet = _read(asked, report)
    if sheet is None:
        return Outcome(None, tuple(report), usable=False)
    scene = _scene(root, config, asked, report, progress)
    if scene is None:
        return Outcome(sheet, tuple(report), usable=False)
    request = _request(root, asked, measures=True)
    change = find_change(root, scene.whole, scene.rules, request, report)
    if change is None:
        if not report.has_errors:
            report.add(
                NO_BASE,
                "there is no base to settle the claims from",
                help="settle in a git repository, and name what the work started from: `--base`",
                severity=Severity.ERROR,
            )
        return Outcome(sheet, tuple(report), usable=False)
    asked = replace(asked, agent=_agent(sheet, request, asked, report))
    done = deeds_of(change, [] if asked.staged else _links(root, change))
    if asked.path in change.added:
        # Written for this task: it is what the others are settled by.
        done.pop(asked.path, None)
    base, settled = _base_tree(change), []
    for rules in _both(scene, base, request):
        task = _task(sheet, rules, base, asked)
        found = Report()
        check_claims(task, found)
        settled = settle_paths(task, done, found)
        settle_deeds(task, done, found)
        _add_new(found, report)
    if asked.record is not None and asked.record.broken is None:
        settle_record(task, asked.record, report)
    known = settle_budget(task, change, asked.record, report)
    return Outcome(
        sheet,
        tuple(report),
        task.agent,
        task.level,
        settled=tuple(settled),
        base=change.base_commit,
        known=known,
    )


def _read(asked: Asked, report: Report) -> Sheet | None:
    sheet = read_claims(asked.data, asked.path, report)
    if sheet is None:
        return None
    if asked.digest is not None and sheet.digest != asked.digest.lower():
        report.add(
            OTHER_CLAIMS,
            f"`{asked.path}` is not the file whose digest was named",
            help="these are other claims than those that were checked",
        )
        return None
    mine, said = sheet.claims.class_, asked.agent
    if mine is not None and said is not None and mine != said:
        report.add(
            OTHER_CLAIMS,
            f"`--agent {said}` is said, and the claims are of class `{mine}`",
            sheet.span("class"),
            help="leave out one of them",
        )
        return None
    return sheet


def _request(root: Path, asked: Asked, *, measures: bool) -> Request:
    request = Request(
        started=root,
        staged=asked.staged,
        base=asked.base,
        record=asked.record,
        include_proposed=asked.include_proposed,
        as_of=asked.as_of,
    )
    # Without a name it is measured from where the main branch and the change parted.
    return replace(request, as_of=day_of(root, request), run=measures)


def _scene(
    root: Path, config: Config, asked: Asked, report: Report, progress: Progress | None
) -> Scene | None:
    """Read the tree and its constraints; of what is wrong with the decisions, errors count."""
    said = Report()
    scene = set_scene(root, config, _request(root, asked, measures=False), said, progress)
    report.extend(each for each in said if each.severity is Severity.ERROR)
    return scene


def _task(sheet: Sheet, rules: Rules, tree: Snapshot, asked: Asked) -> Task:
    evidence = Evidence(tree=tree, layout=rules.layout, tests=rules.tests)
    agent = sheet.claims.class_ if asked.agent is None else asked.agent
    table = rules.config.agents
    configured = table.levels_by_class.get(agent or "", table.autonomy)
    level = sheet.claims.autonomy or configured
    at = table.levels_by_path
    return Task(sheet, tuple(sheet.paths), agent, level, rules.active, evidence, configured, at)


def _agent(sheet: Sheet, request: Request, asked: Asked, report: Report) -> str | None:
    """Return the class that is named, by the claims or else by the record."""
    recorded = agent_of(request, report)
    named = sheet.claims.class_ if asked.agent is None else asked.agent
    return recorded if named is None else named


def _base_tree(change: Change) -> Snapshot:
    return change.base


def _both(scene: Scene, base: Snapshot, request: Request) -> Sequence[Rules]:
    """Return the constraints of the base, and those of the tree."""
    whole = base.tree if isinstance(base, Part) else base
    aside = Report()
    then = load(reader(whole), aside)
    files = tuple(path for path in whole.files if not path.startswith(f"{then.output}/"))
    day = scene.rules.as_of
    rules, _ = compile_rules(whole, then, request, files, day, aside, scene.program)
    return rules, scene.rules


def _add_new(found: Report, report: Report) -> None:
    """Take over what was not said before: both sets of constraints mostly say the same."""
    known = {(each.code, each.message) for each in report}
    report.extend(each for each in found if (each.code, each.message) not in known)


def _links(root: Path, change: Change) -> list[str]:
    """Return what git would add and is no file: links, and repositories in the repository."""
    done = run_git(str(root), "ls-files", "-z", "--others", "--exclude-standard")
    names = done.stdout.split(b"\0") if done is not None and not done.returncode else []
    paths = (name.decode("utf-8", "backslashreplace").rstrip("/") for name in names if name)
    touched = frozenset(change.touched)
    return sorted(path for path in paths if path not in touched)
