"""From what everyone answered to cells and faults: whose rule is true, and how it is not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bylaw.area import Area
from bylaw.globs import is_empty
from bylaw.prove.artifacts import Emitted
from bylaw.prove.ask import Asked
from bylaw.prove.case import Case
from bylaw.prove.engine import Engine
from bylaw.prove.evaluate import Answer
from bylaw.prove.proof import EVALUATOR, FAILING, Cell, Fault, Proof, Status
from bylaw.scope import ScopedConstraint


@dataclass
class State:
    """What was made and answered: cases and the evaluator's answers by constraint."""

    engines: Sequence[Engine]
    emitted: Mapping[str, Emitted]
    cases: Mapping[str, Sequence[Case]]
    evaluated: dict[str, list[Answer]] = field(default_factory=dict)
    asked: dict[str, Asked] = field(default_factory=dict)
    answers: dict[str, dict[int, Answer]] = field(default_factory=dict)
    """By engine, then by the identity of a case."""
    unscanned: dict[str, set[int]] = field(default_factory=dict)
    absent: list[Engine] = field(default_factory=list)

    def keep(self, target: str, some: Sequence[Case], asked: Asked) -> None:
        """Keep what an engine has answered about some cases."""
        self.asked[target] = asked
        self.answers[target] = {id(some[n]): answer for n, answer in asked.answers.items()}
        self.unscanned[target] = {id(some[n]) for n in asked.unscanned}

    def exact(self, engine: Engine) -> list[str]:
        """Return the constraints that an engine's artifact claims to say exactly."""
        fidelity = self.emitted[engine.target].fidelity
        return [
            identity
            for identity in self.cases
            if (level := fidelity.get(identity)) is not None
            and level.level == "exact"
            and level.rules
        ]


def judge(scoped: ScopedConstraint, decision: str, state: State, faults: list[Fault]) -> Proof:
    """Return how each engine stands with one constraint; what is wrong is added to `faults`."""
    identity = scoped.full_id
    some = state.cases[identity]
    cells = {EVALUATOR: _evaluated(scoped, state, faults)}
    for engine in state.engines:
        cells[engine.target] = _engine_cell(scoped, engine, state, faults)
    return Proof(scoped, decision, cells, some)


def _said(case: Case, number: int, state: State) -> dict[str, Sequence[int] | None]:
    """Return what everyone has reported in a case."""
    own = state.evaluated[case.constraint][number]
    said: dict[str, Sequence[int] | None] = {
        EVALUATOR: None if own.unevaluated else sorted(own.lines)
    }
    for target, answers in state.answers.items():
        if id(case) in answers:
            said[target] = sorted(answers[id(case)].lines)
    return said


def _evaluated(scoped: ScopedConstraint, state: State, faults: list[Fault]) -> Cell:
    identity = scoped.full_id
    some, answers = state.cases[identity], state.evaluated[identity]
    if _nowhere(scoped):
        message = f"nothing can violate `{identity}`, because no path lies in its scope"
        faults.append(Fault("vacuous", identity, EVALUATOR, message))
        return Cell("vacuous", "no path lies in its scope")
    if not some:
        return Cell("no-example", _why_none(scoped))
    found = _Tally()
    for number, (case, answer) in enumerate(zip(some, answers, strict=True)):
        if answer.unevaluated:
            found.reason = answer.unevaluated
            found.open += 1
            continue
        found.take(
            case,
            case.fault_of(answer.lines),
            "the evaluator",
            EVALUATOR,
            faults,
            _said(case, number, state),
        )
    return found.cell()


def _nowhere(scoped: ScopedConstraint) -> bool:
    placeless = ("branches", "commits", "ci", "command")
    area: Area = scoped.area
    return scoped.constraint.subject.noun not in placeless and is_empty(area)


def _why_none(scoped: ScopedConstraint) -> str:
    shape = scoped.constraint.shape
    if shape == "command-pass":
        return "a command is not run to be proven"
    if scoped.constraint.kind == "agent":
        return "only a record of tool calls shows it"
    return "no program can be made for it; an example would prove it"


@dataclass
class _Tally:
    """How one engine fares in the cases of one constraint."""

    violates: int = 0
    complies: int = 0
    open: int = 0
    worst: Status | None = None
    reason: str | None = None

    def take(  # noqa: PLR0917 - one case, and where what is wrong with it goes
        self,
        case: Case,
        fault: Status | None,
        name: str,
        engine: str,
        faults: list[Fault],
        said: Mapping[str, Sequence[int] | None],
    ) -> None:
        """Count a case, and note what is wrong."""
        if case.verdict == "violates":
            self.violates += 1
        else:
            self.complies += 1
        if fault is None:
            return
        if self.worst is None or FAILING.index(fault) < FAILING.index(self.worst):
            self.worst = fault
        faults.append(
            Fault(fault, case.constraint, engine, _message(fault, name, case), case, said)
        )

    def cell(self) -> Cell:
        """Return what has come of it."""
        if self.worst is not None:
            return Cell(self.worst, self.reason, self.violates, self.complies)
        if self.open:
            return Cell("not-evaluated", self.reason, self.violates, self.complies)
        if not self.violates:
            return Cell("no-example", "no program violates it", 0, self.complies)
        return Cell("proved", None, self.violates, self.complies)


def _message(fault: Status, name: str, case: Case) -> str:
    what = "an example" if case.source == "example" else "a program"
    if fault == "silent":
        return f"{name} is silent on {what} that violates `{case.constraint}`"
    if fault == "false-alarm":
        return (
            f"{name} reports {what} that complies with `{case.constraint}`"
            if case.verdict == "complies"
            else f"{name} reports more lines than violate `{case.constraint}`"
        )
    return f"{name} and the evaluator report different lines of {what} for `{case.constraint}`"


def _engine_cell(
    scoped: ScopedConstraint, engine: Engine, state: State, faults: list[Fault]
) -> Cell:
    identity = scoped.full_id
    level = state.emitted[engine.target].fidelity.get(identity)
    if level is None or level.level == "unsupported":
        return Cell("unsupported", level.reason if level else None)
    if level.level == "approximate":
        return Cell("approximate", level.reason)
    if engine in state.absent or not level.rules:
        return Cell("not-run", f"{engine.title} is not installed")
    asked = state.asked.get(engine.target)
    fault = (asked.faults.get(identity) or asked.faults.get("")) if asked is not None else None
    if fault is not None:
        faults.append(
            Fault(
                "failed",
                identity,
                engine.target,
                f"{engine.title} cannot check `{identity}`: {fault}",
            )
        )
        return Cell("failed", fault)
    return _tallied(scoped, engine, state, faults)


def _tallied(scoped: ScopedConstraint, engine: Engine, state: State, faults: list[Fault]) -> Cell:
    identity = scoped.full_id
    answers = state.answers.get(engine.target, {})
    unscanned = state.unscanned.get(engine.target, set())
    put = [(n, case) for n, case in enumerate(state.cases[identity]) if id(case) in answers]
    if not put:
        return Cell("no-example", "there is no program that it could be asked about")
    violating = [case for _, case in put if case.verdict == "violates"]
    if violating and all(id(case) in unscanned for case in violating):
        message = f"{engine.title} looks at no file that `{identity}` speaks of"
        advice = None
        if engine.target == "semgrep":
            advice = "copy `semgrepignore` from the output folder to `.semgrepignore` at the root"
        said = _said(violating[0], 0, state)
        faults.append(
            Fault("vacuous", identity, engine.target, message, violating[0], said, advice)
        )
        return Cell("vacuous", "it looks at no file in scope")
    found = _Tally()
    for number, case in put:
        own, other = state.evaluated[identity][number], answers[id(case)]
        fault: Status | None = case.fault_of(other.lines)
        if fault is None and not own.unevaluated and not _agree(own.lines, other.lines):
            fault = "disagrees"
        found.take(case, fault, engine.title, engine.target, faults, _said(case, number, state))
    return found.cell()


def _agree(own: frozenset[int], other: frozenset[int]) -> bool:
    """Tell whether two engines report the same; who reports the file reports any line of it."""
    return own == other or bool(own and other and (0 in own or 0 in other))
