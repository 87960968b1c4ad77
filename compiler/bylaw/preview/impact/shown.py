"""What is shown of an impact, as values: counts, cells, rows, and the selection they are of."""

from dataclasses import dataclass, field

from bylaw.preview.impact.model import Clash, Sentence, Size

WINDOW = 100
"""Rows of the table that are shown at a time, where nobody says."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What of an impact is looked at: a folder or a file, and what one owner or constraint has."""

    folder: str = ""
    owner: str = ""
    constraint: str = ""
    start: int = 0
    count: int = WINDOW


@dataclass(frozen=True, slots=True)
class Group:
    """Violations of one folder, owner or constraint: so many of a MUST, and of a SHOULD.

    `key` is what a selection takes; `leaf` tells a file from a folder. `owners` are the first few
    of those whom most of them concern.
    """

    key: str
    name: str
    must: int
    should: int
    excused: int = 0
    leaf: bool = False
    owners: tuple[str, ...] = ()

    @property
    def violations(self) -> int:
        """All violations that count."""
        return self.must + self.should


@dataclass(frozen=True, slots=True)
class Cell:
    """A rectangle of the treemap: its area is the number of violations.

    `share` is that of a MUST among them, in fifths from 0 to 5. `label` is what fits in of the
    name and the number; `folder` is None where several were put together.
    """

    folder: str | None
    name: str
    x: int
    y: int
    width: int
    height: int
    violations: int
    must: int
    share: int
    label: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A violation as a line of the table; `line` counts from 1, None where it is the whole file.

    `excuse` says why it does not count, empty where it does.
    """

    constraint: str
    severity: str
    path: str | None
    line: int | None
    text: str
    detail: str
    owners: tuple[str, ...] = ()
    excuse: str = ""


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Why a constraint, or a constraint on one file, has no verdict."""

    constraint: str
    reason: str
    path: str | None = None
    help: str | None = None


@dataclass(frozen=True, slots=True)
class ImpactView:
    """A selection of an impact, ready to be shown.

    Counts are those of the selection; `total` is that of the table, whose rows from
    `selection.start` on are in `rows`. `crumbs` lead from the root to the folder.
    `height` is that of the treemap, whose rectangles are in `wide` and `narrow`. `filters` tells
    whether whoever shows it can answer other selections than folders.
    """

    decision: str
    title: str
    path: str
    as_of: str
    state: str
    saved: bool
    asked: str | None
    nothing: str | None
    selection: Selection
    filters: bool
    must: int = 0
    should: int = 0
    excused: int = 0
    all_violations: int = 0
    files: int = 0
    tree_files: int = 0
    statements: int = 0
    rejected: int = 0
    owners_file: str | None = None
    baseline: Size = field(default_factory=Size)
    crumbs: tuple[tuple[str, str], ...] = ()
    folders: tuple[Group, ...] = ()
    owners: tuple[Group, ...] = ()
    constraints: tuple[Group, ...] = ()
    more: tuple[int, int, int] = (0, 0, 0)
    height: int = 0
    wide: tuple[Cell, ...] = ()
    narrow: tuple[Cell, ...] = ()
    rows: tuple[Row, ...] = ()
    total: int = 0
    sentences: tuple[Sentence, ...] = ()
    unjudged: tuple[Unjudged, ...] = ()
    unjudged_total: int = 0
    relieved: tuple[tuple[str, int, str], ...] = ()
    ends: tuple[tuple[str, int], ...] = ()
    clashes: tuple[Clash, ...] = ()

    @property
    def violations(self) -> int:
        """All violations of the selection that count."""
        return self.must + self.should
