"""All engines on a real tree: where they and the evaluator do not report the same lines."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bylaw.area import TreeFacts
from bylaw.check.engine import find
from bylaw.check.evidence import Evidence
from bylaw.check.excuse import Permissions, waiver_of
from bylaw.check.verdict import Finding, NotEvaluated, Violation
from bylaw.config import Config
from bylaw.diagnostics import Report
from bylaw.driver import list_tree
from bylaw.facts.model import Place
from bylaw.fidelity import Fidelity
from bylaw.prove.artifacts import active, emit
from bylaw.prove.engine import Engine, Hit
from bylaw.prove.engine import Report as Said
from bylaw.prove.proof import ABSENT_ENGINE, Compared, Comparison, Difference
from bylaw.scope import ScopedConstraint, ScopedProgram
from bylaw.snapshot import Handwritten, WorkingTree

Scope = Callable[[Sequence[str], Report], ScopedProgram]


def compare(  # noqa: PLR0917 - what decides it, each once
    folder: Path,
    scope: Scope,
    wanted: frozenset[str],
    engines: Sequence[Engine],
    config: Config,
    report: Report,
) -> Comparison:
    """Check a tree with the evaluator and with every engine that is there, and compare lines.

    The decisions are those of the repository; they are scoped, and the artifacts emitted, in the
    tree under comparison.
    """
    aside = Report()
    listed = tuple(p for p in list_tree(folder, aside) if not p.startswith(f"{config.output}/"))
    tree = Handwritten(WorkingTree(folder, listed))
    files = tree.files
    program = scope(files, aside)
    emitted = emit(program, tuple(e.target for e in engines), aside)
    known = {identity: s for identity, (_, s) in active(program).items() if identity in wanted}
    commands = {engine.target: engine.command() for engine in engines}
    judged = _Judged(known, tree, program.facts, config.tests, commands.get("semgrep"))
    compared: list[Compared] = []
    differences: list[Difference] = []
    unread: dict[str, int] = {}
    absent: list[str] = []
    for engine in engines:
        command = commands[engine.target]
        if command is None:
            absent.append(engine.title)
            report.add(
                ABSENT_ENGINE,
                f"{engine.title} is not there, so it was not compared",
                help=engine.install,
            )
            continue
        artifacts = emitted[engine.target]
        owners = {r: o for r, o in artifacts.owners().items() if o in known}
        chosen = engine.select(artifacts.files, frozenset(owners))
        said = engine.run(command, folder, chosen, program.facts.source_roots)
        hits: dict[str, list[Hit]] = {}
        for hit in said.hits:
            if hit.rule in owners and (hit.path in judged.files):
                hits.setdefault(owners[hit.rule], []).append(hit)
        unread[engine.target] = judged.unscanned(said)
        faults = {owners.get(rule, ""): text for rule, text in said.faults.items()}
        for identity, scoped in known.items():
            level = artifacts.fidelity.get(identity)
            if level is None or level.level == "unsupported" or not level.rules:
                continue
            fault = faults.get(identity) or faults.get("")
            found, row = _differ(scoped, engine, level, judged, hits.get(identity, []), said, fault)
            differences += found
            compared.append(row)
    return Comparison(
        folder=os.path.relpath(folder).replace(os.sep, "/"),
        files=len(files),
        compared=compared,
        differences=differences,
        unread={target: number for target, number in unread.items() if number},
        absent=tuple(absent),
        not_evaluated=judged.open,
    )


class _Judged:
    """The evaluator's verdicts on the tree, less what decisions let pass."""

    def __init__(
        self,
        known: Mapping[str, ScopedConstraint],
        tree: Handwritten,
        layout: TreeFacts,
        tests: tuple[str, ...],
        semgrep: str | None,
    ) -> None:
        evidence = Evidence(tree, layout, tests, semgrep=semgrep)
        code = [
            s
            for s in known.values()
            if s.constraint.kind in ("import", "use", "have", "name", "text")
        ]
        code = [s for s in code if s.constraint.shape != "name-match"]
        self.files = frozenset(tree.files)
        self.violations: dict[str, list[Violation]] = {}
        self.unjudged: dict[str, set[str | None]] = {}
        self.touched: set[str] = set()
        for identity, findings in find(code, evidence).items():
            self._take(known[identity], findings, evidence)
        self.open = sum(map(len, self.unjudged.values()))

    def _take(
        self, scoped: ScopedConstraint, findings: Sequence[Finding], evidence: Evidence
    ) -> None:
        violations = [f for f in findings if isinstance(f, Violation)]
        permitted = Permissions(scoped, violations, evidence) if scoped.permissions else None
        self.violations[scoped.full_id] = [
            v
            for v in violations
            if waiver_of(v, scoped) is None and (permitted is None or permitted(v) is None)
        ]
        self.unjudged[scoped.full_id] = {f.path for f in findings if isinstance(f, NotEvaluated)}
        self.touched |= {v.path for v in violations if v.path}

    def unscanned(self, said: Said) -> int:
        """Count the files with violations that an engine did not look at."""
        return 0 if said.scanned is None else len(self.touched - said.scanned)


def _differ(  # noqa: PLR0917 - the two sides, and what is known of them
    scoped: ScopedConstraint,
    engine: Engine,
    level: Fidelity,
    judged: _Judged,
    hits: Sequence[Hit],
    said: Said,
    fault: str | None,
) -> tuple[list[Difference], Compared]:
    identity = scoped.full_id
    violations = judged.violations.get(identity, [])
    unjudged = judged.unjudged.get(identity, set())
    if fault is not None:
        return [], Compared(identity, engine.target, level=level.level, fault=fault)
    misses = level.errs in ("misses", "both")
    over = level.errs in ("over-reports", "both")
    found: list[Difference] = []
    both = 0
    for violation in violations:
        if any(_meet(violation, hit) for hit in hits):
            both += 1
            continue
        why, excused = level.reason, misses
        if said.scanned is not None and violation.path not in said.scanned:
            why, excused = f"{engine.title} does not look at this file", True
        elif violation.path in said.unread:
            why, excused = f"{engine.title} cannot read all of this file", True
        found.append(
            Difference(
                identity,
                engine.target,
                "evaluator",
                violation.path or "",
                violation.place,
                excused,
                why,
                violation.detail,
            )
        )
    for hit in hits:
        if hit.path in unjudged or None in unjudged:
            continue
        if not any(_meet(violation, hit) for violation in violations):
            place = Place(hit.line, 1, hit.end_line, 1) if hit.line else None
            found.append(
                Difference(identity, engine.target, "engine", hit.path, place, over, level.reason)
            )
    only = [each.only for each in found]
    row = Compared(
        identity,
        engine.target,
        both,
        only.count("evaluator"),
        only.count("engine"),
        sum(each.announced for each in found),
        level.level,
    )
    return found, row


def _meet(violation: Violation, hit: Hit) -> bool:
    """Tell whether two reports are of the same line; who names a file names any line of it."""
    if violation.path != hit.path:
        return False
    if violation.place is None or hit.line == 0:
        return True
    return hit.line <= violation.place.end_line and violation.place.line <= max(
        hit.line, hit.end_line
    )
