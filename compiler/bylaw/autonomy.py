"""The levels of autonomy that are configured, against those that the decisions allow at a path."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bylaw.area import Area
from bylaw.config import LEVELS, AgentsTable, Level
from bylaw.config_source import File
from bylaw.diagnostics import Code, Label, Report, Severity, Span
from bylaw.ir import AgentAutonomy, AgentChange, AgentsSubject, Constraint
from bylaw.passes.compare.region import Region, is_empty, witness
from bylaw.scoped import ScopedConstraint

FORBIDDEN_AUTONOMY = Code("BL450", "configured-autonomy-forbidden", Severity.ERROR)

SHAPES = frozenset({"agent-autonomy", "agent-change"})
"""The shapes of the constraints that decide it."""


@dataclass(frozen=True, slots=True)
class _Worker:
    """A class of agents and the level that is configured for it; None is any other class.

    With a `glob` the level is that of the files which it means.
    """

    name: str | None
    level: Level
    key: tuple[str | int, ...]
    glob: str | None = None


def report_levels(
    constraints: Iterable[ScopedConstraint], table: AgentsTable, file: File | None, report: Report
) -> None:
    """Report each configured level above the one that a sentence asks for, with a path.

    A level *is* how much is left to the agent, so that a lower one is always allowed. Paths that
    are configured for a low enough level, or that a class may not change at all, do not count.
    """
    known = [scoped for scoped in constraints if scoped.active]
    lanes = [s for s in known if isinstance(s.constraint, AgentChange)]
    for scoped in known:
        constraint = scoped.constraint
        if not isinstance(constraint, AgentAutonomy):
            continue
        low = [glob for glob, level in table.levels_by_path if not _above(level, constraint.level)]
        for worker in _workers(constraint, table):
            if not _above(worker.level, constraint.level):
                continue
            region = _region(scoped.area).without(low)
            region = region if worker.glob is None else region.within((worker.glob,))
            region = _reach(region, worker, lanes, frozenset(table.levels_by_class))
            found = witness(region)
            if found is not None or not is_empty(region):
                span = file.value_span(worker.key) if file is not None else None
                _report(scoped, constraint, worker, found, span, report)


def _above(level: Level, highest: Level) -> bool:
    return LEVELS.index(level) > LEVELS.index(highest)


def _workers(constraint: AgentAutonomy, table: AgentsTable) -> Iterator[_Worker]:
    """Yield the classes that a constraint binds and whose level is configured."""
    subject = constraint.subject
    named = {name.text for name in subject.classes} if isinstance(subject, AgentsSubject) else set()
    own = table.levels_by_class
    for index, (name, level) in enumerate(own.items()):
        if not named or name in named:
            yield _Worker(name, level, ("agents", "class-levels", index))
    others: list[str | None] = [*sorted(named - own.keys())] if named else [None]
    for other in others:
        if table.autonomy is not None:
            yield _Worker(other, table.autonomy, ("agents", "autonomy"))
        for index, (glob, level) in enumerate(table.levels_by_path):
            yield _Worker(other, level, ("agents", "path-levels", index), glob)


def _region(area: Area) -> Region:
    return Region(tuple(union for union in (area.include, area.within) if union), area.exclude)


def _reach(
    region: Region, worker: _Worker, lanes: Iterable[ScopedConstraint], own: frozenset[str]
) -> Region:
    """Return what of a region a class of agents may change at all; `own` have their own levels."""
    for scoped in lanes:
        constraint = scoped.constraint
        if not isinstance(constraint, AgentChange) or constraint.severity != "error":
            continue
        area = scoped.area
        everywhere = not (area.include or area.within or area.exclude)
        if scoped.permissions or not everywhere or not _binds(constraint, worker.name, own):
            continue
        globs = tuple(glob.text for glob in constraint.globs)
        keeps_in = constraint.modal == "must-only"
        region = region.within(globs) if keeps_in else region.without(globs)
    return region


def _binds(constraint: Constraint, name: str | None, own: frozenset[str]) -> bool:
    """Tell whether a sentence binds a class; without a name, all without a level of their own."""
    subject = constraint.subject
    classes = subject.classes if isinstance(subject, AgentsSubject) else ()
    named = frozenset(each.text for each in classes)
    door = constraint.modal == "only-may"
    if not named:
        return not door
    if name is None:
        return door and named <= own
    return (name in named) != door


def _report(  # noqa: PLR0917 - what it rests on, each once
    scoped: ScopedConstraint,
    constraint: AgentAutonomy,
    worker: _Worker,
    found: str | None,
    span: Span | None,
    report: Report,
) -> None:
    who = f"agents of class `{worker.name}`" if worker.name is not None else "agents"
    where = f"at `{found}`" if found is not None else "where it binds"
    report.add(
        FORBIDDEN_AUTONOMY,
        f"{who} are configured for autonomy `{worker.level}`, and `{scoped.full_id}` allows "
        f"`{constraint.level}` at most {where}",
        span,
        labels=[Label(constraint.span, "forbids it")],
        help=f"configure `{constraint.level}`, or that for those paths: "
        f'`path-levels = ["{(scoped.area.include or ("**",))[0]} {constraint.level}"]`',
        severity=None if constraint.severity == "error" else Severity.WARNING,
    )
