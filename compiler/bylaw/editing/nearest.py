"""What the author of a sentence that is none may have meant."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bylaw.adr.inline import Inline
from bylaw.adr.markdown import parse_blocks
from bylaw.adr.sections import read_items
from bylaw.diagnostics import Diagnostic, Report, Span
from bylaw.source import Source

CODES = frozenset({*(f"BL01{digit}" for digit in range(10)), "BL100", "BL101"})
"""The faults of a sentence's form: those of its syntax, and pairs that the table does not have."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """What was expected at the caret, for a reader; the nearest shape; an example that parses."""

    expected: tuple[str, ...]
    shape: str
    example: str


def nearest(source: Source, diagnostics: Iterable[Diagnostic]) -> Mapping[Diagnostic, Nearest]:
    """Return what comes nearest, for each of a file's diagnostics about a sentence's form."""
    wanted = [
        each
        for each in diagnostics
        if each.code in CODES and each.span is not None and each.span.path == source.path
    ]
    if not wanted:
        return {}
    # Nobody who has no fault to explain needs the grammar's words.
    from bylaw_grammar.advice import advise, advise_on  # noqa: PLC0415

    found: dict[Diagnostic, Nearest] = {}
    places = list(_places(source))
    for diagnostic in wanted:
        inline, start = _holding(places, diagnostic.span)
        if inline is None:
            continue
        advice = advise(inline, start)
        if advice is None and start == "item":
            from bylaw_grammar import parse  # noqa: PLC0415 - as above

            tree = parse(inline, Report())
            advice = advise_on(tree, inline.text) if tree is not None else None
        if advice is not None:
            found[diagnostic] = Nearest(advice.expected, advice.shape, advice.example)
    return found


def _places(source: Source) -> Iterator[tuple[Inline, str, Span]]:
    """Yield what the grammar reads of a file, from where it starts, and its place."""
    seen: set[int] = set()
    for item in read_items(parse_blocks(source), Report()):
        lead_in = item.lead_in
        if lead_in is not None and id(lead_in) not in seen:
            seen.add(id(lead_in))
            yield lead_in, "lead_in", lead_in.span(0, len(lead_in.text))
        if item.statement is not None:
            yield item.statement, "item", item.span


def _holding(
    places: Iterable[tuple[Inline, str, Span]], wanted: Span | None
) -> tuple[Inline | None, str]:
    """Return what holds a place, and from where the grammar reads it."""
    for inline, start, span in places:
        if wanted is not None and span.offset <= wanted.offset < max(span.end_offset, 1):
            return inline, start
    return None, ""
