"""`contract.json`: the contract for programs that start, watch and end the work of agents.

It says what the pages say, for the whole repository and per class, and in addition what becomes of
a verdict. Its JSON Schema is `bylaw schema contract`. All of it is ASCII, so nothing in it hides.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from bylaw_targets.agents.clause import Clause
from bylaw_targets.agents.contract import EVERY, Contract, Part, Standing, standings
from bylaw_targets.agents.phrases import is_unchecked

FORMAT = "bylaw/contract"
VERSION = 1
"""The version of the form; it grows when a reader has to change."""

_DISPOSITIONS = {
    "violated-must": "abort",
    "violated-should": "warn",
    "not-evaluated": "wait",
    "approval-missing": "wait",
    "budget-passed": "abort",
    "unclaimed-path": "abort",
}
"""What becomes of a verdict, where no level of autonomy says otherwise: nothing passes in silence.

`wait` is for a person.
"""

_CLAIMS = {
    "kinds": ["create", "edit", "read", "commands"],
    "unclaimed": "reject",
}
"""What a task says before it starts, and what becomes of a path that it has not claimed."""

_CHORES = {"command-pass": "done", "ci-run": "ci", "agent-run": "always"}

Json = dict[str, Any]


def contract_json(root: Contract, clauses: Sequence[Clause]) -> bytes:
    """Return the machine's form of the contract of a whole repository."""
    parts: Json = {
        "format": FORMAT,
        "schema_version": VERSION,
        "classes": [_class(each) for each in standings(root)],
        "constraints": [_constraint(each) for each in clauses],
        "checks": [_check(each) for each in clauses if each.shape in _CHORES],
        "reads": [_read(each) for each in clauses if each.shape == "agent-read"],
        "budgets": [_budget(each) for each in clauses if each.shape == "agent-limit"],
        "autonomy": [_level(each) for each in clauses if each.shape == "agent-autonomy"],
        "approvals": [_approval(each) for each in clauses if each.shape == "approve"],
        "claims": _CLAIMS,
        "dispositions": _DISPOSITIONS,
    }
    # An entry of a list stands on one line, so that a changed sentence is a changed line.
    lines = [f"{json.dumps(key)}: {_value(value)}" for key, value in parts.items()]
    return ("{" + ",\n".join(lines) + "}\n").encode("ascii")


def _value(value: object) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(map(_encoded, value)) + "\n]"
    return _encoded(value)


def _encoded(value: object) -> str:
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("\x7f", "\\u007f")


def _constraint(clause: Clause) -> Json:
    entry: Json = {
        "id": clause.id,
        "severity": clause.severity,
        "kind": clause.kind,
        "shape": clause.shape,
        "modal": clause.modal,
        "sentence": clause.sentence,
    }
    if clause.instead:
        entry["instead"] = clause.instead
    if clause.because:
        entry["because"] = clause.because
    if clause.withheld:
        entry["withheld"] = True
    if clause.allowed:
        entry["permitted"] = [text or None for text in clause.allowed]
    if clause.waived:
        entry["waived"] = [
            {"until": until, "places": places, "ticket": ticket}
            for until, places, ticket in clause.waived
        ]
    return entry | {
        "scope": _scope(clause),
        "checked": {
            "check": None if clause.needs == "-" else clause.needs,
            "exactly": clause.exact,
            "partly": clause.partly,
            "unchecked": is_unchecked(clause),
        },
        "path": clause.path,
        "line": clause.line,
    }


def _scope(clause: Clause) -> Json:
    parts = (
        ("include", clause.include),
        ("within", clause.inside),
        ("exclude", clause.exclude),
    )
    return {part: globs for part, globs in parts if globs}


def _bound(clause: Clause) -> Json:
    """Return the id of a sentence about work, its weight, and whom it binds where."""
    return {
        "id": clause.id,
        "severity": clause.severity,
        "classes": clause.classes,
        "scope": _scope(clause),
    }


def _check(clause: Clause) -> Json:
    return _bound(clause) | {
        "when": clause.when if clause.shape == "agent-run" else _CHORES[clause.shape],
        "commands": clause.words,
        "all": bool(clause.every),
        "forbidden": clause.modal == "must-not",
    }


def _read(clause: Clause) -> Json:
    return _bound(clause) | {
        "files": clause.words,
        "all": bool(clause.every),
        "before": clause.globs,
    }


def _budget(clause: Clause) -> Json:
    return _bound(clause) | {"unit": clause.unit, "at_most": clause.number}


def _level(clause: Clause) -> Json:
    return _bound(clause) | {"level": clause.words[0]}


def _approval(clause: Clause) -> Json:
    return _bound(clause) | {
        "approvers": clause.words,
        "count": clause.number,
        "all": bool(clause.every),
    }


def _class(standing: Standing) -> Json:
    return {
        "name": None if standing.name == EVERY else standing.name,
        "only": _parts(standing.only),
        "forbidden": _parts(standing.never),
        "owns": _parts(standing.owned),
        "collaborates": _parts(standing.shared),
        "defers": ["decisions", "waivers", "approvals"],
    }


def _parts(parts: Iterable[Part]) -> list[Json]:
    return [
        {"globs": part.globs}
        | {key: value for key, value in _bound(part.clause).items() if key != "classes"}
        for part in parts
    ]
