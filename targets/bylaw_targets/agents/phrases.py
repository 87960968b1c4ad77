"""A contract's parts in words: one line of Markdown each, in two or three lengths."""

import re
import shlex
from collections.abc import Iterable
from functools import lru_cache

from bylaw.visible import visible
from bylaw_targets.agents.clause import Advice, Clause
from bylaw_targets.agents.contract import EVERY, Contract, Part, Standing, lies_outside
from bylaw_targets.agents.text import code, inert, link, sentence

_LONGEST = 1200
"""Characters of a sentence that a page still shows; a longer one stands in its decision only."""

WITHHELD = "(part of this text addresses its reader and is withheld)"

_LEVELS = {
    "assisted": "people decide after each phase",
    "supervised": "people decide at checkpoints",
    "autonomous": "people review the pull request",
    "ase": "gates decide, merge included",
}


def either(globs: Iterable[str]) -> str:
    """Return code spans as a list."""
    parts = [code(glob) for glob in globs]
    return " or ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else "".join(parts)


def every(names: Iterable[str]) -> str:
    """Return code spans as a list, all of which count."""
    parts = [code(name) for name in names]
    return " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else "".join(parts)


@lru_cache(maxsize=1 << 15)
def constraint(clause: Clause) -> tuple[str, ...]:
    """Return a constraint's entry: whole, then without reason and place, then without notes."""
    said = _said(clause)
    unchecked = " *(unchecked)*" if is_unchecked(clause) else ""
    head = f"- {code(clause.id)}{unchecked}: {said}"
    instead = [f"Instead: use {sentence(inert(clause.instead))}"] if clause.instead else []
    notes, why = _notes(clause), _why(clause)
    place = [link(clause.path, clause.line)]
    shorter = "\n  ".join([head, *instead, *notes])
    return (
        "\n  ".join([head, *instead, *why, *notes, *place]),
        shorter,
        "\n  ".join([head, *instead]),
    )


def _notes(clause: Clause) -> list[str]:
    """Return what is let pass, and whether some text was left out."""
    notes = [f"Permitted: {inert(text) or WITHHELD}" for text in clause.allowed]
    for until, places, ticket in clause.waived:
        note = f", {code(ticket)}" if ticket else ""
        where = ", ".join(map(code, places))
        notes.append(f"Waived until {until} in {where}{note}: a debt, not an example.")
    return [*notes, WITHHELD] if clause.withheld else notes


def _why(clause: Clause) -> list[str]:
    return [f"Why: {sentence(inert(clause.because))}"] if clause.because else []


def _said(clause: Clause) -> str:
    if not clause.sentence:
        return f"run {_shown_by('explain', clause.id)}"
    if len(clause.sentence) > _LONGEST:
        size = len(clause.sentence)
        return f"a sentence of {size} characters, run {_shown_by('explain', clause.id)}"
    return inert(clause.sentence)


def command(name: str, operand: str) -> str:
    """Return a command of bylaw's as a shell takes it, whatever a file or folder is called."""
    return f"bylaw {name} {shlex.quote(visible(operand))}"


def _shown_by(name: str, operand: str) -> str:
    return code(command(name, operand))


def is_unchecked(clause: Clause) -> bool:
    """Tell whether no machine has a verdict on a constraint."""
    return clause.needs == "-" and not clause.exact and not clause.partly


def advice(entry: Advice) -> tuple[str, ...]:
    """Return an entry of guidance."""
    places = f" (in {either(entry.globs)})" if entry.globs else ""
    text = entry.text if len(entry.text) <= _LONGEST else f"{entry.text[: _LONGEST - 1]}…"
    head = f"- {code(entry.id)}{places}: {inert(text) or WITHHELD}"
    return f"{head}\n  {link(entry.path, entry.line)}", head


# --- classes -----------------------------------------------------------------------------------


def name_of(standing: Standing) -> str:
    """Return how a class is called."""
    return "**Any agent**" if standing.name == EVERY else f"**Class** {code(standing.name)}"


def standing_lines(standing: Standing, contract: Contract) -> tuple[str, ...]:
    """Return what a class may change, owns, shares and defers, whole and without ids."""
    return tuple(
        "\n  ".join(_standing(standing, contract, with_ids=with_ids)) for with_ids in (True, False)
    )


def _standing(standing: Standing, contract: Contract, *, with_ids: bool) -> list[str]:
    def parts(some: Iterable[Part]) -> str:
        return "; ".join(_part(part, with_ids=with_ids) for part in some)

    must = [part for part in standing.only if part.clause.is_must]
    should = [part for part in standing.only if not part.clause.is_must]
    lines = [f"- {name_of(standing)}"]
    if any(lies_outside(part, contract.folder) for part in must):
        lines.append(f"Allowed: nothing here, only {parts(must)}.")
    elif must:
        lines.append(f"Allowed: only {parts(must)}.")
    else:
        lines.append("Allowed: whatever is not forbidden here or by a constraint.")
    if should:
        lines.append(f"SHOULD change only {parts(should)}.")
    never = [part for part in standing.never if part.clause.is_must]
    if never:
        lines.append(f"Forbidden: {parts(never)}.")
    if rarely := [part for part in standing.never if not part.clause.is_must]:
        lines.append(f"SHOULD NOT change {parts(rarely)}.")
    if standing.owned:
        lines.append(f"Owns, as no other class may change it: {parts(standing.owned)}.")
    if standing.shared and contract.folder == "":
        lines.append(f"Collaborates on, with approval: {parts(standing.shared)}.")
    return lines


def _part(part: Part, *, with_ids: bool) -> str:
    text = either(part.globs) if part.globs else "everything"
    if part.clause.shape == "agent-change" and part.clause.include:
        text += f" (for work in {either(part.clause.include)})"
    if part.clause.exclude:
        text += f" (except in {either(part.clause.exclude)})"
    if not with_ids:
        return text
    alternative = _alternative(part.clause)
    return f"{text} ({code(part.clause.id)}{alternative and f', use {alternative} instead'})"


# --- what is done when -------------------------------------------------------------------------


def _who(clause: Clause) -> str:
    """Return in front of a sentence whom it binds, where that is not every agent."""
    parts = [f"class {either(clause.classes)}"] if clause.classes else []
    if clause.noun == "agents" and clause.include:
        parts.append(f"in {either(clause.include)}")
    if clause.noun == "agents" and clause.exclude:
        parts.append(f"except in {either(clause.exclude)}")
    if not parts:
        return ""
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]}: "


def _line(clause: Clause, text: str) -> tuple[str, ...]:
    said = f"{_who(clause)}{'' if clause.is_must else '**SHOULD**: '}{text}"
    unchecked = " *(unchecked)*" if is_unchecked(clause) else ""
    head = f"- {said[:1].upper()}{said[1:]} ({code(clause.id)}){unchecked}"
    alternative = _alternative(clause)
    instead = [f"Instead: use {sentence(alternative)}"] if alternative else []
    notes = _notes(clause)
    whole = "\n  ".join([head, *instead, *_why(clause), *notes])
    return whole, "\n  ".join([head, *instead, *notes]), "\n  ".join([head, *instead])


_ALTERNATIVE = re.compile(r"; use (.+) instead\b")


def _alternative(clause: Clause) -> str:
    """Return what to do instead, for a line that does not quote the sentence."""
    found = _ALTERNATIVE.search(clause.sentence)
    return inert(clause.instead or (found[1] if found else ""))


def chore(clause: Clause) -> tuple[str, ...]:
    """Return what is to be done, or to be so, before a change is done."""
    words = every(clause.words) if clause.every else either(clause.words)
    forbidden = clause.modal == "must-not"
    match clause.shape, clause.when:
        case "command-pass", _:
            text = f"{words} exits with 0"
        case "ci-run", _:
            text = f"CI never runs {words}" if forbidden else f"CI runs {words}, so run it first"
        case "agent-run", "before-finishing":
            what = "is not run" if forbidden else "has run"
            text = f"{words} {what} after the last edit, before you finish"
        case "agent-run", _:
            text = f"never run {words}" if forbidden else f"run {words}"
        case "agent-read", _:
            text = f"{words} is read before anything in {either(clause.globs)} changes"
        case _:
            return constraint(clause)
    return _line(clause, text)


def recovery(clause: Clause) -> tuple[str, ...]:
    """Return what is run when a check fails."""
    words = every(clause.words) if clause.every else either(clause.words)
    never = clause.modal == "must-not"
    return _line(clause, f"do not run {words}" if never else f"run {words}")


def limit(clause: Clause) -> tuple[str, ...]:
    """Return a budget, or what ends a task."""
    if clause.unit == "failed attempts":
        return _line(clause, f"stop after {clause.number} failed attempts, and say what failed")
    verb = "change" if clause.unit in ("files", "lines") else "spend"
    return _line(clause, f"{verb} at most {clause.number} {clause.unit}; stop before you pass it")


def level(clause: Clause) -> tuple[str, ...]:
    """Return a level of autonomy."""
    name = clause.words[0]
    return _line(clause, f"autonomy {code(name)}: {_LEVELS[name]}")


def approval(clause: Clause) -> tuple[str, ...]:
    """Return who has to approve of what."""
    places = either(clause.include) if clause.include else "any file"
    if clause.exclude:
        places += f", except {either(clause.exclude)}"
    people = every(clause.words) if clause.every else either(clause.words)
    number = f"{clause.number} of " if clause.number > 1 else ""
    text = f"a change to {places} needs approval by {number}{people}"
    return _line(clause, text)


def folder_name(folder: str) -> str:
    """Return a folder as a person would say it."""
    return code(visible(folder)) if folder else "this repository"
