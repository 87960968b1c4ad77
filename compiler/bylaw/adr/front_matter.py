"""YAML front matter as entries with their places: no object is made, no alias followed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bylaw.adr.markdown import FrontMatter
from bylaw.diagnostics import Code, Report, Severity
from bylaw.source import Source

INVALID_FRONT_MATTER = Code("BL066", "invalid-front-matter", Severity.WARNING)
ALIAS_IN_FRONT_MATTER = Code("BL067", "alias-in-front-matter", Severity.WARNING)

# The real ones are below 4 kB; libyaml takes quadratic time on nested brackets.
_MAX_CHARACTERS = 65_536
_MAX_BRACKETS = 2_000

# YAML ends lines at these, Markdown does not; a space in their place keeps the line numbers.
_LINE_BREAKS = {0x85: " ", 0x2028: " ", 0x2029: " ", 0xFEFF: " "}


@dataclass(frozen=True, slots=True)
class Entry:
    """A top-level key: its value as text, the value's items, and the value's place (from 0).

    A mapping's or list's text is the source between its brackets, brackets included.
    """

    key: str
    text: str
    items: tuple[str, ...]
    line: int
    column: int
    end_line: int
    end_column: int


def read_front_matter(
    source: Source, front_matter: FrontMatter, report: Report
) -> tuple[Entry, ...] | None:
    """Return the top-level entries, or None with a diagnostic where the YAML is not valid."""
    text = front_matter.text
    if not text.isascii():
        text = text.translate(_LINE_BREAKS).encode("utf-8", "replace").decode("utf-8")
    fence = source.line_span(front_matter.line - 1)
    if len(text) > _MAX_CHARACTERS or text.count("[") + text.count("{") > _MAX_BRACKETS:
        report.add(
            INVALID_FRONT_MATTER,
            "front matter is too large to be metadata",
            fence,
            help="move everything but the metadata into the body",
        )
        return None
    import yaml  # noqa: PLC0415 - takes 10 ms, and most ADRs have no front matter

    try:
        events = list(yaml.parse(text, Loader=yaml.CSafeLoader))
    except (yaml.YAMLError, ValueError) as error:
        _report_fault(source, front_matter, error, report)
        return None
    return tuple(_Entries(source, front_matter, events, report))


def _report_fault(
    source: Source, front_matter: FrontMatter, error: Exception, report: Report
) -> None:
    mark = getattr(error, "problem_mark", None)
    # libyaml notices some faults only at the end; never point past the closing fence.
    line = min(mark.line if mark else 0, front_matter.end_line - front_matter.line)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None)
    report.add(
        INVALID_FRONT_MATTER,
        "front matter is not valid YAML",
        source.line_span(front_matter.line + line),
        note=str(problem) if problem else None,
        help="quote the value; until then the metadata is read from the body only",
    )


class _Entries:
    """Walks the flat list of events, so that no nesting is too deep."""

    def __init__(
        self, source: Source, front_matter: FrontMatter, events: list[Any], report: Report
    ) -> None:
        self.source = source
        self.first = front_matter.line
        self.events = events
        self.report = report

    def __iter__(self) -> Iterator[Entry]:
        events = self.events
        index = 2
        if len(events) < 3 or type(events[index]).__name__ != "MappingStartEvent":
            return
        index += 1
        while type(events[index]).__name__ != "MappingEndEvent":
            key = events[index]
            # A key that is itself a list or a mapping names nothing that we know.
            after_key = self._past(index)
            value = events[after_key]
            index = self._past(after_key)
            if type(key).__name__ == "ScalarEvent":
                yield self._entry(key.value, value, after_key, index)

    def _past(self, index: int) -> int:
        """Return the index after the node that starts at `index`."""
        depth = 0
        while True:
            name = type(self.events[index]).__name__
            if name in {"MappingStartEvent", "SequenceStartEvent"}:
                depth += 1
            elif name in {"MappingEndEvent", "SequenceEndEvent"}:
                depth -= 1
            index += 1
            if depth == 0:
                return index

    def _entry(self, key: str, value: Any, start: int, stop: int) -> Entry:
        last = self.events[stop - 1]
        line, column = value.start_mark.line + self.first, value.start_mark.column
        end_line, end_column = last.end_mark.line + self.first, last.end_mark.column
        end_line, end_column = self._trimmed(line, column, end_line, end_column)
        items = self._scalars(start, stop)
        if type(value).__name__ == "ScalarEvent":
            text = value.value.strip()
        elif type(value).__name__ == "AliasEvent":
            text = ""
        else:
            text = self._slice(line, column, end_line, end_column)
        return Entry(key, text, items, line, column, end_line, end_column)

    def _scalars(self, start: int, stop: int) -> tuple[str, ...]:
        found = []
        for event in self.events[start:stop]:
            name = type(event).__name__
            if name == "ScalarEvent" and event.value.strip():
                found.append(event.value.strip())
            elif name == "AliasEvent":
                line = event.start_mark.line + self.first
                self.report.add(
                    ALIAS_IN_FRONT_MATTER,
                    f"alias `*{event.anchor}` in front matter is not followed",
                    self.source.span(line, event.start_mark.column, line, event.end_mark.column),
                    help="write the value out",
                )
        return tuple(found)

    def _trimmed(self, line: int, column: int, end_line: int, end_column: int) -> tuple[int, int]:
        """Move the end back over blank text; libyaml ends a block after its last line break."""
        lines = self.source.lines
        while end_line > line:
            head = lines[end_line][:end_column].rstrip()
            if head:
                return end_line, len(head)
            end_line -= 1
            end_column = len(lines[end_line])
        return line, max(column, len(lines[line][:end_column].rstrip()))

    def _slice(self, line: int, column: int, end_line: int, end_column: int) -> str:
        lines = self.source.lines[line : end_line + 1]
        lines[-1] = lines[-1][:end_column]
        lines[0] = lines[0][column:]
        return " ".join(text.strip() for text in lines)
