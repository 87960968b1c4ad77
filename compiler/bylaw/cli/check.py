"""`bylaw check`: one verdict for every constraint, on a tree or on a change of it."""

import os
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from bylaw.cli import verdicts
from bylaw.cli.build import report_no_decisions
from bylaw.cli.faults import BAD_PATH, USAGE, FaultError
from bylaw.cli.records import read_records, records_option
from bylaw.cli.session import Session, read_bytes, say, session, shared_options
from bylaw.cli.work import FOUND, as_of_option, fails, known_targets, progress
from bylaw.diagnostics import Code, Severity

if TYPE_CHECKING:
    from bylaw.check.approval.gather import Source
    from bylaw.check.run import CheckRun
    from bylaw.config import Config

NO_BASELINE = Code("BL923", "no-baseline", Severity.ERROR)
NOTHING_BINDS = Code("BL925", "nothing-binds", Severity.WARNING)

_FORMATS = ("text", "json", "sarif", "github", "junit", "markdown")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command line asks for."""

    paths: tuple[str, ...]
    staged: bool
    diff: str | None
    base: str | None
    baseline: str | None
    write_baseline: bool
    update_baseline: bool
    constraints: str | None
    run: bool
    timeout: float
    trust: bool
    agent: str | None
    no_agent: bool
    records: tuple[str, ...]
    approvals: str | None
    strict: bool
    lenient: bool
    include_proposed: bool
    as_of: date | None
    format: str
    outputs: tuple[str, ...]
    explain: str | None
    fix: bool
    dry_run: bool
    quiet: bool


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--staged", is_flag=True, help="Check what is staged, and not the working tree.")
@click.option("--diff", metavar="BASE", help="Fail only on what is new since BASE.")
@click.option("--base", metavar="REV", help="What new code and changes are measured from.")
@click.option("--baseline", metavar="FILE", help="Let the violations pass that stand in FILE.")
@click.option("--write-baseline", is_flag=True, help="Write all violations there are into it.")
@click.option("--update-baseline", is_flag=True, help="Take out of it what is gone.")
@click.option("--constraints", metavar="FILE", help="Judge by this published set, not by ADRs.")
@click.option("--run", is_flag=True, help="Run the commands that constraints say must pass.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1),
    default=300.0,
    metavar="SECONDS",
    help="How long one of them may take; 300 unless told.",
)
@click.option("--trust", is_flag=True, help="Let rules count that the change itself has brought.")
@click.option("--agent", metavar="CLASS", help="The class of the agent that made the change.")
@click.option("--no-agent", is_flag=True, help="Say that a person made the change.")
@records_option
@click.option(
    "--approvals",
    metavar="SOURCE",
    help="Who has approved the change: a file, `github` or `gitlab`.",
)
@click.option("--strict", is_flag=True, help="Fail on a violated SHOULD, and on warnings.")
@click.option("--lenient", is_flag=True, help="Exit with 0 where something was not evaluated.")
@click.option("--include-proposed", is_flag=True, help="Also judge by decisions still proposed.")
@as_of_option
@click.option("--format", type=click.Choice(_FORMATS), default="text", help="What to print.")
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT=FILE",
    help="Write a report to a file, too; may be repeated.",
)
@click.option("--explain", metavar="ID", help="Say step by step how this constraint was judged.")
@click.option("--fix", is_flag=True, help="Apply the alternatives that are mechanical.")
@click.option("--dry-run", is_flag=True, help="With --fix: write nothing; print the changes.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing where nothing is wrong.")
@shared_options
def command(**asked: Any) -> int:
    """Judge the code by the decisions.

    Every constraint in force holds, is violated, or was not evaluated, and each verdict names its
    sentence. Without PATH, the whole tree is reported on; a path says whose violations count.
    """
    wanted = _Asked(**asked)
    run = session()
    try:
        return _check(run, wanted)
    except FaultError as fault:
        if wanted.format == "text":
            raise
        verdicts.show_fault(run, wanted.format, fault)
        return fault.status


def _check(run: Session, wanted: _Asked) -> int:
    """Check once, or check, fix and check again, and return the exit status."""
    _refuse_contradictions(wanted)
    outputs = verdicts.targets_of(run, wanted.outputs, _FORMATS)
    config, faults = run.config(known_targets)
    if faults:
        verdicts.show_diagnostics(run, wanted.format, faults, USAGE)
        return USAGE
    checked = _judge(run, config, wanted)
    if wanted.fix:
        changed = verdicts.fix(run, checked, dry_run=wanted.dry_run)
        if changed and not wanted.dry_run:
            checked = _judge(run, config, wanted)
    if wanted.write_baseline or wanted.update_baseline:
        return _keep_baseline(run, checked, wanted)
    return _tell(run, checked, wanted, outputs)


def _refuse_contradictions(wanted: _Asked) -> None:
    partial = wanted.paths or wanted.diff is not None or wanted.staged
    if (wanted.write_baseline or wanted.update_baseline) and partial:
        raise click.UsageError(
            "a baseline is of the whole tree; leave out paths, `--diff` and `--staged`"
        )
    if wanted.write_baseline and wanted.update_baseline:
        raise click.UsageError("`--write-baseline` and `--update-baseline` exclude each other")
    if wanted.fix and wanted.staged:
        raise click.UsageError("`--fix` changes the working tree, and `--staged` checks the index")
    if wanted.no_agent and wanted.agent is not None:
        raise click.UsageError("`--agent` and `--no-agent` exclude each other")
    if wanted.agent is not None and not wanted.agent.strip():
        # An empty variable of a job is nobody's word that a person made the change.
        raise click.UsageError("`--agent` names no class; of a person's change say `--no-agent`")
    if wanted.dry_run and not wanted.fix:
        raise click.UsageError("`--dry-run` goes with `--fix`")


def _judge(run: Session, config: "Config", wanted: _Asked) -> "CheckRun":
    from bylaw.check.evidence import NO_AGENT
    from bylaw.check.request import Request
    from bylaw.check.run import check_repository

    baseline = None if wanted.baseline is None else run.inside(wanted.baseline)
    named = baseline or config.baseline
    if wanted.baseline is not None and not wanted.write_baseline:
        _check_file(run, wanted.baseline, "`--write-baseline` starts one")
    if (wanted.write_baseline or wanted.update_baseline) and named is None:
        raise FaultError(
            NO_BASELINE,
            "no baseline is named",
            "name a file with `--baseline`, or as `baseline` in the configuration",
        )
    constraints = None if wanted.constraints is None else _set_path(run, wanted)
    request = Request(
        paths=tuple(_path(run, path, wanted.staged) for path in wanted.paths),
        started=run.base,
        staged=wanted.staged,
        diff=wanted.diff,
        base=wanted.base,
        baseline=baseline,
        constraints=constraints,
        run=wanted.run,
        timeout=wanted.timeout,
        trust=wanted.trust,
        agent=NO_AGENT if wanted.no_agent else wanted.agent,
        record=read_records(run, wanted.records),
        approvals=_approvals(run, wanted.approvals),
        include_proposed=wanted.include_proposed,
        as_of=wanted.as_of,
    )
    with progress() as show:
        return check_repository(run.root, config, request, show)


def _set_path(run: Session, wanted: _Asked) -> str:
    name = wanted.constraints or ""
    if not wanted.staged:
        _check_file(run, name, "`bylaw build` writes one")
    return run.inside(name)


def _check_file(run: Session, name: str, advice: str) -> None:
    if not (run.base / name).is_file():
        raise FaultError(BAD_PATH, f"`{name}` does not exist", advice)


def _path(run: Session, name: str, staged: bool) -> str:
    path = run.inside(name)
    if not staged and not (run.root / path).exists():
        raise FaultError(BAD_PATH, f"`{name}` does not exist", "name a file or a folder")
    return path


def _approvals(run: Session, name: str | None) -> "Source | None":
    """Return where approvals are read: a file, or `github` or `gitlab`."""
    if name is None:
        return None
    from bylaw.check.approval.gather import Source

    if name in ("github", "gitlab"):
        kind: Literal["github", "gitlab"] = "github" if name == "github" else "gitlab"
        return Source(kind, environment=dict(os.environ))
    path = Path(run.base) / name
    if not path.exists():
        raise FaultError(
            BAD_PATH, f"`{name}` does not exist", "name a file with approvals, `github` or `gitlab`"
        )
    return Source("file", name, path)


def _keep_baseline(run: Session, checked: "CheckRun", wanted: _Asked) -> int:
    """Write the baseline, or what is left of it, and say so."""
    from bylaw.render.text import count

    told = checked.verdicts.diagnostics
    run.print_diagnostics(each for each in told if each.severity is Severity.ERROR)
    if not checked.usable or fails(told, strict=False):
        say("nothing was written")
        return FOUND
    before, after, path = verdicts.keep_baseline(run, checked, shrink=wanted.update_baseline)
    if not wanted.quiet:
        change = "unchanged" if before == after else f"{before} before"
        say(f"{run.show(path)}: {count(after, 'violation')} ({change})")
    return 3 if checked.verdicts.status() == 3 and not wanted.lenient else 0


def _tell(
    run: Session, checked: "CheckRun", wanted: _Asked, outputs: "list[tuple[str, Path]]"
) -> int:
    """Print the report, write the others, and return the exit status."""
    strict = wanted.strict or checked.config.strict
    if checked.usable:
        checked = _with_input(run, checked)
    status = _status(checked, strict=strict, lenient=wanted.lenient)
    for name, path in outputs:
        verdicts.write(run, checked, name, path, strict=strict, status=status)
    if wanted.explain is not None:
        verdicts.explain(run, checked, wanted.explain, strict=strict)
    elif wanted.format != "text" or status or not wanted.quiet:
        verdicts.show(run, checked, wanted.format, strict=strict, status=status)
    return status


def _with_input(run: Session, checked: "CheckRun") -> "CheckRun":
    """Add what is to be said of a check that has nothing to judge by: it would pass for clean."""
    from bylaw.config_file import report_idle_adrs
    from bylaw.diagnostics import Report

    report = Report()
    program = checked.program
    if program is not None:
        paths = [unit.header.path for unit in program.units]
        paths += [listed.path for listed in program.listed]
        report_idle_adrs(lambda name: read_bytes(run.root / name), checked.config, paths, report)
    if program is not None and not program.units:
        report_no_decisions(report)
    elif not checked.verdicts.judgements:
        report.add(
            NOTHING_BINDS,
            "no constraint is in force, so nothing was judged",
            help="`bylaw list` shows the decisions and how they stand",
        )
    told = [each for each in report if not checked.config.allows(each)]
    if not told:
        return checked
    told += checked.verdicts.diagnostics
    return replace(checked, verdicts=replace(checked.verdicts, diagnostics=tuple(told)))


def _status(checked: "CheckRun", *, strict: bool, lenient: bool) -> int:
    if not checked.usable:
        return USAGE
    if fails(checked.verdicts.diagnostics, strict):
        return FOUND
    status = checked.verdicts.status(strict=strict)
    return 0 if status == 3 and lenient else status
