"""`bylaw prove`: every sentence put to every engine that claims to understand it."""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bylaw.cli.faults import BAD_PATH, UNKNOWN_NAME, USAGE, FaultError, did_you_mean
from bylaw.cli.session import Session, read_bytes, session, shared_options
from bylaw.cli.work import as_of_option, known_targets, progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bylaw.prove.proof import Proofs


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command line asks for."""

    ids: tuple[str, ...]
    on: str | None
    diff: bool
    format: str
    include_proposed: bool
    as_of: date | None


@click.command("prove")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--on", metavar="FOLDER", help="Compare the engines on this tree, line by line.")
@click.option("--diff", is_flag=True, help="Show every program and line where they differ.")
@click.option(
    "--format", type=click.Choice(["text", "json"]), default="text", help="What to print."
)
@click.option("--include-proposed", is_flag=True, help="Also prove decisions still proposed.")
@as_of_option
@shared_options
def command(**asked: Any) -> int:
    """Show that the rules do what the sentences say.

    Every constraint's examples, and programs made from its own operands, are put to the evaluator
    and to each engine whose artifact claims to say the constraint exactly. ID names constraints or
    decisions; without one, all in force are proven.
    """
    wanted = _Asked(**asked)
    run = session()
    try:
        return _prove(run, wanted)
    except FaultError as fault:
        if wanted.format == "text":
            raise
        _show_faults(run, wanted.format, [fault.diagnostic])
        return fault.status


def _prove(run: Session, wanted: _Asked) -> int:
    from bylaw.prove.run import Request, prove_repository

    config, faults = run.config(known_targets)
    if faults:
        _show_faults(run, wanted.format, faults)
        return USAGE
    on = _folder(run, wanted.on)
    request = Request(wanted.ids, on, wanted.include_proposed, wanted.as_of)
    try:
        with progress() as show:
            proofs = prove_repository(run.root, config, request, show)
    except LookupError as error:
        raise _unknown(run, str(error.args[0]), config) from None
    _show(run, proofs, wanted, on)
    return proofs.status()


def _folder(run: Session, name: str | None) -> Path | None:
    if name is None:
        return None
    folder = Path(os.path.normpath(run.base / name))
    if not folder.is_dir():
        raise FaultError(BAD_PATH, f"`{name}` is no folder", "name a tree after `--on`")
    return folder


def _unknown(run: Session, name: str, config: Any) -> FaultError:
    from bylaw.driver import Options, compile_repository

    program = compile_repository(run.root, config, Options(compare=False)).program
    known = sorted(
        {
            each
            for unit in program.units
            for node in unit.decision.constraints
            for each in (unit.decision.id, node.id, f"{unit.decision.id}/{node.id}")
        }
    )
    listing = "`bylaw list` shows the constraints in force"
    return FaultError(
        UNKNOWN_NAME,
        f"no constraint in force is named `{name}`",
        did_you_mean(name, known, listing),
    )


def _show(run: Session, proofs: "Proofs", wanted: _Asked, on: Path | None) -> None:
    if wanted.format == "json":
        from bylaw.render.proofs.json import json

        print(json(proofs))
        return
    import sys

    from bylaw.render.proofs.text import text

    run.print_diagnostics(proofs.diagnostics)
    if not proofs.proofs and proofs.comparison is None:
        return
    root = on if on is not None else run.root

    def lines(path: str) -> "Sequence[str] | None":
        data = read_bytes(root / path)
        return None if data is None else data.decode("utf-8", "replace").splitlines()

    print(text(proofs, run.read, lines, run.style(sys.stdout), everything=wanted.diff))


def _show_faults(run: Session, format: str, faults: Any) -> None:  # noqa: A002 - the option's name
    """Print what keeps a proof from its work."""
    if format == "text":
        run.print_diagnostics(faults)
        return
    from bylaw.prove.proof import Proofs
    from bylaw.render.proofs.json import json

    print(json(Proofs(diagnostics=tuple(faults))))
