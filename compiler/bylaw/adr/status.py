"""What a status means: words from a table, never a guess."""

import re
from functools import lru_cache
from itertools import pairwise

from bylaw.adr.inline_text import plain_text
from bylaw.adr.names import STATUS_NAMES
from bylaw.adr.record import Field, Record
from bylaw.config import Config
from bylaw.diagnostics import Code, Label, Report, Severity, Span
from bylaw.ir import Meaning, Status
from bylaw.source import Source

UNKNOWN_STATUS = Code("BL060", "unclear-status", Severity.WARNING)
CONTRADICTING_STATUS = Code("BL061", "contradicting-status", Severity.WARNING)
EMPTY_STATUS = Code("BL062", "empty-status", Severity.WARNING)
PLACEHOLDER_STATUS = Code("BL063", "placeholder-status", Severity.WARNING)
NO_STATUS = Code("BL065", "no-status", Severity.NOTE)

_IN_FORCE = """
accepted accept approved approve implemented implementing active decided adopted adopt complete
completed agreed ratified final finalized finalised effective confirmed enforced enacted
in-force|in-effect
"""
_PROPOSED = """
proposed proposal propose draft drafted drafting rfc review reviewing pending incomplete
provisional experimental tbd wip discussion discussing awaiting deferred postponed parked planned
in-review|under-review|for-review|ready-for-review|in-progress|on-hold|work-in-progress
to-be-decided|to-be-determined|in-discussion|under-discussion|for-discussion|not-yet
under-consideration|request-for-comments|not-implemented-yet|not-yet-implemented
"""
_RETIRED = """
superseded superceded superseeded deprecated rejected reverted declined invalidated withdrawn
obsolete obsoleted abandoned cancelled canceled retired replaced archived removed expired revoked
rescinded overridden dropped denied
not-implemented|no-longer|not-accepted|not-approved|not-adopted
"""

_UNCLEAR = "partly partially partial"


def _table() -> dict[tuple[str, ...], Meaning]:
    table: dict[tuple[str, ...], Meaning] = {}
    groups: tuple[tuple[Meaning, str], ...] = (
        ("in-force", _IN_FORCE),
        ("proposed", _PROPOSED),
        ("retired", _RETIRED),
        ("unclear", _UNCLEAR),
    )
    for meaning, words in groups:
        for entry in words.replace("|", " ").split():
            table[tuple(entry.split("-"))] = meaning
    return table


MEANINGS = _table()
"""Every phrase that is understood, as its words in lower case."""

# Words that may stand before the one that counts: "This ADR has been accepted".
_FILLERS = frozenset(
    {
        "status",
        "state",
        "is",
        "currently",
        "current",
        "now",
        "this",
        "decision",
        "adr",
        "record",
        "has",
        "been",
        "the",
        "was",
        "we",
    }
)

# Of these a second one in the same sentence contradicts or completes the first.
_OUTCOMES = frozenset(
    {
        "proposed",
        "draft",
        "accepted",
        "approved",
        "adopted",
        "rejected",
        "reverted",
        "declined",
        "withdrawn",
        "deprecated",
        "superseded",
        "superceded",
        "obsolete",
        "removed",
        "replaced",
        "retired",
        "invalidated",
        "abandoned",
    }
)
_CONDITIONS = frozenset(("if", "unless", "provided"))
"""Words after which an outcome holds only perhaps."""

_EXCUSES = frozenset(
    {
        "not",
        "by",
        "was",
        "previously",
        "formerly",
        "originally",
        "from",
        "partially",
        "partly",
        "yet",
        "the",
        "an",
        "a",
        "never",
    }
)

_LINK = re.compile(r"\[(?:[^\[\]\\]|\\.)*\](?:\([^()\n]*\)|\[[^\[\]\n]*\])")
_PAREN = re.compile(r"\([^()]*(?:\)|$)")
_SHORTCODE = re.compile(r":[a-z0-9_+-]+:")
_STRUCK = re.compile(r"~~.*?~~")
_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?")
_SENTENCE_END = re.compile(r"[.;:—–]|\s-\s|,?\s(?:by|in favou?r of)\s")
_CHOICE = re.compile(r"[|/,]")
_DATE_PATTERN = re.compile(r"yyyy|dd/mm|mm/dd")

_MAX_STATUS = 400


@lru_cache(maxsize=4096)
def normalise(raw: str) -> Meaning:
    """Return what a status line means; `unclear` for all that the table does not decide."""
    text = _cleaned(raw)
    words = _WORD.findall(_PAREN.sub(" ", text)) or _WORD.findall(text)
    start = 0
    while start < len(words) and words[start] in _FILLERS:
        start += 1
    meaning, length = _lookup(words, start)
    if meaning is None:
        return "unclear"
    return _qualified(meaning, _LINK.sub(" ", text), words[start : start + length])


def _cleaned(raw: str) -> str:
    """Return the text in lower case without emphasis, struck text, emoji and a mapping's braces."""
    text = raw[:_MAX_STATUS].strip()
    if text.startswith("{") and text.endswith("}"):
        text = text[1:-1]
    text = _STRUCK.sub(" ", text)
    text = text.lower()
    if ":" in text:
        text = _SHORTCODE.sub(" ", text)
    return text.replace("*", "").replace("`", "").replace("_", " ")


def _lookup(words: list[str], start: int) -> tuple[Meaning | None, int]:
    """Return the meaning of the longest phrase of the table at `start`, and its length."""
    for length in (3, 2, 1):
        meaning = MEANINGS.get(tuple(words[start : start + length]))
        if meaning is not None and start + length <= len(words):
            return meaning, length
    return None, 0


def _qualified(meaning: Meaning, text: str, phrase: list[str]) -> Meaning:
    """Let a second outcome in the same sentence count: `Accepted, superseded by …`."""
    sentence = _PAREN.sub(" ", text)
    end = _SENTENCE_END.search(sentence)
    replaced = end is not None and end[0].strip(" ,").startswith("by")
    words = _WORD.findall(sentence[: end.start()] if end else sentence)
    if not words or words == phrase:
        return meaning
    if meaning == "in-force" and not _CONDITIONS.isdisjoint(words):
        return "unclear"
    for before, word in pairwise(words):
        if word not in _OUTCOMES or before in _EXCUSES or word in phrase:
            continue
        other = MEANINGS[(word,)]
        if other == meaning:
            continue
        if other == "retired" and word == words[-1] and replaced:
            return "retired"
        return "unclear"
    return meaning


def is_placeholder(raw: str) -> bool:
    """Whether a status is a template's list of choices, or its question, and not yet an answer."""
    text = _cleaned(_strip_comment(raw))
    bare = raw.strip()
    words = _WORD.findall(text)
    if text.startswith("what is the status") or bare in {"STATUS", "Status", "TODO", "<status>"}:
        return True
    if _DATE_PATTERN.search(text):
        return True
    known = {word for word in words if (word,) in MEANINGS}
    bracketed = bare.startswith(("{", "[", "<")) and _LINK.match(bare) is None
    if bracketed and ("|" in bare or len(known) >= 2 or words == ["status"]):
        return True
    return len(known) >= 3 and len(_CHOICE.findall(text)) >= 2


def _strip_comment(raw: str) -> str:
    head, comment, _ = raw.partition("<!--")
    return head if comment else raw


def read_status(record: Record, source: Source, config: Config, report: Report) -> Status:
    """Decide the status from every place where it stands; places that disagree decide nothing."""
    places = record.named(STATUS_NAMES)
    filled = [field for field in places if field.value]
    if not filled:
        return _without_value(record, places, source, config, report)
    meanings = [_place_meaning(field) for field in filled]
    first = filled[0]
    span = first.span(source)
    if len(set(meanings)) > 1:
        _report_contradiction(filled, meanings, source, report)
        return Status(raw=first.value, meaning="unclear", place=first.place, span=span)
    if meanings[0] == "unclear":
        _report_unclear(first, span, report)
    return Status(raw=first.value, meaning=meanings[0], place=first.place, span=span)


def _place_meaning(field: Field) -> Meaning:
    if is_placeholder(field.value):
        return "unclear"
    meaning = normalise(field.value)
    # A list is a history or a choice: its lines must not contradict the first.
    for line in field.rest:
        if line.kind == "item" and len(_WORD.findall(_cleaned(line.text))) <= 3:
            other = normalise(line.text)
            if other not in {"unclear", meaning}:
                return "unclear"
    return meaning


def _report_unclear(field: Field, span: Span, report: Report) -> None:
    shown = plain_text(field.value)[:60]
    if is_placeholder(field.value):
        report.add(
            PLACEHOLDER_STATUS,
            f"status `{shown}` is the template's placeholder",
            span,
            help="write the one word that holds, such as `Accepted`",
        )
        return
    report.add(
        UNKNOWN_STATUS,
        f"status `{shown}` does not say whether the decision is in force",
        span,
        help="start it with one word such as `Accepted`, `Proposed`, `Rejected` or `Superseded`",
    )


def _report_contradiction(
    filled: list[Field], meanings: list[Meaning], source: Source, report: Report
) -> None:
    first, meaning = filled[0], meanings[0]
    labels = [
        Label(field.span(source), f"{field.place}: {other}")
        for field, other in zip(filled, meanings, strict=True)
        if other != meaning
    ]
    report.add(
        CONTRADICTING_STATUS,
        f"status `{plain_text(first.value)[:60]}` is contradicted in the same file",
        first.span(source),
        note=f"{first.place}: {meaning}",
        labels=labels,
        help="make both say the same; until then the decision is not enforced",
    )


def _without_value(
    record: Record, places: list[Field], source: Source, config: Config, report: Report
) -> Status:
    if places:
        span = places[0].span(source)
        report.add(
            EMPTY_STATUS,
            "the status is empty",
            span,
            help="write one word such as `Accepted` or `Proposed`",
        )
        return Status(raw="", meaning="unclear", place=places[0].place, span=span)
    if record.broken:
        # The status may stand in the front matter that cannot be read; a default would be a guess.
        return Status(meaning="unclear")
    report.add(
        NO_STATUS,
        f"no status, so `default-status` applies: `{config.default_status}`",
        source.line_span(record.title.line if record.title else 0),
        help="add a `## Status` section",
    )
    return Status(meaning=config.default_status)
