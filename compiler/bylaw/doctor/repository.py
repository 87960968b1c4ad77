"""What a check needs of the repository and of this machine: git, decisions, artifacts, engines."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from bylaw.cache_folder import cache_folder
from bylaw.diagnostics import Report, Severity
from bylaw.doctor.patient import Finding, Patient, amount, output_of
from bylaw.git import ignored, run_git
from bylaw.output import compare
from bylaw.outside import plan
from bylaw.worktree import main_branch_name


def git(patient: Patient) -> Iterator[Finding]:
    """Look for git, and for what changes are compared with."""
    if run_git(str(patient.root), "--version") is None:
        yield Finding("git", "error", "git cannot be started", "install git")
    elif not (patient.top / ".git").exists():
        yield Finding("git", "warning", "this is no git repository", "`git init` makes it one")
    else:
        config = patient.build.compilation.config
        name = config.main_branch or main_branch_name(patient.root)
        if not name:
            advice = "name it as `main-branch` in the configuration"
            yield Finding("git", "warning", "there is no main branch to compare with", advice)
        else:
            yield Finding("git", "ok", f"changes are compared with `{name}`")


def decisions(patient: Patient) -> Iterator[Finding]:
    """Look for faults in the decisions, and for something that binds."""
    compilation = patient.build.compilation
    errors = [each for each in compilation.report if each.severity is Severity.ERROR]
    if errors:
        found = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        message = f"{found} in the decisions, so some may not be judged"
        yield Finding("decisions", "error", message, "`bylaw build` shows what is wrong")
        return
    program = compilation.program
    count = sum(len(u.header.rows) for u in program.units if program.in_force(u.header.path))
    if not count:
        yield Finding(
            "decisions", "warning", "no statement is in force", "`bylaw list` shows how they stand"
        )
    else:
        yield Finding("decisions", "ok", f"{amount(count, 'statement')} in force")


def artifacts(patient: Patient) -> Iterator[Finding]:
    """Compare what a build writes with what is there."""
    compilation, artifacts = patient.build.compilation, patient.build.artifacts
    folder = patient.root / compilation.config.output
    report = Report()
    try:
        inside = compare([a for a in artifacts if a.place == "output"], folder)
        outside = plan(patient.root, artifacts, compilation.whole, folder, report)
    except OSError as error:
        yield Finding("artifacts", "error", f"they cannot be read: {error.strerror}")
        return
    kept = not ignored(str(patient.root), [f"{compilation.config.output}/x"])
    for each in report:
        if each.severity is Severity.ERROR:
            yield Finding("artifacts", "error", each.message, each.help)
    changed = [*inside.stale, *inside.missing, *inside.orphaned]
    if outside:
        named = ", ".join(f"`{step.path}`" for step in outside.steps[:3])
        more = len(outside.steps) - 3
        named += f" and {more} more" if more > 0 else ""
        message = f"{amount(len(outside.steps), 'file')} out of date beside the code: {named}"
        yield Finding("artifacts", "error", message, "run `bylaw build` and commit what it writes")
    elif changed and not kept:
        message = f"`{compilation.config.output}` is out of date, and git does not keep it"
        yield Finding("artifacts", "note", message, "`bylaw build` writes it")
    elif changed:
        message = f"{amount(len(changed), 'file')} out of date in `{compilation.config.output}`"
        yield Finding("artifacts", "error", message, "run `bylaw build` and commit what it writes")
    else:
        yield Finding("artifacts", "ok", "what a build writes is up to date")


def semgrep(patient: Patient) -> Iterator[Finding]:
    """Look for Semgrep, where a sentence needs it."""
    needed = any(
        "semgrep" in entry.fragments and _matches(patient, entry.path)
        for entry in patient.build.emitted
    )
    found = shutil.which(os.environ.get("BYLAW_SEMGREP") or "semgrep")
    if not needed:
        yield Finding("semgrep", "note", "no sentence in force has a pattern for it")
    elif found is None:
        advice = "`pipx install semgrep`, or name it in `BYLAW_SEMGREP`"
        message = "it is not found, and sentences with `match:` are not evaluated"
        yield Finding("semgrep", "warning", message, advice)
    else:
        yield Finding(
            "semgrep", "ok", f"version {output_of([found, '--version'], patient.root) or 'unknown'}"
        )


def _matches(patient: Patient, path: str) -> bool:
    unit = patient.build.compilation.program.by_path[path]
    return any(constraint.shape == "semgrep" for constraint in unit.decision.constraints)


def cache(patient: Patient) -> Iterator[Finding]:  # noqa: ARG001 - one signature for all
    """Look for the folder of kept work."""
    named = cache_folder()
    if named is None:
        advice = "set `BYLAW_CACHE_DIR` to an absolute folder"
        yield Finding("cache", "warning", "there is no folder to keep work in", advice)
        return
    folder = Path(named)
    there = next((each for each in (folder, *folder.parents) if each.exists()), folder)
    if not os.access(there, os.W_OK | os.X_OK) or not there.is_dir():
        message = f"`{folder}` cannot be written, so every run starts anew"
        yield Finding("cache", "warning", message, "make it writable, or set `BYLAW_CACHE_DIR`")
    else:
        yield Finding("cache", "ok", "work is kept between runs")
