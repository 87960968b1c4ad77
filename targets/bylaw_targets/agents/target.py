"""The target `agents`: one contract per folder, and many files in which hosts read it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bylaw.diagnostics import Code, Diagnostic, Report, Severity
from bylaw.ir import Guidance, StatementNode
from bylaw.languages import language_of
from bylaw.scope import ScopedDecision, ScopedProgram
from bylaw.target import Artifact, Fidelity, Fragment, Trace
from bylaw_targets.agents import page
from bylaw_targets.agents.clause import Advice, Clause, advice, clause, is_hostile
from bylaw_targets.agents.contract import Contract, contract_of
from bylaw_targets.agents.folders import ROOT, choose
from bylaw_targets.agents.machine import contract_json
from bylaw_targets.agents.surfaces import written
from bylaw_targets.agents.text import addresses
from bylaw_targets.agents.trace import Said, traces

ADDRESSES_READER = Code("BL436", "text-addresses-reader", Severity.WARNING)

_ANSWER = Fidelity("approximate", "agents read it, and nothing makes them keep it", "misses")


class Agents:
    """Contracts for agents."""

    name = "agents"
    version = 4

    def compile(self, decision: ScopedDecision) -> Fragment:
        """Write the items of one decision: those of the page, and those of contracts."""
        items, dated = page.items(decision)
        clauses: list[Clause] = []
        hints: list[Advice] = []
        if not decision.proposed:
            clauses = [clause(each, decision) for each in decision.constraints if each.active]
            hints = [advice(each, decision) for each in decision.guidance]
        return Fragment(
            {scoped.constraint.id: _ANSWER for scoped in decision.constraints},
            (items, int(dated), tuple(map(tuple, clauses)), tuple(map(tuple, hints))),
            tuple(_hostile(decision)),
        )

    def assemble(
        self, program: ScopedProgram, fragments: Sequence[Fragment], report: Report
    ) -> Iterable[Artifact]:
        """Yield the page of all decisions, and the surfaces that are configured."""
        sections: tuple[dict[str, list[str]], ...] = ({}, {}, {})
        dated = False
        clauses: list[Clause] = []
        hints: list[Advice] = []
        for fragment in fragments:
            payload: Any = fragment.payload
            items, waits, some, advised = payload
            dated = dated or bool(waits)
            clauses += (Clause(*each) for each in some)
            hints += (Advice(*each) for each in advised)
            for section, group, text in items:
                sections[section].setdefault(group, []).append(text)
        change = program.next_change if dated else None
        until = change.isoformat() if change else None
        yield Artifact("AGENTS.md", page.text(*sections).encode(), until)
        table = program.config.agents
        if table.surfaces:
            contracts = contracts_of(program, clauses, hints)
            yield from written(contracts, table, until, report)
            if "contract" in table.surfaces:
                yield Artifact("contract.json", contract_json(contracts[0], clauses), until)

    def trace(
        self, program: ScopedProgram, fragments: Sequence[Fragment], artifact: Artifact
    ) -> Iterable[Trace]:
        """Yield the items of each constraint, and of guidance, on the page and on any surface."""
        said: list[Said] = []
        for scoped, fragment in zip(program.decisions, fragments, strict=True):
            payload: Any = fragment.payload
            active = [each.full_id for each in scoped.constraints if each.active]
            advised = [_name(each, scoped) for each in scoped.guidance]
            items, _, clauses, hints = payload
            # Each is in the order in which `compile` has written it.
            names = active + advised
            said += (Said(name, item[2]) for name, item in zip(names, items, strict=False))
            said += (Said(c[0], clause=Clause(*c)) for c in clauses)
            said += (
                Said(name, advice=Advice(*hint)) for name, hint in zip(advised, hints, strict=False)
            )
        return traces(said, artifact)


def _name(guidance: Guidance, decision: ScopedDecision) -> str:
    identity = decision.decision.id
    return f"{identity}/{guidance.id}" if guidance.id else f"{identity}@{guidance.span.line}"


def contracts_of(
    program: ScopedProgram, clauses: Sequence[Clause], hints: Sequence[Advice]
) -> tuple[Contract, ...]:
    """Return the contract of the root, and those of the folders that have one."""
    chosen = choose(
        [each.starts for each in clauses if each.noun != "agents"],
        {each.path for each in clauses},
        program.files,
        program.projects,
    )
    return tuple(
        contract_of(folder, clauses, hints, chosen, _languages(folder, program.files))
        for folder in (ROOT, *chosen)
    )


def _languages(folder: str, files: Iterable[str]) -> frozenset[str]:
    found = (language_of(path) for path in files if path.startswith(folder))
    return frozenset(each for each in found if each is not None)


def _hostile(decision: ScopedDecision) -> Iterator[Diagnostic]:
    """Yield a warning for each statement whose free text speaks to the reader of a contract."""
    nodes = [
        scoped.constraint
        for scoped in decision.constraints
        if is_hostile(scoped.constraint, scoped.constraint.sentence)
    ]
    others: list[StatementNode] = [p for each in decision.constraints for p in each.permissions]
    others += decision.guidance
    for node in (*nodes, *others):
        if addresses(node.sentence):
            yield Diagnostic(
                ADDRESSES_READER.number,
                ADDRESSES_READER.severity,
                "this text addresses whoever reads it, so contracts for agents leave it out",
                node.span,
                help="say what the code has to be, and why; quote in a code span what is quoted",
            )
