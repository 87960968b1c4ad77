"""Writing the static site: what is judged once, every page, and where it all goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from os.path import relpath
from pathlib import Path

from bylaw.config import Config
from bylaw.frontend import Progress
from bylaw.parallel import fork_map
from bylaw.preview.become import become
from bylaw.preview.decision_map.whole import DecisionMap, MapPage
from bylaw.preview.page import STATIC
from bylaw.preview.project import project_name
from bylaw.preview.site.folder import SiteFolder
from bylaw.preview.site.impacts import Impacts
from bylaw.preview.site.judged import judge
from bylaw.preview.site.links import Book, pages_of
from bylaw.preview.site.listing import list_pages, rows_script
from bylaw.preview.site.maps import map_book, write_maps
from bylaw.preview.site.pages import Row, Site, decision_pages, impact_pages, row_of
from bylaw.preview.workspace import Workspace

_NOT_LISTED = frozenset({"template", "index"})
"""Files of an ADR folder that are shown only where something is wrong with them."""

_STATIC = (
    *("base.css", "decision.css", "outputs.css", "workbench.css", "impact.css", "map.css"),
    *("site.css", "icon.svg", "theme.js", "link.js", "tabs.js", "impact.js", "map.js", "site.js"),
)
"""What of `static` the site's pages use."""

_LEAST_PARALLEL = 64
"""Decisions for which a second process is worth its start."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a site holds: so many files, decisions and constraints."""

    files: int
    decisions: int
    constraints: int


@dataclass(frozen=True)
class _Share:
    """What one process has written for some of the decisions."""

    rows: tuple[Row, ...]
    files: tuple[str, ...]
    maps: tuple[MapPage, ...]


def write_site(
    root: Path,
    config: Config,
    folder: Path,
    *,
    as_of: date | None = None,
    progress: Progress | None = None,
) -> Written:
    """Write the site of a repository's decisions into a folder, and return what it holds.

    The same decisions, tree and day give the same bytes. Raises ForeignSiteError for a folder that
    holds something else, which is left as it is, and OSError where it cannot be written; a run that
    is cut off leaves the site that was there.
    """
    with SiteFolder(folder) as target:
        aside = _aside(root, folder)
        workspace = Workspace(root, as_of=as_of, progress=progress, aside=aside)
        linked = workspace.on_disk
        judged = judge(root, config, linked.program.as_of, aside, progress)
        decision_map = DecisionMap(linked)
        book = _book(workspace, decision_map)
        name = project_name(root)
        site = Site(name, linked, judged.judgements, decision_map, book)
        rows, maps = _write_decisions(site, Impacts(workspace, judged), target, progress)
        site.book.maps.clear()
        for page, data in list_pages(site, rows, workspace.faults):
            target.write(page, data)
        maps += site.book.maps.values()
        write_maps(site, maps, target, progress)
        target.write("static/rows.js", rows_script(rows))
        for name in _STATIC:
            target.write(f"static/{name}", (STATIC / name).read_bytes())
        # A forge that builds sites would else leave out what begins with an underscore.
        target.write(".nojekyll", b"")
        target.publish()
        return Written(target.count, len(rows), len(site.book.constraints))


def _aside(root: Path, folder: Path) -> str | None:
    """Return the folder as a path of the tree, which it is no part of; None where it is outside."""
    path = Path(relpath(folder.resolve(), root.resolve())).as_posix()
    return None if path == ".." or path.startswith("../") or path == "." else path


def _book(workspace: Workspace, decision_map: DecisionMap) -> Book:
    """Return which pages there will be."""
    program = workspace.on_disk.program
    names = {unit.header.path: unit.header.id for unit in program.units}
    for entry in program.listed:
        if entry.disposition not in _NOT_LISTED or entry.diagnostics:
            names[entry.path] = ""
    pages = pages_of(names)
    constraints = frozenset(
        f"{unit.header.id}/{row.id}"
        for unit in program.units
        for row in unit.header.rows
        if pages.get(unit.header.id) == pages[unit.header.path]
    )
    return Book(pages, constraints, map_book(decision_map, workspace.files).page)


def _write_decisions(
    site: Site, impacts: Impacts, target: SiteFolder, progress: Progress | None
) -> tuple[list[Row], list[MapPage]]:
    """Write the pages of all decisions; return the rows of the list, and the map pages linked."""
    program = site.linked.program
    known = [unit.header.path for unit in program.units]
    known += [each.path for each in program.listed]
    paths = [path for path in known if path in site.book.pages]
    rows: list[Row] = []
    maps: list[MapPage] = []
    for share in fork_map(partial(_share, site, impacts, target), paths, _LEAST_PARALLEL):
        rows += share.rows
        maps += share.maps
        target.take(share.files)
        if progress is not None:
            progress("write", len(rows), len(paths))
    rows.sort(key=lambda row: row.path)
    return rows, maps


def _share(site: Site, impacts: Impacts, target: SiteFolder, paths: Sequence[str]) -> _Share:
    """Write the pages of some decisions."""
    rows: list[Row] = []
    files: list[str] = []
    site.book.maps.clear()
    for path in paths:
        preview = become(site.linked, path)
        if preview is None:
            continue
        impact = impacts.of(preview)
        rows.append(row_of(site, preview, impact))
        pages = [decision_pages(site, preview, impact), impact_pages(site, preview, impact)]
        for some in pages:
            for page, data in some:
                target.write(page, data)
                files.append(page)
    return _Share(tuple(rows), tuple(files), tuple(site.book.maps.values()))
