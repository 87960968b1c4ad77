"""The command `bylaw` and the table of its commands, each imported when it is called."""

import errno
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NamedTuple

import click

from bylaw import __version__
from bylaw.cli.faults import BUG, UNKNOWN_COMMAND, USAGE, FaultError, did_you_mean, usage_fault
from bylaw.cli.session import Session, say, shared_options

BUG_STATUS = 70
"""`EX_SOFTWARE`: none of the statuses that say something about the user's ADRs."""


class Entry(NamedTuple):
    """A command: the module that holds it under its own name, and its line in the help."""

    module: str
    summary: str


COMMANDS: dict[str, Entry] = {
    "init": Entry("bylaw.cli.init", "Start a repository: configuration, first decision, template."),
    "build": Entry("bylaw.cli.build", "Compile the decisions to the artifacts of every target."),
    "check": Entry("bylaw.cli.check", "Judge the code by the decisions."),
    "hook": Entry("bylaw.cli.hook", "Answer a coding agent's tool call: allow, deny or ask."),
    "claims": Entry("bylaw.cli.claims", "Check what a task claims to touch, and settle it after."),
    "approve": Entry("bylaw.cli.approve", "Add an approval of a commit to a file of approvals."),
    "prove": Entry("bylaw.cli.prove", "Show that the rules do what the sentences say."),
    "fmt": Entry("bylaw.cli.fmt", "Give constraints ids and their normal spelling."),
    "list": Entry("bylaw.cli.list", "List the decisions and their constraints."),
    "describe": Entry("bylaw.cli.describe", "Show which decisions govern a file."),
    "explain": Entry("bylaw.cli.explain", "Explain a diagnostic's code, a constraint, a decision."),
    "schema": Entry(
        "bylaw.cli.schema", "Print the JSON Schema of a file that bylaw reads or writes."
    ),
    "install": Entry("bylaw.cli.install", "Have an agent, the commit hook or CI call bylaw."),
    "doctor": Entry("bylaw.cli.doctor", "Tell whether the guard stands, and what gets round it."),
    "preview": Entry(
        "bylaw.cli.preview", "Show what decisions become and would break, on a local page."
    ),
    "lsp": Entry("bylaw.cli.lsp", "Answer an editor over the Language Server Protocol."),
    "mcp": Entry("bylaw.cli.mcp", "Answer agents over the Model Context Protocol."),
    "completion": Entry(
        "bylaw.cli.completion", "Print the script that completes commands in a shell."
    ),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called or asked for their help."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the table, which is that of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Return a command, importing it."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command: click.Command = import_module(entry.module).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments begin with."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            listing = "the commands are " + ", ".join(f"`{name}`" for name in COMMANDS)
            raise FaultError(
                UNKNOWN_COMMAND,
                f"unknown command `{args[0]}`",
                did_you_mean(args[0], COMMANDS, listing),
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Write the table into the help without importing a command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88},
    epilog="Exit status: 0 clean, 1 errors found, 2 usage or configuration, 3 not evaluated.",
)
@shared_options
@click.version_option(__version__, "-V", "--version", message="bylaw %(version)s")
def bylaw() -> None:
    """Compile Architecture Decision Records to constraints that machines enforce."""


def invoke(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit status."""
    session = Session()
    try:
        status: object = bylaw.main(list(arguments), "bylaw", standalone_mode=False, obj=session)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        return USAGE
    except click.UsageError as error:
        return _report_fault(usage_fault(error, _command(arguments)), session)
    except FaultError as fault:
        return _report_fault(fault, session)
    except click.Abort as error:
        raise KeyboardInterrupt from error
    except OSError as error:
        # Without a path it is about a stream of ours, which only `run` can see to.
        if error.filename is None and error.errno in {errno.EPIPE, errno.ENOSPC, errno.EIO}:
            raise
        return report_bug(error, session, arguments)
    except Exception as error:
        return report_bug(error, session, arguments)
    return status if isinstance(status, int) else 0


def _command(arguments: Sequence[str]) -> str:
    """Return the command that was meant, for faults that click tells without one."""
    named = next((each for each in arguments if each in COMMANDS), None)
    return f"bylaw {named}" if named else "bylaw"


def _report_fault(fault: FaultError, session: Session) -> int:
    from bylaw.render.text import Style, diagnostic_lines

    # The folder may be what is wrong, so nothing of it is read here.
    style = Style(session.colours(sys.stderr))
    for line in diagnostic_lines(fault.diagnostic, lambda _: None, style):
        say(line)
    return fault.status


def report_bug(error: Exception, session: Session, arguments: Sequence[str]) -> int:
    """Say in a few lines that bylaw itself has failed, and what to do."""
    from bylaw.render.characters import safe

    # The option counts even where the command line was never parsed.
    debug = session.debug or "--debug" in arguments
    if debug:
        import traceback

        traceback.print_exception(error)
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else "?"
    python = ".".join(str(part) for part in sys.version_info[:3])
    line = " ".join(["bylaw", *arguments])
    reason = f"{type(error).__name__}: {error}".partition("\n")[0][:200].rstrip(": ")
    say(f"error[{BUG.number}]: bylaw itself has failed at {place}: {safe(reason)}")
    say(f"note: bylaw {__version__}, Python {python}, {sys.platform}, `{safe(line)}`")
    if not debug:
        say("help: run it again with `--debug`, and report what it prints to bylaw's maintainers")
    return BUG_STATUS
