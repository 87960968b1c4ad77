"""What decisions become in every target, by themselves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from bylaw.diagnostics import Report
from bylaw.fidelity import Fidelity
from bylaw.preview.model import Answers, Output
from bylaw.preview.origin import traces_of
from bylaw.preview.workspace import Linked
from bylaw.projects import find_projects
from bylaw.scope import ScopedDecision, ScopedProgram
from bylaw.target import Fragment, Target


@dataclass(frozen=True)
class Emission:
    """Decisions in every target there is; `answers` are the first decision's."""

    outputs: tuple[Output, ...]
    answers: Answers


def emit(linked: Linked, decisions: Sequence[ScopedDecision], report: Report) -> Emission:
    """Compile decisions to every target there is, those first that a build writes.

    A target is told what those have answered that are configured, as in a build: what is shown of
    one that is not configured is what it would write if it were. What configured targets have to
    say of the decisions goes to `report`.
    """
    config = linked.config
    aside = Report()
    told = list(decisions)
    answers: dict[str, Mapping[str, Fidelity]] = {}
    outputs: list[Output] = []
    for target in targets_of(config.targets):
        fragments = [target.compile(each) for each in told]
        answers[target.name] = fragments[0].fidelity
        alone = ScopedProgram(
            told,
            linked.program.as_of,
            linked.context.facts,
            None,
            linked.files,
            config,
            _projects(linked.root, linked.files) if config.agents.surfaces else (),
        )
        outputs += _outputs(linked, target, alone, fragments, aside)
        if target.name in config.targets:
            for fragment in fragments:
                report.extend(fragment.diagnostics)
            told = [
                replace(each, fidelity={**each.fidelity, target.name: fragment.fidelity})
                for each, fragment in zip(told, fragments, strict=True)
            ]
    outputs.sort(key=lambda output: not output.configured)
    return Emission(tuple(outputs), answers)


@lru_cache(maxsize=4)
def targets_of(configured: tuple[str, ...]) -> tuple[Target, ...]:
    """Return all targets there are; to ask which are installed takes as long as a decision.

    A configured one that is not there is left out: what is wrong with the configuration is said
    elsewhere.
    """
    from bylaw_targets import find_targets, target_names  # noqa: PLC0415 - import from below

    names = target_names()
    known = [name for name in configured if name in names]
    return find_targets(dict.fromkeys((*known, *names)), Report())


@lru_cache(maxsize=1)
def _projects(root: Path, files: tuple[str, ...]) -> tuple[str, ...]:
    """Return the projects in a tree; while a record is being written, they stay the same."""
    return find_projects(root, files)


def _outputs(
    linked: Linked,
    target: Target,
    program: ScopedProgram,
    fragments: Sequence[Fragment],
    report: Report,
) -> Iterator[Output]:
    """Yield the artifacts of one target in which some lines are of these decisions."""
    answers = (answer for fragment in fragments for answer in fragment.fidelity.values())
    has_advice = any(decision.guidance for decision in program.decisions)
    if not has_advice and all(answer.level == "unsupported" for answer in answers):
        return
    for artifact in target.assemble(program, fragments, report):
        marks = traces_of(target, program, fragments, artifact)
        if marks:
            folder = f"{linked.config.output}/" if artifact.place == "output" else ""
            yield Output(
                target.name,
                f"{folder}{artifact.path}",
                artifact.data.decode("utf-8", "replace"),
                marks,
                target.name in linked.config.targets,
                artifact.place,
            )
