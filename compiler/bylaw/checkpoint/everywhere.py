"""One call, several roots: where a configuration lies in another one, or files in another tree."""

import os

from bylaw.checkpoint.calls import Answer
from bylaw.checkpoint.checkpoint import open_checkpoint
from bylaw.checkpoint.root import roots_of, roots_written
from bylaw.checkpoint.session import Session

TYPE_CHECKING = False  # `typing` takes longer to import than a call takes to answer
if TYPE_CHECKING:
    from collections.abc import Callable

    from bylaw.checkpoint.asked import Asked
    from bylaw.checkpoint.calls import ToolCall
    from bylaw.checkpoint.checkpoint import Checkpoint

_RANKS = ("allow", "ask", "deny")
_MOST_ROOTS = 8
"""More are not remembered, so that no agent can make a stop take for ever."""


def answer_everywhere(
    asked: "Asked", call: "ToolCall", at: "Callable[[Checkpoint, ToolCall], Answer]"
) -> Answer:
    """Answer a call by the decisions of every root that it touches; the strictest answer counts.

    With a root on the command line, only that one counts.
    """
    roots = [os.path.realpath(asked.root)] if asked.root else _roots(call)
    said: list[Answer] = []
    failed: Exception | None = None
    for root in roots:
        try:
            checkpoint = open_checkpoint(asked, call, root)
            if checkpoint is not None:
                said.append(at(checkpoint, call))
        except Exception as error:
            failed = failed or error
    answer = merged(said)
    if failed is not None and answer.decision != "deny":
        raise failed
    return answer


def _roots(call: "ToolCall") -> "list[str]":
    """Return the roots that bind a call; at the stop, those that the session has written to."""
    projects = call.raw.get("workspace_roots")
    named = projects if isinstance(projects, list) else ()
    roots = list(roots_of(call.cwd or os.getcwd(), named[:_MOST_ROOTS]))
    session = Session(roots[0], call.session)
    known = session.state.get("roots", "")
    if call.event in {"pre", "post"}:
        found = _written(call, roots[0])
        roots += [root for root in found if root not in roots]
        more = [root for root in roots[1:] if root not in known.split("\n")]
        if more and known.count("\n") < _MOST_ROOTS:
            _remember(session, more)
    elif call.event == "stop":
        roots += [root for root in known.split("\n") if os.path.isdir(root) and root not in roots]
    return roots


def _written(call: "ToolCall", root: str) -> "list[str]":
    from bylaw.checkpoint.acting import effects_of
    from bylaw.checkpoint.files import DiskFiles

    try:
        return list(dict.fromkeys(roots_written(effects_of(call, DiskFiles(root)), root)))
    except Exception:
        # The checkpoint of the first root meets the same, and says so.
        return []


def _remember(session: Session, roots: "list[str]") -> None:
    known = session.state.get("roots", "").split("\n")
    try:
        session.keep(roots="\n".join(filter(None, (*known, *roots))))
    except OSError:
        # What cannot be kept is said by the checkpoint, which keeps things at the same place.
        return


def merged(said: "list[Answer]") -> Answer:
    """Return the strictest of some answers, with what is to be said of all."""
    if len(said) <= 1:
        return said[0] if said else Answer("allow")
    decision = max((each.decision for each in said), key=_RANKS.index)
    reasons = [each.reason for each in said if each.decision == decision and each.reason]
    contexts = [each.context for each in said if each.context]
    return Answer(
        decision,
        "\n\n".join(dict.fromkeys(reasons)),
        "\n\n".join(dict.fromkeys(contexts)) or None,
        tuple(item for each in said for item in each.items),
    )
