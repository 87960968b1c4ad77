"""The judging: the judges of `bylaw check`, on the working tree, for the constraints of one ADR."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bylaw.check.areas import judged_files
from bylaw.check.engine import Progress
from bylaw.check.evidence import Evidence
from bylaw.check.git import current_branch
from bylaw.check.measure import find_change
from bylaw.check.new import OF_THE_CHANGE
from bylaw.check.proposal import OPEN
from bylaw.check.request import Request
from bylaw.check.resolve import says_what_imports_mean
from bylaw.check.rules import Rules
from bylaw.check.run import read_leave
from bylaw.check.scene import file_list_key
from bylaw.check.settle import settle
from bylaw.check.trees import Overlay, Part
from bylaw.check.verdict import Excused, Judgement, NotEvaluated
from bylaw.diagnostics import Report
from bylaw.digest import sha256
from bylaw.driver import list_tree
from bylaw.governing import PLACELESS
from bylaw.ir import Permission, Waiver
from bylaw.preview.impact.known import Known
from bylaw.preview.impact.model import Sentence
from bylaw.preview.workspace import Linked
from bylaw.scope import ScopedConstraint, ScopedDecision, scope_decision
from bylaw.sentence import in_full
from bylaw.snapshot import WorkingTree


@dataclass(frozen=True)
class Look:
    """What was found: a judgement of each constraint asked about, and of those it takes from.

    `sentences` are all that were asked about, the ones without a judgement among them.
    """

    sentences: tuple[Sentence, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    relieved: tuple[Excused, ...] = ()
    baseline_there: int = 0
    files: int = 0
    evidence: Evidence | None = None


def look(
    accepted: Linked,
    path: str,
    constraint: str | None,
    known: Known,
    progress: Progress | None = None,
) -> Look:
    """Judge the constraints of the decision at `path`, or the one of them with this full id.

    Those that bind only from a later day are judged as they will bind; commands are never run.
    """
    unit = accepted.program.by_path[path]
    scoped = scope_decision(unit.decision, accepted.context, Report())
    asked = [s for s in scoped.constraints if constraint in (None, s.full_id)]
    now = [s._replace(active=True) for s in asked if not _is_over(s, accepted)]
    others = _concerned(accepted, scoped) if constraint is None else ()
    rules = _rules(accepted, (replace(scoped, constraints=tuple(now)), *others))
    evidence = _evidence(accepted, rules, known)
    ground = _ground(accepted, evidence)
    found = known.find(rules.active, evidence, ground, accepted.texts, progress)
    read = partial(_read, accepted.root)
    leave = read_leave(rules, evidence, evidence.change, Request(), found, read, Report())
    own = {each.full_id for each in now}
    settled = [settle(s, found[s.full_id], leave, evidence) for s in rules.active]
    judgements = [with_open(each) for each in settled if each.scoped.full_id in own]
    by_id = {each.scoped.full_id: each for each in judgements}
    relieved = [e for each in settled if each.scoped.full_id not in own for e in each.excused]
    files = {
        p
        for s in now
        if s.constraint.subject.noun not in PLACELESS
        for p in judged_files(s, evidence)
    }
    return Look(
        tuple(_sentence(each, by_id.get(each.full_id), accepted) for each in asked),
        tuple(judgements),
        tuple(each for each in relieved if _is_by(each, scoped)),
        leave.baseline.total if leave.baseline is not None else 0,
        len(files),
        evidence,
    )


# --- what is judged, and on what ---------------------------------------------------------------


def _is_over(scoped: ScopedConstraint, accepted: Linked) -> bool:
    until = scoped.constraint.until
    return until is not None and until < accepted.program.as_of


def _concerned(accepted: Linked, own: ScopedDecision) -> Iterator[ScopedDecision]:
    """Yield the other decisions of which this one waives or permits something, with just that."""
    named: dict[str, set[str]] = {}
    for statement in own.decision.statements:
        if isinstance(statement, Waiver | Permission):
            reference = statement.waives if isinstance(statement, Waiver) else statement.despite
            if reference.decision not in (None, own.decision.id):
                named.setdefault(str(reference.decision), set()).add(reference.id)
    program = accepted.program
    for decision, ids in sorted(named.items()):
        unit = next(iter(program.by_id.get(decision, ())), None)
        if unit is None or not program.in_force(unit.header.path):
            continue
        scoped = scope_decision(unit.decision, accepted.context, Report())
        yield replace(
            scoped, constraints=tuple(s for s in scoped.constraints if s.constraint.id in ids)
        )


def _is_by(excused: Excused, own: ScopedDecision) -> bool:
    """Tell whether it is this decision that lets a violation of another one pass."""
    if excused.waiver is not None:
        return excused.waiver.span.path == own.decision.path
    granted = {s.sentence for s in own.decision.statements if isinstance(s, Permission)}
    return excused.excuse == "permitted" and excused.note in granted


def _rules(accepted: Linked, decisions: tuple[ScopedDecision, ...]) -> Rules:
    digests = {unit.header.path: unit.digest for unit in accepted.program.units}
    config = accepted.config
    facts = accepted.context.facts
    return Rules(decisions, config, accepted.program.as_of, facts, config.tests, digests)


def _evidence(accepted: Linked, rules: Rules, known: Known) -> Evidence:
    """Return what verdicts depend on, as `bylaw check` would see it without further options."""
    root, config = accepted.root, accepted.config
    whole = Overlay(WorkingTree(root, tuple(accepted.files)), accepted.texts)
    change = None
    if any(s.constraint.for_new_code or s.constraint.shape in OF_THE_CHANGE for s in rules.active):
        disk = WorkingTree(root, list_tree(root, Report()))
        change = find_change(root, disk, rules, Request(), Report())
    named = any(s.constraint.shape == "name-match" for s in rules.active)
    return Evidence(
        tree=Part(whole, frozenset(filter(None, (config.baseline,))), config.output),
        layout=rules.layout,
        tests=rules.tests,
        change=change,
        semgrep=shutil.which(os.environ.get("BYLAW_SEMGREP") or "semgrep"),
        branch=current_branch(root) if named and change is None else None,
        keep=known.keep,
    )


def _ground(accepted: Linked, evidence: Evidence) -> str:
    """Return a digest of what decides findings besides the constraint and a file's bytes."""
    config = accepted.config
    parts = (
        file_list_key(evidence.tree, says_what_imports_mean),
        *config.source_roots,
        "",
        *config.tests,
        "",
        config.output,
    )
    return sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _read(root: Path, path: str) -> bytes | None:
    try:
        return (root / path).read_bytes()
    except (OSError, ValueError):
        return None


# --- what came of it ---------------------------------------------------------------------------


def with_open(judgement: Judgement) -> Judgement:
    """Return a judgement that takes nothing for kept which only a change could have broken."""
    shape = judgement.scoped.constraint.shape
    if shape not in OF_THE_CHANGE or judgement.violations or judgement.not_evaluated:
        return judgement
    reason = OPEN.get(shape, "it is judged on what a change does")
    return replace(judgement, not_evaluated=(NotEvaluated(judgement.scoped.full_id, reason),))


def _sentence(scoped: ScopedConstraint, judgement: Judgement | None, accepted: Linked) -> Sentence:
    constraint, day = scoped.constraint, accepted.program.as_of
    sentence = Sentence(
        scoped.full_id,
        in_full(constraint),
        constraint.severity,
        "judged",
        constraint.span,
    )
    if judgement is None:
        return replace(sentence, fate="over", why=f"it bound until {constraint.until}")
    sentence = replace(
        sentence,
        files=judgement.files,
        violations=len(judgement.violations),
        excused=len(judgement.excused),
        unjudged=len(judgement.not_evaluated),
    )
    if constraint.from_ is not None and constraint.from_ > day:
        return replace(sentence, fate="later", why=f"it binds from {constraint.from_}")
    if constraint.shape in OF_THE_CHANGE and not judgement.violations:
        return replace(sentence, fate="open", why=judgement.not_evaluated[0].reason)
    return sentence
