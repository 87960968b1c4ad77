"""What can be written at a place of an ADR, in the places that a page counts."""

from typing import Any

from bylaw.editing.completion import complete
from bylaw.editing.model import Position
from bylaw.preview.positions import points, units
from bylaw.preview.workspace import Workspace


def completions(
    workspace: Workspace, path: str, text: str, line: int, character: int
) -> list[dict[str, Any]]:
    """Return what can stand at a caret of an unsaved text, likeliest first."""
    lines = text.split("\n")
    if line >= len(lines):
        return []
    linked = workspace.linked({path: text.encode()})

    def place(position: Position) -> Position:
        return position[0], units(lines[position[0]][: position[1]])

    return [
        {
            "label": each.label,
            "insert": each.insert,
            "start": place(each.start),
            "end": place(each.end),
            "detail": each.detail,
            "kind": each.kind,
        }
        for each in complete(linked, path, line, points(lines[line], character))
    ]
