"""`bylaw doctor`: whether the guard stands, and what gets round it."""

import sys
from datetime import date
from typing import TYPE_CHECKING

import click

from bylaw.cli.session import session, shared_options
from bylaw.cli.work import FOUND, as_of_option, config_or_exit

if TYPE_CHECKING:
    from bylaw.doctor import Patient
    from bylaw.render.doctor import Covered


@click.command("doctor")
@click.option("--strict", is_flag=True, help="Fail on warnings, too.")
@click.option("--map/--no-map", "shown", default=True, help="Show the bypass map, or not.")
@as_of_option
@click.option("--format", type=click.Choice(["text", "json"]), default="text", help="How to print.")
@shared_options
def command(strict: bool, shown: bool, as_of: date | None, format: str) -> int:  # noqa: A002 - the option's name
    """Tell whether the guard stands, where each constraint is judged, and what gets round it.

    Hooks of agents, commit hooks, CI, generated files, owners and engines are looked at. Nothing is
    changed.
    """
    run = session()
    config = config_or_exit(run)
    from bylaw.doctor import examine_repository, stands
    from bylaw.driver import Options
    from bylaw.render.doctor import (
        doctor_output,
        finding_lines,
        map_lines,
        summary_line,
        way_lines,
    )

    patient, findings = examine_repository(run.root, config, Options(as_of=as_of))
    standing = stands(findings)
    constraints = list(_covered(patient))
    if format == "json":
        from bylaw.render.json import dump

        day = patient.build.compilation.program.as_of
        print(dump(doctor_output(findings, standing, constraints, day)))
    else:
        style = run.style(sys.stdout)
        print("\n".join(finding_lines(findings, style)))
        if shown and constraints:
            print(f"\n{style.paint('Where each constraint is judged', 'path')}\n")
            print("\n".join(map_lines(constraints, standing, style)))
            print(f"\n{style.paint('What gets round that', 'path')}\n")
            print("\n".join(way_lines(constraints, style)))
        print(f"\n{summary_line(findings)}")
    failing = {"error", "warning"} if strict or config.strict else {"error"}
    return FOUND if any(finding.state in failing for finding in findings) else 0


def _covered(patient: "Patient") -> "list[Covered]":
    from bylaw.coverage import traits_of
    from bylaw.governing import Index
    from bylaw.render.doctor import Covered
    from bylaw.sentence import in_full

    compilation = patient.build.compilation
    index = Index(compilation)
    found = []
    for unit in compilation.program.units:
        if not unit.header.rows or not compilation.program.in_force(unit.header.path):
            continue
        for each in index.constraints(unit):
            if each.scoped.active:
                constraint = each.scoped.constraint
                found.append(
                    Covered(
                        unit.header.id, constraint.id, in_full(constraint), traits_of(constraint)
                    )
                )
    return found
