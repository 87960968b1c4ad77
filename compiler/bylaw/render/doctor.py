"""What `bylaw doctor` has seen, and the bypass map: for people in 80 columns, and as JSON."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bylaw.coverage import (
    CHECKPOINTS,
    WAYS,
    Checkpoint,
    Level,
    Traits,
    authority,
    covers_of,
    ways_round,
)
from bylaw.doctor.patient import Finding, State
from bylaw.render.characters import safe
from bylaw.render.json import well_formed
from bylaw.render.table import labelled
from bylaw.render.text import Style, count


class _Output(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FindingRecord(_Output):
    """What was seen of one thing."""

    about: str
    state: State
    message: str
    help: str | None


class CoverRecord(_Output):
    """How a constraint fares at a checkpoint."""

    level: Level = Field(description="`given` is judged where it has what `why` names.")
    why: str | None


class CoverageRecord(_Output):
    """A constraint, the checkpoints that judge it, and the ways round them."""

    id: str
    sentence: str
    checkpoints: dict[Checkpoint, CoverRecord]
    ways: tuple[str, ...] = Field(description="Ids of `ways`.")
    authority: Checkpoint | None = Field(
        description="The checkpoint that an agent cannot get round by itself, null where none is."
    )


class WayRecord(_Output):
    """A way round checkpoints, and what it does not get round."""

    id: str
    past: tuple[Checkpoint, ...]
    how: str
    then: str


class DoctorOutput(_Output):
    """The output of `bylaw doctor --format json`."""

    schema_version: Literal[1] = 1
    as_of: date
    findings: tuple[FindingRecord, ...]
    checkpoints: dict[Checkpoint, bool] = Field(description="Which of them stand here.")
    constraints: tuple[CoverageRecord, ...]
    ways: tuple[WayRecord, ...]


@dataclass(frozen=True, slots=True)
class Covered:
    """A constraint in force, as the map shows it."""

    decision: str
    id: str
    sentence: str
    traits: Traits


def doctor_output(
    findings: Sequence[Finding],
    standing: Mapping[Checkpoint, bool],
    constraints: Sequence[Covered],
    as_of: date,
) -> DoctorOutput:
    """Return everything as the model that is printed."""
    used = {way.id: way for each in constraints for way in ways_round(each.traits)}
    return DoctorOutput(
        as_of=as_of,
        findings=tuple(
            FindingRecord(
                about=f.about,
                state=f.state,
                message=well_formed(f.message),
                help=well_formed(f.help),
            )
            for f in findings
        ),
        checkpoints=dict(standing),
        constraints=tuple(_coverage(each) for each in constraints),
        ways=tuple(WayRecord(**used[identity]._asdict()) for identity in sorted(used)),
    )


def _coverage(each: Covered) -> CoverageRecord:
    return CoverageRecord(
        id=well_formed(f"{each.decision}/{each.id}"),
        sentence=well_formed(each.sentence),
        checkpoints={
            name: CoverRecord(level=cover.level, why=cover.why or None)
            for name, cover in covers_of(each.traits).items()
        },
        ways=tuple(way.id for way in ways_round(each.traits)),
        authority=authority(each.traits),
    )


# --- for people --------------------------------------------------------------------------------

_PARTS: Mapping[State, Literal["error", "warning", "help", "dim"]] = {
    "error": "error",
    "warning": "warning",
    "ok": "help",
    "note": "dim",
}
_COLUMNS: Mapping[Checkpoint, str] = {
    "call": "call",
    "stop": "stop",
    "commit": "commit",
    "pull-request": "pull",
    "main": "main",
}
_WORDS: Mapping[Level, str] = {"judged": "yes", "given": "if", "never": "-"}
_MARGIN = 22
_AUTHORITY = (
    "The pull request is the authority, where a ruleset requires it: what runs on the agent's "
    "machine, the agent can get round."
)


def finding_lines(findings: Sequence[Finding], style: Style) -> Iterator[str]:
    """Yield what was seen, a thing a line, and what to do."""
    for finding in findings:
        label = f"{finding.state:<8}{finding.about}"
        lines = labelled(label, finding.message, style.width, _MARGIN)
        for number, line in enumerate(lines):
            shown = style.paint(finding.state, _PARTS[finding.state])
            yield line.replace(finding.state, shown, 1) if not number else line
        if finding.help and finding.state != "ok":
            yield from labelled("", f"help: {finding.help}", style.width, _MARGIN)


def map_lines(
    constraints: Sequence[Covered], standing: Mapping[Checkpoint, bool], style: Style
) -> Iterator[str]:
    """Yield the bypass map: a constraint a line, a checkpoint a column."""
    for name, what in CHECKPOINTS.items():
        yield from labelled(f"  {_COLUMNS[name]}", what, style.width, 10)
    yield ""
    yield style.paint(_row(_COLUMNS.values(), ""), "path")
    yield _row(("up" if standing[name] else "down" for name in CHECKPOINTS), "(here and now)")
    last = None
    for each in constraints:
        if each.decision != last:
            yield style.paint(safe(each.decision), "path")
            last = each.decision
        covers = covers_of(each.traits)
        words = (_WORDS[covers[name].level] for name in CHECKPOINTS)
        needs = dict.fromkeys(c.why for c in covers.values() if c.level == "given")
        given = f"  if: {', '.join(needs)}" if needs else ""
        yield from _fitted(_row(words, ""), f"{safe(each.id)}{given}", style.width)


def _row(words: Iterable[str], end: str) -> str:
    cells = "".join(f"{word:<8}" for word in words)
    return f"  {cells}{end}".rstrip()


def _fitted(head: str, text: str, width: int) -> Iterator[str]:
    return labelled(head, text, width, 42)


def way_lines(constraints: Sequence[Covered], style: Style) -> Iterator[str]:
    """Yield the ways round the checkpoints that these constraints have."""
    yield from labelled("  ", _AUTHORITY, style.width, 2)
    loose = [each for each in constraints if authority(each.traits) is None]
    if loose:
        ids = ", ".join(safe(f"{each.decision}/{each.id}") for each in loose)
        rest = f"No checkpoint holds an agent to {count(len(loose), 'constraint')}, because it may "
        yield from labelled("  ", f"{rest}write what they are judged by: {ids}", style.width, 2)
    yield ""
    used = {way.id for each in constraints for way in ways_round(each.traits)}
    for way in WAYS:
        if way.id in used:
            names = " ".join(_COLUMNS[name] for name in way.past)
            yield from labelled(f"  {names}", way.how, style.width, 26)
            yield from labelled("", f"then: {way.then}", style.width, 26)


def summary_line(findings: Sequence[Finding]) -> str:
    """Return how it stands, in a line."""
    errors = sum(finding.state == "error" for finding in findings)
    warnings = sum(finding.state == "warning" for finding in findings)
    if not errors and not warnings:
        return "nothing is wrong"
    return f"{count(errors, 'error')}, {count(warnings, 'warning')}"
