"""What all reports say of a verdict, in the same words and the same order."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from urllib.parse import quote

from bylaw.check.verdict import DecisionRef, Excused, Judgement, Verdicts, Violation
from bylaw.diagnostics import Diagnostic, Severity
from bylaw.globs.dialect import check
from bylaw.render.characters import safe
from bylaw.render.json import well_formed
from bylaw.render.text import count
from bylaw.render.verdicts import Setting
from bylaw.sentence import in_full
from bylaw.site_address import constraint_url

BASE_MARK = "@base"
"""What follows the id of a constraint that is judged as the base branch has it."""

_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
# What a code span of a decision may not hold, or has another meaning there.
_NO_GLOB = re.compile(
    r"[<>\u2018-\u201f\u2039\u203a\u00ab\u00bb\ufe00-\ufe0f\U000e0000-\U000e0fff]|->"
)
_SPECIAL = re.compile(r"[\[*?{}]")

EXCUSES = {
    "waived": "waived",
    "permitted": "permitted",
    "baseline": "in the baseline",
    "suppressed": "suppressed by a comment",
    "old": "at the base already",
}
"""Each excuse in the words of a reader."""


# --- one constraint ------------------------------------------------------------------------------


def name_of(judgement: Judgement) -> str:
    """Return what a report calls a constraint: its full id, marked where it is the base's."""
    return judgement.scoped.full_id + (BASE_MARK if judgement.by == "base" else "")


def severity_of(judgement: Judgement) -> Severity:
    """Return how much a violation of the constraint weighs."""
    return Severity(judgement.scoped.constraint.severity)


def sentence_of(judgement: Judgement) -> str:
    """Return the constraint's sentence as it reads away from its decision."""
    return in_full(judgement.scoped.constraint)


def decision_of(verdicts: Verdicts, judgement: Judgement) -> DecisionRef:
    """Return the decision that a constraint is of."""
    known = verdicts.decisions.get(judgement.decision)
    path = judgement.scoped.constraint.span.path
    return known or DecisionRef(judgement.decision, path, judgement.decision)


def page_of(judgement: Judgement, setting: Setting) -> str | None:
    """Return the address of the constraint's page on the static site, where there is one."""
    return constraint_url(setting.site, judgement.scoped.full_id)


def instead_of(judgement: Judgement) -> str | None:
    """Return what the decision says to do instead."""
    alternative = judgement.scoped.constraint.alternative
    return f"use {alternative.text} instead" if alternative else None


def message_of(judgement: Judgement, violation: Violation) -> str:
    """Return what is wrong, and the sentence that says so."""
    return f"{what_of(violation)}: {sentence_of(judgement)}"


def what_of(violation: Violation) -> str:
    """Return what is there, in full."""
    return f"{violation.detail} ({violation.note})" if violation.note else violation.detail


def waiver_of(judgement: Judgement, violations: Iterable[Violation]) -> str | None:
    """Return the list item that waives violations, with blanks for who and why.

    None where there is none: for what has no path, and for what the base branch's decisions say.
    """
    if judgement.by == "base":
        return None
    paths = dict.fromkeys(v.path for v in violations if v.path is not None)
    globs = [glob for glob in map(_exactly, paths) if glob is not None][:3]
    if not globs:
        return None
    places = ", ".join(in_code(glob) for glob in globs)
    return (
        f"- Waiver for [{judgement.scoped.full_id}]: {places} until YYYY-MM-DD, "
        "approved by `@name`, because …"
    )


@lru_cache(maxsize=4096)
def _exactly(path: str) -> str | None:
    """Return the glob that only this path matches, or None where there is none."""
    glob = _SPECIAL.sub(lambda match: f"[{match[0]}]", path)
    if check(glob) or _NO_GLOB.search(glob) or not glob.isprintable() or safe(glob) != glob:
        return None
    return glob


def uri_of(path: str) -> str:
    """Return a path as a relative reference; what is no UTF-8 in it stands as the bytes it is."""
    try:
        return quote(path.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        return quote(well_formed(path))


# --- code spans ----------------------------------------------------------------------------------


def in_code(text: str) -> str:
    """Return a text as a code span of Markdown, whatever backticks it holds."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    # One space on each side is no part of a code span, and an empty one is none.
    pad = " " if not text or {text[0], text[-1]} & {"`", " "} else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def spans_of(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a sentence, and whether each is what stands in a code span."""
    position = 0
    for match in _SPAN.finditer(text):
        if match.start() > position:
            yield text[position : match.start()], False
        body = match[2]
        if body[0] == body[-1] == " " and body.strip():
            body = body[1:-1]
        yield body, True
        position = match.end()
    if position < len(text):
        yield text[position:], False


# --- the run -------------------------------------------------------------------------------------


def by_decision(verdicts: Verdicts) -> Iterator[tuple[DecisionRef, list[Judgement]]]:
    """Yield the decisions in order, each with its judgements."""
    for _, group in groupby(verdicts.judgements, lambda each: (each.decision, each.by)):
        judgements = list(group)
        yield decision_of(verdicts, judgements[0]), judgements


def status_of(verdicts: Verdicts, setting: Setting) -> int:
    """Return the exit status of the run: what is wrong with the decisions counts, too."""
    if setting.status is not None:
        return setting.status
    if any(fails(each, setting) for each in verdicts.diagnostics):
        return 1
    return verdicts.status(strict=setting.strict)


def fails(diagnostic: Diagnostic, setting: Setting) -> bool:
    """Tell whether a diagnostic fails the run."""
    return diagnostic.severity == Severity.ERROR or (
        setting.strict and diagnostic.severity == Severity.WARNING
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """How a run has ended, in numbers; constraints unless another noun says otherwise."""

    constraints: int
    decisions: int
    holds: int
    violated: int
    not_evaluated: int
    violations: int
    errors: int
    """Violations of a MUST."""
    warnings: int
    """Violations of a SHOULD."""
    excused: dict[str, int]
    """Violations that do not count, by excuse."""
    partly: int
    """Violated ones that could not be evaluated everywhere."""


def counts_of(verdicts: Verdicts) -> Counts:
    """Count what has come of a run."""
    outcomes = Counter(judgement.outcome for judgement in verdicts.judgements)
    weights: Counter[str] = Counter()
    excused: Counter[str] = Counter()
    for judgement in verdicts.judgements:
        weights[severity_of(judgement)] += len(judgement.violations)
        excused.update(each.excuse for each in judgement.excused)
    return Counts(
        constraints=len(verdicts.judgements),
        decisions=len({judgement.decision for judgement in verdicts.judgements}),
        holds=outcomes["holds"],
        violated=outcomes["violated"],
        not_evaluated=outcomes["not-evaluated"],
        violations=weights.total(),
        errors=weights[Severity.ERROR],
        warnings=weights[Severity.WARNING],
        excused={excuse: excused[excuse] for excuse in EXCUSES},
        partly=sum(bool(j.violations and j.not_evaluated) for j in verdicts.judgements),
    )


def summary_of(verdicts: Verdicts) -> str:
    """Return the line that counts."""
    counts = counts_of(verdicts)
    subject = verdicts.subject
    if not counts.constraints:
        return f"no constraint was checked on {count(subject.files, 'file')}"
    where = {
        "tree": "",
        "paths": "",
        "index": " of the index",
        "change": " of the change" + (f" since {subject.base[:12]}" if subject.base else ""),
    }[subject.what]
    parts = [f"{counts.holds:,} {'holds' if counts.holds == 1 else 'hold'}"]
    if counts.violated:
        violations = count(counts.violations, "violation")
        if counts.warnings:
            violations += f", {count(counts.warnings, 'warning')} among them"
        parts.append(f"{counts.violated:,} violated ({violations})")
    if counts.not_evaluated:
        parts.append(f"{counts.not_evaluated:,} not evaluated")
    if counts.partly:
        what = "more not evaluated" if counts.not_evaluated else "of them not evaluated"
        parts.append(f"{counts.partly:,} {what} everywhere")
    return (
        f"checked {count(counts.constraints, 'constraint')} of "
        f"{count(counts.decisions, 'decision')} on {count(subject.files, 'file')}{where}: "
        + ", ".join(parts)
    )


def excused_summary(verdicts: Verdicts) -> str | None:
    """Return the line that counts what does not count, None where there is nothing."""
    excused = counts_of(verdicts).excused
    parts = [f"{number:,} {EXCUSES[excuse]}" for excuse, number in excused.items() if number]
    if not parts:
        return None
    return f"{count(sum(excused.values()), 'violation')} excused: " + ", ".join(parts)


def excuse_of(excused: Excused) -> str:
    """Return why a violation does not count, and by what."""
    text = EXCUSES[excused.excuse]
    if waiver := excused.waiver:
        text += f" until {waiver.until} by {', '.join(waiver.approved_by)}"
        if waiver.ticket:
            text += f" ({waiver.ticket})"
        text += f", because {waiver.because}"
    elif excused.note:
        text += f": {excused.note}"
    return text
