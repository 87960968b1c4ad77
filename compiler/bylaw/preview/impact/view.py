"""What page, site and terminal show of an impact: a folder of it, counted, drawn and listed.

Pure values, made from an `Impact` and a selection: what is asked for is counted and cut out here,
so that nobody is sent more than a window of it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from bylaw.check.verdict import Excused, NotEvaluated, Violation
from bylaw.keys.values import HIDDEN
from bylaw.preview.impact.model import Impact
from bylaw.preview.impact.shown import (
    WINDOW,
    Cell,
    Group,
    ImpactView,
    Row,
    Selection,
    Unjudged,
)
from bylaw.preview.impact.treemap import treemap
from bylaw.render.verdicts.phrases import EXCUSES

WIDE, NARROW = 1200, 360
"""How wide the treemap's view boxes are: beside the list of decisions, and on a phone."""

_LEAST_HEIGHT, _MOST_HEIGHT = 180, 420
_HEIGHT_PER_CELL = 20

_MOST_ROWS = 2_000
_MOST_CELLS = 48
_MOST_GROUPS = 100
_MOST_UNJUDGED = 100
_LONGEST_LINE = 400

NOBODY = "(nobody)"
"""Stands for the owner of files that nobody owns."""

NO_FILE = "(no file)"
"""Stands for the place of what is in no file: a branch's name, a commit."""


class _Entry(NamedTuple):
    """A violation, and why it does not count, empty where it does."""

    violation: Violation
    excuse: str = ""


def impact_view(  # noqa: PLR0917 - the parts of a selection, as an address has them
    impact: Impact,
    folder: str = "",
    owner: str = "",
    constraint: str = "",
    start: int = 0,
    count: int = WINDOW,
    *,
    filters: bool = True,
) -> ImpactView:
    """Return what there is to show of a folder, an owner or a constraint, or of all three at once.

    `start` and `count` cut a window out of the table. A selection that holds nothing has a view
    that says so. Without `filters` only folders are led to, as on a site that nobody answers.
    """
    selection = Selection(folder.strip("/"), owner, constraint, max(start, 0), _rows_of(count))
    severity = {sentence.id: sentence.severity for sentence in impact.sentences}
    entries = [e for e in _entries(impact) if _is_selected(e.violation, selection, impact)]
    counting = [e.violation for e in entries if not e.excuse]
    musts = sum(severity[v.constraint] == "error" for v in counting)
    folders = _groups(
        entries, severity, _children(entries, selection.folder), impact, selection.folder
    )
    cells = _drawn(folders)
    height = _height(len(cells))
    window = entries[selection.start : selection.start + selection.count]
    by_owner = _groups(entries, severity, lambda v: _owners_of(v, impact), impact)
    by_constraint = _groups(entries, severity, lambda v: (v.constraint,), impact)
    unjudged = [n for n in impact.unjudged if _is_selected(n, selection, impact)]
    return ImpactView(
        decision=impact.decision,
        title=impact.title,
        path=impact.path,
        as_of=impact.as_of.isoformat(),
        state=impact.standing.state if impact.standing is not None else "none",
        saved=impact.saved,
        asked=impact.asked,
        nothing=impact.nothing,
        selection=selection,
        filters=filters,
        must=musts,
        should=len(counting) - musts,
        excused=len(entries) - len(counting),
        all_violations=len(impact.violations),
        files=impact.files,
        tree_files=impact.tree_files,
        statements=impact.statements,
        rejected=impact.rejected,
        owners_file=impact.owners_file,
        baseline=impact.baseline,
        crumbs=_crumbs(selection.folder),
        folders=folders[:_MOST_GROUPS],
        owners=by_owner[:_MOST_GROUPS] if impact.owners_file is not None else (),
        constraints=by_constraint[:_MOST_GROUPS],
        more=(_beyond(folders), _beyond(by_owner), _beyond(by_constraint)),
        height=height,
        wide=_cells(cells, WIDE, height),
        narrow=_cells(cells, NARROW, height),
        rows=tuple(_row(entry, severity, impact) for entry in window),
        total=len(entries),
        sentences=impact.sentences,
        unjudged=tuple(_unjudged(each) for each in unjudged[:_MOST_UNJUDGED]),
        unjudged_total=len(unjudged),
        relieved=_relieved(impact.relieved),
        ends=impact.ends,
        clashes=impact.clashes,
    )


def _beyond(groups: Sequence[Group]) -> int:
    return max(0, len(groups) - _MOST_GROUPS)


def _rows_of(count: int) -> int:
    return min(max(count, 1), _MOST_ROWS)


def _entries(impact: Impact) -> Iterator[_Entry]:
    """Yield all that counts, then all that is excused."""
    for violation in impact.violations:
        yield _Entry(violation)
    for excused in impact.excused:
        yield _Entry(excused.violation, _excuse(excused))


def _excuse(excused: Excused) -> str:
    waiver = excused.waiver
    if waiver is not None:
        ticket = f", {waiver.ticket}" if waiver.ticket else ""
        return f"waived until {waiver.until} by {', '.join(waiver.approved_by)}{ticket}"
    said = EXCUSES[excused.excuse]
    return f"{said}: {excused.note}" if excused.note else said


# --- what is selected --------------------------------------------------------------------------

_Placed: TypeAlias = Violation | NotEvaluated


def _is_selected(found: _Placed, selection: Selection, impact: Impact) -> bool:
    if selection.constraint and found.constraint != selection.constraint:
        return False
    if isinstance(found, NotEvaluated) and found.path is None:
        # It may have something to say of any file, whoever owns it.
        return True
    if selection.folder:
        path = _path_of(found)
        if path != selection.folder and not path.startswith(f"{selection.folder}/"):
            return False
    return not selection.owner or selection.owner in _owners_of(found, impact)


def _owners_of(found: _Placed, impact: Impact) -> tuple[str, ...]:
    return impact.owners.get(found.path or "", ()) or (NOBODY,)


def _children(entries: Iterable[_Entry], folder: str) -> Callable[[Violation], tuple[str, ...]]:
    """Return what tells in which folder or file of a folder a violation lies.

    A folder in which all lies in one folder below is passed over: nobody drills where there is
    no choice. Folders end in a slash.
    """
    start = len(folder) + 1 if folder else 0
    common: dict[str, str] = {}
    for entry in entries:
        path = _path_of(entry.violation)
        head, slash, rest = path[start:].partition("/")
        if slash:
            below = common.get(head)
            whole = path[: len(path) - len(rest.rpartition("/")[2])]
            common[head] = whole if below is None else _common_folder(below, whole)

    def child(violation: Violation) -> tuple[str, ...]:
        path = _path_of(violation)
        head, slash, _ = path[start:].partition("/")
        return (common[head] if slash else path,)

    return child


def _common_folder(one: str, other: str) -> str:
    """Return the deepest folder that two folders, which end in a slash, both lie in."""
    while not other.startswith(one):
        one = one[: one.rstrip("/").rfind("/") + 1]
    return one


def _path_of(found: _Placed) -> str:
    return found.path if found.path is not None else NO_FILE


def _crumbs(folder: str) -> tuple[tuple[str, str], ...]:
    parts = folder.split("/") if folder else []
    return tuple((part, "/".join(parts[: n + 1])) for n, part in enumerate(parts))


# --- what is counted ---------------------------------------------------------------------------


def _groups(
    entries: Iterable[_Entry],
    severity: Mapping[str, str],
    keys: Callable[[Violation], tuple[str, ...]],
    impact: Impact,
    folder: str = "",
) -> tuple[Group, ...]:
    """Return the groups that hold anything, those with most violations first."""
    must: Counter[str] = Counter()
    should: Counter[str] = Counter()
    excused: Counter[str] = Counter()
    owners: dict[str, Counter[str]] = {}
    for entry in entries:
        for key in keys(entry.violation):
            if entry.excuse:
                excused[key] += 1
                continue
            (must if severity[entry.violation.constraint] == "error" else should)[key] += 1
            if impact.owners_file is not None:
                owners.setdefault(key, Counter()).update(_owners_of(entry.violation, impact))
    found = [
        Group(
            key.rstrip("/"),
            key[len(folder) + 1 :] if folder and key.startswith(f"{folder}/") else key,
            must[key],
            should[key],
            excused[key],
            not key.endswith("/"),
            _first(owners.get(key, Counter())),
        )
        for key in {*must, *should, *excused}
    ]
    return tuple(sorted(found, key=lambda g: (-g.violations, -g.must, g.key, g.leaf)))


def _first(owners: Counter[str]) -> tuple[str, ...]:
    found = sorted(owners, key=lambda owner: (-owners[owner], owner))
    return tuple(found[:3]) + (("…",) if len(found) > 3 else ())


def _relieved(relieved: Sequence[Excused]) -> tuple[tuple[str, int, str], ...]:
    """Return constraint, number and how, for what of other decisions is let pass."""
    counted = Counter((each.violation.constraint, EXCUSES[each.excuse]) for each in relieved)
    return tuple((name, number, how) for (name, how), number in sorted(counted.items()))


# --- what is drawn -----------------------------------------------------------------------------


def _drawn(groups: Sequence[Group]) -> tuple[Group, ...]:
    """Return the groups that are drawn: the largest, and the others put together."""
    some = [group for group in groups if group.violations]
    if len(some) <= _MOST_CELLS:
        return tuple(some)
    rest = some[_MOST_CELLS - 1 :]
    name = f"{len(rest):,} more"
    together = Group("", name, sum(g.must for g in rest), sum(g.should for g in rest), leaf=True)
    return (*some[: _MOST_CELLS - 1], together)


def _height(cells: int) -> int:
    """Return how high the treemap is: two rectangles need no wall."""
    return min(_LEAST_HEIGHT + _HEIGHT_PER_CELL * max(0, cells - 2), _MOST_HEIGHT)


def _cells(groups: Sequence[Group], width: int, height: int) -> tuple[Cell, ...]:
    boxes = treemap([group.violations for group in groups], width, height)
    return tuple(
        Cell(
            group.key or None,
            group.name,
            *box,
            violations=group.violations,
            must=group.must,
            share=_share(group),
            label=_label(group, box.width, box.height),
        )
        for group, box in zip(groups, boxes, strict=True)
        if box.width and box.height
    )


def _share(group: Group) -> int:
    """Return the share of a MUST in fifths: five stand for all, none for none at all."""
    if not group.should:
        return 5
    return min(4, -(-5 * group.must // group.violations))


def _label(group: Group, width: int, height: int) -> tuple[str, ...]:
    """Return the lines that fit into a cell: eight units to a character, eighteen to a line."""
    room = (width - 14) // 8
    if room < 2 or height < 24:
        return ()
    number = f"{group.violations:,}"
    lines = [group.name if len(group.name) <= room else group.name[: room - 1] + "…"]
    if len(number) <= room and height >= 46:
        lines.append(number)
    musts = f"{group.must:,} MUST" if group.must else "no MUST"
    if len(musts) <= room and height >= 64:
        lines.append(musts)
    return tuple(lines)


# --- the table ---------------------------------------------------------------------------------


def _row(entry: _Entry, severity: Mapping[str, str], impact: Impact) -> Row:
    violation = entry.violation
    line = violation.place.line if violation.place is not None else None
    detail = f"{violation.detail} ({violation.note})" if violation.note else violation.detail
    return Row(
        violation.constraint,
        severity[violation.constraint],
        violation.path,
        line,
        _text(violation, impact),
        detail,
        impact.owners.get(violation.path or "", ()),
        entry.excuse,
    )


def _text(violation: Violation, impact: Impact) -> str:
    """Return the line of a violation, empty where it has none or must not be shown."""
    if violation.path is None or violation.place is None or _is_hidden(violation):
        return ""
    lines = impact.lines(violation.path)
    number = violation.place.line
    text = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    return text if len(text) <= _LONGEST_LINE else text[: _LONGEST_LINE - 1] + "…"


def _is_hidden(violation: Violation) -> bool:
    """Tell whether the detail keeps a value to itself that its line would show."""
    return HIDDEN in violation.detail


def _unjudged(each: NotEvaluated) -> Unjudged:
    return Unjudged(each.constraint, each.reason, each.path, each.help)
