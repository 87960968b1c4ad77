"""Cases as decisions: sentences, and below them the files that they judge, marked line by line.

A fence `python path=shop/a.py` is a file. In a comment at the end of a line stands what the
language says of it, and where the rules are known to say otherwise:

- `violation: id` the line violates the constraint, and the rule reports it;
- `missed: id` it violates it, and the rule does not;
- `reported: id` it keeps it, and the rule reports it all the same.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from bylaw.adr.discover import Candidate, inspect
from bylaw.adr.metadata import read_metadata
from bylaw.config import Config
from bylaw.diagnostics import Report
from bylaw.ir import Decision
from bylaw.lower import lower_document
from bylaw.modules import read_tree
from bylaw.scope import ScopeContext, ScopedProgram, scope_decision
from bylaw.source import Source
from bylaw.target import Fragment
from bylaw.tree import Tree
from bylaw_targets.semgrep import Semgrep
from bylaw_targets.semgrep.identity import owner

CASES = Path(__file__).parent / "cases"

_FENCE = re.compile(
    r"^(?P<fence>`{3,})\w* path=(?P<path>\S+)\n(?P<text>.*?)^(?P=fence)$", re.M | re.S
)
_MARK = re.compile(r"(violation|missed|reported): ([\w-]+(?:, [\w-]+)*)")

Place = tuple[str, str, int]
"""Full id, path, line."""


DAY = date(2026, 6, 1)


def read_decision(path: str, text: str) -> Decision:
    """Read a decision that has no fault."""
    report = Report()
    found = inspect(Source(path, text.encode()), Config(), report)
    assert isinstance(found, Candidate), path
    metadata = read_metadata(found.document, Config(), report)
    statements = lower_document(found.document, metadata.id, report)
    assert not len(report), [f"{d.span}: {d.message}" for d in report]
    digest = "0" * 64
    return Decision(path=path, digest=digest, statements=statements, **metadata.fields())


@dataclass
class Repository:
    """Every case in one tree, compiled."""

    cases: dict[str, str]
    files: dict[str, str] = field(default_factory=dict)
    marks: dict[str, set[Place]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.marks = {"violation": set(), "missed": set(), "reported": set()}
        for name, text in self.cases.items():
            for fence in _FENCE.finditer(text):
                path, body = fence["path"], fence["text"]
                assert path not in self.files, path
                self.files[path] = body
                for number, line in enumerate(body.split("\n"), 1):
                    for kind, ids in _MARK.findall(line):
                        for identity in ids.split(", "):
                            self.marks[kind].add((f"{name}/{identity}", path, number))

    @cached_property
    def program(self) -> ScopedProgram:
        """The decisions, scoped in the tree."""
        tree = Tree(sorted(self.files))
        context = ScopeContext(facts=read_tree(tree.files), tree=tree, as_of=DAY)
        report = Report()
        decisions = tuple(
            scope_decision(read_decision(f"docs/adr/{name}.md", text), context, report)
            for name, text in sorted(self.cases.items())
        )
        return ScopedProgram(decisions, DAY, context.facts)

    @cached_property
    def fragments(self) -> tuple[Fragment, ...]:
        """What Semgrep's target makes of each decision."""
        return tuple(Semgrep().compile(decision) for decision in self.program.decisions)

    @cached_property
    def artifacts(self) -> dict[str, bytes]:
        """The emitted files by name."""
        found = Semgrep().assemble(self.program, self.fragments, Report())
        return {artifact.path: artifact.data for artifact in found}

    @property
    def rules(self) -> bytes:
        """The rule file."""
        return self.artifacts["semgrep.yml"]

    @property
    def ignore(self) -> bytes:
        """The file to copy to `.semgrepignore`."""
        return self.artifacts["semgrepignore"]

    def write(self, root: Path) -> None:
        """Lay the tree out below a folder."""
        for path, text in self.files.items():
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")


def read_cases() -> Repository:
    """Read every case."""
    return Repository({p.stem: p.read_text(encoding="utf-8") for p in sorted(CASES.glob("*.txt"))})


def found_places(results: dict[str, object]) -> dict[str, set[tuple[str, int]]]:
    """Return where each rule fired, by its id."""
    places: dict[str, set[tuple[str, int]]] = {}
    for result in results["results"]:  # type: ignore[attr-defined]
        place = (result["path"], result["start"]["line"])
        places.setdefault(result["check_id"].rpartition("/")[2], set()).add(place)
    return places


def full_id(rule: str) -> str:
    """Return the constraint that a rule's id names."""
    return "/".join(owner(rule))
