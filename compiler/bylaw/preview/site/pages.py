"""The pages of the static site, as bytes: everything that they show is in a `Site`."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from bylaw.check.verdict import Judgement
from bylaw.diagnostics import Severity
from bylaw.ir import Meaning, Relation
from bylaw.preview.decision_map.whole import DecisionMap, MapPage
from bylaw.preview.fragments import adr_markup
from bylaw.preview.impact.model import Impact
from bylaw.preview.impact.view import impact_view
from bylaw.preview.markdown import anchors_of
from bylaw.preview.model import STATES, Preview
from bylaw.preview.page import environment
from bylaw.preview.problems import problems_of
from bylaw.preview.site.constraint import constraint_pages
from bylaw.preview.site.links import Book, SiteLinks, impact_page
from bylaw.preview.tabs import tabs_of
from bylaw.preview.workspace import Linked
from bylaw.render.json import well_formed
from bylaw.site_address import constraint_page

if TYPE_CHECKING:
    from markupsafe import Markup

STANDINGS: Mapping[Meaning, str] = {
    "in-force": "in force",
    "proposed": "proposed",
    "retired": "retired",
    "none": "without a status",
    "unclear": "unclear",
}
"""How a decision stands, in words."""

_RELATIONS = {
    "supersedes": "supersedes",
    "superseded-by": "superseded by",
    "amends": "amends",
    "amended-by": "amended by",
    "depends-on": "depends on",
    "relates-to": "relates to",
}

_MOST_RELATIONS = 50

_MOST_ROWS = 500
"""Violations on one page of an impact; those of a folder are on its own."""


class Row(NamedTuple):
    """A file of the list: what leads to it, how it stands, and what there is to say of it.

    `violations` is None where nothing of it was judged; `unjudged` counts the constraints that
    have no verdict. `binds` tells what there is today from what there would be.
    """

    path: str
    page: str
    title: str
    name: str
    standing: str
    counts: Mapping[str, int]
    violations: int | None
    unjudged: int
    binds: bool
    errors: int
    warnings: int

    @property
    def verdicts(self) -> str:
        """How many violations there are, and how many constraints have no verdict, in words."""
        if self.violations is None:
            return ""
        unjudged = f"{self.unjudged:,} not evaluated" if self.unjudged else ""
        violations = f"{self.violations:,}" if self.violations or not unjudged else ""
        words = ", ".join(filter(None, (violations, unjudged)))
        return words if self.binds else f"{words} if accepted"


@dataclass(frozen=True)
class Site:
    """All that the pages of a site are made from."""

    name: str
    linked: Linked
    judgements: dict[str, Judgement]
    decision_map: DecisionMap
    book: Book

    def fill(self, template: str, links: SiteLinks, **values: Any) -> bytes:
        """Return a page as bytes."""
        text = (
            environment()
            .get_template(f"site/{template}.html")
            .render(
                links=links,
                name=self.name,
                day=self.linked.program.as_of.isoformat(),
                states=STATES,
                **values,
            )
        )
        return str(well_formed(text)).encode("utf-8")

    def part(self, template: str, links: SiteLinks, **values: Any) -> "Markup":
        """Return a fragment that stands in a page."""
        from markupsafe import Markup  # noqa: PLC0415 - an extra

        filled = environment().get_template(f"fragments/{template}.html")
        return Markup(filled.render(links=links, **values))  # noqa: S704 - escaped there


# --- a decision and its constraints ------------------------------------------------------------


def decision_pages(site: Site, preview: Preview, impact: Impact) -> Iterator[tuple[str, bytes]]:
    """Yield the page of a decision, and those of its constraints."""
    page = site.book.pages[preview.path]
    links = SiteLinks(page, site.book)
    yield (
        page,
        site.fill(
            "decision",
            links,
            title=preview.decision.title if preview.decision else preview.path,
            here="decisions",
            preview=preview,
            html=adr_markup(site.linked, preview, links),
            problems=problems_of(site.linked, preview),
            relations=list(_relations(site, preview.path, links)),
            impact=impact_view(impact, count=1, filters=False),
        ),
    )
    if preview.decision is not None and is_first(site, preview):
        yield from _constraint_pages(site, preview)


def is_first(site: Site, preview: Preview) -> bool:
    """Tell whether a decision has the page of its id, which its constraints' pages hang on."""
    identity = preview.decision.id if preview.decision is not None else ""
    return site.book.pages.get(identity) == site.book.pages[preview.path]


def _constraint_pages(site: Site, preview: Preview) -> Iterator[tuple[str, bytes]]:
    keys = [view.key for view in preview.statements]
    anchors = dict(zip(keys, anchors_of(preview.statements), strict=True))
    titles = {tab.name: tab.title for tab in tabs_of(preview)}
    for each in constraint_pages(preview, site.judgements):
        page = constraint_page(each.view.key)
        yield (
            page,
            site.fill(
                "constraint",
                SiteLinks(page, site.book),
                title=each.view.key,
                here="decisions",
                page=each,
                decision_name=preview.path,
                anchor=anchors[each.view.key],
                target_title=lambda name: titles.get(name, name),
                plainly=_plainly,
            ),
        )


def _plainly(text: str) -> "Markup":
    """Return text as HTML that keeps its quotes: a third of JSON is quotes."""
    from markupsafe import Markup  # noqa: PLC0415 - an extra

    return Markup(escape(text, quote=False))  # noqa: S704 - just escaped


def _relations(site: Site, path: str, links: SiteLinks) -> Iterator[tuple[str, str, str, str]]:
    """Yield a decision's relations: the word, the other's name and title, and its address."""
    program = site.linked.program
    seen: dict[tuple[str, str], Relation] = {}
    for relation in program.relations.get(path, ()):
        seen.setdefault((relation.kind, relation.target or relation.raw), relation)
    for relation in list(seen.values())[:_MOST_RELATIONS]:
        word = _RELATIONS[relation.kind] + (" part of" if relation.partial else "")
        unit = program.by_path.get(relation.target or "")
        if unit is None:
            yield word, relation.raw, "", ""
        else:
            header = unit.header
            yield word, header.id, header.title, links.decision(header.path)


# --- its impact, and the map -------------------------------------------------------------------


def impact_pages(site: Site, preview: Preview, impact: Impact) -> Iterator[tuple[str, bytes]]:
    """Yield the pages of what a decision would break: one for each folder that is linked to."""
    folders = site.book.folders
    folders.clear()
    done: set[str] = set()
    folders[""] = impact_page(site.book.pages[preview.path])
    while waiting := [folder for folder in folders if folder not in done]:
        for folder in waiting:
            done.add(folder)
            page = folders[folder]
            links = SiteLinks(page, site.book, preview.path)
            view = impact_view(impact, folder, count=_MOST_ROWS, filters=False)
            html = site.part("impact", links, impact=view)
            title = f"Impact of {impact.title}" + (f": {folder}" if folder else "")
            yield (
                page,
                site.fill(
                    "impact",
                    links,
                    title=title,
                    here="decisions",
                    html=html,
                    heading=impact.title,
                    decision_name=preview.path,
                ),
            )


def map_page(site: Site, page: MapPage) -> tuple[str, bytes]:
    """Return a page of the map."""
    path = f"map/{page.name}"
    links = SiteLinks(path, site.book)
    html = site.decision_map.html(page.view, page.focus, links)
    return path, site.fill("map", links, title=page.title, here=page.view, html=html)


# --- the list ----------------------------------------------------------------------------------


def row_of(site: Site, preview: Preview, impact: Impact) -> Row:
    """Return what the list says of a file: its verdicts as they stand where its impact does."""
    severities = Counter(
        each.severity for each in preview.diagnostics if not site.linked.config.allows(each)
    )
    judged = [each for each in impact.sentences if each.fate != "over"]
    counts: Counter[str] = Counter(each.state for each in preview.statements)
    standing = STANDINGS[preview.standing.state] if preview.standing else preview.disposition
    return Row(
        preview.path,
        site.book.pages[preview.path],
        well_formed(preview.decision.title if preview.decision else preview.path),
        well_formed(preview.decision.id if preview.decision else ""),
        standing,
        {state: counts[state] for state in STATES if counts[state] and state != "note"},
        len(impact.violations) if judged else None,
        sum(bool(each.unjudged) for each in judged),
        preview.standing is not None and preview.standing.state == "in-force",
        severities[Severity.ERROR],
        severities[Severity.WARNING],
    )
