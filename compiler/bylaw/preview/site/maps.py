"""The pages of the map: those that a page of the site leads to, and how many there may be."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from bylaw.frontend import Progress
from bylaw.parallel import fork_map
from bylaw.preview.decision_map.focus import View, parse
from bylaw.preview.decision_map.whole import DecisionMap, MapPage
from bylaw.preview.site.folder import SiteFolder
from bylaw.preview.site.pages import Site, map_page

MOST_FOLDERS = 500
"""Folders with a page of what governs them: so deep as there are no more than so many."""

MOST_ROWS = 5_000
MOST_ROWS_OF_A_FOLDER = 200
"""Rows of a long list, and of one in a folder, that have pages; beyond, a link leads to the first.

There is one of the former, and one of the latter in each of some hundred folders.
"""

_LEAST_PARALLEL = 16


@dataclass(frozen=True)
class MapBook:
    """Which page a view of the map is on.

    That follows from the tree alone, not from what was linked before: processes that write pages
    side by side link to the same.
    """

    decision_map: DecisionMap
    depth: int

    def page(self, view: View, focus: str) -> MapPage:
        """Return the page on which something is shown, or the nearest one that there is."""
        asked = parse(focus)
        if asked.start >= (MOST_ROWS_OF_A_FOLDER if asked.name else MOST_ROWS):
            asked = asked._replace(part="", start=0)
        if view == "coverage" and asked.name.count("/") >= self.depth:
            folder = "/".join(asked.name.split("/")[: self.depth])
            asked = asked._replace(part="", start=0, name=folder)
        return self.decision_map.page(view, str(asked))


def map_book(decision_map: DecisionMap, files: Iterable[str]) -> MapBook:
    """Find out what all pages share, and how deep folders have pages."""
    # What every process would find out for itself is found out before they part.
    decision_map.step(math.inf)
    _ = decision_map.folders
    decision_map.page("graph", "-")
    return MapBook(decision_map, _depth(files))


def _depth(files: Iterable[str]) -> int:
    """Return how deep a folder may lie so that no more than so many lie as deep."""
    folders: set[str] = set()
    for path in files:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    by_depth = Counter(folder.count("/") + 1 for folder in folders)
    depth, left = 0, MOST_FOLDERS
    while by_depth[depth + 1] and by_depth[depth + 1] <= left:
        depth += 1
        left -= by_depth[depth]
    return depth


def write_maps(
    site: Site, linked: Iterable[MapPage], target: SiteFolder, progress: Progress | None
) -> None:
    """Write every page of the map that a page links to, those of the map among them."""
    waiting = {page.name: page for page in linked}
    done: set[str] = set()
    while waiting:
        done |= waiting.keys()
        found: dict[str, MapPage] = {}
        pages = [waiting[name] for name in sorted(waiting)]
        for names, more in fork_map(partial(_share, site, target), pages, _LEAST_PARALLEL):
            target.take(names)
            found |= {page.name: page for page in more}
            if progress is not None:
                progress("map", len(done), len(done) + len(found.keys() - done))
        waiting = {name: page for name, page in found.items() if name not in done}


def _share(
    site: Site, target: SiteFolder, pages: Sequence[MapPage]
) -> tuple[list[str], list[MapPage]]:
    """Write some pages; return their names, and the pages that they link to."""
    site.book.maps.clear()
    names = []
    for page in pages:
        path, data = map_page(site, page)
        target.write(path, data)
        names.append(path)
    return names, list(site.book.maps.values())
