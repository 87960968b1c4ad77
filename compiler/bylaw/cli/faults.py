"""What is wrong with a command line, as diagnostics."""

import re
from collections.abc import Collection

import click

from bylaw.diagnostics import Code, Diagnostic, Severity

UNKNOWN_COMMAND = Code("BL900", "unknown-command", Severity.ERROR)
UNKNOWN_OPTION = Code("BL901", "unknown-option", Severity.ERROR)
BAD_ARGUMENT = Code("BL902", "bad-argument", Severity.ERROR)
BAD_PATH = Code("BL903", "bad-path", Severity.ERROR)
UNKNOWN_NAME = Code("BL904", "unknown-name", Severity.ERROR)
MISSING_EXTRA = Code("BL905", "missing-extra", Severity.ERROR)
IO_FAILURE = Code("BL906", "file-not-accessible", Severity.ERROR)
BUG = Code("BL909", "bug-in-bylaw", Severity.ERROR)

USAGE = 2
"""The exit status of a fault in the command line or the configuration."""


class FaultError(Exception):
    """Ends a command with one diagnostic and an exit status."""

    def __init__(
        self,
        code: Code,
        message: str,
        advice: str | None = None,
        *,
        note: str | None = None,
        status: int = USAGE,
    ) -> None:
        super().__init__(message)
        self.diagnostic = Diagnostic(code.number, code.severity, message, note=note, help=advice)
        self.status = status


def did_you_mean(word: str, known: Collection[str], otherwise: str) -> str:
    """Return a question that names the nearest known words, or `otherwise` where none is near."""
    from difflib import get_close_matches

    near = get_close_matches(word.lower(), known, n=3)
    if not near:
        return otherwise
    return "did you mean " + " or ".join(f"`{name}`" for name in near) + "?"


def usage_fault(error: click.UsageError, command: str) -> FaultError:
    """Return click's complaint in our words; `command` is the one meant, where click is silent."""
    command = error.ctx.command_path if error.ctx else command
    more = f"`{command} --help` shows what it takes"
    if isinstance(error, click.NoSuchOption):
        return _no_such_option(error, command, more)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return FaultError(BAD_ARGUMENT, f"`{command}` needs {_name(error.param)}", more)
    if isinstance(error, click.BadParameter) and error.param is not None:
        return _bad_value(error, error.param, more)
    message = error.format_message()
    if surplus := _SURPLUS.search(message):
        message = f"`{command}` takes no argument `{surplus[1]}`"
    return FaultError(BAD_ARGUMENT, _clause(message), more)


_SURPLUS = re.compile(r"unexpected extra arguments? \((.*)\)")


def _no_such_option(error: click.NoSuchOption, command: str, more: str) -> FaultError:
    known = [
        option
        for parameter in (error.ctx.command.get_params(error.ctx) if error.ctx else ())
        for option in parameter.opts
        if option.startswith("--")
    ]
    return FaultError(
        UNKNOWN_OPTION,
        f"`{command}` has no option `{error.option_name}`",
        did_you_mean(error.option_name, known, more),
    )


def _bad_value(error: click.BadParameter, parameter: click.Parameter, more: str) -> FaultError:
    choices = getattr(parameter.type, "choices", None)
    value = re.match(r"'(.*)' is not one of", error.message, re.DOTALL)
    if not choices or value is None:
        message = f"bad value for {_name(parameter)}: {_clause(error.message)}"
        return FaultError(BAD_ARGUMENT, message, more)
    listing = "it takes " + ", ".join(f"`{choice}`" for choice in choices)
    return FaultError(
        BAD_ARGUMENT,
        f"`{value[1]}` is no value of {_name(parameter)}",
        did_you_mean(value[1], [str(choice) for choice in choices], listing),
    )


def _name(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Argument):
        return f"`{parameter.make_metavar(click.get_current_context(silent=True) or _nowhere())}`"
    return f"`{max(parameter.opts, key=len)}`"


def _nowhere() -> click.Context:
    return click.Context(click.Command("bylaw"))


def _clause(sentence: str) -> str:
    """Return click's sentence as a lower-case clause with code spans."""
    text = sentence.strip().removesuffix(".").replace("'", "`")
    return text[:1].lower() + text[1:]
