"""The target `workflow`: decisions and configured levels joined to one file."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from bylaw.config import AgentsTable, Level
from bylaw.diagnostics import Report
from bylaw.scope import ScopedDecision, ScopedProgram
from bylaw.target import Artifact, Fidelity, Fragment, Trace
from bylaw_targets.workflow.model import (
    EARNED,
    GATES,
    ON_FAILURE,
    PEOPLE,
    PHASES,
    Agents,
    Approval,
    Checkpoint,
    Command,
    Lane,
    LevelRecord,
    Limit,
    Reading,
    Rule,
    Workflow,
)
from bylaw_targets.workflow.rules import coverage_of, is_general, rule_of
from bylaw_targets.workflow.trace import traces

_HEAD = """\
# Made by bylaw from the decisions of this repository; whatever is changed here is lost.
"""

_ANSWER = Fidelity("approximate", "an orchestrator reads it, and nothing makes it", "misses")
_NONE = Fidelity("unsupported", "it says nothing of how agents work")

_MODELS: Mapping[str, type[Rule]] = {
    "checkpoints": Checkpoint,
    "lanes": Lane,
    "limits": Limit,
    "approvals": Approval,
    "commands": Command,
    "reading": Reading,
}


class _Dumper(yaml.SafeDumper):
    """Writes text in quotes unless every reader of YAML, of 1.1 or 1.2, takes it for text."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    plain = _PLAIN.fullmatch(text) and text not in _OTHER
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


_Dumper.add_representer(str, _text)

_PLAIN = re.compile("[a-z][a-z_-]*", re.ASCII)
_OTHER = frozenset(("y", "yes", "n", "no", "true", "false", "on", "off", "null"))


class WorkflowTarget:
    """How orchestrators run agents."""

    name = "workflow"
    version = 2

    def compile(self, decision: ScopedDecision) -> Fragment:
        """Collect what one decision says of how agents work."""
        rules: list[tuple[str, str]] = []
        fidelity: dict[str, Fidelity] = {}
        coverage: list[float] = []
        dated = False
        for scoped in decision.constraints:
            constraint = scoped.constraint
            found = rule_of(scoped, decision)
            # A gate is closed or open: it knows no SHOULD.
            floor = coverage_of(constraint) if constraint.severity == "error" else None
            told = found is not None or floor is not None
            fidelity[constraint.id] = _ANSWER if told else _NONE
            dated = dated or (
                told
                and bool(
                    constraint.from_ or constraint.until or scoped.waivers or scoped.permissions
                )
            )
            if not scoped.active or decision.proposed:
                continue
            if found is not None:
                rules.append((found[0], found[1].model_dump_json()))
            if floor is not None:
                coverage.append(floor)
        return Fragment(fidelity, (tuple(rules), tuple(coverage), int(dated)))

    def assemble(
        self,
        program: ScopedProgram,
        fragments: Sequence[Fragment],
        report: Report,  # noqa: ARG002 - the protocol's
    ) -> Iterable[Artifact]:
        """Join what all decisions say with the levels that are configured."""
        kinds: dict[str, list[Rule]] = {section: [] for section in _MODELS}
        coverage: list[float] = []
        dated = False
        for fragment in fragments:
            payload: Any = fragment.payload
            rules, floors, waits = payload
            dated = dated or bool(waits)
            coverage += floors
            for section, text in rules:
                kinds[section].append(_MODELS[section].model_validate_json(text))
        workflow = Workflow(
            format="bylaw/workflow",
            schema_version=1,
            agents=_agents(program.config.agents),
            levels=_levels(kinds["limits"], coverage),
            **kinds,
        )
        text = yaml.dump(
            workflow.model_dump(mode="json"),
            Dumper=_Dumper,
            sort_keys=False,
            width=1_000_000,
            allow_unicode=False,
        )
        change = program.next_change if dated else None
        yield Artifact(
            "workflow.yaml", (_HEAD + text).encode(), change.isoformat() if change else None
        )

    def trace(
        self,
        program: ScopedProgram,
        fragments: Sequence[Fragment],  # noqa: ARG002 - the protocol's
        artifact: Artifact,
    ) -> Iterator[Trace]:
        """Yield the entry of each constraint, and the gates that it has narrowed."""
        return traces(program.decisions, artifact.data.decode())


def _agents(table: AgentsTable) -> Agents:
    return Agents(
        autonomy=table.autonomy,
        classes=dict(sorted(table.levels_by_class.items())),
        paths=_lowest(table.levels_by_path),
    )


def _lowest(levels: Iterable[tuple[str, Level]]) -> dict[str, Level]:
    """Return the level at each glob; of one that comes twice the lowest, as each is an upper bound.

    Levels stand in their order from the one that leaves the least to the agent.
    """
    order = list(ON_FAILURE)
    return dict(sorted(levels, key=lambda entry: (entry[0], -order.index(entry[1]))))


def _levels(limits: Sequence[Rule], coverage: Sequence[float]) -> dict[Level, LevelRecord]:
    """Return the profile of each level, its gates as narrow as the decisions make them."""
    files = [
        limit.at_most
        for limit in limits
        if isinstance(limit, Limit) and limit.unit == "files" and is_general(limit)
    ]
    found: dict[Level, LevelRecord] = {}
    for level, gates in GATES.items():
        most = [*files, *([] if gates.files_changed is None else [gates.files_changed])]
        least = [*coverage, *([] if gates.coverage is None else [gates.coverage])]
        narrow = gates.model_copy(
            update={
                "files_changed": min(most, default=None),
                "coverage": max(least, default=None),
            }
        )
        found[level] = LevelRecord(
            people=PEOPLE[level],
            on_failure=dict(zip(PHASES, ON_FAILURE[level], strict=True)),
            gates=narrow,
            earned=EARNED[level],
        )
    return found
