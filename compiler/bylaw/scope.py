"""Constraints with the places they bind: globs against the tree, modules as paths."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256

from bylaw.area import Area, TreeFacts
from bylaw.config import Config
from bylaw.diagnostics import Code, Label, Report, Severity
from bylaw.fidelity import Fidelity
from bylaw.globs import is_empty
from bylaw.ir import (
    Constraint,
    ConstraintNode,
    Decision,
    Guidance,
    Permission,
    Waiver,
)
from bylaw.modules import read_tree
from bylaw.places import area_of, exempted, granted, languages_of, member_globs, members
from bylaw.program import Header, Program
from bylaw.scoped import ScopedConstraint
from bylaw.tree import Tree
from bylaw.unmatched import warn_unmatched

__all__ = [
    "Area",
    "ScopeContext",
    "ScopedConstraint",
    "ScopedDecision",
    "ScopedProgram",
    "TreeFacts",
    "in_force",
    "read_context",
    "scope",
    "scope_decision",
]

EMPTY_SCOPE = Code("BL301", "empty-scope", Severity.ERROR)
SHADOWED_SCOPE = Code("BL305", "shadowed-scope", Severity.WARNING)


@dataclass(frozen=True, slots=True)
class ScopedDecision:
    """A decision that binds (or, with `proposed`, would) and its constraints in their places."""

    decision: Decision
    constraints: tuple[ScopedConstraint, ...]
    guidance: tuple[Guidance, ...] = ()
    proposed: bool = False
    facts: TreeFacts = field(default_factory=TreeFacts)
    fidelity: Mapping[str, Mapping[str, Fidelity]] = field(default_factory=dict)
    """By target, then by constraint id: what the targets compiled before have answered."""


@dataclass(frozen=True)
class ScopedProgram:
    """The decisions that are compiled, sorted by path, on one day, in one tree.

    `next_change` is the next day on which something starts or stops being in force. `files` are
    the tree's paths, sorted, without what builds write, `config` is the configuration, and
    `projects` are the folders below, each with `/`, that have one of their own: what assembling may
    need beyond the decisions.
    """

    decisions: Sequence[ScopedDecision]
    as_of: date
    facts: TreeFacts
    next_change: date | None = None
    files: tuple[str, ...] = ()
    config: Config = field(default_factory=Config)
    projects: tuple[str, ...] = ()


# --- scoping -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ScopeContext:
    """All that decides a decision's scope beyond the decision itself.

    `waivers` and `permissions` are those of other decisions in force, by the id of the decision
    they concern. `tests` is empty where the configuration does not say.
    """

    facts: TreeFacts
    tree: Tree
    as_of: date
    tests: tuple[str, ...] = ()
    proposed: frozenset[str] = frozenset()
    waivers: Mapping[str, tuple[Waiver, ...]] = field(default_factory=dict)
    permissions: Mapping[str, tuple[Permission, ...]] = field(default_factory=dict)
    next_change: date | None = None
    references: Mapping[str, str] = field(default_factory=dict)
    """A digest of the waivers and permissions that concern a decision, by its id."""

    @cached_property
    def _base_key(self) -> str:
        parts = [
            *self.tree.files,
            "",
            *self.facts.source_roots,
            "",
            *self.tests,
            "",
            self.facts.output,
        ]
        return sha256("\0".join(parts).encode()).hexdigest()

    def key(self, header: Header) -> str:
        """Return a digest of what of this context matters to one decision."""
        past = sum(day <= self.as_of for day in header.days)
        proposed = header.path in self.proposed
        return f"{self._base_key} {past} {proposed} {self.references.get(header.id, '')}"


def read_context(program: Program, files: Iterable[str], config: Config) -> ScopeContext:
    """Gather what scoping needs: the tree's facts, and what decisions say of each other."""
    tree = Tree(files)
    # The driver links with the very tree that it scopes in, so that modules are found once.
    known = program.ground.files is files
    facts = program.ground.facts if known else read_tree(tree.files, config.source_roots)
    waivers: dict[str, list[Waiver]] = {}
    permissions: dict[str, list[Permission]] = {}
    references: dict[str, list[str]] = {}
    for unit in program.units:
        header = unit.header
        if not header.refers or not program.in_force(header.path):
            continue
        for statement in unit.decision.statements:
            if isinstance(statement, Waiver):
                target = statement.waives.decision
                if target in (None, header.id):
                    continue
                waivers.setdefault(str(target), []).append(statement)
            elif isinstance(statement, Permission):
                target = statement.despite.decision
                if target in (None, header.id):
                    continue
                permissions.setdefault(str(target), []).append(statement)
            else:
                continue
            past = sum(day <= program.as_of for day in header.days)
            references.setdefault(str(target), []).append(f"{unit.digest} {statement.span} {past}")
    days = {
        day
        for unit in program.units
        if program.standing[unit.header.path].state in ("in-force", "proposed")
        for day in unit.header.days
        if day > program.as_of
    }
    return ScopeContext(
        facts=facts._replace(output=config.output),
        tree=tree,
        as_of=program.as_of,
        tests=config.tests,
        proposed=frozenset(p for p, s in program.standing.items() if s.state == "proposed"),
        waivers={target: tuple(found) for target, found in waivers.items()},
        permissions={target: tuple(found) for target, found in permissions.items()},
        next_change=min(days, default=None),
        references={target: "\0".join(found) for target, found in references.items()},
    )


def scope(
    program: Program,
    files: Iterable[str],
    config: Config,
    report: Report,
    *,
    include_proposed: bool = False,
) -> ScopedProgram:
    """Scope all decisions that bind, and with `include_proposed` those that would."""
    context = read_context(program, files, config)
    states = ("in-force", "proposed") if include_proposed else ("in-force",)
    return ScopedProgram(
        decisions=tuple(
            scope_decision(unit.decision, context, report)
            for unit in program.units
            if program.standing[unit.header.path].state in states
        ),
        as_of=program.as_of,
        facts=context.facts,
        next_change=context.next_change,
    )


def scope_decision(decision: Decision, context: ScopeContext, report: Report) -> ScopedDecision:
    """Give each constraint of one decision its area, and report scopes that hold nothing."""
    waivers = [*context.waivers.get(decision.id, ())]
    permissions = [*context.permissions.get(decision.id, ())]
    for statement in decision.statements:
        if isinstance(statement, Waiver) and statement.waives.decision in (None, decision.id):
            waivers.append(statement)
        elif isinstance(statement, Permission) and statement.despite.decision in (
            None,
            decision.id,
        ):
            permissions.append(statement)
    waivers = [waiver for waiver in waivers if waiver.until >= context.as_of]
    permissions = [p for p in permissions if in_force(p.grant, context.as_of)]
    warn_unmatched(decision, context.tree, context.facts, report)
    return ScopedDecision(
        decision=decision,
        constraints=tuple(
            _scope_constraint(
                statement,
                decision.id,
                tuple(w for w in waivers if w.waives.id == statement.id),
                tuple(p for p in permissions if p.despite.id == statement.id),
                context,
                report,
            )
            for statement in decision.statements
            if isinstance(statement, ConstraintNode)
        ),
        guidance=tuple(s for s in decision.statements if isinstance(s, Guidance)),
        proposed=decision.path in context.proposed,
        facts=context.facts,
    )


def in_force(constraint: Constraint, day: date) -> bool:
    """Tell whether a constraint's `from` and `until` admit a day."""
    return (constraint.from_ is None or constraint.from_ <= day) and (
        constraint.until is None or day <= constraint.until
    )


def _scope_constraint(  # noqa: PLR0917 - the parts of one scoped constraint, each once
    constraint: Constraint,
    decision_id: str,
    waivers: tuple[Waiver, ...],
    permissions: tuple[Permission, ...],
    context: ScopeContext,
    report: Report,
) -> ScopedConstraint:
    facts, tests = context.facts, context.tests
    area = area_of(constraint, facts, tests)
    if area.within or constraint.exceptions or constraint.lead_in:
        _check_members(constraint, area, context, report)
    waived = [glob.text for waiver in waivers for glob in waiver.globs]
    for permission in permissions:
        waived += granted(constraint, permission.grant, facts, tests) or ()
    if waived:
        exclude = tuple(dict.fromkeys([*area.exclude, *waived]))
        area = Area(area.include, area.within, exclude)
    return ScopedConstraint(
        constraint=constraint,
        full_id=f"{decision_id}/{constraint.id}",
        area=area,
        languages=languages_of(constraint, area, facts),
        waivers=waivers,
        permissions=permissions,
        active=in_force(constraint, context.as_of),
        tests=tests,
    )


def _check_members(
    constraint: Constraint, area: Area, context: ScopeContext, report: Report
) -> None:
    """Report each member of a subject that the lead-in or an exception leaves nothing of."""
    lead_in = constraint.lead_in
    except_in = exempted(constraint, context.facts, context.tests)
    if lead_in is not None:
        except_in += tuple(glob.text for glob in lead_in.excepts)
    for member in members(constraint.subject):
        globs = member_globs(constraint, member, context.facts)
        if lead_in is not None and area.within and is_empty(Area(globs, area.within)):
            report.add(
                EMPTY_SCOPE,
                f"`{member.text}` has no file in common with the scope of the lead-in",
                member.span,
                note="lies outside it",
                labels=(Label(lead_in.span, "the lead-in"),),
                help="move the item out of the list, or widen the lead-in",
            )
            continue
        if not except_in or constraint.modal == "only-may":
            continue
        if is_empty(Area(globs, area.within, except_in)):
            spans = [exception.span for exception in constraint.exceptions]
            spans += [glob.span for glob in lead_in.excepts] if lead_in else []
            report.add(
                SHADOWED_SCOPE,
                f"the exceptions leave nothing of `{member.text}`",
                member.span,
                labels=[Label(span, "an exception") for span in spans],
                help="narrow the exception, or drop the scope",
            )
