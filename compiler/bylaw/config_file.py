"""The configuration's file, `bylaw.toml` or `[tool.bylaw]`: found, read, and its faults told."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bylaw.config import TAKES, TARGETS, Config, covers
from bylaw.diagnostics import Code, Label, Report, Severity, Span
from bylaw.globs import matcher
from bylaw.source import BOM, Source
from bylaw.toml import KeyPath, Place, TooLargeError, parse, places

TWO_CONFIGURATIONS = Code("BL910", "two-configurations", Severity.ERROR)
NOT_TOML = Code("BL911", "configuration-not-toml", Severity.ERROR)
UNKNOWN_KEY = Code("BL912", "unknown-configuration-key", Severity.ERROR)
BAD_VALUE = Code("BL913", "bad-configuration-value", Severity.ERROR)
BAD_OUTPUT = Code("BL914", "bad-output-folder", Severity.ERROR)
FORBIDDEN_ALLOW = Code("BL915", "forbidden-allow", Severity.ERROR)

IDLE_ADRS = Code("BL916", "adrs-without-files", Severity.WARNING)

FILE = "bylaw.toml"
PYPROJECT = "pyproject.toml"

_MOST_FAULTS = 50
"""Whoever has more of one sort learns nothing from the others."""


@dataclass(frozen=True)
class _File:
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


def load(
    read: Callable[[str], bytes | None],
    report: Report,
    targets: Callable[[], Collection[str]] | None = None,
) -> Config:
    """Return the configuration of the folder that `read` reads, or the defaults where it has none.

    `read` takes a file's name and returns its bytes, or None where there is no such file;
    `targets` names all targets, and is asked only where one is named that is not built in. What is
    wrong goes into `report`; such keys keep their default.
    """
    file = _find(read, report)
    if file is None:
        return Config()
    table = dict(file.table)
    unknown = [key for key in table if key not in TAKES]
    for index, key in enumerate(unknown):
        if index < _MOST_FAULTS:
            _report_unknown(file, key, report)
        del table[key]
    config = _validate(file, table, report)
    others = not set(config.targets) <= set(TARGETS)
    _check_targets(file, config, targets() if targets and others else (), report)
    _check_output(file, config, report)
    if config.allow:
        _check_allow(file, config, report)
    return config


def configures(pyproject: bytes) -> bool:
    """Return whether a `pyproject.toml` holds our table; a broken one that names us counts."""
    if b"bylaw" not in pyproject:
        return False
    try:
        tool = parse(pyproject.decode("utf-8")).get("tool")
    except (ValueError, TooLargeError):
        return b"tool.bylaw" in pyproject
    return isinstance(tool, dict) and "bylaw" in tool


def report_idle_adrs(
    read: Callable[[str], bytes | None], config: Config, paths: Iterable[str], report: Report
) -> None:
    """Report each entry of `adrs` in which none of the files that were taken for ADRs lies."""
    paths = list(paths)
    for index, entry in enumerate(config.adrs):
        matches = matcher((entry,))
        if not any(matches(path) for path in paths):
            file = _find(read, Report())
            report.add(
                IDLE_ADRS,
                f"`{entry}` in `adrs` holds no ADR",
                file.span(("adrs", index)) if file else None,
                help="name a folder that holds some; what git ignores is not seen",
            )


def _find(read: Callable[[str], bytes | None], report: Report) -> _File | None:
    own, shared = read(FILE), read(PYPROJECT)
    ours = None
    if shared is not None and b"bylaw" in shared:
        # Beside a `bylaw.toml`, a broken `pyproject.toml` is somebody else's trouble.
        source = Source(PYPROJECT, shared)
        parsed = _parse(source, Report() if own is not None else report)
        tool = parsed.get("tool") if parsed else None
        if isinstance(tool, dict) and "bylaw" in tool:
            ours = _File(source, ("tool", "bylaw"), tool)
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
    table = _parse(source, report)
    return _File(source, (), table) if table is not None else None


def _table(file: _File, report: Report) -> _File | None:
    table = file.table["bylaw"]
    if isinstance(table, dict):
        return _File(file.source, file.prefix, table)
    report.add(
        BAD_VALUE, "`tool.bylaw` must be a table", file.span(()), help="write `[tool.bylaw]`"
    )
    return None


def _parse(source: Source, report: Report) -> dict[str, Any] | None:
    at = source.undecodable
    if at is not None:
        before = source.data[:at].decode("utf-8", errors="replace")
        line = before.count("\n")
        column = len(before.rpartition("\n")[2].removeprefix("\ufeff"))
        span = _line_end(source, line, column)
        report.add(NOT_TOML, f"`{source.path}` is not UTF-8", span, note="this byte")
        return None
    try:
        return parse(source.data.removeprefix(BOM).decode("utf-8"))
    except TooLargeError:
        report.add(NOT_TOML, f"`{source.path}` is too large or too deep to be a configuration")
    except ValueError as error:
        message, span = _toml_fault(str(error), source)
        report.add(NOT_TOML, f"`{source.path}` is not TOML", span, note=message)
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


def _report_unknown(file: _File, key: str, report: Report) -> None:
    near = get_close_matches(key.replace("_", "-").lower(), TAKES, n=1)
    if near:
        advice = f"did you mean `{near[0]}`?"
    elif key in {"tool", "bylaw"} and isinstance(file.table[key], dict):
        advice = f"in `{file.source.path}` the keys stand at the top, under no table"
    else:
        advice = "the keys are " + ", ".join(f"`{name}`" for name in TAKES)
    report.add(
        UNKNOWN_KEY, f"unknown configuration key `{_short(key)}`", file.span((key,)), help=advice
    )


def _validate(file: _File, table: dict[str, Any], report: Report) -> Config:
    """Return the configuration without the keys that are wrong, each of which is reported."""
    try:
        return Config.model_validate(table)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False)
    for index, error in enumerate(errors):
        if index < _MOST_FAULTS:
            _report_invalid(file, error, report)
        table.pop(str(error["loc"][0]), None)
    return Config.model_validate(table)


def _report_invalid(file: _File, error: ErrorDetails, report: Report) -> None:
    location: KeyPath = error["loc"]
    key = str(location[0])
    context = error.get("ctx", {})
    code = BAD_OUTPUT if key == "output" else BAD_VALUE
    if key == "allow" and error["type"] == "bylaw":
        code = FORBIDDEN_ALLOW
    if error["type"] == "bylaw":
        what = f"`{_short(str(error['input']))}` in " if error["input"] else "an entry of "
        message = f"{what if key != 'suppressions' else ''}`{key}` {context['message']}"
        advice = str(context["advice"])
    elif len(location) > 1:
        message = f"`{key}` takes a list of strings, and this is {_sort(error['input'])}"
        advice = f"it takes {TAKES[key]}"
    elif _sort(error["input"]) == _EXPECTED_SORT.get(key, "a list"):
        message = f"`{key}` cannot be {_show(error['input'])}"
        advice = f"it takes {TAKES[key]}"
    else:
        message = f"`{key}` cannot be {_sort(error['input'])}"
        advice = f"it takes {TAKES[key]}"
        if isinstance(error["input"], str) and _EXPECTED_SORT.get(key) is None:
            advice = f'it takes a list; write `{key} = ["{_short(error["input"])}"]`'
    report.add(code, message, file.value_span(location), help=advice)


_EXPECTED_SORT = {
    "output": "a string",
    "default-status": "a string",
    "strict": "a boolean",
    "main-branch": "a string",
    "baseline": "a string",
    "max-file-bytes": "a number",
}


def _sort(value: object) -> str:
    """Return what TOML calls a value."""
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, int):
        return "a number"
    if isinstance(value, float):
        return "a number with a point"
    if isinstance(value, list):
        return "a list"
    return "a table" if isinstance(value, dict) else "a date"


def _show(value: object) -> str:
    if isinstance(value, list):
        return "an empty list" if not value else "this list"
    return (
        f"`{_short(str(value))}`"
        if not isinstance(value, int) or abs(value) < 10**30
        else "this large"
    )


def _short(text: str) -> str:
    """Return text as it fits into a message."""
    return text if len(text) <= 80 else text[:79] + "…"


def _check_targets(file: _File, config: Config, known: Collection[str], report: Report) -> None:
    for index, name in enumerate(config.targets[:_MOST_FAULTS]):
        span = file.span(("targets", index)) if "targets" in file.table else None
        if known and name not in known:
            near = get_close_matches(name, known, n=1)
            report.add(
                BAD_VALUE,
                f"unknown target `{_short(name)}`",
                span,
                help=f"did you mean `{near[0]}`?"
                if near
                else "the targets are " + ", ".join(f"`{each}`" for each in known),
            )
        elif name in config.targets[:index]:
            report.add(BAD_VALUE, f"target `{_short(name)}` is named twice", span, help="drop one")


def _check_output(file: _File, config: Config, report: Report) -> None:
    """Report an output folder that is, or lies around, one in which people write."""
    for key, folders in (("adrs", config.adrs), ("source-roots", config.source_roots)):
        for index, folder in enumerate(folders):
            if folder and (folder + "/").startswith(config.output + "/"):
                place = file.span((key, index))
                report.add(
                    BAD_OUTPUT,
                    f"output folder `{config.output}` holds `{folder}`, which people write in",
                    file.value_span(("output",)),
                    labels=[Label(place, "is named here")] if place else [],
                    help="name a folder of its own, as in `.bylaw`",
                )


def _check_allow(file: _File, config: Config, report: Report) -> None:
    from bylaw.codes import known  # noqa: PLC0415 - it imports every stage

    codes = known()
    for index, entry in enumerate(config.allow[:_MOST_FAULTS]):
        covered = [code for number, code in codes.items() if covers(entry, number)]
        span = file.span(("allow", index))
        if not covered:
            near = get_close_matches(entry, codes, n=1, cutoff=0.7)
            report.add(
                FORBIDDEN_ALLOW,
                f"unknown code `{entry}`",
                span,
                help=f"did you mean `{near[0]}`?" if near else "`bylaw explain` lists the codes",
            )
        elif all(code.severity is Severity.ERROR for code in covered):
            slug = f", {covered[0].slug}," if len(covered) == 1 else ""
            report.add(
                FORBIDDEN_ALLOW,
                f"`{entry}`{slug} is an error and cannot be allowed",
                span,
                help="mend what it reports; only warnings and notes can be allowed",
            )
