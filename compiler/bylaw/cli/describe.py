"""`bylaw describe`: which decisions govern a file, and how each is enforced."""

import shutil
import sys
import textwrap
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from bylaw.cli.session import Session, session, shared_options
from bylaw.cli.work import as_of_option, config_or_exit, progress, warn_of_errors

if TYPE_CHECKING:
    from bylaw.governing import Found, Index


@click.command("describe")
@click.argument("path", metavar="PATH")
@as_of_option
@click.option("--format", type=click.Choice(["text", "json"]), default="text", help="How to print.")
@shared_options
def command(path: str, as_of: date | None, format: str) -> int:  # noqa: A002 - the option's name
    """Show which decisions govern a file or folder, and how each is enforced.

    PATH need not exist yet: ask before you write it.
    """
    run = session()
    inside = run.inside(path)
    folder = path.endswith("/") or (run.root / inside).is_dir()
    config = config_or_exit(run)
    from bylaw.driver import Options, build_repository
    from bylaw.governing import governing, index_of

    with progress() as show:
        index = index_of(build_repository(run.root, config, Options(as_of=as_of), show))
    warn_of_errors(index.compilation.report)
    found = governing(index, inside, folder)
    if format == "json":
        _print_json(index, inside, found)
    else:
        _print_text(run, inside, found)
    return 0


def enforcement(found: "Found") -> tuple[list[str], list[tuple[str, str]]]:
    """Return the engines that check a constraint exactly, and those that do so roughly and why."""
    from bylaw_targets import READERS

    exact, roughly = [], []
    for target, fidelity in found.fidelity.items():
        if target in READERS:
            continue
        if fidelity.level == "exact":
            exact.append(target)
        elif fidelity.level == "approximate":
            roughly.append((target, fidelity.reason or ""))
    return exact, roughly


def _print_text(run: Session, path: str, found: "list[Found]") -> None:
    from bylaw.render.characters import safe
    from bylaw.render.text import count
    from bylaw.sentence import in_full

    style = run.style(sys.stdout)
    if not found:
        print(f"no constraint in force governs `{safe(path)}`")
        return
    decisions = dict.fromkeys(each.unit.header.path for each in found)
    total = f"{count(len(found), 'constraint')} of {count(len(decisions), 'decision')}"
    govern = "governs" if len(found) == 1 else "govern"
    print(f"{total} {govern} `{safe(path)}`")
    last = None
    for each in found:
        header = each.unit.header
        if header.path != last:
            print()
            print(style.paint(safe(header.title), "path"))
            print(style.paint(safe(run.show(header.path)), "dim"))
            last = header.path
        constraint = each.scoped.constraint
        print()
        tag = f"[{constraint.id}]"
        first, *more = _wrapped(f"{tag} {in_full(constraint)}", 2)
        print(first.replace(tag, style.paint(tag, "label"), 1))
        for line in (*more, *_wrapped(_enforced(each), 4)):
            print(line)


def _wrapped(text: str, indent: int) -> list[str]:
    """Return a text in lines for the terminal; a pipe gets it in one."""
    from bylaw.render.characters import safe

    if not sys.stdout.isatty():
        return [" " * indent + safe(text)]
    width = max(40, min(100, shutil.get_terminal_size().columns))
    lines = textwrap.wrap(safe(text), width - indent, break_on_hyphens=False)
    return [" " * (indent if number == 0 else 4) + line for number, line in enumerate(lines)]


def _enforced(found: "Found") -> str:
    from bylaw.evaluation import needed

    exact, roughly = enforcement(found)
    weight = str(found.scoped.constraint.severity)
    needs = needed(found.scoped.constraint)
    exact = [f"bylaw check{needs and f' ({needs})'}", *exact]
    also = f", and roughly by {' and '.join(name for name, _ in roughly)}" if roughly else ""
    return f"{weight}, checked by {' and '.join(exact)}{also}"


def _print_json(index: "Index", path: str, found: "list[Found]") -> None:
    from bylaw.render.json import dump, well_formed
    from bylaw.render.listing import DescribeOutput, GoverningRecord, constraint_record
    from bylaw.render.listing import FidelityRecord as Record

    program = index.compilation.program
    records: list[Any] = [
        GoverningRecord(
            constraint=constraint_record(program, each.unit, each.scoped.constraint),
            title=well_formed(each.unit.header.title),
            targets={
                target: Record(level=f.level, reason=f.reason, errs=f.errs, rules=f.rules)
                for target, f in each.fidelity.items()
            },
        )
        for each in found
    ]
    print(
        dump(
            DescribeOutput(path=well_formed(path), as_of=program.as_of, constraints=tuple(records))
        )
    )
