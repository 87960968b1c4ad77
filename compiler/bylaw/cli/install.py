"""`bylaw install`: the guard put into the configuration of other programs, and taken out again."""

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bylaw.cli.edit import print_difference
from bylaw.cli.faults import BAD_ARGUMENT, UNKNOWN_NAME, FaultError, did_you_mean
from bylaw.cli.session import Session, io_fault, say, session, shared_options
from bylaw.cli.work import FOUND, config_or_exit
from bylaw.diagnostics import Code, Diagnostic, Severity

if TYPE_CHECKING:
    from bylaw.config import Config
    from bylaw.install.hosts import Host, Setting
    from bylaw.install.plan import Step

UNCONFIRMED = Code("BL935", "installation-not-confirmed", Severity.ERROR)
UNFOUND_COMMAND = Code("BL936", "command-not-found", Severity.WARNING)


@click.command("install")
@click.argument("host", required=False)
@click.option("--remove", is_flag=True, help="Take out what an earlier installation has put in.")
@click.option("-y", "--yes", is_flag=True, help="Write without asking.")
@click.option("--dry-run", is_flag=True, help="Print what would change, and write nothing.")
@click.option(
    "--command",
    "words",
    metavar="WORDS",
    default="bylaw",
    help="What starts bylaw there, as in `uv run bylaw`; `bylaw` unless told.",
)
@shared_options
def command(host: str | None, remove: bool, yes: bool, dry_run: bool, words: str) -> int:
    """Have a host call bylaw: an agent, the commit hook, or CI.

    HOST is claude-code, cursor, copilot, pre-commit, github-actions or gitlab; without one, they
    are listed. What would change is shown first, and written once you agree.
    """
    from bylaw.install.faults import InstallError
    from bylaw.install.hosts import HOSTS
    from bylaw.install.plan import plan, write

    run = session()
    if host is None:
        return _list()
    if host not in HOSTS:
        listing = "the hosts are " + ", ".join(f"`{name}`" for name in HOSTS)
        raise FaultError(UNKNOWN_NAME, f"unknown host `{host}`", did_you_mean(host, HOSTS, listing))
    _check_words(words, plain=HOSTS[host].at_top)
    if yes and dry_run:
        raise click.UsageError("`--yes` writes and `--dry-run` does not; choose one")
    top = _top(run) if HOSTS[host].at_top else run.root
    setting = _setting(run, words, config_or_exit(run))
    try:
        steps = plan(top, HOSTS[host].parts(setting), remove=remove)
        if not steps:
            say(f"nothing to do: {host} {'has nothing of ours' if remove else 'is installed'}")
            return 0
        _show(run, top, steps)
        if dry_run:
            return 0
        if not yes and not _agreed():
            return _unconfirmed(run)
        write(top, steps)
    except InstallError as error:
        return _report(run, top, error)
    except BrokenPipeError:
        # Whoever reads the difference has seen enough of it; that is no file's fault.
        raise
    except OSError as error:
        raise io_fault(Path(os.fsdecode(error.filename or top)), error) from error
    _say_done(run, HOSTS[host], words, steps, remove=remove)
    return 0


def _check_words(words: str, *, plain: bool) -> None:
    """Refuse what is no command, or none that the files of a host can hold."""
    import re
    import shlex

    try:
        named = bool(shlex.split(words))
    except ValueError:
        named = False
    if not named or not words.isprintable():
        raise FaultError(
            BAD_ARGUMENT, f"`{words}` is no command", "write it as in `--command 'uv run bylaw'`"
        )
    if plain and not re.fullmatch(r"[\w./@=+ -]+", words):
        raise FaultError(
            BAD_ARGUMENT,
            f"`{words}` holds a character that a file of CI does not take for itself",
            "put it into a script of its own, and name that",
        )


def _list() -> int:
    from bylaw.install.hosts import HOSTS
    from bylaw.render.table import columns

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 100_000
    for line in columns([(name, host.summary) for name, host in HOSTS.items()], width):
        print(line)
    return 0


def _top(run: Session) -> Path:
    """Return the folder at the top of the git repository, ours where there is none."""
    for folder in (run.root, *run.root.parents):
        if (folder / ".git").exists():
            return folder
    return run.root


def _setting(run: Session, words: str, config: "Config") -> "Setting":
    from bylaw.git import ignored
    from bylaw.install.hosts import Setting
    from bylaw.worktree import main_branch_name

    folder = run.root.relative_to(_top(run)).as_posix()
    branch = config.main_branch or main_branch_name(run.root) or "main"
    committed = not ignored(str(run.root), [f"{config.output}/x"])
    return Setting(words, folder, branch, committed)


def _show(run: Session, top: Path, steps: "tuple[Step, ...]") -> None:
    """Print what would change as a unified diff, in colours where there is somebody to see them."""
    for step in steps:
        named = os.path.relpath(top / step.path, run.root).replace(os.sep, "/")
        before, after = (data or b"" for data in (step.before, step.after))
        print_difference(run, named, before, after)
    sys.stdout.flush()


def _agreed() -> bool:
    """Ask, where there is somebody to ask."""
    if not sys.stdin.isatty() or not sys.stderr.isatty():
        return False
    return click.confirm("Write this?", default=True, err=True)


def _unconfirmed(run: Session) -> int:
    from bylaw.diagnostics import Diagnostic as Made

    told = Made(
        UNCONFIRMED.number,
        UNCONFIRMED.severity,
        "nothing was written, because nobody has agreed",
        help="look at the difference, then run the command again with `--yes`",
    )
    run.print_diagnostics([told])
    return FOUND


def _report(run: Session, top: Path, error: Exception) -> int:
    """Print why a file is left as it is, with the place in it."""
    from bylaw.cli.session import read_bytes
    from bylaw.install.faults import InstallError
    from bylaw.render.text import diagnostic_lines
    from bylaw.source import Source

    if not isinstance(error, InstallError):
        raise error
    told = Diagnostic(
        error.code.number,
        error.code.severity,
        error.message,
        error.span,
        help=error.advice,
    )

    def read(path: str) -> Source | None:
        data = read_bytes(top / path)
        return None if data is None else Source(path, data)

    say("\n".join(diagnostic_lines(told, read, run.style(sys.stderr))) + "\n")
    return 2


def _say_done(
    run: Session, host: "Host", words: str, steps: "tuple[Step, ...]", *, remove: bool
) -> None:
    for step in steps:
        say(f"{'deleted' if step.after is None else 'wrote  '} {step.path}")
    if remove:
        return
    for line in host.then:
        say(f"note: {line}")
    if not host.at_top and shutil.which(words.split(maxsplit=1)[0]) is None and "$" not in words:
        told = Diagnostic(
            UNFOUND_COMMAND.number,
            UNFOUND_COMMAND.severity,
            f"`{words.split(maxsplit=1)[0]}` is not found here",
            help="the host stops every call until it is; name another with `--command`",
        )
        run.print_diagnostics([told])
