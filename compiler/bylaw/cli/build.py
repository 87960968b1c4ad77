"""`bylaw build`: from the decisions to the artifacts, or to what is wrong with them."""

import os
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bylaw.cli import outcome
from bylaw.cli.faults import BAD_PATH, UNKNOWN_NAME, USAGE, FaultError, did_you_mean
from bylaw.cli.session import Session, io_fault, read_bytes, say, session, shared_options
from bylaw.cli.work import FOUND, as_of_option, fails, known_targets, progress, reported
from bylaw.diagnostics import Code, Severity

if TYPE_CHECKING:
    from bylaw.config import Config
    from bylaw.diagnostics import Report
    from bylaw.driver import Build
    from bylaw.output import Difference
    from bylaw.outside import Plan

NO_DECISIONS = Code("BL917", "no-decisions", Severity.ERROR)
FOREIGN_FOLDER = Code("BL922", "foreign-folder", Severity.ERROR)


@dataclass(frozen=True, slots=True)
class _Request:
    """What the command line asks of a build."""

    check: bool
    targets: tuple[str, ...]
    include_proposed: bool
    strict: bool
    as_of: date | None
    output: str | None
    format: str
    quiet: bool


@click.command("build")
@click.option("--check", is_flag=True, help="Write nothing; fail where the output is out of date.")
@click.option("--watch", is_flag=True, help="Build again whenever something changes.")
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="NAME",
    help="Write this target's artifacts only, and no manifest; may be repeated.",
)
@click.option("--include-proposed", is_flag=True, help="Also compile decisions still proposed.")
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@as_of_option
@click.option("--output", metavar="FOLDER", help="Write here and not to the configured folder.")
@click.option(
    "--format",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="How to print diagnostics: for people on stderr, else on stdout.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but diagnostics.")
@shared_options
def command(watch: bool, **asked: Any) -> int:
    """Compile the decisions to the artifacts of every target.

    Nothing is written where there is an error. Under --check, an output folder with an artifact
    that is stale, missing or left over from an older build fails.
    """
    request = _Request(**asked)
    if watch and request.check:
        raise click.UsageError("`--watch` writes and `--check` does not; choose one")
    if watch:
        return _watch(session(), request)
    try:
        return _build(session(), request)
    except FaultError as fault:
        if request.format == "text":
            raise
        outcome.show(session(), request.format, [fault.diagnostic], None)
        return fault.status


def _build(run: Session, request: _Request) -> int:
    """Build once and return the exit status."""
    config, faults = run.config(known_targets)
    if faults:
        outcome.show(run, request.format, faults, None)
        return USAGE
    config, folder = _configure(run, config, request)
    result = _compile(run, config, request)
    _check_input(run, result)
    planned = _plan(run, result, folder, request)
    found = reported(result.compilation.report, config)
    strict = request.strict or config.strict
    difference = None
    if request.check:
        difference = _compare(result, folder, partial=bool(request.targets))
        found += outcome.differences(difference, config.output, planned)
    elif not fails(found, strict):
        difference = _write(result, folder, config.output, partial=bool(request.targets))
        _write_outside(run, planned)
        found += outcome.foreign(difference, config.output)
    failed = fails(found, strict)
    outcome.show(run, request.format, found, len(result.compilation.program.units))
    if request.format == "text" and not request.quiet:
        outcome.conclude(result, found, strict)
        if not request.check:
            outcome.say_written(run.show(config.output), result, difference, planned)
        elif not failed:
            say(f"{run.show(config.output)}/ is up to date")
    return FOUND if failed else 0


def _watch(run: Session, request: _Request) -> int:
    """Build, and again after each change, until interrupted."""
    from bylaw.cli.watch import changes

    output = run.root / (request.output or run.config()[0].output)
    for _ in changes(run.root, output):
        try:
            # A fresh session reads every file again.
            _build(replace(run), request)
        except FaultError as fault:
            run.print_diagnostics([fault.diagnostic])
        say("watching for changes; Ctrl-C ends")
        say()
    return 0


def _configure(run: Session, config: "Config", request: _Request) -> "tuple[Config, Path]":
    """Return the configuration as the options change it, and the output folder."""
    folder = run.root / config.output
    if request.output is not None:
        folder = Path(os.path.normpath(run.base / request.output))
        config = config.model_copy(update={"output": _shown(folder, run.root)})
    inside = folder.resolve()
    if run.root.resolve().is_relative_to(inside):
        raise FaultError(
            BAD_PATH,
            f"output folder `{request.output or config.output}` holds the repository",
            "name a folder of its own, as in `.bylaw`",
        )
    if request.output is None and not inside.is_relative_to(run.root.resolve()):
        raise FaultError(
            BAD_PATH,
            f"output folder `{config.output}` is a link out of the repository",
            "name a folder of its own, as in `.bylaw`",
        )
    return config, folder


def _chosen(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the targets that the command line names, each once."""
    known = known_targets()
    for name in names:
        if name not in known:
            listing = "the targets are " + ", ".join(f"`{each}`" for each in known)
            advice = did_you_mean(name, known, listing)
            raise FaultError(UNKNOWN_NAME, f"unknown target `{name}`", advice)
    return tuple(dict.fromkeys(names))


def _shown(folder: Path, root: Path) -> str:
    if folder.is_relative_to(root):
        return folder.relative_to(root).as_posix()
    return folder.as_posix()


def _compile(run: Session, config: "Config", request: _Request) -> "Build":
    from bylaw.driver import Options, build_repository

    options = Options(
        targets=_chosen(request.targets) or None,
        include_proposed=request.include_proposed,
        as_of=request.as_of,
    )
    try:
        with progress() as show:
            return build_repository(run.root, config, options, show)
    except OSError as error:
        if error.filename is None:
            raise
        raise io_fault(Path(os.fsdecode(error.filename)), error) from error


def _check_input(run: Session, result: "Build") -> None:
    """Report a build that has nothing to build from: it would pass for a clean one."""
    from bylaw.config_file import report_idle_adrs

    compilation = result.compilation
    program, report = compilation.program, compilation.report
    paths = [unit.header.path for unit in program.units]
    paths += [listed.path for listed in program.listed]
    report_idle_adrs(lambda name: read_bytes(run.root / name), compilation.config, paths, report)
    if not program.units:
        report_no_decisions(report)
    _check_code_owners(run, result)


def _check_code_owners(run: Session, result: "Build") -> None:
    """Hold what people have written in `CODEOWNERS` against the region that is to stand in it."""
    for artifact in result.artifacts:
        if artifact.place == "region" and artifact.path.endswith("CODEOWNERS"):
            from bylaw.owners.handwritten import report_clashes

            data = read_bytes(run.root / artifact.path) or b""
            report_clashes(artifact.path, data, artifact.data, result.compilation.report)


def report_no_decisions(report: "Report") -> None:
    """Report that a repository has no decision at all."""
    report.add(
        NO_DECISIONS,
        "there is no decision to compile",
        help="`bylaw init` starts a folder, and `adrs` in `bylaw.toml` names one",
    )


def _plan(run: Session, result: "Build", folder: Path, request: _Request) -> "Plan | None":
    """Return what is to be changed outside of the output folder; None where that was not asked."""
    from bylaw.crowding import report_crowding
    from bylaw.outside import plan

    if request.output is not None:
        # Who names a folder for once wants the files of this build there, and nothing elsewhere.
        return None
    compilation = result.compilation
    report_crowding(run.root, result.artifacts, compilation.report)
    return plan(
        run.root,
        result.artifacts,
        compilation.whole,
        folder,
        compilation.report,
        partial=bool(request.targets),
    )


def _write_outside(run: Session, planned: "Plan | None") -> None:
    from bylaw.outside import write

    if planned is None:
        return
    try:
        write(run.root, planned)
    except OSError as error:
        raise io_fault(Path(error.filename or run.root), error) from error


def _compare(result: "Build", folder: Path, *, partial: bool) -> "Difference":
    from bylaw.output import compare

    try:
        return compare(result.artifacts, folder, partial=partial)
    except OSError as error:
        raise io_fault(Path(error.filename or folder), error) from error


def _write(result: "Build", folder: Path, name: str, *, partial: bool) -> "Difference":
    from bylaw.output import ForeignFolderError, write

    try:
        return write(result.artifacts, folder, partial=partial)
    except ForeignFolderError as error:
        some = ", ".join(f"`{path}`" for path in error.files[:3])
        more = f" and {len(error.files) - 3} more" if len(error.files) > 3 else ""
        raise FaultError(
            FOREIGN_FOLDER,
            f"output folder `{name}` holds files that bylaw has not written",
            "name an empty folder, or one that does not exist yet, as `output`",
            note=f"it holds {some}{more}",
        ) from error
    except OSError as error:
        raise io_fault(Path(error.filename or folder), error) from error
