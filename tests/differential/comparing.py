"""The evaluator and Semgrep on the same programs: where one finds what the other does not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from bylaw.check.engine import find
from bylaw.check.evidence import Evidence
from bylaw.check.verdict import Finding, NotEvaluated, Violation
from bylaw.fidelity import Fidelity
from bylaw.modules import read_tree
from bylaw.snapshot import MemoryTree
from tests.engines import find_semgrep, scan
from tests.targets.semgrep.cases import Place, Repository, found_places, full_id

SENTENCES = Path(__file__).parent / "constraints"

# A program of a few hundred lines may nest deeper than a rule's usual five seconds allow.
OPTIONS = ("--no-rewrite-rule-ids", "--project-root", ".", "--timeout", "60", ".")


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """A line of which only one of the two says that it violates a constraint."""

    constraint: str
    path: str
    line: int
    by: Literal["evaluator", "semgrep"]


@dataclass
class Comparison:
    """Programs, constraints on them, and what each of the two finds."""

    name: str
    programs: Mapping[str, str]
    root: Path

    @cached_property
    def repository(self) -> Repository:
        """The constraints, compiled for the tree of programs."""
        text = (SENTENCES / f"{self.name}.md").read_text(encoding="utf-8")
        made = Repository({self.name: text})
        made.files = dict(self.programs)
        return made

    @cached_property
    def fidelity(self) -> dict[str, Fidelity]:
        """What the target says of each constraint, by full id."""
        (fragment,) = self.repository.fragments
        return {f"{self.name}/{identity}": said for identity, said in fragment.fidelity.items()}

    @cached_property
    def findings(self) -> dict[str, list[Finding]]:
        """What the evaluator finds."""
        tree = MemoryTree({path: text.encode() for path, text in self.programs.items()})
        evidence = Evidence(tree=tree, layout=read_tree(tree.files), semgrep=str(find_semgrep()))
        (decision,) = self.repository.program.decisions
        return find(decision.constraints, evidence)

    @cached_property
    def evaluated(self) -> frozenset[Place]:
        """The lines that the evaluator finds; the first, where it finds a whole file."""
        return frozenset(
            (identity, finding.path or "", finding.place.line if finding.place else 1)
            for identity, findings in self.findings.items()
            for finding in findings
            if isinstance(finding, Violation)
        )

    @cached_property
    def unevaluated(self) -> list[NotEvaluated]:
        """What the evaluator does not evaluate."""
        return [f for some in self.findings.values() for f in some if isinstance(f, NotEvaluated)]

    @cached_property
    def results(self) -> dict[str, Any]:
        """What Semgrep says of all programs and rules in one scan."""
        self.repository.write(self.root)
        rules = self.root / ".bylaw" / "semgrep.yml"
        rules.parent.mkdir()
        rules.write_bytes(self.repository.rules)
        (self.root / ".semgrepignore").write_bytes(self.repository.ignore)
        return scan(self.root, rules.relative_to(self.root), OPTIONS)

    @cached_property
    def scanned(self) -> frozenset[Place]:
        """The lines that Semgrep reports."""
        return frozenset(
            (full_id(rule), path, line)
            for rule, places in found_places(self.results).items()
            for path, line in places
        )

    def differences(self, evaluated: Iterable[Place] | None = None) -> list[Difference]:
        """Return where the two differ, sorted; `evaluated` stands in for what was evaluated."""
        ours = self.evaluated if evaluated is None else frozenset(evaluated)
        judged = {identity for identity, said in self.fidelity.items() if said.rules}
        found = [Difference(*place, "evaluator") for place in ours - self.scanned]
        found += [Difference(*place, "semgrep") for place in self.scanned - ours]
        return sorted(difference for difference in found if difference.constraint in judged)

    def unannounced(self, evaluated: Iterable[Place] | None = None) -> list[Difference]:
        """Return the differences that the fidelity of their constraint does not announce."""
        return [
            difference
            for difference in self.differences(evaluated)
            if self.fidelity[difference.constraint].errs not in _ANNOUNCED[difference.by]
        ]


_ANNOUNCED = {"evaluator": ("misses", "both"), "semgrep": ("over-reports", "both")}
