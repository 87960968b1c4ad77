"""What one ADR becomes: its statements with their states, and every target's output."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain

from bylaw.diagnostics import Diagnostic, Report
from bylaw.evaluation import needed
from bylaw.fidelity import Fidelity
from bylaw.ir import ConstraintNode, Decision, Guidance, Permission, Statement, Waiver
from bylaw.preview.model import Output, Preview, State, StatementView
from bylaw.preview.origin import marks_of
from bylaw.preview.workspace import Linked
from bylaw.program import Standing
from bylaw.scope import ScopedDecision, ScopedProgram, in_force, scope_decision
from bylaw.target import Artifact, Fragment, Target

Answers = Mapping[str, Mapping[str, Fidelity]]
"""By target, then by constraint id."""


def become(linked: Linked, path: str) -> Preview | None:
    """Return what the ADR at `path` becomes as if it were in force; None where there is no file.

    A decision that is proposed is shown as it would bind once it is accepted; one that binds
    nobody any more has statements and no output.
    """
    source = linked.source(path)
    if source is None:
        return None
    unit = linked.program.by_path.get(path)
    if unit is None:
        entry = linked.listed.get(path)
        return Preview(
            path,
            source.text,
            None,
            entry.disposition if entry is not None else "unreadable",
            diagnostics=linked.by_file.get(path, ()),
        )
    decision, standing = unit.decision, linked.program.standing[path]
    report = Report()
    scoped = scope_decision(decision, linked.context, report)
    outputs: tuple[Output, ...] = ()
    if standing.state != "retired":
        outputs, scoped = _emit(linked, replace(scoped, proposed=False), report)
    found = dict.fromkeys((*linked.by_file.get(path, ()), *_here(report, path)))
    return Preview(
        path,
        source.text,
        decision,
        "decision",
        standing,
        tuple(
            _view(each, decision, standing, linked, scoped.fidelity) for each in decision.statements
        ),
        scoped.constraints,
        outputs,
        tuple(sorted(found, key=lambda diagnostic: diagnostic.sort_key)),
    )


def _here(report: Report, path: str) -> Iterator[Diagnostic]:
    return (each for each in report if each.span is None or each.span.path == path)


# --- statements --------------------------------------------------------------------------------


def _view(
    statement: Statement,
    decision: Decision,
    standing: Standing,
    linked: Linked,
    answers: Answers,
) -> StatementView:
    identity = getattr(statement, "id", None)
    place = f"{decision.id}@{statement.span.line}"
    key = f"{decision.id}/{identity}" if identity else place
    view = StatementView(
        key,
        statement.statement,
        "note",
        statement.span,
        statement.sentence,
        severity=getattr(statement, "severity", None),
        kind=getattr(statement, "kind", None),
    )
    if isinstance(statement, ConstraintNode):
        fidelity = {t: answers[t][statement.id] for t in answers if statement.id in answers[t]}
        state, why = _fate(statement, standing, linked, fidelity)
        return replace(view, about=(key,), fidelity=fidelity, state=state, why=why)
    if statement.statement == "rejected":
        return replace(view, state="rejected", why=", ".join(sorted(set(statement.codes))))
    if isinstance(statement, Permission | Waiver):
        reference = statement.waives if isinstance(statement, Waiver) else statement.despite
        about = f"{reference.decision or decision.id}/{reference.id}"
        ended = isinstance(statement, Waiver) and statement.until < linked.program.as_of
        retired = standing.state == "retired"
        why = "expired" if ended else standing.reason or "" if retired else ""
        return replace(
            view, about=(about,), state="inactive" if ended or retired else "applied", why=why
        )
    if isinstance(statement, Guidance):
        return replace(view, state="inactive" if standing.state == "retired" else "advisory")
    return view


def _fate(
    constraint: ConstraintNode,
    standing: Standing,
    linked: Linked,
    fidelity: Mapping[str, Fidelity],
) -> tuple[State, str]:
    """Return how a constraint fares once its decision is in force, and why."""
    from bylaw_targets import READERS  # noqa: PLC0415 - targets import from below

    if standing.state == "retired":
        return "inactive", standing.reason or "its decision binds nobody any more"
    if not in_force(constraint, linked.program.as_of):  # type: ignore[arg-type] # of the union
        later = constraint.from_ is not None and constraint.from_ > linked.program.as_of
        return "inactive", f"from {constraint.from_}" if later else f"until {constraint.until}"
    engines = {
        t: f for t, f in fidelity.items() if t in linked.config.targets and t not in READERS
    }
    if any(each.level == "exact" for each in engines.values()):
        return "enforced", ""
    rough = [f"{t}: {f.reason}" for t, f in engines.items() if f.level == "approximate"]
    if rough:
        return "approximate", "; ".join(rough)
    needs = needed(constraint)  # type: ignore[arg-type] # as above
    return ("conditional", needs) if needs else ("checked", "")


# --- outputs -----------------------------------------------------------------------------------


def _emit(
    linked: Linked, scoped: ScopedDecision, report: Report
) -> tuple[tuple[Output, ...], ScopedDecision]:
    """Compile one decision to every target there is, those first that a build writes."""
    from bylaw_targets import find_targets, target_names  # noqa: PLC0415 - as above

    config = linked.config
    aside = Report()
    names = dict.fromkeys(chain(config.targets, target_names()))
    fragments: list[tuple[Target, Fragment]] = []
    for target in find_targets(names, aside):
        fragment = target.compile(scoped)
        if target.name in config.targets:
            report.extend(fragment.diagnostics)
        scoped = replace(scoped, fidelity={**scoped.fidelity, target.name: fragment.fidelity})
        fragments.append((target, fragment))
    alone = ScopedProgram(
        (scoped,), linked.program.as_of, linked.context.facts, None, linked.files, config
    )
    outputs = [
        _output(target, fragment, artifact, scoped, linked)
        for target, fragment in fragments
        for artifact in target.assemble(alone, [fragment], aside)
    ]
    return tuple(each for each in outputs if each.marks), scoped


def _output(
    target: Target,
    fragment: Fragment,
    artifact: Artifact,
    scoped: ScopedDecision,
    linked: Linked,
) -> Output:
    folder = f"{linked.config.output}/" if artifact.place == "output" else ""
    text = artifact.data.decode("utf-8", "replace")
    return Output(
        target.name,
        f"{folder}{artifact.path}",
        text,
        marks_of(target.name, text, scoped.decision.id, fragment.fidelity),
        target.name in linked.config.targets,
    )
