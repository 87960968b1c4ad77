"""Completion: what may stand at a caret of an ADR."""

from bylaw.editing.caret import find_caret
from bylaw.editing.fields import in_field
from bylaw.editing.linked import Linked
from bylaw.editing.model import Completion
from bylaw.editing.operands import MOST


def complete(linked: Linked, path: str, line: int, column: int) -> tuple[Completion, ...]:
    """Return what may stand at a caret, likeliest first, 100 at most, each text once.

    In a statement these are shapes, the parts that the sentence may go on with, and the operands of
    the sort that stands there; in the metadata, words of status and decisions.
    """
    source = linked.source(path)
    if source is None or source.undecodable is not None:
        return ()
    caret = find_caret(source, line, column)
    if caret is None:
        return tuple(in_field(linked, source, line, column))[:MOST]
    from bylaw.editing.sentences import in_statement  # noqa: PLC0415 - metadata needs no grammar

    text = source.lines[line]
    found: dict[str, Completion] = {}
    for each in in_statement(linked, path, caret):
        # `NOT` behind `MUST` and `MUST NOT` in its place are the same sentence.
        result = text[: each.start[1]] + each.insert + text[each.end[1] :]
        found.setdefault(result, each)
        if len(found) >= MOST:
            break
    return tuple(found.values())
