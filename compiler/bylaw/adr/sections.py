"""The `Constraints` sections of an ADR: which of them bind, and the items they hold.

A section binds when one of its items holds an RFC 2119 capital, an `[id]`, `Waiver for` or
`Guidance:`; otherwise it is prose that happens to have the same heading.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from markdown_it.token import Token

from bylaw.adr.inline import Inline, parse_inline
from bylaw.adr.markdown import Document, Heading
from bylaw.diagnostics import Code, Label, Report, Severity, Span
from bylaw_grammar import OPEN, parse_lead_in

PROSE_SECTION = Code("BL020", "prose-constraints", Severity.NOTE)
MISSPELT_HEADING = Code("BL021", "misspelt-heading", Severity.WARNING)
IDLE_LEAD_IN = Code("BL025", "idle-lead-in", Severity.ERROR)
UNDER_OPTION = Code("BL022", "constraints-under-option", Severity.ERROR)
NESTED_RULE = Code("BL023", "nested-rule", Severity.ERROR)

LONG_SECTION = Code("BL024", "long-section", Severity.ERROR)

LONGEST = 500_000
"""Code points of the constraints sections of one file that are still read."""

CAPITALS = re.compile(r"\b(?:MUST|SHALL|SHOULD|MAY|REQUIRED|RECOMMENDED|OPTIONAL)\b")
"""The words of RFC 2119, which bind wherever they stand."""

_NUMBER = re.compile(r"(?:\d+(?:\.\d+)*[.)]?|[ivx]+[.)])\s+", re.IGNORECASE)
_OPTION = re.compile(r"\b(?:options?|alternatives?|pros and cons|rejected)\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z]+")
_SPAN = re.compile(r"\ue000[^\ue001]*\ue001")
_BINDING = re.compile(
    r"\[[a-z][a-z0-9-]+\]|(?:\[[^\]]*\] ?)?(?:waiver for\b|guidance:)", re.IGNORECASE
)
_LEAD_IN = re.compile(r"\W{0,3}(?:in|except)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block: its info string, its text, and where it and its opening line stand."""

    info: str
    text: str
    span: Span
    info_span: Span


@dataclass(slots=True)
class Item:
    """One top-level list item of a binding section, and what is nested under it."""

    statement: Inline | None
    marker: Span
    prose: list[Inline] = field(default_factory=list)
    nested: list[Inline] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    lead_in: Inline | None = None
    option: Heading | None = None
    """The heading within the section, if any, that says that these items were not chosen."""

    @property
    def span(self) -> Span:
        """The place of the first paragraph, or of the item's first line where there is none."""
        if self.statement is None or not self.statement.text:
            return self.marker
        return self.statement.span(0, len(self.statement.text))


def read_items(document: Document, report: Report) -> list[Item]:
    """Return the items of all binding sections, in the order of the file."""
    items: list[Item] = []
    done = 0
    length = 0
    for heading in document.headings:
        if heading.index < done:
            continue  # a section within a section
        likeness = _likeness(heading.text)
        if likeness is None:
            continue
        length += _length(document, heading)
        if length > LONGEST:
            _report_long(document, heading, report)
            continue
        idle: list[Inline] = []
        found = list(_items(document, heading, idle))
        if not any(_binds(item) for item in found):
            if likeness == "same" and (found or _has_capital(document, heading)):
                span = document.source.line_span(heading.line)
                report.add(
                    PROSE_SECTION,
                    "this section holds no constraint of the language",
                    span,
                    help="nothing here is enforced; write `MUST` or `SHOULD` to make an item bind",
                )
            continue
        if likeness != "same":
            _report_misspelt(document, heading, found, report, named=likeness == "part")
            continue
        done = heading.end
        if _report_option(document, heading, report):
            continue
        _report_options_within(document, found, report)
        for inline in idle:
            _report_idle(inline, report)
        items.extend(item for item in found if item.option is None)
    return items


def _length(document: Document, heading: Heading) -> int:
    """Return the code points of a section's paragraphs."""
    return sum(len(content) for content in _contents(document, heading))


def _contents(document: Document, heading: Heading) -> Iterator[str]:
    for token in document.tokens[heading.index : heading.end]:
        if token.type == "inline":
            yield token.content


def _has_capital(document: Document, heading: Heading) -> bool:
    return any(CAPITALS.search(content) for content in _contents(document, heading))


def _report_long(document: Document, heading: Heading, report: Report) -> None:
    if _has_capital(document, heading):
        report.add(
            LONG_SECTION,
            f"constraints of more than {LONGEST} characters",
            document.source.line_span(heading.line),
            note="this section is not read",
            help="split the decision",
        )


def opens_constraints(heading: Heading) -> bool:
    """Whether a heading opens a section of constraints, should one of its items bind."""
    return _likeness(heading.text) == "same"


def _likeness(text: str) -> str | None:
    """Say how a heading is like `Constraints`: `same`, `near`, `part` of it, or not at all."""
    lowered = text.lower()
    if "onstraint" in lowered:
        name = _NUMBER.sub("", lowered, count=1).strip().rstrip(":").strip()
        if name == "constraints":
            return "same"
        return "near" if " " not in name else "part"
    words = _WORD.findall(lowered)
    if any(8 <= len(word) <= 14 and word[0] == "c" and _near(word) for word in words):
        return "near" if len(words) == 1 else "part"
    return None


@lru_cache(1024)
def _near(word: str, wanted: str = "constraints") -> bool:
    """Whether two edits at most make one word of the other."""
    previous = list(range(len(wanted) + 1))
    for row, char in enumerate(word, 1):
        current = [row]
        for column, other in enumerate(wanted, 1):
            current.append(
                min(
                    previous[column] + 1,
                    current[-1] + 1,
                    previous[column - 1] + (char != other),
                )
            )
        previous = current
    return previous[-1] <= 2


def _report_misspelt(
    document: Document, heading: Heading, found: list[Item], report: Report, *, named: bool
) -> None:
    """Report items that read like constraints; `named` asks for an id as well.

    Longer headings, such as `Technical constraints`, are common in plain ADRs.
    """
    capital = next((item for item in found if _reads_like_one(item, named=named)), None)
    if capital is None:
        return
    report.add(
        MISSPELT_HEADING,
        f"the section `{heading.text}` is not read, though its items read like constraints",
        document.source.line_span(heading.line),
        labels=[Label(capital.span, "this binds nobody")],
        help="did you mean `Constraints`?",
    )


def _reads_like_one(item: Item, *, named: bool) -> bool:
    statement = item.statement
    if statement is None or not has_capital(statement):
        return False
    return not named or _BINDING.match(statement.text) is not None


def _report_option(document: Document, heading: Heading, report: Report) -> bool:
    """Report a binding section under a heading that names options; return whether it is one."""
    title = document.headings[0]
    for ancestor in document.ancestors(heading):
        # The title may well speak of options: it names the decision.
        if ancestor is title and ancestor.level == 1:
            continue
        if _OPTION.search(ancestor.text):
            report.add(
                UNDER_OPTION,
                f"constraints under `{ancestor.text}`, which lists options",
                document.source.line_span(heading.line),
                labels=[Label(document.source.line_span(ancestor.line), "the options start here")],
                help="move the section out, to a heading of its own: what an option would ask for "
                "binds nobody",
            )
            return True
    return False


def _report_options_within(document: Document, items: list[Item], report: Report) -> None:
    """Report, once each, the headings within a section under which items were not chosen."""
    reported: list[Heading] = []
    for item in items:
        option = item.option
        if option is None or option in reported or not _binds(item):
            continue
        reported.append(option)
        report.add(
            UNDER_OPTION,
            f"constraints under `{option.text}`, which lists options",
            item.span,
            labels=[Label(document.source.line_span(option.line), "the options start here")],
            help="what an option would ask for binds nobody; move what was decided before this "
            "heading",
        )


def _report_idle(inline: Inline, report: Report) -> None:
    """Report a lead-in that stands before no list, where it would narrow nothing unnoticed."""
    if inline.faults or parse_lead_in(inline, Report()) is None:
        return
    report.add(
        IDLE_LEAD_IN,
        "a lead-in that no list follows, so it scopes nothing",
        inline.span(0, len(inline.text)),
        help="put it directly before the list; text that is no lead-in ends in a full stop",
    )


def has_capital(inline: Inline) -> bool:
    """Whether an RFC 2119 capital stands outside the code spans."""
    return capital_at(inline.text) is not None


def capital_at(text: str) -> "re.Match[str] | None":
    """Return the first RFC 2119 capital outside the code spans of a line."""
    if CAPITALS.search(text) is None:
        return None
    if OPEN in text:
        text = _SPAN.sub(lambda match: " " * len(match[0]), text)
    return CAPITALS.search(text)


def _binds(item: Item) -> bool:
    # A rule among the nested items binds nobody, which is to be said and not passed over.
    if any(has_capital(inline) for inline in item.nested):
        return True
    statement = item.statement
    if statement is None:
        return False
    if any(fault.kind == "long" for fault in statement.faults):
        return CAPITALS.search(statement.content) is not None
    match = _BINDING.match(statement.text)
    # An id in capitals is a fault that must not make the section silent, but `[1]` and `[RFC]`
    # are how plain prose cites.
    if match is not None and not (match[0][:1] == "[" and match[0] != match[0].lower()):
        return True
    return has_capital(statement)


# --- blocks ------------------------------------------------------------------------------------


def _items(document: Document, heading: Heading, idle: list[Inline]) -> Iterator[Item]:
    """Yield the top-level items of every list of a section.

    Lead-ins that no list follows are added to `idle`.
    """
    tokens = document.tokens
    index = heading.index + 3
    headings = document.headings_by_index
    option: Heading | None = None
    lead_in: Inline | None = None
    while index < heading.end:
        token = tokens[index]
        is_list = token.type in {"bullet_list_open", "ordered_list_open"}
        # A comment, such as a formatter's directive, comes between no lead-in and its list.
        if lead_in is not None and not is_list and not _is_comment(token):
            idle.append(lead_in)
            lead_in = None
        end = _end(tokens, index) if token.nesting == 1 else index
        if is_list:
            for start, stop in _children(tokens, index + 1, end):
                item = _item(document, start, stop)
                item.lead_in = lead_in
                item.option = option
                yield item
            lead_in = None
        elif token.type == "paragraph_open":
            lead_in = _lead_in(document, tokens[index + 1])
        elif index in headings and (option is None or index >= option.end):
            inner = headings[index]
            option = inner if _OPTION.search(inner.text) else None
        # Tables and quotes are never read.
        index = end + 1
    if lead_in is not None:
        idle.append(lead_in)


def _is_comment(token: Token) -> bool:
    content = token.content.strip()
    return token.type == "html_block" and content.startswith("<!--") and content.endswith("-->")


def _end(tokens: list[Token], index: int) -> int:
    """Return the index of the token that closes the one at `index`."""
    level = tokens[index].level
    index += 1
    while tokens[index].level != level or tokens[index].nesting != -1:
        index += 1
    return index


def _children(tokens: list[Token], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the list items between a list's opening and closing token."""
    while start < end:
        stop = _end(tokens, start)
        yield start, stop
        start = stop + 1


def _lead_in(document: Document, token: Token) -> Inline | None:
    content = token.content
    if "`" in content and ":" in content and _LEAD_IN.match(content):
        inline = parse_inline(document.source, token, document.env)
        if inline.text.endswith(":") or inline.faults:
            return inline
    return None


def _item(document: Document, start: int, stop: int) -> Item:
    """Read one list item: its first paragraph, and what is nested under that."""
    source, tokens = document.source, document.tokens
    lines = tokens[start].map or [0, 1]
    item = Item(None, source.line_span(lines[0]))
    lists = 0
    index = start
    while (index := index + 1) < stop:
        token = tokens[index]
        kind = token.type
        if kind in {"bullet_list_open", "ordered_list_open"}:
            lists += 1
        elif kind in {"bullet_list_close", "ordered_list_close"}:
            lists -= 1
        elif kind in {"blockquote_open", "table_open"}:
            index = _end(tokens, index)  # never read, here as elsewhere
        elif kind == "inline":
            inline = parse_inline(source, token, document.env)
            if index == start + 2 and tokens[start + 1].type == "paragraph_open":
                item.statement = inline
            else:
                (item.nested if lists else item.prose).append(inline)
        elif kind == "fence":
            item.fences.append(_fence(document, token))
    return item


def _fence(document: Document, token: Token) -> Fence:
    source = document.source
    first, last = token.map or (0, 1)
    start = source.line_span(first)
    # A fence may be closed by the end of the file.
    closing = source.line_span(min(last, len(source.lines)) - 1)
    return Fence(token.info.strip(), token.content, start.to(closing), start)


def nested_rule(item: Item, report: Report) -> None:
    """Report RFC 2119 capitals in nested items: such a rule would bind nobody."""
    for inline in item.nested:
        match = capital_at(inline.text)
        if match is not None:
            report.add(
                NESTED_RULE,
                f"`{match[0]}` in a nested list item, which binds nobody",
                inline.span(*match.span()),
                help="make it an item of its own, at the top level of the list",
            )
