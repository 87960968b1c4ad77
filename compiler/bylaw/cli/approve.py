"""`bylaw approve`: an approval added to a file of approvals, with its time and policy version."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bylaw.cli.faults import BAD_ARGUMENT, BAD_PATH, USAGE, FaultError
from bylaw.cli.session import Session, io_fault, read_bytes, say, session, shared_options
from bylaw.cli.work import config_or_exit, progress

if TYPE_CHECKING:
    from bylaw.check.people import Entry

_DECISIONS = ("approve", "request-changes", "dismiss")


@click.command("approve")
@click.option("--file", "file", required=True, metavar="FILE", help="The file to add it to.")
@click.option("--by", metavar="NAME", help="Who approves: `@ann`; else git's address of yours.")
@click.option(
    "--team",
    "teams",
    multiple=True,
    metavar="NAME",
    help="A team that they are of: `@shop/dba`; may be repeated.",
)
@click.option("--commit", default="HEAD", metavar="REV", help="The commit that they have seen.")
@click.option(
    "--decision",
    type=click.Choice(_DECISIONS),
    default="approve",
    help="What they say of it; a dismissal takes an earlier word back.",
)
@click.option("--of", metavar="NAME", help="Whose word is dismissed; else that of `--by`.")
@shared_options
def command(  # noqa: PLR0917 - the options
    file: str,
    by: str | None,
    teams: tuple[str, ...],
    commit: str,
    decision: str,
    of: str | None,
) -> int:
    """Add an approval of a commit to a file of approvals.

    The line holds who, when, which commit, and the policy version: a digest of the decisions in
    force. Lines are added and never changed; `bylaw check --approvals FILE` reads them.
    """
    run = session()
    if of is not None and decision != "dismiss":
        raise click.UsageError("`--of` goes with `--decision dismiss`")
    entry = _entry(run, by, teams, decision, of)
    path = Path(run.base) / file
    _check_file(path, file)
    seen = _commit(run, commit)
    if seen is None:
        return USAGE
    entry = replace(entry, commit=seen, policy=_policy(run))
    _append(path, entry)
    say(f"{file}: {decision} by {entry.by} of {seen[:12]}")
    _warn_of_tree(run, path, file)
    return 0


def _entry(
    run: Session, by: str | None, teams: tuple[str, ...], decision: str, of: str | None
) -> "Entry":
    from bylaw.check.approval.record import is_name
    from bylaw.check.people import Entry

    for name in (by, of, *teams):
        if name is not None and not is_name(name):
            raise FaultError(BAD_ARGUMENT, "a name is empty or cannot be seen", "write `@ann`")
    return Entry(
        by or _own_address(run),
        decision,  # type: ignore[arg-type] # one of the option's
        teams,
        datetime.now(UTC).replace(microsecond=0),
        source="bylaw approve",
        of=of,
    )


def _own_address(run: Session) -> str:
    from bylaw.git import run_git

    done = run_git(str(run.root), "config", "user.email")
    address = done.stdout.decode("utf-8", "replace").strip() if done is not None else ""
    if not address:
        raise FaultError(BAD_ARGUMENT, "git does not say who you are", "say it with `--by`")
    return address


def _commit(run: Session, revision: str) -> str | None:
    from bylaw.check.git import resolve_commit
    from bylaw.diagnostics import Report

    report = Report()
    found = resolve_commit(run.root, revision, report)
    run.print_diagnostics(report)
    return found


def _policy(run: Session) -> str:
    from bylaw.driver import Options, compile_repository
    from bylaw.policy import version_of_program

    config = config_or_exit(run)
    with progress() as show:
        compilation = compile_repository(run.root, config, Options(compare=False), show)
    return version_of_program(compilation.program)


def _check_file(path: Path, name: str) -> None:
    """Refuse a file to which nothing can be added that anybody would read."""
    from bylaw.check.approval.gather import BAD_APPROVALS
    from bylaw.check.approval.record import read_record
    from bylaw.check.people import ApprovalFaultError

    if path.is_dir():
        raise FaultError(BAD_PATH, f"`{name}` is a folder", "name a file, as in `approvals.jsonl`")
    data = read_bytes(path)
    if not data:
        return
    try:
        read_record(data, name)
    except ApprovalFaultError as fault:
        raise FaultError(BAD_APPROVALS, fault.message, fault.help) from None
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        raise FaultError(
            BAD_APPROVALS, f"`{name}` is a list, to which no line can be added", "name a new file"
        )


def _append(path: Path, entry: "Entry") -> None:
    """Add a line in one write, under a lock, behind a first line where there is none yet."""
    import fcntl

    from bylaw.check.approval.record import head_line, line_of

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "ab+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            size = file.seek(0, os.SEEK_END)
            text = line_of(entry)
            if size == 0:
                text = head_line() + text
            else:
                file.seek(-1, os.SEEK_END)
                text = text if file.read(1) == b"\n" else "\n" + text
            file.write(text.encode())
    except OSError as error:
        raise io_fault(path, error) from error


def _warn_of_tree(run: Session, path: Path, name: str) -> None:
    from bylaw.check.approval.gather import path_in_tree

    if path_in_tree(run.root, path) is not None:
        say(f"note: `{name}` is part of the tree: it counts once it stands at the base")
        say("help: name a file outside of the tree, or one that git ignores")
