"""What came of a build, told to people and to machines."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bylaw.cli.session import Session, say
from bylaw.cli.work import fails
from bylaw.diagnostics import Code, Diagnostic, Severity

if TYPE_CHECKING:
    from bylaw.driver import Build
    from bylaw.output import Difference
    from bylaw.outside import Plan

_DEVIATIONS = {
    "missing": "lacks what a build writes",
    "stale": "is stale",
    "edited": "was edited by hand where only bylaw writes",
    "orphaned": "is orphaned: no target writes into it any more",
}
"""What is wrong outside of the output folder."""

OUT_OF_DATE = Code("BL920", "artifact-out-of-date", Severity.ERROR)
FOREIGN_FILE = Code("BL921", "foreign-file", Severity.NOTE)


def differences(
    difference: "Difference", folder: str, planned: "Plan | None"
) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each artifact that a build would change; the last one says so."""
    messages = [
        f"`{step.path}` {_DEVIATIONS[step.what]}" for step in (planned.steps if planned else ())
    ]
    messages += [
        f"`{folder}/{path}` {what}"
        for paths, what in (
            (difference.stale, "is stale"),
            (difference.missing, "is missing"),
            (difference.orphaned, "is orphaned: no target makes it any more"),
        )
        for path in paths
    ]
    for index, message in enumerate(messages):
        advice = "run `bylaw build` and commit what it writes"
        yield Diagnostic(
            OUT_OF_DATE.number,
            OUT_OF_DATE.severity,
            message,
            help=advice if index == len(messages) - 1 else None,
        )
    yield from foreign(difference, folder)


def foreign(difference: "Difference", folder: str) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each file in the output folder that is not ours."""
    for path in difference.foreign:
        yield Diagnostic(
            FOREIGN_FILE.number,
            FOREIGN_FILE.severity,
            f"`{folder}/{path}` was not written by bylaw",
            help="keep it elsewhere; a build leaves it alone",
        )


def show(run: Session, format: str, diagnostics: list[Diagnostic], adrs: int | None) -> None:  # noqa: A002 - the option's name
    """Print the diagnostics in a format: for people on stderr, for machines on stdout."""
    if format == "json":
        from bylaw.render.json import diagnostics_output, dump

        print(dump(diagnostics_output(diagnostics, adrs)))
    elif format == "github":
        from bylaw.render.github import github

        for line in github(diagnostics, workspace(run)):
            print(line)
    else:
        run.print_diagnostics(diagnostics)


@dataclass(frozen=True, slots=True)
class _Workspace:
    """The repository's root as seen from the folder that GitHub shows files of."""

    prefix: str

    def __call__(self, path: str) -> str:
        return path if self.prefix == "." else f"{self.prefix}/{path}"


def workspace(run: Session) -> _Workspace:
    """Return how GitHub sees a path: from the checkout, which may lie above our root."""
    root = run.root.resolve()
    top = os.environ.get("GITHUB_WORKSPACE")
    folders = [Path(top).resolve()] if top else []
    folders += [folder for folder in (root, *root.parents) if (folder / ".git").exists()]
    for folder in folders:
        if root.is_relative_to(folder):
            return _Workspace(root.relative_to(folder).as_posix())
    return _Workspace(".")


def conclude(result: "Build", diagnostics: list[Diagnostic], strict: bool) -> None:
    """Say how many faults there are, and how truly each target speaks."""
    from bylaw.render.text import summary

    adrs = len(result.compilation.program.units)
    say(summary(diagnostics, adrs))
    if fails(diagnostics, strict) and not fails(diagnostics, strict=False):
        say("warnings fail this build, because it is strict")
    for line in _fidelity_lines(result):
        say(line)


def say_written(
    folder: str, result: "Build", difference: "Difference | None", planned: "Plan | None"
) -> None:
    """Say what a build has written; no difference means that it was nothing."""
    from bylaw.render.text import count

    if difference is None:
        say("nothing was written")
        return
    parts = [
        f"{len(paths)} {word}"
        for paths, word in (
            (difference.missing, "new"),
            (difference.stale, "changed"),
            (difference.orphaned, "removed"),
        )
        if paths
    ]
    inside = sum(artifact.place == "output" for artifact in result.artifacts)
    say(f"{folder}/: {count(inside, 'file')}, {', '.join(parts) or 'none changed'}")
    if planned is not None and (planned or inside < len(result.artifacts)):
        say_outside(result, planned)


def say_outside(result: "Build", planned: "Plan") -> None:
    """Say what a build has written outside of the output folder."""
    from bylaw.render.text import count

    sorts = (
        (("missing",), "new"),
        (("stale", "edited"), "changed"),
        (("orphaned",), "removed"),
    )
    numbers = [(sum(step.what in some for step in planned.steps), word) for some, word in sorts]
    parts = [f"{number} {word}" for number, word in numbers if number]
    total = sum(artifact.place != "output" for artifact in result.artifacts)
    say(f"elsewhere: {count(total, 'file')}, {', '.join(parts) or 'none changed'}")


def _fidelity_lines(result: "Build") -> Iterable[str]:
    """Return a line for each target that says how many constraints it carries, and how truly."""
    levels: dict[str, Counter[str]] = {}
    run = result.compilation
    wanted = run.options.targets or run.config.targets
    for entry in result.emitted:
        for target, fragment in entry.fragments.items():
            if target not in wanted:
                continue
            counts = levels.setdefault(target, Counter())
            counts.update(fidelity.level for fidelity in fragment.fidelity.values())
    width = max((len(target) for target in levels), default=0)
    for target, counts in levels.items():
        parts = [
            f"{counts[level]} {level}"
            for level in ("exact", "approximate", "unsupported")
            if counts[level]
        ]
        if parts:
            yield f"  {target:<{width}}  {', '.join(parts)}"
