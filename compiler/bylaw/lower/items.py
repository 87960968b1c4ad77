"""Items to statements, one each: `Rejected`, with the codes of its errors, where it is none."""

from dataclasses import dataclass

from bylaw import ir
from bylaw.adr.inline import Fault, Inline
from bylaw.adr.sections import Item, nested_rule
from bylaw.diagnostics import Code, Report, Severity
from bylaw.lower import notes
from bylaw.lower.clause import Clause, render
from bylaw.lower.ids import leading_id
from bylaw.lower.sentences import lower_sentence
from bylaw.lower.tails import hidden_rule
from bylaw_grammar import parse, parse_lead_in

UNCLOSED_CODE_SPAN = Code("BL030", "unclosed-code-span", Severity.ERROR)
MARKUP_IN_STATEMENT = Code("BL031", "markup-in-statement", Severity.ERROR)
INVISIBLE_CHARACTER = Code("BL032", "invisible-character", Severity.ERROR)
TYPOGRAPHY_IN_CODE = Code("BL033", "typography-in-code", Severity.ERROR)
LONG_STATEMENT = Code("BL034", "long-statement", Severity.ERROR)
EMPTY_ITEM = Code("BL035", "empty-item", Severity.ERROR)


@dataclass(slots=True)
class _LeadIn:
    """A lead-in that was read: its node, or the codes of its errors."""

    node: ir.LeadIn | None
    codes: tuple[str, ...]


def lower_items(items: list[Item], report: Report) -> tuple[ir.Statement, ...]:
    """Return one statement for each item."""
    used = {name for item in items if item.statement and (name := leading_id(item.statement.text))}
    lead_ins: dict[int, _LeadIn] = {}
    statements: list[ir.Statement] = []
    for item in items:
        lead_in = None
        if item.lead_in is not None:
            lead_in = lead_ins.get(id(item.lead_in))
            if lead_in is None:
                lead_in = lead_ins[id(item.lead_in)] = _read_lead_in(item.lead_in, report)
        statements.append(_statement(item, lead_in, used, report))
    return tuple(statements)


def _read_lead_in(inline: Inline, report: Report) -> _LeadIn:

    own = Report()
    node = None
    if inline.faults:
        _report_faults(inline.faults, own)
    else:
        tree = parse_lead_in(inline, own)
        if tree is not None:
            node = notes.lower_lead_in(Clause(inline, own), tree)
    report.extend(own)
    return _LeadIn(node, _codes(own))


def _statement(item: Item, lead_in: _LeadIn | None, used: set[str], report: Report) -> ir.Statement:
    """Lower one item; its errors make it a rejected one."""
    own = Report()
    statement = _lower(item, lead_in, used, own)
    nested_rule(item, own)
    codes = _codes(own) + (lead_in.codes if lead_in is not None else ())
    report.extend(own)
    if statement is not None and not codes:
        return statement
    text = item.statement.text if item.statement is not None else ""
    return ir.Rejected(sentence=render(text), span=item.span, codes=codes)


def _codes(report: Report) -> tuple[str, ...]:
    found = (each.code for each in report if each.severity is Severity.ERROR)
    return tuple(dict.fromkeys(found))


def _lower(
    item: Item, lead_in: _LeadIn | None, used: set[str], report: Report
) -> ir.Statement | None:

    inline = item.statement
    if inline is None or (not inline.text and not inline.faults):
        report.add(
            EMPTY_ITEM,
            "a list item without a sentence",
            item.span,
            help="each item of this section is one statement; begin the item with it",
        )
        return None
    if inline.faults:
        _report_faults(inline.faults, report)
        return None
    tree = parse(inline, report)
    if tree is None:
        return None
    clause = Clause(
        inline,
        report,
        lead_in=lead_in.node if lead_in is not None else None,
        fences=item.fences,
    )
    prose = _prose(clause, item)
    if tree.data == "note":
        return notes.lower_note(clause, tree, prose)
    if tree.data == "guidance":
        return notes.lower_guidance(clause, tree, prose)
    if tree.data == "waiver":
        return notes.lower_waiver(clause, tree, prose)
    return lower_sentence(clause, tree, prose, used)


def _prose(clause: Clause, item: Item) -> str | None:
    """Return what is nested under an item as text; a second rule in it is an error."""
    for inline in item.prose:
        hidden_rule(Clause(inline, clause.report), inline.text, 0, "the rationale")
    parts = [render(inline.text) for inline in (*item.prose, *item.nested) if inline.text]
    return "\n\n".join(parts) or None


_HELP = {
    "unclosed": "close it with as many backticks as open it, or write `\\`` for the character",
    "struck": "delete the text, or say when it stops: `until 2026-12-31`",
    "html": "write the sentence without it; a comment `<!-- … -->` is allowed",
    "image": "images stand outside the list",
    "invisible": "delete it: a reader cannot see what it does to the sentence",
    "span-character": "type it as a plain space or a straight quote",
    "long": "a statement is one sentence; move the rationale into a paragraph under the item",
}


def _report_faults(faults: tuple[Fault, ...], report: Report) -> None:
    for fault in faults:
        code, message = _FAULTS[fault.kind]
        point = "".join(f"U+{ord(char):04X}" for char in fault.text[:1])
        report.add(
            code,
            message.format(text=fault.text, point=point),
            fault.span,
            help=_HELP[fault.kind],
        )


_FAULTS = {
    "unclosed": (UNCLOSED_CODE_SPAN, "a code span that is not closed"),
    "struck": (MARKUP_IN_STATEMENT, "struck-out text in a statement"),
    "html": (MARKUP_IN_STATEMENT, "the HTML `{text}` in a statement"),
    "image": (MARKUP_IN_STATEMENT, "an image in a statement"),
    "invisible": (INVISIBLE_CHARACTER, "the invisible character {point} in a statement"),
    "span-character": (TYPOGRAPHY_IN_CODE, "the typographic character {point} in a code span"),
    "long": (LONG_STATEMENT, "a statement that is too long to be one"),
}
