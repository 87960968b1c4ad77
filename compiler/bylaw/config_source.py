"""Where a configuration stands: the file, its table, and the place of each key in it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bylaw.diagnostics import Code, Report, Severity, Span
from bylaw.source import BOM, Source
from bylaw.toml import KeyPath, Place, TooLargeError, parse, places

TWO_CONFIGURATIONS = Code("BL910", "two-configurations", Severity.ERROR)
NOT_TOML = Code("BL911", "configuration-not-toml", Severity.ERROR)
BAD_VALUE = Code("BL913", "bad-configuration-value", Severity.ERROR)

FILE = "bylaw.toml"
PYPROJECT = "pyproject.toml"


@dataclass(frozen=True)
class File:
    """A configuration file: its source, and the keys under which our table stands."""

    source: Source
    prefix: tuple[str, ...]
    table: Mapping[str, Any]

    @cached_property
    def _places(self) -> dict[KeyPath, Place]:
        return places(self.source.text)

    def span(self, path: KeyPath) -> Span | None:
        """Return where a key stands, or an element of a list."""
        place = self._places.get((*self.prefix, *path))
        return _span(self.source, *(place.key or place.value)) if place else None

    def value_span(self, path: KeyPath) -> Span | None:
        """Return where the value of a key stands, or its key where the value has several lines."""
        place = self._places.get((*self.prefix, *path))
        if place is None:
            return None
        value = _span(self.source, *place.value)
        return value if value.line == value.end_line else self.span(path)


def configures(pyproject: bytes) -> bool:
    """Return whether a `pyproject.toml` holds our table; a broken one that names us counts."""
    if b"bylaw" not in pyproject:
        return False
    try:
        tool = parse(pyproject.decode("utf-8")).get("tool")
    except (ValueError, TooLargeError):
        return b"tool.bylaw" in pyproject
    return isinstance(tool, dict) and "bylaw" in tool


def tables_differ(before: bytes, after: bytes) -> bool:
    """Return whether two texts of a `pyproject.toml` hold different tables of ours."""
    try:
        tools = [parse(text.decode("utf-8")).get("tool") for text in (before, after)]
    except (ValueError, TooLargeError):
        return True
    old, new = (tool.get("bylaw") if isinstance(tool, dict) else None for tool in tools)
    return bool(old != new)


def find_file(read: Callable[[str], bytes | None], report: Report) -> File | None:
    """Return the file that holds the configuration; what is wrong with it goes into `report`."""
    own, shared = read(FILE), read(PYPROJECT)
    ours = None
    if shared is not None and b"bylaw" in shared:
        # Beside a `bylaw.toml`, a broken `pyproject.toml` is somebody else's trouble.
        source = Source(PYPROJECT, shared)
        parsed = parse_table(source, Report() if own is not None else report)
        tool = parsed.get("tool") if parsed else None
        if isinstance(tool, dict) and "bylaw" in tool:
            ours = File(source, ("tool", "bylaw"), tool)
    if own is None:
        return _table(ours, report) if ours else None
    source = Source(FILE, own)
    if ours:
        there = ours.span(())
        report.add(
            TWO_CONFIGURATIONS,
            f"`{FILE}` and `[tool.bylaw]` in `{PYPROJECT}` are both configurations",
            there,
            help=f"keep one of them; `{FILE}` was read",
        )
    table = parse_table(source, report)
    return File(source, (), table) if table is not None else None


def _table(file: File, report: Report) -> File | None:
    table = file.table["bylaw"]
    if isinstance(table, dict):
        return File(file.source, file.prefix, table)
    report.add(
        BAD_VALUE, "`tool.bylaw` must be a table", file.span(()), help="write `[tool.bylaw]`"
    )
    return None


def parse_table(
    source: Source, report: Report, code: Code = NOT_TOML, what: str = "a configuration"
) -> dict[str, Any] | None:
    """Return what a TOML file holds; where it is none, report that under a code."""
    at = source.undecodable
    if at is not None:
        before = source.data[:at].decode("utf-8", errors="replace")
        line = before.count("\n")
        column = len(before.rpartition("\n")[2].removeprefix("\ufeff"))
        span = _line_end(source, line, column)
        report.add(code, f"`{source.path}` is not UTF-8", span, note="this byte")
        return None
    try:
        return parse(source.data.removeprefix(BOM).decode("utf-8"))
    except TooLargeError:
        report.add(code, f"`{source.path}` is too large or too deep to be {what}")
    except ValueError as error:
        message, span = _toml_fault(str(error), source)
        report.add(code, f"`{source.path}` is not TOML", span, note=message)
    return None


def _toml_fault(text: str, source: Source) -> tuple[str, Span | None]:
    """Split tomllib's message, `Invalid value (at line 3, column 8)`, into clause and place."""
    match = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", text, re.S)
    if match is None:
        return "a number or a date in it cannot be read", None
    message = match[1][:1].lower() + match[1][1:]
    if match[2] is None:
        line = max(i for i, text in enumerate(source.lines) if text.strip() or i == 0)
        return message, _line_end(source, line, len(source.lines[line].rstrip()))
    return message, _line_end(source, int(match[2]) - 1, int(match[3]) - 1)


def _line_end(source: Source, line: int, column: int) -> Span | None:
    """Return the span of one character, or of the place behind the line's last one."""
    if line >= len(source.lines):
        return None
    length = len(source.lines[line])
    column = min(column, length)
    return source.span(line, column, line, min(column + 1, length))


def _span(source: Source, start: int, end: int) -> Span:
    """Return the span of a range of characters of `source.text`."""
    first, last = source.text.count("\n", 0, start), source.text.count("\n", 0, end)
    return source.span(
        first,
        start - (source.text.rfind("\n", 0, start) + 1),
        last,
        end - (source.text.rfind("\n", 0, end) + 1),
    )
