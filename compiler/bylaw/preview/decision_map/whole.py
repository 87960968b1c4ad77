"""The whole map of linked decisions: asked for a view, it answers with values, or with HTML."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from bylaw.governing import find_units
from bylaw.preview.decision_map.drawing import short_name
from bylaw.preview.decision_map.focus import Focus, View, file_name, parse
from bylaw.preview.decision_map.folders import Entries, Folders, FolderView
from bylaw.preview.decision_map.governors import Governor, Governors
from bylaw.preview.decision_map.graph import Node, read_graph
from bylaw.preview.decision_map.graph_view import GraphPages, GraphView
from bylaw.preview.decision_map.unenforced import (
    HOLLOWS,
    LACKS,
    Hollow,
    Lack,
    Lacking,
    Unenforced,
    find_unenforced,
)
from bylaw.preview.decision_map.waivers import DUES, Waivers, WaiversView
from bylaw.preview.page import Links, environment
from bylaw.preview.workspace import Linked

if TYPE_CHECKING:
    from markupsafe import Markup

WINDOW = 100
"""Decisions or constraints of one list of the reverse, and of each list on the first page."""


class ListView(NamedTuple):
    """A window of the decisions that nothing enforces, or of constraints that hold no file."""

    slug: Lack | Hollow
    title: str
    meaning: str
    total: int
    start: int
    window: int
    decisions: tuple[Lacking, ...] = ()
    constraints: tuple[Governor, ...] = ()


@dataclass(frozen=True)
class CoverageView:
    """A page of the coverage: a folder (the root's page has the reverse as well), or one list."""

    folder: FolderView | None
    lists: tuple[ListView, ...] = ()
    constraints: int = 0
    decisions: int = 0
    missing: str = ""


AnyView: TypeAlias = GraphView | CoverageView | WaiversView


class MapPage(NamedTuple):
    """A page of the static site: its file's name, its title, what is looked at, and where in it.

    Whatever is shown on the same page has the same `view` and `focus`.
    """

    name: str
    title: str
    view: View
    focus: str
    anchor: str = ""


@dataclass
class DecisionMap:
    """The map of one state of a repository.

    `patience` are the seconds for which one page asks the engines; a page of a server leaves the
    rest for later, the static site's has all.
    """

    linked: Linked
    patience: float = math.inf
    _is_ready: bool = field(default=False, init=False)

    def step(self, seconds: float) -> tuple[int, int]:
        """Prepare the coverage for about so long; return how much is done, and how much there is.

        A view that needs it prepares all there is left.
        """
        done, total = self._governors.step(seconds)
        self._is_ready = done >= total
        return done, total

    # --- views ---------------------------------------------------------------------------------

    def graph(self, focus: str = "") -> GraphView:
        """Return a page of the decision graph."""
        asked = parse(focus)
        return self._graph_pages.view(asked, self.find(asked.name) if asked.name else None)

    def coverage(self, focus: str = "") -> CoverageView:
        """Return a page of the coverage."""
        asked = parse(focus)
        if asked.part in LACKS or asked.part in HOLLOWS:
            lists = tuple(each for each in self._lists(asked.start) if each.slug == asked.part)
            return CoverageView(None, lists)
        starts = {part: asked.start if asked.part == part else 0 for part in _WINDOWS}
        missing = "" if self.folders.knows(asked.name) else asked.name
        path = "" if missing else asked.name
        folder = self.folders.view(path, *starts.values())
        governors = self._ready
        return CoverageView(
            folder,
            () if path or asked.part else tuple(self._lists()),
            sum(len(group.governors) for group in governors.in_force.values()),
            len(governors.by_decision),
            missing,
        )

    def waivers(self, focus: str = "") -> WaiversView:
        """Return a page of the waivers."""
        asked = parse(focus)
        return self._waivers.view(asked.part if asked.part in DUES else "", asked.start, asked.name)

    def entries(self, folder: str) -> Entries:
        """Return what lies directly in a folder, where there is one: what opens in the tree."""
        return self.folders.entries(folder)

    def find(self, name: str) -> Node | None:
        """Return the decision that a name means: that of its page, an id, a number or a path."""
        known = self._graph_pages.graph.by_name.get(name)
        if known is not None:
            return known
        units = find_units(self.linked.program, name)
        return self._graph_pages.graph.nodes[units[0].header.path] if units else None

    # --- as HTML -------------------------------------------------------------------------------

    def html(self, view: View, focus: str, links: Links) -> "Markup":
        """Return a view as safe HTML."""
        looks: Mapping[View, Callable[[str], AnyView]] = {
            "graph": self.graph,
            "coverage": self.coverage,
            "waivers": self.waivers,
        }
        made = looks[view](focus)
        return _filled(view, links, map=made)

    def entries_html(self, folder: str, links: Links) -> "Markup":
        """Return the rows of what lies directly in a folder, as safe HTML."""
        return _filled("coverage_entries", links, entries=self.entries(folder), folder=folder)

    def checked_html(self, full_id: str, links: Links) -> "Markup":
        """Return where a constraint is checked, as safe HTML: empty for none that is known."""
        governor = self._ready.by_id.get(full_id)
        checked = self._ready.checked(governor) if governor is not None else None
        return _filled("coverage_checked", links, checked=checked)

    def page(self, view: View, focus: str = "") -> MapPage:
        """Return the page on which something is shown: a decision stands on one with others."""
        anchor = ""
        if view == "graph" and focus and not focus.startswith("/"):
            node = self.find(focus)
            focus = str(self._graph_pages.home(node)) if node is not None else ""
            anchor = anchor_of(node) if node is not None else ""
        elif view == "coverage" and parse(focus).name and not self.folders.knows(parse(focus).name):
            focus = ""
        return MapPage(file_name(view, focus), title_of(view, focus), view, focus, anchor)

    # --- what views are made of ----------------------------------------------------------------

    @cached_property
    def _graph_pages(self) -> GraphPages:
        return GraphPages(read_graph(self.linked))

    @cached_property
    def _governors(self) -> Governors:
        return Governors(self.linked)

    @property
    def _ready(self) -> Governors:
        while not self._is_ready:
            self.step(math.inf)
        return self._governors

    @cached_property
    def folders(self) -> Folders:
        """The folders of the tree with what governs them."""
        return Folders(self._ready, self.patience)

    @cached_property
    def unenforced(self) -> Unenforced:
        """The decisions that nothing enforces, and the constraints that hold no file."""
        return find_unenforced(self._ready)

    @cached_property
    def _waivers(self) -> Waivers:
        return Waivers(self.linked)

    def _lists(self, start: int = 0) -> Iterator[ListView]:
        found = self.unenforced
        for lack, lacking in found.decisions.items():
            shown = lacking[start : start + WINDOW]
            yield ListView(lack, *LACKS[lack], len(lacking), start, WINDOW, decisions=shown)
        for hollow, governors in found.constraints.items():
            held = governors[start : start + WINDOW]
            yield ListView(
                hollow, *HOLLOWS[hollow], len(governors), start, WINDOW, constraints=held
            )


_WINDOWS = ("constraints", "entries", "proposed")
"""In the order in which `Folders.view` takes where they start."""

_TITLES = {"graph": "Decision graph", "coverage": "Coverage", "waivers": "Waivers"}


def title_of(view: View, focus: str) -> str:
    """Return the title of a page."""
    asked = parse(focus)
    words = asked.name or (f"{asked.part} {asked.start}" if asked.part else "")
    return f"{_TITLES[view]}: {words}" if words else _TITLES[view]


def anchor_of(node: Node) -> str:
    """Return the anchor of a decision in the pages of the graph."""
    return f"d-{node.name}"


def _focus_of(part: str = "", start: int = 0, name: str = "") -> str:
    return str(Focus(part, start, name))


def _filled(name: str, links: Links, **values: object) -> "Markup":
    from markupsafe import Markup  # noqa: PLC0415 - an extra

    template = environment().get_template(f"fragments/{name}.html")
    words = {"focus_of": _focus_of, "anchor_of": anchor_of, "short_name": short_name}
    return Markup(template.render(links=links, **words, **values))  # noqa: S704 - escaped there
