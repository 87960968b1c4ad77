"""What the page is told of an ADR, as values for JSON."""

import time
from hashlib import sha256
from typing import Any

from bylaw.preview.become import become
from bylaw.preview.fragments import fragments
from bylaw.preview.model import Preview
from bylaw.preview.page import Links
from bylaw.preview.positions import places
from bylaw.preview.problems import problems_of
from bylaw.preview.workspace import Workspace


def preview_record(
    workspace: Workspace, path: str, text: str | None, seq: int, links: Links
) -> dict[str, Any] | None:
    """Return what an ADR becomes, with a text laid over it; None where there is nothing to show.

    Positions are lines from zero and UTF-16 code units from zero, as a textarea counts them.
    """
    began = time.perf_counter()
    laid = {} if text is None else {path: text.encode()}
    linked = workspace.linked(laid)
    preview = become(linked, path)
    if preview is None:
        return None
    problems = problems_of(linked, preview)
    on_disk = workspace.on_disk.data(path)
    html = fragments(linked, preview, problems, links)
    return {
        "seq": seq,
        "path": path,
        "revision": workspace.revision,
        "digest": None if on_disk is None else sha256(on_disk).hexdigest(),
        "saved": text is None
        or (on_disk is not None and as_shown(on_disk) == as_shown(laid[path])),
        "title": title_of(preview),
        "standing": preview.standing.state if preview.standing else preview.disposition,
        "statements": statement_records(preview),
        "diagnostics": [each.as_json() for each in problems],
        "html": {name: str(each) for name, each in html.items()},
        "ms": round((time.perf_counter() - began) * 1000, 1),
    }


def title_of(preview: Preview) -> str:
    """Return the title of a decision, or the name of a file that is none."""
    name = preview.path.rpartition("/")[2]
    return (preview.decision.title if preview.decision else "") or name


def statement_records(preview: Preview) -> list[dict[str, Any]]:
    """Return the statements with their states and places."""
    lines = preview.text.split("\n")
    records = []
    for each in preview.statements:
        start, end = places(each.span, lines)
        records.append(
            {
                "key": each.key,
                "statement": each.statement,
                "state": each.state,
                "why": each.why,
                "sentence": each.sentence,
                "about": each.about,
                "severity": each.severity,
                "start": start,
                "end": end,
            }
        )
    return records


def as_shown(data: bytes) -> str:
    """Return a file's text as the page has it: line feeds only, no byte order mark."""
    text = data.decode("utf-8-sig", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
