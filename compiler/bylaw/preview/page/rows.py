"""The lines of an output as HTML: numbered, marked, and folded where they are of no statement.

An output can have a megabyte, and a page tens of them, so this is written without a template.
"""

import html
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from bylaw.preview.intermediate import NAME as IR
from bylaw.preview.model import Output, Preview

if TYPE_CHECKING:
    from markupsafe import Markup

_LEAST_FOLDED = 3
"""Lines of no statement, in a row, that are folded."""

_BEFORE, _AFTER = 2, 1
"""Lines that stay in front of a statement's lines, and behind them: headings, brackets."""

_BLOCK = 400
"""Lines that a browser lays out at once; it leaves blocks alone that are not in sight."""

_LONG = 10
"""Lines of a block, or as many of sixty characters, for whose sake it is left alone."""

_LONGEST = 6_000
"""Characters of a line that are shown."""

About = tuple[str, ...]


def rows(output: Output, preview: Preview) -> "Markup":
    """Return the lines of an output as HTML.

    Each is `<span class="line" data-n=NUMBER data-about="ID …">`; the first of those that have the
    same ids can be focused, and has an id of its own.
    """
    from markupsafe import Markup, escape  # noqa: PLC0415 - an extra

    applied = {v.key for v in preview.statements if v.statement in ("waiver", "permission")}
    lines = output.text.removesuffix("\n").split("\n")
    about, joint = _about(output, len(lines))
    stem = escape(f"{output.target}:{'-'.join(output.path.split())}")
    parts: list[str] = []
    for fold, start, end in _runs(about):
        parts.append(_opening(end - start, output) if fold else "")
        for (ids, is_joint), first, last in _blocks(about, joint, start, end):
            changed = not applied.isdisjoint(ids)
            sort = f"{' is-joint' if is_joint else ''}{' is-changed' if changed else ''}"
            named = f' data-about="{escape(" ".join(ids))}"' if ids else ""
            is_long = last - first >= _LONG or sum(map(len, lines[first:last])) >= _LONG * 60
            parts.append(f'<span class="block{" is-long" if is_long else ""}">')
            for number in range(first, last):
                once = f' id="{stem}:{number + 1}" tabindex="0"' if ids and number == first else ""
                text = html.escape(_short(lines[number]), quote=False)
                parts.append(
                    f'<span class="line{sort}" data-n="{number + 1}"{named}{once}>{text}\n</span>'
                )
            parts.append("</span>")
        parts.append("</span></details>" if fold else "")
    return Markup("".join(parts))  # noqa: S704 - escaped above


def has_joint(output: Output) -> bool:
    """Tell whether other decisions have a part in some of the marked lines."""
    return any(mark.joint for mark in output.marks)


def marked(output: Output) -> int:
    """Return how many lines are of a statement."""
    return len({n for mark in output.marks for n in range(mark.first, mark.last + 1)})


def _about(output: Output, count: int) -> tuple[list[About], list[bool]]:
    """Return for each line the statements that it is of, and whether others have a part in it."""
    about: list[About] = [()] * count
    joint = [False] * count
    for mark in output.marks:
        for number in range(mark.first - 1, min(mark.last, count)):
            if mark.statement not in about[number]:
                about[number] += (mark.statement,)
            joint[number] = joint[number] or mark.joint
    return about, joint


def _runs(about: Sequence[About]) -> Iterator[tuple[bool, int, int]]:
    """Yield the runs of lines that are folded, and of those that are not, in turn."""
    kept = [False] * len(about)
    for number, ids in enumerate(about):
        if ids:
            first, last = max(0, number - _BEFORE), min(len(about), number + _AFTER + 1)
            kept[first:last] = [True] * (last - first)
    start = 0
    for keep, run in groupby(kept):
        end = start + len(list(run))
        yield not keep and end - start >= _LEAST_FOLDED, start, end
        start = end


def _blocks(
    about: Sequence[About], joint: Sequence[bool], start: int, end: int
) -> Iterator[tuple[tuple[About, bool], int, int]]:
    """Yield the stretches of lines that are of the same statements, none of them too long."""
    first = start
    for key, run in groupby(range(start, end), key=lambda number: (about[number], joint[number])):
        last = first + len(list(run))
        while first < last:
            yield key, first, min(last, first + _BLOCK)
            first = min(last, first + _BLOCK)


def _opening(count: int, output: Output) -> str:
    what = "of the decision as a whole" if output.target == IR else "not from this decision"
    return f'<details class="fold"><summary>… {count} lines {what}</summary><span class="folded">'


def _short(line: str) -> str:
    if len(line) <= _LONGEST:
        return line
    return f"{line[:_LONGEST]} … {len(line) - _LONGEST} more characters"
