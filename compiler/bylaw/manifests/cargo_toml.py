"""`Cargo.toml`: dependencies, those of targets, and what a workspace shares."""

from bylaw.keys import toml
from bylaw.keys.model import Document, Entry, Node, Table
from bylaw.keys.tables import at, entries, items, place, text, truth
from bylaw.keys.text import Text
from bylaw.manifests.model import Declared, Gap, Manifest, Pin, Section, oneline
from bylaw.manifests.pep508 import reference_pin

_GROUPS = {
    "dependencies": (),
    "dev-dependencies": (Section("group", "dev"), Section("group", "dev-dependencies")),
    "dev_dependencies": (Section("group", "dev"), Section("group", "dev-dependencies")),
    "build-dependencies": (Section("group", "build"), Section("group", "build-dependencies")),
    "build_dependencies": (Section("group", "build"), Section("group", "build-dependencies")),
}


def read(content: Text, path: str) -> Manifest:  # noqa: ARG001 - every reader's arguments
    """Return what a `Cargo.toml` declares, and what its workspace offers."""
    document = toml.read(content)[0]
    root = document.root
    features = _features(at(root, "features"))
    declared: list[Declared] = []
    gaps: list[Gap] = []
    scopes = [root, *(entry.value for entry in entries(at(root, "target")))]
    for scope in scopes:
        for name, sections in _GROUPS.items():
            for entry in entries(at(scope, name)):
                found = _declare(document, entry, sections, features)
                (gaps if isinstance(found, Gap) else declared).append(found)  # type: ignore[arg-type]
    offers = {}
    for entry in entries(at(root, "workspace", "dependencies")):
        found = _declare(document, entry, (), {})
        if isinstance(found, Declared):
            offers[entry.key] = found
    return Manifest(tuple(declared), tuple(gaps), offers=offers)


def _features(node: Node | None) -> dict[str, tuple[Section, ...]]:
    """Return the features that switch on each optional dependency."""
    found: dict[str, list[Section]] = {}
    for entry in entries(node):
        for item in items(entry.value):
            name = (text(item) or "").removeprefix("dep:").partition("/")[0].rstrip("?")
            found.setdefault(name, []).append(Section("extra", entry.key))
    return {name: tuple(sections) for name, sections in found.items()}


def _declare(
    document: Document,
    entry: Entry,
    sections: tuple[Section, ...],
    features: dict[str, tuple[Section, ...]],
) -> Declared | Gap:
    where = place(document, entry)
    value = entry.value
    if not isinstance(value, Table):
        version = text(value)
        if version is None:
            return Gap(f"`{entry.key}` is declared in no known way", where)
        written = oneline(f"{entry.key} {version}")
        return Declared(entry.key, "crates", version, written, where, sections, not sections)
    name = text(at(value, "package")) or entry.key
    shared = truth(at(value, "workspace"))
    if truth(at(value, "optional")):
        sections = (*sections, *features.get(entry.key, ()), Section("extra", entry.key))
    version = text(at(value, "version"))
    # The name that a workspace offers it by.
    written = entry.key if shared else oneline(f"{name} {version}" if version else name)
    range_, pin = _sources(value, version)
    return Declared(
        name,
        "crates",
        None if shared else range_,
        written,
        where,
        sections,
        not sections,
        pin,
        shared,
    )


def _sources(value: Table, version: str | None) -> tuple[str | None, Pin]:
    """Return the range that a table admits, and whether its sources are of one version."""
    if text(at(value, "git")) is not None:
        named = text(at(value, "rev")) or text(at(value, "tag"))
        return version, "fixed" if named else reference_pin(text(at(value, "branch")) or "")
    if text(at(value, "path")) is not None:
        return version, "fixed"
    return version or "*", "range"
