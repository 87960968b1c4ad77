"""Requirements of Python packages (PEP 508), and what a reference to sources is fixed to."""

import re

from packaging.requirements import InvalidRequirement, Requirement

from bylaw.facts.model import Place
from bylaw.manifests.model import Declared, Gap, Pin, Section, oneline
from bylaw.versions.pep440 import from_poetry, parse

_COMMIT = re.compile(r"[0-9a-f]{7,64}\Z")
_TAG = re.compile(r"[A-Za-z_-]*[0-9]+(?:[._][0-9]+)+[\w.+-]*\Z")
_SOURCES = re.compile(r"(?:git|hg|svn|bzr)\+|git:|git@|ssh://git@")
_ARCHIVE = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[\w.-]*?[A-Za-z0-9])?)-[0-9][^/]*\.(?:whl|tar\.gz|tar\.bz2|zip)\Z"
)
_NAMED = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\]\s*)?(?=[<>=!~;(@]|\Z)"
)
LONGEST = 5000


def declare(
    text: str, place: Place | None, sections: tuple[Section, ...], production: bool
) -> Declared | Gap:
    """Read one requirement."""
    if len(text) > LONGEST:
        return Gap("a requirement is longer than any that a person writes", place)
    try:
        found = Requirement(text)
    except (InvalidRequirement, RecursionError):
        named = _NAMED.match(text)
        if named is None:
            return Gap(f"`{oneline(text)}` is no requirement that can be read", place)
        # What it is can be told, as in `pytz>=2004d`; which versions it admits cannot.
        name, written = named["name"], oneline(text.partition(";")[0])
        return Declared(name, "pypi", None, written, place, sections, production)
    written = oneline(
        text.partition(";")[0] if found.url is None else f"{found.name} @ {found.url}"
    )
    pin: Pin = "range" if found.url is None else url_pin(found.url)
    return Declared(
        found.name,
        "pypi",
        str(found.specifier) if found.url is None else None,
        oneline(written),
        place,
        sections,
        production,
        pin,
    )


def extras_of(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Return a requirement's name and the extras that it asks for."""
    try:
        found = Requirement(text) if len(text) <= LONGEST else None
    except (InvalidRequirement, RecursionError):
        return None
    return (found.name, tuple(sorted(found.extras))) if found else None


def url_pin(url: str) -> Pin:
    """Tell whether an address is one version: an archive, a path, or a commit or tag."""
    bare = url.partition("#")[0]
    if not _SOURCES.match(bare):
        return "fixed"
    path, _, reference = bare.rpartition("@")
    return reference_pin(reference if "/" in path.partition("://")[2] or ":" in path else "")


def reference_pin(reference: str) -> Pin:
    """Tell whether a reference in a repository is one version: a commit, or a version's tag."""
    return "fixed" if _COMMIT.match(reference) or _TAG.match(reference) else "open"


def name_of_archive(url: str) -> str | None:
    """Return the package that the file name in an address names."""
    match = _ARCHIVE.match(url.partition("#")[0].rpartition("/")[2])
    return match["name"] if match else None


def poetry_range(text: str) -> str | None:
    """Return a constraint of Poetry's as PEP 440 has it; None where it is none."""
    converted = from_poetry(text)
    return converted if parse(converted) is not None else None
