"""`bylaw describe`: which decisions govern a file, and how each is enforced."""

import shutil
import sys
import textwrap
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import click

from bylaw.cli.session import Session, session, shared_options
from bylaw.cli.work import as_of_option, config_or_exit, progress, warn_of_errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from bylaw.cli.find import Found, Index
    from bylaw.ir import Constraint

PLACELESS = frozenset({"branches", "commits", "ci", "command"})
"""Subjects that are not about files, and so govern none."""

_OF_CODE = frozenset({"import", "use", "have"})


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
    from bylaw.cli.find import Index
    from bylaw.driver import Options, build_repository

    with progress() as show:
        index = Index(build_repository(run.root, config, Options(as_of=as_of), show))
    warn_of_errors(index.build.compilation.report)
    found = governing(index, inside, folder)
    if format == "json":
        _print_json(index, inside, found)
    else:
        _print_text(run, inside, found)
    return 0


def governing(index: "Index", path: str, folder: bool) -> "list[Found]":
    """Return the constraints in force that bind a file, or something in a folder."""
    program = index.build.compilation.program
    found = []
    for unit in program.units:
        if not unit.header.rows or not program.in_force(unit.header.path):
            continue
        found += [
            each
            for each in index.constraints(unit)
            if each.scoped.active and _governs(each, path, folder)
        ]
    return found


def _governs(found: "Found", path: str, folder: bool) -> bool:
    from bylaw.globs import overlap
    from bylaw.languages import language_of

    constraint, area = found.scoped.constraint, found.scoped.area
    if constraint.subject.noun in PLACELESS or not _agents_govern(constraint, path, folder):
        return False
    if folder:
        return overlap(area, (_below(path),)) is not None
    if constraint.kind in _OF_CODE:
        language = language_of(path)
        wanted = getattr(constraint.subject, "language", None)
        if language is None or (wanted and language != wanted):
            return False
    return (
        (not area.include or _matcher(area.include)(path))
        and (not area.within or _matcher(area.within)(path))
        and not (area.exclude and _matcher(area.exclude)(path))
    )


def _agents_govern(constraint: "Constraint", path: str, folder: bool) -> bool:
    """Return whether a constraint, if it is about agents, says something about this path."""
    from bylaw.globs import overlap

    if constraint.kind != "agent":
        return True
    if constraint.shape not in {"agent-change", "agent-read"}:
        # Budgets and commands are about a task, unless it is one in certain folders.
        return bool(constraint.subject.noun == "agents" and constraint.subject.globs)
    globs = tuple(glob.text for glob in constraint.globs)
    if constraint.modal == "must-only":
        return folder or not _matcher(globs)(path)
    if folder:
        return overlap(globs, (_below(path),)) is not None
    return _matcher(globs)(path)


@lru_cache
def _matcher(globs: tuple[str, ...]) -> "Callable[[str], bool]":
    from bylaw.globs import matcher

    return matcher(globs)


def _below(path: str) -> str:
    """Return a glob of everything in a folder."""
    return "**" if path == "." else f"{_escape(path)}/**"


def _escape(path: str) -> str:
    """Return a glob that means just this path."""
    return "".join(f"[{c}]" if c in "*?[{" else c for c in path)


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
    if needs is not None:
        exact = [f"bylaw check{needs and f' ({needs})'}", *exact]
    if exact:
        also = f", and roughly by {' and '.join(name for name, _ in roughly)}" if roughly else ""
        return f"{weight}, checked by {' and '.join(exact)}{also}"
    if roughly:
        parts = [f"{name} ({reason})" if reason else name for name, reason in roughly]
        return f"{weight}, checked roughly by {'; '.join(parts)}"
    return f"{weight}, checked by no machine"


def _print_json(index: "Index", path: str, found: "list[Found]") -> None:
    from bylaw.render.json import dump, well_formed
    from bylaw.render.listing import DescribeOutput, GoverningRecord, constraint_record
    from bylaw.render.listing import FidelityRecord as Record

    program = index.build.compilation.program
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
