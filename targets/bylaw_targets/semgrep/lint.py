"""What Semgrep accepts without a word though it makes a rule mean nothing, found offline."""

import re
from collections.abc import Iterator
from typing import Any

from bylaw_targets.semgrep.identity import ALPHABET

_RULE_KEYS = frozenset(
    {"id", "languages", "severity", "message", "metadata", "paths", "options", "fix"}
)
_OPERATORS = frozenset({"pattern", "patterns", "pattern-either", "pattern-regex"})
_INSIDE_PATTERNS = _OPERATORS | {
    "pattern-not",
    "pattern-inside",
    "pattern-not-inside",
    "pattern-not-regex",
    "metavariable-regex",
    "metavariable-pattern",
    "focus-metavariable",
}
_OPTIONS = frozenset({"constant_propagation", "implicit_deep_exprstmt"})
_SEVERITIES = frozenset({"ERROR", "WARNING", "INFO"})
_LANGUAGES = frozenset({"go", "java", "javascript", "python", "regex", "typescript"})
_SHARED = ({"typescript", "javascript"},)

_METAVARIABLE = re.compile(r"\$(?:\.\.\.)?([A-Z_][A-Z_0-9]*)")
_CAPTURE = re.compile(r"\(\?P?<([A-Z_][A-Z_0-9]*)>")


def lint_rules(data: object) -> list[str]:
    """Return every fault of a rule file that was read as YAML, each naming its rule."""
    if not isinstance(data, dict) or set(data) != {"rules"}:
        return ["the file is not a mapping with the one key `rules`"]
    faults: list[str] = []
    seen: set[str] = set()
    for number, rule in enumerate(data["rules"]):
        name = str(rule.get("id", f"rule {number}")) if isinstance(rule, dict) else f"rule {number}"
        if not isinstance(rule, dict):
            faults.append(f"{name}: it is not a mapping")
            continue
        if name in seen:
            faults.append(f"{name}: the id occurs twice")
        seen.add(name)
        faults += [f"{name}: {fault}" for fault in _rule(rule)]
    return faults


def _rule(rule: dict[str, Any]) -> Iterator[str]:
    for key in sorted(set(rule) - _RULE_KEYS - _OPERATORS):
        yield f"unknown key `{key}`"
    for key in ("id", "languages", "severity", "message"):
        if not rule.get(key):
            yield f"no `{key}`"
    if not ALPHABET.fullmatch(str(rule.get("id", ""))):
        yield "the id has characters that Semgrep refuses"
    if rule.get("severity") not in _SEVERITIES:
        yield "the severity is none that every Semgrep reports"
    languages = set(rule.get("languages", ()))
    for language in sorted(languages - _LANGUAGES):
        yield f"unknown language `{language}`"
    if len(languages) > 1 and languages not in _SHARED:
        yield "the languages do not share their patterns"
    for key in sorted(set(rule.get("options", {})) - _OPTIONS):
        yield f"unknown option `{key}`"
    operators = [key for key in rule if key in _OPERATORS]
    if len(operators) != 1:
        yield "there is not exactly one operator"
        return
    yield from _paths(rule.get("paths", {}))
    formula = {operators[0]: rule[operators[0]]}
    yield from _formula(formula)
    bound = _bound(formula)
    yield from _unbound(formula, bound)
    loose = set(_METAVARIABLE.findall(rule.get("fix", ""))) - bound
    loose.update(_METAVARIABLE.findall(rule.get("message", "")))
    for name in sorted(loose):
        yield f"`${name}` is written out, and no pattern binds it"


def _paths(paths: dict[str, Any]) -> Iterator[str]:
    for key in sorted(set(paths) - {"include", "exclude"}):
        yield f"unknown key `{key}` in `paths`"
    for key in ("include", "exclude"):
        if key in paths and not paths[key]:
            yield f"`paths.{key}` is empty"
        for path in paths.get(key, ()):
            if not path.startswith("/"):
                yield f"the path `{path}` is not anchored"
            if "{" in path or path.startswith("!"):
                yield f"the path `{path}` means nothing to Semgrep"


def _formula(node: dict[str, Any], inside: bool = False) -> Iterator[str]:
    """Check one operator and what is nested in it; `inside` a list of `patterns`."""
    allowed = _INSIDE_PATTERNS if inside else _OPERATORS
    for key, value in node.items():
        if key not in allowed:
            yield f"`{key}` stands where Semgrep does not read it"
        elif key == "patterns":
            if not any(_positive(item) for item in value):
                yield "`patterns` has only negative terms"
            for item in value:
                yield from _formula(item, inside=True)
        elif key == "pattern-either":
            for item in value:
                yield from _formula(item)
        elif key in ("pattern-regex", "pattern-not-regex"):
            yield from _regex(value)
        elif key in ("metavariable-regex", "metavariable-pattern"):
            yield from _condition(key, value)
        elif isinstance(value, dict):
            yield from _formula(value)


def _condition(key: str, value: dict[str, Any]) -> Iterator[str]:
    if key == "metavariable-regex":
        if set(value) != {"metavariable", "regex"}:
            yield "`metavariable-regex` has other keys than its two"
        regex = str(value.get("regex", ""))
        if not regex.startswith("^"):
            yield f"the regex `{regex}` does not say where it starts; Semgrep anchors it there"
        yield from _regex(regex)
        return
    if not set(value) <= {"metavariable", "language"} | _OPERATORS:
        yield "`metavariable-pattern` has unknown keys"
    yield from _formula({k: v for k, v in value.items() if k in _OPERATORS})


def _positive(item: dict[str, Any]) -> bool:
    return any(key in _OPERATORS or key == "pattern-inside" for key in item)


def _regex(regex: str) -> Iterator[str]:
    for control in ("\b", "\f", "\v"):
        if control in regex:
            yield f"the regex `{regex!r}` holds a control character where an escape was meant"


def _bound(node: object) -> set[str]:
    """Return the metavariables that positive patterns bind."""
    if isinstance(node, list):
        return set().union(*map(_bound, node)) if node else set()
    if not isinstance(node, dict):
        return set()
    found: set[str] = set()
    for key, value in node.items():
        if key in ("pattern-not", "pattern-not-inside", "pattern-not-regex"):
            continue
        if key in ("pattern", "pattern-inside") and isinstance(value, str):
            found.update(_METAVARIABLE.findall(value))
        elif key == "pattern-regex":
            found.update(_CAPTURE.findall(value))
        elif key in ("patterns", "pattern-either", "pattern-inside"):
            found |= _bound(value)
    return found


def _unbound(node: object, bound: set[str]) -> Iterator[str]:
    """Find conditions on metavariables that nothing binds where they stand."""
    if isinstance(node, list):
        for item in node:
            yield from _unbound(item, bound)
        return
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        if key in ("metavariable-regex", "metavariable-pattern"):
            yield from _missing(value["metavariable"], bound)
        elif key == "focus-metavariable":
            yield from _missing(value, bound)
        elif (
            key in ("pattern-not", "pattern-not-inside") and isinstance(value, dict)
        ) or key == "patterns":
            yield from _unbound(value, bound | _bound(value))
        else:
            yield from _unbound(value, bound)


def _missing(metavariable: str, bound: set[str]) -> Iterator[str]:
    name = metavariable.removeprefix("$...").removeprefix("$")
    if name not in bound:
        yield f"a condition is on `{metavariable}`, and no pattern binds it"
