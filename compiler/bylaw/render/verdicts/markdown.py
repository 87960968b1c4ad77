"""Verdicts as the Markdown of a pull request's comment: a table, and what it says folded away."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from bylaw.check.verdict import Judgement, NotEvaluated, Verdicts, Violation
from bylaw.diagnostics import Severity
from bylaw.render.characters import safe
from bylaw.render.text import count
from bylaw.render.verdicts import DEFAULT, Lines, Setting
from bylaw.render.verdicts.phrases import (
    excuse_of,
    excused_summary,
    in_code,
    instead_of,
    name_of,
    page_of,
    sentence_of,
    severity_of,
    spans_of,
    status_of,
    summary_of,
    uri_of,
    waiver_of,
    what_of,
)

MARKER = "<!-- bylaw check -->"
"""The first line, by which a bot finds the comment that it wrote before."""

MOST_CHARACTERS = 65_536
"""GitHub takes no longer comment."""

_RESERVE = 1_000
"""Characters kept for what closes a comment that has been cut."""

_MOST_ROWS = 50
"""Rows of the table, and places of one constraint."""

_LONGEST = 1_000
"""Characters of one text, whatever a file or a record holds."""

_PUNCTUATION = re.compile(r"[^\w\s:./-]|_")

_NOTHING = "<!-- -->"
"""Stands in a name so that GitHub does not take it for one."""

_MARKUP = re.compile(r"([\\`*_\[\]<>#|~])")
_MARKUP_AT_START = re.compile(r"^(\d*)([-+=.)])")
_REFERENCE = re.compile(r"(?<=[@#])(?=\w)|(?<=\bGH-)(?=\d)")


def markdown(verdicts: Verdicts, lines: Lines, setting: Setting = DEFAULT) -> str:  # noqa: ARG001 - a Render
    """Return the comment: no longer than GitHub takes, with a note of what was left out."""
    found = [each for each in verdicts.judgements if each.outcome != "holds"]
    head = [MARKER, f"### {_title(verdicts, setting)}", "", f"{_prose(summary_of(verdicts))}."]
    if excused := excused_summary(verdicts):
        head += ["", f"{_prose(excused)}."]
    head += _risk(verdicts)
    parts = ["\n".join(head)]
    parts += _table(found, setting)
    parts += (_details(judgement, setting) for judgement in found)
    parts += _excused(verdicts, setting)
    parts += _diagnostics(verdicts, setting)
    return _fitted(parts)


def _risk(verdicts: Verdicts) -> list[str]:
    """Return how risky the change is, and who has approved it."""
    risk = verdicts.risk
    if risk is None:
        return []
    told = f"Risk: **{risk.tier}**"
    if risk.because:
        told += f", by {', '.join(map(_code, risk.because[:3]))}"
    if risk.required:
        have = "nobody knows how many it has" if risk.approvals is None else f"has {risk.approvals}"
        told += f"; needs {count(risk.required, 'approval')}, {have}"
    names = [_code(each.by) for each in verdicts.approvals or () if each.void is None]
    if names:
        told += f". Approvals: {', '.join(names[:10])}"
    return ["", f"{told}."]


def _title(verdicts: Verdicts, setting: Setting) -> str:
    status = status_of(verdicts, setting)
    if verdicts.status(strict=setting.strict) == 1:
        return "❌ Architecture decisions are violated"
    if status not in (0, 3):
        return "❌ Architecture decisions have errors"
    if any(judgement.not_evaluated for judgement in verdicts.judgements):
        return "⚠️ Architecture decisions could not all be checked"
    if not verdicts.judgements:
        return "⚠️ No architecture decision was checked"
    if verdicts.violations:
        return "⚠️ Architecture decisions are kept, with warnings"
    return "✅ Architecture decisions are kept"


def _fitted(parts: Sequence[str]) -> str:
    """Join as many parts as fit, and say how many do not."""
    kept: list[str] = []
    size = 0
    for part in parts:
        # A character beyond the first plane may count twice; two line breaks follow.
        length = len(part.encode("utf-16-le", "surrogatepass")) // 2 + 2
        if size + length <= MOST_CHARACTERS - _RESERVE:
            kept.append(part)
            size += length
    if left := len(parts) - len(kept):
        kept.append(
            f"**{count(left, 'section')} left out**, because a comment cannot be longer; "
            "`--format json` has all."
        )
    return "\n\n".join(kept)


# --- sections ------------------------------------------------------------------------------------


def _table(found: Sequence[Judgement], setting: Setting) -> Iterator[str]:
    """Yield the table of constraints that do not hold."""
    if not found:
        return
    rows = ["| | Constraint | Found | First place |", "| --- | --- | --- | --- |"]
    for judgement in found[:_MOST_ROWS]:
        span = judgement.scoped.constraint.span
        name = f"[{_html(name_of(judgement))}]({_url(span.path, span.line, setting)})"
        findings: list[Violation | NotEvaluated] = [*judgement.violations, *judgement.not_evaluated]
        first = _place(findings[0], setting, _html)
        rows.append(f"| {_mark(judgement)} | {name} | {_found(judgement)} | {first} |")
    if len(found) > _MOST_ROWS:
        rows.append(f"| | and {len(found) - _MOST_ROWS:,} more | | |")
    yield "\n".join(rows)


def _mark(judgement: Judgement) -> str:
    if not judgement.violations:
        return "❔"
    return "❌" if severity_of(judgement) == Severity.ERROR else "⚠️"


def _found(judgement: Judgement) -> str:
    if not judgement.violations:
        return "not evaluated"
    noun = "violation" if severity_of(judgement) == Severity.ERROR else "warning"
    partly = ", not evaluated everywhere" if judgement.not_evaluated else ""
    return count(len(judgement.violations), noun) + partly


def _details(judgement: Judgement, setting: Setting) -> str:
    """Return what one constraint says and where it does not hold, folded away."""
    span = judgement.scoped.constraint.span
    at = _link(span.path, span.line, setting)
    by = ", as the base branch has it" if judgement.by == "base" else ""
    page = page_of(judgement, setting)
    more = f" See [what it becomes]({page})." if page else ""
    rows = [f"> {_prose(sentence_of(judgement))}", "", f"Decided at {at}{by}.{more}", ""]
    rows += _items(_item(_place(v, setting), _prose(what_of(v))) for v in judgement.violations)
    rows += _items(
        _item(_place(each, setting), f"not evaluated: {_prose(each.reason)}")
        for each in judgement.not_evaluated
    )
    if judgement.violations:
        if instead := instead_of(judgement):
            rows += ["", f"**Help:** {_prose(instead)}"]
        if waiver := waiver_of(judgement, judgement.violations):
            rows += ["", f"**To waive:** {_code(waiver)}"]
    title = f"{_mark(judgement)} {_html(name_of(judgement))}: {_found(judgement)}"
    return _folded(title, rows)


def _excused(verdicts: Verdicts, setting: Setting) -> Iterator[str]:
    """Yield what does not count, folded away."""
    rows = [
        _item(
            _place(each.violation, setting),
            _code(name_of(judgement)),
            f"{_prose(what_of(each.violation))}: {_prose(excuse_of(each))}",
        )
        for judgement in verdicts.judgements
        for each in judgement.excused
    ]
    if rows:
        yield _folded(f"{count(len(rows), 'violation')} excused", list(_items(rows)))


def _diagnostics(verdicts: Verdicts, setting: Setting) -> Iterator[str]:
    """Yield what is wrong with the decisions themselves, folded away."""
    rows = []
    for each in verdicts.diagnostics:
        span = each.span
        at = _link(span.path, span.line, setting) if span else ""
        rows.append(_item(at, f"{each.severity} {each.code}: {_prose(each.message)}"))
    if rows:
        title = f"{count(len(rows), 'diagnostic')} of the decisions"
        yield _folded(title, list(_items(rows)))


# --- pieces --------------------------------------------------------------------------------------


def _item(*parts: str) -> str:
    return "- " + " ".join(part for part in parts if part)


def _items(rows: Iterable[str]) -> Iterator[str]:
    """Yield as many items as somebody reads, and count the others."""
    rows = list(rows)
    yield from rows[:_MOST_ROWS]
    if len(rows) > _MOST_ROWS:
        yield f"- and {len(rows) - _MOST_ROWS:,} more"


def _folded(title: str, rows: Sequence[str]) -> str:
    """Return a section that opens when it is asked for; `title` is HTML."""
    return "\n".join([f"<details><summary>{title}</summary>", "", *rows, "", "</details>"])


def _code(text: str) -> str:
    return in_code(_clip(safe(text)))


def _html(text: str) -> str:
    """Return a text as code where a code span would not do: in a cell, and in a summary."""
    shown = _PUNCTUATION.sub(lambda match: f"&#{ord(match[0])};", _clip(safe(text)))
    return f"<code>{shown}</code>"


def _place(
    finding: Violation | NotEvaluated, setting: Setting, form: Callable[[str], str] = _code
) -> str:
    if finding.path is None:
        return ""
    line = finding.place.line if finding.place else None
    label = form(finding.path + (f":{line}" if line else ""))
    return f"[{label}]({_url(finding.path, line, setting)})"


def _link(path: str, line: int, setting: Setting) -> str:
    return f"[{_code(f'{path}:{line}')}]({_url(path, line, setting)})"


def _url(path: str, line: int | None, setting: Setting) -> str:
    return setting.links + uri_of(setting.style.show(path)) + (f"#L{line}" if line else "")


def _prose(text: str) -> str:
    """Return a text with code spans as Markdown that says it, and no more than that."""
    parts = spans_of(_clip(text.strip()))
    shown = "".join(in_code(safe(part)) if is_code else _plain(part) for part, is_code in parts)
    return _MARKUP_AT_START.sub(r"\1\\\2", shown)


def _plain(text: str) -> str:
    """Return a text without markup, HTML, and links to people and issues that nobody meant."""
    parts = _REFERENCE.split(safe(text).replace("&", "&amp;"))
    return _NOTHING.join(_MARKUP.sub(r"\\\1", part) for part in parts)


def _clip(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
