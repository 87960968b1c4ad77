"""Which lines of `workflow.yaml` a constraint has produced."""

from collections.abc import Iterable, Iterator

import yaml

from bylaw.scope import ScopedDecision
from bylaw.target import Trace
from bylaw_targets.workflow.model import Limit
from bylaw_targets.workflow.rules import coverage_of, is_general, rule_of

_ENTRY = "- constraint: "


def traces(decisions: Iterable[ScopedDecision], text: str) -> Iterator[Trace]:
    """Yield the entry of each constraint, and each gate that is as narrow as one of these says.

    Gates are joint: the narrowest of all decisions counts.
    """
    lines = text.removesuffix("\n").split("\n")
    yield from _entries(lines)
    narrowed = [each for decision in decisions for each in _gates(decision)]
    for number, line in enumerate(lines, 1):
        gate, _, value = line.strip().partition(": ")
        for identity, name, most in narrowed:
            if gate == name and value != "null" and float(value) == most:
                yield Trace(identity, number, number, joint=True)


def _entries(lines: list[str]) -> Iterator[Trace]:
    """Yield the entries of all lists: what is not indented, and no `-`, ends one."""
    identity, first = "", 0
    for number, line in enumerate([*lines, ""], 1):
        if line.startswith("  "):
            continue
        if identity:
            yield Trace(identity, first, number - 1)
        named = line.startswith(_ENTRY)
        identity, first = yaml.safe_load(line[len(_ENTRY) :]) if named else "", number


def _gates(decision: ScopedDecision) -> Iterator[tuple[str, str, float]]:
    """Yield the gates that constraints of a decision narrow: id, name and value."""
    for scoped in decision.constraints:
        node = scoped.constraint
        if not scoped.active or decision.proposed or node.severity != "error":
            continue
        floor = coverage_of(node)
        if floor is not None:
            yield scoped.full_id, "coverage", floor
        _, rule = rule_of(scoped, decision) or ("", None)
        if isinstance(rule, Limit) and rule.unit == "files" and is_general(rule):
            yield scoped.full_id, "files_changed", rule.at_most
