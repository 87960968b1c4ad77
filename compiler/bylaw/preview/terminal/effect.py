"""What an ADR would break today, in a few rows."""

from collections import Counter
from collections.abc import Iterator

from rich.text import Text

from bylaw.preview.impact.model import Impact
from bylaw.preview.terminal.rows import Part, row, wrapped
from bylaw.render.characters import cells, safe
from bylaw.render.table import fit
from bylaw.render.text import count

_MOST = 8
"""Folders, and places, that are shown."""

_BAR = 24
"""Cells of the longest bar."""


def impact_rows(impact: Impact, width: int) -> Iterator[Text]:
    """Yield what the working tree has against a decision, were it in force."""
    if impact.nothing is not None:
        yield from wrapped(f"Nothing is judged: {safe(impact.nothing)}.", width, (), ())
        return
    yield from _summary(impact, width)
    yield from _sentences(impact, width)
    yield from _folders(impact, width)
    yield from _places(impact, width)
    yield from _clashes(impact, width)


def _summary(impact: Impact, width: int) -> Iterator[Text]:
    paths = {violation.path for violation in impact.violations if violation.path}
    files = f"{count(impact.files, 'file')} in scope" if impact.files else "no file in scope"
    found = count(len(impact.violations), "violation")
    said = f"{found} in {count(len(paths), 'file')}, of {files}." if paths else f"{found}, {files}."
    if impact.baseline.entries:
        entries = "entry" if impact.baseline.entries == 1 else "entries"
        said += f" A baseline would have {impact.baseline.entries} {entries}."
    if impact.excused:
        said += f" {count(len(impact.excused), 'violation')} excused."
    if impact.unjudged:
        said += f" {len(impact.unjudged)} not evaluated."
    if impact.relieved:
        said += f" It lets {count(len(impact.relieved), 'violation')} of other decisions pass."
    yield from wrapped(said, width, (), ())
    for decision, constraints in impact.ends:
        ended = f"It ends {decision} with {count(constraints, 'constraint')}."
        yield from wrapped(ended, width, (), ())


def _sentences(impact: Impact, width: int) -> Iterator[Text]:
    named = [(each.id.rpartition("/")[2], each) for each in impact.sentences]
    if not named:
        return
    room = min(max(cells(name) for name, _ in named), width // 3)
    yield row()
    for name, each in named:
        front: tuple[Part, ...] = (
            (f"{each.violations:>7}  ", each.severity if each.violations else "dim"),
            (f"{fit(name, room):<{room}}  ", "plain"),
        )
        more = [each.fate if each.fate != "judged" else "", each.why]
        more += [f"{each.unjudged} not evaluated" if each.unjudged else ""]
        yield from wrapped(
            ": ".join(filter(None, more)),
            width - room - 11,
            front,
            ((" " * (room + 11), "plain"),),
            "dim",
        )


def _folders(impact: Impact, width: int) -> Iterator[Text]:
    folders = Counter((v.path or "").rpartition("/")[0] or "." for v in impact.violations if v.path)
    if not folders:
        return
    yield row()
    largest = max(folders.values())
    for folder, number in sorted(folders.items(), key=lambda item: (-item[1], item[0]))[:_MOST]:
        bar = "█" * max(1, round(_BAR * number / largest))
        name = fit(f"{folder}/" if folder != "." else "./", width - _BAR - 11)
        yield row((f"{number:>7}  ", "plain"), (f"{bar:<{_BAR}}  ", "warning"), (name, "plain"))
    if len(folders) > _MOST:
        yield row((f"{'':>7}  … and {count(len(folders) - _MOST, 'more folder')}", "dim"))


def _places(impact: Impact, width: int) -> Iterator[Text]:
    if not impact.violations:
        return
    yield row()
    for violation in impact.violations[:_MOST]:
        place = violation.path or "(no file)"
        if violation.place is not None:
            place += f":{violation.place.line}"
        front: tuple[Part, ...] = ((f"{fit(place, width)}", "path"),)
        yield row(*front)
        name = violation.constraint.rpartition("/")[2]
        said = f"{name}: {violation.detail}{f', {violation.note}' if violation.note else ''}"
        indent: tuple[Part, ...] = (("    ", "plain"),)
        yield from wrapped(said, width - 4, indent, indent)
    if (left := len(impact.violations) - _MOST) > 0:
        yield row((f"… and {count(left, 'more violation')}, with `bylaw check`", "dim"))


def _clashes(impact: Impact, width: int) -> Iterator[Text]:
    for clash in impact.clashes:
        yield row()
        head: tuple[Part, ...] = ((f"{clash.severity}[{clash.code}]: ", str(clash.severity)),)
        taken = sum(len(text) for text, _ in head)
        indent: tuple[Part, ...] = (("  ", "plain"),)
        first, *rest = wrapped(clash.message, width - taken, head, indent, "title")
        yield first
        yield from rest
        for text in (clash.note, clash.help and f"help: {clash.help}"):
            if text:
                yield from wrapped(text, width - 2, indent, indent)
        for side in clash.sides:
            at = f"{side.span.path}:{side.span.line}"
            yield from wrapped(f"{at} {side.says}".rstrip(), width - 2, indent, indent, "dim")
