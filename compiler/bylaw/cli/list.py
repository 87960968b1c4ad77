"""`bylaw list`: the decisions and their constraints."""

import shutil
import sys
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import click

from bylaw.cli.session import Session, session, shared_options
from bylaw.cli.work import as_of_option, config_or_exit, progress, warn_of_errors

if TYPE_CHECKING:
    from bylaw.program import Program
    from bylaw.render.listing import ConstraintRecord, DecisionRecord

STATUSES = ("in-force", "proposed", "retired", "none", "unclear")
KINDS = (
    "import",
    "depend",
    "use",
    "have",
    "name",
    "file",
    "text",
    "key",
    "pair",
    "run",
    "approve",
    "agent",
)


@click.command("list")
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice(STATUSES),
    help="Only decisions that stand so; may be repeated.",
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    metavar="KIND",
    type=click.Choice(KINDS),
    help=f"Only constraints of this kind; may be repeated. One of {', '.join(KINDS)}.",
)
@click.option("--constraints/--no-constraints", default=True, help="Show the constraints, or not.")
@as_of_option
@click.option("--format", type=click.Choice(["text", "json"]), default="text", help="How to print.")
@shared_options
def command(
    *,
    statuses: tuple[str, ...],
    kinds: tuple[str, ...],
    constraints: bool,
    as_of: date | None,
    format: str,  # noqa: A002 - the option's name
) -> int:
    """List the decisions and their constraints.

    A decision is in force, proposed, retired, without a status (none), or of a status that only a
    reader understands (unclear).
    """
    run = session()
    config = config_or_exit(run)
    from bylaw.driver import Options, compile_repository
    from bylaw.render.listing import constraint_records, decision_record

    options = Options(as_of=as_of, compare=False)
    with progress() as show:
        compilation = compile_repository(run.root, config, options, show)
    program = compilation.program
    decisions = []
    found = []
    for unit in program.units:
        if statuses and program.standing[unit.header.path].state not in statuses:
            continue
        records = list(constraint_records(program, unit)) if constraints else []
        if kinds:
            records = [record for record in records if record.kind in kinds]
            if not records:
                continue
        decisions.append(decision_record(program, unit))
        found += records
    if format == "json":
        _print_json(program, decisions, found)
    else:
        _print_text(run, decisions, found)
    warn_of_errors(compilation.report)
    return 0


def _print_json(
    program: "Program", decisions: "list[DecisionRecord]", found: "list[ConstraintRecord]"
) -> None:
    from bylaw.policy import version_of_program
    from bylaw.render.json import dump, well_formed
    from bylaw.render.listing import FileRecord, ListOutput

    output = ListOutput(
        as_of=program.as_of,
        policy=version_of_program(program),
        decisions=tuple(decisions),
        constraints=tuple(found),
        other_files=tuple(
            FileRecord(path=well_formed(each.path), disposition=each.disposition)
            for each in program.listed
        ),
    )
    print(dump(output))


def _print_text(
    run: Session, decisions: "list[DecisionRecord]", found: "list[ConstraintRecord]"
) -> None:
    if not decisions:
        print("no decision was found")
        return
    by_path: dict[str, list[ConstraintRecord]] = {}
    for record in found:
        by_path.setdefault(record.path, []).append(record)
    # A pipe has no edge: nothing is trimmed there.
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 100_000
    style = run.style(sys.stdout)
    for index, decision in enumerate(decisions):
        constraints = by_path.get(decision.path, [])
        if index and found:
            print()
        print(style.paint(_heading(decision, width), "path"))
        for line in _constraint_lines(constraints, width):
            print(line)


def _heading(decision: "DecisionRecord", width: int) -> str:
    from bylaw.render.table import fit

    standing: str = decision.status
    if decision.superseded_by:
        standing += f", superseded by {decision.superseded_by.rpartition('/')[2]}"
    return fit(f"{decision.id}  [{standing}]  {decision.title}", width)


def _constraint_lines(constraints: "list[ConstraintRecord]", width: int) -> Iterator[str]:
    from bylaw.render.table import columns

    rows = [
        (
            record.id.rpartition("/")[2],
            record.kind,
            record.severity if record.in_force else "inactive",
            record.sentence,
        )
        for record in constraints
    ]
    return columns(rows, width, indent=2)
