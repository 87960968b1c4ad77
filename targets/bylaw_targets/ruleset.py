"""The target `ruleset`: a branch ruleset for GitHub that makes approvals and the check binding.

`ruleset.json` is what `POST /repos/OWNER/NAME/rulesets` takes. It asks for a pull request and for
code owners where a sentence asks for approval, drops approvals that a push has outdated, and
requires the check that judges every constraint. Teams are asked for by number and file where the
configuration knows their numbers. It waives nothing for anybody: who may pass by it, a person adds.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bylaw.diagnostics import Report
from bylaw.ir import Approve, Constraint
from bylaw.owners.patterns import to_patterns
from bylaw.risk import Risks, rules_of
from bylaw.scope import ScopedDecision, ScopedProgram
from bylaw.target import Artifact, Fidelity, Fragment, Trace

_APPROVE = Fidelity(
    "approximate",
    "it asks for a code owner's review; who, and how many, the required check judges",
    "misses",
)
_OTHER = Fidelity("unsupported", "the check that it requires judges this")
_SHOULD = Fidelity("unsupported", "a ruleset knows no SHOULD")

_MOST_PATTERNS = 200


class Ruleset:
    """The ruleset of the main branch."""

    name = "ruleset"
    version = 1

    def compile(self, decision: ScopedDecision) -> Fragment:
        """Collect whose approval one decision asks for, and of what."""
        fidelity: dict[str, Fidelity] = {}
        demands: list[tuple[object, ...]] = []
        dated = False
        for scoped in decision.constraints:
            node = scoped.constraint
            if not isinstance(node, Approve):
                fidelity[node.id] = _OTHER
                continue
            dated = dated or bool(node.from_ or node.until)
            fidelity[node.id] = _APPROVE if _asks(node) else _SHOULD
            if _asks(node) and scoped.active:
                names = tuple(approver.text for approver in node.approvers)
                alone = node.quantifier == "all" or len(names) == 1
                globs = scoped.area.include or ("**",)
                demands.append((names, node.count, int(alone), globs))
        return Fragment(fidelity, (tuple(demands), int(dated)))

    def assemble(
        self,
        program: ScopedProgram,
        fragments: Sequence[Fragment],
        report: Report,  # noqa: ARG002 - the protocol's
    ) -> Iterable[Artifact]:
        """Write the ruleset."""
        demands: list[Any] = []
        dated = False
        for fragment in fragments:
            payload: Any = fragment.payload
            some, waits = payload
            demands += some
            dated = dated or bool(waits)
        table = program.config.approvals
        risks = Risks(rules=rules_of(table))
        # What every change needs: the check asks for more where a change is of more risk.
        least = risks.required("low") if risks.rules.required else 0
        branch = program.config.main_branch
        ruleset = {
            "name": "Decisions (Written by bylaw)",
            "target": "branch",
            "enforcement": "active",
            "bypass_actors": [],
            "conditions": {
                "ref_name": {
                    "include": [f"refs/heads/{branch}" if branch else "~DEFAULT_BRANCH"],
                    "exclude": [],
                }
            },
            "rules": [
                _pull_request(demands, least, table.team_ids),
                _check(table.check),
            ],
        }
        change = program.next_change if dated else None
        text = json.dumps(ruleset, indent=2, ensure_ascii=False) + "\n"
        yield Artifact("ruleset.json", text.encode(), change.isoformat() if change else None)

    def trace(
        self, program: ScopedProgram, fragments: Sequence[Fragment], artifact: Artifact
    ) -> Iterator[Trace]:
        """Yield what approvals turn on, and the teams that a constraint asks for.

        All are joint: one ruleset holds for the decisions of a whole repository.
        """
        lines = artifact.data.decode().split("\n")
        on = [n for n, line in enumerate(lines, 1) if line.strip() in _TURNED_ON]
        for scoped, fragment in zip(program.decisions, fragments, strict=True):
            asking = [c.full_id for c in scoped.constraints if c.active and _asks(c.constraint)]
            payload: Any = fragment.payload
            for identity, demand in zip(asking, payload[0], strict=True):
                for number in on:
                    yield Trace(identity, number, number, joint=True)
                asked = _reviewers([demand], program.config.approvals.team_ids)
                for first, last, team in _team_lines(lines):
                    if any(_is_same(team, other) for other in asked):
                        yield Trace(identity, first, last, joint=True)


_TURNED_ON = frozenset(
    f'"{name}": true,'
    for name in (
        "require_code_owner_review",
        "dismiss_stale_reviews_on_push",
        "require_last_push_approval",
    )
)


def _asks(node: Constraint) -> bool:
    """Tell whether a ruleset can ask for what a constraint does."""
    return isinstance(node, Approve) and node.severity == "error"


def _team_lines(lines: Sequence[str]) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Yield the first and the last line of each team that is asked, from 1, and what they say."""
    first = 0
    for number, line in enumerate(lines, 1):
        if line == f"{_TEAM}{{":
            first = number
        elif first and line.startswith(f"{_TEAM}}}"):
            said = json.loads("\n".join(lines[first - 1 : number]).removesuffix(","))
            if "reviewer" in said:
                yield first, number, said
            first = 0


_TEAM = " " * 10
"""How far a team is indented, and the check that is required."""


def _pull_request(demands: Sequence[Any], least: int, team_ids: Sequence[str]) -> dict[str, object]:
    asks = bool(demands)
    parameters: dict[str, object] = {
        "required_approving_review_count": least,
        "require_code_owner_review": asks,
        "dismiss_stale_reviews_on_push": asks or least > 0,
        "require_last_push_approval": asks or least > 0,
        "required_review_thread_resolution": False,
    }
    reviewers = _reviewers(demands, team_ids)
    if reviewers:
        parameters["required_reviewers"] = reviewers
    return {"type": "pull_request", "parameters": parameters}


def _reviewers(demands: Sequence[Any], team_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Return the teams whose approval is needed whoever else approves, by number.

    GitHub knows no exception here, so that a team may be asked for more than the sentence says.
    """
    numbers = {name.casefold(): int(number) for name, number in map(str.split, team_ids)}
    found: dict[tuple[int, int], set[str]] = {}
    for names, count, alone, globs in demands:
        for name in names if alone else ():
            number = numbers.get(name.casefold())
            if number is not None:
                patterns = {p.text.lstrip("/") for glob in globs for p in to_patterns(glob)}
                found.setdefault((number, count), set()).update(map(_below, patterns))
    return [
        {
            "file_patterns": sorted(patterns)[:_MOST_PATTERNS],
            "minimum_approvals": count,
            "reviewer": {"id": number, "type": "Team"},
        }
        for (number, count), patterns in sorted(found.items())
    ]


def _is_same(team: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell whether two entries ask the same team for as many approvals."""
    return all(team[key] == other[key] for key in ("reviewer", "minimum_approvals"))


def _below(pattern: str) -> str:
    """Return a pattern as `fnmatch` has it, where a folder does not stand for what it holds."""
    text = pattern.replace("\\ ", " ")
    return "**/*" if text == "*" else f"{text}**/*" if text.endswith("/") else text


def _check(name: str) -> dict[str, object]:
    return {
        "type": "required_status_checks",
        "parameters": {
            "strict_required_status_checks_policy": False,
            "required_status_checks": [{"context": name}],
        },
    }
