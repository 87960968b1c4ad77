"""What to tell the author of a sentence that does not parse.

Lark says where it stopped and what it would have taken there. That gives the stage of the sentence
(subject, modal, predicate, operand, tail), the stage and the word found give the fault, and the
words of the whole sentence give the nearest shape, with an example that parses.
"""

import re

from lark.exceptions import UnexpectedInput

from bylaw.diagnostics import Code, Report, Severity, Span
from bylaw_grammar import OPEN, Statement
from bylaw_grammar.shapes import SHAPES, SUBJECTS, Shape
from bylaw_grammar.stop import Stop, find_stop
from bylaw_grammar.words import (
    BETTER_MODAL,
    KEYWORD_ADVICE,
    close_form,
    nearest,
    said,
    shown,
)

NO_MODAL = Code("BL010", "no-modal", Severity.ERROR)
LOWER_CASE_MODAL = Code("BL011", "lower-case-modal", Severity.ERROR)
UNKNOWN_SUBJECT = Code("BL012", "unknown-subject", Severity.ERROR)
UNKNOWN_PREDICATE = Code("BL013", "unknown-predicate", Severity.ERROR)
BARE_OPERAND = Code("BL014", "bare-operand", Severity.ERROR)
SCOPE_AFTER_PREDICATE = Code("BL015", "scope-after-predicate", Severity.ERROR)
UNFINISHED = Code("BL016", "unfinished-statement", Severity.ERROR)
UNEXPECTED_WORD = Code("BL017", "unexpected-word", Severity.ERROR)
FAULTY_LEAD_IN = Code("BL018", "faulty-lead-in", Severity.ERROR)
FAULTY_WAIVER = Code("BL019", "faulty-waiver", Severity.ERROR)

_MODAL = re.compile(r"\b(?:MUST|SHALL|SHOULD|MAY)\b")
_WEAK = re.compile(
    r"\b(?:must|shall|should|may|can(?:not|'t|’t)?|needs? to|ha(?:s|ve) to|ought to|mustn't"
    r"|is required|are required|required?|requires?|recommended|mandatory|forbidden|prohibited"
    r"|not allowed|never|always)\b",
    re.IGNORECASE,
)
_BARE = re.compile(r"""["'“‘]?([^\s,;"'”’\ue000]+?)["'”’]?[.,;:]?(?=\s|$)""")
_WAIVER = re.compile(
    r"(?:\[[^\]]*\] ?)?(?:waiver\b|(?:waivers|exceptions?|exemptions?) for \[)", re.IGNORECASE
)
_LEADING = re.compile(r"(?:\[[^\]]*\] ?)?(?:only\b ?)?", re.IGNORECASE)
_EVERY = re.compile(r"\b(?:every|all|any)\b", re.IGNORECASE)
_NOUNS = (
    "subjects are `Modules in`, `Code in`, `Each class in`, `Each call to`, `Files in`, "
    "`Files matching`, `The project`, `Key … in` and a few more"
)
_CONDITIONS = {"when", "if", "unless", "where", "while", "whenever", "before", "after", "during"}
_TAIL_WORDS = _CONDITIONS | {
    "but", "which", "that", "since", "as", "excluding", "without", "instead", "to", "for", "with",
    "by", "so", "unlike", "only", "also", "then", "at", "on", "not", "via", "through", "except",
    "from", "until", "despite", "because", "apart",
}  # fmt: skip


def explain(statement: Statement, unexpected: UnexpectedInput, report: Report) -> None:
    """Report why a list item does not parse: one diagnostic, whatever else may be wrong."""
    stop = find_stop(statement, unexpected)
    expected = stop.expected
    if stop.text[stop.position :][:1] == "[" and "MODULES" in expected and stop.position:
        _add(stop, report, UNEXPECTED_WORD, "a second id", note="a statement has one")
    elif _is_waiver(stop.text):
        _explain_waiver(stop, report)
    elif "MODULES" in expected:
        _explain_subject(stop, report)
    elif "MODAL" in expected:
        _explain_modal(stop, report)
    elif "DEPEND_ON" in expected:
        _explain_predicate(stop, report)
    elif "IN" in expected and _MODAL.match(stop.found):
        message = "a subject without its scope"
        _add(stop, report, UNFINISHED, message, note="write ``in `…` `` before the modal")
    elif "PROJECT" in expected:
        _explain_subject(stop, report)
    elif not stop.found:
        _explain_end(stop, report)
    elif "CODE" in expected and "EXCEPT" not in expected:
        _explain_operand(stop, report)
    else:
        _explain_tail(stop, report)


def explain_lead_in(statement: Statement, unexpected: UnexpectedInput, report: Report) -> None:
    """Report why the paragraph before a list does not parse as its lead-in."""
    stop = find_stop(statement, unexpected)
    said = f"`{shown(stop.found)}`" if stop.found else "the end"
    report.add(
        FAULTY_LEAD_IN,
        f"a lead-in that does not parse: {said} is unexpected",
        _span(stop),
        note=_wanted(stop),
        help="write ``In `src/shop/**`, except `src/shop/legacy/**`:``; text that is no lead-in "
        "ends in a full stop",
    )


def _is_waiver(text: str) -> bool:
    return _WAIVER.match(text) is not None


# --- the stages --------------------------------------------------------------------------------


def _explain_subject(stop: Stop, report: Report) -> None:
    if not _modal_stands(stop, report):
        return
    modal = _MODAL.search(stop.bare)
    end = len(stop.text[: modal.start()].rstrip()) if modal else len(stop.text)
    start = _LEADING.match(stop.text)
    subject = stop.text[start.end() if start else 0 : end]
    if not subject:
        _add(stop, report, UNKNOWN_SUBJECT, "a statement without a subject", advice=_NOUNS)
        return
    close = close_form(_EVERY.sub("each", subject, count=1), tuple(SUBJECTS.values()))
    report.add(
        UNKNOWN_SUBJECT,
        f"unknown subject `{shown(subject)}`",
        stop.statement.span(end - len(subject), end),
        note=f"did you mean {close}?" if close else "a subject is a noun and a scope",
        help=f"{_NOUNS}; {_like(stop)}",
    )


def _explain_modal(stop: Stop, report: Report) -> None:
    if not _modal_stands(stop, report):
        return
    word = stop.found.lower()
    if word in {"in", "of", "for"} and "IN" not in stop.expected:
        advice = "a subject has one scope; join places with `or`"
    elif stop.found.startswith(OPEN):
        advice = "join code spans with `,`, `and` or `or`"
    else:
        advice = "the subject ends at the modal; a condition is a scope, `matching` or an exception"
    _add(stop, report, UNEXPECTED_WORD, f"`{shown(stop.found)}` in the subject", advice=advice)


def _modal_stands(stop: Stop, report: Report) -> bool:
    """Whether the sentence has a modal; if it has none, report that instead of what follows."""
    if _MODAL.search(stop.bare):
        weak = _WEAK.match(stop.bare, stop.position)
        if weak is None or weak[0] in {"never", "always"} or _MODAL.match(weak[0]):
            return True
    else:
        weak = _WEAK.search(stop.bare)
    if weak is None:
        report.add(
            NO_MODAL,
            "a statement without a modal",
            stop.statement.span(0, len(stop.text)),
            note="`MUST` or `SHOULD`, in capitals",
            help="commentary starts with `Note:`, advice to agents with `Guidance:`; "
            + _like(stop),
        )
        return False
    word = weak[0].lower().replace("’", "'")
    better = BETTER_MODAL.get(word, "MUST")
    if better in {"MUST", "SHOULD"} and stop.bare[weak.end() :].lower().startswith(" not "):
        better += " NOT"
    report.add(
        LOWER_CASE_MODAL,
        f"`{weak[0]}` is no modal",
        stop.statement.span(*weak.span()),
        note=f"write `{better}`",
        help=f"only the capitals `MUST`, `SHOULD` and `MAY` bind; {_like(stop)}",
    )
    return False


def _explain_predicate(stop: Stop, report: Report) -> None:
    word = stop.found.lower()
    if not stop.found:
        _explain_end(stop, report)
        return
    if word in {"not", "never"} and "NOT" in stop.expected:
        report.add(
            LOWER_CASE_MODAL,
            f"`{stop.found}` after the modal",
            _span(stop),
            note="write `NOT`",
            help=f"modals are capitals; {_like(stop)}",
        )
        return
    known = known_to(stop.subject)
    meant = _meant(stop)
    forms = ", ".join(f"`{shape.form.replace('`', '')}`" for shape in known[:12])
    _add(
        stop,
        report,
        UNKNOWN_PREDICATE,
        f"unknown predicate `{shown(stop.found)}`",
        note=f"did you mean `{meant.form.replace('`', '')}`?" if meant else None,
        advice=f"this subject can {forms}" if stop.subject else None,
    )


def _explain_end(stop: Stop, report: Report) -> None:
    predicate = "DEPEND_ON" in stop.expected
    report.add(
        UNFINISHED,
        "the statement stops before its end",
        _span(stop),
        note="a predicate is due" if predicate else _wanted(stop),
        help=_like(stop),
    )


def _explain_operand(stop: Stop, report: Report) -> None:
    word = stop.found.lower()
    after = stop.text[: stop.position].rstrip()[-1:] in {",", ";"}
    if after and word in _TAIL_WORDS:
        _explain_tail(stop, report)
        return
    if stop.found in {"MUST", "SHALL", "SHOULD", "MAY", ".", ",", ";", ":"}:
        message = f"`{stop.found}` where a code span is due"
        _add(stop, report, BARE_OPERAND, message, note="what is meant?")
        return
    advice = KEYWORD_ADVICE.get(_word_at(stop))
    if advice is not None:
        message = f"`{stop.found}` where a code span is due"
        _add(stop, report, BARE_OPERAND, message, advice=advice)
        return
    match = _BARE.match(stop.text, stop.position)
    bare = match[1] if match is not None else stop.found
    _add(
        stop,
        report,
        BARE_OPERAND,
        f"`{shown(bare)}` outside a code span",
        advice=f"write it in backticks: `{shown(bare)}`",
        length=len(match[0].rstrip(",;:.")) if match is not None else len(stop.found),
    )


def _word_at(stop: Stop) -> str:
    """Return the bare word where the parser stopped, in lower case; none of it is quoted."""
    return stop.found.lower() if stop.found[:1].isalpha() else ""


def _explain_tail(stop: Stop, report: Report) -> None:
    word = stop.found.lower()
    following = stop.text[stop.position + len(stop.found) :].lstrip()[:1]
    if word in {"in", "within", "under", "inside"} and "EXCEPT" in stop.expected:
        _add(
            stop,
            report,
            SCOPE_AFTER_PREDICATE,
            "a scope after the predicate",
            note="put it after the subject",
        )
        return
    if stop.expected <= {"NUMBER"}:
        advice = "numbers stand outside code spans"
    elif stop.found.startswith(OPEN):
        advice = "join code spans with `,`, `and` or `or`"
    elif stop.found == ";":
        advice = "after `;` comes `use … instead`, and nothing else"
    elif word == "because":
        advice = "the reason follows the word at once: `, because it outlives its database`"
    elif word == "of" and _before(stop).endswith("instead"):
        advice = "the alternative ends at `instead`: what it replaces stands before"
    elif word in {"to", "till", "through"} and _before(stop)[-1:].isdigit():
        advice = "write `until` before the last day"
    elif word in _CONDITIONS:
        advice = "there are no conditions: narrow the subject, or write `, except in …`"
    elif stop.expected <= {"DATE"}:
        advice = "write year, month and day: `2026-12-01`"
    elif stop.expected <= {"TEXT"} or following == "":
        advice = None
    else:
        advice = (
            "after the predicate come `, except …`, `for new code`, `from …`, `until …`, "
            "`; use … instead` and `, because …`"
            if "EXCEPT" in stop.expected or "CODE" in stop.expected
            else None
        )
    message = f"`{shown(stop.found)}` is unexpected here"
    note = None if word in _TAIL_WORDS else _wanted(stop)
    _add(stop, report, UNEXPECTED_WORD, message, note=note, advice=advice)


def _before(stop: Stop) -> str:
    return stop.text[: stop.position].rstrip().lower()


def _explain_waiver(stop: Stop, report: Report) -> None:
    match = _BARE.match(stop.text, stop.position)
    found = match[0].rstrip(",;:.") if match is not None else stop.found
    said = f"`{shown(found)}`" if found else "the end"
    report.add(
        FAULTY_WAIVER,
        f"a waiver that does not parse: {said} is unexpected",
        _span(stop, len(found)),
        note="a waiver has no id" if found.lower() == "waiver" else _wanted(stop),
        help="write ``Waiver for [id]: `path` until 2026-12-31, approved by `@arch`, because …``",
    )


# --- words -------------------------------------------------------------------------------------


def _add(
    stop: Stop,
    report: Report,
    code: Code,
    message: str,
    *,
    note: str | None = None,
    advice: str | None = None,
    length: int | None = None,
) -> None:
    parts = [part for part in (advice, _like(stop)) if part]
    report.add(code, message, _span(stop, length), note=note, help="; ".join(parts))


def _span(stop: Stop, length: int | None = None) -> Span:
    """Return the place of what was found; at the end of the text, of its last character."""
    start = stop.position
    if start >= len(stop.text):
        start = max(len(stop.text) - 1, 0)
    end = start + (length or len(stop.found) or 1)
    return stop.statement.span(start, min(end, len(stop.text)))


def _wanted(stop: Stop) -> str | None:
    """Name what would have parsed, where that is little enough to help."""
    names = sorted(stop.expected - {"$END"})
    if not names or len(names) > 4:
        return "a code span is due" if "CODE" in names and "EXCEPT" not in names else None
    listed = [said(name) for name in names]
    return "expected " + (
        ", ".join(listed[:-1]) + " or " + listed[-1] if len(listed) > 1 else listed[0]
    )


def _like(stop: Stop) -> str:
    return f"for instance: {nearest_shape(stop).example}"


def nearest_shape(stop: Stop) -> Shape:
    """Return the shape that the author seems to mean: by the predicate, else by all words."""
    return _meant(stop) or nearest(stop.text, stop.subject)


def known_to(subject: str | None) -> list[Shape]:
    """Return the predicates of a subject; all of them where it is not known."""
    return [s for s in SHAPES.values() if subject is None or subject in s.subjects]


def _meant(stop: Stop) -> Shape | None:
    """Return the shape whose predicate is spelt nearly like what stands where one is due."""
    verb = {"DEPEND_ON", "EXIST"} <= stop.expected
    if not stop.found or not (verb or "LAYERED" in stop.expected):
        return None
    known = known_to(stop.subject)
    # Behind `be` most predicates are told by their second word.
    words = stop.bare[stop.position :].split(OPEN)[0].split()
    phrase = " ".join((words if verb else ["be", *words])[:3])
    close = close_form(phrase or stop.found.lower(), tuple(shape.form for shape in known))
    return next((s for s in known if close == f"`{s.form.replace('`', '')}`"), None)
