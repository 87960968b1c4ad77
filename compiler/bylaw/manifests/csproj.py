"""`*.csproj`: the package references of a .NET project."""

import re
from collections.abc import Iterator

from bylaw.keys.text import Text
from bylaw.manifests import xml
from bylaw.manifests.model import Declared, Manifest, oneline
from bylaw.versions.nuget import parse

_REFERENCE = re.compile(r"\$\(([^)]*)\)")


def read(content: Text, path: str) -> Manifest:  # noqa: ARG001 - every reader's arguments
    """Return what a project file references; `Update` changes a reference and is none."""
    project = xml.parse(content)
    properties = {
        child.name: child.text for group in project.all("PropertyGroup") for child in group.children
    }
    return Manifest(
        tuple(
            _declare(content, element, name.strip(), properties)
            for element in _references(project)
            for name in element.attributes.get("Include", "").split(";")
            if name.strip()
        )
    )


def _references(project: xml.Element) -> Iterator[xml.Element]:
    holders = [project, *project.all("Choose", "When"), *project.all("Choose", "Otherwise")]
    for holder in holders:
        yield from holder.all("ItemGroup", "PackageReference")


def _declare(
    content: Text, element: xml.Element, name: str, properties: dict[str, str]
) -> Declared:
    version: str | None = None
    for known in ("VersionOverride", "Version"):
        version = version or element.attributes.get(known) or element.value(known)
    if version is not None:
        unknown = [part for part in _REFERENCE.findall(version) if part not in properties]
        version = None if unknown else _REFERENCE.sub(lambda m: properties[m[1]], version)
    place = content.place(*element.span)
    range_ = version if version is not None and parse(version) is not None else None
    written = oneline(f"{name} {version}" if version else name)
    return Declared(name, "nuget", range_, written, place)
