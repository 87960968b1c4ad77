"""The decisions as they would be once one of them is accepted, whatever its status says today."""

from dataclasses import replace

from bylaw.diagnostics import Report
from bylaw.driver import check_program
from bylaw.link import link
from bylaw.preview.workspace import Linked


def accept(linked: Linked, path: str) -> Linked:
    """Return the decisions with the one at `path` in force: what it supersedes is so no more.

    One that is in force already, and one that binds nobody any more, stay as they are.
    """
    unit = linked.program.by_path.get(path)
    if unit is None or unit.header.meaning in ("in-force", "retired"):
        return linked
    accepted = replace(unit, header=replace(unit.header, meaning="in-force"))
    program = linked.program
    units = [accepted if each is unit else each for each in program.units]
    again = link(units, program.listed, program.as_of, program.ground)
    report = Report()
    for found in again.units:
        report.extend(found.diagnostics)
    for entry in again.listed:
        report.extend(entry.diagnostics)
    check_program(again, linked.files, report)
    return Linked(linked.root, linked.config, linked.files, again, report, linked.texts)
