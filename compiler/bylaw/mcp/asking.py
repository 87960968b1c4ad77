"""What governs a path, what a name stands for, which decisions there are: made anew each time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bylaw.check.request import Request
from bylaw.check.run import check_repository
from bylaw.codes import documented, page
from bylaw.config import Config
from bylaw.config_file import load
from bylaw.coverage import CHECKPOINTS, covers_of, traits_of, ways_round
from bylaw.diagnostics import Diagnostic, Report, Severity
from bylaw.driver import Compilation, Options, compile_repository
from bylaw.evaluation import needed
from bylaw.governing import Found, Index, find_constraints, find_units, governing
from bylaw.ir import Constraint
from bylaw.mcp.places import AskError, inside
from bylaw.mcp.records import (
    QUOTED,
    AdrPlace,
    ConstraintAnswer,
    DecisionAnswer,
    DecisionsAnswer,
    ExplainAnswer,
    GoverningAnswer,
    bounded,
    maybe,
    quoted,
)
from bylaw.program import Unit
from bylaw.render.verdicts.explain import explain as explanation
from bylaw.render.verdicts.explain import find_judgements
from bylaw.sentence import in_full

STATUSES = ("in-force", "proposed", "retired", "none", "unclear")

_MOST_TEXT = 60_000
"""Characters of one page or record."""


@dataclass(frozen=True)
class Repository:
    """A repository that is asked about; nothing of it is kept between two questions."""

    root: Path

    def config(self) -> Config:
        """Return the configuration, or raise AskError with what is wrong with it."""
        report = Report()
        config = load(self.read, report)
        faults = problems(report)
        if faults:
            raise AskError("the configuration is wrong: " + "; ".join(faults))
        return config

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, None where there is none that can be read."""
        try:
            return (self.root / path).read_bytes()
        except (OSError, ValueError):
            return None

    def compile(self) -> Compilation:
        """Compile the decisions as they stand."""
        return compile_repository(self.root, self.config(), Options(compare=False))

    # --- the tools -----------------------------------------------------------------------------

    def governing(self, path: str) -> GoverningAnswer:
        """Return the constraints in force that bind a file or folder, which need not exist."""
        plain = inside(self.root, path)
        compilation = self.compile()
        folder = path.endswith("/") or plain == "." or (self.root / plain).is_dir()
        found = governing(Index(compilation), plain, folder)
        listed, omitted = bounded([_constraint(each) for each in found])
        return GoverningAnswer(
            path=quoted(plain),
            as_of=compilation.program.as_of.isoformat(),
            constraints=listed,
            total=len(found),
            omitted=omitted,
            problems=problems(compilation.report),
            quoted=QUOTED,
        )

    def decisions(self, status: str | None = None) -> DecisionsAnswer:
        """Return the decisions, all or those that stand in one way."""
        if status is not None and status not in STATUSES:
            known = ", ".join(f"`{each}`" for each in STATUSES)
            raise AskError(f"no decision stands `{status[:80]}`; it is one of {known}")
        compilation = self.compile()
        program = compilation.program
        found = [
            _decision(compilation, unit)
            for unit in program.units
            if status is None or program.standing[unit.header.path].state == status
        ]
        listed, omitted = bounded(found, 500)
        return DecisionsAnswer(
            as_of=program.as_of.isoformat(),
            decisions=listed,
            total=len(found),
            omitted=omitted,
            problems=problems(compilation.report),
            quoted=QUOTED,
        )

    def explain(self, name: str) -> ExplainAnswer:
        """Return the page of a code, or all that is known of a constraint or a decision."""
        number = name.strip().upper()
        if number in documented():
            text = page(number) or ""
            return ExplainAnswer(name=number, sort="code", text=text, quoted=QUOTED)
        compilation = self.compile()
        index = Index(compilation)
        constraints = [
            found
            for unit, identity in find_constraints(compilation.program, name)
            for found in index.constraints(unit)
            if found.scoped.constraint.id == identity
        ]
        if constraints:
            return _explained(name, constraints)
        units = find_units(compilation.program, name)
        if not units:
            raise AskError(
                f"no code, constraint or decision is named `{name[:80]}`; `list_decisions` names "
                "the decisions, and `governing_constraints` the constraints of a path"
            )
        rows = [found for unit in units for found in index.constraints(unit)]
        listed, omitted = bounded([_constraint(each) for each in rows])
        return ExplainAnswer(
            name=quoted(name),
            sort="decision",
            text="\n\n".join(self._record(unit) for unit in units[:3]),
            constraints=listed,
            omitted=omitted,
            quoted=QUOTED,
        )

    def explain_verdict(self, name: str) -> ExplainAnswer:
        """Return step by step how a constraint is judged on the tree as it is."""
        run = check_repository(self.root, self.config(), Request())
        found = find_judgements(run.verdicts, name)
        if not found or run.side is None:
            raise AskError(f"no constraint `{name[:80]}` is in force")
        evidence = run.side.evidence
        text = "\n\n".join(explanation(run.verdicts, each, evidence) for each in found)
        return ExplainAnswer(name=quoted(name), sort="constraint", text=_cut(text), quoted=QUOTED)

    def record(self, name: str) -> str:
        """Return a decision's record as it is written."""
        units = find_units(self.compile().program, name)
        if not units:
            raise AskError(f"no decision is named `{name[:80]}`")
        return "\n\n".join(self._record(unit) for unit in units[:3])

    def _record(self, unit: Unit) -> str:
        data = self.read(unit.header.path) or b""
        return _cut("\n".join(map(_line, data.decode("utf-8", "replace").splitlines())))


def _line(text: str) -> str:
    from bylaw.render.characters import safe  # noqa: PLC0415 - of one use

    return safe(text)


def _cut(text: str) -> str:
    if len(text) <= _MOST_TEXT:
        return text
    return f"{text[:_MOST_TEXT]}\n… ({len(text) - _MOST_TEXT} more characters)"


def problems(report: Iterable[Diagnostic]) -> tuple[str, ...]:
    """Return what is wrong with the decisions, a line each, and how many there are more."""
    errors = [each for each in report if each.severity is Severity.ERROR]
    lines = [f"{each.code}: {quoted(each.message)}{_at(each)}" for each in errors[:10]]
    if len(errors) > 10:
        lines.append(f"and {len(errors) - 10} more; `bylaw build` shows all")
    return tuple(lines)


def _at(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    return f" ({span.path}:{span.line})" if span is not None else ""


def _decision(compilation: Compilation, unit: Unit) -> DecisionAnswer:
    standing = compilation.program.standing[unit.header.path]
    return DecisionAnswer(
        id=quoted(unit.header.id),
        title=quoted(unit.header.title),
        status=standing.state,
        path=quoted(unit.header.path),
        superseded_by=maybe(standing.superseded_by),
        constraints=len(unit.header.rows),
    )


def _constraint(found: Found) -> ConstraintAnswer:
    constraint: Constraint = found.scoped.constraint
    alternative = constraint.alternative
    return ConstraintAnswer(
        id=quoted(found.scoped.full_id),
        severity=constraint.severity,
        kind=constraint.kind,
        sentence=quoted(in_full(constraint)),
        decision=quoted(found.unit.header.id),
        title=quoted(found.unit.header.title),
        adr=AdrPlace(path=quoted(constraint.span.path), line=constraint.span.line),
        alternative=maybe(alternative.text if alternative else None),
        because=maybe(constraint.because),
        checked=needed(constraint),
    )


def _explained(name: str, constraints: list[Found]) -> ExplainAnswer:
    listed, omitted = bounded([_constraint(each) for each in constraints])
    return ExplainAnswer(
        name=quoted(name),
        sort="constraint",
        text="\n\n".join(quoted(in_full(each.scoped.constraint)) for each in constraints[:10]),
        constraints=listed,
        coverage=tuple(_coverage(constraints[0].scoped.constraint)),
        omitted=omitted,
        quoted=QUOTED,
    )


def _coverage(constraint: Constraint) -> Iterator[str]:
    """Yield where a constraint is judged, and what gets round that."""
    traits = traits_of(constraint)
    for checkpoint, cover in covers_of(traits).items():
        words = {"judged": "judged", "given": f"judged given {cover.why}", "never": "not judged"}
        why = f": {cover.why}" if cover.level == "never" and cover.why else ""
        yield f"{CHECKPOINTS[checkpoint]}: {words[cover.level]}{why}"
    for way in ways_round(traits):
        yield f"round {', '.join(way.past)}: {way.how}; {way.then}"
