"""Diagnostics for people: what is wrong, where, and what to do."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bylaw.diagnostics import Diagnostic, Severity
from bylaw.render.characters import safe
from bylaw.render.snippet import Read, snippet

MOST_SHOWN = 250
"""Diagnostics for people; whoever has more mends these first."""

PIPE_WIDTH = 120
"""Cells to which lines are trimmed where there is no terminal."""

_STYLES = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "message": "1",
    "caret": "1;31",
    "label": "1;34",
    "gutter": "1;34",
    "help": "1;32",
    "path": "1",
    "dim": "2",
}


def plain(text: str, part: str) -> str:  # noqa: ARG001 - a Paint
    """Leave a text uncoloured."""
    return text


def coloured(text: str, part: str) -> str:
    """Colour a text for a terminal by the part it plays."""
    return f"\x1b[{_STYLES[part]}m{text}\x1b[0m"


def _unchanged(path: str) -> str:
    return path


@dataclass(frozen=True, slots=True)
class Style:
    """How diagnostics look: with colours or without, how wide, and how a path is shown."""

    colour: bool = False
    width: int = PIPE_WIDTH
    show: Callable[[str], str] = _unchanged

    def paint(self, text: str, part: str) -> str:
        """Colour a text where colours are wanted."""
        return coloured(text, part) if self.colour else text


def text(diagnostics: Iterable[Diagnostic], read: Read, style: Style) -> Iterator[str]:
    """Yield the diagnostics line by line, with an empty line after each."""
    for diagnostic in diagnostics:
        yield from diagnostic_lines(diagnostic, read, style)
        yield ""


_MOST_CHARACTERS = 2000
"""Of a message: what quotes more than this from a file quotes too much."""


def _clip(text: str) -> str:
    shown = safe(text)
    return shown if len(shown) <= _MOST_CHARACTERS else shown[:_MOST_CHARACTERS] + "…"


def diagnostic_lines(diagnostic: Diagnostic, read: Read, style: Style) -> Iterator[str]:
    """Yield one diagnostic line by line."""
    head = style.paint(f"{diagnostic.severity}[{diagnostic.code}]", str(diagnostic.severity))
    yield f"{head}: {style.paint(_clip(diagnostic.message), 'message')}"
    yield from snippet(diagnostic, read, style.paint, style.width, style.show)
    if diagnostic.help:
        first, *more = diagnostic.help.split("\n")
        yield f"{style.paint('help', 'help')}: {_clip(first)}"
        for line in more:
            yield f"      {_clip(line)}".rstrip()


def abridged(diagnostics: Iterable[Diagnostic]) -> tuple[list[Diagnostic], str | None]:
    """Return so many diagnostics as somebody can read, errors before others, and what is left."""
    found = list(diagnostics)
    if len(found) <= MOST_SHOWN:
        return found, None
    ranks = list(Severity)
    chosen = sorted(range(len(found)), key=lambda i: (ranks.index(found[i].severity), i))
    kept = set(chosen[:MOST_SHOWN])
    left = Counter(each.code for i, each in enumerate(found) if i not in kept)
    names = ", ".join(f"{number:,} of {code}" for code, number in sorted(left.items()))
    return [found[i] for i in sorted(kept)], f"and {left.total():,} more: {names}"


def summary(diagnostics: Iterable[Diagnostic], adrs: int | None) -> str:
    """Return the line that counts: `3 errors, 2 warnings in 41 ADRs`."""
    counts = dict.fromkeys(Severity, 0)
    for diagnostic in diagnostics:
        counts[diagnostic.severity] += 1
    parts = [
        count(number, str(severity))
        for severity, number in counts.items()
        if number or severity is Severity.ERROR
    ]
    if not any(counts.values()):
        parts = ["no errors"]
    return ", ".join(parts) + (f" in {count(adrs, 'ADR')}" if adrs is not None else "")


def count(number: int, noun: str) -> str:
    """Return `1 error`, `2 errors`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
