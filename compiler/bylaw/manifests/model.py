"""What a manifest says: its dependencies, and what of them cannot be read."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from bylaw.facts.model import Place
from bylaw.versions import Registry


class Section(NamedTuple):
    """A part of a manifest that is installed on demand only: an extra, or a group."""

    sort: Literal["extra", "group"]
    name: str


Pin = Literal["range", "fixed", "open"]
"""Whether a declaration is of one version: as its range says, or however the range reads."""


class Declared(NamedTuple):
    """One declared dependency.

    `name` is the package's own name, whatever alias the manifest gives it. `range` is what
    `bylaw.versions.declared` reads (empty: every version), None where the file does not say.
    `written` is the declaration as a message repeats it. `sections` are those that it stands in,
    by all their names, `taken` those that take these in. `shared` says that the version stands in
    the workspace's own manifest.
    """

    name: str
    registry: Registry
    range: str | None
    written: str
    place: Place | None
    sections: tuple[Section, ...] = ()
    production: bool = True
    pin: Pin = "range"
    shared: bool = False
    taken: tuple[Section, ...] = ()


class Gap(NamedTuple):
    """Something of a manifest that cannot be read, and why.

    It is none where one of `elsewhere`, a manifest that says what is left out, is in the tree.
    """

    reason: str
    place: Place | None
    elsewhere: tuple[str, ...] = ()


class Include(NamedTuple):
    """A file of requirements that a manifest takes in, and into which section."""

    path: str
    place: Place | None
    sections: tuple[Section, ...] = ()


class Manifest(NamedTuple):
    """All that a manifest says.

    `offers` are the versions that a workspace's manifest gives to those of its members which ask
    for them, by the name that the members write.
    """

    declared: tuple[Declared, ...] = ()
    gaps: tuple[Gap, ...] = ()
    includes: tuple[Include, ...] = ()
    offers: Mapping[str, Declared] = {}


def oneline(text: str) -> str:
    """Return text with its white space reduced to single spaces, and not too long."""
    text = " ".join(text.split())
    return text if len(text) <= 120 else text[:119] + "…"
