"""`bylaw claims`: what a task says it will touch, checked before it starts and settled after."""

import os
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bylaw.cli.faults import BAD_PATH, USAGE, FaultError
from bylaw.cli.records import read_records, records_option
from bylaw.cli.session import Session, read_bytes, say, session, shared_options
from bylaw.cli.work import as_of_option, known_targets, progress

if TYPE_CHECKING:
    from bylaw.claims.run import Asked, Outcome

F = TypeVar("F", bound=Callable[..., Any])


@click.group(
    "claims", context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88}
)
@shared_options
def command() -> None:
    """Check what a task claims to touch before its work, and settle it after."""


def _options(command: F) -> F:
    """Add what both commands take."""
    decorators = [
        click.argument("claims", metavar="CLAIMS"),
        click.option("--agent", metavar="CLASS", help="The agent's class, where no claim says it."),
        click.option("--sha256", "digest", metavar="HEX", help="Take claims of this digest only."),
        click.option("--strict", is_flag=True, help="Refuse on warnings, too."),
        click.option("--include-proposed", is_flag=True, help="Also hold them against proposals."),
        as_of_option,
        click.option(
            "--format", type=click.Choice(["text", "json"]), default="text", help="What to print."
        ),
        click.option("-q", "--quiet", is_flag=True, help="Print nothing where nothing is wrong."),
        shared_options,
    ]
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


@command.command("check")
@_options
def check_command(claims: str, strict: bool, **asked: Any) -> int:
    """Hold the claims of a task against the constraints, before its work.

    A claim that can hold a path which its agent must not touch is refused, with that path and the
    sentence that forbids it. Approvals and limits that bind the task are listed.
    """
    from bylaw.claims.run import check

    run = session()
    config, faults = run.config(known_targets)
    if faults:
        run.print_diagnostics(faults)
        return USAGE
    form, quiet = asked.pop("format"), asked.pop("quiet")
    request = _asked(run, claims, **asked)
    with progress() as show:
        outcome = check(run.root, config, request, show)
    return _tell(run, outcome, form, quiet=quiet, status=outcome.status(strict=strict))


@command.command("settle")
@_options
@click.option("--base", metavar="REV", help="The commit that the work started from.")
@click.option("--staged", is_flag=True, help="Settle what is staged, not the working tree.")
@records_option
@click.option("--lenient", is_flag=True, help="Exit with 0 where spending is not known.")
def settle_command(
    claims: str, records: tuple[str, ...], strict: bool, lenient: bool, **asked: Any
) -> int:
    """Hold the real diff of a task against its claims, after its work.

    Every path that was created, edited or deleted has to lie in a claim for that; untracked files,
    renames and changes of mode count. A path that no claim holds refuses the whole.
    """
    from bylaw.claims.run import settle

    run = session()
    config, faults = run.config(known_targets)
    if faults:
        run.print_diagnostics(faults)
        return USAGE
    form, quiet = asked.pop("format"), asked.pop("quiet")
    request = _asked(run, claims, record=read_records(run, records), **asked)
    with progress() as show:
        outcome = settle(run.root, config, request, show)
    status = outcome.status(strict=strict, lenient=lenient)
    return _tell(run, outcome, form, quiet=quiet, status=status)


def _asked(run: Session, name: str, *, as_of: date | None, **more: Any) -> "Asked":
    from bylaw.claims.run import Asked

    path = run.base / name
    if path.is_dir():
        raise FaultError(BAD_PATH, f"`{name}` is a folder", "name a file of claims")
    data = read_bytes(path)
    if data is None:
        advice = "`docs/claims.md` shows what a file of claims holds"
        raise FaultError(BAD_PATH, f"`{name}` does not exist", advice)
    try:
        shown = run.inside(name)
    except FaultError:
        # From the root, as every path that is shown.
        shown = os.path.relpath(path, run.root).replace(os.sep, "/")
    return Asked(data, shown, as_of=as_of, **more)


def _tell(run: Session, outcome: "Outcome", form: str, *, quiet: bool, status: int) -> int:
    from bylaw.render.claims import claims_lines, claims_output

    if form == "json":
        from bylaw.render.json import dump

        print(dump(claims_output(outcome, status)))
        return status
    if not quiet or status:
        run.print_diagnostics(outcome.diagnostics)
        for line in claims_lines(outcome):
            (say if status else print)(line)
    return status
