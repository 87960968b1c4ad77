"""Judges of what runs: the steps of CI, and commands that have to pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, cast

from bylaw.check.areas import judged_area
from bylaw.check.evidence import Evidence, area_test
from bylaw.check.finding import Finding, NotEvaluated, Violation
from bylaw.check.judges.base import TreeJudge
from bylaw.check.judges.phrases import either, quoted, shown
from bylaw.check.pipelines import (
    Pipeline,
    included,
    pipeline_files,
    read_pipeline,
    runs,
    unread_pipelines,
)
from bylaw.facts.model import Place
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.ir import CiRun
    from bylaw.scoped import ScopedConstraint


class _Pipelines(NamedTuple):
    """The files of CI by path, and why some of them could not be read."""

    read: dict[str, Pipeline]
    faults: dict[str, UnevaluableError]


def _ci_run(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    constraint = cast("CiRun", scoped.constraint)
    pipelines = _pipelines(scoped, evidence)
    commands = [command.text for command in constraint.commands]
    found = {command: list(_places(pipelines, command)) for command in commands}
    if constraint.modal == "must-not":
        for command, places in found.items():
            for path, place in places:
                yield Violation(
                    scoped.full_id,
                    path,
                    f"a CI step runs {quoted(command)}",
                    place,
                    operand=command,
                    found=command,
                )
    else:
        lacking = [command for command in commands if not found[command]]
        if not lacking or (constraint.quantifier == "any" and len(lacking) < len(commands)):
            return
        if not pipelines.faults:
            groups = [lacking] if constraint.quantifier == "any" else [[one] for one in lacking]
            first = min(pipeline_files(pipelines.read), default=None)
            for group in groups:
                detail = f"no CI step runs {either(group)}"
                note = None if first else "there is no file of CI"
                yield Violation(scoped.full_id, first, detail, operand=group[0], note=note)
            return
    for path, error in sorted(pipelines.faults.items()):
        yield NotEvaluated(scoped.full_id, error.reason, path, error.place, error.help)


def _pipelines(scoped: ScopedConstraint, evidence: Evidence) -> _Pipelines:
    """Read the files of CI, and those that they include."""
    is_in_area = area_test(judged_area(scoped, evidence))
    paths = evidence.tree.files
    known = _Pipelines({}, {})
    for path in filter(is_in_area, unread_pipelines(paths)):
        known.faults[path] = UnevaluableError("CI of this kind is not read")
    pending = pipeline_files(paths)
    while pending:
        path = pending.pop()
        if path in known.read or path in known.faults or not is_in_area(path):
            continue
        try:
            pipeline = known.read[path] = read_pipeline(path, evidence.view(path).data)
        except UnevaluableError as error:
            known.faults[path] = error
            continue
        pending += included(pipeline.includes, paths)
    return known


def _places(pipelines: _Pipelines, command: str) -> Iterator[tuple[str, Place]]:
    for path in sorted(pipelines.read):
        for place in dict.fromkeys(p for s in pipelines.read[path].steps for p in runs(s, command)):
            yield path, place


# --- commands ----------------------------------------------------------------------------------


def _command_pass(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    constraint = scoped.constraint
    subject = constraint.subject
    if constraint.shape != "command-pass" or subject.noun != "command":
        raise TypeError(constraint.shape)
    if evidence.run is None:
        raise UnevaluableError("the command was not run", help="run it, with `--run`")
    for command in subject.commands:
        try:
            result = evidence.run(command.text)
        except UnevaluableError as error:
            yield NotEvaluated(scoped.full_id, error.reason, None, None, error.help)
            continue
        if result.status is None:
            reason = f"{quoted(command.text)} was stopped at the time limit"
            yield NotEvaluated(scoped.full_id, reason, help="give it more time, with `--timeout`")
        elif result.status:
            last = next((line for line in reversed(result.output.split("\n")) if line.strip()), "")
            ended = f"it ended with status {result.status}"
            yield Violation(
                scoped.full_id,
                constraint.span.path,
                f"{quoted(command.text)} does not pass",
                operand=command.text,
                note=f"{ended}, and last said {shown(last)}" if last else ended,
            )


CI_RUN = TreeJudge(_ci_run)
COMMAND_PASS = TreeJudge(_command_pass)
