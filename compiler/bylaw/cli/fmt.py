"""`bylaw fmt`: ids and the normal spelling, written into the decisions."""

import click

from bylaw.cli.edit import print_difference, replace_file
from bylaw.cli.faults import BAD_PATH, FaultError
from bylaw.cli.session import Session, read_bytes, say, session, shared_options
from bylaw.cli.work import FOUND, config_or_exit, progress


@click.command("fmt")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--check", is_flag=True, help="Write nothing; fail where something would change.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change.")
@shared_options
def command(paths: tuple[str, ...], check: bool, diff: bool) -> int:
    """Give constraints ids and their normal spelling.

    Nothing else of a file is changed. Without PATH, all decisions are formatted; a folder stands
    for the decisions in it.
    """
    run = session()
    changed = kept = 0
    for path in _paths(run, paths):
        before, after = _formatted(run, path)
        if after is None:
            kept += 1
            continue
        changed += 1
        if diff:
            print_difference(run, path, before, after)
        elif check:
            say(f"would change {run.show(path)}")
        else:
            replace_file((run.root / path).resolve(), after)
            say(f"changed {run.show(path)}")
    _conclude(changed, kept, written=not (check or diff))
    return FOUND if changed and (check or diff) else 0


def _paths(run: Session, named: tuple[str, ...]) -> list[str]:
    """Return the files to format, relative to the root and sorted."""
    found: set[str] = set()
    folders = []
    for name in named:
        path = run.inside(name)
        if (run.root / path).is_dir():
            folders.append(path)
        elif (run.root / path).is_file():
            found.add(path)
        else:
            raise FaultError(BAD_PATH, f"`{name}` does not exist", "name a file or a folder")
    if folders or not named:
        decisions = _decisions(run)
        found.update(
            path
            for path in decisions
            if not named or any(f == "." or path.startswith(f + "/") for f in folders)
        )
    return sorted(found)


def _decisions(run: Session) -> list[str]:
    """Return the decisions that state something."""
    config = config_or_exit(run)
    from bylaw.driver import Options, compile_repository

    with progress() as show:
        program = compile_repository(run.root, config, Options(compare=False), show).program
    return [u.header.path for u in program.units if u.header.rows or u.header.refers]


def _formatted(run: Session, path: str) -> tuple[bytes, bytes | None]:
    """Return a file's bytes, and those of its normal form where they differ."""
    from bylaw.fmt import format_source
    from bylaw.source import Source

    data = read_bytes(run.root / path)
    if data is None:
        raise FaultError(BAD_PATH, f"`{path}` is gone", "run the command again")
    return data, format_source(Source(path, data))


def _conclude(changed: int, kept: int, *, written: bool) -> None:
    from bylaw.render.text import count

    if not changed:
        say(f"{count(kept, 'file')} in normal form")
        return
    verb = "changed" if written else "would change"
    say(f"{count(changed, 'file')} {verb}, {kept} in normal form")
