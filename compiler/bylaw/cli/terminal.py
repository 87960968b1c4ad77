"""`bylaw preview --terminal`: one ADR, what it becomes and what it would break, in a terminal."""

import sys
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from bylaw.cli.faults import BAD_ARGUMENT, UNKNOWN_NAME, USAGE, FaultError, did_you_mean
from bylaw.cli.session import Session, say
from bylaw.cli.work import config_or_exit, known_targets, progress

if TYPE_CHECKING:
    from rich.text import Text

    from bylaw.preview.workspace import Linked

_MOST_LISTED = 40


def show(run: Session, name: str | None, target: str | None, as_of: date | None) -> int:
    """Print what an ADR becomes; without a name that of the only one, or which there are."""
    config_or_exit(run)
    from bylaw.preview.become import become
    from bylaw.preview.impact.measure import measure
    from bylaw.preview.impact.model import Ask
    from bylaw.preview.intermediate import NAME as IR
    from bylaw.preview.terminal.page import page
    from bylaw.preview.workspace import Workspace

    known = (IR, *known_targets())
    if target is not None and target not in known:
        listing = "there are " + ", ".join(f"`{each}`" for each in known)
        raise FaultError(
            BAD_ARGUMENT, f"no target is named `{target}`", did_you_mean(target, known, listing)
        )
    with progress() as drawing:
        workspace = Workspace(run.root, as_of=as_of, progress=drawing)
        linked = workspace.on_disk
        paths = _paths(run, linked, name)
        if len(paths) != 1:
            return _list(run, linked, paths)
        preview = become(linked, paths[0])
        impact = measure(workspace, Ask(paths[0]), drawing) if preview is not None else None
    if preview is None:
        raise FaultError(UNKNOWN_NAME, f"`{paths[0]}` is not there any more")
    decided = impact if preview.decision is not None else None
    _print(run, page(linked, preview, decided, run.style(sys.stdout), target))
    return 0


def _paths(run: Session, linked: "Linked", name: str | None) -> Sequence[str]:
    """Return the ADRs of an id, a number, a path or a constraint; without a name all."""
    from bylaw.cli.find import unknown
    from bylaw.governing import find_constraints, find_units

    program = linked.program
    if name is None:
        return [unit.header.path for unit in program.units]
    found = [unit.header.path for unit in find_units(program, name)]
    if not found:
        found = [unit.header.path for unit, _ in find_constraints(program, name)]
    if not found:
        try:
            path = run.inside(name)
        except FaultError:
            path = ""
        if path in program.by_path or path in linked.listed:
            found = [path]
    if not found:
        raise unknown(program, name)
    return list(dict.fromkeys(found))


def _list(run: Session, linked: "Linked", paths: Sequence[str]) -> int:
    """Say which ADRs there are to name."""
    from bylaw.render.table import columns

    if not paths:
        say("there is no ADR here; `bylaw init` writes a first one")
        return USAGE
    headers = [linked.program.by_path[path].header for path in paths[:_MOST_LISTED]]
    by_id = linked.program.by_id
    # An id that two files have leads here again; only their paths tell them apart.
    rows = [(each.id if len(by_id[each.id]) == 1 else each.path, each.title) for each in headers]
    width = run.style(sys.stdout).width
    for line in columns(rows, width):
        print(line)
    if len(paths) > _MOST_LISTED:
        print(f"… and {len(paths) - _MOST_LISTED} more; `bylaw list` shows all")
    say(f"name one: `bylaw preview --terminal {rows[0][0]}`")
    return USAGE


def _print(run: Session, rows: "Iterable[Text]") -> None:
    from rich.console import Console

    style = run.style(sys.stdout)
    console = Console(
        file=sys.stdout,
        force_terminal=style.colour,
        color_system="standard" if style.colour else None,
        width=style.width,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for each in rows:
        each.rstrip()
        console.print(each, no_wrap=True, overflow="ignore", crop=False)
