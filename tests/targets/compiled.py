"""From sentences and file names to what a target is given, without a disk."""

from collections.abc import Iterable, Mapping
from datetime import date

from bylaw.adr.markdown import parse_blocks
from bylaw.diagnostics import Report
from bylaw.ir import Decision, Guidance, Status
from bylaw.lower import lower_document
from bylaw.modules import read_tree
from bylaw.scope import ScopeContext, ScopedDecision, ScopedProgram, scope_decision
from bylaw.source import Source
from bylaw.target import Artifact, Fidelity, Target
from bylaw.tree import Tree

DAY = date(2026, 6, 1)


PATH = "docs/adr/0007-domain.md"


def read(sentences: str, path: str = PATH, title: str = "A domain") -> Decision:
    """Compile list items below a `Constraints` heading to a decision in force."""
    source = Source(path, f"# {title}\n\n## Constraints\n\n{sentences}\n".encode())
    report = Report()
    identity = path.rpartition("/")[2].removesuffix(".md")
    statements = lower_document(parse_blocks(source), identity, report)
    return Decision(
        path=path,
        id=identity,
        title=title,
        status=Status(raw="Accepted", meaning="in-force"),
        statements=statements,
        digest=source.digest,
    )


def context(files: Iterable[str], roots: tuple[str, ...] = (), day: date = DAY) -> ScopeContext:
    """Return the context of a tree of these files."""
    names = sorted(files)
    return ScopeContext(facts=read_tree(names, roots), tree=Tree(names), as_of=day)


def scoped(
    sentences: str | Decision,
    files: Iterable[str] = (),
    roots: tuple[str, ...] = (),
    day: date = DAY,
    *,
    proposed: bool = False,
    fidelity: Mapping[str, Mapping[str, Fidelity]] | None = None,
) -> ScopedDecision:
    """Compile and scope one decision; fails where one of its statements is no statement."""
    decision = read(sentences) if isinstance(sentences, str) else sentences
    rejected = [s.sentence for s in decision.statements if s.statement == "rejected"]
    assert not rejected
    found = scope_decision(decision, context(files, roots, day), Report())
    return ScopedDecision(
        found.decision,
        found.constraints,
        tuple(s for s in decision.statements if isinstance(s, Guidance)),
        proposed,
        found.facts,
        fidelity or {},
    )


def assemble(
    target: Target, *decisions: ScopedDecision, next_change: date | None = None
) -> dict[str, Artifact]:
    """Compile and assemble decisions, and return the artifacts by path."""
    fragments = [target.compile(decision) for decision in decisions]
    facts = decisions[0].facts if decisions else read_tree(())
    program = ScopedProgram(decisions, DAY, facts, next_change)
    return {a.path: a for a in target.assemble(program, fragments, Report())}
