"""`pom.xml`: the dependencies of a Maven project and of its profiles."""

import re

from bylaw.keys.text import Text
from bylaw.manifests import xml
from bylaw.manifests.model import Declared, Gap, Manifest, Pin, Section, oneline
from bylaw.versions.maven import parse

_REFERENCE = re.compile(r"\$\{([^}]*)\}")
_MOVING = re.compile(r"(?i)(?:latest|release)\Z|.*-SNAPSHOT\Z")


def read(content: Text, path: str) -> Manifest:  # noqa: ARG001 - every reader's arguments
    """Return what a `pom.xml` declares; what it only manages is no declaration."""
    project = xml.parse(content)
    reader = _Reader(content, project)
    reader.dependencies(project, ())
    for profile in project.all("profiles", "profile"):
        name = profile.value("id") or "default"
        reader.dependencies(profile, (Section("group", name),))
    return Manifest(tuple(reader.declared), tuple(reader.gaps))


class _Reader:
    def __init__(self, content: Text, project: xml.Element) -> None:
        self.content = content
        self.declared: list[Declared] = []
        self.gaps: list[Gap] = []
        self.properties = {
            child.name: child.text
            for holder in project.all("properties")
            for child in holder.children
        }
        parent = project.child("parent")
        for name in ("groupId", "artifactId", "version"):
            value = project.value(name) or (parent.value(name) if parent else None)
            if value is not None:
                self.properties.setdefault(f"project.{name}", value)
                self.properties.setdefault(f"pom.{name}", value)
        self.managed: dict[tuple[str, str], str] = {}
        for managed in project.all("dependencyManagement", "dependencies", "dependency"):
            version = self._text(managed, "version")
            key = (self._text(managed, "groupId") or "", self._text(managed, "artifactId") or "")
            if version is not None:
                self.managed.setdefault(key, version)

    def _text(self, element: xml.Element, name: str) -> str | None:
        """Return a child's text with the properties put in; None where one is not known."""
        text = element.value(name)
        for _ in range(5):
            if text is None or "${" not in text:
                return text
            text = self._put_in(text)
        return None

    def _put_in(self, text: str) -> str | None:
        parts: list[str] = []
        end = 0
        for match in _REFERENCE.finditer(text):
            value = self.properties.get(match[1])
            if value is None:
                return None
            parts += [text[end : match.start()], value]
            end = match.end()
        joined = "".join([*parts, text[end:]])
        return joined if parts and len(joined) < 1000 else None

    def dependencies(self, holder: xml.Element, sections: tuple[Section, ...]) -> None:
        """Read the dependencies of a project or a profile."""
        for element in holder.all("dependencies", "dependency"):
            place = self.content.place(*element.span)
            group, artifact = self._text(element, "groupId"), self._text(element, "artifactId")
            if not group or not artifact:
                self.gaps.append(Gap("a dependency's name is no literal", place))
                continue
            version = self._text(element, "version")
            if element.child("version") is None:
                version = self.managed.get((group, artifact))
            scope = self._text(element, "scope") or "compile"
            own = sections
            if scope == "test":
                own = (*own, Section("group", "test"))
            if element.value("optional") == "true":
                own = (*own, Section("group", "optional"))
            name = f"{group}:{artifact}"
            moving = version is not None and _MOVING.match(version) is not None
            known = version if version and not moving and parse(version) is not None else None
            pin: Pin = "open" if moving else "range"
            written = oneline(f"{name}:{version}" if version else name)
            self.declared.append(Declared(name, "maven", known, written, place, own, not own, pin))
