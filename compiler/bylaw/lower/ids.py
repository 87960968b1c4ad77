"""Ids: the ones authors write, and the ones derived where they write none."""

import re

from bylaw.diagnostics import Code, Severity
from bylaw.lower.clause import Clause
from bylaw_grammar import CLOSE, OPEN

ILL_FORMED_ID = Code("BL109", "ill-formed-id", Severity.ERROR)

_ID = re.compile(r"[a-z][a-z0-9-]+\Z")
_LEADING = re.compile(r"\[([^\[\]\ue000]*)\]")
_OTHER = re.compile(r"[^a-z0-9]+")
_PREFIX = {"must-not": "no-", "must-only": "only-", "only-may": "only-", "may": "may-"}


def leading_id(text: str) -> str | None:
    """Return the well-formed id that a statement starts with, or None."""
    match = _LEADING.match(text)
    return match[1] if match is not None and _ID.match(match[1]) else None


def check_id(clause: Clause, bracket: str, start: int) -> str:
    """Return the id between brackets, reporting it where it is ill formed."""
    text = bracket[1:-1]
    if _ID.match(text) is None:
        better = slug(text)
        clause.report.add(
            ILL_FORMED_ID,
            f"ill-formed id `{text}`",
            clause.inline.span(start + 1, start + 1 + len(text)) if text else None,
            note="two or more of lower-case letters, digits and `-`, a letter first",
            help=f"write `[{better if _ID.match(better) else 'no-' + (better or 'orm')}]`",
        )
    return text


def slug(text: str) -> str:
    """Return text as an id could hold it."""
    return _OTHER.sub("-", text.lower()).strip("-")[:40].strip("-")


def derive_id(shape: str, modal: str, operand: str, used: set[str]) -> str:
    """Return an id made of the shape and the first operand, and no other's.

    The same sentences give the same ids, so that what `bylaw fmt` writes is what was compiled.
    """
    tail = slug(operand.strip(OPEN + CLOSE))
    name = _PREFIX.get(modal, "") + slug(shape) + (f"-{tail}" if tail else "")
    candidate = name
    number = 2
    while candidate in used:
        candidate = f"{name}-{number}"
        number += 1
    used.add(candidate)
    return candidate
