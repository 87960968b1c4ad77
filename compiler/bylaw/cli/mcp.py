"""`bylaw mcp`: agents ask over the Model Context Protocol what binds them."""

import gc
import socket
from typing import TYPE_CHECKING, Any

import click

from bylaw.cli.faults import BAD_ARGUMENT, MISSING_EXTRA, FaultError
from bylaw.cli.session import say, session, shared_options
from bylaw.diagnostics import Code, Severity

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

NO_SOCKET = Code("BL937", "address-not-served", Severity.ERROR)

LOCAL = ("127.0.0.1", "localhost", "::1")


@click.command("mcp")
@click.option("--http", "address", metavar="HOST:PORT", help="Serve HTTP and not standard input.")
@click.option(
    "--allow-host",
    "allowed",
    multiple=True,
    metavar="NAME",
    help="A name by which clients may call the server; may be repeated.",
)
@shared_options
def command(address: str | None, allowed: tuple[str, ...]) -> int:
    """Answer agents over the Model Context Protocol, on standard input or over HTTP.

    The tools tell what governs a path, what a proposed change would break, and why. They only read.
    """
    run = session()
    place = None if address is None else _place(address, allowed)
    if place is None and allowed:
        raise click.UsageError("`--allow-host` goes with `--http`")
    try:
        from mcp.server.mcpserver import MCPServer  # noqa: F401 - to know that it is there
    except ImportError:
        raise FaultError(
            MISSING_EXTRA,
            "`bylaw mcp` needs the package `mcp`",
            "install it with `python -m pip install 'bylaw[mcp]'`",
        ) from None
    from bylaw.mcp.server import make_server

    # This process lives on, unlike that of any other command.
    gc.enable()
    server = make_server(run.root)
    if place is None:
        server.run("stdio")
    else:
        _serve(server, *place, allowed)
    return 0


def _place(address: str, allowed: tuple[str, ...]) -> tuple[str, int]:
    """Return host and port of an address, `[::1]:8000` and `:8000` included."""
    host, colon, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") or "127.0.0.1"
    if not colon or not port.isascii() or not port.isdecimal() or int(port) > 65535:
        raise FaultError(
            BAD_ARGUMENT, f"`{address}` is no address", "write it as in `127.0.0.1:8000`"
        )
    if host not in LOCAL and not allowed:
        raise FaultError(
            BAD_ARGUMENT,
            f"`{host}` can be reached from other machines, and nobody has to log in",
            "name it with `--allow-host` as clients call it, if that is what you want",
        )
    return host, int(port)


def _serve(server: "MCPServer[Any]", host: str, port: int, allowed: tuple[str, ...]) -> None:
    import uvicorn
    from mcp.server.transport_security import TransportSecuritySettings

    names = [*("[::1]" if name == "::1" else name for name in LOCAL), *allowed]
    security = TransportSecuritySettings(
        # A page of another site must not be able to ask through its visitor's browser.
        enable_dns_rebinding_protection=True,
        allowed_hosts=[each for name in names for each in (name, f"{name}:*")],
        allowed_origins=[
            f"{scheme}://{name}{end}"
            for name in names
            for scheme in ("http", "https")
            for end in ("", ":*")
        ],
    )
    app = server.streamable_http_app(
        host=host, transport_security=security, stateless_http=True, json_response=True
    )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        # Python repeats the address behind what the system says.
        reason = (error.strerror or str(error)).partition(" (")[0].lower()
        raise FaultError(
            NO_SOCKET,
            f"`{host}:{port}` cannot be served: {reason}",
            "name another port, or 0 for any that is free",
        ) from error
    with listening:
        shown = f"[{host}]" if ":" in host else host
        say(f"serving on http://{shown}:{listening.getsockname()[1]}/mcp; Ctrl-C ends")
        config = uvicorn.Config(app, log_level="error", lifespan="on")
        uvicorn.Server(config).run(sockets=[listening])
