"""What one import imports: a name in full, and the repository's own files behind it."""

from typing import NamedTuple

from bylaw.facts.model import Import

LONGEST = 4096
"""A longer name is that of no file, and is not looked for."""


class Imported(NamedTuple):
    """What a file imports by one import.

    `name` is what the language counts, in full: `shop.db.connect` for `from ..db import connect`;
    in TypeScript and JavaScript the specifier, in Go the path. `shown` is what a report says: the
    name, or the file behind a relative specifier. `own` says that it is the repository's: then
    `paths` are its files (several for a package of Go), or, where `exists` is false, those that it
    would be. `standard` says that it comes with the language. `unknown` is why nobody can tell
    which of all that it is.
    """

    source: Import
    name: str
    shown: str
    separator: str = "."
    paths: tuple[str, ...] = ()
    exists: bool = False
    own: bool = False
    standard: bool = False
    unknown: str | None = None
