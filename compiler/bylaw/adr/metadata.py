"""All that an ADR says about itself, in one record."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from bylaw.adr.fields import read_record
from bylaw.adr.inline_text import plain_text
from bylaw.adr.markdown import Document
from bylaw.adr.names import DATE_NAMES, PEOPLE_NAMES
from bylaw.adr.numbers import decision_id, number_of, stem_of
from bylaw.adr.record import Field, Record, section_name
from bylaw.adr.relations import read_relations
from bylaw.adr.status import normalise, read_status
from bylaw.config import Config
from bylaw.diagnostics import Code, Report, Severity, Span
from bylaw.ir import DatedEvent, Person, Relation, Status
from bylaw.source import Source

PLACEHOLDER = Code("BL064", "placeholder-text", Severity.WARNING)
IMPOSSIBLE_DATE = Code("BL068", "impossible-date", Severity.WARNING)
UNCLEAR_DATE = Code("BL069", "unclear-date", Severity.NOTE)
NUMBER_MISMATCH = Code("BL070", "number-mismatch", Severity.WARNING)
NO_TITLE = Code("BL071", "no-title", Severity.WARNING)
NO_DECISION_HEADING = Code("BL072", "no-decision-heading", Severity.NOTE)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The fields of `ir.Decision` but for its path, digest and statements."""

    id: str
    number: int | None
    title: str
    title_span: Span | None
    status: Status
    dates: tuple[DatedEvent, ...]
    people: tuple[Person, ...]
    relations: tuple[Relation, ...]

    def fields(self) -> dict[str, Any]:
        """Return the fields by name, as `ir.Decision` takes them."""
        return {name: getattr(self, name) for name in self.__slots__}


def read_metadata(document: Document, config: Config, report: Report) -> Metadata:
    """Read the metadata of a decision; what is missing or unclear becomes a diagnostic."""
    source = document.source
    record = read_record(document)
    report.extend(record.diagnostics)
    number, title, title_span = _read_title(document, record, report)
    _check_decision_heading(document, report)
    return Metadata(
        id=decision_id(source.path),
        number=number,
        title=title,
        title_span=title_span,
        status=read_status(record, source, config, report),
        dates=_read_dates(record, source, report),
        people=_read_people(record, source, report),
        relations=read_relations(document, record),
    )


# --- title and number --------------------------------------------------------------------------

_TITLE_NUMBER = re.compile(
    r"""\[?(?:
        (?:(?P<family>(?:[A-Z][A-Za-z]{0,11}-){0,3}(?:ADR|adr|Adr|RFC|[A-Z]{2,10}))[\s_#-]*
           (?P<marked>\d{1,6}|[nNxX]{1,4}\b)\]?\s*(?:[:.—–-]+\s+|:\s*|\s+|$))
        |(?:(?P<plain>\d{1,5}|[nN]{1,4}|[xX]{3,4})\]?(?:[.:)]\s*|\s+[-—–:]\s+|[—–:]\s*))
    )""",
    re.VERBOSE,
)
_TITLE_WORDS = re.compile(
    r"(?:architecture|architectural|design)?\s*decision\s+record\s*(?:\(ADR\)\s*)?(?P<number>\d+)?\s*"
    r"[:—–-]\s*|adr\s*[:—–-]\s+",
    re.IGNORECASE,
)
_PLACEHOLDER_NUMBER = re.compile(r"[nNxX]+")


def split_title(text: str) -> tuple[str | None, str]:
    """Split a heading into its number as written, if it has one, and its title."""
    words = _TITLE_WORDS.match(text)
    number = None
    if words is not None and words.end() < len(text):
        number = words["number"]
        text = text[words.end() :]
    match = _TITLE_NUMBER.match(text)
    if match is not None and match.end() < len(text):
        number = match["marked"] or match["plain"]
        text = text[match.end() :]
    text = text.strip()
    if text.startswith("[") and text.endswith("]") and text.count("[") == 1:
        text = text[1:-1].strip()
    return number, text


def _read_title(
    document: Document, record: Record, report: Report
) -> tuple[int | None, str, Span | None]:
    source = document.source
    stem = stem_of(source.path)
    number = number_of(stem)[1]
    heading = record.title
    named = record.named(frozenset({"title", "decision title"}))
    if heading is not None:
        span = _heading_span(document, heading.line)
        raw, title = split_title(heading.text)
        bare, _, words = title.partition(" ")
        if raw is None and words and bare.isdigit() and int(bare) == number:
            # `# 23 Logging` in `0023-logging.md`; without the file's word it could be `3 tiers`.
            title = words.strip()
    elif named:
        span = named[0].span(source)
        raw, title = split_title(plain_text(named[0].value))
    elif record.lines and record.lines[0].text.startswith("#"):
        # `#7. Title` without its space is no heading to Markdown, and a title to its author.
        span = record.lines[0].span(source)
        raw, title = split_title(plain_text(record.lines[0].text.lstrip("#")))
    else:
        report.add(
            NO_TITLE,
            "no title; the file's name stands in",
            source.line_span(0),
            help="add a heading `# …` that says what was decided",
        )
        return number, stem, None
    if raw is not None and raw.isdigit():
        if number is not None and int(raw) != number:
            report.add(
                NUMBER_MISMATCH,
                f"the heading's number {int(raw)} is not {number}, the file's",
                span,
                note="the path is the decision's identity",
                help="give both the same number",
            )
        number = int(raw) if number is None else number
    elif raw is not None and _PLACEHOLDER_NUMBER.fullmatch(raw):
        _report_placeholder(f"the number `{raw}` in the heading", span, report)
    if _is_placeholder_title(title):
        _report_placeholder(f"the title `{title[:60]}`", span, report)
    return number, title or stem, span


def _heading_span(document: Document, line: int) -> Span:
    source = document.source
    raw = source.lines[line]
    start = len(raw) - len(raw.lstrip(" "))
    marks = len(raw[start:]) - len(raw[start:].lstrip("#"))
    text = raw[start + marks :] if marks <= 6 else raw[start:]
    begin = len(raw) - len(text.lstrip())
    end = max(begin, len(raw.rstrip(" \t#" if marks else " \t")))
    return source.span(line, begin, line, end)


_PLACEHOLDER_TITLE = re.compile(
    r"[\[{<][^\]}>]*\btitle\b[^\]}>]*[\]}>]?|title|short (?:descriptive )?title|adr title"
    r"|number\. title|your title here"
    r"|(?:adr|architecture decision record|decision record)?\s*template",
    re.IGNORECASE,
)


def _is_placeholder_title(title: str) -> bool:
    return _PLACEHOLDER_TITLE.fullmatch(title.strip()) is not None


def _report_placeholder(what: str, span: Span, report: Report) -> None:
    report.add(
        PLACEHOLDER,
        f"{what} is a template's placeholder",
        span,
        help="fill it in, or delete the line",
    )


def _check_decision_heading(document: Document, report: Report) -> None:
    for heading in document.headings:
        if "decision" in heading.text.lower() and heading.level > 1:
            return
        if section_name(heading).startswith(_DECISION_WORDS):
            return
    report.add(
        NO_DECISION_HEADING,
        "no section says what was decided",
        document.source.line_span(0),
        help="name that section `Decision`, so that readers and tools find it",
    )


_DECISION_WORDS = ("decision", "resolution", "outcome", "solution", "constraints")


# --- dates -------------------------------------------------------------------------------------

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_DAY_FIRST = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s-]+([A-Za-z]{3,9})\.?,?[\s-]+(\d{4})\b"
)
_MONTH_FIRST = re.compile(r"\b([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
_PLACEHOLDER_DATE = re.compile(
    r"y{2,4}[-/]?m|dd/mm|today|insert|current date|date of|\{|\[", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Found:
    """Year, month and day as written; `ambiguous` where day and month cannot be told apart."""

    start: int
    end: int
    year: int
    month: int
    day: int
    ambiguous: bool = False


def _find_date(text: str) -> _Found | None:
    match = _ISO.search(text)
    if match:
        return _Found(*match.span(), int(match[1]), int(match[3]), int(match[4]))
    match = _COMPACT.search(text)
    if match:
        return _Found(*match.span(), int(match[1]), int(match[2]), int(match[3]))
    match = _DAY_FIRST.search(text)
    if match and match[2].lower() in _MONTHS:
        return _Found(*match.span(), int(match[3]), _MONTHS[match[2].lower()], int(match[1]))
    match = _MONTH_FIRST.search(text)
    if match and match[1].lower() in _MONTHS:
        return _Found(*match.span(), int(match[3]), _MONTHS[match[1].lower()], int(match[2]))
    match = _NUMERIC.search(text)
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    year = year + 2000 if year < 100 else year
    if first > 12 or (match[2] == "." and second <= 12):
        return _Found(*match.span(), year, second, first)
    ambiguous = second <= 12 and first != second
    return _Found(*match.span(), year, first, second, ambiguous)


def _read_dates(record: Record, source: Source, report: Report) -> tuple[DatedEvent, ...]:
    events: list[DatedEvent] = []
    for field in record.fields:
        if field.name in DATE_NAMES and field.value:
            event = _dated(field, field.name.replace(" ", "-"), source, report)
            if event is not None:
                events.append(event)
        elif field.name == "status" and any(c.isdigit() for c in field.value):
            # `Accepted 2023-05-11`: the day belongs to the status's own word.
            word = plain_text(field.value).split(" ", 1)[0].strip(",;:—").lower()
            found = _find_date(field.value)
            if found and word.isalpha() and normalise(word) != "unclear":
                event = _dated(field, word, source, report)
                if event is not None:
                    events.append(event)
    return tuple(events)


def _dated(field: Field, event: str, source: Source, report: Report) -> DatedEvent | None:
    found = _find_date(field.value)
    if found is None:
        if _PLACEHOLDER_DATE.search(field.value):
            _report_placeholder(
                f"the date `{plain_text(field.value)[:40]}`", field.span(source), report
            )
        else:
            _report_unclear_date(field, source, report)
        return None
    span = field.span(source)
    if field.place != "front matter":
        column = field.column + found.start
        span = source.span(field.line, column, field.line, field.column + found.end)
    if found.ambiguous:
        _report_unclear_date(field, source, report)
        return None
    try:
        day = date(found.year, found.month, found.day)
    except ValueError:
        written = field.value[found.start : found.end]
        report.add(
            IMPOSSIBLE_DATE,
            f"`{written}` is no day of the calendar",
            span,
            help="write the date as `YYYY-MM-DD`",
        )
        return None
    return DatedEvent(event=event, day=day, span=span)


def _report_unclear_date(field: Field, source: Source, report: Report) -> None:
    report.add(
        UNCLEAR_DATE,
        f"`{plain_text(field.value)[:40]}` does not name one day",
        field.span(source),
        help="write the date as `YYYY-MM-DD`",
    )


# --- people ------------------------------------------------------------------------------------

_SEPARATORS = re.compile(r"[,;]|\s+and\s+|\s+&\s+")
_PLACEHOLDER_PEOPLE = re.compile(
    r"\b(?:list|everyone|insert|person proposing|your name)\b", re.IGNORECASE
)


def _read_people(record: Record, source: Source, report: Report) -> tuple[Person, ...]:
    people: dict[tuple[str, str], Person] = {}
    for field in record.fields:
        if field.name not in PEOPLE_NAMES:
            continue
        role = field.name.replace(" ", "-")
        for name in _names(field, source, report):
            people.setdefault((role, name), Person(role=role, name=name))
    return tuple(people.values())


def _names(field: Field, source: Source, report: Report) -> list[str]:
    texts = list(field.items) or [field.value, *(line.text for line in field.rest)]
    if field.value.lstrip().startswith(("{", "[")) and _PLACEHOLDER_PEOPLE.search(field.value):
        _report_placeholder(f"`{plain_text(field.value)[:40]}`", field.span(source), report)
        return []
    names: list[str] = []
    for text in texts:
        names.extend(_SEPARATORS.split(plain_text(text)))
    cleaned = (name.strip(" \t{}[]\"'.") for name in names)
    return [name for name in cleaned if name and name.lower() not in {"n/a", "none", "-", "tbd"}]
