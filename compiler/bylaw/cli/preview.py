"""`bylaw preview`: what sentences become and would break; on a page, as a site or here."""

import gc
import secrets
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bylaw.cli.faults import MISSING_EXTRA, FaultError
from bylaw.cli.session import Session, io_fault, say, session, shared_options
from bylaw.cli.work import as_of_option, config_or_exit, progress
from bylaw.diagnostics import Code, Severity

if TYPE_CHECKING:
    from bylaw.preview.server.running import Listening

PORT_TAKEN = Code("BL942", "port-not-served", Severity.ERROR)
FOREIGN_SITE = Code("BL943", "foreign-site-folder", Severity.ERROR)

_PACKAGES = ("jinja2", "starlette", "uvicorn", "sse_starlette", "watchfiles")
"""What the extra holds; each needs those before it."""


@click.command("preview")
@click.argument("decision", required=False, metavar="[DECISION]")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="NUMBER",
    help="Serve on this port, or on any free one (0); else on 8765 or any free one.",
)
@click.option(
    "--open/--no-open",
    "show",
    default=None,
    help="Open the page in the browser, or not; else on a terminal only.",
)
@click.option(
    "--static",
    "site",
    metavar="FOLDER",
    help="Serve nothing: write all pages there as a site that needs no server.",
)
@click.option("--terminal", is_flag=True, help="Serve nothing: print one decision here.")
@click.option("--target", metavar="NAME", help="With --terminal: all lines of one target, or `ir`.")
@as_of_option
@shared_options
def command(
    *,
    decision: str | None,
    port: int | None,
    show: bool | None,
    site: str | None,
    terminal: bool,
    target: str | None,
    as_of: date | None,
) -> int:
    """Show what decisions become and what they would break, on a local page.

    The page follows every change, made there or in an editor, and saves only when told to. Nobody
    but who knows the printed address can open it. Ctrl-C ends.

    DECISION is what is shown first: an id (0007-domain), a number (7), a path or a constraint.
    """
    run = session()
    if site is not None and terminal:
        raise click.UsageError("`--static` and `--terminal` exclude each other")
    if target is not None and not terminal:
        raise click.UsageError("`--target` goes with `--terminal`")
    for name, given in (("--port", port), ("--open", show)):
        if given is not None and (site is not None or terminal):
            raise click.UsageError(f"`{name}` goes with a page that is served")
    if terminal:
        from bylaw.cli.terminal import show as show_here

        return show_here(run, decision, target, as_of)
    _check_extra()
    if site is None:
        return _serve(run, decision, port, show, as_of)
    if decision is not None:
        raise click.UsageError("`--static` writes all decisions; name none")
    return _write(run, site, as_of)


def _check_extra() -> None:
    """Ask for the extra by name before anything of it is needed."""
    from importlib import import_module

    for name in _PACKAGES:
        try:
            import_module(name)
        except ImportError:
            raise FaultError(
                MISSING_EXTRA,
                f"`bylaw preview` needs the package `{name.replace('_', '-')}`",
                "install it with `python -m pip install 'bylaw[preview]'`",
            ) from None


# --- a page --------------------------------------------------------------------------------------


def _serve(
    run: Session, decision: str | None, port: int | None, show: bool | None, as_of: date | None
) -> int:
    from urllib.parse import quote

    from bylaw.cli.root import report_bug
    from bylaw.preview.server.running import run as serve
    from bylaw.preview.server.state import Served

    # This process lives on, unlike that of most commands.
    gc.enable()
    listening = _listen(port)
    token = secrets.token_urlsafe(32)
    path = f"decisions/{quote(_name(run, decision), safe='/')}" if decision else ""
    address = f"{listening.address}{path}?token="
    served = Served(run.root, lambda error: report_bug(error, run, sys.argv[1:]), as_of=as_of)
    say(f"serving on {address}{token}")
    say("only this address opens the page; Ctrl-C ends")
    once = None
    if sys.stdout.isatty() and sys.stderr.isatty() if show is None else show:
        once = secrets.token_urlsafe(32)
        _open(address + once)
    serve(served, listening, token, once)
    return 0


def _name(run: Session, decision: str) -> str:
    """Return what leads to a decision: a path from where the user stands, or any other name."""
    if (run.base / decision).is_file():
        return run.inside(decision)
    return decision


def _listen(port: int | None) -> "Listening":
    from bylaw.preview.server.running import PORT, listen

    try:
        return listen(PORT, otherwise=0) if port is None else listen(port)
    except OSError as error:
        # Python repeats the address behind what the system says.
        reason = (error.strerror or str(error)).partition(" (")[0].lower()
        raise FaultError(
            PORT_TAKEN,
            f"port {PORT if port is None else port} cannot be served: {reason}",
            "name another one with `--port`, or 0 for any that is free",
        ) from error


def _open(address: str) -> None:
    """Open the browser, which may take its time, and may not be there.

    Its command line can be read by other users, so that address holds good for one time.
    """
    import threading
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


# --- a site --------------------------------------------------------------------------------------


def _write(run: Session, name: str, as_of: date | None) -> int:
    from bylaw.preview.site.folder import ForeignSiteError
    from bylaw.preview.site.write import write_site
    from bylaw.render.text import count

    config = config_or_exit(run)
    folder = (run.base / name).absolute()
    try:
        with progress() as drawing:
            written = write_site(run.root, config, folder, as_of=as_of, progress=drawing)
    except ForeignSiteError as error:
        some = ", ".join(f"`{path}`" for path in error.files[:3])
        more = f" and {len(error.files) - 3} more" if len(error.files) > 3 else ""
        raise FaultError(
            FOREIGN_SITE,
            f"folder `{name}` holds files that are of no site of bylaw's",
            "name an empty folder, or one that does not exist yet",
            note=f"it holds {some}{more}",
        ) from error
    except OSError as error:
        raise io_fault(Path(error.filename or folder), error) from error
    pages = f"{count(written.files, 'file')} for {count(written.decisions, 'decision')}"
    say(f"{name}/ holds the site: {pages}; open {name}/index.html")
    return 0
