"""HTML read back by a parser, and what a test asks of it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from bylaw.preview.page import Links

VOID = {"hr", "br", "meta", "link", "img", "input", "col", "source"}


@dataclass
class Element:
    """An element, and the text in it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """A document: its elements in order, its text, and whether its tags are balanced."""

    elements: list[Element] = field(default_factory=list)
    text: str = ""
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"an attribute twice in <{tag}>")
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element that holds nothing, as in SVG."""
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element, which has to be of this tag."""
        if not self._open or self._open[-1].tag != tag:
            self.faults.append(f"</{tag}> in {[each.tag for each in self._open][-3:]}")
        else:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Keep text, in each element that is open."""
        self.text += data
        for each in self._open[-8:]:
            each.text += data

    def handle_comment(self, data: str) -> None:
        """No page has comments."""
        self.faults.append(f"a comment: {data[:40]}")

    def handle_pi(self, data: str) -> None:
        """No page has processing instructions."""
        self.faults.append(f"<?{data[:40]}>")

    def unknown_decl(self, data: str) -> None:
        """No page has CDATA."""
        self.faults.append(f"<![{data[:40]}]>")

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Return the elements of a tag whose attributes have these values."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            each
            for each in self.elements
            if each.tag == tag and wanted.items() <= each.attributes.items()
        ]


def parse(html: str) -> Page:
    """Read HTML; whatever is not closed is a fault."""
    page = Page()
    page.feed(html)
    page.close()
    page.faults += [f"<{each.tag}> is not closed" for each in page._open]
    return page


class Fixed(Links):
    """Addresses that say what they lead to."""

    def static(self, name: str) -> str:
        """Return the address of a static file."""
        return f"/static/{name}"

    def home(self) -> str:
        """Return the address of the list."""
        return "/"

    def decision(self, decision: str, anchor: str = "") -> str:
        """Return the address of a decision."""
        return f"/decisions/{decision}" + (f"#{anchor}" if anchor else "")

    def constraint(self, full_id: str) -> str:
        """Return the address of a constraint."""
        return f"/constraints/{full_id}"

    def impact(self, decision: str, folder: str = "") -> str:
        """Return the address of an impact."""
        return f"/impact/{decision}/{folder}"

    def map(self, view: str = "graph", focus: str = "") -> str:
        """Return the address of a map."""
        return f"/map/{view}/{focus}"
