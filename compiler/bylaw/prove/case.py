"""A case: a program at a path, and what the language says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bylaw.diagnostics import Span

Verdict = Literal["violates", "complies"]
Source = Literal["example", "generated"]

NO_LINES: frozenset[int] = frozenset()
WHOLE: frozenset[int] = frozenset((0,))
"""The file itself, and no line of it."""


@dataclass(frozen=True)
class Situation:
    """What besides files a case is judged in.

    With `change` the case's files are what has changed since the base. The others are as in
    `bylaw.check.evidence.Evidence`; `message` is that of the one commit since the base.
    """

    change: bool = False
    approved: bool = False
    agent: str | None = None
    branch: str | None = None
    message: str | None = None


@dataclass(frozen=True)
class Draft:
    """A program in the making: its text, and the lines that violate; none where it complies.

    `path` is where it has to stand, if that matters; `beside` are other files that it needs,
    `absent` such as must not be there. None for `lines` is any line.
    """

    title: str
    text: str = ""
    lines: frozenset[int] | None = NO_LINES
    path: str | None = None
    beside: Mapping[str, str] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    situation: Situation = Situation()


def bad(title: str, text: str, *lines: int) -> Draft:
    """Return a program that violates in these lines, the first where none is named."""
    return Draft(title, text, frozenset(lines or (1,)))


def good(title: str, text: str) -> Draft:
    """Return a program that complies."""
    return Draft(title, text)


@dataclass(frozen=True)
class Case:
    """A program whose verdict is known.

    `path` is the file that the verdict is of; `files` are all of the case's, by path. `lines` are
    exactly those that are to be reported (0 is the file itself), None where any will do; `line` is
    one that has to be among them. `span` is the example's, or that of the constraint's sentence.
    """

    constraint: str
    title: str
    verdict: Verdict
    source: Source
    path: str
    files: Mapping[str, bytes]
    span: Span
    lines: frozenset[int] | None = None
    line: int | None = None
    absent: tuple[str, ...] = ()
    situation: Situation = Situation()

    @property
    def text(self) -> str:
        """The program, as a reader sees it."""
        return self.files.get(self.path, b"").decode("utf-8", "replace")

    def fault_of(
        self, found: frozenset[int]
    ) -> "Literal['silent', 'false-alarm', 'disagrees'] | None":
        """Say what is wrong with what an engine has found in the file, if anything is."""
        if self.verdict == "complies":
            return "false-alarm" if found else None
        if not found:
            return "silent"
        if self.line is not None and self.line not in found and 0 not in found:
            return "silent"
        if self.lines is None or found == self.lines or 0 in found or 0 in self.lines:
            return None
        return "silent" if self.lines - found else "false-alarm"
