"""Judges of what an agent did, as far as its change shows it."""

from collections.abc import Iterator

from bylaw.check.areas import judged_area
from bylaw.check.change import Change
from bylaw.check.evidence import NO_AGENT, Evidence, area_test
from bylaw.check.judges.base import TreeJudge
from bylaw.check.judges.changes import change_of, touched_in
from bylaw.check.judges.phrases import either, quoted
from bylaw.check.verdict import Finding, Violation
from bylaw.globs import matcher
from bylaw.ir import AgentChange, AgentLimit, AgentRead, AgentsSubject
from bylaw.scope import ScopedConstraint
from bylaw.unevaluable import UnevaluableError


def _is_bound(scoped: ScopedConstraint, evidence: Evidence) -> bool:
    """Tell whether the constraint binds the agent that made the change.

    ``Only agents of class `A` MAY …`` binds all others. Raises UnevaluableError where no agent is
    said to have made the change; none binds a person.
    """
    subject = scoped.constraint.subject
    if not isinstance(subject, AgentsSubject):
        raise TypeError(subject.noun)
    if evidence.agent is None:
        raise UnevaluableError(
            "no agent is said to have made the change",
            help="name the class of the agent with `--agent`, or say `--no-agent` of a person's "
            "change",
        )
    if evidence.agent == NO_AGENT:
        return False
    named = not subject.classes or evidence.agent in {name.text for name in subject.classes}
    return named != (scoped.constraint.modal == "only-may")


def _change(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    constraint = scoped.constraint
    if not isinstance(constraint, AgentChange):
        raise TypeError(constraint.shape)
    if not _is_bound(scoped, evidence):
        return
    globs = [glob.text for glob in constraint.globs]
    is_named = matcher(globs)
    for path in touched_in(scoped, evidence):
        if constraint.modal == "must-only":
            if not is_named(path):
                detail = f"an agent changes it outside {either(globs)}"
                yield Violation(scoped.full_id, path, detail, operand=globs[0], found=path)
            continue
        for glob in globs:
            if matcher((glob,))(path):
                detail = f"an agent changes it in {quoted(glob)}"
                yield Violation(scoped.full_id, path, detail, operand=glob, found=path)


def _limit(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    constraint = scoped.constraint
    if not isinstance(constraint, AgentLimit):
        raise TypeError(constraint.shape)
    if not _is_bound(scoped, evidence):
        return
    if constraint.unit not in ("files", "lines"):
        raise _needs_record()
    change = change_of(evidence)
    is_in_area = area_test(judged_area(scoped, evidence))
    if constraint.unit == "files":
        count = sum(map(is_in_area, _files(change)))
    else:
        count = sum(number for path, number in change.counts.items() if is_in_area(path))
    if count > constraint.count:
        detail = f"an agent changes more than {constraint.count} {constraint.unit}"
        yield Violation(scoped.full_id, None, detail, note=f"it changes {count}")


def _files(change: Change) -> set[str]:
    """Return the files that a change touches; one that was renamed is one."""
    return {*change.added, *change.modified, *change.deleted, *change.renamed}


def _read(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    constraint = scoped.constraint
    if not isinstance(constraint, AgentRead):
        raise TypeError(constraint.shape)
    if _is_bound(scoped, evidence):
        is_guarded = matcher(glob.text for glob in constraint.globs)
        if any(map(is_guarded, touched_in(scoped, evidence))):
            raise _needs_record()
    return iter(())


def _run(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    if _is_bound(scoped, evidence):
        raise _needs_record()
    return iter(())


def _autonomy(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    # Where the change touches nothing of a scope, its agent has not worked in it.
    if _is_bound(scoped, evidence) and (
        not judged_area(scoped, evidence).include or touched_in(scoped, evidence)
    ):
        raise _needs_record()
    return iter(())


def _needs_record() -> UnevaluableError:
    return UnevaluableError(
        "it needs a record of the agent's tool calls",
        help="a check of files has none; `--lenient` exits with 0 all the same",
    )


CHANGE = TreeJudge(_change)
LIMIT = TreeJudge(_limit)
RUN = TreeJudge(_run)
READ = TreeJudge(_read)
AUTONOMY = TreeJudge(_autonomy)
