"""What a file of an ADR folder is: a decision, or something else, told by what is in it."""

import re
from dataclasses import dataclass

from bylaw.adr.fields import read_record
from bylaw.adr.locate import OTHER_ENDINGS
from bylaw.adr.markdown import Document, parse_blocks
from bylaw.adr.names import DATE_NAMES, PEOPLE_NAMES, STATUS_NAMES
from bylaw.adr.numbers import MARKDOWN_ENDINGS
from bylaw.adr.record import Record, is_adr_section, section_name
from bylaw.adr.status import is_placeholder
from bylaw.config import Config
from bylaw.diagnostics import Code, Report, Severity, Span
from bylaw.ir import Disposition
from bylaw.source import BOM, Source

NOT_UTF8 = Code("BL001", "not-utf-8", Severity.ERROR)
TOO_LARGE = Code("BL002", "file-too-large", Severity.ERROR)
OTHER_FORMAT = Code("BL003", "other-format", Severity.WARNING)
DECISION_LOG = Code("BL004", "decision-log", Severity.WARNING)
EMPTY_FILE = Code("BL005", "empty-file", Severity.WARNING)
NOT_TEXT = Code("BL006", "not-text", Severity.NOTE)

# Every line can be a block; the longest real ADR has 1,800.
_MAX_LINES = 30_000
_MAX_TITLE = 400


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that is a decision, with its blocks."""

    document: Document


def inspect(source: Source, config: Config, report: Report) -> Candidate | Disposition:
    """Parse a file if it is a decision; otherwise say, with a diagnostic, what it is instead."""
    disposition, document = _dispose(source, config, report)
    if disposition == "decision" and document is not None:
        return Candidate(document)
    return disposition


def _dispose(source: Source, config: Config, report: Report) -> tuple[Disposition, Document | None]:
    fault = _check_bytes(source, config, report)
    if fault is not None:
        return fault, None
    document = parse_blocks(source)
    disposition = classify(document)
    if disposition == "log":
        report.add(
            DECISION_LOG,
            "several decisions in one file are not compiled",
            source.line_span(0),
            help="give each decision a file of its own",
        )
    elif disposition == "other-format":
        report.add(
            NOT_TEXT,
            "a file without ending that is no ADR is not compiled",
            source.line_span(0),
            help="end its name in `.md` if it is one",
        )
    return disposition, document


def _check_bytes(source: Source, config: Config, report: Report) -> Disposition | None:
    """Return what a file is that cannot be read as Markdown, or None."""
    size = len(source.data)
    if source.path.lower().endswith(OTHER_ENDINGS):
        ending = source.path.rpartition(".")[2]
        report.add(
            OTHER_FORMAT,
            f"`.{ending}` is listed but not compiled",
            _start(source),
            help="write the decision in Markdown to have its constraints compiled",
        )
        return "other-format"
    has_ending = source.path.lower().endswith(MARKDOWN_ENDINGS)
    if not has_ending and b"\0" in source.data[:8192]:
        report.add(NOT_TEXT, "a binary file is not compiled", _start(source))
        return "other-format"
    if size > config.max_file_bytes:
        report.add(
            TOO_LARGE,
            f"{size} bytes are more than the {config.max_file_bytes} that are read",
            _start(source),
            help="split the file, or raise `max-file-bytes` in the configuration",
        )
        return "unreadable"
    offset = source.undecodable
    if offset is not None:
        report.add(
            NOT_UTF8,
            f"byte {source.data[offset]:#04x} at offset {offset} is not UTF-8",
            _byte_span(source, offset),
            help="save the file as UTF-8",
        )
        return "unreadable"
    if len(source.lines) > _MAX_LINES:
        report.add(
            TOO_LARGE,
            f"{len(source.lines)} lines are more than the {_MAX_LINES} that are read",
            _start(source),
            help="split the file",
        )
        return "unreadable"
    if not source.data.removeprefix(BOM).strip():
        report.add(EMPTY_FILE, "the file is empty", _start(source), help="write it or delete it")
        return "unreadable"
    return None


def _start(source: Source) -> Span:
    return Span(source.path, 1, 1, 0, 1, 1, 0)


def _byte_span(source: Source, offset: int) -> Span:
    """Return the place of one byte, in a file that may not decode."""
    head = source.data[:offset].removeprefix(BOM).decode("utf-8", "surrogateescape")
    lines = head.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    line, column = len(lines), len(lines[-1]) + 1
    return Span(source.path, line, column, offset, line, column + 1, offset + 1)


def classify(document: Document) -> Disposition:
    """Say what a Markdown file of an ADR folder is, by its contents.

    In doubt it is a decision: what is taken for something else would lose its constraints.
    """
    record = read_record(document)
    if _is_template(document, record):
        return "template"
    sections = {section_name(h) for h in document.headings if is_adr_section(h)}
    own_status = any(field.value for field in record.named(STATUS_NAMES))
    if "constraints" in sections:
        return "decision"
    if _is_decision_log(document, record, own_status):
        return "log"
    if own_status or len(sections) >= 2:
        return "decision"
    path = document.source.path
    name = path.rpartition("/")[2].lower()
    if not name.endswith(MARKDOWN_ENDINGS):
        return "other-format"
    if record.title is not None and _RECORD_TITLE.match(record.title.text):
        return "decision"
    is_page = name.rpartition(".")[0] in {"readme", "index"}
    return "index" if is_page or _lists_files(document) else "decision"


_RECORD_TITLE = re.compile(r"(?:architect\w+ )?decision record\b(?! template)", re.IGNORECASE)
_LOG_TITLE = re.compile(
    r"(?:\w+ )?(?:decisions? log|adr log|log of \w+ ?decisions)$", re.IGNORECASE
)
_LINK_LINE = re.compile(r"\s*(?:[-*+]|\d+[.)]|\|)?.*\]\((?!https?:)[^)]*\)|.*\{[%{]")


def _lists_files(document: Document) -> bool:
    """Whether the file is for the most part a list of links to other files."""
    lines = [line for line in document.source.lines if line.strip() and not line.startswith("#")]
    links = sum(1 for line in lines if _LINK_LINE.match(line[:2000]))
    return links >= 3 and links * 2 >= len(lines)


_DECISION_LABEL = re.compile(
    r"\s*(?:[-*+]\s+)?(?:\*\*|__)decision(?:\s*:)?(?:\*\*|__)", re.IGNORECASE
)


def _is_decision_log(document: Document, record: Record, own_status: bool) -> bool:
    """Whether one file holds several decisions: as sections, or as the rows of a table."""
    if own_status:
        return False
    title = record.title
    if title is not None and _LOG_TITLE.match(title.text):
        sections = sum(1 for h in document.headings if h.level == title.level + 1)
        if sections >= 3:
            return True
    headed = [h for h in document.headings if section_name(h) in {"decision", "decision outcome"}]
    if len(headed) >= 3 and all(h.level > 2 for h in headed):
        return True
    if headed:
        return False
    labels = 0
    rows = 0
    for token in document.tokens:
        if token.type == "inline" and "ecision" in token.content[:20]:
            labels += _DECISION_LABEL.match(token.content) is not None
        elif token.type == "tr_open" and token.map is not None:
            rows += 1
    if labels >= 3:
        return True
    return rows >= 4 and _tables_decisions(document)


def _tables_decisions(document: Document) -> bool:
    """Whether a table's header has a column `Decision` and the file is little but that table."""
    tokens = document.tokens
    headers = {
        tokens[index + 1].content.strip(" *_").lower()
        for index, token in enumerate(tokens)
        if token.type == "th_open"
    }
    return not headers.isdisjoint({"decision", "decisions"}) and len(document.headings) <= 3


_GENERIC_TITLE = re.compile(
    r"[\[{<][^\]}>]*\btitle\b"
    r"|^(?:adr)?[ -]*(?:number|n+|x+|\d+|\[number\]|<number>)?[.: -]*\[?\btitle\]?$"
    r"|short (?:descriptive )?title|adr[ :-]+title$",
    re.IGNORECASE,
)
_TEMPLATE_TITLE = re.compile(
    r"(?:adr|decision record|\badr\)|any decision record)\b.*\btemplate\b|^template$", re.IGNORECASE
)
_BLANK_DATE = re.compile(
    r"yyyy|dd/mm|mm/dd|today'?s date|insert da|\[date|\{date|^date$", re.IGNORECASE
)
_BLANK_PERSON = re.compile(
    r"list everyone|\[name\]|name \(organi|@github-?username|insert name|githubusername",
    re.IGNORECASE,
)
_GUIDANCE = re.compile(r"\s*(?:[-*+]\s+)?(?:\{[^{}]{3,}\}|\[[^\[\]]{8,}\](?![(\[:])|[^.!]+\?)\s*$")


def _is_template(document: Document, record: Record) -> bool:
    """Whether the title is still a blank, and something else is as well."""
    title = _raw_title(document, record)
    if title is None:
        return False
    if _GENERIC_TITLE.search(title):
        score = 2
    elif _TEMPLATE_TITLE.search(title):
        score = 1
    else:
        return False
    return score + _count_blanks(document, record) >= 3


def _raw_title(document: Document, record: Record) -> str | None:
    """Return the title as written, markup and all."""
    if record.title is not None:
        return document.tokens[record.title.index + 1].content[:_MAX_TITLE]
    named = record.named(frozenset({"title"}))
    return named[0].value[:_MAX_TITLE] if named else None


def _count_blanks(document: Document, record: Record) -> int:
    """Count the kinds of blanks that nobody has filled in."""
    statuses = record.named(STATUS_NAMES)
    dates = record.named(DATE_NAMES)
    people = record.named(PEOPLE_NAMES)
    bodies = [t.content for t in document.tokens if t.type == "inline"]
    guidance = sum(1 for body in bodies if _GUIDANCE.match(body[:400]))
    return (
        any(not field.value or is_placeholder(field.value) for field in statuses)
        + any(_BLANK_DATE.search(field.value) for field in dates)
        + any(_BLANK_PERSON.search(_all_text(document, field.line)) for field in people)
        + (guidance >= 3)
        + (len(bodies) <= len(document.headings) + 2)
    )


def _all_text(document: Document, line: int) -> str:
    return "\n".join(document.source.lines[line : line + 6])
