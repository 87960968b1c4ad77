"""What a checkpoint says: what is wrong where, the sentence that says so, and what to do instead.

What stands in decisions, code and file names is quoted, each piece on its own line: none of it may
read as if the host, a person or this check had said it.
"""

import re

from bylaw.checkpoint.calls import Answer, Item

TYPE_CHECKING = False  # `typing` takes longer to import than an answer takes to write
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bylaw.checkpoint.judge import Found

_MOST_RULES = 8
_MOST_PLACES = 5
_MOST_LETTERS = 400

STUCK = (
    "If a decision stands in the way, stop and say so to the person you work for; do not work "
    "around it, and do not edit decisions, waivers or the settings of this check."
)

TITLES = {
    "pre": "bylaw refuses this call, which would break {}. Nothing was changed.",
    "post": "bylaw: what was just done breaks {}. Mend it before you go on.",
    "stop": "bylaw: the work is not done, it breaks {}.",
}
"""The first line of a denial, by the moment that it is said at."""

_TAG = re.compile(r"<(?=/?[A-Za-z!?][\w:-]{3}|/)")


def plain(text: str, most: int = _MOST_LETTERS) -> str:
    """Return somebody else's text as it may be quoted: short, visible, on one line."""
    if not (text.isascii() and text.isprintable()):
        from bylaw.visible import visible

        text = visible(text)
    # Hosts set their own words apart by tags.
    text = _TAG.sub("‹", text)
    return text if len(text) <= most else text[:most] + "…"


# --- items -------------------------------------------------------------------------------------


def items_of(found: "Iterable[Found]") -> "tuple[Item, ...]":
    """Return what was found as the items of an answer: what violates, warnings, what is open."""
    violated: list[Item] = []
    warnings: list[Item] = []
    unjudged: list[Item] = []
    for each in found:
        entry = each.entry
        is_error = entry.severity == "error"
        for violation in each.violations:
            place = violation.place
            note = f" ({violation.note})" if violation.note else ""
            item = Item(
                entry.full_id,
                "violated" if is_error else "warning",
                f"{violation.detail}{note}",
                sentence=entry.sentence,
                path=violation.path,
                line=place.line if place else None,
                column=place.column if place else None,
                alternative=entry.alternative,
                because=entry.because,
                decision=f"{entry.path}:{entry.line}",
            )
            (violated if is_error else warnings).append(item)
        unjudged += [
            Item(
                entry.full_id,
                "not-evaluated",
                reason,
                sentence=entry.sentence,
                path=path,
                decision=f"{entry.path}:{entry.line}",
            )
            for path, reason in each.unjudged
        ]
    return (*violated, *warnings, *unjudged)


# --- answers -----------------------------------------------------------------------------------


def answer(
    items: "tuple[Item, ...]",
    asks: "Iterable[str]" = (),
    notes: "Iterable[str]" = (),
    moment: str = "pre",
) -> Answer:
    """Return the answer that items, questions for a person and notes come to.

    A violated MUST denies; else a question asks; else the call may go on, and is told the rest.
    """
    denied = [item for item in items if item.verdict == "violated"]
    others = [item for item in items if item.verdict != "violated"]
    questions = [f"bylaw asks: {each}." for each in asks]
    told = [*_rules(others), *(f"bylaw: {note}" for note in notes)]
    if denied:
        title = TITLES[moment].format(_names(denied))
        lines = [title, *_rules(denied), *questions, STUCK]
        if told:
            lines += ["Besides:", *told]
        return Answer("deny", "\n".join(lines), None, items)
    if questions:
        return Answer("ask", "\n".join([*questions, *told]), None, items)
    context = None
    if others:
        context = "\n".join(["bylaw lets this pass, but note:", *told])
    elif told:
        context = "\n".join(told)
    return Answer("allow", "", context, items)


def _names(items: "list[Item]") -> str:
    names = list(dict.fromkeys(plain(item.constraint, 120) for item in items))
    listed = ", ".join(names[:3])
    return f"{listed} and {len(names) - 3} more" if len(names) > 3 else listed


def _rules(items: "list[Item]") -> "Iterator[str]":
    """Yield a few lines for each constraint, with the places at which it is about the same."""
    groups: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        groups.setdefault((item.constraint, item.verdict), []).append(item)
    for number, some in enumerate(groups.values()):
        if number == _MOST_RULES:
            yield f"- {len(groups) - number} more; `bylaw check` shows all"
            return
        yield from _rule(some)


def _rule(items: "list[Item]") -> "Iterator[str]":
    first = items[0]
    word = "not evaluated: " if first.verdict == "not-evaluated" else ""
    for item in items[:_MOST_PLACES]:
        yield f"- {_place(item)}{word}{plain(item.detail)}"
    if len(items) > _MOST_PLACES:
        yield f"- … and {len(items) - _MOST_PLACES} more of this kind"
    sentence, alternative = plain(first.sentence), plain(first.alternative or "")
    if sentence:
        should = "should" if first.verdict == "warning" else "rule"
        yield f'  {should}: "{_without(sentence, alternative)}"'
    if alternative:
        yield f"  instead: use {alternative}"
    if first.because and first.because not in first.sentence:
        yield f'  reason: "{plain(first.because)}"'
    yield f"  ({plain(first.constraint, 120)}, {plain(first.decision, 200)})"


def _place(item: Item) -> str:
    if not item.path:
        return ""
    line = f":{item.line}" if item.line is not None else ""
    return f"{plain(item.path, 200)}{line}: "


def _without(sentence: str, alternative: str) -> str:
    """Return a sentence without the part that is said on a line of its own."""
    for written in (alternative, f"`{alternative}`") if alternative else ():
        sentence = sentence.replace(f"; use {written} instead", "", 1)
    return sentence
