"""Statements that constrain nothing: waivers, guidance, notes, and the lead-in of a list."""

import re

from lark import Token, Tree

from bylaw import ir
from bylaw.diagnostics import Code, Label, Severity
from bylaw.lower import operands
from bylaw.lower.clause import Clause, codes_of, render, text_of, token_of, trees_of
from bylaw.lower.examples import reject_examples
from bylaw.lower.ids import check_id
from bylaw.lower.operands import every
from bylaw.lower.tails import TAIL_TWICE, lower_day, reason, reference

INCOMPLETE_WAIVER = Code("BL111", "incomplete-waiver", Severity.ERROR)
LEAD_IN_OVER_WAIVER = Code("BL125", "lead-in-over-waiver", Severity.ERROR)

_ParseTree = Tree[Token]

_EDGE = re.compile(r"\s*->\s*")


def lower_lead_in(clause: Clause, tree: _ParseTree) -> ir.LeadIn | None:
    """Lower the paragraph that scopes a list."""
    globs: tuple[ir.Glob, ...] = ()
    excepts: tuple[ir.Glob, ...] = ()
    for child in trees_of(tree):
        if child.data == "lead_exception":
            excepts += _globs(clause, trees_of(child)[0])
        else:
            globs = _globs(clause, child)
    if len(clause.report):
        return None
    span = clause.inline.span(0, len(clause.inline.text))
    return ir.LeadIn(globs=globs, excepts=excepts, span=span)


def _globs(clause: Clause, tree: _ParseTree) -> tuple[ir.Glob, ...]:
    return every([operands.glob(clause, token) for token in codes_of(tree)])


def lower_note(clause: Clause, _tree: _ParseTree, prose: str | None) -> ir.Statement:
    """Lower `Note: …`."""
    reject_examples(clause, "a note")
    text = clause.inline.text
    return ir.Note(sentence=render(text), span=clause.inline.span(0, len(text)), prose=prose)


def lower_guidance(clause: Clause, tree: _ParseTree, prose: str | None) -> ir.Statement | None:
    """Lower `Guidance: …`."""
    reject_examples(clause, "guidance")
    bracket, text = token_of(tree, "BRACKET"), token_of(tree, "TEXT")
    name = check_id(clause, bracket, bracket.start_pos or 0) if bracket is not None else None
    if len(clause.report) or text is None:
        return None
    line = clause.inline.text
    start = (bracket.end_pos or 0) if bracket is not None else 0
    return ir.Guidance(
        sentence=render(line[start:].strip()),
        span=clause.inline.span(0, len(line)),
        prose=prose,
        id=name,
        text=render(text),
        lead_in=clause.lead_in,
    )


def lower_waiver(clause: Clause, tree: _ParseTree, prose: str | None) -> ir.Statement | None:
    """Lower a waiver, whose day, owner and reason are mandatory."""
    reject_examples(clause, "a waiver")
    if clause.lead_in is not None:
        clause.report.add(
            LEAD_IN_OVER_WAIVER,
            "a lead-in over a waiver, which names its own places",
            clause.lead_in.span,
            help="move the waiver into a list of its own, before the lead-in",
        )
    bracket = token_of(tree, "BRACKET")
    waives = reference(clause, bracket) if bracket is not None else None
    places, *tails = trees_of(tree)
    globs, edges = _places(clause, places)
    parts: dict[str, _ParseTree] = {}
    for tail in tails:
        rule = str(tail.data)
        if rule in parts:
            clause.report.add(
                TAIL_TWICE,
                f"`{_WORDS[rule]}` twice in one waiver",
                clause.tree_span(tail),
                labels=[Label(clause.tree_span(parts[rule]), "the first one")],
                help="keep one; `approved by` takes a list",
            )
        parts.setdefault(rule, tail)
    because = token_of(tree, "BECAUSE")
    missing = [_WORDS[rule] for rule in ("until_day", "approved_by") if rule not in parts]
    missing += ["because"] if because is None else []
    if missing:
        clause.report.add(
            INCOMPLETE_WAIVER,
            f"a waiver without {' and '.join(f'`{word}`' for word in missing)}",
            clause.tree_span(tree),
            help="a debt has a day, an owner and a reason: ``Waiver for [id]: `path` until "
            "2026-12-31, approved by `@arch`, because …``",
        )
        return None
    assert because is not None  # noqa: S101 - it would be missing
    day = lower_day(clause, parts["until_day"])
    text = reason(clause, because)
    ticket = parts.get("ticket")
    if len(clause.report) or waives is None or day is None:
        return None
    line = clause.inline.text
    return ir.Waiver(
        sentence=render(line),
        span=clause.inline.span(0, len(line)),
        prose=prose,
        waives=waives,
        globs=globs,
        edges=edges,
        until=day,
        until_span=clause.tree_span(parts["until_day"]),
        approved_by=tuple(text_of(t) for t in codes_of(trees_of(parts["approved_by"])[0])),
        ticket=text_of(codes_of(ticket)[-1]) if ticket is not None else None,
        because=text,
    )


_WORDS = {"until_day": "until", "approved_by": "approved by", "ticket": "ticket"}


def _places(clause: Clause, tree: _ParseTree) -> "tuple[tuple[ir.Glob, ...], tuple[ir.Edge, ...]]":
    """Lower the places of a waiver: paths, and import edges."""
    globs: list[ir.Glob | None] = []
    edges: list[ir.Edge] = []
    for token in codes_of(tree):
        ends = _EDGE.split(text_of(token))
        if len(ends) == 1:
            globs.append(operands.glob(clause, token))
        elif len(ends) != 2 or not all(ends) or any(" " in end for end in ends):
            operands.wrong(
                clause,
                token,
                f"`{text_of(token)}` is no import edge",
                "write `shop.domain.report -> sqlalchemy`",
            )
        else:
            edges.append(ir.Edge(importer=ends[0], imported=ends[1], span=clause.span(token)))
    return every(globs), tuple(edges)
