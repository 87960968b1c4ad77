"""One run of the prover, top to bottom: compile, emit, make cases, ask everyone, compare."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bylaw.check.verdict import DecisionRef
from bylaw.config import Config
from bylaw.diagnostics import Diagnostic, Report
from bylaw.driver import Compilation, Options, compile_repository
from bylaw.frontend import Progress
from bylaw.program import Program
from bylaw.prove.artifacts import Emitted, active, emit
from bylaw.prove.ask import IGNORE, Asked, ask, cases_of
from bylaw.prove.case import Case
from bylaw.prove.engine import Engine
from bylaw.prove.engines import ENGINES
from bylaw.prove.evaluate import Evaluator
from bylaw.prove.generate import Ground, cases
from bylaw.prove.judge import State, judge
from bylaw.prove.proof import (
    ABSENT_ENGINE,
    EVALUATOR,
    Fault,
    Proofs,
)
from bylaw.prove.real import compare
from bylaw.scope import ScopedConstraint, ScopedProgram, scope
from bylaw.snapshot import WorkingTree


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked for: constraints by id (all where none is named), and a real tree."""

    ids: tuple[str, ...] = ()
    on: Path | None = None
    include_proposed: bool = False
    as_of: date | None = None


Wanted = Mapping[str, tuple[str, ScopedConstraint]]


def prove_repository(
    root: Path, config: Config, request: Request, progress: Progress | None = None
) -> Proofs:
    """Prove a repository's constraints, or compare the engines on a tree.

    Raises LookupError with an id that no constraint in force has.
    """
    options = Options(include_proposed=request.include_proposed, as_of=request.as_of)
    compilation = compile_repository(root, config, options, progress)
    report = compilation.report
    program = _scope(compilation.program, compilation.files, config, request, report)
    wanted = _wanted(active(program), request.ids)
    engines = tuple(e for e in ENGINES if e.target in config.targets)
    head = Proofs(
        engines={EVALUATOR: EVALUATOR, **{e.target: e.title for e in engines}},
        decisions=_decisions(program),
        as_of=program.as_of,
    )
    if any(each.severity == "error" for each in _told(report, config)):
        return _with(head, diagnostics=_told(report, config))
    if request.on is not None:
        comparison = compare(
            request.on,
            lambda files, found: _scope(compilation.program, files, config, request, found),
            frozenset(wanted),
            engines,
            config,
            report,
        )
        return _with(head, comparison=comparison, diagnostics=_told(report, config))
    emitted = emit(program, tuple(e.target for e in engines), report)
    made = _make(compilation, program, config, wanted)
    state = _ask(compilation, program, config, wanted, engines, emitted, made, progress)
    _report_absent(state, report)
    faults: list[Fault] = []
    proofs = [judge(one, decision, state, faults) for decision, one in wanted.values()]
    return _with(head, proofs=proofs, faults=faults, diagnostics=_told(report, config))


def _with(head: Proofs, **more: object) -> Proofs:
    return replace(head, **more)  # type: ignore[arg-type] # by name


def _told(report: Report, config: Config) -> tuple[Diagnostic, ...]:
    return tuple(each for each in report if not config.allows(each))


def _scope(
    program: Program, files: Sequence[str], config: Config, request: Request, report: Report
) -> ScopedProgram:
    return scope(program, files, config, report, include_proposed=request.include_proposed)


def _decisions(program: ScopedProgram) -> dict[str, DecisionRef]:
    nodes = [scoped.decision for scoped in program.decisions]
    return {node.id: DecisionRef(node.id, node.path, node.title) for node in nodes}


def _wanted(known: Wanted, ids: Sequence[str]) -> Wanted:
    """Return the constraints that are named: by full id, own id, or decision."""
    if not ids:
        return known
    found: dict[str, None] = {}
    for name in ids:
        some = [
            identity
            for identity, (decision, scoped) in known.items()
            if name in (identity, decision, scoped.constraint.id)
        ]
        if not some:
            raise LookupError(name)
        found.update(dict.fromkeys(some))
    return {identity: known[identity] for identity in known if identity in found}


# --- asking ------------------------------------------------------------------------------------


def _make(
    compilation: Compilation, program: ScopedProgram, config: Config, wanted: Wanted
) -> dict[str, list[Case]]:
    ground = Ground(program.facts, frozenset(compilation.files), config.tests)
    return {identity: cases(scoped, ground) for identity, (_, scoped) in wanted.items()}


def _ask(  # noqa: PLR0917 - what decides the answers, each once
    compilation: Compilation,
    program: ScopedProgram,
    config: Config,
    wanted: Wanted,
    engines: Sequence[Engine],
    emitted: Mapping[str, Emitted],
    made: Mapping[str, Sequence[Case]],
    progress: Progress | None,
) -> State:
    """Put every case to the evaluator, and to each engine that claims to know."""
    state = State(engines, emitted, made)
    tree = WorkingTree(compilation.root, compilation.files)
    commands = {engine.target: engine.command() for engine in engines}
    evaluator = Evaluator(tree, program.facts, config.tests, commands.get("semgrep"))
    everything = [case for some in made.values() for case in some]
    beside = {IGNORE: tree.read(IGNORE)} if IGNORE in compilation.files else {}
    # The engines are processes of their own, and work while the evaluator does.
    with ThreadPoolExecutor(len(engines) or 1) as pool:
        waiting: dict[str, tuple[list[Case], Future[Asked]]] = {}
        for engine in engines:
            exact = state.exact(engine)
            command = commands[engine.target]
            put = cases_of(everything, exact)
            if command is None and exact:
                state.absent.append(engine)
            elif command is not None and put:
                roots = program.facts.source_roots
                future = pool.submit(
                    ask, engine, command, emitted[engine.target], put, beside, roots
                )
                waiting[engine.target] = (put, future)
        constraints = [scoped for _, scoped in wanted.values()]
        foreign = [s for s in constraints if s.constraint.shape == "semgrep"]
        for number, scoped in enumerate(constraints, 1):
            if scoped not in foreign:
                some = made[scoped.full_id]
                state.evaluated[scoped.full_id] = evaluator.evaluate(scoped, some)
            if progress:
                progress("prove", number, len(constraints))
        state.evaluated |= evaluator.evaluate_at_once([(s, made[s.full_id]) for s in foreign])
        for target, (put, future) in waiting.items():
            state.keep(target, put, future.result())
    return state


def _report_absent(state: State, report: Report) -> None:
    for engine in state.absent:
        number = len(state.exact(engine))
        told = f"{number} constraint{'' if number == 1 else 's'}"
        report.add(
            ABSENT_ENGINE,
            f"{engine.title} is not there, so what it claims of {told} is not proven",
            help=engine.install,
        )
