"""What the page of one constraint shows: its sentence, its places, its lines, and how it fares."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from bylaw.check.verdict import Excused, Judgement, NotEvaluated, Violation
from bylaw.coverage import CHECKPOINTS, covers_of, traits_of
from bylaw.fidelity import Fidelity
from bylaw.ir import ConstraintNode
from bylaw.preview.intermediate import NAME as IR
from bylaw.preview.model import Output, Preview, StatementView
from bylaw.render.verdicts.phrases import excuse_of, what_of
from bylaw.scoped import ScopedConstraint
from bylaw.sentence import in_full

MOST_FINDINGS = 200
"""Findings on one page; the others are counted."""

_MOST_LINES = 60
"""Lines of one output that are shown."""

_MOST_OUTPUTS = 24
_LONGEST_LINE = 1_000


class Run(NamedTuple):
    """Lines of an output that follow each other; both numbers count from 1 and are included."""

    first: int
    last: int
    text: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The lines of one output that a constraint has produced; `left` counts those not shown."""

    output: Output
    runs: tuple[Run, ...]
    left: int


@dataclass(frozen=True, slots=True)
class TargetPart:
    """What one target makes of a constraint."""

    name: str
    fidelity: Fidelity | None
    configured: bool
    excerpts: tuple[Excerpt, ...]


class Finding(NamedTuple):
    """Something that was found, in the words of a report."""

    place: str
    text: str
    why: str = ""


@dataclass(frozen=True)
class Found:
    """What a check has found of one kind: as much as a page holds, and how much there is."""

    shown: tuple[Finding, ...]
    total: int


@dataclass(frozen=True)
class ConstraintPage:
    """One constraint with all there is to show of it; `judged` is None where no check judges it."""

    preview: Preview
    view: StatementView
    scoped: ScopedConstraint
    targets: tuple[TargetPart, ...]
    judgement: Judgement | None

    @property
    def node(self) -> ConstraintNode:
        """The constraint itself."""
        return self.scoped.constraint

    @property
    def sentence(self) -> str:
        """The sentence as it reads away from its decision."""
        return in_full(self.node)

    @property
    def places(self) -> list[tuple[str, tuple[str, ...]]]:
        """The globs of its area, by what they do."""
        area = self.scoped.area
        return [
            ("in", area.include),
            ("only within", area.within),
            ("not in", area.exclude),
        ]

    @property
    def checkpoints(self) -> list[tuple[str, str, str]]:
        """Where it is judged: what the checkpoint is, how it fares there, and why."""
        covers = covers_of(traits_of(self.scoped.constraint))
        return [(CHECKPOINTS[name], cover.level, cover.why) for name, cover in covers.items()]

    @property
    def violations(self) -> Found:
        """Today's violations."""
        found = self.judgement.violations if self.judgement is not None else ()
        shown = (Finding(_place(v), what_of(v)) for v in found[:MOST_FINDINGS])
        return Found(tuple(shown), len(found))

    @property
    def excused(self) -> Found:
        """What would be a violation, and why it is none."""
        found: Sequence[Excused] = self.judgement.excused if self.judgement is not None else ()
        shown = (
            Finding(_place(e.violation), what_of(e.violation), excuse_of(e))
            for e in found[:MOST_FINDINGS]
        )
        return Found(tuple(shown), len(found))

    @property
    def unjudged(self) -> Found:
        """What could not be looked at."""
        found = self.judgement.not_evaluated if self.judgement is not None else ()
        shown = (Finding(_place(n), n.reason, n.help or "") for n in found[:MOST_FINDINGS])
        return Found(tuple(shown), len(found))


def _place(finding: Violation | NotEvaluated) -> str:
    if finding.path is None:
        return ""
    return finding.path + (f":{finding.place.line}" if finding.place else "")


def constraint_pages(
    preview: Preview, judgements: dict[str, Judgement]
) -> Iterator[ConstraintPage]:
    """Yield the page of each constraint of a decision; of an id that occurs twice, one."""
    scoped = {each.full_id: each for each in preview.scoped}
    done: set[str] = set()
    for view in preview.statements:
        if view.statement != "constraint" or view.key not in scoped or view.key in done:
            continue
        done.add(view.key)
        yield ConstraintPage(
            preview,
            view,
            scoped[view.key],
            tuple(_targets(preview, view)),
            judgements.get(view.key),
        )


def _targets(preview: Preview, view: StatementView) -> Iterator[TargetPart]:
    names = dict.fromkeys([*(each.target for each in preview.outputs), *view.fidelity])
    names.pop(IR, None)
    left = _MOST_OUTPUTS
    for name in names:
        files = [each for each in preview.outputs if each.target == name]
        excerpts = [each for each in (_excerpt(output, view.key) for output in files) if each]
        configured = name in preview.configured
        # What nobody builds, and what says nothing, is no news.
        if excerpts or (configured and name in view.fidelity):
            shown = tuple(excerpts[:left])
            left -= len(shown)
            yield TargetPart(name, view.fidelity.get(name), configured, shown)


def _excerpt(output: Output, full_id: str) -> Excerpt | None:
    """Return the lines of an output that are a constraint's, with no others between them."""
    lines = output.text.split("\n")
    own = {
        number
        for mark in output.marks
        if mark.statement == full_id
        for number in range(mark.first, min(mark.last, len(lines)) + 1)
    }
    if not own:
        return None
    numbers = sorted(own)[:_MOST_LINES]
    runs: list[Run] = []
    for _, group in groupby(enumerate(numbers), lambda each: each[1] - each[0]):
        run = [number for _, number in group]
        text = "\n".join(lines[number - 1][:_LONGEST_LINE] for number in run)
        runs.append(Run(run[0], run[-1], text))
    return Excerpt(output, tuple(runs), len(own) - len(numbers))
