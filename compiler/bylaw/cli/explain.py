"""`bylaw explain`: the page of a code, or all that is known of a constraint or a decision."""

import re
import shutil
import sys
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import click

from bylaw.cli.faults import UNKNOWN_NAME, FaultError, did_you_mean
from bylaw.cli.session import Session, session, shared_options
from bylaw.cli.work import as_of_option, config_or_exit, progress, warn_of_errors

if TYPE_CHECKING:
    from bylaw.governing import Found, Index
    from bylaw.program import Unit
    from bylaw.scope import Area
    from bylaw.target import Fidelity

_WIDEST = 100
"""Cells beyond which prose is hard to read."""

_MARGIN = 15
"""Cells of the names on the left."""


def _complete(context: click.Context, parameter: click.Parameter, typed: str) -> list[str]:  # noqa: ARG001 - click's signature
    from bylaw.codes import documented

    return [number for number in documented() if number.startswith(typed.upper())]


@click.command("explain")
@click.argument("name", metavar="[CODE|ID]", required=False, shell_complete=_complete)
@as_of_option
@shared_options
def command(name: str | None, as_of: date | None) -> int:
    """Explain a diagnostic's code, a constraint or a decision.

    CODE is a code such as BL201 or its slug. ID is a constraint such as 0007-domain/no-orm, or
    no-orm where only one decision has it, or a decision such as 0007-domain or 7. Without either,
    the codes are listed.
    """
    if name is None:
        _list_codes()
    elif number := _code(name):
        _print_page(session(), number)
    else:
        _explain_id(session(), name, as_of)
    return 0


def _list_codes() -> None:
    from bylaw.codes import documented, page
    from bylaw.render.table import columns

    rows = []
    for number in documented():
        title, summary = _headline(page(number) or "")
        rows.append((number, title, summary))
    for line in columns(rows, _width()):
        print(line)


def _headline(page: str) -> tuple[str, str]:
    """Return the slug in a page's title and the line below it."""
    title, _, body = page.partition("\n")
    summary = body.strip().partition("\n")[0]
    return title.rpartition(":")[2].strip(), summary


def _code(name: str) -> str | None:
    """Return the number of a code or slug, or None where the name is neither."""
    from bylaw.codes import documented, page

    numbers = documented()
    if re.fullmatch(r"bl\d{3}", name, re.IGNORECASE):
        if name.upper() not in numbers:
            listing = "`bylaw explain` lists the codes"
            advice = did_you_mean(name.upper(), numbers, listing)
            if "BL" not in advice:
                advice = listing
            raise FaultError(UNKNOWN_NAME, f"unknown code `{name}`", advice)
        return name.upper()
    if "/" in name or "-" not in name or name[0].isdigit():
        return None
    return next((n for n in numbers if _headline(page(n) or "")[0] == name), None)


def _print_page(run: Session, number: str) -> None:
    from bylaw.codes import page

    text = page(number) or ""
    if not run.colours(sys.stdout):
        print(text, end="")
        return
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(force_terminal=True, width=min(_WIDEST, _width()))
    console.print(Markdown(text, code_theme="ansi_dark", hyperlinks=False))


def _explain_id(run: Session, name: str, as_of: date | None) -> None:
    config = config_or_exit(run)
    from bylaw.cli.find import unknown
    from bylaw.driver import Options, build_repository
    from bylaw.governing import find_constraints, find_units, index_of

    with progress() as show:
        options = Options(as_of=as_of, include_proposed=True)
        index = index_of(build_repository(run.root, config, options, show))
    program = index.compilation.program
    units = find_units(program, name)
    constraints = find_constraints(program, name)
    if not units and not constraints:
        raise unknown(program, name)
    warn_of_errors(index.compilation.report)
    printed = False
    for unit in units:
        if printed:
            print()
        printed = True
        for line in _decision_lines(run, index, unit):
            print(line)
    for unit, identity in constraints:
        for found in index.constraints(unit):
            if found.scoped.constraint.id == identity:
                if printed:
                    print()
                printed = True
                for line in _constraint_lines(run, index, found):
                    print(line)


def _width() -> int:
    return shutil.get_terminal_size((_WIDEST, 24)).columns


def _field(name: str, text: str) -> Iterator[str]:
    """Yield a named text, wrapped under itself."""
    from bylaw.render.table import labelled

    return labelled(name, text, _width(), _MARGIN)


def _standing(index: "Index", unit: "Unit") -> str:
    standing = index.compilation.program.standing[unit.header.path]
    words = {
        "in-force": "in force",
        "none": "without a status",
        "unclear": f"of an unclear status, `{unit.header.status_raw}`",
    }
    text = words.get(standing.state, str(standing.state))
    if standing.superseded_by:
        text += f": superseded by {standing.superseded_by}"
    elif standing.reason:
        text += f": {standing.reason}"
    return f"{text}, on {index.compilation.program.as_of}"


def _decision_lines(run: Session, index: "Index", unit: "Unit") -> Iterator[str]:
    style = run.style(sys.stdout)
    yield style.paint(unit.header.id, "path")
    yield ""
    yield from _field("title", unit.header.title)
    yield from _field("file", run.show(unit.header.path))
    yield from _field("status", _standing(index, unit))
    decision = unit.decision
    for relation in index.compilation.program.relations.get(unit.header.path, ()):
        yield from _field(relation.kind.replace("-", " "), relation.target or relation.raw)
    for constraint in decision.constraints:
        yield from _field("constraint", f"[{constraint.id}] {constraint.sentence}")
    if not decision.constraints:
        yield from _field("constraints", "none")


def _constraint_lines(run: Session, index: "Index", found: "Found") -> Iterator[str]:
    from bylaw.render.characters import safe

    constraint, header = found.scoped.constraint, found.unit.header
    style = run.style(sys.stdout)
    yield style.paint(found.scoped.full_id, "path")
    yield ""
    yield from _field("sentence", constraint.sentence)
    if constraint.shape == "semgrep":
        for line in constraint.pattern.splitlines():
            yield f"{'':<{_MARGIN}}  {safe(line)}".rstrip()
    yield from _field("kind", f"{constraint.kind} ({constraint.severity})")
    yield from _field("decision", f"{header.title} ({_standing(index, found.unit)})")
    yield from _field("place", f"{run.show(header.path)}:{constraint.span.line}")
    yield from _field("scope", scope_text(found.scoped.area))
    if constraint.from_ or constraint.until:
        days = (("from", constraint.from_), ("until", constraint.until))
        yield from _field("days", " ".join(f"{word} {day}" for word, day in days if day))
    if constraint.for_new_code:
        yield from _field("counts", "violations that the base does not have")
    if constraint.because:
        yield from _field("because", constraint.because)
    if constraint.alternative:
        yield from _field("instead", f"use {constraint.alternative.text}")
    for waiver in found.scoped.waivers:
        yield from _field("waiver", waiver.sentence)
    for permission in found.scoped.permissions:
        yield from _field("permission", permission.sentence)
    yield from _target_lines(index, found)


def _target_lines(index: "Index", found: "Found") -> Iterator[str]:
    """Yield how truly each target says the constraint."""
    if not found.fidelity:
        yield from _field("targets", "none: the decision does not bind")
        return
    for position, (target, fidelity) in enumerate(found.fidelity.items()):
        text = f"{target}: {fidelity_text(fidelity)}"
        yield from _field("" if position else "targets", text)
    if not found.scoped.active:
        yield from _field("", f"not in force on {index.compilation.program.as_of}")


def fidelity_text(fidelity: "Fidelity") -> str:
    """Return a target's answer in a line."""
    text = str(fidelity.level)
    if fidelity.errs:
        errs = {
            "misses": "misses violations",
            "over-reports": "reports kept code",
            "both": "misses violations and reports kept code",
        }
        text += f", {errs[fidelity.errs]}"
    return f"{text}: {fidelity.reason}" if fidelity.reason else text


def scope_text(area: "Area") -> str:
    """Return an area in words."""
    text = ", ".join(f"`{glob}`" for glob in area.include) or "every file"
    if area.within:
        text += ", within " + ", ".join(f"`{glob}`" for glob in area.within)
    if area.exclude:
        text += ", but not " + ", ".join(f"`{glob}`" for glob in area.exclude)
    return text
