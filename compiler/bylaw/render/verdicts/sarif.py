"""Verdicts as a SARIF 2.1.0 log, for code scanning and viewers.

A rule is a constraint and a taxon its decision; a result lies in the code and points at the
decision's line; what does not count is a suppressed result, and what could not be evaluated a
notification of a run that has not succeeded.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import to_json

from bylaw import __version__
from bylaw.check.verdict import Excused, Judgement, NotEvaluated, Verdicts, Violation
from bylaw.diagnostics import Diagnostic, Span
from bylaw.facts.model import Place
from bylaw.render.json import well_formed
from bylaw.render.verdicts import DEFAULT, Lines, Setting
from bylaw.render.verdicts.phrases import (
    by_decision,
    excuse_of,
    fails,
    instead_of,
    message_of,
    name_of,
    page_of,
    sentence_of,
    severity_of,
    status_of,
    uri_of,
    waiver_of,
)

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

_ROOT = "%SRCROOT%"
_TAXONOMY = "decisions"
_NOT_EVALUATED = "not-evaluated"

_LONGEST_SNIPPET = 1000
"""Characters of code in a result; what is longer is no help there."""

Node = dict[str, Any]


def sarif(verdicts: Verdicts, lines: Lines, setting: Setting = DEFAULT) -> str:
    """Return the log of one run."""
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [_Log(verdicts, lines, setting).run()],
    }
    return to_json(well_formed(log), indent=2).decode()


@dataclass(frozen=True)
class _Log:
    """One log in the making."""

    verdicts: Verdicts
    lines: Lines
    setting: Setting
    _seen: Counter[str] = field(default_factory=Counter)

    def run(self) -> Node:
        """Return the one run."""
        return {
            "tool": {"driver": self._driver()},
            "taxonomies": [{"name": _TAXONOMY, "taxa": self._taxa()}],
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {_ROOT: {"description": {"text": "The checkout's root."}}},
            "invocations": [self._invocation()],
            "results": [
                result
                for index, judgement in enumerate(self.verdicts.judgements)
                for result in self._results(index, judgement)
            ],
        }

    # --- what was asked ---------------------------------------------------------------------------

    def _driver(self) -> Node:
        return {
            "name": "bylaw",
            "version": __version__,
            "supportedTaxonomies": [{"name": _TAXONOMY, "index": 0}],
            "rules": [self._rule(judgement) for judgement in self.verdicts.judgements],
            "notifications": [
                {
                    "id": _NOT_EVALUATED,
                    "shortDescription": {"text": "A constraint has no verdict."},
                },
                *({"id": code} for code in sorted({d.code for d in self.verdicts.diagnostics})),
            ],
        }

    def _taxa(self) -> list[Node]:
        """Return the decisions, each once."""
        taxa: dict[str, Node] = {}
        for decision, _ in by_decision(self.verdicts):
            taxa.setdefault(
                decision.id,
                {
                    "id": decision.id,
                    "shortDescription": {"text": decision.title or decision.id},
                    "properties": {"path": decision.path},
                },
            )
        return list(taxa.values())

    def _rule(self, judgement: Judgement) -> Node:
        constraint = judgement.scoped.constraint
        advice = [instead_of(judgement), f"Decided at {constraint.span}."]
        rule: Node = {
            "id": name_of(judgement),
            "name": constraint.id,
            "shortDescription": {"text": sentence_of(judgement)},
            "help": {"text": "\n".join(line for line in advice if line)},
            "defaultConfiguration": {"level": str(severity_of(judgement))},
            "relationships": [
                {
                    "target": {"id": judgement.decision, "toolComponent": {"name": _TAXONOMY}},
                    "kinds": ["superset"],
                }
            ],
            "properties": {
                "decision": judgement.decision,
                "adr": str(constraint.span),
                "outcome": judgement.outcome,
                "by": judgement.by,
                "tags": [judgement.decision, constraint.kind],
            },
        }
        if page := page_of(judgement, self.setting):
            rule["helpUri"] = page
        if constraint.because:
            rule["fullDescription"] = {"text": f"Because {constraint.because}."}
        return rule

    # --- what could not be done -------------------------------------------------------------------

    def _invocation(self) -> Node:
        """Return how the run went."""
        execution = [
            self._notification(index, judgement, each)
            for index, judgement in enumerate(self.verdicts.judgements)
            for each in judgement.not_evaluated
        ]
        return {
            "executionSuccessful": self._successful,
            "exitCode": status_of(self.verdicts, self.setting),
            "toolExecutionNotifications": execution,
            "toolConfigurationNotifications": [
                self._diagnostic(each) for each in self.verdicts.diagnostics
            ],
        }

    @property
    def _successful(self) -> bool:
        """Whether everything that was to be judged was judged."""
        judgements = self.verdicts.judgements
        return (
            bool(judgements)
            and not any(judgement.not_evaluated for judgement in judgements)
            and not any(fails(each, self.setting) for each in self.verdicts.diagnostics)
        )

    def _notification(self, index: int, judgement: Judgement, finding: NotEvaluated) -> Node:
        text = f"not evaluated: {finding.reason}: {sentence_of(judgement)}"
        if finding.help:
            text += f"\nhelp: {finding.help}"
        return {
            "descriptor": {"id": _NOT_EVALUATED, "index": 0},
            "associatedRule": {"id": name_of(judgement), "index": index},
            "level": "error",
            "message": {"text": text},
            "locations": [self._location(judgement, finding)],
        }

    def _diagnostic(self, diagnostic: Diagnostic) -> Node:
        text = diagnostic.message
        text += f": {diagnostic.note}" if diagnostic.note else ""
        text += f"\nhelp: {diagnostic.help}" if diagnostic.help else ""
        notification: Node = {
            "descriptor": {"id": diagnostic.code},
            "level": str(diagnostic.severity),
            "message": {"text": text},
        }
        if diagnostic.span:
            notification["locations"] = [{"physicalLocation": self._of_span(diagnostic.span)}]
        return notification

    # --- what was found ---------------------------------------------------------------------------

    def _results(self, index: int, judgement: Judgement) -> Iterator[Node]:
        for violation in judgement.violations:
            yield self._result(index, judgement, violation)
        for excused in judgement.excused:
            result = self._result(index, judgement, excused.violation)
            result["suppressions"] = [self._suppression(excused)]
            yield result

    def _result(self, index: int, judgement: Judgement, violation: Violation) -> Node:
        # The same thing twice in one file has one fingerprint; viewers want them told apart.
        self._seen[violation.fingerprint] += 1
        fingerprint = f"{violation.fingerprint}:{self._seen[violation.fingerprint]}"
        strict = self.setting.strict
        properties = {
            "decision": judgement.decision,
            "detail": violation.detail,
            "note": violation.note,
            "operand": violation.operand,
            "found": violation.found,
            "waiver": waiver_of(judgement, [violation]),
        }
        return {
            "ruleId": name_of(judgement),
            "ruleIndex": index,
            "level": "error" if strict else str(severity_of(judgement)),
            "message": {"text": message_of(judgement, violation)},
            "locations": [self._location(judgement, violation)],
            "relatedLocations": self._related(judgement, violation),
            # GitHub tracks a result by the second name only.
            "partialFingerprints": {
                "bylaw/v1": fingerprint,
                "primaryLocationLineHash": fingerprint,
            },
            "properties": {name: value for name, value in properties.items() if value is not None},
        }

    def _suppression(self, excused: Excused) -> Node:
        suppression: Node = {
            "kind": "inSource" if excused.excuse == "suppressed" else "external",
            "status": "accepted",
            "justification": excuse_of(excused),
            "properties": {"excuse": excused.excuse},
        }
        if excused.waiver:
            suppression["location"] = {"physicalLocation": self._of_span(excused.waiver.span)}
        return suppression

    # --- places -----------------------------------------------------------------------------------

    def _location(self, judgement: Judgement, finding: Violation | NotEvaluated) -> Node:
        """Return a finding's place; that of the sentence where it has none.

        GitHub rejects a log in which one result lies nowhere.
        """
        if finding.path is None:
            return {"physicalLocation": self._of_span(judgement.scoped.constraint.span)}
        return {"physicalLocation": self._physical(finding.path, finding.place)}

    def _related(self, judgement: Judgement, violation: Violation) -> list[Node]:
        constraint = judgement.scoped.constraint
        places = [(self._of_span(constraint.span), f"decided by {judgement.decision}")]
        places += [
            (self._physical(each.path, each.place), each.message) for each in violation.steps
        ]
        return [
            {"id": number, "physicalLocation": place, "message": {"text": text}}
            for number, (place, text) in enumerate(places, 1)
        ]

    def _of_span(self, span: Span) -> Node:
        return {
            "artifactLocation": self._artifact(span.path),
            "region": _region((span.line, span.column, span.end_line, span.end_column)),
        }

    def _physical(self, path: str, place: Place | None) -> Node:
        if place is None:
            # GitHub and DefectDojo want a line even of a whole file.
            return {"artifactLocation": self._artifact(path), "region": {"startLine": 1}}
        region = _region(place)
        snippet = _code(self.lines(path) or (), place)
        if snippet:
            region["snippet"] = {"text": snippet}
        return {"artifactLocation": self._artifact(path), "region": region}

    def _artifact(self, path: str) -> Node:
        return {"uri": uri_of(self.setting.style.show(path)), "uriBaseId": _ROOT}


def _region(place: tuple[int, int, int, int]) -> Node:
    line, column, end_line, end_column = place
    return {
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
    }


def _code(lines: Sequence[str], place: Place) -> str:
    """Return what stands at a place, or nothing where it is too long to be shown."""
    shown = list(lines[place.line - 1 : place.end_line])
    if not shown or sum(map(len, shown)) > _LONGEST_SNIPPET:
        return ""
    shown[-1] = shown[-1][: place.end_column - 1]
    shown[0] = shown[0][place.column - 1 :]
    return "\n".join(shown)
