"""Writing in an ADR that nobody has saved: a caret, what is offered there, and what it becomes."""

from collections.abc import Callable
from pathlib import Path

from bylaw.diagnostics import Diagnostic
from bylaw.editing.completion import complete
from bylaw.editing.model import Completion, Edit
from bylaw.preview.workspace import Linked, Workspace
from bylaw.source import Source

NEW = "docs/adr/0099-new.md"
HEAD = "# 99. New\n\n## Status\n\nAccepted\n\n## Decision\n\nWe do.\n\n## Constraints\n\n"

Choose = Callable[[tuple[Completion, ...]], Completion]


class Writing:
    """A repository, and in it one ADR that is being written."""

    def __init__(self, root: Path) -> None:
        self.workspace = Workspace(root)

    def linked(self, text: str, path: str = NEW) -> Linked:
        return self.workspace.linked({path: text.encode()})

    def offered(self, text: str, path: str = NEW) -> tuple[Completion, ...]:
        """Return what is offered at the `|` of a text."""
        before, bar, after = text.partition("|")
        assert bar
        line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
        return complete(self.linked(before + after, path), path, line, column)

    def in_item(self, item: str) -> tuple[Completion, ...]:
        """Return what is offered at the `|` of a list item; at its end where it has none."""
        return self.offered(f"{HEAD}- {item}" + ("" if "|" in item else "|"))

    def texts(self, item: str) -> list[str]:
        return [each.insert for each in self.in_item(item)]

    def labels(self, item: str) -> list[str]:
        return [each.label for each in self.in_item(item)]

    def faults(self, text: str, path: str = NEW) -> list[Diagnostic]:
        """Return the errors of a text."""
        found = self.linked(text, path).by_file.get(path, ())
        return [each for each in found if each.severity == "error"]

    def write_on(self, item: str, choose: Choose, most: int = 40) -> str:
        """Take one completion after the other until a full stop, and return the item."""
        for _ in range(most):
            found = self.in_item(item)
            assert found, f"nothing is offered after `{item}`"
            each = choose(found)
            text = f"- {item}"
            line, column = (HEAD + text).count("\n"), len(text.rpartition("\n")[2])
            assert each.end == (line, column)
            item = text[: len(text) - (column - each.start[1])][2:] + each.insert
            if each.insert.rstrip().endswith((".", "```")):
                return item
        raise AssertionError(f"it never ends: {item}")


def apply(source: Source, edits: tuple[Edit, ...]) -> Source:
    """Return a file after edits."""
    lines = source.text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    text = source.text
    for edit in sorted(edits, key=lambda each: each.start, reverse=True):
        begin, end = (starts[at[0]] + at[1] for at in (edit.start, edit.end))
        text = text[:begin] + edit.text + text[end:]
    return Source(source.path, text.encode())
