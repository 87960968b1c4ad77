"""The target `json`: the constraint set, for whatever program wants to read it.

`constraints.json` holds the decisions that are compiled, their constraints and their guidance, one
to a line, so that a change of one constraint is a change of one line. A constraint is its node of
the intermediate representation without the places of its parts, and what the compiler found out
about it: its scope as globs and as regular expressions, its place, and how truly each target says
it. A field at its default (`null`, `[]`, `false`, `named: true`) is left out. Nothing in it depends
on the day but which decisions, waivers and permissions are in force: `from` and `until` are there
to be read. Its JSON Schema is `bylaw schema constraint-set`.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, get_args

from bylaw.diagnostics import Report, Span
from bylaw.globs import to_regex
from bylaw.ir import Decision, Node, Permission
from bylaw.scope import Area, ScopedConstraint, ScopedDecision, ScopedProgram
from bylaw.target import Artifact, Fidelity, Fragment, Trace

FORMAT = "bylaw/constraint-set"
VERSION = 1
"""The version of the constraint set's form; it grows when a reader has to change."""

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

# Control and invisible characters are shown as escapes; lone surrogates are no Unicode text.
_HIDDEN = re.compile(
    "[\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f"
    "\u205f-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")

_OMITTED = (None, (), False, True)
_SKIPPED = frozenset(("statement",))


class Json:
    """The constraint set."""

    name = "json"
    version = 2

    def compile(self, decision: ScopedDecision) -> Fragment:
        """Write one decision, its constraints and its guidance as lines of JSON."""
        node = decision.decision
        constraints = [encode(_constraint(c, decision)) for c in decision.constraints]
        guidance = [
            encode({"decision": node.id, **plain(item), "provenance": _provenance(item.span, node)})
            for item in decision.guidance
        ]
        # A permission may wait for its day, and what other targets answer may change with a
        # constraint's own days.
        dated = (
            any(c.waivers or c.permissions for c in decision.constraints)
            or any(isinstance(statement, Permission) for statement in node.statements)
            or any(
                decision.fidelity and (c.constraint.from_ or c.constraint.until)
                for c in decision.constraints
            )
        )
        return Fragment(
            {c.constraint.id: Fidelity("exact", rules=(c.full_id,)) for c in decision.constraints},
            (
                encode(_decision(node, proposed=decision.proposed)),
                ",\n".join(constraints),
                ",\n".join(guidance),
                int(dated),
                tuple(decision.constraints[0].tests) if decision.constraints else (),
            ),
        )

    def assemble(
        self,
        program: ScopedProgram,
        fragments: Sequence[Fragment],
        report: Report,  # noqa: ARG002 - the protocol's
    ) -> Iterable[Artifact]:
        """Join the lines of all decisions."""
        decisions, constraints, guidance, dated = [], [], [], False
        tests: tuple[str, ...] = ()
        for fragment in fragments:
            decision, some, advice, waived, globs = _payload(fragment)
            tests = tests or globs
            decisions.append(decision)
            constraints += [some] if some else []
            guidance += [advice] if advice else []
            dated = dated or bool(waived)
        text = (
            f'{{"format":"{FORMAT}","schema_version":{VERSION},\n'
            f"{_layout(program, tests)}"
            f'"decisions":[{_lines(decisions)}],\n'
            f'"constraints":[{_lines(constraints)}],\n'
            f'"guidance":[{_lines(guidance)}]}}\n'
        )
        change = program.next_change if dated else None
        yield Artifact("constraints.json", text.encode(), change.isoformat() if change else None)

    def trace(
        self,
        program: ScopedProgram,  # noqa: ARG002 - the protocol's
        fragments: Sequence[Fragment],  # noqa: ARG002 - the protocol's
        artifact: Artifact,
    ) -> Iterator[Trace]:
        """Yield the line of each constraint and of each piece of guidance."""
        section = ""
        for number, line in enumerate(artifact.data.decode().split("\n"), 1):
            if line.startswith('"'):
                section = line
            elif line.startswith("{") and section in _TRACED:
                entry = json.loads(line.removesuffix(","))
                yield Trace(_TRACED[section](entry), number, number)


def _advice(entry: dict[str, Any]) -> str:
    """Return how a trace names a piece of guidance."""
    if "id" in entry:
        return f"{entry['decision']}/{entry['id']}"
    return f"{entry['decision']}@{entry['provenance']['line']}"


_TRACED: Mapping[str, Callable[[dict[str, Any]], str]] = {
    '"constraints":[': lambda entry: str(entry["id"]),
    '"guidance":[': _advice,
}
"""By the line that opens a list, whose entries each have one line: what an entry is called."""


def _payload(fragment: Fragment) -> tuple[str, str, str, int, tuple[str, ...]]:
    return fragment.payload  # type: ignore[return-value] # as written above


def _layout(program: ScopedProgram, tests: tuple[str, ...]) -> str:
    """Return what the configuration says of the tree, without which no area can be told again."""
    layout: dict[str, object] = {}
    if program.facts.configured:
        layout["source_roots"] = program.facts.source_roots
    if tests:
        layout["tests"] = tests
    return f'"layout":{encode(layout)},\n' if layout else ""


def _lines(parts: list[str]) -> str:
    return "\n" + ",\n".join(parts) + "\n" if parts else ""


def encode(value: object) -> str:
    """Return a value as JSON on one line, with escapes for what a reader cannot see."""
    text = _ENCODE(value)
    if text.isascii():
        return text.replace("\x7f", "\\u007f") if "\x7f" in text else text
    return _HIDDEN.sub(_escape, _SURROGATE.sub("\ufffd", text))


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1] if match[0] != "\x7f" else "\\u007f"


# --- the parts ---------------------------------------------------------------------------------


def _decision(node: Decision, *, proposed: bool) -> dict[str, object]:
    entry: dict[str, object] = {
        "id": node.id,
        "path": node.path,
        "number": node.number,
        "title": node.title,
        "status": node.status.meaning,
        "status_raw": node.status.raw,
    }
    if proposed:
        entry["proposed"] = True
    for field in ("dates", "people", "relations"):
        if values := getattr(node, field):
            entry[field] = [plain(value) for value in values]
    entry["sha256"] = node.digest
    return entry


def _constraint(scoped: ScopedConstraint, decision: ScopedDecision) -> dict[str, object]:
    node = scoped.constraint
    entry: dict[str, object] = {
        "id": scoped.full_id,
        "decision": decision.decision.id,
        "kind": node.kind,
        "shape": node.shape,
        "severity": node.severity,
        "modal": node.modal,
        "sentence": node.sentence,
    }
    for name, value in plain(node).items():
        entry.setdefault(name, value)
    if decision.proposed:
        entry["proposed"] = True
    entry["scope"] = _scope(scoped.area)
    if scoped.languages:
        entry["languages"] = scoped.languages
    if scoped.waivers:
        entry["waivers"] = [{**plain(w), "place": _place(w.span)} for w in scoped.waivers]
    if scoped.permissions:
        entry["permissions"] = [{**plain(p), "place": _place(p.span)} for p in scoped.permissions]
    entry["fidelity"] = fidelity(decision, scoped)
    entry["provenance"] = _provenance(node.span, decision.decision)
    return entry


def fidelity(decision: ScopedDecision, scoped: ScopedConstraint) -> dict[str, object]:
    """Return what each target compiled before said of a constraint, by target."""
    found: dict[str, object] = {}
    for target in sorted(decision.fidelity):
        answer = decision.fidelity[target].get(scoped.constraint.id)
        if isinstance(answer, Fidelity):
            entry: dict[str, object] = {"level": answer.level}
            if answer.reason is not None:
                entry["reason"] = answer.reason
            if answer.errs is not None:
                entry["errs"] = answer.errs
            if answer.rules:
                entry["rules"] = answer.rules
            found[target] = entry
    return found


def _scope(area: Area) -> dict[str, object]:
    parts = (("include", area.include), ("within", area.within), ("exclude", area.exclude))
    return {
        part: [{"glob": glob, "regex": _regex(glob)} for glob in globs]
        for part, globs in parts
        if globs
    }


@cache
def _regex(glob: str) -> str:
    return to_regex(glob)


def _provenance(span: Span, decision: Decision) -> dict[str, object]:
    return {**_place(span), "sha256": decision.digest}


def _place(span: Span) -> dict[str, object]:
    return {
        "path": span.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "offset": span.offset,
        "end_offset": span.end_offset,
    }


# --- nodes -------------------------------------------------------------------------------------


def plain(node: Node) -> dict[str, Any]:
    """Return a node as plain values, without spans and without what is at its default."""
    values = node.__dict__
    out: dict[str, Any] = {}
    for name, key, droppable, default in _plan(type(node)):
        value = values[name]
        if droppable and (value is default or (type(value) is tuple and not value)):
            continue
        if isinstance(value, tuple):
            value = [plain(v) if isinstance(v, Node) else v for v in value]
        elif isinstance(value, Node):
            value = plain(value)
        elif isinstance(value, date):
            value = value.isoformat()
        out[key] = value
    return out


@cache
def _plan(cls: type[Node]) -> tuple[tuple[str, str, bool, object], ...]:
    """Return name, key, whether it may be left out, and the default of each field to write."""
    return tuple(
        (name, name.rstrip("_"), _omissible(field.default), field.default)
        for name, field in cls.model_fields.items()
        if name not in _SKIPPED and not holds_span(field.annotation)
    )


def _omissible(default: object) -> bool:
    return any(default is value for value in _OMITTED) or default == ()


def holds_span(annotation: object) -> bool:
    """Tell whether a field's type is a span, or a span or None."""
    return annotation is Span or Span in get_args(annotation)
