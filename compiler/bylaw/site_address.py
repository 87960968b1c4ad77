"""Where the static site has the page of a decision and of a constraint.

One function each, for who writes the site and for who links to it. An address follows from the id
alone, so that it stays while other decisions come and go, and two ids never share one: not on a
file system that takes capitals for small letters, and not on one that writes accents its own way.
"""

import re
import string
from hashlib import sha256
from urllib.parse import quote

_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?", re.ASCII)
_NOT_PLAIN = re.compile(r"[^a-z0-9_-]+")
_LONGEST = 80
"""Characters of a name: two of them, a folder and a file, leave room for where the site lies."""

_DIGITS = string.digits + string.ascii_lowercase
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))]
)
"""Names that Windows gives to no file, whatever their ending."""


def file_stem(identity: str) -> str:
    """Return the name of a file for an id, without an ending: small ASCII letters, and a tail.

    The tail, behind a `~`, tells which letters are capitals, or else is a digest of the id.
    """
    lowered = identity.lower()
    plain = _PLAIN.fullmatch(identity) is not None and len(identity) <= _LONGEST - 20
    if not plain or lowered.partition(".")[0] in _DEVICES:
        head = _NOT_PLAIN.sub("-", lowered.replace("~", "-")).strip("-._")[: _LONGEST - 20]
        digest = sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{head.rstrip('-._')}~~{digest[:16]}"
    capitals = sum(1 << n for n, char in enumerate(identity) if char != lowered[n])
    return f"{lowered}~{_in_letters(capitals)}" if capitals else lowered


def _in_letters(number: int) -> str:
    """Return a number to the base 36."""
    found = ""
    while number:
        number, digit = divmod(number, 36)
        found = _DIGITS[digit] + found
    return found


def decision_page(decision: str) -> str:
    """Return the path of a decision's page below the site, by its id."""
    return f"decisions/{file_stem(decision)}.html"


def constraint_page(full_id: str) -> str:
    """Return the path of a constraint's page below the site, by its full id."""
    decision, _, identity = full_id.rpartition("/")
    return f"constraints/{file_stem(decision)}/{file_stem(identity)}.html"


def constraint_url(site: str, full_id: str) -> str | None:
    """Return the address of a constraint's page on a site, None where there is no site."""
    return f"{site}/{quote(constraint_page(full_id), safe='/~')}" if site else None
