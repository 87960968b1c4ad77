"""Tails: exceptions, days, alternative, reason; each part at most once but exceptions."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from lark import Token, Tree

from bylaw import ir
from bylaw.adr.sections import CAPITALS, capital_at
from bylaw.diagnostics import Code, Label, Severity, Span
from bylaw.lower import operands
from bylaw.lower.clause import Clause, codes_of, render, text_of, token_of, trees_of
from bylaw.lower.operands import every
from bylaw.lower.paths import looks_like_path, path_to_import
from bylaw.lower.predicates import import_operands
from bylaw.lower.subjects import WITHOUT_FILES
from bylaw_grammar.shapes import SHAPES

WRONG_EXCEPTION = Code("BL104", "wrong-exception", Severity.ERROR)
TAIL_TWICE = Code("BL105", "tail-twice", Severity.ERROR)
IMPOSSIBLE_DATE = Code("BL106", "impossible-date", Severity.ERROR)
DATES_OUT_OF_ORDER = Code("BL107", "dates-out-of-order", Severity.ERROR)
HIDDEN_RULE = Code("BL108", "hidden-rule", Severity.ERROR)
FAULTY_REFERENCE = Code("BL110", "faulty-reference", Severity.ERROR)
NEW_CODE_WITHOUT_CODE = Code("BL113", "new-code-without-code", Severity.ERROR)

_ParseTree = Tree[Token]

_ID = re.compile(r"[a-z][a-z0-9-]+\Z")
_TAIL_FORMS = re.compile(
    r"; ?(?:except\b|for new code\b|from \d|until \d|use\b.*\binstead\b)", re.IGNORECASE
)
EXCEPT_OPERANDS: dict[str, str] = {
    "import": "module",
    "depend": "requirement",
    "depend_in_production": "requirement",
    "call": "pattern",
    "use": "pattern",
    "catch": "pattern",
    "inherit": "pattern",
}


@dataclass(slots=True)
class Tails:
    """What the tails of one sentence say, and where each part stood."""

    exceptions: list[ir.Exception_] = field(default_factory=list)
    for_new_code: bool = False
    from_: date | None = None
    until: date | None = None
    alternative: ir.Alternative | None = None
    because: str | None = None
    despite: ir.Reference | None = None
    spans: dict[str, Span] = field(default_factory=dict)


def lower_tails(
    clause: Clause, children: "list[Token | _ParseTree]", subject: ir.AnySubject | None
) -> Tails:
    """Lower the tails of a sentence: trees, and the token of the reason."""
    tails = Tails()
    for child in children:
        if isinstance(child, Token):
            if child.type == "BECAUSE":
                tails.because = reason(clause, child)
                tails.spans["because"] = clause.keyword_span(child)
            continue
        rule = str(child.data)
        if rule in _EXCEPTIONS:
            exception = _EXCEPTIONS[rule](clause, child, subject)
            if exception is not None:
                tails.exceptions.append(exception)
        elif rule in _PARTS:
            _once(clause, tails, child)
            _PARTS[rule](clause, child, tails)
    if tails.from_ and tails.until and tails.until < tails.from_:
        clause.report.add(
            DATES_OUT_OF_ORDER,
            f"`until {tails.until}` is before `from {tails.from_}`",
            tails.spans["until_day"],
            labels=[Label(tails.spans["from_day"], "in force from this day on")],
            help="no day lies between them; swap the two, or drop one",
        )
    return tails


_WORDS = {
    "for_new_code": "for new code",
    "from_day": "from",
    "until_day": "until",
    "alternative": "; use … instead",
    "despite": "despite",
}


def _once(clause: Clause, tails: Tails, tree: _ParseTree) -> None:
    span = clause.tree_span(tree)
    rule = str(tree.data)
    first = tails.spans.get(rule)
    if first is None:
        tails.spans[rule] = span
        return
    clause.report.add(
        TAIL_TWICE,
        f"`{_WORDS[rule]}` twice in one statement",
        span,
        labels=[Label(first, "the first one")],
        help="keep one; what differs belongs into a statement of its own",
    )


# --- exceptions --------------------------------------------------------------------------------


def _places(
    clause: Clause, tree: _ParseTree, subject: ir.AnySubject | None
) -> ir.ExceptPlaces | None:
    if _no_files(clause, tree):
        return None
    dotted = isinstance(subject, ir.ModulesSubject | ir.LayersSubject)
    globs: list[ir.Glob | None] = []
    modules: list[ir.Module | None] = []
    for token in codes_of(trees_of(tree)[0]):
        if dotted and not looks_like_path(text_of(token)):
            modules.append(operands.module(clause, token))
        else:
            globs.append(operands.glob(clause, token))
    return ir.ExceptPlaces(globs=every(globs), modules=every(modules), span=clause.tree_span(tree))


def _tests(
    clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None
) -> ir.ExceptTests | None:
    return None if _no_files(clause, tree) else ir.ExceptTests(span=clause.tree_span(tree))


def _no_files(clause: Clause, tree: _ParseTree) -> bool:
    if clause.subject not in WITHOUT_FILES:
        return False
    clause.report.add(
        WRONG_EXCEPTION,
        "an exception of places, and the subject has none",
        clause.tree_span(tree),
        help="branches, commits, commands and CI lie in no folder; leave the exception out",
    )
    return True


def _group(
    clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None
) -> ir.ExceptGroups | None:
    kind = "extra" if token_of(tree, "EXTRA") is not None else "group"
    if SHAPES[clause.predicate].kind != "depend":
        clause.report.add(
            WRONG_EXCEPTION,
            f"`except in {kind}` without dependencies",
            clause.tree_span(tree),
            help="only `depend on` and `be pinned` know extras and groups",
        )
        return None
    names = every([operands.literal(clause, token) for token in codes_of(trees_of(tree)[0])])
    return ir.ExceptGroups(excepts=kind, names=names, span=clause.tree_span(tree))


def _type_checking(
    clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None
) -> ir.ExceptTypeChecking | None:
    token = token_of(tree, "CODE")
    if token is None or text_of(token) != "TYPE_CHECKING":
        clause.report.add(
            WRONG_EXCEPTION,
            "`except under` knows `TYPE_CHECKING` only",
            clause.tree_span(tree),
            help="for places write ``except in `…` ``",
        )
        return None
    if SHAPES[clause.predicate].kind != "import":
        clause.report.add(
            WRONG_EXCEPTION,
            "`except under` without imports",
            clause.tree_span(tree),
            help="it leaves out imports in an `if TYPE_CHECKING`, and this is about none",
        )
        return None
    return ir.ExceptTypeChecking(span=clause.tree_span(tree))


def _bare(
    clause: Clause, tree: _ParseTree, subject: ir.AnySubject | None
) -> "ir.ExceptOperands | ir.ExceptPlaces | None":
    """Lower a bare `except`: operands where the predicate has some, else places."""
    sort = EXCEPT_OPERANDS.get(clause.predicate)
    names = trees_of(tree)[0]
    marker = token_of(names, "CODE_IN")
    if sort is None or (marker is not None and sort != "module"):
        if marker is not None:
            clause.report.add(
                WRONG_EXCEPTION,
                "`except code in` leaves out imports, and this is about none",
                clause.tree_span(tree),
                help="for places write ``except in `…` ``",
            )
            return None
        return _places(clause, tree, subject)
    for token in codes_of(names):
        text = text_of(token)
        path = "/" in text if sort == "pattern" else path_to_import(text)
        if marker is None and path:
            clause.report.add(
                WRONG_EXCEPTION,
                f"`except` with the path `{text}`",
                clause.span(token),
                note=f"here it leaves out what one may {SHAPES[clause.predicate].form.split()[0]}",
                help=f"write ``except in `{text}` ``",
            )
            return None
    found: tuple[ir.ExceptOperand, ...]
    if sort == "module":
        found = import_operands(clause, names)
    elif sort == "requirement":
        found = every([operands.requirement(clause, token) for token in codes_of(names)])
    else:
        found = every([operands.pattern(clause, token) for token in codes_of(names)])
    return ir.ExceptOperands(operands=found, span=clause.tree_span(tree))


_EXCEPTIONS: dict[
    str, Callable[[Clause, _ParseTree, ir.AnySubject | None], ir.Exception_ | None]
] = {
    "except_in": _places,
    "except_tests": _tests,
    "except_group": _group,
    "except_operands": _bare,
    "except_under": _type_checking,
}


# --- the other parts ---------------------------------------------------------------------------


def _new_code(clause: Clause, tree: _ParseTree, tails: Tails) -> None:
    kind = SHAPES[clause.predicate].kind
    without = kind in {"run", "approve", "agent"} or clause.predicate == "change_too"
    if without or clause.subject == "commits":
        clause.report.add(
            NEW_CODE_WITHOUT_CODE,
            "`for new code` on a statement that is not about code",
            clause.tree_span(tree),
            help="it is judged on the change set, or by a run, and knows no older violations",
        )
    tails.for_new_code = True


def lower_day(clause: Clause, tree: _ParseTree) -> date | None:
    """Lower the day of `from` or `until`."""
    token = token_of(tree, "DATE")
    try:
        return date.fromisoformat(str(token))
    except ValueError:
        clause.report.add(
            IMPOSSIBLE_DATE,
            f"`{token}` is no day of the calendar",
            clause.span(token) if token is not None else None,
            help="write year, month and day: `2026-12-01`",
        )
        return None


def _from(clause: Clause, tree: _ParseTree, tails: Tails) -> None:
    tails.from_ = lower_day(clause, tree)


def _until(clause: Clause, tree: _ParseTree, tails: Tails) -> None:
    tails.until = lower_day(clause, tree)


def _alternative(clause: Clause, tree: _ParseTree, tails: Tails) -> None:
    token = token_of(tree, "ALTERNATIVE")
    if token is None:
        return
    text = token.lstrip("; ")[len("use ") : -len("instead")].strip()
    spans = re.findall("\ue000([^\ue001]*)\ue001", text)
    tails.alternative = ir.Alternative(
        text=render(text),
        code=spans[0] if len(spans) == 1 else None,
        span=clause.tree_span(tree),
    )


def _despite(clause: Clause, tree: _ParseTree, tails: Tails) -> None:
    token = token_of(tree, "BRACKET")
    if token is not None:
        tails.despite = reference(clause, token)


_PARTS: dict[str, Callable[[Clause, _ParseTree, Tails], None]] = {
    "for_new_code": _new_code,
    "from_day": _from,
    "until_day": _until,
    "alternative": _alternative,
    "despite": _despite,
}


def reference(clause: Clause, token: Token) -> ir.Reference | None:
    """Lower `[id]` or `[decision/id]`."""
    text = token[1:-1].strip()
    decision, slash, name = text.rpartition("/")
    start = (token.start_pos or 0) + 1
    span = clause.inline.span(start, start + len(token) - 2)
    if _ID.match(name) is None or (slash and not decision) or " " in text:
        clause.report.add(
            FAULTY_REFERENCE,
            f"`[{text}]` names no constraint",
            span,
            help="write `[id]` for one of this decision, `[0007-domain/id]` for another's",
        )
        return None
    return ir.Reference(text=text, decision=decision or None, id=name, span=span)


def reason(clause: Clause, token: Token) -> str:
    """Return the text of `because …`; a second rule in it is an error."""
    bare = token.lstrip(", ")
    text = bare[len("because ") :]
    start = (token.end_pos or 0) - len(text)
    hidden_rule(clause, text, start, "the reason")
    return render(text).strip().removesuffix(".")


def hidden_rule(clause: Clause, text: str, start: int, where: str) -> None:
    """Report a rule in free text, where it would bind nobody; `start` is its place in the line."""
    match = capital_at(text)
    if match is None and ";" in text:
        bare = re.sub("\ue000[^\ue001]*\ue001", lambda span: "\ue000" * len(span[0]), text)
        match = _TAIL_FORMS.search(bare)
    if match is None:
        return
    said = match[0].strip("; ").split()[0]
    is_rule = CAPITALS.fullmatch(said) is not None
    clause.report.add(
        HIDDEN_RULE,
        f"`{said}` in {where}" + (", which binds nobody" if is_rule else ", which is free text"),
        clause.inline.span(start + match.start(), start + match.end()),
        help="make the second rule an item of its own, or write the word in lower case"
        if is_rule
        else "write this part before `because`, in the sentence itself",
    )
