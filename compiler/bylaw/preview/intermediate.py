"""The intermediate representation of one decision, as readable JSON."""

from collections.abc import Iterator, Mapping
from datetime import date

from bylaw.diagnostics import Span
from bylaw.ir import Decision, Node
from bylaw.preview.model import Output, StatementView
from bylaw.target import Trace
from bylaw_targets.json import encode

NAME = "ir"
"""What stands where other outputs have a target."""

_WIDTH = 88
"""Characters up to which a value stands on one line."""

_FIRST = ("statement", "id", "kind", "shape", "severity", "modal", "sentence")
"""What a statement says first; its other fields follow in the order of its class."""


def intermediate(decision: Decision, views: tuple[StatementView, ...]) -> Output:
    """Return the nodes of a decision, each statement's lines marked; `views` are of the same.

    Keys have the order of the node's class. Places are `line:column-line:column`, the end one past
    the last character. What is empty, or as it usually is, is left out.
    """
    lines = ["{"]
    head = {name: value for name, value in _fields(decision) if name != "statements"}
    for name, value in head.items():
        lines += f"  {encode(name)}: {_written(_plain(value), 1)},".split("\n")
    lines.append('  "statements": [' + ("" if decision.statements else "]"))
    marks = []
    for number, (statement, view) in enumerate(zip(decision.statements, views, strict=True), 1):
        first = len(lines) + 1
        fields = dict(_fields(statement))
        ordered = {name: fields[name] for name in _FIRST if name in fields} | fields
        comma = "," if number < len(views) else ""
        lines += f"    {_written(_plain(ordered), 2, opened=True)}{comma}".split("\n")
        marks.append(Trace(view.key, first, len(lines)))
    lines += ["  ]", "}", ""] if decision.statements else ["}", ""]
    return Output(NAME, f"{decision.id}.ir.json", "\n".join(lines), tuple(marks), configured=False)


def _fields(node: Node) -> Iterator[tuple[str, object]]:
    """Yield the fields of a node that say something, places last."""
    fields = type(node).model_fields
    for name in sorted(fields, key=lambda name: name.endswith("span")):
        value = getattr(node, name)
        is_usual = isinstance(value, bool) and value is fields[name].default
        if value is not None and value != () and not is_usual:
            yield name.rstrip("_"), value


def _plain(value: object) -> object:
    """Return a value as JSON knows it, spans as one word."""
    if isinstance(value, Span):
        return f"{value.line}:{value.column}-{value.end_line}:{value.end_column}"
    if isinstance(value, Node):
        return {name: _plain(each) for name, each in _fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _written(value: object, depth: int, *, opened: bool = False) -> str:
    """Return a plain value as JSON, on one line where it is short and need not be `opened`."""
    short = _on_one_line(value)
    if not isinstance(value, dict | list) or not value:
        return short
    if not opened and len(short) + 2 * depth <= _WIDTH:
        return short
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, dict):
        parts = [f"{encode(name)}: {_written(each, depth + 1)}" for name, each in value.items()]
        opening, closing = "{", "}"
    else:
        parts = [_written(each, depth + 1) for each in value]
        opening, closing = "[", "]"
    return f"{opening}\n{inner}" + f",\n{inner}".join(parts) + f"\n{outer}{closing}"


def _on_one_line(value: object) -> str:
    if isinstance(value, dict):
        parts = (f"{encode(name)}: {_on_one_line(each)}" for name, each in value.items())
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_on_one_line, value)) + "]"
    return encode(value)
