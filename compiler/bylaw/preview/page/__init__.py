"""The page's templates and static files: what the server and the static site both show.

Templates get values of `bylaw.preview.model` and its like, and never write an address themselves:
`links` knows where things stand, which is elsewhere on the server than in the site.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bylaw.preview.page.prose import code_page, prose
from bylaw.preview.page.rows import has_joint, marked, rows
from bylaw.preview.tabs import tabs_of

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"


class Links(Protocol):
    """Where things stand, as addresses that may stand in an attribute as they are."""

    def static(self, name: str) -> str:
        """Return the address of a file of `static`."""

    def home(self) -> str:
        """Return the address of the list of decisions."""

    def decision(self, decision: str, anchor: str = "") -> str:
        """Return the address of a decision's page, by its id; `anchor` is a constraint's id."""

    def constraint(self, full_id: str) -> str:
        """Return the address of a constraint's page."""

    def impact(self, decision: str, folder: str = "") -> str:
        """Return the address of what a decision would break, in a folder of the tree."""

    def map(self, view: str = "graph", focus: str = "") -> str:
        """Return the address of a view of the map: `graph`, `coverage` or `waivers`."""


@cache
def environment() -> "Environment":
    """Return Jinja's environment: everything is escaped that is not marked as safe HTML."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - an extra

    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(prose=prose, code_page=code_page)
    made.globals.update(tabs_of=tabs_of, rows=rows, marked=marked, has_joint=has_joint)
    return made
