"""Files of requirements, as pip reads them."""

import re
from collections.abc import Iterator
from posixpath import dirname, join, normpath

from bylaw.facts.model import Place
from bylaw.keys.text import Text
from bylaw.manifests import pep508
from bylaw.manifests.model import Declared, Gap, Include, Manifest, Section, oneline
from bylaw.manifests.names import package
from bylaw.manifests.pep508 import LONGEST

_PRODUCTION = frozenset({"base", "prod", "production"})
_WRITTEN = re.compile(
    r"generated\b.{0,40}\bby\b"
    r"|(?:compiled|created|exported|locked|made|produced|resolved|written)\s+by"
    r"\s+(?:pip-compile|uv|pdm|poetry|pipenv)\b",
    re.IGNORECASE,
)
_LONE_RETURN = re.compile(r"\r(?!\n)")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_INCLUDE = re.compile(r"(?:-r\s*|--requirement(?:\s+|=))(?P<path>\S.*)")
_EDITABLE = re.compile(r"(?:-e\s*|--editable(?:\s+|=))(?P<what>\S.*)")
_OPTIONS = re.compile(r"\s+--?[a-z][\w-]*(?:[=\s]|\Z)")
_EGG = re.compile(r"[#&]egg=(?P<name>[A-Za-z0-9][\w.-]*)")
_DIRECT = re.compile(r"[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\]\s*)?@")


def read(content: Text, path: str) -> Manifest:
    """Return what a file of requirements declares; nothing where a resolver wrote it."""
    if is_resolved(content.content):
        return Manifest()
    reader = _Reader(content, path)
    for line, start in logical_lines(content.content):
        reader.line(line, start)
    return Manifest(tuple(reader.declared), tuple(reader.gaps), tuple(reader.includes))


def is_resolved(content: str) -> bool:
    """Tell whether a file's first comments say that a tool has written it."""
    for line in content.split("\n", 60)[:60]:
        bare = line.strip()
        if bare and not bare.startswith(("#", "-")):
            return False
        if bare.startswith("#") and _WRITTEN.search(bare[:300]):
            return True
    return False


def logical_lines(content: str) -> Iterator[tuple[str, int]]:
    """Yield lines without comments, continued ones joined, each with its first position."""
    parts: list[str] = []
    start = position = 0
    # A return alone ends a line, too.
    for raw in _LONE_RETURN.sub("\n", content).split("\n"):
        line = raw.removesuffix("\r")
        if not parts:
            start = position
        position += len(raw) + 1
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            parts.append(line[:-1])
            continue
        parts.append(line)
        joined = _COMMENT.sub("", "".join(parts))
        parts = []
        bare = joined.strip()
        if bare:
            yield bare, start + len(joined) - len(joined.lstrip())
    bare = "".join(parts).strip()
    if bare:
        yield bare, start


class _Reader:
    def __init__(self, content: Text, path: str) -> None:
        self.content = content
        self.folder = dirname(path)
        self.declared: list[Declared] = []
        self.gaps: list[Gap] = []
        self.includes: list[Include] = []
        self.sections = sections_of(path)

    def line(self, line: str, start: int) -> None:
        """Read one requirement or option."""
        place = self.content.place(start, start + len(line))
        if place.end_line == place.line:
            place = place._replace(end_column=min(place.end_column, place.column + len(line)))
        if len(line) > LONGEST:
            self.gaps.append(Gap("a line is longer than any that a person writes", place))
            return
        include = _INCLUDE.match(line)
        if include is not None:
            name = include["path"].strip().strip("'\"")
            path = normpath(join(self.folder, name))
            self.includes.append(Include(path, place, self.sections))
            return
        editable = _EDITABLE.match(line)
        if editable is not None:
            line = editable["what"]
        elif line.startswith("-"):
            return
        options = _OPTIONS.search(line)
        bare = line[: options.start()] if options else line
        is_address = "://" in bare or editable is not None or bare.startswith((".", "/"))
        is_address |= bare.endswith((".whl", ".tar.gz", ".zip"))
        if is_address and not _DIRECT.match(bare):
            egg = _EGG.search(bare)
            self._address(bare, egg["name"] if egg else pep508.name_of_archive(bare), place)
        else:
            found = pep508.declare(bare, place, self.sections, not self.sections)
            if isinstance(found, Gap):
                self.gaps.append(found)
            else:
                self.declared.append(found)

    def _address(self, address: str, name: str | None, where: Place) -> None:
        if name is None and "://" not in address:
            # The repository's own code.
            return
        if name is None:
            self.gaps.append(Gap(f"`{oneline(address)}` does not say what it is", where))
            return
        pin = pep508.url_pin(address)
        self.declared.append(
            Declared(
                name, "pypi", None, oneline(address), where, self.sections, not self.sections, pin
            )
        )


def sections_of(path: str) -> tuple[Section, ...]:
    """Return the group that a file of requirements is; none where it is for production."""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0]
    if stem == "requirements":
        return ()
    if folder.rpartition("/")[2] == "requirements" and stem in _PRODUCTION:
        return ()
    short = re.sub(r"\Arequirements[-_.]*", "", stem)
    names = dict.fromkeys([package(stem), package(short or stem)])
    return tuple(Section("group", known) for known in names)
