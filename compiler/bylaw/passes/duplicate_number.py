"""Two decisions of one number."""

from collections.abc import Iterable
from itertools import groupby
from posixpath import dirname

from bylaw.diagnostics import Code, Label, Report, Severity
from bylaw.passes.compare.where import title_span
from bylaw.program import Header, Program, Unit

DUPLICATE_NUMBER = Code("BL211", "duplicate-number", Severity.WARNING)


def duplicate_number(program: Program, report: Report) -> None:
    """Report every decision whose number an earlier path in the same folder has.

    Folders and families of names (`ARCH-001`, `OPS-001`) may each count for themselves.
    """
    numbered: dict[int, list[Unit]] = {}
    for unit in program.units:
        if unit.header.number is not None:
            numbered.setdefault(unit.header.number, []).append(unit)
    for units in numbered.values():
        if len(units) > 1:
            _report(units, report)


def _report(units: list[Unit], report: Report) -> None:
    seen: dict[tuple[str, str], Unit] = {}
    for unit in units:
        first = seen.setdefault(_key(unit.header), unit)
        if first is not unit:
            report.add(
                DUPLICATE_NUMBER,
                f"duplicate decision number {unit.header.number}",
                title_span(unit),
                labels=[Label(title_span(first), "the other one")],
                help="renumber one of them; a reference by number means neither",
            )


def _key(header: Header) -> tuple[str, str]:
    folder = dirname(header.path)
    if header.path.rpartition("/")[2].lower().startswith(("readme.", "index.")):
        folder = dirname(folder)
    return folder, _family(header.id)


def _family(identity: str) -> str:
    """Return the letters before the number: `arch-` of `ARCH-001-names`."""
    return _first_part(groupby(identity, key=str.isdigit)).lower()


def _first_part(parts: Iterable[tuple[bool, Iterable[str]]]) -> str:
    for is_number, characters in parts:
        return "" if is_number else "".join(characters)
    return ""
