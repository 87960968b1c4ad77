"""The parts of a page that the server and the static site both show, as safe HTML."""

from typing import TYPE_CHECKING, Any

from bylaw.preview.markdown import adr_html
from bylaw.preview.model import Preview
from bylaw.preview.page import Links, environment
from bylaw.preview.workspace import Linked
from bylaw.program import Header

if TYPE_CHECKING:
    from markupsafe import Markup


def fragments(
    linked: Linked, preview: Preview, problems: tuple[Any, ...], links: Links
) -> "dict[str, Markup]":
    """Return the ADR with its statements marked, the outputs, and what is wrong, each as HTML."""
    more: dict[str, dict[str, Any]] = {
        "decision": {"html": adr_markup(linked, preview, links)},
        "outputs": {},
        "diagnostics": {"problems": problems},
    }
    return {name: _filled(name, preview, links, values) for name, values in more.items()}


def adr_markup(linked: Linked, preview: Preview, links: Links) -> "Markup":
    """Return the text of an ADR as HTML, its links leading to the pages of other decisions."""
    by_path = linked.program.by_path

    def lookup(path: str) -> Header | None:
        unit = by_path.get(path)
        return unit.header if unit is not None else None

    return adr_html(preview, links, lookup)


def _filled(name: str, preview: Preview, links: Links, values: dict[str, Any]) -> "Markup":
    from markupsafe import Markup  # noqa: PLC0415 - an extra

    template = environment().get_template(f"fragments/{name}.html")
    return Markup(template.render(preview=preview, links=links, **values))  # noqa: S704 - escaped there
