"""What one ADR becomes: its statements with their states, and every target's output."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bylaw.diagnostics import Diagnostic, Report
from bylaw.evaluation import needed
from bylaw.fidelity import Fidelity
from bylaw.ir import ConstraintNode, Decision, Permission, Statement, Waiver
from bylaw.preview.changes import Reference, restricted, with_changes
from bylaw.preview.intermediate import intermediate
from bylaw.preview.model import Answers, Output, Preview, State, StatementView
from bylaw.preview.outputs import emit, targets_of
from bylaw.preview.workspace import Linked
from bylaw.program import Standing
from bylaw.scope import ScopeContext, ScopedDecision, in_force, scope_decision


def become(linked: Linked, path: str) -> Preview | None:
    """Return what the ADR at `path` becomes as if it were in force; None where there is none.

    A decision that is proposed, or has no status that says, is shown as it would bind once it is
    accepted; one that binds nobody any more has statements and no output but its nodes. Where it
    waives or permits something that another decision forbids, that constraint is shown, too.
    """
    unit, entry = linked.program.by_path.get(path), linked.listed.get(path)
    source = linked.source(path)
    if unit is None or source is None:
        # A path that nobody takes for an ADR is not shown: it could be any file.
        if entry is None:
            return None
        text = source.text if source is not None and source.undecodable is None else ""
        faults = linked.by_file.get(path, ())
        return Preview(path, text, None, entry.disposition, diagnostics=faults)
    decision, standing = unit.decision, linked.program.standing[path]
    report = Report()
    context = _context(linked, decision, standing)
    scoped = replace(scope_decision(decision, context, report), proposed=False)
    outputs: tuple[Output, ...] = ()
    answers: Answers = {}
    if standing.state != "retired":
        references = tuple(_references(linked, decision))
        others = _others(decision, references, context)
        emission = emit(linked, (scoped, *others), report)
        outputs = with_changes(linked, context, references, emission.outputs)
        answers = emission.answers
    views = _views(decision, standing, linked, answers)
    found = dict.fromkeys((*linked.by_file.get(path, ()), *_here(report, path)))
    return Preview(
        path,
        source.text,
        decision,
        "decision",
        standing,
        views,
        scoped.constraints,
        (intermediate(decision, views), *outputs),
        linked.config.targets,
        tuple(sorted(found, key=lambda diagnostic: diagnostic.sort_key)),
    )


def _here(report: Report, path: str) -> Iterator[Diagnostic]:
    return (each for each in report if each.span is None or each.span.path == path)


# --- what it says of other decisions -----------------------------------------------------------


def _context(linked: Linked, decision: Decision, standing: Standing) -> ScopeContext:
    """Return the context with what a decision that does not bind yet says of others."""
    context = linked.context
    if standing.state == "in-force":
        return context
    waivers, permissions = dict(context.waivers), dict(context.permissions)
    for each in decision.statements:
        if isinstance(each, Waiver):
            other = each.waives.decision or decision.id
            waivers[other] = (*waivers.get(other, ()), each)
        elif isinstance(each, Permission):
            other = each.despite.decision or decision.id
            permissions[other] = (*permissions.get(other, ()), each)
    # What it says of itself is read from it when it is scoped.
    waivers.pop(decision.id, None)
    permissions.pop(decision.id, None)
    return replace(context, waivers=waivers, permissions=permissions)


def _references(linked: Linked, decision: Decision) -> Iterator[Reference]:
    """Yield the waivers and permissions in force for a constraint that is there to be changed."""
    program = linked.program
    for each in decision.statements:
        if not isinstance(each, Waiver | Permission) or not _is_on(each, linked):
            continue
        named = each.waives if isinstance(each, Waiver) else each.despite
        other: Decision | None = decision
        if named.decision not in (None, decision.id):
            units = program.by_id.get(str(named.decision), ())
            binding = (u for u in units if program.standing[u.header.path].state != "retired")
            other = next((unit.decision for unit in binding), None)
        if other is not None and any(c.id == named.id for c in other.constraints):
            yield Reference(_key(each, decision), each, other, named.id)


def _others(
    decision: Decision, references: Sequence[Reference], context: ScopeContext
) -> tuple[ScopedDecision, ...]:
    """Return the other decisions, with the constraints only that this one says something of."""
    named: dict[str, tuple[Decision, set[str]]] = {}
    for reference in references:
        if reference.decision.path != decision.path:
            _, ids = named.setdefault(reference.decision.path, (reference.decision, set()))
            ids.add(reference.constraint)
    return tuple(restricted(other, context, ids) for other, ids in named.values())


# --- statements --------------------------------------------------------------------------------


def fates(linked: Linked, path: str) -> tuple[StatementView, ...]:
    """Return the statements of a decision with their states, and make no output of them.

    A list of a hundred decisions takes as long as the outputs of a few.
    """
    from bylaw_targets import READERS  # noqa: PLC0415 - targets import from below

    decision, standing = linked.program.by_path[path].decision, linked.program.standing[path]
    engines = frozenset(linked.config.targets) - READERS
    answers: dict[str, Mapping[str, Fidelity]] = {}
    if standing.state != "retired":
        aside = Report()
        context = _context(linked, decision, standing)
        scoped = replace(scope_decision(decision, context, aside), proposed=False)
        for target in targets_of(linked.config.targets):
            if target.name in engines:
                answers[target.name] = target.compile(scoped).fidelity
                scoped = replace(scoped, fidelity=dict(answers))
    return _views(decision, standing, linked, answers)


def _views(
    decision: Decision, standing: Standing, linked: Linked, answers: Answers
) -> tuple[StatementView, ...]:
    views = [_view(each, decision, standing, linked, answers) for each in decision.statements]
    return tuple(_joined(view, views) for view in views)


def _key(statement: Statement, decision: Decision) -> str:
    identity = getattr(statement, "id", None)
    return f"{decision.id}/{identity}" if identity else f"{decision.id}@{statement.span.line}"


def _view(
    statement: Statement,
    decision: Decision,
    standing: Standing,
    linked: Linked,
    answers: Answers,
) -> StatementView:
    key = _key(statement, decision)
    view = StatementView(
        key,
        statement.statement,
        "note",
        statement.span,
        statement.sentence,
        about=(key,),
        severity=getattr(statement, "severity", None),
        kind=getattr(statement, "kind", None),
    )
    if statement.statement == "rejected":
        return replace(view, state="rejected", why=", ".join(sorted(set(statement.codes))))
    if statement.statement == "note":
        return view
    if isinstance(statement, Waiver | Permission):
        named = statement.waives if isinstance(statement, Waiver) else statement.despite
        view = replace(view, refers=f"{named.decision or decision.id}/{named.id}")
    if standing.state == "retired":
        why = standing.reason or "its decision binds nobody any more"
        return replace(view, state="inactive", why=why)
    if not _is_on(statement, linked):
        return replace(view, state="inactive", why=_asleep(statement, linked))
    if isinstance(statement, Waiver | Permission):
        return replace(view, state="applied")
    if not isinstance(statement, ConstraintNode):
        return replace(view, state="advisory")
    fidelity = {t: answers[t][statement.id] for t in answers if statement.id in answers[t]}
    state, why = _fate(statement, linked, fidelity)
    return replace(view, fidelity=fidelity, state=state, why=why)


def _joined(view: StatementView, views: Sequence[StatementView]) -> StatementView:
    """Return a constraint's view with what this decision lets pass of it."""
    if view.statement != "constraint":
        return view
    applied = (each.key for each in views if each.refers == view.key and each.state == "applied")
    return replace(view, about=(*view.about, *applied))


def _is_on(statement: Statement, linked: Linked) -> bool:
    """Tell whether a statement binds on the day; most have none on which they do not."""
    dated = statement.grant if isinstance(statement, Permission) else statement
    if isinstance(dated, Waiver):
        return dated.until >= linked.program.as_of
    return not isinstance(dated, ConstraintNode) or in_force(dated, linked.program.as_of)


def _asleep(statement: Statement, linked: Linked) -> str:
    """Say why a statement does not bind on the day."""
    dated = statement.grant if isinstance(statement, Permission) else statement
    first = getattr(dated, "from_", None)
    if first is not None and first > linked.program.as_of:
        return f"from {first}"
    return f"{'expired on' if isinstance(dated, Waiver) else 'until'} {getattr(dated, 'until', '')}"


def _fate(
    constraint: ConstraintNode, linked: Linked, fidelity: Mapping[str, Fidelity]
) -> tuple[State, str]:
    """Return how a constraint fares that binds on the day, and why."""
    from bylaw_targets import READERS  # noqa: PLC0415 - targets import from below

    needs = needed(constraint)  # type: ignore[arg-type] # of the union
    engines = {
        name: answer
        for name, answer in fidelity.items()
        if name in linked.config.targets and name not in READERS
    }
    exact = [answer.reason for answer in engines.values() if answer.level == "exact"]
    if exact:
        return "enforced", "" if None in exact else "; ".join(filter(None, exact))
    rough = [f"{n}: {a.reason}" for n, a in engines.items() if a.level == "approximate"]
    if rough:
        return "approximate", "; ".join([*rough, *([f"`bylaw check` {needs}"] if needs else [])])
    return ("conditional", needs) if needs else ("checked", "")
