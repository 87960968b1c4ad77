"""What the compiler says, as HTML: backticks become code, and a code's page is at hand."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup


def prose(text: str) -> "Markup":
    """Return a message as HTML, with what stands in backticks as code."""
    from markupsafe import Markup, escape  # noqa: PLC0415 - an extra

    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part)
        for number, part in enumerate(parts)
        if part or not number % 2
    )


@cache
def code_page(number: str) -> "tuple[str, Markup] | None":
    """Return the title of a diagnostic code's page and the rest as HTML; None without a page."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - slow to import
    from markupsafe import Markup  # noqa: PLC0415 - an extra

    from bylaw.codes import page  # noqa: PLC0415 - only where something is wrong

    text = page(number)
    if text is None:
        return None
    heading, _, body = text.partition("\n")
    body = body.partition("\n## See also")[0]  # its links lead to pages that are not here
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["link", "image"])
    return heading.removeprefix("# "), Markup(reader.render(body))  # noqa: S704 - it has escaped
