"""Verdicts for people: each decision, what violates it, what it says, and what to do."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from bylaw.check.verdict import DecisionRef, Excused, Judgement, NotEvaluated, Verdicts, Violation
from bylaw.diagnostics import Diagnostic, Label, Severity, Span
from bylaw.facts.model import Place
from bylaw.render.characters import safe
from bylaw.render.snippet import snippet
from bylaw.render.table import fit
from bylaw.render.text import count
from bylaw.render.verdicts import DEFAULT, Lines, Setting
from bylaw.render.verdicts.phrases import (
    by_decision,
    excuse_of,
    excused_summary,
    instead_of,
    name_of,
    sentence_of,
    severity_of,
    status_of,
    summary_of,
    waiver_of,
    what_of,
)

MOST_IN_FULL = 5
"""Violations of one constraint that are shown with their lines; the others are listed."""

MOST_LISTED = 25
"""Rows of a list; what is left is counted."""

_ALIKE = 3
"""Constraints with one reason not to be evaluated, from which on they share it."""

_MOST_NUMBERS = 12
"""Line numbers in one row."""

_INDENT = " " * 4

_NARROWEST = 40
"""Cells to which sentences are wrapped on however narrow a terminal."""


def text(verdicts: Verdicts, lines: Lines, setting: Setting = DEFAULT) -> str:
    """Return what a person needs to act; `diagnostics` are left to who shows those of a build."""
    return "\n".join(_Report(verdicts, lines, setting).rows())


@dataclass(frozen=True, slots=True)
class _File:
    """The lines of a file, at least one."""

    lines: Sequence[str]


@dataclass(frozen=True)
class _Report:
    """One report; its methods yield rows."""

    verdicts: Verdicts
    lines: Lines
    setting: Setting
    _files: dict[str, _File | None] = field(default_factory=dict)

    def rows(self) -> Iterator[str]:
        """Yield all rows."""
        for decision, judgements in by_decision(self.verdicts):
            shown = [each for each in judgements if each.outcome != "holds"]
            if not shown:
                continue
            yield self._paint(safe(f"{decision.id}: {_one_line(decision)}"), "path")
            for reason, group in groupby(shown, _only_reason):
                alike = list(group)
                if reason is not None and len(alike) >= _ALIKE:
                    yield ""
                    yield from self._alike(alike, reason)
                    continue
                for judgement in alike:
                    yield ""
                    yield from self._judgement(judgement)
            yield ""
        yield from self._suppressed()
        yield from self._closing()

    def _paint(self, shown: str, part: str) -> str:
        return self.setting.style.paint(shown, part)

    def _alike(self, judgements: Sequence[Judgement], reason: NotEvaluated) -> Iterator[str]:
        """Yield constraints that one thing has kept from being evaluated, a row each."""
        head = f"not evaluated: {safe(reason.reason)}"
        number = count(len(judgements), "constraint")
        yield f"{self._paint(head, 'warning')} ({number})"
        style = self.setting.style
        for judgement in judgements:
            span = judgement.scoped.constraint.span
            at = f"{safe(style.show(span.path))}:{span.line}: [{safe(name_of(judgement))}] "
            room = max(_NARROWEST, style.width - len(at) - 5)
            yield f" {self._paint(':::', 'gutter')} {at}{fit(sentence_of(judgement), room)}"
        if reason.help:
            yield f"{self._paint('help', 'help')}: {safe(reason.help)}"

    def _judgement(self, judgement: Judgement) -> Iterator[str]:
        """Yield the sentence and its place, what was found, and what to do."""
        if judgement.violations:
            word, part = str(severity_of(judgement)), str(severity_of(judgement))
        else:
            word, part = "not evaluated", "warning"
        head = f"{word}[{safe(name_of(judgement))}]"
        yield from self._wrapped(head, self._paint(head, part), sentence_of(judgement), "message")
        span = judgement.scoped.constraint.span
        at = f"{safe(self.setting.style.show(span.path))}:{span.line}:{span.column}"
        by = " (as the base branch has it)" if judgement.by == "base" else ""
        yield f"{self._paint(':::', 'gutter')} {at}{by}"
        most = len(judgement.violations) if self.setting.everything else MOST_IN_FULL
        for violation in judgement.violations[:most]:
            yield from self._violation(judgement, violation)
        yield from self._listed(judgement.violations[most:])
        yield from self._not_evaluated(judgement.not_evaluated)
        yield from self._advice(judgement)

    def _wrapped(self, label: str, painted: str, body: str, part: str) -> Iterator[str]:
        """Yield a labelled text, wrapped to the width and indented below its first row."""
        width = max(_NARROWEST, self.setting.style.width)
        first, *more = textwrap.wrap(
            safe(body),
            width,
            initial_indent=" " * (len(label) + 2),
            subsequent_indent=_INDENT,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
        yield f"{painted}: {self._paint(first.strip(), part)}"
        for row in more:
            yield _INDENT + self._paint(row.strip(), part)

    def _violation(self, judgement: Judgement, violation: Violation) -> Iterator[str]:
        """Yield one violation with its line, and the steps that explain it."""
        path = violation.path
        if path is None:
            yield f" {self._paint('-->', 'gutter')} {safe(what_of(violation))}"
        elif violation.place is None:
            at = safe(self.setting.style.show(path))
            yield f" {self._paint('-->', 'gutter')} {at}: {safe(what_of(violation))}"
        else:
            diagnostic = Diagnostic(
                "",
                severity_of(judgement),
                "",
                _span(path, violation.place),
                note=what_of(violation),
                labels=tuple(
                    Label(_span(step.path, step.place), step.message)
                    for step in violation.steps
                    if step.place is not None
                ),
            )
            style = self.setting.style
            yield from snippet(diagnostic, self._read, style.paint, style.width, style.show)
        for step in violation.steps:
            if step.place is None or path is None or violation.place is None:
                at = safe(self.setting.style.show(step.path))
                line = f":{step.place.line}:{step.place.column}" if step.place else ""
                yield f" {self._paint(':::', 'gutter')} {at}{line}: {safe(step.message)}"

    def _read(self, path: str) -> _File | None:
        if path not in self._files:
            lines = self.lines(path)
            self._files[path] = None if lines is None else _File(lines or [""])
        return self._files[path]

    def _listed(self, violations: Sequence[Violation]) -> Iterator[str]:
        """Yield a row for each file and detail, and count what is left."""
        groups: dict[tuple[str | None, str], list[Violation]] = {}
        for violation in violations:
            groups.setdefault((violation.path, what_of(violation)), []).append(violation)
        for (path, detail), group in list(groups.items())[:MOST_LISTED]:
            at = "" if path is None else f"{safe(self.setting.style.show(path))}{_numbers(group)}: "
            # Only what was found is trimmed: a reader has to get there.
            room = max(_NARROWEST, self.setting.style.width - len(at) - 5)
            yield f" {self._paint('-->', 'gutter')} {at}{fit(detail, room)}"
        left = [each for group in list(groups.values())[MOST_LISTED:] for each in group]
        if left:
            files = count(len({each.path for each in left}), "file")
            yield f"     and {len(left):,} more in {files}; `--format json` names them all"

    def _not_evaluated(self, findings: Iterable[NotEvaluated]) -> Iterator[str]:
        """Yield a row for each reason, with the files that it holds for."""
        groups: dict[tuple[str, str | None], list[NotEvaluated]] = {}
        for finding in findings:
            groups.setdefault((finding.reason, finding.help), []).append(finding)
        for (reason, advice), group in groups.items():
            mark = self._paint("not evaluated", "warning")
            placed = [each for each in group if each.path is not None]
            arrow = self._paint("-->", "gutter")
            if len(placed) == 1:
                yield f" {arrow} {self._at(placed[0])}: {mark}: {safe(reason)}"
            else:
                files = f" in {count(len(placed), 'file')}" if placed else ""
                yield f" {self._paint('=', 'gutter')} {mark}{files}: {safe(reason)}"
                yield from self._folded(f" {arrow} {self._at(each)}" for each in placed)
            if advice:
                yield f"{self._paint('help', 'help')}: {safe(advice)}"

    def _at(self, finding: NotEvaluated) -> str:
        place = f":{finding.place.line}:{finding.place.column}" if finding.place else ""
        return safe(self.setting.style.show(finding.path or "")) + place

    def _advice(self, judgement: Judgement) -> Iterator[str]:
        """Yield what to do instead, and the waiver that there may be."""
        if not judgement.violations:
            return
        if instead := instead_of(judgement):
            yield f"{self._paint('help', 'help')}: {safe(instead)}"
        if waiver := waiver_of(judgement, judgement.violations):
            yield f"{self._paint('waive', 'dim')}: {self._paint(safe(waiver), 'dim')}"

    def _suppressed(self) -> Iterator[str]:
        """Yield what comments in the code suppress: nobody has approved that elsewhere."""
        rows = [
            (judgement, each)
            for judgement in self.verdicts.judgements
            for each in judgement.excused
            if each.excuse == "suppressed"
        ]
        if not rows:
            return
        yield self._paint(f"{count(len(rows), 'violation')} suppressed by comments", "path")
        yield from self._folded(self._suppressed_row(*row) for row in rows)
        yield ""

    def _suppressed_row(self, judgement: Judgement, excused: Excused) -> str:
        violation = excused.violation
        line = f":{violation.place.line}" if violation.place else ""
        at = f"{self.setting.style.show(violation.path or '')}{line}"
        row = f"{at}: [{name_of(judgement)}] {what_of(violation)}, {excuse_of(excused)}"
        return f" {self._paint('-->', 'gutter')} {safe(row)}"

    def _folded(self, rows: Iterable[str]) -> Iterator[str]:
        """Yield as many rows as somebody reads, and count the others."""
        rows = list(rows)
        most = len(rows) if self.setting.everything else MOST_LISTED
        yield from rows[:most]
        if len(rows) > most:
            yield f"     and {len(rows) - most:,} more; `--format json` names them all"

    def _closing(self) -> Iterator[str]:
        """Yield the counts, and what they mean where that is not plain."""
        status = status_of(self.verdicts, self.setting)
        judgements = self.verdicts.judgements
        unjudged = any(each.not_evaluated for each in judgements)
        clean = judgements and not unjudged and not self.verdicts.violations
        part = "error" if status not in (0, 3) else "help" if clean else "warning"
        yield self._paint(summary_of(self.verdicts), part)
        if excused := excused_summary(self.verdicts):
            yield excused
        if inactive := len(self.verdicts.inactive):
            day = f" on {self.verdicts.as_of}" if self.verdicts.as_of else ""
            yield f"{count(inactive, 'constraint')} not in force{day}"
        if status == 1 and status_of(self.verdicts, replace(self.setting, strict=False)) != 1:
            yield "warnings fail this run, because it is strict"
        if errors := sum(each.severity == Severity.ERROR for each in self.verdicts.diagnostics):
            yield f"{count(errors, 'error')} in the decisions or in what was asked"
        if unjudged and not self.verdicts.violations:
            yield (
                "nothing is violated, but what was not evaluated may be: status 3, or 0 with "
                "`--lenient`"
            )


def _only_reason(judgement: Judgement) -> NotEvaluated | None:
    """Return why nothing at all of a constraint was evaluated, less whose reason it is."""
    if judgement.violations or len(judgement.not_evaluated) != 1:
        return None
    (finding,) = judgement.not_evaluated
    return finding._replace(constraint="") if finding.path is None else None


def _one_line(decision: DecisionRef) -> str:
    return " ".join(decision.title.split())


def _span(path: str, place: Place) -> Span:
    """Return a place as a span; the offsets, which no snippet reads, are none."""
    return Span(path, place.line, place.column, 0, place.end_line, place.end_column, 0)


def _numbers(violations: Sequence[Violation]) -> str:
    """Return the lines of violations in one file: `:4, 9, 12`."""
    numbers = [each.place.line for each in violations if each.place]
    if not numbers:
        return f" ({len(violations)} times)" if len(violations) > 1 else ""
    shown = ", ".join(str(number) for number in numbers[:_MOST_NUMBERS])
    more = f" and {len(numbers) - _MOST_NUMBERS} more" if len(numbers) > _MOST_NUMBERS else ""
    return f":{shown}{more}"
