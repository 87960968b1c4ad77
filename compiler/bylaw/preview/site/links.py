"""Where things stand in the static site, relative to the page that links there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from bylaw.preview.decision_map.focus import VIEWS, View
from bylaw.preview.decision_map.whole import MapPage
from bylaw.site_address import constraint_page, decision_page, file_stem

HOME = "index.html"

MOST_FOLDERS = 400
"""Pages of one decision's impact: of a folder below so many others, the nearest above is shown."""


@dataclass
class Book:
    """Which pages there are: those of every decision and constraint, and those asked for so far.

    `pages` are the decisions' pages by id and by path; `constraints` the full ids that have one.
    `map_page` finds the page on which a view of the map is shown.
    """

    pages: Mapping[str, str]
    constraints: frozenset[str]
    map_page: Callable[[View, str], MapPage]
    folders: dict[str, str] = field(default_factory=dict)
    """The impact pages of the decision that is being written, by folder."""
    maps: dict[str, MapPage] = field(default_factory=dict)
    """The map pages that were linked to, by name."""


@dataclass(frozen=True)
class SiteLinks:
    """The links of one page, whose path below the site is `page`."""

    page: str
    book: Book
    own: str = ""
    """The path of the decision whose impact has pages by folder, where this is one of them."""

    def _to(self, path: str, anchor: str = "") -> str:
        up = "../" * self.page.count("/")
        fragment = f"#{quote(anchor)}" if anchor else ""
        return f"{up}{quote(path, safe='/~')}{fragment}"

    def static(self, name: str) -> str:
        """Return the address of a file of `static`."""
        return self._to(f"static/{name}")

    def home(self) -> str:
        """Return the address of the list of decisions."""
        return self._to(HOME)

    def decision(self, decision: str, anchor: str = "") -> str:
        """Return the address of a decision's page, by its id or its path."""
        page = self.book.pages.get(decision)
        return self._to(page, anchor) if page is not None else self.home()

    def constraint(self, full_id: str) -> str:
        """Return the address of a constraint's page, else of its decision's."""
        if full_id in self.book.constraints:
            return self._to(constraint_page(full_id))
        return self.decision(full_id.rpartition("/")[0])

    def impact(self, decision: str, folder: str = "") -> str:
        """Return the address of what a decision would break, in a folder of the tree."""
        page = self.book.pages.get(decision)
        if page is None:
            return self.home()
        known, wanted = self.book.folders, folder.strip("/")
        if self.book.pages.get(self.own) != page:
            wanted = ""
        while wanted and wanted not in known and len(known) >= MOST_FOLDERS:
            wanted = wanted.rpartition("/")[0]
        if not wanted:
            return self._to(impact_page(page))
        return self._to(known.setdefault(wanted, impact_page(page, wanted)))

    def map(self, view: str = "graph", focus: str = "") -> str:
        """Return the address of a view of the map."""
        page = self.book.map_page(view if view in VIEWS else "graph", focus)
        self.book.maps.setdefault(page.name, page)
        return self._to(f"map/{page.name}", page.anchor)


def impact_page(decision_page: str, folder: str = "") -> str:
    """Return the path of the page of what a decision would break in a folder."""
    stem = decision_page.rpartition("/")[2].removesuffix(".html")
    name = f"in-{file_stem(folder)}" if folder else "index"
    return f"impact/{stem}/{name}.html"


def pages_of(names: Mapping[str, str]) -> dict[str, str]:
    """Return the decisions' pages by id and path, given the ids of the files by path.

    Where several have one id, the first by path has its page, the others one by their path.
    """
    pages: dict[str, str] = {}
    for path, identity in sorted(names.items()):
        name = identity if identity and identity not in pages else path
        pages[path] = decision_page(name)
        pages.setdefault(identity or path, pages[path])
    return pages
