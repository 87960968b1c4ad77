"""What a run takes from the records that it was handed: the agent's class, and what is wrong."""

from collections.abc import Iterable, Sequence

from bylaw.check.evidence import NO_AGENT
from bylaw.check.request import Request
from bylaw.check.rules import Rules
from bylaw.diagnostics import Code, Report, Severity
from bylaw.visible import shorten, visible

BROKEN_RECORD = Code("BL535", "broken-record", Severity.ERROR)
TORN_RECORD = Code("BL536", "torn-record", Severity.WARNING)
CONTRADICTING_AGENTS = Code("BL537", "contradicting-agents", Severity.ERROR)
STRANGE_CLASS = Code("BL538", "class-of-no-sentence", Severity.ERROR)

USUAL_CLASSES = ("A", "B", "C")
"""Those that a repository has, whether its sentences name them or not."""

_LONGEST = 80


def agent_of(request: Request, report: Report) -> str | None:
    """Return the class of the agent that the request names, or else the records.

    Where they contradict each other nobody is named, and that is reported; so is what is wrong
    with the records themselves.
    """
    record = request.record
    if record is None:
        return request.agent
    if record.broken is not None:
        report.add(
            BROKEN_RECORD,
            record.broken,
            help="hand in the record as it was written; what depends on it is not evaluated",
        )
        return request.agent
    if record.torn:
        lines = "a line" if record.torn == 1 else f"{record.torn} lines"
        report.add(
            TORN_RECORD,
            f"{lines} of the record ended before all was written",
            note="a process was stopped while it wrote; of what it did nothing is known",
        )
    classes = sorted(record.agents)
    named = [] if request.agent is None else [request.agent]
    if len(classes) > 1 or (classes and named and classes != named):
        _report_contradiction(classes, request.agent, report)
        return None
    return next(iter((*named, *classes)), None)


def _report_contradiction(classes: list[str], named: str | None, report: Report) -> None:
    told = " and ".join(f"`{name}`" for name in classes)
    if len(classes) > 1:
        message = f"the record is of agents of more than one class: {told}"
        advice = "check the change of each agent by itself, with its own record"
    elif named == NO_AGENT:
        message = f"`--no-agent` is said of a change that an agent of class {told} has recorded"
        advice = "leave out `--no-agent`, or `--record`"
    else:
        message = f"`--agent {named}` is said, and the record is of an agent of class {told}"
        advice = "leave out `--agent`: the record says the class"
    report.add(CONTRADICTING_AGENTS, message, help=advice)


def report_class(agent: str | None, sets: Sequence[Rules], report: Report) -> None:
    """Report a class that no sentence knows: whoever gives it is bound by none about classes."""
    named = classes_of(scoped.constraint.subject for rules in sets for scoped in rules.active)
    known = sorted({*named, *USUAL_CLASSES})
    if not named or agent is None or agent == NO_AGENT or agent in known:
        return
    near = next((name for name in known if name.casefold() == agent.casefold()), None)
    listing = "the classes are " + ", ".join(f"`{name}`" for name in known)
    report.add(
        STRANGE_CLASS,
        f"no sentence knows the class `{shorten(visible(agent), _LONGEST)}` of the agent",
        note="what binds agents of a class was not held against it",
        help=f"did you mean `{near}`?" if near else listing,
    )


def classes_of(subjects: Iterable[object]) -> frozenset[str]:
    """Return the classes of agents that subjects of sentences name."""
    return frozenset(
        name.text
        for subject in subjects
        if getattr(subject, "noun", None) == "agents"
        for name in getattr(subject, "classes", ())
    )
