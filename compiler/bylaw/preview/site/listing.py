"""The list of decisions: pages that need no script, and the rows that the filter looks through."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from bylaw.diagnostics import Diagnostic
from bylaw.preview.site.links import HOME, SiteLinks
from bylaw.preview.site.pages import Row, Site
from bylaw.render.text import count

ROWS = 250
"""Rows of one page."""


def list_pages(
    site: Site, rows: Sequence[Row], faults: Sequence[Diagnostic]
) -> Iterator[tuple[str, bytes]]:
    """Yield the pages of the list, the front page first."""
    windows = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)] or [()]
    names = [HOME, *(f"list/{number}.html" for number in range(2, len(windows) + 1))]
    for number, (name, window) in enumerate(zip(names, windows, strict=True), 1):
        links = SiteLinks(name, site.book)
        root = "../" * name.count("/")
        yield (
            name,
            site.fill(
                "index",
                links,
                title="Decisions" + (f", page {number}" if number > 1 else ""),
                here="decisions",
                rows=window,
                number=number,
                pages=[f"{root}{each}" for each in names],
                summary=_summary(rows),
                faults=faults if number == 1 else (),
                root=root,
            ),
        )


def rows_script(rows: Sequence[Row]) -> bytes:
    """Return the rows as a script: a page that comes from a file may not fetch anything else."""
    shown = [
        [row.page, row.title, row.name, row.standing, dict(row.counts), row.verdicts]
        for row in rows
    ]
    text = json.dumps(shown, separators=(",", ":")).replace("<", "\\u003c")
    return f"window.bylawRows = {text};\n".encode()


def _summary(rows: Sequence[Row]) -> str:
    """Return the counts of the list in words."""
    standings = Counter(row.standing for row in rows)
    parts = [f"{number:,} {word}" for word, number in standings.most_common()]
    found = f"{count(len(rows), 'decision')}: {', '.join(parts)}." if rows else "No decisions."
    binding = [row for row in rows if row.binds and row.violations is not None]
    if not binding:
        return found
    unjudged = sum(row.unjudged for row in binding)
    rest = f"; {count(unjudged, 'constraint')} not evaluated" if unjudged else ""
    return f"{found} {count(sum(row.violations or 0 for row in binding), 'violation')} today{rest}."
