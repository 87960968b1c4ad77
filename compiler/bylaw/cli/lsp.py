"""`bylaw lsp`: editors show decisions while they are written."""

import gc

import click

from bylaw.cli.faults import MISSING_EXTRA, FaultError
from bylaw.cli.session import shared_options


@click.command("lsp")
@click.option("--stdio", is_flag=True, help="What it does anyway; some editors say it.")
@shared_options
def command(stdio: bool) -> int:
    """Answer an editor over the Language Server Protocol, on standard input and output.

    Editors start it by themselves: see docs/editors.md.
    """
    del stdio
    try:
        import pygls  # noqa: F401 - to know that it is there
    except ImportError:
        raise FaultError(
            MISSING_EXTRA,
            "`bylaw lsp` needs the package `pygls`",
            "install it with `python -m pip install 'bylaw[lsp]'`",
        ) from None
    from bylaw.lsp.server import serve

    # This process lives on, unlike that of any other command.
    gc.enable()
    return serve()
