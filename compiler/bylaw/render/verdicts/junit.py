"""Verdicts as a JUnit report: a suite for each decision, a test case for each constraint."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from bylaw.check.verdict import Judgement, NotEvaluated, Verdicts, Violation
from bylaw.diagnostics import Diagnostic, Severity
from bylaw.render.characters import safe
from bylaw.render.text import count
from bylaw.render.verdicts import DEFAULT, Lines, Setting
from bylaw.render.verdicts.phrases import (
    by_decision,
    excuse_of,
    fails,
    instead_of,
    sentence_of,
    severity_of,
    what_of,
)


@dataclass(frozen=True, slots=True)
class _Case:
    """A test case; `element` is what it says in the report, where it has not simply passed."""

    group: str
    name: str
    element: str | None = None
    message: str = ""
    body: str = ""

    def rows(self) -> Iterator[str]:
        """Yield the case's rows."""
        head = f"    <testcase{_attributes(classname=self.group, name=self.name)}"
        if self.element is None and not self.body:
            yield f"{head}/>"
            return
        yield f"{head}>"
        if self.element is not None:
            attributes = {} if self.element == "skipped" else {"type": self.element}
            attributes["message"] = self.message
            start = f"{self.element}{_attributes(**attributes)}"
            yield f"      <{start}>{_text(self.body)}</{self.element}>"
        else:
            yield f"      <system-out>{_text(self.body)}</system-out>"
        yield "    </testcase>"


def junit(verdicts: Verdicts, lines: Lines, setting: Setting = DEFAULT) -> str:  # noqa: ARG001 - a Render
    """Return the report; a violated SHOULD passes with output, unless the run is strict."""
    suites = [("bylaw", [_of_diagnostic(each, setting) for each in verdicts.diagnostics])]
    for decision, judgements in by_decision(verdicts):
        title = " ".join(decision.title.split())
        name = decision.id + ("@base" if judgements[0].by == "base" else "")
        suites.append(
            (f"{name}: {title}", [_of_judgement(name, each, setting) for each in judgements])
        )
    suites = [(name, cases) for name, cases in suites if cases]
    every = [case for _, cases in suites for case in cases]
    rows = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites{_counts('bylaw check', every)}>",
    ]
    for name, cases in suites:
        rows.append(f"  <testsuite{_counts(name, cases, skipped=True)}>")
        rows += (row for case in cases for row in case.rows())
        rows.append("  </testsuite>")
    rows.append("</testsuites>")
    return "\n".join(rows)


def _of_judgement(group: str, judgement: Judgement, setting: Setting) -> _Case:
    name = judgement.scoped.constraint.id
    span = judgement.scoped.constraint.span
    body = [sentence_of(judgement), f"decided at {setting.style.show(span.path)}:{span.line}"]
    if instead := instead_of(judgement):
        body.append(f"help: {instead}")
    body += (_violation_line(each, setting) for each in judgement.violations)
    body += (_not_evaluated_line(each, setting) for each in judgement.not_evaluated)
    body += (
        f"{_violation_line(each.violation, setting)} ({excuse_of(each)})"
        for each in judgement.excused
    )
    text = "\n".join(body)
    if judgement.violations:
        first = _violation_line(judgement.violations[0], setting)
        noun = "violation" if severity_of(judgement) == Severity.ERROR else "warning"
        message = f"{count(len(judgement.violations), noun)}: {first}"
        if judgement.failing or setting.strict:
            return _Case(group, name, "failure", message, text)
        # What was found must not hide what could not be looked at.
        if not judgement.not_evaluated:
            return _Case(group, name, body=f"{message}\n{text}")
    if judgement.not_evaluated:
        reason = judgement.not_evaluated[0].reason
        return _Case(group, name, "skipped", f"not evaluated: {reason}", text)
    return _Case(group, name, body=text if judgement.excused else "")


def _of_diagnostic(diagnostic: Diagnostic, setting: Setting) -> _Case:
    at = ""
    if span := diagnostic.span:
        at = f" {setting.style.show(span.path)}:{span.line}:{span.column}"
    text = "\n".join(
        part for part in (diagnostic.message, diagnostic.note, diagnostic.help) if part
    )
    name = f"{diagnostic.code}{at}"
    if fails(diagnostic, setting):
        return _Case("diagnostics", name, "failure", diagnostic.message, text)
    return _Case("diagnostics", name, body=text)


def _violation_line(violation: Violation, setting: Setting) -> str:
    return f"{_at(violation, setting)}{what_of(violation)}"


def _not_evaluated_line(finding: NotEvaluated, setting: Setting) -> str:
    return f"{_at(finding, setting)}not evaluated: {finding.reason}"


def _at(finding: Violation | NotEvaluated, setting: Setting) -> str:
    if finding.path is None:
        return ""
    place = f"{finding.place.line}:{finding.place.column}: " if finding.place else " "
    return f"{setting.style.show(finding.path)}:{place}"


def _counts(name: str, cases: Sequence[_Case], *, skipped: bool = False) -> str:
    elements = [case.element for case in cases]
    numbers = {
        "tests": str(len(cases)),
        "failures": str(elements.count("failure")),
        "errors": "0",
    }
    if skipped:
        numbers["skipped"] = str(elements.count("skipped"))
    return _attributes(name=name, **numbers)


def _attributes(**values: str) -> str:
    return "".join(f' {name}="{_text(value, " ")}"' for name, value in values.items())


def _text(text: str, line_end: str = "\n") -> str:
    """Return a text as XML 1.0 can hold it: all that it cannot is among what is not safe."""
    return escape(line_end.join(safe(line) for line in text.split("\n")))
