"""Proofs for people: a table of constraints and engines, then every failure with its program."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from bylaw.diagnostics import Diagnostic, Span
from bylaw.prove.proof import (
    EVALUATOR,
    FAILING,
    Cell,
    Comparison,
    Difference,
    Fault,
    Proof,
    Proofs,
    Status,
)
from bylaw.render.characters import safe
from bylaw.render.snippet import Read, snippet
from bylaw.render.table import fit, pad
from bylaw.render.text import Style, count

Lines = Callable[[str], "Sequence[str] | None"]

MOST_FAULTS = 3
"""Failures of one kind, engine and constraint that are shown in full."""

MOST_LINES = 30
"""Lines of one program that are shown."""

MOST_DIFFERENCES = 10
"""Differences of one constraint and engine that are shown, unless all are asked for."""

_WORDS = {
    "proved": "proved",
    "silent": "SILENT",
    "false-alarm": "FALSE ALARM",
    "disagrees": "DISAGREES",
    "vacuous": "VACUOUS",
    "failed": "FAILED",
    "not-run": "not run",
    "not-evaluated": "not evaluated",
    "no-example": "no example",
    "approximate": "approximate",
    "unsupported": "–",
}
_PARTS = {
    "proved": "help",
    "not-run": "warning",
    "not-evaluated": "warning",
    "no-example": "warning",
    "approximate": "dim",
    "unsupported": "dim",
}
_NOT_RUN: Status = "not-run"
_NOT_EVALUATED: Status = "not-evaluated"
_GAP = "  "
_NAME_WIDTH = 22


def text(
    proofs: Proofs, read: Read, lines: Lines, style: Style, *, everything: bool = False
) -> str:
    """Return the report; `read` reads decisions, `lines` files of the tree that was compared.

    With `everything` nothing is left out, and each difference is shown with its line.
    """
    report = _Report(proofs, read, lines, style, everything)
    rows = report.comparison() if proofs.comparison is not None else report.rows()
    return "\n".join(rows)


@dataclass(frozen=True)
class _Report:
    proofs: Proofs
    read: Read
    lines: Lines
    style: Style
    everything: bool

    # --- examples and programs -------------------------------------------------------------

    def rows(self) -> Iterator[str]:
        """Yield the table, the failures, and what it comes to."""
        columns = self.proofs.engines
        widths = [max(len(title), 13) for title in columns.values()]
        head = pad("", 2 + _NAME_WIDTH) + _GAP + pad("programs", 8)
        titles = _GAP.join(pad(t, w) for t, w in zip(columns.values(), widths, strict=True))
        if self.proofs.proofs:
            yield self._paint(f"{head}{_GAP}{titles}".rstrip(), "message")
        for decision, group in groupby(self.proofs.proofs, lambda proof: proof.decision):
            ref = self.proofs.decisions[decision]
            title = " ".join(ref.title.split())
            yield self._paint(fit(f"{decision}: {title}", self.style.width), "path")
            for proof in group:
                yield self._row(proof, list(columns), widths)
        if self.proofs.proofs:
            yield ""
        yield from self._faults()
        yield from self._closing()

    def _paint(self, shown: str, part: str) -> str:
        return self.style.paint(shown, part)

    def _row(self, proof: Proof, columns: Sequence[str], widths: Sequence[int]) -> str:
        name = fit(proof.scoped.constraint.id, _NAME_WIDTH)
        number = f"{len(proof.cases)}" if proof.cases else "–"
        cells = []
        for target, width in zip(columns, widths, strict=True):
            cell = proof.cells[target]
            word = _WORDS[cell.status]
            part = "error" if cell.status in FAILING else _PARTS[cell.status]
            cells.append(self._paint(word, part) + " " * max(0, width - len(word)))
        row = f"  {pad(name, _NAME_WIDTH)}{_GAP}{number:>8}{_GAP}{_GAP.join(cells)}"
        return row.rstrip()

    def _faults(self) -> Iterator[str]:
        groups: dict[tuple[str, str, str], list[Fault]] = {}
        for fault in self.proofs.faults:
            groups.setdefault((fault.constraint, fault.engine, fault.status), []).append(fault)
        for group in groups.values():
            most = len(group) if self.everything else MOST_FAULTS
            for fault in group[:most]:
                yield from self._fault(fault)
                yield ""
            if len(group) > most:
                yield f"and {len(group) - most:,} more like it; `--format json` has them all"
                yield ""

    def _fault(self, fault: Fault) -> Iterator[str]:
        """Yield what is wrong, where the sentence or the example stands, and the program."""
        code = fault.code
        head = self._paint(f"{code.severity}[{code.number}]", str(code.severity))
        yield f"{head}: {self._paint(safe(fault.message), 'message')}"
        span = fault.case.span if fault.case is not None else self._span(fault.constraint)
        if span is not None:
            note = "this example" if fault.case and fault.case.source == "example" else ""
            shown = Diagnostic(code.number, code.severity, "", _first_line(span), note=note)
            yield from snippet(
                shown, self.read, self.style.paint, self.style.width, self.style.show
            )
        if fault.case is not None:
            yield from self._program(fault)
        if fault.help:
            yield f"{self._paint('help', 'help')}: {safe(fault.help)}"

    def _span(self, constraint: str) -> Span | None:
        found = (
            p.scoped.constraint.span for p in self.proofs.proofs if p.scoped.full_id == constraint
        )
        return next(found, None)

    def _program(self, fault: Fault) -> Iterator[str]:
        """Yield the program, each line with what should be and who reported what."""
        case = fault.case
        if case is None:
            return
        where = f"{case.path} ({case.title})" if case.source == "generated" else case.path
        yield f" {self._paint(':::', 'gutter')} {safe(where)}"
        said = {target: lines for target, lines in fault.said.items() if lines is not None}
        rows = case.text.split("\n")
        while rows and not rows[-1]:
            rows.pop()
        margin = len(str(min(len(rows), MOST_LINES)))
        gutter = self._paint("|", "gutter")
        for number, row in enumerate(rows[:MOST_LINES], 1):
            marks = self._marks(number, said)
            shown = fit(row, max(20, self.style.width - margin - 30))
            yield f"{number:>{margin}} {gutter} {shown}{marks}".rstrip()
        if len(rows) > MOST_LINES:
            yield f"{'':>{margin}} {gutter} and {len(rows) - MOST_LINES:,} more lines"
        yield f"{'':>{margin}} {self._paint('=', 'gutter')} {self._expected(fault)}"
        for target, lines in fault.said.items():
            title = self.proofs.engines.get(target, target)
            yield f"{'':>{margin}} {self._paint('=', 'gutter')} {title} reports {_lines(lines)}"

    def _marks(self, number: int, said: "dict[str, Sequence[int]]") -> str:
        who = [self.proofs.engines.get(t, t) for t, lines in said.items() if number in lines]
        return self._paint(f"   <- {' and '.join(who)}", "label") if who else ""

    def _expected(self, fault: Fault) -> str:
        case = fault.case
        if case is None or case.verdict == "complies":
            return "it complies, so nothing is to be reported"
        if case.lines is not None:
            return f"it violates the sentence: {_lines(sorted(case.lines))} is to be reported"
        if case.line is not None:
            return f"it violates the sentence: line {case.line} is to be reported"
        return "it violates the sentence"

    def _closing(self) -> Iterator[str]:
        cells = [cell for proof in self.proofs.proofs for cell in proof.cells.values()]
        counts = Counter(cell.status for cell in cells)
        programs = sum(len(proof.cases) for proof in self.proofs.proofs)
        bad = sum(counts[status] for status in FAILING)
        open_ = counts[_NOT_RUN] + counts[_NOT_EVALUATED]
        part = "error" if bad else "warning" if open_ else "help"
        constraints = count(len(self.proofs.proofs), "constraint")
        engines = count(len(self.proofs.engines), "engine")
        line = f"put {count(programs, 'program')} for {constraints} to {engines}"
        said = [f"{counts['proved']} proved"]
        if bad:
            said.append(f"{bad} failed")
        for status, word in ((_NOT_RUN, "not run"), (_NOT_EVALUATED, "not evaluated")):
            if counts[status]:
                said.append(f"{counts[status]} {word}")
        yield self._paint(f"{line}: {', '.join(said)}", part)
        yield from self._unproven()

    def _unproven(self) -> Iterator[str]:
        """Yield the constraints of which no program shows anything, and why."""
        groups: dict[str, list[Proof]] = {}
        for proof in self.proofs.proofs:
            cell: Cell = proof.cells[EVALUATOR]
            if cell.status == "no-example":
                groups.setdefault(cell.reason or "", []).append(proof)
        for reason, some in groups.items():
            names = ", ".join(f"`{proof.scoped.constraint.id}`" for proof in some)
            yield f"{count(len(some), 'constraint')} without a program: {reason} ({names})"

    # --- a real tree ---------------------------------------------------------------------------

    def comparison(self) -> Iterator[str]:
        """Yield, for each engine and constraint, how many lines both and only one report."""
        compared = self.proofs.comparison
        if compared is None:
            return
        rows = [
            each
            for each in compared.compared
            if each.both or each.evaluator_only or each.engine_only or each.fault
        ]
        for target, title in self.proofs.engines.items():
            mine = [row for row in rows if row.engine == target]
            if not mine:
                continue
            yield self._paint(
                f"{title:<40}{'level':<13}{'both':>6}  evaluator only  {title} only", "message"
            )
            for row in mine:
                counts = f"{row.both:>6}{row.evaluator_only:>16}{row.engine_only:>{len(title) + 7}}"
                last = f"  {safe(row.fault)}" if row.fault else ""
                yield f"  {fit(row.constraint, 36):<38}{row.level:<13}{counts}{last}"
            yield ""
        yield from self._differences(compared)
        yield from self._concluding(compared)

    def _differences(self, compared: Comparison) -> Iterator[str]:
        groups: dict[tuple[str, str, bool], list[Difference]] = {}
        for each in compared.differences:
            groups.setdefault((each.constraint, each.engine, each.announced), []).append(each)
        for (constraint, engine, announced), group in groups.items():
            title = self.proofs.engines.get(engine, engine)
            if announced and not self.everything:
                continue
            head = "announced" if announced else "error[BL543]"
            message = f"the evaluator and {title} report different lines for `{constraint}`"
            painted = self._paint(head, "note" if announced else "error")
            yield f"{painted}: {self._paint(message, 'message')}"
            most = len(group) if self.everything else MOST_DIFFERENCES
            for each in group[:most]:
                yield from self._difference(each, title)
            if len(group) > most:
                yield f"     and {len(group) - most:,} more; `--diff` shows them all"
            yield ""

    def _difference(self, each: Difference, title: str) -> Iterator[str]:
        line = each.place.line if each.place else None
        at = f"{each.path}:{line}" if line else each.path
        who = "the evaluator" if each.only == "evaluator" else title
        why = f" ({each.why})" if each.announced and each.why else ""
        detail = f": {each.detail}" if each.detail else ""
        told = f"only {who} reports it{detail}{why}"
        yield f" {self._paint('-->', 'gutter')} {safe(at)}: {safe(told)}"
        rows = self.lines(each.path) if line else None
        if rows and line and line <= len(rows):
            shown = fit(rows[line - 1], self.style.width - 12)
            yield f"     {line} {self._paint('|', 'gutter')} {shown}"

    def _concluding(self, compared: Comparison) -> Iterator[str]:
        both = sum(row.both for row in compared.compared)
        open_ = [each for each in compared.differences if not each.announced]
        announced = len(compared.differences) - len(open_)
        part = "error" if open_ else "help"
        tree = f"{count(compared.files, 'file')} of `{compared.folder}`"
        line = f"compared {_pairs(len(compared.compared))} on {tree}"
        agree = "line agrees" if both == 1 else "lines agree"
        told = f"{both:,} {agree}, {len(open_):,} differ, {announced:,} differ as announced"
        yield self._paint(f"{safe(line)}: {told}", part)
        if not compared.files:
            yield "the tree holds no file, so nothing was compared"
        for target, number in compared.unread.items():
            title = self.proofs.engines.get(target, target)
            yield f"{title} did not look at {count(number, 'file')} with violations"
        if announced and not self.everything:
            yield "`--diff` shows the lines that differ as announced"
        if compared.not_evaluated:
            yield f"{count(compared.not_evaluated, 'verdict')} could not be given by the evaluator"


def _first_line(span: Span) -> Span:
    """Return a span cut to its first line, which is enough to find it."""
    if span.end_line == span.line:
        return span
    return replace(span, end_line=span.line, end_column=span.column + 3, end_offset=span.offset + 3)


def _pairs(number: int) -> str:
    return (
        "1 pair of constraint and engine"
        if number == 1
        else f"{number:,} pairs of constraint and engine"
    )


def _lines(lines: "Sequence[int] | None") -> str:
    if lines is None:
        return "that it cannot be evaluated"
    if not lines:
        return "nothing"
    if 0 in lines:
        return "the file"
    return f"line{'s' if len(lines) > 1 else ''} " + ", ".join(map(str, lines))
