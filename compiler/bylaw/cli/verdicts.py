"""What came of a check, told to people and to machines, and written where that was asked for."""

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bylaw.cli.edit import print_difference, replace_file
from bylaw.cli.faults import BAD_ARGUMENT, BAD_PATH, UNKNOWN_NAME, FaultError, did_you_mean
from bylaw.cli.outcome import workspace
from bylaw.cli.session import Session, io_fault, say

if TYPE_CHECKING:
    from bylaw.check.run import CheckRun
    from bylaw.check.verdict import Verdicts
    from bylaw.diagnostics import Diagnostic
    from bylaw.render.verdicts import Lines, Setting


def targets_of(
    run: Session, asked: Sequence[str], formats: Sequence[str]
) -> list[tuple[str, Path]]:
    """Return format and file of each further report."""
    found: list[tuple[str, Path]] = []
    for entry in asked:
        name, equals, path = entry.partition("=")
        if not equals or not path:
            raise FaultError(
                BAD_ARGUMENT, f"`{entry}` is no report", "write it as in `sarif=bylaw.sarif`"
            )
        if name not in formats:
            listing = "the formats are " + ", ".join(f"`{each}`" for each in formats)
            raise FaultError(
                UNKNOWN_NAME, f"unknown format `{name}`", did_you_mean(name, formats, listing)
            )
        found.append((name, Path(os.path.normpath(run.base / path))))
    return found


def show(
    run: Session,
    checked: "CheckRun",
    format: str,  # noqa: A002 - the option's name
    *,
    strict: bool,
    status: int,
) -> None:
    """Print a report; for people, what is wrong with the decisions goes to stderr."""
    if format == "text":
        run.print_diagnostics(checked.verdicts.diagnostics)
        if not checked.usable:
            return
    setting = _setting(run, format, _site(checked), strict=strict, terminal=True, status=status)
    _print(checked.verdicts, checked.lines, format, setting)


def show_diagnostics(
    run: Session,
    format: str,  # noqa: A002 - the option's name
    found: "Iterable[Diagnostic]",
    status: int,
) -> None:
    """Print what keeps a check from its work."""
    from bylaw.check.verdict import Verdicts

    told = tuple(found)
    if format == "text":
        run.print_diagnostics(told)
    else:
        verdicts = Verdicts((), diagnostics=told)
        setting = _setting(run, format, "", strict=False, terminal=True, status=status)
        _print(verdicts, lambda _: None, format, setting)


def show_fault(run: Session, format: str, fault: FaultError) -> None:  # noqa: A002 - the option's name
    """Print a fault of the command line to a machine."""
    show_diagnostics(run, format, [fault.diagnostic], fault.status)


def write(
    run: Session,
    checked: "CheckRun",
    format: str,  # noqa: A002 - the option's name
    path: Path,
    *,
    strict: bool,
    status: int,
) -> None:
    """Write a report to a file, in one step."""
    from bylaw.output import staged
    from bylaw.render.verdicts import FORMATS

    setting = _setting(run, format, _site(checked), strict=strict, terminal=False, status=status)
    text = FORMATS[format](checked.verdicts, checked.lines, setting)
    try:
        with staged(path, f"{text}\n".encode("utf-8", "backslashreplace")) as publish:
            publish()
    except OSError as error:
        raise io_fault(path, error) from error


def explain(run: Session, checked: "CheckRun", name: str, *, strict: bool) -> None:
    """Print how one constraint was judged, step by step."""
    from bylaw.render.verdicts.explain import explain as explanation
    from bylaw.render.verdicts.explain import find_judgements

    run.print_diagnostics(checked.verdicts.diagnostics)
    if checked.side is None:
        return
    found = find_judgements(checked.verdicts, name)
    if not found:
        full = [judgement.scoped.full_id for judgement in checked.verdicts.judgements]
        ids = sorted({*full, *(each.rpartition("/")[2] for each in full)})
        if name in checked.verdicts.inactive:
            advice = (
                f"it does not bind on {checked.verdicts.as_of}; name another day with `--as-of`"
            )
            raise FaultError(UNKNOWN_NAME, f"`{name}` is not in force", advice)
        advice = did_you_mean(name, ids, "`bylaw list` shows the ids")
        raise FaultError(UNKNOWN_NAME, f"no constraint `{name}` is in force", advice)
    setting = _setting(run, "text", _site(checked), strict=strict, terminal=True)
    evidence = checked.side.evidence
    print("\n\n".join(explanation(checked.verdicts, j, evidence, setting) for j in found))


def keep_baseline(run: Session, checked: "CheckRun", *, shrink: bool) -> tuple[int, int, str]:
    """Write the baseline; return how many violations stood and stand in it, and its path."""
    from bylaw.check import baseline as baselines
    from bylaw.output import staged

    before = checked.side.leave.baseline if checked.side is not None else None
    after = checked.baseline
    if shrink:
        if before is None:
            raise FaultError(
                BAD_PATH, f"`{after.path}` does not exist", "`--write-baseline` starts one"
            )
        after = baselines.shrink(before, checked.gone)
    path = run.root / after.path
    try:
        with staged(path, baselines.write(after)) as publish:
            publish()
    except OSError as error:
        raise io_fault(path, error) from error
    return before.total if before is not None else 0, after.total, after.path


def fix(run: Session, checked: "CheckRun", *, dry_run: bool) -> bool:
    """Apply what can be mended mechanically, or print it; return whether anything can."""
    if checked.side is None or checked.findings is None:
        return False
    from bylaw.check.fix import fix_violations
    from bylaw.diagnostics import Report
    from bylaw.render.text import count

    report = Report()
    side = checked.side
    fixed = fix_violations(
        checked.verdicts.violations, checked.findings, side.rules, side.evidence, report
    )
    run.print_diagnostics(report)
    for path, data in sorted(fixed.contents.items()):
        if dry_run:
            print_difference(run, path, side.evidence.tree.read(path), data)
        else:
            replace_file(run.root / path, data)
            say(f"fixed {run.show(path)}: {count(fixed.edits[path], 'edit')}")
    return bool(fixed.contents)


def _print(
    verdicts: "Verdicts",
    lines: "Lines",
    format: str,  # noqa: A002 - the option's name
    setting: "Setting",
) -> None:
    from bylaw.render.verdicts import FORMATS

    text = FORMATS[format](verdicts, lines, setting)
    if text:
        print(text)


def _site(checked: "CheckRun") -> str:
    return checked.config.site or ""


def _setting(
    run: Session,
    format: str,  # noqa: A002 - the option's name
    site: str,
    *,
    strict: bool,
    terminal: bool,
    status: int | None = None,
) -> "Setting":
    """Return how a report looks: paths as its reader opens them, links as the forge has them."""
    from bylaw.render.text import PIPE_WIDTH, Style
    from bylaw.render.verdicts import Setting

    if format == "github":
        return Setting(strict, Style(show=workspace(run)), site=site, status=status)
    if format == "text" and terminal:
        return Setting(strict, run.style(sys.stdout), site=site, status=status)
    return Setting(strict, Style(width=PIPE_WIDTH), links=_links(), site=site, status=status)


def _links() -> str:
    """Return what stands before a path on the forge that runs this, where it says so."""
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA")
    server, repository, commit = (os.environ.get(name, "") for name in names)
    return f"{server}/{repository}/blob/{commit}/" if server and repository and commit else ""
