"""`package.json`: the dependency tables of npm and its kin."""

import re

from bylaw.keys import json
from bylaw.keys.model import Document, Entry, Table
from bylaw.keys.tables import at, entries, items, place, text
from bylaw.keys.text import Text
from bylaw.manifests.model import Declared, Gap, Manifest, Pin, Section, oneline
from bylaw.manifests.pep508 import reference_pin
from bylaw.versions.npm import parse

_TABLES: dict[str, tuple[tuple[Section, ...], bool]] = {
    "dependencies": ((), True),
    "devDependencies": ((Section("group", "dev"), Section("group", "devDependencies")), False),
    "peerDependencies": ((Section("group", "peer"), Section("group", "peerDependencies")), True),
    "optionalDependencies": (
        (Section("group", "optional"), Section("group", "optionalDependencies")),
        False,
    ),
}
_LOCAL = re.compile(r"(?:file|link|portal):|\.{0,2}/|~/")
_WORKSPACE = re.compile(r"workspace:(?:[^@]+@(?=[^/]))?(?P<range>.*)\Z")
_ALIAS = re.compile(r"npm:(?P<name>@?[^@]+)(?:@(?P<range>.*))?\Z")
_SOURCES = re.compile(
    r"git[+:@]|git\+ssh:|(?:github|gitlab|bitbucket|gist):|ssh://|[\w.-]+/[\w.-]+(?:#|\Z)"
    r"|https?://[^#]*\.git(?:#|\Z)"
)


def read(content: Text, path: str) -> Manifest:  # noqa: ARG001 - every reader's arguments
    """Return what a `package.json` declares."""
    document = json.read(content)[0]
    declared: list[Declared] = []
    gaps: list[Gap] = []
    for entry in entries(document.root):
        if entry.key not in _TABLES:
            continue
        sections, production = _TABLES[entry.key]
        if not isinstance(entry.value, Table):
            gaps.append(Gap(f"its `{entry.key}` are no table", place(document, entry)))
        for below in entries(entry.value):
            found = _declare(document, below, sections, production)
            if isinstance(found, Gap):
                gaps.append(found)
            else:
                declared.append(found)
    names = {one.name for one in declared}
    bundled = at(document.root, "bundleDependencies") or at(document.root, "bundledDependencies")
    for item in items(bundled):
        name = text(item)
        if name is not None and name not in names:
            declared.append(Declared(name, "npm", None, name, place(document, item)))
    return Manifest(tuple(declared), tuple(gaps))


def _declare(
    document: Document, entry: Entry, sections: tuple[Section, ...], production: bool
) -> Declared | Gap:
    where = place(document, entry)
    value = text(entry.value)
    if value is None:
        return Gap(f"`{entry.key}` is declared in no known way", where)
    name, version = entry.key, value.strip()
    alias = _ALIAS.match(version)
    workspace = _WORKSPACE.match(version)
    if alias is not None:
        name, version = alias["name"], alias["range"] or "*"
    known: str | None = version
    kind: Pin = "range"
    if workspace is not None:
        bare = workspace["range"]
        known, kind = (None if bare in {"*", "^", "~", ""} else bare), "fixed"
    elif _LOCAL.match(version):
        known, kind = None, "fixed"
    elif _SOURCES.match(version):
        known, kind = None, reference_pin(version.partition("#")[2])
    elif "://" in version:
        known, kind = None, "fixed"
    elif version.startswith("catalog:"):
        # The version stands in the catalog of pnpm's workspace.
        known = None
    elif parse(version) is None:
        # A tag, such as `latest`.
        known, kind = None, "open"
    written = oneline(f"{name}@{version}")
    return Declared(name, "npm", known, written, where, sections, production, kind)
