"""How the real parsers of Markdown and YAML read a surface."""

import re
from dataclasses import dataclass
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bylaw import regions
from bylaw.target import Artifact

MARKDOWN = MarkdownIt("gfm-like", {"linkify": False, "html": True})

BLOCKS = {
    *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline"),
    *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"),
}
INLINE = {
    *("text", "code_inline", "strong_open", "strong_close", "em_open", "em_close", "softbreak"),
    *("link_open", "link_close"),
}


@dataclass(frozen=True)
class Page:
    """A surface as its host reads it."""

    front_matter: Any
    tokens: list[Token]
    text: str

    @property
    def headings(self) -> list[tuple[str, str]]:
        """Tag and text of each heading."""
        return [
            (token.tag, self.tokens[number + 1].content)
            for number, token in enumerate(self.tokens)
            if token.type == "heading_open"
        ]

    @property
    def inline(self) -> list[Token]:
        """What stands within blocks."""
        return [child for token in self.tokens for child in token.children or ()]


def page(artifact: Artifact, around: bytes = b"") -> Page:
    """Read a surface as it lies on disk, in a file that holds other text."""
    if artifact.place == "region":
        data = regions.splice(artifact.path, around, artifact.data)
        region = regions.find(data)
        assert region is not None
        assert regions.remove(data) == around
        assert region.content == artifact.data
    else:
        data = regions.stamp(artifact.path, artifact.data)
        assert regions.stamped(artifact.path, data)
    text = data.decode()
    front: Any = None
    if artifact.place == "file" and text.startswith("---\n"):
        head, text = re.split(r"^---\n", text.removeprefix("---\n"), maxsplit=1, flags=re.M)
        front = yaml.safe_load(head)
    return Page(front, MARKDOWN.parse(text), text)


def outside_of_code(page: Page) -> str:
    """Return the page's text without what stands in code."""
    return " ".join(token.content for token in page.inline if token.type == "text")
