"""What of a view is looked at: a word that an address holds, and a file name of the static site."""

import re
from hashlib import sha256
from typing import Literal, NamedTuple, TypeAlias, get_args

View: TypeAlias = Literal["graph", "coverage", "waivers"]

VIEWS: tuple[View, ...] = get_args(View)

_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST = 48


class Focus(NamedTuple):
    """A part of a view (`part`), from its `start` on, of one thing (`name`): a folder, a decision.

    Written `/part/start/name`; where there is but a name it stands by itself, for no path of a
    repository and no id begins with a slash.
    """

    part: str = ""
    start: int = 0
    name: str = ""

    def __str__(self) -> str:
        if not self.part and not self.start and not self.name.startswith("/"):
            return self.name
        return f"/{self.part}/{self.start}/{self.name}".rstrip("/")


def parse(text: str) -> Focus:
    """Return what a focus says; whatever is not written as one is a name."""
    if not text.startswith("/"):
        return Focus(name=text.rstrip("/"))
    part, _, rest = text[1:].partition("/")
    start, _, name = rest.partition("/")
    if not re.fullmatch(r"[a-z-]*", part) or not re.fullmatch(r"[0-9]{0,9}", start):
        return Focus(name=text.strip("/"))
    return Focus(part, int(start or 0), name)


def file_name(view: str, focus: str = "") -> str:
    """Return the name of the static site's file for a page: the same for ever, safe to write."""
    if not focus:
        return f"{view}.html"
    slug = _SLUG.sub("-", focus.lower()).strip("-")[:_LONGEST].strip("-")
    digest = sha256(focus.encode("utf-8", "surrogateescape")).hexdigest()[:10]
    return f"{view}-{slug}-{digest}.html" if slug else f"{view}-{digest}.html"
