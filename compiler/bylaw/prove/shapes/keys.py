"""Programs for keys: configuration files in which a key has a value, another one, or none."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from operator import eq

from bylaw import ir
from bylaw.prove.case import NO_LINES, Draft
from bylaw.prove.names import expression, fitting, unfitting
from bylaw.prove.shapes.stage import Stage

_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def write(path: str, segments: tuple[str, ...], value: object) -> str | None:
    """Return a file in the notation that a path's name says, with one key; None for others."""
    name = path.rpartition("/")[2]
    ending = name[name.rfind(".") :]
    parts = [part for part in segments if part != "[]"]
    if "[]" in segments or "**" in parts:
        return None
    parts = ["part" if part == "*" else part for part in parts]
    if ending == ".toml":
        return _toml(parts, value)
    if ending in (".yml", ".yaml"):
        return _yaml(parts, value)
    if ending == ".json":
        nested: object = value
        for part in reversed(parts):
            nested = {part: nested}
        return json.dumps(nested, indent=2) + "\n"
    if name.startswith(".env") and len(parts) == 1 and isinstance(value, str | int):
        return f"{parts[0]}={value}\n"
    if ending in (".ini", ".cfg") and len(parts) == 2 and isinstance(value, str | int):
        return f"[{parts[0]}]\n{parts[1]} = {value}\n"
    if ending == ".py" and len(parts) == 1 and parts[0].isidentifier():
        return f"{parts[0]} = {value!r}\n"
    return None


def _toml(parts: list[str], value: object) -> str:
    named = [part if part and set(part) <= _BARE else json.dumps(part) for part in parts]
    table = f"[{'.'.join(named[:-1])}]\n" if named[:-1] else ""
    return f"{table}{named[-1]} = {json.dumps(value)}\n"


def _yaml(parts: list[str], value: object) -> str:
    lines = [f"{'  ' * depth}{json.dumps(part)}:" for depth, part in enumerate(parts)]
    lines[-1] += f" {json.dumps(value)}"
    return "\n".join(lines) + "\n"


def keys(stage: Stage) -> Iterator[Draft]:
    """Make programs for every predicate of keys."""
    constraint = stage.constraint
    subject = constraint.subject
    if not isinstance(subject, ir.KeysSubject):
        return
    segments = subject.keys[0].segments
    if len(subject.keys) > 1 and constraint.modal == "must" and not subject.each:
        return
    for title, value, keeps in _values(constraint):
        text = write(stage.path, segments, value)
        if text is not None:
            yield _draft(title, text, stage, keeps)
    missing_keeps = subject.each or constraint.modal != "must"
    above = segments[:-1] if "*" in segments[:-1] and segments[-1] != "*" else ()
    aside = write(stage.path, (*above, "something_else"), 1)
    if aside is None or ("*" in segments and not above):
        return
    yield _draft("has another key only", aside, stage, missing_keeps)


def _draft(title: str, text: str, stage: Stage, keeps: bool) -> Draft:
    return Draft(title, text, NO_LINES if keeps else None, stage.path)


def _values(constraint: ir.Constraint) -> Iterator[tuple[str, object, bool]]:
    """Yield values, and whether they keep the constraint."""
    must = constraint.modal == "must"
    if isinstance(constraint, ir.KeyBound):
        yield from _bounds(constraint)
    elif isinstance(constraint, ir.KeyValue):
        if constraint.shape == "key-exist":
            yield "is there", 1, must
        elif constraint.shape == "key-contain":
            wanted = [operand.text for operand in constraint.values]
            some = wanted if constraint.quantifier == "all" else wanted[:1]
            yield "holds it", some, must
            yield "holds something else", ["something else"], not must
        else:
            yield from _texts(constraint, must)


def _texts(constraint: ir.KeyValue, must: bool) -> Iterator[tuple[str, object, bool]]:
    literals = [v.text for v in constraint.values if isinstance(v, ir.LiteralText)]
    tests: list[Callable[[str], bool]] = [partial(eq, one) for one in literals]
    for value in constraint.values:
        if isinstance(value, ir.Regex):
            test = expression(value.text)
            if test is None:
                return
            tests.append(test)
    if constraint.quantifier == "all" and len(tests) > 1:
        return
    fits = fitting(tests, literals)
    other = unfitting(tests, ("something else",))
    if fits is not None:
        yield "has such a value", _typed(fits), must
    if other is not None:
        yield "has another value", other, not must


def _typed(text: str) -> object:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.isdecimal() and text == str(int(text)) else text


def _bounds(constraint: ir.KeyBound) -> Iterator[tuple[str, object, bool]]:
    text = constraint.value.text
    head, _, tail = text.rpartition(".")
    if not tail.isdecimal():
        return
    below = f"{head}.{int(tail) - 1}" if head else str(int(tail) - 1)
    above = f"{head}.{int(tail) + 1}" if head else str(int(tail) + 1)
    least = constraint.bound == "at-least"
    yield "is the bound", _typed(text), True
    if int(tail) > 0:
        yield "is below the bound", _typed(below), not least
    yield "is above the bound", _typed(above), least


def equal(stage: Stage) -> Iterator[Draft]:
    """Let a key equal another one, and differ from it."""
    constraint = stage.a(ir.KeyEqual)
    subject = constraint.subject
    if not isinstance(subject, ir.KeysSubject) or constraint.path.text == stage.path:
        return
    other = write(constraint.path.text, constraint.key.segments, "1.2.3")
    for title, value, keeps in (("is the same", "1.2.3", True), ("differs", "1.2.4", False)):
        text = write(stage.path, subject.keys[0].segments, value)
        if text is not None and other is not None:
            lines = NO_LINES if keeps else None
            yield Draft(title, text, lines, stage.path, {constraint.path.text: other})
