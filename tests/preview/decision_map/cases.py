"""Small repositories in Markdown: what the map must say stands in the files themselves.

A fixture is a list of cases. `=== case: what it shows` opens one, `as of 2026-06-01` may follow;
`--- path` opens a file of its repository. `<!-- word: what -->` in a file is what is expected of
it; what is not said must not occur.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bylaw.preview.workspace import Linked, Workspace

FOLDER = Path(__file__).parent / "fixtures"
DAY = date(2026, 6, 1)
_CASE = re.compile(r"^=== case: (.*?)(?:, as of (\d{4}-\d{2}-\d{2}))?$", re.MULTILINE)
_FILE = re.compile(r"^--- (\S+)\n", re.MULTILINE)

Said = Counter[tuple[str, str]]
"""A path, and what is said of it; how often."""


@dataclass(frozen=True)
class Case:
    """A repository: its files by path, and the day."""

    name: str
    files: dict[str, str]
    day: date

    def link(self, folder: Path) -> Linked:
        """Write the repository to a folder, and link its decisions."""
        return link(folder, self.files, self.day)

    def said(self, word: str) -> Said:
        """Return what the files say after a word."""
        form = re.compile(rf"<!-- {word}: (.*?) -->")
        return Counter(
            (path, what) for path, text in self.files.items() for what in form.findall(text)
        )


def cases(fixture: str) -> list[Case]:
    """Return the cases of a fixture."""
    _, *parts = _CASE.split((FOLDER / f"{fixture}.md").read_text("utf-8"))
    found = []
    for name, day, body in zip(*[iter(parts)] * 3, strict=True):
        _, *files = _FILE.split(body)
        texts = dict(zip(files[::2], files[1::2], strict=True))
        found.append(Case(name, texts, date.fromisoformat(day) if day else DAY))
    return found


def link(folder: Path, files: dict[str, str], day: date = DAY) -> Linked:
    """Write files to a folder, and link the decisions among them."""
    for path, text in {"bylaw.toml": 'adrs = ["docs/adr"]\n', **files}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return Workspace(folder, as_of=day).on_disk


def adr(number: int, *items: str, status: str = "Accepted", relation: str = "") -> str:
    """Write an ADR with these list items in its binding section."""
    lines = "".join(f"- {item}\n" for item in items)
    return (
        f"# {number}. Decision {number}\n\n## Status\n\n{status}\n\n{relation}\n\n"
        f"## Decision\n\nWe say so.\n\n## Constraints\n\n{lines}"
    )
